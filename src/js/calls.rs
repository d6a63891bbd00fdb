//! The calls that a chat page makes besides predictions: convert the arguments, call, convert the result.

#![expect(unreachable_pub, reason = "wasm-bindgen exports public functions only")]

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use crate::browser::{calls, error_to_js};
use crate::error::Error;
use crate::run::Call;

#[wasm_bindgen(js_name = isStreaming)]
pub fn is_streaming(options: &JsValue) -> Promise {
    calls::call(options, Call::IsStreaming, &JsValue::UNDEFINED)
}

#[wasm_bindgen(js_name = chatbotConfig)]
pub fn chatbot_config(options: &JsValue) -> Promise {
    calls::call(options, Call::ChatbotConfig, &JsValue::UNDEFINED)
}

#[wasm_bindgen]
pub fn abort(options: &JsValue, chat_id: &str) -> Promise {
    calls::abort(options, chat_id)
}

#[wasm_bindgen]
pub fn feedback(options: &JsValue, feedback: &JsValue) -> Promise {
    let id = calls::text(feedback, "id");
    calls::call(options, Call::Feedback { id }, feedback)
}

#[wasm_bindgen]
pub fn lead(options: &JsValue, lead: &JsValue) -> Promise {
    calls::call(options, Call::Lead, lead)
}

#[wasm_bindgen]
pub fn attach(options: &JsValue, chat_id: String, form: &JsValue) -> Promise {
    calls::call(options, Call::Attach { chat_id }, form)
}

#[wasm_bindgen]
pub fn speech(options: &JsValue, how: &JsValue) -> Promise {
    calls::call(options, Call::Speech, how)
}

/// The error for the text of an `error` event.
#[wasm_bindgen(js_name = serverError)]
pub fn server_error(text: &str) -> JsValue {
    error_to_js(&Error::from_event(text))
}
