//! The model driver: performs effects in a world of sockets, requests and a clock, and reports the results.

use std::collections::VecDeque;

use super::page::{Page, slot};
use super::server::{Asks, Request, Server};
use super::socket::Socket;
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};
use crate::run::{
    Ask, By, Content, Effect, Fact, Limits, Question, RunId, Session, Target, Task, Via, Wire,
};

/// A conversation of the page, and how the machine should treat it.
#[derive(Debug)]
pub(super) struct Conversation {
    pub(super) root: String,
    pub(super) current: String,
    memory: String,
}

#[derive(Debug)]
pub(super) struct World {
    pub(super) now: u64,
    pub(super) session: Session,
    pub(super) target: Target,
    pub(super) pages: Vec<Page>,
    pub(super) sockets: Vec<Socket>,
    pub(super) conversations: Vec<Conversation>,
    pub(super) server: Server,
    pub(super) facts: VecDeque<(usize, Fact)>,
    /// Print what happens.
    traces: bool,
    /// The next request of this run cannot be made.
    pub(super) unsendable: bool,
}

impl World {
    pub(super) fn new(server: Server, has_key: bool) -> Self {
        let endpoint = Endpoint::parse("http://flowise.test/api/v1/prediction/flow");
        let name = |number| format!("chat {number}");
        let conversation = |number| Conversation {
            root: name(number),
            current: name(number),
            memory: name(number),
        };
        let socket = |_| Socket::new(None);
        Self {
            now: 0,
            session: Session::new(),
            target: Target::new(endpoint.expect("a URL"), None, has_key),
            pages: Vec::new(),
            sockets: (0..2).map(socket).collect(),
            conversations: (0..3).map(conversation).collect(),
            server,
            facts: VecDeque::new(),
            traces: std::env::var_os("EXPLORE_SCHEDULE").is_some(),
            unsendable: false,
        }
    }

    /// The page asks a question.
    pub(super) fn ask(&mut self, via: Via, conversation: usize, limits: Limits, latest: bool) {
        let number = self.pages.len();
        let chat = &self.conversations[conversation];
        let next_id = format!("next {number}");
        // a page that has chosen the memory chooses it each time
        let own_session = conversation == 2;
        let question = Question {
            via,
            chat_id: if latest { &chat.current } else { &chat.root }.clone(),
            session_id: own_session.then(|| "memory of the page's own".to_owned()),
            next_id: next_id.clone(),
        };
        let (id, effects) = self.session.ask(Ask {
            task: Task::Predict(question),
            target: self.target.clone(),
            limits,
        });
        self.pages.push(Page {
            conversation,
            next_id,
            own_session,
            ..Page::new(id, number, limits, self.now)
        });
        if let Via::Socket(socket) = via {
            self.pages[number].socket = Some(socket as usize);
        }
        self.perform_all(effects);
    }

    pub(super) fn begin(&mut self) {
        let effects = self.session.begin();
        self.perform_all(effects);
    }

    /// Reports a fact, and performs the effects.
    pub(super) fn tell(&mut self, run: usize, fact: Fact) {
        self.facts.push_back((run, fact));
        while let Some((run, fact)) = self.facts.pop_front() {
            let page = &mut self.pages[run];
            if page.is_settled() {
                continue;
            }
            match &fact {
                Fact::Stopped | Fact::Gone(By::Page) => page.wants_end = true,
                Fact::Elapsed(_) | Fact::Refused { .. } => {}
                _ => page.alive_at = self.now,
            }
            let (id, seen) = (page.id, page.seen());
            if self.traces {
                eprintln!("{:>6} run {run}: {fact:?} {seen:?}", self.now);
            }
            let effects = self.session.step(id, fact, seen);
            for (id, effect) in effects {
                self.perform(id, effect);
            }
        }
    }

    pub(super) fn perform_all(&mut self, effects: Vec<(RunId, Effect)>) {
        for (id, effect) in effects {
            self.perform(id, effect);
        }
        if let Some((run, fact)) = self.facts.pop_front() {
            self.tell(run, fact);
        }
    }

    fn perform(&mut self, id: RunId, effect: Effect) {
        let run = self.pages.iter().position(|page| page.id == id);
        let run = run.expect("a run that was asked");
        let now = self.now;
        if self.traces {
            eprintln!("{now:>6} run {run}:     {effect:?}");
        }
        let page = &mut self.pages[run];
        assert!(!page.is_settled(), "{effect:?} after the end of {page:?}");
        let is_a_calls = matches!(
            effect,
            Effect::Start(..)
                | Effect::Clear(_)
                | Effect::Send(_)
                | Effect::ReadJson
                | Effect::Cancel
                | Effect::Settle(_)
        );
        assert!(page.errand.is_none() || is_a_calls, "{effect:?} of a call");
        match effect {
            Effect::Enter {
                chat_id,
                session_id,
            } => {
                page.chat_id = chat_id;
                page.session_id = session_id;
            }
            Effect::Start(timer, ms) => page.timers[slot(timer)] = Some(now + u64::from(ms)),
            Effect::Clear(timer) => page.timers[slot(timer)] = None,
            Effect::Handshake { .. } => {
                page.begin(now);
                self.send(run, Asks::Handshake);
            }
            Effect::Connect => self.connect(run),
            Effect::Renew => {
                let socket = page.socket.expect("a socket to renew");
                self.disconnect(socket, Some(run), By::Network);
            }
            Effect::Lose => {
                let socket = page.socket.expect("a socket to lose");
                if matches!(
                    self.sockets[socket].connection,
                    Some((_, Wire::EventStream))
                ) {
                    self.disconnect(socket, None, By::Network);
                }
            }
            Effect::Listen => page.is_listening = true,
            Effect::Send(request) => {
                page.begin(now);
                let asks = page.asks_besides(&request);
                let asks = asks.unwrap_or_else(|| match request.body {
                    Content::Question { streaming } => {
                        self.check_question(run, streaming);
                        Asks::Question { streaming }
                    }
                    _ if request.url.contains("/chatflows-streaming/") => Asks::IsStreaming,
                    _ if request.url.contains("/chatmessage/") => Asks::History,
                    _ => Asks::Ping,
                });
                if std::mem::take(&mut self.unsendable) {
                    if let Asks::Question { .. } = asks {
                        self.pages[run].is_refused = true;
                    }
                    let error = Error::new(ErrorKind::Config, "a header that no request can have");
                    self.give_up(run);
                    self.facts.push_back((run, Fact::Unsendable(error)));
                } else {
                    self.send(run, asks);
                }
            }
            Effect::Receive => unreachable!("every question here is asked by the machine"),
            Effect::ReadEvents => page.reads = Some(Wire::EventStream),
            Effect::ReadJson => page.reads = Some(Wire::SocketIo),
            Effect::Cancel => self.give_up(run),
            Effect::Stop { chat_id } => {
                page.stops += 1;
                assert!(page.stops == 1, "the server is told to stop twice");
                assert!(page.posted.is_some(), "nothing was sent that could stop");
                assert!(!page.is_complete(), "what is complete cannot stop");
                assert_eq!(page.chat_id, chat_id);
                self.server.stop(&chat_id);
            }
            Effect::Say => assert!(page.is_complete(), "an `end` that was not"),
            Effect::Settle(outcome) => {
                page.check(&outcome, now);
                if page.may_run_on() {
                    let conversation = &mut self.conversations[page.conversation];
                    conversation.current.clone_from(&page.next_id);
                    let memory = page.session_id.as_ref().unwrap_or(&page.chat_id);
                    conversation.memory.clone_from(memory);
                }
                self.release(run, outcome.stale);
                self.pages[run].outcome = Some(outcome);
            }
        }
    }

    /// Checks before a question is sent.
    fn check_question(&mut self, run: usize, streaming: bool) {
        let page = &self.pages[run];
        assert_eq!(page.posted, None, "a question is sent twice");
        let conversation = &self.conversations[page.conversation];
        assert_eq!(page.chat_id, conversation.current, "the conversation's id");
        let memory = page.session_id.as_ref().unwrap_or(&page.chat_id);
        if page.own_session {
            assert_eq!(memory, "memory of the page's own");
        } else {
            assert_eq!(*memory, conversation.memory, "the conversation's memory");
        }
        let others = self.pages.iter().filter(|other| {
            other.number != run && other.errand.is_none() && other.has_begun && !other.is_settled()
        });
        for other in others {
            assert_ne!(
                other.conversation, page.conversation,
                "two in a conversation"
            );
            let shares = other.socket.is_some() && other.socket == page.socket;
            assert!(!shares, "two on a socket");
        }
        self.pages[run].posted = Some(streaming);
    }

    fn send(&mut self, run: usize, asks: Asks) {
        self.give_up(run);
        let page = &mut self.pages[run];
        page.request = Some(self.server.requests.len());
        page.reads = None;
        // only a question with listeners for its events names a socket
        let names_socket = page.is_listening && asks == Asks::Question { streaming: false };
        let connection = page
            .socket
            .filter(|_| names_socket)
            .and_then(|socket| self.sockets[socket].connection);
        self.server.requests.push(Request {
            run,
            asks,
            chat: page.chat_id.clone(),
            connection: connection.map(|(number, _)| number),
            is_served: false,
            is_given_up: false,
            is_bad: false,
            pieces: VecDeque::new(),
        });
    }

    pub(super) fn give_up(&mut self, run: usize) {
        let page = &mut self.pages[run];
        page.end_is_due = false;
        if let Some(request) = page.request.take() {
            self.server.requests[request].is_given_up = true;
        }
    }

    /// Checks at the end.
    pub(super) fn check_that_nothing_is_left(&mut self) {
        for page in &self.pages {
            assert!(page.is_settled(), "never settles: {page:?}");
        }
        assert_eq!(self.session.len(), 0);
        assert!(self.session.begin().is_empty());
        for page in &self.pages {
            // late reports of the driver about a finished run
            let effects = self.session.step(page.id, Fact::Failed, page.seen());
            assert!(effects.is_empty(), "{effects:?} after all");
        }
        let is_open = |socket: &Socket| socket.owner.is_some() && socket.is_active;
        assert!(
            !self.sockets.iter().any(is_open),
            "a socket of a run is open"
        );
    }
}

impl Page {
    pub(super) fn begin(&mut self, now: u64) {
        if !self.has_begun {
            self.alive_at = now;
        }
        self.has_begun = true;
    }
}
