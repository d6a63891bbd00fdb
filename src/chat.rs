//! What a page keeps of a conversation: plain data, and the rules by which the conversation goes on.
//!
//! It makes no request and knows no page. `Chat` asks the questions.

use serde::{Deserialize, Serialize};

use crate::finish::FinishReason;
use crate::payload::Prediction;

/// What a page stores to continue a conversation after a reload: plain data for `serde`.
///
/// The size grows with the answers. `turns` is a list like any other: a page whose storage is small may drop the oldest
/// ones, or parts of an answer that it does not show, before it stores the state. The server's memory is its own.
///
/// ```
/// use flowise_stream::ChatState;
///
/// // as a page has stored it, here before its first question
/// let state: ChatState = serde_json::from_str(r#"{"chatId":"5e3a","turns":[]}"#)?;
/// assert_eq!(state.chat_id, "5e3a");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ChatState {
    /// The conversation's id on the server (`chatId`). It changes when an answer is stopped or lost, because the server may
    /// still work on that answer.
    pub chat_id: String,
    /// The session id of the conversation's memory, if it is not `chat_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// The questions with their answers, oldest first.
    pub turns: Vec<Turn>,
}

/// A question of a conversation, and its answer.
///
/// ```
/// use flowise_stream::{ChatState, FinishReason};
///
/// # let stored = r#"{"chatId":"5e3a","turns":[{"id":"1","question":"Hi","answer":{"text":"Hello","finishReason":"stop"}}]}"#;
/// let state: ChatState = serde_json::from_str(stored)?;
/// for turn in &state.turns {
///     println!("You: {}\nFlowise: {}", turn.question, turn.answer.text);
///     if turn.answer.finish_reason == FinishReason::Interrupted {
///         println!("(the page was closed, or the connection broke)");
///     }
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Turn {
    /// Identifies the turn, for instance as the key of a list in a page.
    pub id: String,
    /// The text of the question. For a form, a line for each of its fields.
    pub question: String,
    /// The answer, as far as it was kept: [`FinishReason::Interrupted`] until it has ended.
    pub answer: Prediction,
}

impl ChatState {
    /// The state of a conversation that continues after a reload. `next` is a new id.
    ///
    /// If the last answer was interrupted, the server may still work on it, and would write into the next answer. The
    /// conversation then moves to the new id and keeps its memory.
    pub(crate) fn resumed(mut self, next: String) -> Self {
        let last = self.turns.last();
        if self.chat_id.is_empty() {
            self.chat_id = next;
        } else if last.is_some_and(|turn| turn.answer.finish_reason == FinishReason::Interrupted) {
            let memory = std::mem::replace(&mut self.chat_id, next);
            self.session_id.get_or_insert(memory);
        }
        self
    }

    /// Keeps a turn, in place of an earlier version of it. `chat_id` is the id that the conversation now has; it is empty if
    /// the question could not be asked.
    pub(crate) fn keep(&mut self, turn: Turn, chat_id: String) {
        if !chat_id.is_empty() {
            let memory = turn.answer.session_id.clone();
            let memory = memory.or_else(|| self.session_id.take());
            let before = std::mem::replace(&mut self.chat_id, chat_id);
            let memory = memory.unwrap_or(before);
            self.session_id = (memory != self.chat_id).then_some(memory);
        }
        match self.turns.iter_mut().find(|known| known.id == turn.id) {
            Some(known) => *known = turn,
            None => self.turns.push(turn),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(id: &str, finish_reason: FinishReason, session_id: Option<&str>) -> Turn {
        Turn {
            id: id.to_owned(),
            question: ["question ", id].concat(),
            answer: Prediction {
                finish_reason,
                session_id: session_id.map(str::to_owned),
                ..Prediction::default()
            },
        }
    }

    fn begun() -> ChatState {
        ChatState::default().resumed("one".to_owned())
    }

    fn ids(state: &ChatState) -> (&str, Option<&str>) {
        (&state.chat_id, state.session_id.as_deref())
    }

    #[test]
    fn a_conversation_stays_what_it_is_while_its_answers_are_complete() {
        let mut state = begun();
        for id in ["a", "b"] {
            state.keep(turn(id, FinishReason::Stop, Some("one")), "one".to_owned());
            assert_eq!(ids(&state), ("one", None));
        }
        let state = state.resumed("two".to_owned());
        assert_eq!(ids(&state), ("one", None));
        assert_eq!(state.turns.len(), 2);
    }

    #[test]
    fn one_whose_answer_was_stopped_goes_on_under_another_id_with_its_memory() {
        let mut state = begun();
        state.keep(turn("a", FinishReason::Aborted, None), "two".to_owned());
        assert_eq!(ids(&state), ("two", Some("one")));
        let mut state = state.resumed("three".to_owned());
        assert_eq!(ids(&state), ("two", Some("one")));
        state.keep(turn("b", FinishReason::Stop, Some("one")), "two".to_owned());
        assert_eq!(ids(&state), ("two", Some("one")));
    }

    #[test]
    fn one_whose_page_was_closed_in_mid_answer_leaves_the_run_behind() {
        let mut state = begun();
        state.keep(turn("a", FinishReason::Interrupted, None), "one".to_owned());
        let state = state.resumed("two".to_owned());
        assert_eq!(ids(&state), ("two", Some("one")));
        let state = state.resumed("three".to_owned());
        assert_eq!(
            ids(&state),
            ("three", Some("one")),
            "the memory is the first one's"
        );
    }

    #[test]
    fn the_servers_memory_is_kept() {
        let mut state = begun();
        state.keep(
            turn("a", FinishReason::Stop, Some("user-7")),
            "one".to_owned(),
        );
        assert_eq!(ids(&state), ("one", Some("user-7")));
        state.keep(turn("b", FinishReason::Error, None), "one".to_owned());
        assert_eq!(ids(&state), ("one", Some("user-7")));
    }

    #[test]
    fn a_turn_that_is_kept_again_takes_its_own_place() {
        let mut state = begun();
        state.keep(turn("a", FinishReason::Interrupted, None), "one".to_owned());
        state.keep(turn("b", FinishReason::Interrupted, None), "one".to_owned());
        state.keep(turn("a", FinishReason::Stop, None), "one".to_owned());
        let kept: Vec<_> = state
            .turns
            .iter()
            .map(|turn| (turn.id.as_str(), turn.answer.finish_reason))
            .collect();
        assert_eq!(
            kept,
            [("a", FinishReason::Stop), ("b", FinishReason::Interrupted)]
        );
    }

    #[test]
    fn a_question_that_could_not_be_asked_changes_no_id() {
        let mut state = begun();
        state.keep(turn("a", FinishReason::Interrupted, None), String::new());
        assert_eq!(ids(&state), ("one", None));
        assert_eq!(state.turns.len(), 1);
    }

    #[test]
    fn what_is_stored_is_read_as_it_was_and_what_is_missing_is_empty() {
        let mut state = begun();
        state.keep(turn("a", FinishReason::Aborted, None), "two".to_owned());
        let stored = serde_json::to_string(&state).unwrap_or_default();
        assert_eq!(serde_json::from_str::<ChatState>(&stored).ok(), Some(state));
        let older: Option<ChatState> =
            serde_json::from_str(r#"{"chatId":"c","sessionId":"s","other":1}"#).ok();
        let older = older.expect("an older state");
        assert_eq!(ids(&older), ("c", Some("s")));
        assert!(older.turns.is_empty());
    }
}
