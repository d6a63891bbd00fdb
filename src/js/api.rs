//! `connect`, `query`, `stream`: convert the arguments, call, convert the result.

#![expect(unreachable_pub, reason = "wasm-bindgen exports public functions only")]

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use crate::browser::{connect, question};

#[wasm_bindgen(js_name = connect)]
pub fn connect_socket(url: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    let socket = connect::connect(url, options)?;
    Ok(socket.into())
}

#[wasm_bindgen(js_name = query)]
pub fn query_data(data: &JsValue, options: &JsValue) -> Promise {
    question::query(data, options)
}

/// `query` of a `Flowise`, to its own server.
#[wasm_bindgen(js_name = queryOwn)]
pub fn query_own(data: &JsValue, options: &JsValue) -> Promise {
    question::query_own(data, options)
}

#[wasm_bindgen(js_name = stream)]
pub fn stream_data(data: &JsValue, options: &JsValue) -> JsValue {
    question::stream(data, options)
}

#[wasm_bindgen(js_name = fromResponse)]
pub fn from_response(response: &JsValue, options: &JsValue) -> JsValue {
    question::from_response(response, options)
}
