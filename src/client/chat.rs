//! A conversation with its memory.

use super::mailbox::current_chat;
use super::{EventStream, Flowise};
use crate::chat::{ChatState, Turn};
use crate::random::uuid;
use crate::request::PredictionRequest;

/// A conversation with a chatflow: each question has the memory of the ones before it.
///
/// [`ask`](Self::ask) asks, and [`keep`](Self::keep) records the question with its answer, to show and to store. A chat is
/// plain data, as [`Flowise`] is: a clone is a copy, which does not see what the other one keeps.
///
/// ```no_run
/// # async fn f(flowise: flowise_stream::Flowise, stored: &str) -> Result<(), flowise_stream::Error> {
/// use flowise_stream::Chat;
/// use futures_util::TryStreamExt as _;
///
/// // as it was stored before a reload; an empty conversation at first
/// let state = serde_json::from_str(stored).unwrap_or_default();
/// let mut chat = Chat::restore(flowise, state);
///
/// let mut answer = chat.ask("My name is Ada.");
/// // a page that is closed in mid-answer finds at least the question
/// chat.keep(&answer);
/// store(chat.state());
/// while let Some(event) = answer.try_next().await? {
///     show(&event);
/// }
/// chat.keep(&answer);
/// store(chat.state());
/// # Ok(()) }
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

    /// Continues a stored conversation, or starts one if the state is empty.
    ///
    /// If the last answer was interrupted, for instance because the page was closed, the server may still work on it. The
    /// conversation then continues under another id, with the same memory.
    #[must_use]
    pub fn restore(flowise: Flowise, state: ChatState) -> Self {
        let state = state.resumed(uuid());
        Self { flowise, state }
    }

    /// What a page stores to continue the conversation later.
    #[must_use]
    pub const fn state(&self) -> &ChatState {
        &self.state
    }

    /// The questions and answers that were kept, oldest first.
    #[must_use]
    pub fn turns(&self) -> &[Turn] {
        &self.state.turns
    }

    /// The chatflow.
    #[must_use]
    pub const fn flowise(&self) -> &Flowise {
        &self.flowise
    }

    /// Asks the next question. A question asked while an answer is still arriving waits for that answer.
    ///
    /// The conversation's id replaces one in the request. A session id in the request has priority over the conversation's.
    pub fn ask(&self, question: impl Into<PredictionRequest>) -> EventStream {
        let mut request = question.into().chat_id(&self.state.chat_id);
        if let Some(session_id) = self.state.session_id.as_ref()
            && !request.has_session_id()
        {
            request = request.session_id(session_id);
        }
        self.flowise.stream(&request)
    }

    /// Records a question with its answer as far as it was received, and follows the conversation: to another id if the answer
    /// was stopped or lost, and to the memory that the server names.
    ///
    /// Call it when an answer has ended, in whatever way. It may be called earlier as well, and any number of times: each call
    /// replaces what the last one recorded for the same question.
    pub fn keep(&mut self, answer: &EventStream) {
        let chat_id = answer.chat_id();
        let chat_id = match self.flowise.target() {
            Ok(target) if !chat_id.is_empty() => current_chat(&target, &chat_id),
            _ => String::new(),
        };
        self.state.keep(answer.turn(), chat_id);
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
