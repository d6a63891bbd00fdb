//! Delivery to the page: events and answers are JavaScript's, and do not pass through Rust.

use js_sys::{Function, Object};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::ReadableStream;

use super::bindings::{Answer, Sink, Socket, listener, member, pump, set, socket_sink};
use super::control::{Activity, Control};
use super::delivery::Delivery;
use super::reply;
use crate::outcome::FinishReason;

impl Activity for Answer {
    fn activity(&self) -> f64 {
        Self::activity(self)
    }

    fn waits(&self) -> bool {
        Self::waits(self)
    }
}

impl Delivery for Answer {
    type Sink = Sink;
    type Listening = Listening;
    type Draft = Object;

    fn set_chat_id(&self, id: &str) {
        Self::set_chat_id(self, id);
    }

    fn read(
        &self,
        body: &ReadableStream,
        sink: &Sink,
        most_bytes: &JsValue,
        control: &Control,
    ) -> impl Future<Output = Result<JsValue, JsValue>> {
        JsFuture::from(pump(body, self, sink, most_bytes, &control.signal()))
    }

    fn listen(&self, socket: &Socket, sink: Option<&Sink>) -> Listening {
        let listener = listener(self, sink);
        socket.on_any(&listener);
        Listening {
            socket: socket.clone(),
            listener,
        }
    }

    fn has(&self, event: &str) -> bool {
        Self::has(self, event)
    }

    fn error(&self) -> String {
        let error = self.get("error");
        let sentence = error
            .as_string()
            .or_else(|| member(&error, "message").as_string());
        sentence.unwrap_or_default()
    }

    fn is_text(&self, text: &JsValue) -> bool {
        self.text() == *text
    }

    fn draft(&self, reply: Option<&JsValue>) -> Object {
        match reply {
            Some(reply) => reply::from_json(reply, self),
            None => reply::from_answer(self),
        }
    }

    fn is_answer(draft: &Object) -> bool {
        reply::is_answer(draft)
    }

    fn message_id(draft: &Object) -> Option<String> {
        member(draft, "chatMessageId").as_string()
    }

    fn set_text(draft: &mut Object, text: &JsValue) {
        set(draft, "text", text);
    }

    fn finish(draft: &mut Object, reason: FinishReason, chat_id: &str, streamed: bool) {
        reply::finish(draft, reason, chat_id, streamed);
    }
}

/// A listener for any event of a socket that is removed when it is dropped.
#[derive(Debug)]
pub(crate) struct Listening {
    socket: Socket,
    listener: Function,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.socket.off_any(&self.listener);
    }
}

/// The sink of a query on a socket of ours.
pub(crate) fn sink_of(socket: &Socket) -> Sink {
    socket_sink(socket, &socket.io().engine().transport())
}
