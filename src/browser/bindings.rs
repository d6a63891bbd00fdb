//! The JavaScript that the driver uses: socket.io-client and the local snippets.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/browser/provided.js")]
extern "C" {
    /// `io` of socket.io-client.
    #[wasm_bindgen(catch)]
    pub(crate) fn io(url: &str, options: &JsValue) -> Result<Socket, JsValue>;
    pub(crate) fn part(name: &str) -> JsValue;

    /// [`Socket`](https://socket.io/docs/v4/client-api/#socket)
    #[derive(Clone, Debug)]
    pub(crate) type Socket;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn active(this: &Socket) -> bool;
}

#[wasm_bindgen(module = "/src/browser/socket.js")]
extern "C" {
    #[wasm_bindgen(js_name = attach)]
    pub(crate) fn attach_sockets(exports: &JsValue);
    #[wasm_bindgen(js_name = eventStreamTransport)]
    pub(crate) fn event_stream_transport(base: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = packetParser)]
    pub(crate) fn packet_parser(base: &JsValue) -> JsValue;
    pub(crate) fn register(socket: &Socket, options: &JsValue);
    /// The page's sockets.
    pub(crate) fn living() -> Array;
    #[wasm_bindgen(js_name = hasId)]
    pub(crate) fn has_id(socket: &Socket, id: &str) -> bool;
    #[wasm_bindgen(js_name = recordOf)]
    pub(crate) fn record_of(socket: &Socket) -> Object;
    #[wasm_bindgen(js_name = socketAudience)]
    pub(crate) fn socket_audience(socket: &Socket) -> JsValue;
}

#[wasm_bindgen(module = "/src/browser/options.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    pub(crate) fn merge(base: &JsValue, more: &JsValue) -> Result<Object, JsValue>;
    #[wasm_bindgen(catch, js_name = bodyOf)]
    pub(crate) fn body_of(data: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = isSignal)]
    pub(crate) fn is_signal(signal: &JsValue) -> Result<bool, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) fn absolute(url: &JsValue) -> Result<String, JsValue>;
    #[wasm_bindgen(js_name = pageOrigin)]
    pub(crate) fn page_origin() -> Option<String>;
}

#[wasm_bindgen(module = "/src/browser/run.js")]
extern "C" {
    #[wasm_bindgen(js_name = attach)]
    pub(crate) fn attach_runs(exports: &JsValue, facts: &str);

    /// The JavaScript side of a run.
    #[derive(Clone, Debug)]
    pub(crate) type Run;
    pub(crate) fn begin(id: u32, effects: &Array, asked: &Object) -> Run;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn promise(this: &Run) -> Promise;
    #[wasm_bindgen(js_name = streamOf)]
    pub(crate) fn stream_of(id: u32, effects: &Array, asked: &Object) -> JsValue;
    #[wasm_bindgen(js_name = failedStream)]
    pub(crate) fn failed_stream(error: &JsValue) -> JsValue;
    pub(crate) fn said(id: u32) -> String;
    #[wasm_bindgen(js_name = optionsOf)]
    pub(crate) fn options_of(id: u32) -> JsValue;
    #[wasm_bindgen(js_name = serverSaid)]
    pub(crate) fn server_said(id: u32) -> String;
    #[wasm_bindgen(js_name = objectOf)]
    pub(crate) fn object_of() -> Function;
    #[wasm_bindgen(js_name = bodyOfReply)]
    pub(crate) fn body_of_reply() -> Function;
    #[wasm_bindgen(js_name = reached)]
    pub(crate) fn reached() -> Function;
    #[wasm_bindgen(js_name = opened)]
    pub(crate) fn opened(transport: &JsValue) -> Function;
}

#[wasm_bindgen(module = "/src/browser/error.js")]
extern "C" {
    pub(crate) type FlowiseError;
    #[wasm_bindgen(constructor)]
    pub(crate) fn new(message: &str, code: &str, status: &JsValue, cause: &JsValue)
    -> FlowiseError;
}

/// Provides the copy of socket.io-client in the crate, for the crate's own tests: the npm package has no such copy.
#[cfg(bundled)]
#[wasm_bindgen(module = "/src/browser/bundled.js")]
extern "C" {
    pub(crate) fn bundled();
}

/// A member of an object. It may be missing, of any type, or behind a getter that throws.
pub(crate) fn member(object: &JsValue, key: &str) -> JsValue {
    if object.is_object() {
        Reflect::get(object, &key.into()).unwrap_or_default()
    } else {
        JsValue::UNDEFINED
    }
}

/// Sets a member of a plain object of our own, which cannot fail.
pub(crate) fn set(object: &Object, key: &str, value: &JsValue) {
    let _ = Reflect::set(object, &key.into(), value);
}

/// Names the files that the snippets above import: wasm-bindgen copies only the files that a crate names.
macro_rules! imported {
    ($($file:literal => $name:ident,)*) => {
        $(
            #[wasm_bindgen(module = $file)]
            extern "C" {
                type $name;
            }
        )*
    };
}
imported! {
    "/src/browser/answer.js" => Answer,
    "/src/browser/delivery.js" => Delivery,
    "/src/browser/fetch.js" => Fetch,
    "/src/browser/report.js" => Report,
    "/src/socket_io/internals.js" => Internals,
    "/src/browser/stream.js" => Stream,
}
