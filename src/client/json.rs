//! Plain values of JavaScript as typed ones.

use js_sys::JSON;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use crate::error::{Error, ErrorKind};
use crate::event::json::parse;

/// Reads a value by way of its JSON: that is one crossing whatever the value holds, and has a limit to how deep values may
/// be nested, where reading them member by member would exhaust the stack.
///
/// # Errors
///
/// [`ErrorKind::Decode`] if it is no `T`.
pub(super) fn read<T: DeserializeOwned>(value: &JsValue) -> Result<T, Error> {
    let unreadable = |why: &str| {
        let message = ["what the server sent cannot be read: ", why];
        Error::new(ErrorKind::Decode, message.concat())
    };
    let json = JSON::stringify(value).map_err(|_| unreadable("it is nested too deeply"))?;
    // `undefined` has no JSON
    let json = json.as_string().unwrap_or_else(|| "null".to_owned());
    serde_json::from_value(parse(&json, ErrorKind::Decode, "what the server sent")?)
        .map_err(|error| unreadable(&error.to_string()))
}
