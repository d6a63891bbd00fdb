//! What a run is going to send, for both generations.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::connection::Cut;
use crate::flows::Aborts;
use crate::reply::Reply;
use crate::request::Question;

/// One event of a run.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) name: String,
    /// Without data, an SSE frame contains `[DONE]` and a Socket.IO event has no argument.
    pub(crate) data: Option<Value>,
    /// A further member of the SSE frame, beside `event` and `data`.
    pub(crate) member: Option<(&'static str, Value)>,
}

impl Event {
    pub(crate) fn new(name: impl Into<String>, data: impl Into<Value>) -> Self {
        Self {
            name: name.into(),
            data: Some(data.into()),
            member: None,
        }
    }

    pub(crate) fn bare(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            data: None,
            member: None,
        }
    }

    pub(crate) fn token(text: impl Into<String>) -> Self {
        Self::new("token", text.into())
    }

    /// The event as Flowise 3.1 writes it into the stream.
    pub(crate) fn frame(&self) -> Bytes {
        let data = self.data.clone().unwrap_or_else(|| "[DONE]".into());
        let mut frame = json!({ "event": self.name, "data": data });
        if let Some((name, value)) = &self.member {
            frame[*name] = value.clone();
        }
        format!("message:\ndata:{frame}\n\n").into()
    }
}

/// One step of a run.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Wait(Duration),
    /// Like `Wait`, but `--speed` does not shorten it: the peer must have received something.
    Settle(Duration),
    Event(Event),
    /// Raw bytes of an event stream, and the name of the event in them.
    Bytes(Option<String>, Bytes),
    /// Nothing more until the client leaves.
    Silence,
    /// Cuts the connection that carries the request.
    Cut(Cut),
    /// Resets the connection that carries the client's Socket.IO session.
    CutSocket,
    /// Ends the body (SSE) or sends the reply (Socket.IO) now. More steps may follow.
    End,
}

pub(crate) type Steps = Box<dyn Iterator<Item = Step> + Send>;

/// A run: its events, and its reply.
pub(crate) struct Plan {
    pub(crate) steps: Steps,
    pub(crate) reply: Reply,
    pub(crate) aborts: Aborts,
    /// Stops as soon as the client is gone, unlike a real server.
    pub(crate) ends_with_client: bool,
}

/// The members that every reply and every `metadata` event has.
pub(crate) fn metadata(asked: &Question) -> Value {
    let mut metadata = json!({ "chatId": asked.ids.chat, "chatMessageId": asked.ids.message });
    if let Some(question) = &asked.question {
        metadata["question"] = question.clone().into();
    }
    metadata["sessionId"] = asked.ids.session.clone().into();
    metadata["memoryType"] = "Buffer Memory".into();
    metadata
}
