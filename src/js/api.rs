//! `connect`, `query`, `stream`: convert in, call, convert out.

#![expect(unreachable_pub, reason = "wasm-bindgen exports public functions only")]

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

use crate::browser::{connect, query};

thread_local! {
    static QUERY_ON: Closure<dyn FnMut(JsValue, JsValue, JsValue) -> Promise> =
        Closure::new(|socket: JsValue, data, options| query::query_on(socket.unchecked_into(), &data, &options));
}

#[wasm_bindgen(js_name = connect)]
pub fn connect_socket(url: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    let query_on: Function = QUERY_ON.with(|query| query.as_ref().clone().unchecked_into());
    let socket = connect::connect(url, options, &query_on)?;
    Ok(socket.into())
}

#[wasm_bindgen(js_name = query)]
pub fn query_data(data: &JsValue, options: &JsValue) -> Promise {
    query::query(data, options)
}

#[wasm_bindgen(js_name = stream)]
pub fn stream_data(data: &JsValue, options: &JsValue) -> JsValue {
    query::stream(data, options).into()
}
