//! The parts of socket.io-client that our transport and parser are built on, checked against the list in `internals.js`.

use wasm_bindgen::prelude::*;

use super::bindings::member;

/// One of the parts; `undefined` if [`check`] fails.
#[derive(Debug)]
pub(crate) struct Part(&'static str);

pub(crate) const TRANSPORT: Part = Part("Transport");
/// The transports by their names, as they are for where this runs: a page, or Node.
pub(crate) const TRANSPORTS: Part = Part("transports");
pub(crate) const ENCODER: Part = Part("Encoder");
pub(crate) const DECODER: Part = Part("Decoder");

impl Part {
    pub(crate) fn with<T>(&self, f: impl FnOnce(&JsValue) -> T) -> T {
        PARTS.with(|parts| match parts {
            Ok(parts) => f(&member(parts, self.0)),
            Err(_) => f(&JsValue::UNDEFINED),
        })
    }
}

thread_local! {
    static PARTS: Result<JsValue, JsValue> = find();
}

/// Whether socket.io-client has what is used of it besides its documented API; it is asked once.
///
/// # Errors
///
/// An `Error` that names what is missing, and the release to install.
pub(crate) fn check() -> Result<(), JsValue> {
    PARTS.with(|parts| parts.as_ref().map(drop).map_err(JsValue::clone))
}

#[cfg_attr(bundled, wasm_bindgen(module = "/src/vendor/socket.io.js"))]
#[cfg_attr(not(bundled), wasm_bindgen(module = "socket.io-client"))]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = Manager)]
    static MANAGER: JsValue;
}

#[wasm_bindgen(module = "/src/socket_io/internals.js")]
extern "C" {
    #[cfg(feature = "js")]
    #[wasm_bindgen(catch, js_name = checkParts)]
    fn checked(manager: &JsValue, parts: &JsValue) -> Result<JsValue, JsValue>;
    #[cfg(not(feature = "js"))]
    #[wasm_bindgen(catch, js_name = derivedParts)]
    fn derived(
        manager: &JsValue,
        polling: &JsValue,
        web_socket: &JsValue,
        web_transport: &JsValue,
    ) -> Result<JsValue, JsValue>;
}

/// The npm package imports them by name: what CommonJS gets of socket.io-client has no transports.
#[cfg(feature = "js")]
fn find() -> Result<JsValue, JsValue> {
    let parts = js_sys::Object::new();
    let set = |name, value: &JsValue| super::bindings::set(&parts, name, value);
    npm::TRANSPORT.with(|transport| set("Transport", transport));
    npm::TRANSPORTS.with(|transports| set("transports", transports));
    npm::ENCODER.with(|encoder| set("Encoder", encoder));
    npm::DECODER.with(|decoder| set("Decoder", decoder));
    MANAGER.with(|manager| checked(manager, &parts))
}

#[cfg(feature = "js")]
mod npm {
    use super::*;

    #[cfg_attr(bundled, wasm_bindgen(module = "/src/vendor/socket.io.js"))]
    #[cfg_attr(not(bundled), wasm_bindgen(module = "engine.io-client"))]
    extern "C" {
        #[wasm_bindgen(thread_local_v2, js_name = Transport)]
        pub(super) static TRANSPORT: JsValue;
        #[wasm_bindgen(thread_local_v2, js_name = transports)]
        pub(super) static TRANSPORTS: JsValue;
    }

    #[cfg_attr(bundled, wasm_bindgen(module = "/src/vendor/socket.io.js"))]
    #[cfg_attr(not(bundled), wasm_bindgen(module = "socket.io-parser"))]
    extern "C" {
        #[wasm_bindgen(thread_local_v2, js_name = Encoder)]
        pub(super) static ENCODER: JsValue;
        #[wasm_bindgen(thread_local_v2, js_name = Decoder)]
        pub(super) static DECODER: JsValue;
    }
}

/// A Rust front end finds all in socket.io-client, so that its page has one module to load.
#[cfg(not(feature = "js"))]
fn find() -> Result<JsValue, JsValue> {
    MANAGER.with(|manager| {
        POLLING.with(|polling| {
            WEB_SOCKET.with(|web_socket| {
                WEB_TRANSPORT
                    .with(|web_transport| derived(manager, polling, web_socket, web_transport))
            })
        })
    })
}

#[cfg(not(feature = "js"))]
#[cfg_attr(bundled, wasm_bindgen(module = "/src/vendor/socket.io.js"))]
#[cfg_attr(not(bundled), wasm_bindgen(module = "socket.io-client"))]
extern "C" {
    // Those for Node, which bundlers for pages replace by those for pages.
    #[wasm_bindgen(thread_local_v2, js_name = NodeXHR)]
    static POLLING: JsValue;
    #[wasm_bindgen(thread_local_v2, js_name = NodeWebSocket)]
    static WEB_SOCKET: JsValue;
    #[wasm_bindgen(thread_local_v2, js_name = WebTransport)]
    static WEB_TRANSPORT: JsValue;
}
