//! The session of a page's runs, and the mailbox through which each run hears from it, from timers and from sockets.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::task::{Context, Waker};

use crate::run::{Ask, Effect, Fact, RunId, Seen, Session, Target};

thread_local! {
    static SESSION: RefCell<Session> = const { RefCell::new(Session::new()) };
    static MAILBOXES: RefCell<Vec<(RunId, Rc<Mailbox>)>> = const { RefCell::new(Vec::new()) };
}

/// What a run has to handle when it is polled next.
#[derive(Debug, Default)]
pub(super) struct Mailbox {
    effects: RefCell<VecDeque<Effect>>,
    facts: RefCell<VecDeque<Fact>>,
    waker: RefCell<Option<Waker>>,
}

impl Mailbox {
    /// Notes a fact, and wakes the task that polls the run.
    pub(super) fn tell(&self, fact: Fact) {
        self.facts.borrow_mut().push_back(fact);
        self.wake();
    }

    /// The next effect to perform.
    pub(super) fn next_effect(&self) -> Option<Effect> {
        self.effects.borrow_mut().pop_front()
    }

    /// The next fact to report.
    pub(super) fn next_fact(&self) -> Option<Fact> {
        self.facts.borrow_mut().pop_front()
    }

    /// The task to wake.
    pub(super) fn wake_with(&self, cx: &Context<'_>) {
        self.waker.replace(Some(cx.waker().clone()));
    }

    fn wake(&self) {
        let waker = self.waker.borrow_mut().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// Adds a run to the session. It does nothing until [`begin`] is called.
pub(super) fn ask(ask: Ask) -> (RunId, Rc<Mailbox>) {
    let (id, effects) = SESSION.with_borrow_mut(|session| session.ask(ask));
    let mailbox = Rc::<Mailbox>::default();
    MAILBOXES.with_borrow_mut(|all| all.push((id, Rc::clone(&mailbox))));
    deliver(effects);
    (id, mailbox)
}

/// Begins the runs whose turn it is.
pub(super) fn begin() {
    deliver(SESSION.with_borrow_mut(Session::begin));
}

/// Reports a fact about a run.
pub(super) fn step(id: RunId, fact: Fact, seen: Seen) {
    deliver(SESSION.with_borrow_mut(|session| session.step(id, fact, seen)));
}

/// Removes the mailbox of a run that is over.
pub(super) fn forget(id: RunId) {
    MAILBOXES.with_borrow_mut(|all| all.retain(|(known, _)| *known != id));
}

/// The id that a conversation has now.
pub(super) fn current_chat(target: &Target, chat_id: &str) -> String {
    SESSION.with_borrow(|session| session.current_chat(target, chat_id).to_owned())
}

/// Passes effects to the runs that they are for.
fn deliver(effects: Vec<(RunId, Effect)>) {
    for (id, effect) in effects {
        let mailbox = MAILBOXES.with_borrow(|all| {
            let found = all.iter().find(|(known, _)| *known == id);
            found.map(|(_, mailbox)| Rc::clone(mailbox))
        });
        if let Some(mailbox) = mailbox {
            mailbox.effects.borrow_mut().push_back(effect);
            mailbox.wake();
        }
    }
}
