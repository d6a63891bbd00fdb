//! The JavaScript that the browser layer stands on: socket.io-client and the local snippets.
//!
//! When socket.io-client is bundled into the crate, it comes from there; else its npm name is left for the page or its bundler to
//! resolve, so that an application has one copy.

use js_sys::{Array, Function, Object, Promise, Reflect, Set};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

pub(crate) use super::parts::{DECODER, ENCODER, TRANSPORT, TRANSPORTS};

#[cfg_attr(bundled, wasm_bindgen(module = "/src/vendor/socket.io.js"))]
#[cfg_attr(not(bundled), wasm_bindgen(module = "socket.io-client"))]
extern "C" {
    pub(crate) fn io(url: &str, options: &JsValue) -> Socket;

    /// [`Socket`](https://socket.io/docs/v4/client-api/#socket)
    #[derive(Clone, Debug)]
    pub(crate) type Socket;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn id(this: &Socket) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn connected(this: &Socket) -> bool;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn active(this: &Socket) -> bool;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn io(this: &Socket) -> Manager;
    #[wasm_bindgen(method)]
    pub(crate) fn on(this: &Socket, event: &str, listener: &Function);
    #[wasm_bindgen(method)]
    pub(crate) fn off(this: &Socket, event: &str, listener: &Function);
    #[wasm_bindgen(method, js_name = onAny)]
    pub(crate) fn on_any(this: &Socket, listener: &Function);
    #[wasm_bindgen(method, js_name = offAny)]
    pub(crate) fn off_any(this: &Socket, listener: &Function);
    #[wasm_bindgen(method)]
    pub(crate) fn connect(this: &Socket);
    #[wasm_bindgen(method)]
    pub(crate) fn disconnect(this: &Socket);

    /// [`Manager`](https://socket.io/docs/v4/client-api/#manager)
    #[derive(Clone, Debug)]
    pub(crate) type Manager;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn engine(this: &Manager) -> Engine;
    #[wasm_bindgen(method)]
    pub(crate) fn on(this: &Manager, event: &str, listener: &Function);
    #[wasm_bindgen(method)]
    pub(crate) fn off(this: &Manager, event: &str, listener: &Function);

    /// [`Engine`](https://socket.io/docs/v4/client-api/#socketioengine)
    #[derive(Clone, Debug)]
    pub(crate) type Engine;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn transport(this: &Engine) -> Transport;
}

#[wasm_bindgen(module = "/src/browser/socket.js")]
extern "C" {
    /// A transport of an Engine.IO connection; when its name is `event-stream`, ours.
    #[derive(Clone, Debug)]
    pub(crate) type Transport;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn name(this: &Transport) -> String;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn opts(this: &Transport) -> JsValue;
    #[wasm_bindgen(method)]
    pub(crate) fn accept(this: &Transport, sid: &str);
    #[wasm_bindgen(method)]
    pub(crate) fn refuse(this: &Transport, error: &JsValue);
    #[wasm_bindgen(method, js_name = onError)]
    pub(crate) fn on_error(this: &Transport, reason: &str, description: &JsValue);

    #[wasm_bindgen(js_name = eventStreamTransport)]
    pub(crate) fn event_stream_transport(base: &JsValue, open: &Function) -> JsValue;
    #[wasm_bindgen(js_name = packetParser)]
    pub(crate) fn packet_parser(base: &JsValue, ids: &Set) -> JsValue;
    #[wasm_bindgen(js_name = addQuery)]
    pub(crate) fn add_query(socket: &Socket, query: &Function);
}

#[wasm_bindgen(module = "/src/browser/promise.js")]
extern "C" {
    pub(crate) fn sleep(ms: u32) -> Promise;
    pub(crate) fn abortable(promise: &Promise, signal: &AbortSignal) -> Promise;
}

// Only the JavaScript API has use for the next two; a snippet is a part of every program that binds to it.
#[cfg(feature = "js")]
#[wasm_bindgen(module = "/src/browser/delivery.js")]
extern "C" {
    /// What the server has said of one prediction so far.
    #[derive(Clone, Debug)]
    pub(crate) type Answer;
    #[wasm_bindgen(constructor)]
    pub(crate) fn new() -> Answer;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn activity(this: &Answer) -> f64;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn waits(this: &Answer) -> bool;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn text(this: &Answer) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn thinking(this: &Answer) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn warnings(this: &Answer) -> Array;
    #[wasm_bindgen(method, setter, js_name = chatId)]
    pub(crate) fn set_chat_id(this: &Answer, id: &str);
    #[wasm_bindgen(method)]
    pub(crate) fn get(this: &Answer, event: &str) -> JsValue;
    #[wasm_bindgen(method)]
    pub(crate) fn has(this: &Answer, event: &str) -> bool;

    /// Whoever wants the events: a socket's listeners, or a `PredictionStream`.
    #[derive(Clone, Debug)]
    pub(crate) type Sink;
    #[wasm_bindgen(js_name = socketSink)]
    pub(crate) fn socket_sink(socket: &Socket, transport: &Transport) -> Sink;

    /// Reads the body to its end, or to the `end` event.
    pub(crate) fn pump(
        body: &web_sys::ReadableStream,
        answer: &Answer,
        sink: &Sink,
        most_bytes: &JsValue,
        signal: &AbortSignal,
    ) -> Promise;
    /// A listener for `onAny` that takes the events of a Socket.IO server in.
    pub(crate) fn listener(answer: &Answer, sink: Option<&Sink>) -> Function;
}

#[cfg(feature = "js")]
#[wasm_bindgen(module = "/src/browser/stream.js")]
extern "C" {
    #[wasm_bindgen(extends = Sink)]
    #[derive(Clone, Debug)]
    pub(crate) type PredictionStream;
    #[wasm_bindgen(constructor)]
    pub(crate) fn new(answer: &Answer, abort: &Function) -> PredictionStream;
    #[wasm_bindgen(method)]
    pub(crate) fn follow(this: &PredictionStream, prediction: &Promise);
}

#[wasm_bindgen(module = "/src/browser/fetch.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    pub(crate) fn send(
        options: &JsValue,
        url: &str,
        method: &str,
        body: &JsValue,
        signal: Option<&AbortSignal>,
    ) -> Result<Promise, JsValue>;
    pub(crate) fn knock(options: &JsValue, url: &str, signal: &AbortSignal) -> Promise;
    pub(crate) fn absolute(url: &JsValue) -> String;
}

#[wasm_bindgen(module = "/src/browser/error.js")]
extern "C" {
    pub(crate) type FlowiseError;
    #[wasm_bindgen(constructor)]
    pub(crate) fn new(message: &str, code: &str, status: &JsValue, cause: &JsValue)
    -> FlowiseError;
}

#[wasm_bindgen]
extern "C" {
    /// `JSON.parse` of a string that stays where it is: WebAssembly's memory never shrinks again.
    #[wasm_bindgen(catch, js_namespace = JSON, js_name = parse)]
    pub(crate) fn parse_json(text: &JsValue) -> Result<JsValue, JsValue>;
}

/// A member of an object that may be missing, of any type, or behind a getter that throws.
pub(crate) fn member(object: &JsValue, key: &str) -> JsValue {
    if object.is_object() {
        Reflect::get(object, &key.into()).unwrap_or_default()
    } else {
        JsValue::UNDEFINED
    }
}

/// A new plain object with the members of several, of which later ones win. A member `__proto__`, which JSON may have, is
/// one like the others: `Object.assign` would make it the prototype.
pub(crate) fn merged(objects: &[&JsValue]) -> Object {
    let mut entries = Array::new();
    for object in objects.iter().filter(|object| object.is_object()) {
        entries = entries.concat(&Object::entries(object.unchecked_ref()));
    }
    Object::from_entries(&entries).unwrap_or_default()
}

/// Sets a member of a plain object of our own; this cannot fail.
pub(crate) fn set(object: &Object, key: &str, value: &JsValue) {
    let _ = Reflect::set(object, &key.into(), value);
}
