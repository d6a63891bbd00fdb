//! What differs between the JavaScript and the Rust API: where events go, and what an answer is made of.

use wasm_bindgen::JsValue;
use web_sys::ReadableStream;

use super::bindings::Socket;
use super::control::{Activity, Control};
use crate::outcome::FinishReason;

/// Takes in what the server says of one prediction. Clones are handles on the same.
pub(crate) trait Delivery: Activity {
    /// Who else wants the events.
    type Sink;
    /// Takes the events of a Socket.IO server in, until it is dropped.
    type Listening;
    /// An answer that can still change.
    type Draft;

    /// Says in which conversation it is.
    fn set_chat_id(&self, id: &str);

    /// Reads the body of an event stream to its end, to the `end` event, or until the call is ended.
    fn read(
        &self,
        body: &ReadableStream,
        sink: &Self::Sink,
        most_bytes: &JsValue,
        control: &Control,
    ) -> impl Future<Output = Result<JsValue, JsValue>>;

    fn listen(&self, socket: &Socket, sink: Option<&Self::Sink>) -> Self::Listening;

    /// Whether the server has sent this event, which is `end`, `abort` or `error`.
    fn has(&self, event: &str) -> bool;

    /// The text of the `error` event.
    fn error(&self) -> String;

    /// Whether this is the text so far.
    fn is_text(&self, text: &JsValue) -> bool;

    /// What the events said, and what the server's reply says if there is one.
    fn draft(&self, reply: Option<&JsValue>) -> Self::Draft;

    /// Whether it answers anything: with text, or with a question to the person.
    fn is_answer(draft: &Self::Draft) -> bool;

    fn message_id(draft: &Self::Draft) -> Option<String>;

    fn set_text(draft: &mut Self::Draft, text: &JsValue);

    /// Adds what every answer has.
    fn finish(draft: &mut Self::Draft, reason: FinishReason, chat_id: &str, streamed: bool);
}
