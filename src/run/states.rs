//! One run: its states, and what each fact does in them.

use super::asking::Purpose;
use super::call::Call;
use super::effect::{Effect, Timer};
use super::fact::{Fact, Head, Seen};
use super::knowledge::Knowledge;
use super::late::Late;
use super::limits::Limits;
use super::session::{Ask, Task, Via};
use super::target::{Target, Wire};
use crate::error::Error;

/// What a run waits for: see the table in the [module's documentation](super).
#[derive(Clone, Debug, PartialEq)]
pub(super) enum State {
    InLine,
    Handshake,
    Connecting,
    /// A request was sent, and its reply has not begun.
    Waiting(InFlight),
    /// The reply is JSON, and is read.
    Reading(InFlight, Head),
    Streaming,
    Late(Late),
    /// A request has failed: does anybody answer?
    Knocking(InFlight),
    Over,
}

/// The request that a run has in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InFlight {
    /// Whether the chatflow streams.
    Asking(Purpose),
    Prediction,
    History,
    /// Whether anybody answers, for a socket that wants to connect.
    Knock,
    Call,
}

/// Where a run's effects go.
pub(super) type Out<'a> = &'a mut dyn FnMut(Effect);

/// A run.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) task: Task,
    pub(super) target: Target,
    pub(super) limits: Limits,
    pub(super) state: State,
    /// What its conversation is known by: the line that it waits in.
    line: String,
    pub(super) wire: Option<Wire>,
    /// The question was sent, and no reply to it has been read: it may run on the server.
    pub(super) may_run: bool,
    /// It was asked for as an event stream.
    pub(super) streams: bool,
    /// For how many ticks nothing has come, and how much had come at the last.
    pub(super) silent: u32,
    pub(super) activity: u32,
    /// Why the socket has not connected.
    pub(super) refused: Option<Error>,
    /// The socket's connection over which events were to come is lost.
    pub(super) gone: bool,
    /// The page wants no more, or there is no more time.
    pub(super) is_cut: bool,
    /// Nobody waits for the events that the reply has overtaken.
    pub(super) is_overtaken: bool,
    /// The events came as an event stream.
    pub(super) evented: bool,
    /// The socket knows already whether the server is still there.
    pub(super) checked: bool,
    /// What the reply said, while late events are waited for.
    pub(super) reply: Option<Result<(), Error>>,
}

impl Run {
    pub(super) fn new(ask: Ask, known: &Knowledge, out: Out<'_>) -> Self {
        let Ask {
            task,
            target,
            limits,
        } = ask;
        let line = match &task {
            Task::Predict(question) => {
                let root = known
                    .conversations
                    .root(&target.server(), &question.chat_id);
                root.to_owned()
            }
            Task::Probe { .. } | Task::Call(_) => String::new(),
        };
        let mut run = Self {
            task,
            target,
            limits,
            state: State::InLine,
            line,
            wire: None,
            may_run: false,
            streams: false,
            silent: 0,
            activity: 0,
            refused: None,
            gone: false,
            is_cut: false,
            is_overtaken: false,
            evented: false,
            checked: false,
            reply: None,
        };
        run.start(Timer::Total, run.limits.total, out);
        run.enter(known, out);
        run
    }

    pub(super) const fn is_over(&self) -> bool {
        matches!(self.state, State::Over)
    }

    pub(super) const fn is_in_line(&self) -> bool {
        matches!(self.state, State::InLine)
    }

    /// Whether it belongs to the conversation that is known by this id.
    pub(super) fn is_in(&self, root: &str) -> bool {
        matches!(self.task, Task::Predict(_)) && self.line == root
    }

    /// Whether `later` has to wait for this run.
    pub(super) fn holds_up(&self, later: &Self) -> bool {
        let (Task::Predict(question), Task::Predict(other)) = (&self.task, &later.task) else {
            return false;
        };
        if later.is_sent_by_page() {
            return false;
        }
        let same_socket = matches!(question.via, Via::Socket(_)) && question.via == other.via;
        let same_chat = self.line == later.line && self.target.server() == later.target.server();
        same_socket || same_chat
    }

    /// Whether the page has sent the question itself.
    pub(super) const fn is_sent_by_page(&self) -> bool {
        matches!(&self.task, Task::Predict(question) if matches!(question.via, Via::Response))
    }

    /// Begins, now that it is the run's turn.
    pub(super) fn begin(&mut self, known: &mut Knowledge, out: Out<'_>) {
        // the run before may have been left, and the conversation moved with it
        self.enter(known, out);
        match &self.task {
            Task::Predict(question) => self.connect(question.via, known, out),
            Task::Probe { .. } => self.probe(known, out),
            Task::Call(call) => {
                let limit = match call {
                    // the request itself is not limited: it may arrive later than anybody wants to wait for its reply
                    Call::Abort { .. } => self.limits.connect,
                    _ => self.limits.first_byte,
                };
                let request = call.request(&self.target);
                self.start(Timer::Step, limit, out);
                self.send(InFlight::Call, request, known, out);
            }
        }
    }

    /// Takes a fact into account.
    pub(super) fn step(&mut self, fact: Fact, seen: Seen, known: &mut Knowledge, out: Out<'_>) {
        match fact {
            Fact::Spoke(wire) => self.spoke(wire, known, out),
            Fact::Connected { wire, stale } => self.connected(wire, stale, known, out),
            Fact::Refused { error, last } => self.refused(error, last, seen, known, out),
            Fact::Gone(by) => self.gone(by, seen, known, out),
            Fact::Replied(head) => self.replied(head, seen, known, out),
            Fact::Read(body) => self.read(&body, seen, known, out),
            Fact::Ended => self.ended(seen, known, out),
            Fact::Failed => self.failed(seen, known, out),
            Fact::Unsendable(error) => self.unsendable(error, seen, known, out),
            Fact::Elapsed(timer) => self.elapsed(timer, seen, known, out),
            Fact::Stopped => self.stopped(seen, known, out),
        }
    }

    #[expect(clippy::unused_self, reason = "reads like the other effects of a run")]
    pub(super) fn start(&self, timer: Timer, ms: u32, out: Out<'_>) {
        if ms > 0 {
            out(Effect::Start(timer, ms));
        }
    }

    pub(super) const fn is_streaming(&self) -> bool {
        matches!(self.state, State::Streaming)
    }
}
