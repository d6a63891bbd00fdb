//! Flowise's REST calls: each described once, for whoever sends it.

use super::target::Target;
use crate::endpoint::encode;
use crate::error::Error;

/// A call that a chat page makes besides predictions: one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// Whether the chatflow streams (`controllers/chatflows`).
    IsStreaming,
    /// What the chatflow's owner has set for chat pages.
    ChatbotConfig,
    /// Stops what runs in a conversation.
    Abort { chat_id: String },
    /// Adds a feedback, or changes the one with this id.
    Feedback { id: Option<String> },
    /// Says who asks.
    Lead,
    /// Sends files, and gets their text.
    Attach { chat_id: String },
    /// Speaks a text.
    Speech,
}

/// What a request's body is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Nothing,
    /// The question, in the conversation that [`Effect::Enter`](super::Effect::Enter) named. Its events come as a stream, or else to
    /// the socket that [`Effect::Listen`](super::Effect::Listen) was about; without that effect, the question names no socket.
    Question {
        streaming: bool,
    },
    /// What the page gave, with the chatflow's id as the member of this name.
    Data {
        member: &'static str,
        chatflow: String,
    },
    /// The form that the page gave.
    Form,
}

/// What the reply of a call must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// JSON. What is no object stands for an empty one: a chatflow without settings answers `"OK"`.
    Json,
    /// An event stream, which is handed on.
    EventStream,
}

/// A request, in plain values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) url: String,
    pub(crate) body: Content,
    /// It outlives the page, and whoever asked for it.
    pub(crate) outlives: bool,
    /// The reply need not be readable: only whether there is one counts.
    pub(crate) blind: bool,
    /// The URL ends where the id of the answer's message belongs.
    pub(crate) names_message: bool,
}

impl Request {
    const fn get(url: String) -> Self {
        Self {
            method: "GET",
            url,
            body: Content::Nothing,
            outlives: false,
            blind: false,
            names_message: false,
        }
    }

    /// `POST /prediction/:id`
    pub(super) fn prediction(target: &Target, streaming: bool) -> Result<Self, Error> {
        Ok(Self {
            method: "POST",
            body: Content::Question { streaming },
            ..Self::get(target.url("/prediction/")?)
        })
    }

    /// `GET /chatflows-streaming/:id`, which is open to every origin that may use the chatflow.
    pub(super) fn is_streaming(target: &Target) -> Result<Self, Error> {
        target.url("/chatflows-streaming/").map(Self::get)
    }

    /// `GET /chatmessage/:id?messageId=…`, which needs a key.
    pub(super) fn history(target: &Target) -> Result<Self, Error> {
        let url = target.url("/chatmessage/")?;
        let sign = if url.contains('?') { "&" } else { "?" };
        Ok(Self {
            names_message: true,
            ..Self::get([&url, sign, "messageId="].concat())
        })
    }

    /// `GET /ping`, to know whether anything answers at all.
    pub(super) fn ping(target: &Target) -> Self {
        Self {
            blind: true,
            ..Self::get(target.endpoint.api("/ping"))
        }
    }
}

impl Call {
    pub(super) fn request(&self, target: &Target) -> Result<Request, Error> {
        let send = |method, url, body| Request {
            method,
            body,
            ..Request::get(url)
        };
        let about = |member| Content::Data {
            member,
            chatflow: target.chatflow().unwrap_or_default().to_owned(),
        };
        // Flowise spells the member in two ways
        let (chatflowid, chatflow_id) = ("chatflowid", "chatflowId");
        let in_chat = |path, chat_id: &str| target.url_in(path, chat_id);
        Ok(match self {
            Self::IsStreaming => Request::is_streaming(target)?,
            Self::ChatbotConfig => Request::get(target.url("/public-chatbotConfig/")?),
            Self::Abort { chat_id } => Request {
                outlives: true,
                ..send(
                    "PUT",
                    in_chat("/chatmessage/abort/", chat_id)?,
                    Content::Nothing,
                )
            },
            Self::Feedback { id: None } => {
                send("POST", target.url("/feedback/")?, about(chatflowid))
            }
            Self::Feedback { id: Some(id) } => {
                let path = ["/feedback/", &encode(id)].concat();
                send("PUT", target.endpoint.api(&path), about(chatflowid))
            }
            Self::Lead => send("POST", target.endpoint.api("/leads"), about(chatflowid)),
            Self::Attach { chat_id } => {
                send("POST", in_chat("/attachments/", chat_id)?, Content::Form)
            }
            Self::Speech => send(
                "POST",
                target.endpoint.api("/text-to-speech/generate"),
                about(chatflow_id),
            ),
        })
    }

    pub(super) const fn reply(&self) -> Reply {
        match self {
            Self::Speech => Reply::EventStream,
            _ => Reply::Json,
        }
    }

    /// Whether a chatflow's own allowed origins open it to a page. The others take `CORS_ORIGINS` of the server, since Flowise
    /// 3.0.9 (`utils/XSS.ts`).
    pub(super) const fn is_open(&self) -> bool {
        matches!(self, Self::IsStreaming | Self::ChatbotConfig | Self::Speech)
    }
}
