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

    /// Stops what runs in a conversation, under the id that it has now.
    ///
    /// `Ok` means that the server received the request, whether or not a run was stopped. It never stops a classic chain
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

    /// Records what a person thinks of an answer, or changes it: see [`Feedback`].
    ///
    /// # Errors
    ///
    /// If the server rejects it, or refuses requests from this page.
    pub async fn feedback(&self, feedback: &Feedback) -> Result<Map<String, Value>, Error> {
        let id = feedback.id.clone();
        self.call(Call::Feedback { id }, json(feedback)?).await
    }

    /// Records who is asking.
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
