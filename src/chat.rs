//! Conversations in which a run may go on that nobody listens to any more.
//!
//! A server of event streams keeps its streams by `chatId` (`packages/server/src/utils/SSEStreamer.ts`). It does not notice
//! that a client is gone, and never stops a classic chain or tool agent (`packages/server/src/utils/buildChatflow.ts`): such
//! a run would write into the next stream of its conversation, and end it. So the conversation goes on under another id,
//! with the same memory (`getMemorySessionId` takes `overrideConfig.sessionId` before `chatId`).

/// How many are remembered. A run of which so many others were left later is over.
const MOST: usize = 64;

/// The conversations that were left, oldest first.
#[derive(Debug)]
pub(crate) struct LeftChats(Vec<Left>);

#[derive(Debug)]
struct Left {
    server: String,
    chat_id: String,
    /// The id under which it goes on.
    next: String,
    session_id: String,
}

/// How a conversation goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GoesOn {
    pub(crate) chat_id: String,
    /// Whose memory it has.
    pub(crate) session_id: String,
}

impl LeftChats {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    /// From now on, who asks in this conversation asks under the id `next`.
    pub(crate) fn leave(&mut self, server: &str, chat_id: &str, next: GoesOn) {
        if self.0.len() == MOST {
            self.0.remove(0);
        }
        self.0.push(Left {
            server: server.to_owned(),
            chat_id: chat_id.to_owned(),
            next: next.chat_id,
            session_id: next.session_id,
        });
    }

    /// How a conversation goes on if it was left, or if the id is one that it goes on under.
    pub(crate) fn find(&self, server: &str, chat_id: &str) -> Option<GoesOn> {
        let (mut id, mut session_id) = (chat_id, None);
        // the later ones may be about the ids of the earlier
        for left in self.0.iter().filter(|left| left.server == server) {
            if left.chat_id == id {
                id = &left.next;
            }
            if left.next == id {
                session_id = Some(&left.session_id);
            }
        }
        Some(GoesOn {
            chat_id: id.to_owned(),
            session_id: session_id?.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goes_on(chat_id: &str, session_id: &str) -> GoesOn {
        GoesOn {
            chat_id: chat_id.to_owned(),
            session_id: session_id.to_owned(),
        }
    }

    #[test]
    fn a_conversation_that_was_not_left_stays_what_it_is() {
        let mut left = LeftChats::new();
        left.leave("a", "1", goes_on("2", "1"));
        assert_eq!(left.find("a", "3"), None);
        assert_eq!(left.find("b", "1"), None, "ids are a server's own");
    }

    #[test]
    fn one_that_was_left_goes_on_with_its_memory_whichever_of_its_ids_is_used() {
        let mut left = LeftChats::new();
        left.leave("a", "1", goes_on("2", "1"));
        left.leave("a", "other", goes_on("another", "other"));
        assert_eq!(left.find("a", "1"), Some(goes_on("2", "1")));
        assert_eq!(left.find("a", "2"), Some(goes_on("2", "1")));
        left.leave("a", "2", goes_on("3", "1"));
        for id in ["1", "2", "3"] {
            assert_eq!(left.find("a", id), Some(goes_on("3", "1")), "{id}");
        }
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let mut left = LeftChats::new();
        for number in 0..=MOST {
            left.leave("a", &number.to_string(), goes_on("next", "first"));
        }
        assert_eq!(left.find("a", "0"), None);
        assert!(left.find("a", "1").is_some());
        assert_eq!(left.0.len(), MOST);
    }
}
