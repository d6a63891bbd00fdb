//! The browser layer's errors as the Rust API's.

use wasm_bindgen::JsValue;

use crate::browser::bindings::member;
use crate::error::{Error, ErrorKind};

/// Reads a `FlowiseError`; whatever else was thrown broke the connection.
pub(super) fn from_js(thrown: &JsValue) -> Error {
    let text = |key| member(thrown, key).as_string().unwrap_or_default();
    let kind = ErrorKind::from_code(&text("code")).unwrap_or(ErrorKind::Interrupted);
    let status = member(thrown, "status")
        .as_f64()
        .map(|status| status as u16);
    Error::new(kind, text("message")).with_status(status)
}
