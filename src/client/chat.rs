//! A conversation with its memory.

use serde::{Deserialize, Serialize};

use super::{EventStream, Flowise};
use crate::payload::Prediction;
use crate::random::uuid;
use crate::request::PredictionRequest;

/// What a page stores to continue a conversation after a reload: plain data for `serde`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ChatState {
    /// The conversation's id on the server.
    pub chat_id: String,
    /// The memory that it continues with, even after its id has changed.
    pub session_id: Option<String>,
}

/// A conversation with a chatflow: each question has the memory of the ones before it.
///
/// ```no_run
/// # async fn f(flowise: flowise_stream::Flowise) -> Result<(), flowise_stream::Error> {
/// use flowise_stream::Chat;
/// use futures_util::TryStreamExt as _;
///
/// let mut chat = Chat::new(flowise);
/// let mut answer = chat.ask("My name is Ada.");
/// while let Some(event) = answer.try_next().await? {
///     show(&event);
/// }
/// chat.keep(answer.prediction());
/// // after a reload, `Chat::restore(flowise, state)` goes on with it
/// let state = chat.state();
/// # store(state); Ok(()) }
/// # fn show(_: &flowise_stream::Event) {} fn store(_: &flowise_stream::ChatState) {}
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chat {
    flowise: Flowise,
    state: ChatState,
}

impl Chat {
    /// Starts a conversation.
    #[must_use]
    pub fn new(flowise: Flowise) -> Self {
        Self::restore(flowise, ChatState::default())
    }

    /// Continues a stored conversation.
    #[must_use]
    pub fn restore(flowise: Flowise, mut state: ChatState) -> Self {
        if state.chat_id.is_empty() {
            state.chat_id = uuid();
        }
        Self { flowise, state }
    }

    /// What a page stores to continue the conversation later.
    #[must_use]
    pub const fn state(&self) -> &ChatState {
        &self.state
    }

    /// The chatflow.
    #[must_use]
    pub const fn flowise(&self) -> &Flowise {
        &self.flowise
    }

    /// Asks the next question. A question asked while an answer is still arriving waits for that answer.
    pub fn ask(&self, question: impl Into<PredictionRequest>) -> EventStream {
        let mut request = question.into().chat_id(&self.state.chat_id);
        if let Some(session_id) = &self.state.session_id {
            request = request.session_id(session_id);
        }
        self.flowise.stream(&request)
    }

    /// Keeps the memory that an answer names. Call it with each answer, including the part of one that was stopped or lost
    /// ([`Error::partial`](crate::Error::partial)).
    pub fn keep<'a>(&mut self, answer: impl Into<Option<&'a Prediction>>) {
        if let Some(Prediction {
            session_id: Some(session_id),
            ..
        }) = answer.into()
        {
            self.state.session_id = Some(session_id.clone());
        }
    }

    /// Stops what runs in the conversation on the server, also what another page started.
    ///
    /// # Errors
    ///
    /// As for [`Flowise::abort`].
    pub async fn stop(&self) -> Result<(), crate::Error> {
        self.flowise.abort(&self.state.chat_id).await
    }
}
