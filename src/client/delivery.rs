//! Delivery to a Rust program: events are read and typed here, without a detour through JavaScript's strings.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ReadableStream, ReadableStreamDefaultReader};

use super::json;
use crate::browser::bindings::{Socket, member};
use crate::browser::control::{Activity, Control};
use crate::browser::delivery::Delivery;
use crate::error::Error;
use crate::event::{Event, EventDecoder};
use crate::outcome::FinishReason;
use crate::prediction::{Answer, Prediction};
use crate::queue::Queue;

/// A server that sends nothing but rubbish must not fill the memory.
const MOST_WARNINGS: usize = 10;

/// What the server has said of one prediction so far. Clones are handles on the same.
#[derive(Clone, Debug)]
pub(super) struct TypedAnswer(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    answer: RefCell<Answer>,
    activity: Cell<u32>,
    waits: Cell<bool>,
    warnings: RefCell<Vec<Error>>,
    events: Queue<Event>,
}

impl TypedAnswer {
    /// The events go to the queue.
    pub(super) fn new(events: Queue<Event>) -> Self {
        Self(Rc::new(Inner {
            answer: RefCell::default(),
            activity: Cell::default(),
            waits: Cell::default(),
            warnings: RefCell::default(),
            events,
        }))
    }

    pub(super) fn warnings(&self) -> Vec<Error> {
        self.0.warnings.borrow().clone()
    }

    /// Whether the program has an event in hand, and has not asked for the next: nothing is read meanwhile.
    pub(super) fn set_waits(&self, waits: bool) {
        self.0.waits.set(waits);
    }

    fn show_life(&self) {
        self.0.activity.set(self.0.activity.get().wrapping_add(1));
    }

    fn take(&self, event: Event) {
        self.0.answer.borrow_mut().apply(&event);
        self.0.events.push(event);
    }

    fn warn(&self, error: Error) {
        let mut warnings = self.0.warnings.borrow_mut();
        if warnings.len() < MOST_WARNINGS {
            warnings.push(error);
        }
    }
}

impl Activity for TypedAnswer {
    fn activity(&self) -> f64 {
        self.0.activity.get().into()
    }

    fn waits(&self) -> bool {
        self.0.waits.get()
    }
}

impl Delivery for TypedAnswer {
    type Sink = ();
    type Listening = Listening;
    type Draft = Prediction;

    // `EventStream` asks the call itself
    fn set_chat_id(&self, _id: &str) {}

    async fn read(
        &self,
        body: &ReadableStream,
        (): &(),
        most_bytes: &JsValue,
        control: &Control,
    ) -> Result<JsValue, JsValue> {
        let reader = Reader::new(body);
        let mut decoder = match most_bytes.as_f64() {
            Some(limit) => EventDecoder::with_max_message_bytes(limit as usize),
            None => EventDecoder::new(),
        };
        loop {
            let read = control.wait(&reader.0.read()).await?;
            let Ok(chunk) = member(&read, "value").dyn_into::<Uint8Array>() else {
                return Ok(JsValue::UNDEFINED);
            };
            self.show_life();
            let len = chunk.length() as usize;
            chunk.copy_to(&mut decoder.spare(len)[..len]);
            decoder.advance(len);
            for event in decoder.by_ref() {
                match event {
                    Ok(Event::End) => {
                        self.take(Event::End);
                        return Ok(JsValue::UNDEFINED);
                    }
                    Ok(event) => self.take(event),
                    Err(error) => self.warn(error),
                }
            }
        }
    }

    fn listen(&self, socket: &Socket, _sink: Option<&()>) -> Listening {
        let answer = self.clone();
        let closure = Closure::<dyn FnMut(String, JsValue)>::new(move |name: String, data| {
            answer.show_life();
            match json::read(&data) {
                Ok(data) => answer.take(Event::from_parts(&name, data)),
                Err(error) => answer.warn(error),
            }
        });
        socket.on_any(closure.as_ref().unchecked_ref());
        Listening {
            socket: socket.clone(),
            closure,
        }
    }

    fn has(&self, event: &str) -> bool {
        let answer = self.0.answer.borrow();
        match event {
            "end" => answer.is_complete(),
            "abort" => answer.is_aborted(),
            _ => answer.error().is_some(),
        }
    }

    fn error(&self) -> String {
        self.0
            .answer
            .borrow()
            .error()
            .unwrap_or_default()
            .to_owned()
    }

    fn is_text(&self, text: &JsValue) -> bool {
        text.as_string().as_deref() == Some(self.0.answer.borrow().text())
    }

    fn draft(&self, reply: Option<&JsValue>) -> Prediction {
        let mut answer = self.0.answer.borrow().clone();
        if let Some(Ok(reply)) = reply.map(json::read) {
            answer.apply_reply(reply);
        }
        answer.into_prediction()
    }

    fn is_answer(draft: &Prediction) -> bool {
        draft.is_answer()
    }

    fn message_id(draft: &Prediction) -> Option<String> {
        draft.chat_message_id.clone()
    }

    fn set_text(draft: &mut Prediction, text: &JsValue) {
        draft.text = text.as_string().unwrap_or_default();
    }

    fn finish(draft: &mut Prediction, reason: FinishReason, chat_id: &str, streamed: bool) {
        draft.finish_reason = reason;
        draft.streamed = streamed;
        if draft.chat_id.is_empty() {
            chat_id.clone_into(&mut draft.chat_id);
        }
    }
}

/// A reader of a body, which is cancelled when nobody reads on.
struct Reader(ReadableStreamDefaultReader);

impl Reader {
    fn new(body: &ReadableStream) -> Self {
        Self(body.get_reader().unchecked_into())
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let cancelled = JsFuture::from(self.0.cancel());
        // it rejects if the connection is broken already
        spawn_local(async move { drop(cancelled.await) });
    }
}

/// A listener for any event of a socket that is removed when it is dropped.
pub(super) struct Listening {
    socket: Socket,
    closure: Closure<dyn FnMut(String, JsValue)>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.socket.off_any(self.closure.as_ref().unchecked_ref());
    }
}
