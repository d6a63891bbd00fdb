//! The calls that a chat page makes besides predictions.

use std::future::poll_fn;
use std::rc::Rc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::Flowise;
use super::answer::Heard;
use super::driver::{Data, Running};
use super::mailbox::current_chat;
use crate::error::{Error, ErrorKind};
use crate::feedback::{Feedback, Lead};
use crate::run::{Ask, Call, Task};

impl Flowise {
    /// Whether the chatflow streams its answers. Dropping the future cancels the request.
    ///
    /// # Errors
    ///
    /// If the server does not answer, does not know the chatflow, or refuses requests from this page.
    pub async fn is_streaming(&self) -> Result<bool, Error> {
        let reply: Map<String, Value> = self.call(Call::IsStreaming, Data::Nothing).await?;
        let streams = reply.get("isStreaming").and_then(Value::as_bool);
        streams.ok_or_else(|| unexpected("does not say whether the chatflow streams"))
    }

    /// Asks the server to stop its run in a conversation, also one that another page started. If an earlier answer was stopped
    /// or lost and the conversation continues under another id, this is about the run under that id. To stop an answer that
    /// this page reads, use [`EventStream::abort`](super::EventStream::abort) or an [`AbortHandle`](super::AbortHandle).
    ///
    /// `Ok` means that the server received the request, whether or not a run was stopped. Servers never stop a classic chain
    /// or tool agent.
    ///
    /// # Errors
    ///
    /// If the request did not reach the server. Flowise before 3.1.0 requires an API key for it; later versions accept it
    /// only from the origins in `CORS_ORIGINS`.
    pub async fn abort(&self, chat_id: &str) -> Result<(), Error> {
        let chat_id = current_chat(&self.0.target()?, chat_id);
        let _: Value = self.call(Call::Abort { chat_id }, Data::Nothing).await?;
        Ok(())
    }

    /// What the chatflow's owner has configured for chat pages: starter prompts, colours, allowed uploads, …
    /// Dropping the future cancels the request.
    ///
    /// # Errors
    ///
    /// As for [`is_streaming`](Self::is_streaming).
    pub async fn chatbot_config(&self) -> Result<Map<String, Value>, Error> {
        match self.call(Call::ChatbotConfig, Data::Nothing).await? {
            Value::Object(config) => Ok(config),
            // Flowise returns the string "OK" while nothing is configured
            _ => Ok(Map::new()),
        }
    }

    /// Records what a person thinks of an answer, or changes it: see [`Feedback`]. Returns the server's record, whose `id`
    /// [`Feedback::change`] takes.
    ///
    /// ```no_run
    /// # async fn f(flowise: flowise_stream::Flowise, answer: flowise_stream::Prediction) -> Result<(), flowise_stream::Error> {
    /// use flowise_stream::{Feedback, Rating};
    ///
    /// if let Some(message_id) = &answer.chat_message_id {
    ///     let stored = flowise.feedback(&Feedback::new(&answer.chat_id, message_id, Rating::ThumbsUp)).await?;
    ///     if let Some(id) = stored.get("id").and_then(|id| id.as_str()) {
    ///         flowise.feedback(&Feedback::change(id, Rating::ThumbsDown)).await?;
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// If the server rejects it, or refuses requests from this page.
    pub async fn feedback(&self, feedback: &Feedback) -> Result<Map<String, Value>, Error> {
        let id = feedback.id.clone();
        self.call(Call::Feedback { id }, json(feedback)?).await
    }

    /// Records who is asking. Returns the server's record.
    ///
    /// # Errors
    ///
    /// As for [`feedback`](Self::feedback).
    pub async fn lead(&self, lead: &Lead) -> Result<Map<String, Value>, Error> {
        self.call(Call::Lead, json(lead)?).await
    }

    /// Makes a call and reads the reply.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        call: Call,
        data: Data,
    ) -> Result<T, Error> {
        let ask = Ask {
            task: Task::Call(call),
            target: self.0.target()?,
            limits: self.0.limits(),
        };
        let mut running = Running::new(Rc::new(self.0.clone()), ask, Heard::new(None), data);
        let outcome = poll_fn(|cx| running.poll(cx)).await;
        if let Some(error) = running.error(&outcome) {
            return Err(error);
        }
        let reply = running.reply.borrow();
        let value = crate::event::parse::json(&reply, ErrorKind::Protocol, "the reply")?;
        serde_json::from_value(value).map_err(|_| unexpected("is not what Flowise sends"))
    }
}

pub(super) fn json(data: &impl Serialize) -> Result<Data, Error> {
    match serde_json::to_value(data) {
        Ok(Value::Object(data)) => Ok(Data::Json(data)),
        _ => Err(Error::new(
            ErrorKind::Config,
            "the data cannot be written as JSON",
        )),
    }
}

pub(super) fn unexpected(what: &str) -> Error {
    Error::new(ErrorKind::Protocol, ["the server's reply ", what].concat())
}
