//! The body of `POST /api/v1/prediction/:id`, in the three forms that Flowise accepts.

use axum::http::{HeaderMap, header};
use bytes::Bytes;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::recordings::RecordedIds;

/// The question and its options.
#[derive(Clone, Debug, Default)]
pub(crate) struct Question {
    pub(crate) question: Option<String>,
    pub(crate) streaming: bool,
    pub(crate) socket_io_client_id: Option<String>,
    pub(crate) ids: Ids,
    pub(crate) body: Value,
    /// `?bytes=` in the address, for `trouble-huge`.
    pub(crate) bytes: Option<u64>,
}

/// The ids of one run: from the request, or new.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ids {
    pub(crate) chat: String,
    pub(crate) session: String,
    pub(crate) message: String,
}

/// A body that is neither JSON nor a form.
#[derive(Debug)]
pub(crate) struct BadBody(pub(crate) String);

impl Question {
    /// Reads the body by its content type.
    ///
    /// # Errors
    ///
    /// If it does not match its content type.
    pub(crate) async fn read(headers: &HeaderMap, body: Bytes) -> Result<Self, BadBody> {
        let content_type = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let body = if let Ok(boundary) = multer::parse_boundary(content_type) {
            multipart(boundary, body).await?
        } else if content_type.starts_with("application/x-www-form-urlencoded") {
            url::form_urlencoded::parse(&body)
                .map(|(name, value)| (name.into_owned(), Value::from(value.into_owned())))
                .collect::<Map<_, _>>()
                .into()
        } else if body.is_empty() || !content_type.starts_with("application/json") {
            // Express does not read a body of an unknown type.
            json!({})
        } else {
            serde_json::from_slice(&body).map_err(|cause| BadBody(json_complaint(&cause)))?
        };
        Ok(Self::new(body))
    }

    fn new(body: Value) -> Self {
        let text = |name: &str| {
            let text = body.get(name)?.as_str()?;
            (!text.is_empty()).then(|| text.to_owned())
        };
        let chat = text("chatId").unwrap_or_else(|| Uuid::new_v4().to_string());
        let session = body["overrideConfig"]["sessionId"].as_str();
        Self {
            question: body["question"].as_str().map(str::to_owned),
            streaming: body["streaming"] == true || body["streaming"] == "true",
            socket_io_client_id: text("socketIOClientId"),
            ids: Ids {
                session: session.map_or_else(|| chat.clone(), str::to_owned),
                chat,
                message: Uuid::new_v4().to_string(),
            },
            body,
            bytes: None,
        }
    }

    /// The question, or an empty text.
    pub(crate) fn words(&self) -> &str {
        self.question.as_deref().unwrap_or_default()
    }

    /// Whether the question contains this word.
    pub(crate) fn says(&self, word: &str) -> bool {
        self.words()
            .split(|c: char| !c.is_alphanumeric())
            .any(|w| w.eq_ignore_ascii_case(word))
    }

    /// The first number in the question.
    pub(crate) fn number(&self) -> Option<u64> {
        self.words()
            .split(|c: char| !c.is_ascii_digit())
            .find_map(|digits| digits.parse().ok())
    }
}

/// V8's message about such a JSON text, as far as the recordings show it.
fn json_complaint(cause: &serde_json::Error) -> String {
    if cause.is_eof() {
        "Unexpected end of JSON input".to_owned()
    } else {
        format!("Unexpected token in JSON at position {}", cause.column())
    }
}

async fn multipart(boundary: String, body: Bytes) -> Result<Value, BadBody> {
    let whole = futures_util::stream::once(async move { Ok::<_, std::io::Error>(body) });
    let mut parts = multer::Multipart::new(whole, boundary);
    let mut fields = Map::new();
    let mut uploads = Vec::new();
    let bad = |cause: multer::Error| BadBody(cause.to_string());
    while let Some(part) = parts.next_field().await.map_err(bad)? {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let mime = part.content_type().map(ToString::to_string);
        if let Some(file) = file {
            uploads.push(json!({ "type": "file", "name": file, "mime": mime }));
            continue;
        }
        let text = part.text().await.map_err(bad)?;
        // Flowise reads `overrideConfig` and similar members from JSON within the form.
        let value = if text.starts_with(['{', '[']) {
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        } else {
            Value::String(text)
        };
        fields.insert(name, value);
    }
    if !uploads.is_empty() {
        fields.insert("uploads".to_owned(), uploads.into());
    }
    Ok(fields.into())
}

/// Replaces the recorded ids and question by those of a request.
#[derive(Debug)]
pub(crate) struct Rewrite {
    ids: Vec<(String, String)>,
    question: Option<(String, String)>,
}

impl Rewrite {
    pub(crate) fn new(recorded: &RecordedIds, request: &Question) -> Self {
        let mut ids = Vec::new();
        // Recorded sessions are named as their chats, so the member's name tells them apart.
        if let Some(session) = &recorded.session_id {
            let member = |id: &str| format!("\"sessionId\":{}", Value::from(id));
            ids.push((member(session), member(&request.ids.session)));
        }
        if let Some(chat) = &recorded.chat_id {
            ids.push((chat.clone(), request.ids.chat.clone()));
        }
        if let Some(message) = &recorded.chat_message_id {
            ids.push((message.clone(), request.ids.message.clone()));
        }
        let member = |text: &str| format!("\"question\":{}", Value::from(text));
        let question = recorded.question.as_deref().map(|recorded| {
            match &request.question {
                Some(asked) => (member(recorded), member(asked)),
                // Flowise omits the member if the request has no question.
                None => (format!("{},", member(recorded)), String::new()),
            }
        });
        Self { ids, question }
    }

    /// Replaces the ids everywhere in `text`.
    pub(crate) fn ids(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (recorded, own) in &self.ids {
            if !recorded.is_empty() && text.contains(recorded.as_str()) {
                text = text.replace(recorded.as_str(), own);
            }
        }
        text
    }

    /// Replaces the ids and the recorded question; for metadata and replies.
    pub(crate) fn all(&self, text: &str) -> String {
        let text = self.ids(text);
        match &self.question {
            Some((recorded, own)) => text.replacen(recorded.as_str(), own, 1),
            None => text,
        }
    }
}
