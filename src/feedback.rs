//! What a person thinks of an answer, and the person's contact details.

use serde::{Deserialize, Serialize};

/// A rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum Rating {
    /// The answer helped.
    ThumbsUp,
    /// The answer did not help.
    ThumbsDown,
}

/// What a person thinks of an answer: the body of Flowise's `POST /api/v1/feedback/:id`, or of `PUT` if it has an id.
///
/// ```
/// use flowise_stream::{Feedback, Rating};
///
/// let feedback = Feedback::new("chat", "message", Rating::ThumbsUp).content("Just what I needed.");
/// assert_eq!(feedback.rating, Some(Rating::ThumbsUp));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Feedback {
    /// The id of an existing feedback, to change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The conversation's id.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub chat_id: String,
    /// The message's id: `Prediction::chat_message_id`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message_id: String,
    /// The rating.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
    /// A comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
}

impl Feedback {
    /// Creates a feedback on a message of a conversation.
    #[must_use]
    pub fn new(chat_id: impl Into<String>, message_id: impl Into<String>, rating: Rating) -> Self {
        Self {
            chat_id: chat_id.into(),
            message_id: message_id.into(),
            rating: Some(rating),
            ..Self::default()
        }
    }

    /// Creates a change to the feedback with this id.
    #[must_use]
    pub fn change(id: impl Into<String>, rating: Rating) -> Self {
        Self {
            id: Some(id.into()),
            rating: Some(rating),
            ..Self::default()
        }
    }

    /// Adds a comment.
    #[must_use]
    pub fn content(mut self, content: impl Into<String>) -> Self {
        self.content = Some(content.into());
        self
    }
}

/// The person who asks: the body of Flowise's `POST /api/v1/leads`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Lead {
    /// The conversation's id.
    pub chat_id: String,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}
