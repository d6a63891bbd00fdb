//! What a chat page needs besides answers: convert in, call, convert out.

#![expect(unreachable_pub, reason = "wasm-bindgen exports public functions only")]

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use crate::browser::calls;
use crate::error::Error;

#[wasm_bindgen(js_name = isStreaming)]
pub fn is_streaming(options: &JsValue) -> Promise {
    calls::is_streaming(options)
}

#[wasm_bindgen(js_name = chatbotConfig)]
pub fn chatbot_config(options: &JsValue) -> Promise {
    calls::chatbot_config(options)
}

#[wasm_bindgen]
pub fn abort(options: &JsValue, chat_id: &str) -> Promise {
    calls::abort(options, chat_id)
}

#[wasm_bindgen]
pub fn feedback(options: &JsValue, feedback: &JsValue) -> Promise {
    calls::feedback(options, feedback)
}

#[wasm_bindgen]
pub fn lead(options: &JsValue, lead: &JsValue) -> Promise {
    calls::lead(options, lead)
}

#[wasm_bindgen]
pub fn attach(options: &JsValue, chat_id: &str, form: &JsValue) -> Promise {
    calls::attach(options, chat_id, form)
}

#[wasm_bindgen]
pub fn speech(options: &JsValue, how: &JsValue) -> Promise {
    calls::speech(options, how)
}

/// The failure behind the text of an `error` event.
#[wasm_bindgen(js_name = serverError)]
pub fn server_error(text: &str) -> JsValue {
    Error::from_event(text).into()
}
