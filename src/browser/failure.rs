//! Errors as the page gets them.
//!
//! Inside the browser layer an error is a JavaScript value: a `FlowiseError` once it is known what went wrong, anything
//! that `fetch` threw before. A value of one word passes through the many waits at no cost.

use wasm_bindgen::JsValue;

use super::bindings::{FlowiseError, member};
use crate::error::{Error, ErrorKind};

/// A `FlowiseError`.
pub(crate) fn fail(kind: ErrorKind, message: &str) -> JsValue {
    fail_because(kind, message, &JsValue::UNDEFINED)
}

/// A `FlowiseError` with what caused it.
pub(crate) fn fail_because(kind: ErrorKind, message: &str, cause: &JsValue) -> JsValue {
    FlowiseError::new(message, kind.code(), &JsValue::UNDEFINED, cause).into()
}

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let status = error.status().map_or(Self::UNDEFINED, Self::from);
        FlowiseError::new(
            &error.for_page(),
            error.kind().code(),
            &status,
            &Self::UNDEFINED,
        )
        .into()
    }
}

/// Whether it is known what went wrong.
pub(crate) fn is_known(error: &JsValue) -> bool {
    member(error, "name") == "FlowiseError"
}

pub(crate) fn is_kind(error: &JsValue, kind: ErrorKind) -> bool {
    is_known(error) && member(error, "code") == kind.code()
}
