//! The plan of a run, for both generations.

use std::time::Duration;

use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::connection::Cut;
use crate::flows::{Aborts, Flow, Generation, Source};
use crate::recordings::Recordings;
use crate::request::Prediction;
use crate::{replay, scripted, trouble};

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

/// The reply to a question that was not streamed, and the one that ends a Socket.IO run.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) content_type: &'static str,
    pub(crate) body: Bytes,
    /// How long the real server took without streaming.
    pub(crate) takes: Duration,
    /// Sends the body in pieces of this size, with a millisecond between them.
    pub(crate) pieces: Option<usize>,
}

pub(crate) const JSON: &str = "application/json; charset=utf-8";
pub(crate) const HTML: &str = "text/html; charset=utf-8";
pub(crate) const TEXT: &str = "text/plain; charset=utf-8";

impl Reply {
    pub(crate) fn new(
        status: StatusCode,
        content_type: &'static str,
        body: impl Into<Bytes>,
    ) -> Self {
        Self {
            status,
            content_type,
            body: body.into(),
            takes: Duration::ZERO,
            pieces: None,
        }
    }

    pub(crate) fn json(body: &Value) -> Self {
        Self::new(StatusCode::OK, JSON, body.to_string())
    }

    /// An error as Flowise's error handler writes it.
    pub(crate) fn error(status: u16, message: &str) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = json!({
            "statusCode": status.as_u16(), "success": false, "message": message, "stack": {}
        });
        Self::new(status, JSON, body.to_string())
    }
}

/// A run: its events, and its reply.
pub(crate) struct Plan {
    pub(crate) steps: Steps,
    pub(crate) reply: Reply,
    pub(crate) aborts: Aborts,
    /// Stops as soon as the client is gone, unlike a real server.
    pub(crate) ends_with_client: bool,
}

impl Plan {
    /// Computes the flow's answer.
    pub(crate) fn new(
        recordings: &Recordings,
        flow: &Flow,
        generation: Generation,
        asked: &Prediction,
    ) -> Self {
        let mut plan = match flow.source {
            Source::One(name) => replay::plan(recordings, name, generation, asked),
            Source::Family(name) => {
                let name = replay::choose(recordings, name, generation, asked);
                replay::plan(recordings, name, generation, asked)
            }
            Source::Scripted => scripted::plan(generation, asked),
            Source::Trouble(kind) => trouble::plan(kind, generation, asked),
        };
        plan.aborts = flow.aborts;
        if generation == Generation::SocketIo && asked.question.is_none() {
            // The answer exists, but Flowise cannot store it without a question.
            plan.reply = Reply::error(
                500,
                "Error: predictionsServices.buildChatflow - SQLITE_CONSTRAINT: NOT NULL constraint failed: \
                 chat_message.content",
            );
        }
        plan
    }
}

/// The members that every reply and every `metadata` event has.
pub(crate) fn metadata(asked: &Prediction) -> Value {
    let mut metadata = json!({ "chatId": asked.ids.chat, "chatMessageId": asked.ids.message });
    if let Some(question) = &asked.question {
        metadata["question"] = question.clone().into();
    }
    metadata["sessionId"] = asked.ids.session.clone().into();
    metadata["memoryType"] = "Buffer Memory".into();
    metadata
}
