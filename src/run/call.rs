//! Flowise's REST calls. Each is described once, for both drivers.

use super::target::Target;
use crate::endpoint::encode;
use crate::error::Error;

/// A call that a chat page makes besides predictions: one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// Whether the chatflow streams (`controllers/chatflows`).
    IsStreaming,
    /// The settings of the chatflow's owner for chat pages.
    ChatbotConfig,
    /// Stops what runs in a conversation.
    Abort { chat_id: String },
    /// Adds a feedback, or changes the one with this id.
    Feedback { id: Option<String> },
    /// Records who asks.
    Lead,
    /// Sends files and returns their text.
    Attach { chat_id: String },
    /// Speaks a text.
    Speech,
}

/// The content of a request's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Nothing,
    /// The question, in the conversation that [`Effect::Enter`](super::Effect::Enter) named. Its events arrive as a stream, or at
    /// the socket that [`Effect::Listen`](super::Effect::Listen) named. Without that effect, the question names no socket.
    Question {
        streaming: bool,
    },
    /// The data from the page, with the chatflow's id as the member of this name.
    Data {
        member: &'static str,
        chatflow: String,
    },
    /// The form from the page.
    Form,
}

/// What a call expects as its reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expects {
    /// JSON. A value that is not an object counts as an empty object: a chatflow without settings answers `"OK"`.
    Json,
    /// An event stream, which the driver passes on.
    EventStream,
}

/// A request in plain values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) url: String,
    pub(crate) body: Content,
    /// It outlives the page and its caller.
    pub(crate) outlives: bool,
    /// The reply may be unreadable: only its existence counts.
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

    /// `GET /ping`, to check whether any server answers.
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

    pub(super) const fn expects(&self) -> Expects {
        match self {
            Self::Speech => Expects::EventStream,
            _ => Expects::Json,
        }
    }

    /// Whether a chatflow's own allowed origins cover the call. The other calls follow the server's `CORS_ORIGINS`, since Flowise
    /// 3.0.9 (`utils/XSS.ts`).
    pub(super) const fn is_open(&self) -> bool {
        matches!(self, Self::IsStreaming | Self::ChatbotConfig | Self::Speech)
    }
}
