//! The chats that have asked a question, for faults that occur once.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// The chats that have asked a question.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<HashSet<String>>);

impl Seen {
    /// Whether the chat asks for the first time.
    pub(crate) fn is_first(&self, chat: &str) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.insert(chat.to_owned())
    }

    pub(crate) fn clear(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}
