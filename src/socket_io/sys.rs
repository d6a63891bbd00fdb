//! What socket.io-client has besides what [`bindings`](crate::browser::bindings) name.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;

use crate::browser::bindings::member;
pub(super) use crate::browser::bindings::{Manager, Socket};
pub(super) use crate::browser::listener::Emitter;

#[cfg_attr(
    feature = "vendored",
    wasm_bindgen(module = "/src/vendor/socket.io.js")
)]
#[cfg_attr(not(feature = "vendored"), wasm_bindgen(module = "socket.io-client"))]
extern "C" {
    /// It throws for options that make no sense.
    #[wasm_bindgen(catch, js_name = io)]
    pub(super) fn try_io(url: &str, options: &JsValue) -> Result<Socket, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(method)]
    pub(super) fn once(this: &Emitter, event: &str, listener: &Function);

    #[wasm_bindgen(method, getter)]
    pub(super) fn nsp(this: &Socket) -> String;
    #[wasm_bindgen(method, setter)]
    pub(super) fn set_auth(this: &Socket, auth: &JsValue);
    #[wasm_bindgen(method, getter)]
    pub(super) fn recovered(this: &Socket) -> Option<bool>;
    #[wasm_bindgen(method, getter)]
    pub(super) fn volatile(this: &Socket) -> Socket;
    #[wasm_bindgen(method)]
    pub(super) fn timeout(this: &Socket, ms: f64) -> Socket;
    #[wasm_bindgen(method, catch, variadic)]
    pub(super) fn emit(this: &Socket, event: &str, args: &Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, variadic, js_name = emitWithAck)]
    pub(super) fn emit_with_ack(this: &Socket, event: &str, args: &Array) -> Promise;
    #[wasm_bindgen(method, js_name = onAnyOutgoing)]
    pub(super) fn on_any_outgoing(this: &Socket, listener: &Function);
    #[wasm_bindgen(method, js_name = offAnyOutgoing)]
    pub(super) fn off_any_outgoing(this: &Socket, listener: &Function);

    #[wasm_bindgen(method, catch)]
    pub(super) fn socket(
        this: &Manager,
        namespace: &str,
        options: &JsValue,
    ) -> Result<Socket, JsValue>;
    /// `undefined` before the first connection.
    #[wasm_bindgen(method, getter, js_name = engine)]
    pub(super) fn engine_if_any(this: &Manager) -> JsValue;
    #[wasm_bindgen(method)]
    pub(super) fn reconnection(this: &Manager, on: bool);
    #[wasm_bindgen(method, js_name = reconnection)]
    fn reconnects(this: &Manager) -> bool;
    #[wasm_bindgen(method, js_name = reconnectionAttempts)]
    fn most_attempts(this: &Manager) -> f64;

    // Nothing public says these things; the classes ask each other the same way.
    /// The sockets by their namespaces.
    #[wasm_bindgen(method, getter, js_name = nsps)]
    pub(super) fn namespaces(this: &Manager) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = _readyState)]
    fn ready_state(this: &Manager) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = _reconnecting)]
    fn reconnecting(this: &Manager) -> Option<bool>;
    #[wasm_bindgen(method, getter, js_name = skipReconnect)]
    fn gives_up(this: &Manager) -> Option<bool>;
    #[wasm_bindgen(method, getter)]
    fn backoff(this: &Manager) -> JsValue;
}

impl Manager {
    /// Whether there is a connection, or something is done to have one.
    pub(super) fn is_trying(&self) -> bool {
        let waits = self.reconnecting().unwrap_or_default() && !self.gives_up().unwrap_or_default();
        waits || self.ready_state().as_deref() != Some("closed")
    }

    /// Whether another attempt will follow the failure that is being told: what its `reconnect` is about to decide.
    pub(super) fn will_retry(&self) -> bool {
        let may = self.reconnects() || self.reconnecting().unwrap_or_default();
        let made = member(&self.backoff(), "attempts").as_f64();
        may && !self.gives_up().unwrap_or_default()
            && made.unwrap_or_default() < self.most_attempts()
    }
}
