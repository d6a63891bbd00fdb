//! The questions to a chatflow.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::base64;
use crate::decision::HumanInput;
use crate::payload::{Action, lenient};

/// The body of `POST /prediction/:id`: a question and its options.
///
/// ```
/// use flowise_stream::{HistoryMessage, PredictionRequest};
///
/// let request = PredictionRequest::new("And in winter?")
///     .session_id("user-7")
///     .history([HistoryMessage::user("How is Oslo?"), HistoryMessage::api("Bright and mild.")]);
/// let body = serde_json::to_value(&request)?;
/// assert_eq!(body["question"], "And in winter?");
/// assert_eq!(body["overrideConfig"]["sessionId"], "user-7");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PredictionRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    question: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    form: Option<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chat_id: Option<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    override_config: Map<String, Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    history: Vec<HistoryMessage>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    uploads: Vec<Upload>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lead_email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<Box<Action>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    human_input: Option<HumanInput>,
    #[serde(flatten)]
    other: Map<String, Value>,
}

impl From<&str> for PredictionRequest {
    fn from(question: &str) -> Self {
        Self::new(question)
    }
}

impl From<String> for PredictionRequest {
    fn from(question: String) -> Self {
        Self::new(question)
    }
}

impl PredictionRequest {
    /// Creates a request with a question.
    pub fn new(question: impl Into<String>) -> Self {
        Self {
            question: Some(question.into()),
            ..Self::default()
        }
    }

    /// Creates a request with the input of an AgentFlow's start form, in place of a question: the form's variables by name.
    #[must_use]
    pub fn from_form(form: Map<String, Value>) -> Self {
        Self {
            form: Some(form),
            ..Self::default()
        }
    }

    /// Sets the conversation. Without it, each request starts a new conversation. `Chat` sets it for each question.
    ///
    /// Requests with the same `chatId` wait for each other, because the server would mix up their answers.
    #[must_use]
    pub fn chat_id(mut self, chat_id: impl Into<String>) -> Self {
        self.chat_id = Some(chat_id.into());
        self
    }

    /// Sets the session id of the conversation's memory (`overrideConfig.sessionId`). The default is the chat's id.
    #[must_use]
    pub fn session_id(self, session_id: impl Into<String>) -> Self {
        self.override_config("sessionId", session_id.into())
    }

    /// Overrides a setting of the flow, such as `temperature` (`overrideConfig`). The server accepts only those that the
    /// flow's configuration enables.
    #[must_use]
    pub fn override_config(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.override_config.insert(name.into(), value.into());
        self
    }

    /// Sets the earlier messages, oldest first, for flows without a memory.
    #[must_use]
    pub fn history(mut self, history: impl IntoIterator<Item = HistoryMessage>) -> Self {
        self.history = history.into_iter().collect();
        self
    }

    /// Adds a file.
    #[must_use]
    pub fn upload(mut self, upload: Upload) -> Self {
        self.uploads.push(upload);
        self
    }

    /// Sets the e-mail address of the person who asks, as the flow's lead.
    #[must_use]
    pub fn lead_email(mut self, email: impl Into<String>) -> Self {
        self.lead_email = Some(email.into());
        self
    }

    /// Answers the question of a sequential agent: pass its [`Action`](crate::Event::Action) unchanged. The question of this
    /// request is the label of the chosen button. [`resume`](Self::resume) sets both.
    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.action = Some(Box::new(action));
        self
    }

    /// Answers the question of an AgentFlow. [`resume`](Self::resume) does so for every kind of flow.
    #[must_use]
    pub fn human_input(mut self, input: HumanInput) -> Self {
        self.human_input = Some(input);
        self
    }

    /// The text that a page shows for the question: for a form, a line for each of its fields.
    #[cfg_attr(
        not(any(target_arch = "wasm32", test)),
        expect(dead_code, reason = "chats are for pages")
    )]
    pub(crate) fn text(&self) -> String {
        let line = |(name, value): (&String, &Value)| {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            [name, ": ", &value].concat()
        };
        match (&self.question, &self.form) {
            (Some(question), _) if !question.is_empty() => question.clone(),
            (_, Some(form)) => form.iter().map(line).collect::<Vec<_>>().join("\n"),
            _ => String::new(),
        }
    }

    /// Whether it names a memory.
    #[cfg_attr(
        not(any(target_arch = "wasm32", test)),
        expect(dead_code, reason = "chats are for pages")
    )]
    pub(crate) fn has_session_id(&self) -> bool {
        self.override_config.contains_key("sessionId")
    }

    /// Sets a member by its name, for those without a method here.
    #[must_use]
    pub fn set(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.other.insert(name.into(), value.into());
        self
    }
}

/// An earlier message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HistoryMessage {
    /// The author.
    pub role: Role,
    /// The text.
    pub content: String,
}

impl HistoryMessage {
    /// Creates a message of the person.
    pub fn user(content: impl Into<String>) -> Self {
        Self {
            role: Role::User,
            content: content.into(),
        }
    }

    /// Creates a message of the chatflow.
    pub fn api(content: impl Into<String>) -> Self {
        Self {
            role: Role::Api,
            content: content.into(),
        }
    }
}

/// The author of a message; [`HistoryMessage::user`] and [`HistoryMessage::api`] set it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Role {
    /// The person.
    #[serde(rename = "userMessage")]
    User,
    /// The chatflow.
    #[serde(rename = "apiMessage")]
    Api,
}

/// A file that is sent with a question.
///
/// ```
/// use flowise_stream::{PredictionRequest, Upload};
///
/// let photo = Upload::file("cat.png", "image/png", &[137, 80, 78, 71]);
/// assert_eq!(photo.data.as_deref(), Some("data:image/png;base64,iVBORw=="));
/// let request = PredictionRequest::new("What is this?").upload(photo);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Upload {
    /// The purpose: `file`, `file:full`, `file:rag`, `audio`, `url`.
    #[serde(rename = "type", deserialize_with = "lenient::text")]
    pub kind: String,
    /// Its name.
    #[serde(deserialize_with = "lenient::text")]
    pub name: String,
    /// Its media type, such as `image/png`.
    #[serde(deserialize_with = "lenient::text")]
    pub mime: String,
    /// A `data:` URL, text, or an address, depending on `kind`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
}

impl Upload {
    fn new(
        kind: &str,
        name: impl Into<String>,
        mime: impl Into<String>,
        data: Option<String>,
    ) -> Self {
        Self {
            kind: kind.to_owned(),
            name: name.into(),
            mime: mime.into(),
            data,
        }
    }

    /// Creates an image, or another file for the model itself.
    pub fn file(name: impl Into<String>, mime: impl Into<String>, bytes: &[u8]) -> Self {
        let mime = mime.into();
        let data = data_url(&mime, bytes);
        Self::new("file", name, mime, Some(data))
    }

    /// Creates speech, which the server transcribes.
    pub fn audio(name: impl Into<String>, mime: impl Into<String>, bytes: &[u8]) -> Self {
        let mime = mime.into();
        let data = data_url(&mime, bytes);
        Self::new("audio", name, mime, Some(data))
    }

    /// Creates the text of a file, which becomes a part of the question as a whole: an attachment's `content`.
    pub fn full_text(
        name: impl Into<String>,
        mime: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        Self::new("file:full", name, mime, Some(text.into()))
    }

    /// Creates a reference to a file that was stored in the flow's vector store for this conversation before.
    pub fn retrieved(name: impl Into<String>, mime: impl Into<String>) -> Self {
        Self::new("file:rag", name, mime, None)
    }

    /// Creates an image at an address.
    pub fn url(name: impl Into<String>, mime: impl Into<String>, url: impl Into<String>) -> Self {
        Self::new("url", name, mime, Some(url.into()))
    }
}

fn data_url(mime: &str, bytes: &[u8]) -> String {
    let mut url = String::with_capacity(mime.len() + 16 + bytes.len().div_ceil(3) * 4);
    url.push_str("data:");
    url.push_str(mime);
    url.push_str(";base64,");
    base64::push(&mut url, bytes);
    url
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_text_of_a_form_has_a_line_for_each_field() {
        assert_eq!(PredictionRequest::new("Hi").text(), "Hi");
        let Value::Object(form) = json!({ "name": "Ada", "age": 36 }) else {
            panic!()
        };
        assert_eq!(
            PredictionRequest::from_form(form).text(),
            "name: Ada\nage: 36"
        );
        assert_eq!(PredictionRequest::default().text(), "");
    }

    #[test]
    fn a_request_says_whether_it_names_a_memory() {
        let request = PredictionRequest::new("Hi").override_config("temperature", 0);
        assert!(!request.has_session_id());
        assert!(request.session_id("mine").has_session_id());
    }
}
