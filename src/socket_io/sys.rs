//! What socket.io-client has besides what [`bindings`](crate::browser::bindings) name.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;

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
}
