//! The browser layer's errors as the Rust API's.

use wasm_bindgen::JsValue;

use crate::browser::bindings::member;
use crate::browser::failure::is_known;
use crate::error::{Error, ErrorKind};
use crate::thrown::Thrown;

/// Reads a `FlowiseError`; whatever else was thrown broke the connection.
pub(super) fn from_js(thrown: &JsValue) -> Error {
    if !is_known(thrown) {
        return Error::new(ErrorKind::Interrupted, "the connection broke")
            .with_source(read(thrown));
    }
    let text = |key| member(thrown, key).as_string().unwrap_or_default();
    let status = member(thrown, "status")
        .as_f64()
        .map(|status| status as u16);
    let error = Error::with_code(&text("code"), text("message")).with_status(status);
    match member(thrown, "cause") {
        cause if cause.is_undefined() => error,
        cause => error.with_source(read(&cause)),
    }
}

fn read(thrown: &JsValue) -> Thrown {
    let text = |key| member(thrown, key).as_string();
    Thrown::new(text("name"), text("message").or_else(|| thrown.as_string()))
}
