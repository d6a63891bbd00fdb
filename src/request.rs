//! What is asked of a chatflow.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::base64;
use crate::event::{Action, lenient};

/// The body of `POST /prediction/:id`: a question and what belongs to it.
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
    /// Asks a question.
    pub fn new(question: impl Into<String>) -> Self {
        Self {
            question: Some(question.into()),
            ..Self::default()
        }
    }

    /// Fills in the form that an AgentFlow starts with, in place of a question.
    #[must_use]
    pub fn from_form(form: Map<String, Value>) -> Self {
        Self {
            form: Some(form),
            ..Self::default()
        }
    }

    /// The conversation. Without it every request is a conversation of its own.
    ///
    /// Requests with one `chatId` wait for each other, as the server would mix up their answers.
    #[must_use]
    pub fn chat_id(mut self, chat_id: impl Into<String>) -> Self {
        self.chat_id = Some(chat_id.into());
        self
    }

    /// The conversation's memory, if it is not to go by the chat's id (`overrideConfig.sessionId`).
    #[must_use]
    pub fn session_id(self, session_id: impl Into<String>) -> Self {
        self.override_config("sessionId", session_id.into())
    }

    /// Overrides a setting of the flow. The server takes only those that are enabled in the flow's configuration.
    #[must_use]
    pub fn override_config(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.override_config.insert(name.into(), value.into());
        self
    }

    /// What was said before, for flows without a memory of their own.
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

    /// The address of the person who asks, as the flow's lead.
    #[must_use]
    pub fn lead_email(mut self, email: impl Into<String>) -> Self {
        self.lead_email = Some(email.into());
        self
    }

    /// Answers the question of a sequential agent: its [`Action`](crate::Event::Action) as it came. The question of this
    /// request is the label of the button that was chosen.
    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.action = Some(Box::new(action));
        self
    }

    /// Answers the question of an AgentFlow.
    #[must_use]
    pub fn human_input(mut self, input: HumanInput) -> Self {
        self.human_input = Some(input);
        self
    }

    /// Sets a member by its name, for what has no method here.
    #[must_use]
    pub fn set(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.other.insert(name.into(), value.into());
        self
    }
}

/// A message that was said before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HistoryMessage {
    /// Who said it.
    pub role: Role,
    /// What was said.
    pub content: String,
}

impl HistoryMessage {
    /// The person said it.
    pub fn user(content: impl Into<String>) -> Self {
        Self {
            role: Role::User,
            content: content.into(),
        }
    }

    /// The chatflow said it.
    pub fn api(content: impl Into<String>) -> Self {
        Self {
            role: Role::Api,
            content: content.into(),
        }
    }
}

/// Who said something; [`HistoryMessage::user`] and [`HistoryMessage::api`] know.
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

/// A person's decision that an AgentFlow waits for.
///
/// ```
/// use flowise_stream::{HumanInput, PredictionRequest};
///
/// let request = PredictionRequest::default()
///     .chat_id("the chat that waits")
///     .human_input(HumanInput::reject().feedback("too expensive"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct HumanInput {
    #[serde(rename = "type")]
    decision: String,
    /// Servers before 3.0.5 need the node that asked; later ones find it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    start_node_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    feedback: Option<String>,
}

impl HumanInput {
    /// The flow goes on as planned.
    #[must_use]
    pub fn proceed() -> Self {
        Self::of("proceed")
    }

    /// The flow goes on as if refused.
    #[must_use]
    pub fn reject() -> Self {
        Self::of("reject")
    }

    fn of(decision: &str) -> Self {
        Self {
            decision: decision.to_owned(),
            start_node_id: None,
            feedback: None,
        }
    }

    /// The node that asked: `data.nodeId` of its [`Action`]. Servers from 3.0.5 on find it themselves.
    #[must_use]
    pub fn start_node_id(mut self, id: impl Into<String>) -> Self {
        self.start_node_id = Some(id.into());
        self
    }

    /// What the person has to say about it.
    #[must_use]
    pub fn feedback(mut self, feedback: impl Into<String>) -> Self {
        self.feedback = Some(feedback.into());
        self
    }
}

/// A file that goes with a question.
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
    /// What is to be done with it: `file`, `file:full`, `file:rag`, `audio`, `url`.
    #[serde(rename = "type", deserialize_with = "lenient::text")]
    pub kind: String,
    /// Its name.
    #[serde(deserialize_with = "lenient::text")]
    pub name: String,
    /// Its media type, such as `image/png`.
    #[serde(deserialize_with = "lenient::text")]
    pub mime: String,
    /// A `data:` URL, text, or an address; `kind` decides.
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

    /// An image, or another file that the model itself looks at.
    pub fn file(name: impl Into<String>, mime: impl Into<String>, bytes: &[u8]) -> Self {
        let mime = mime.into();
        let data = data_url(&mime, bytes);
        Self::new("file", name, mime, Some(data))
    }

    /// Speech, which the server writes down.
    pub fn audio(name: impl Into<String>, mime: impl Into<String>, bytes: &[u8]) -> Self {
        let mime = mime.into();
        let data = data_url(&mime, bytes);
        Self::new("audio", name, mime, Some(data))
    }

    /// The text of a file, all of which becomes a part of the question: an attachment's `content`.
    pub fn full_text(
        name: impl Into<String>,
        mime: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        Self::new("file:full", name, mime, Some(text.into()))
    }

    /// A file that was stored in the flow's vector store for this conversation before.
    pub fn retrieved(name: impl Into<String>, mime: impl Into<String>) -> Self {
        Self::new("file:rag", name, mime, None)
    }

    /// An image at an address.
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
