//! What is no question: the calls besides, and the looks whether a server is there. They share the session with questions, and
//! neither wait in their lines nor touch their sockets and conversations.

use super::page::{Errand, Page};
use super::server::Asks;
use super::world::World;
use crate::endpoint::Endpoint;
use crate::error::ErrorKind;
use crate::run::{Ask, Call, FinishReason, Head, Limits, Outcome, Request, Target, Task};

/// A call of each kind that a driver tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Settings,
    Stop,
    Feedback,
    Speech,
    /// Whether a chatflow is there.
    Probe,
    /// Whether a server is there, without a chatflow.
    Knock,
}

impl Kind {
    pub(super) const ALL: [Self; 6] = [
        Self::Settings,
        Self::Stop,
        Self::Feedback,
        Self::Speech,
        Self::Probe,
        Self::Knock,
    ];
}

impl World {
    /// The page makes a call, or a socket wants to know whether a server is there.
    pub(super) fn call(&mut self, kind: Kind, conversation: usize, limits: Limits) {
        let mut target = self.target.clone();
        let chat_id = || {
            let chat = &self.conversations[conversation];
            let current = self.session.current_chat(&target, &chat.root);
            assert_eq!(current, chat.current, "the conversation to stop");
            current.to_owned()
        };
        // a driver asks for this only if a server of event streams is one that it may use
        let learns = !self.server.speaks_socket_io;
        let (task, limit) = match kind {
            Kind::Settings => (Task::Call(Call::ChatbotConfig), limits.first_byte),
            Kind::Stop => {
                let chat_id = chat_id();
                (Task::Call(Call::Abort { chat_id }), limits.connect)
            }
            Kind::Feedback => {
                let id = Some("one".to_owned());
                (Task::Call(Call::Feedback { id }), limits.first_byte)
            }
            Kind::Speech => (Task::Call(Call::Speech), limits.first_byte),
            Kind::Probe => (Task::Probe { learns }, limits.connect),
            Kind::Knock => {
                let server = Endpoint::parse("http://flowise.test").expect("a URL");
                target = Target::new(server, None, false);
                (Task::Probe { learns }, limits.connect)
            }
        };
        let number = self.pages.len();
        let (id, effects) = self.session.ask(Ask {
            task,
            target,
            limits,
        });
        self.pages.push(Page {
            errand: Some(Errand {
                kind,
                limit: u64::from(limit),
                sent: 0,
                knocks: 0,
                is_answered: false,
            }),
            ..Page::new(id, number, limits, self.now)
        });
        self.perform_all(effects);
    }
}

impl Page {
    /// What a request of the page asks for. A call is sent once; after it, the page may knock once.
    pub(super) fn asks_besides(&mut self, request: &Request) -> Option<Asks> {
        let errand = self.errand.as_mut()?;
        if request.url.ends_with("/ping") {
            errand.knocks += 1;
            assert!(errand.knocks == 1, "it knocks twice: {errand:?}");
            return Some(Asks::Ping);
        }
        errand.sent += 1;
        assert!(errand.sent == 1, "a call is sent twice: {errand:?}");
        assert!(errand.knocks == 0, "a call is sent after all: {errand:?}");
        Some(match errand.kind {
            Kind::Probe | Kind::Knock => Asks::IsStreaming,
            Kind::Speech => Asks::Speech,
            Kind::Stop => Asks::Stop,
            Kind::Settings | Kind::Feedback => Asks::Json,
        })
    }

    /// A reply has begun. That is all that is asked for by what takes events, and by a look whether a server is there.
    pub(super) fn has_head(&mut self, asks: Asks, head: &Head) {
        let kind = self.errand.as_ref().map(|errand| errand.kind);
        match asks {
            Asks::Speech => self.answered(head.is_event_stream()),
            Asks::Ping if kind == Some(Kind::Knock) => self.answered(!head.redirects),
            _ => {}
        }
    }

    /// Whether the reply that has come says what was asked for.
    pub(super) fn answered(&mut self, is_good: bool) {
        if let Some(errand) = &mut self.errand {
            errand.is_answered = is_good;
        }
    }

    /// What the outcome of a call may be, by what the driver has told.
    pub(super) fn check_errand(&self, errand: &Errand, outcome: &Outcome, now: u64) {
        let kind = outcome.error.as_ref().map(crate::Error::kind);
        let reason = if kind.is_none() {
            FinishReason::Stop
        } else {
            FinishReason::Error
        };
        assert_eq!(outcome.reason, reason);
        assert!(!outcome.streamed && !outcome.stale, "{outcome:?}");
        assert!(outcome.session_id.is_empty(), "{outcome:?}");
        match errand.kind {
            // what says no is there all the same
            Kind::Probe => {
                assert!(kind.is_none() || !errand.is_answered, "{outcome:?}");
            }
            _ => assert_eq!(kind.is_none(), errand.is_answered, "{outcome:?}"),
        }
        if kind == Some(ErrorKind::Disconnected) {
            assert!(self.wants_end, "stopped by nobody");
        }
        let in_time = errand.limit == 0 || now <= self.asked_at + errand.limit;
        assert!(in_time || !self.has_begun, "beyond its limit: {self:?}");
    }
}
