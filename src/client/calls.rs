//! The calls besides predictions that a chat page makes.

use std::future::poll_fn;
use std::rc::Rc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use web_sys::{File, FormData};

use super::Flowise;
use super::answer::Heard;
use super::driver::{Data, Running, current_chat};
use crate::error::{Error, ErrorKind};
use crate::event::lenient;
use crate::feedback::{Feedback, Lead};
use crate::request::Upload;
use crate::run::{Ask, Call, Task};

/// A file as the server has read it.
#[derive(serde::Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Attachment {
    #[serde(deserialize_with = "lenient::text")]
    name: String,
    #[serde(deserialize_with = "lenient::text")]
    mime_type: String,
    #[serde(deserialize_with = "lenient::text")]
    content: String,
}

impl Flowise {
    /// Whether the chatflow streams its answers. Dropping the future cancels the request.
    ///
    /// # Errors
    ///
    /// If the server does not answer, does not know the chatflow, or may not be asked from this page.
    pub async fn is_streaming(&self) -> Result<bool, Error> {
        let reply: Map<String, Value> = self.call(Call::IsStreaming, Data::Nothing).await?;
        let streams = reply.get("isStreaming").and_then(Value::as_bool);
        streams.ok_or_else(|| unexpected("does not say whether the chatflow streams"))
    }

    /// Stops what runs in a conversation, under whatever id it does by now.
    ///
    /// `Ok` means that the server was told. It says the same whether or not anything was stopped, and never stops a
    /// classic chain or tool agent.
    ///
    /// # Errors
    ///
    /// If the server could not be told. Flowise before 3.1.0 wants an API key for it, and later ones only take it from
    /// the origins in `CORS_ORIGINS`.
    pub async fn abort(&self, chat_id: &str) -> Result<(), Error> {
        let chat_id = current_chat(&self.0.target()?, chat_id);
        let _: Value = self.call(Call::Abort { chat_id }, Data::Nothing).await?;
        Ok(())
    }

    /// What the chatflow's owner has set for chat pages: starter prompts, colours, which uploads are allowed, …
    /// Dropping the future cancels the request.
    ///
    /// # Errors
    ///
    /// As for [`is_streaming`](Self::is_streaming).
    pub async fn chatbot_config(&self) -> Result<Map<String, Value>, Error> {
        match self.call(Call::ChatbotConfig, Data::Nothing).await? {
            Value::Object(config) => Ok(config),
            // it is the string "OK" while nothing is set
            _ => Ok(Map::new()),
        }
    }

    /// Says what a person thinks of an answer, or changes what was said: see [`Feedback`].
    ///
    /// # Errors
    ///
    /// If the server does not take it, or may not be asked from this page.
    pub async fn feedback(&self, feedback: &Feedback) -> Result<Map<String, Value>, Error> {
        let id = feedback.id.clone();
        self.call(Call::Feedback { id }, json(feedback)?).await
    }

    /// Says who asks.
    ///
    /// # Errors
    ///
    /// As for [`feedback`](Self::feedback).
    pub async fn lead(&self, lead: &Lead) -> Result<Map<String, Value>, Error> {
        self.call(Call::Lead, json(lead)?).await
    }

    /// Sends files to the server, which reads their text: what [`PredictionRequest::upload`] takes. Dropping the future
    /// cancels the request.
    ///
    /// The chatflow's owner has to allow it ("file upload", "full file"). For pictures and speech, which are a part of the
    /// question itself, there is [`Upload::file`] and [`Upload::audio`].
    ///
    /// ```no_run
    /// # async fn f(flowise: flowise_stream::Flowise, file: web_sys::File) -> Result<(), flowise_stream::Error> {
    /// use flowise_stream::PredictionRequest;
    ///
    /// let chat_id = "the conversation that the files are for";
    /// let mut request = PredictionRequest::new("What does it say?").chat_id(chat_id);
    /// for upload in flowise.attach(chat_id, &[file]).await? {
    ///     request = request.upload(upload);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// If the server does not take the files, or may not be asked from this page.
    ///
    /// [`PredictionRequest::upload`]: crate::PredictionRequest::upload
    pub async fn attach(&self, chat_id: &str, files: &[File]) -> Result<Vec<Upload>, Error> {
        let unsendable = |_| Error::new(ErrorKind::Config, "the files cannot be sent");
        let form = FormData::new().map_err(unsendable)?;
        for file in files {
            form.append_with_blob_and_filename("files", file, &file.name())
                .map_err(unsendable)?;
        }
        let chat_id = chat_id.to_owned();
        let call = Call::Attach { chat_id };
        let attachments: Vec<Attachment> = self.call(call, Data::Form(form)).await?;
        let uploads = attachments.into_iter();
        Ok(uploads
            .map(|file| Upload::full_text(file.name, file.mime_type, file.content))
            .collect())
    }

    /// Makes a call, and reads the reply.
    async fn call<T: DeserializeOwned>(&self, call: Call, data: Data) -> Result<T, Error> {
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
        let value = crate::event::json::parse(&reply, ErrorKind::Protocol, "the reply")?;
        serde_json::from_value(value).map_err(|_| unexpected("is not what Flowise sends"))
    }
}

fn json(data: &impl Serialize) -> Result<Data, Error> {
    match serde_json::to_value(data) {
        Ok(Value::Object(data)) => Ok(Data::Json(data)),
        _ => Err(Error::new(
            ErrorKind::Config,
            "the data cannot be written as JSON",
        )),
    }
}

fn unexpected(what: &str) -> Error {
    Error::new(ErrorKind::Protocol, ["the server's reply ", what].concat())
}
