//! Runs that are not questions: the other calls, and the checks whether a server answers. They share the session with questions, but
//! do not wait in their lines and do not touch their sockets and conversations.

use super::errand::{Errand, Kind};
use super::page::Page;
use super::server::Asks;
use super::world::World;
use crate::endpoint::Endpoint;
use crate::error::ErrorKind;
use crate::finish::FinishReason;
use crate::run::{Ask, Call, Head, Limits, Outcome, Request, Target, Task};

impl World {
    /// The page makes a call, or a socket checks whether a server answers.
    pub(super) fn call(&mut self, kind: Kind, conversation: usize, limits: Limits) {
        let mut target = self.target.clone();
        let mut chat_id = String::new();
        // a driver asks for this only if it may use a server of event streams
        let learns = !self.server.speaks_socket_io;
        let (task, limit) = match kind {
            Kind::Settings => (Task::Call(Call::ChatbotConfig), limits.first_byte),
            Kind::Stop => {
                let chat = &self.conversations[conversation];
                let current = self.session.current_chat(&target, &chat.root);
                assert_eq!(current, chat.current, "the conversation to stop");
                current.clone_into(&mut chat_id);
                let chat_id = chat_id.clone();
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
            chat_id,
            ..Page::new(id, number, limits, self.now)
        });
        self.perform_all(effects);
    }
}

impl Page {
    /// The purpose of a page's request. A call is sent once; after it, the page may knock once.
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

    /// A reply has begun. A call that takes events needs no more, and neither does a check whether a server answers.
    pub(super) fn has_head(&mut self, asks: Asks, head: &Head) {
        let kind = self.errand.as_ref().map(|errand| errand.kind);
        match asks {
            Asks::Speech => self.answered(head.is_event_stream()),
            Asks::Ping if kind == Some(Kind::Knock) => self.answered(!head.redirects),
            _ => {}
        }
    }

    /// Whether the reply contains what the request asked for.
    pub(super) fn answered(&mut self, is_good: bool) {
        if let Some(errand) = &mut self.errand {
            errand.is_answered = is_good;
        }
    }

    /// The allowed outcome of a call, given what the driver has reported.
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
            // a server that refuses is also a server that answers
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
