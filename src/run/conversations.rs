//! Conversations in which an abandoned run may still be working.
//!
//! A server of event streams keeps its streams by `chatId` (`packages/server/src/utils/SSEStreamer.ts`). It does not notice
//! that a client is gone, and never stops a classic chain or tool agent (`packages/server/src/utils/buildChatflow.ts`). Such
//! a run would write into the next stream of its conversation, and end it. So the conversation moves to another id and keeps
//! its memory: `getMemorySessionId` prefers `overrideConfig.sessionId` to `chatId`.

/// The maximum number of moved conversations that are remembered.
const MOST: usize = 64;
/// The maximum number of ids for each, besides the first: a page may still use an older one.
const MOST_IDS: usize = 16;

/// The conversations that have moved, oldest first.
#[derive(Clone, Debug)]
pub(super) struct Conversations(Vec<Moved>);

#[derive(Clone, Debug)]
struct Moved {
    server: String,
    /// The first id identifies the conversation; the last one is its current id.
    ids: Vec<String>,
    session_id: String,
}

impl Conversations {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// The first id of the conversation that now has this id.
    pub(super) fn root<'a>(&'a self, server: &str, chat_id: &'a str) -> &'a str {
        self.find(server, chat_id)
            .and_then(|moved| moved.ids.first())
            .map_or(chat_id, String::as_str)
    }

    /// The current id of a moved conversation, and its memory.
    pub(super) fn current(&self, server: &str, chat_id: &str) -> Option<(&str, &str)> {
        let moved = self.find(server, chat_id)?;
        Some((moved.ids.last()?, &moved.session_id))
    }

    /// Moves a conversation to the id `next`.
    pub(super) fn leave(&mut self, server: &str, chat_id: &str, next: &str, session_id: &str) {
        if let Some(moved) = self.0.iter_mut().find(|moved| moved.has(server, chat_id)) {
            moved.ids.push(next.to_owned());
            if moved.ids.len() > MOST_IDS + 1 {
                moved.ids.remove(1);
            }
            session_id.clone_into(&mut moved.session_id);
            return;
        }
        self.0.push(Moved {
            server: server.to_owned(),
            ids: vec![chat_id.to_owned(), next.to_owned()],
            session_id: session_id.to_owned(),
        });
    }

    /// Forgets the oldest conversations above the limit. It keeps those for which `is_busy` is true: their runs wait in a line
    /// under the first id.
    pub(super) fn trim(&mut self, is_busy: impl Fn(&str) -> bool) {
        let mut surplus = self.0.len().saturating_sub(MOST);
        self.0.retain(|moved| {
            let goes = surplus > 0 && !moved.ids.first().is_some_and(|root| is_busy(root));
            surplus -= usize::from(goes);
            !goes
        });
    }

    fn find(&self, server: &str, chat_id: &str) -> Option<&Moved> {
        self.0.iter().find(|moved| moved.has(server, chat_id))
    }
}

impl Moved {
    fn has(&self, server: &str, chat_id: &str) -> bool {
        self.server == server && self.ids.iter().any(|id| id == chat_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leave(moved: &mut Conversations, chat_id: &str, next: &str) {
        moved.leave("a", chat_id, next, "memory");
    }

    #[test]
    fn a_conversation_that_has_not_moved_keeps_its_id() {
        let mut moved = Conversations::new();
        leave(&mut moved, "1", "2");
        assert_eq!(moved.current("a", "3"), None);
        assert_eq!(moved.current("b", "1"), None, "ids are a server's own");
        assert_eq!(moved.root("a", "3"), "3");
    }

    #[test]
    fn a_moved_conversation_keeps_its_memory_under_each_of_its_ids() {
        let mut moved = Conversations::new();
        leave(&mut moved, "1", "2");
        leave(&mut moved, "other", "another");
        leave(&mut moved, "2", "3");
        for id in ["1", "2", "3"] {
            assert_eq!(moved.current("a", id), Some(("3", "memory")), "{id}");
            assert_eq!(moved.root("a", id), "1", "{id}");
        }
        // a page may have chosen another memory meanwhile
        moved.leave("a", "3", "4", "another memory");
        assert_eq!(moved.current("a", "1"), Some(("4", "another memory")));
    }

    #[test]
    fn the_oldest_idle_conversation_is_forgotten() {
        let mut moved = Conversations::new();
        for number in 0..=MOST {
            let id = number.to_string();
            leave(&mut moved, &id, &format!("next of {id}"));
        }
        moved.trim(|root| root == "0");
        assert!(moved.current("a", "0").is_some());
        assert_eq!(moved.current("a", "1"), None);
        assert!(moved.current("a", "2").is_some());
        assert_eq!(moved.0.len(), MOST);
    }

    #[test]
    fn a_conversation_that_moves_often_keeps_its_first_and_latest_ids() {
        let mut moved = Conversations::new();
        for number in 0..100 {
            leave(&mut moved, &number.to_string(), &(number + 1).to_string());
        }
        assert_eq!(moved.current("a", "0"), Some(("100", "memory")));
        assert_eq!(moved.current("a", "99"), Some(("100", "memory")));
        assert_eq!(moved.current("a", "50"), None);
    }
}
