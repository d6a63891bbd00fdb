//! Converts options for the machine.

use wasm_bindgen::JsValue;

use super::bindings::{absolute, is_signal, member, page_origin};
use super::driver::{config, error_to_js};
use crate::endpoint::Endpoint;
use crate::run::{Limits, Target, Transport};

/// The server and chatflow that the options name.
///
/// # Errors
///
/// A `FlowiseError` if the URL is not that of a server.
pub(super) fn target(options: &JsValue) -> Result<Target, JsValue> {
    let url = absolute(&member(options, "url"))?;
    let endpoint = Endpoint::parse(&url).map_err(|error| error_to_js(&error))?;
    let chatflow = member(options, "chatflowId").as_string();
    let key = member(options, "apiKey");
    let mut target = Target::new(endpoint, chatflow.as_deref(), key.is_truthy());
    if let Some(origin) = page_origin() {
        target.page = origin;
    }
    Ok(target)
}

/// The time limits.
pub(super) fn limits(options: &JsValue) -> Limits {
    let timeouts = member(options, "timeouts");
    let limit = |name| member(&timeouts, name).as_f64();
    let total = member(options, "timeout").as_f64();
    Limits::from_options(
        limit("connect"),
        limit("firstByte"),
        limit("idle"),
        total.or_else(|| limit("total")),
    )
}

/// The allowed transports.
pub(super) fn transport(options: &JsValue) -> Result<Transport, JsValue> {
    let given = member(options, "transport");
    let name = if given.is_undefined() {
        None
    } else {
        // a value that is not a string is not a valid name
        Some(given.as_string().unwrap_or_default())
    };
    Transport::from_name(name.as_deref()).map_err(|error| error_to_js(&error))
}

/// Rejects a value that cannot stop a call. `null` means no signal.
pub(super) fn check_signal(options: &JsValue) -> Result<(), JsValue> {
    let signal = member(options, "signal");
    if signal.is_undefined() || signal.is_null() || is_signal(&signal).unwrap_or(false) {
        return Ok(());
    }
    Err(config("`signal` must be an AbortSignal"))
}
