//! One run: its states, and what each fact does in them.

use super::ask::{Ask, Task, Via};
use super::call::Call;
use super::effect::{Effect, Timer};
use super::fact::{Fact, Head, Seen};
use super::knowledge::Knowledge;
use super::limits::Limits;
use super::target::{Target, Wire};
use crate::error::Error;

/// What a run waits for: see the table in the [module's documentation](super).
#[derive(Clone, Debug, PartialEq)]
pub(super) enum State {
    InLine,
    Handshake,
    Connecting,
    /// The request was sent, and its reply has not begun.
    Waiting(InFlight),
    /// The reply is JSON, and is being read.
    Reading(InFlight, Head),
    Streaming,
    Late(Late),
    /// A request has failed; the run checks whether any server answers.
    Knocking(InFlight),
    Over,
}

/// The request that a run has in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InFlight {
    /// Whether the chatflow streams.
    Asking(Purpose),
    Question,
    History,
    /// Whether any server answers, for a socket that wants to connect.
    Knock,
    Call,
}

/// Why a run asks whether the chatflow streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A prediction is about to be sent.
    Before,
    /// A prediction has failed without a reply. The origin was allowed before; if it still is, the connection broke.
    Explain,
    /// The reply has arrived before any event. Will there be events?
    MayStream,
    /// The event stream ended early, without an error. Is the server still there?
    Check,
    /// A socket wants to connect.
    Probe,
}

/// The state while the run waits for late events.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Late {
    /// The result of the reply.
    pub(super) reply: Result<(), Error>,
    pub(super) streams: bool,
    pub(super) silent: u32,
    pub(super) activity: u32,
}

/// Receives a run's effects.
pub(super) type Out<'a> = &'a mut dyn FnMut(Effect);

/// A run.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) task: Task,
    pub(super) target: Target,
    pub(super) limits: Limits,
    pub(super) state: State,
    /// The first id of its conversation, which names its line.
    line: String,
    pub(super) wire: Option<Wire>,
    /// The question was sent and no reply has been read, so it may be running on the server.
    pub(super) may_run: bool,
    /// The request asked for an event stream.
    pub(super) streams: bool,
    /// The number of ticks without activity, and the activity at the last tick.
    pub(super) silent: u32,
    pub(super) activity: u32,
    /// Why the socket could not connect.
    pub(super) refused: Option<Error>,
    /// The connection that the events were to arrive over is lost.
    pub(super) gone: bool,
    /// The page or a limit stopped the run.
    pub(super) is_cut: bool,
    /// The run does not wait for late events.
    pub(super) is_overtaken: bool,
    /// The events arrived as an event stream.
    pub(super) evented: bool,
    /// The socket already knows whether the server answers.
    pub(super) checked: bool,
    /// The result of the reply, while the run waits for late events.
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

    /// Whether the run belongs to the conversation with this first id.
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

    /// Begins the run when its turn has come.
    pub(super) fn begin(&mut self, known: &mut Knowledge, out: Out<'_>) {
        // the run before may have been abandoned, and the conversation moved
        self.enter(known, out);
        match &self.task {
            Task::Predict(question) => self.connect(question.via, known, out),
            Task::Probe { .. } => self.probe(known, out),
            Task::Call(call) => {
                let limit = match call {
                    // the request itself has no limit: it may arrive long after anyone would wait for its reply
                    Call::Abort { .. } => self.limits.connect,
                    _ => self.limits.first_byte,
                };
                let request = call.request(&self.target);
                self.start(Timer::Step, limit, out);
                self.send(InFlight::Call, request, known, out);
            }
        }
    }

    /// Processes a fact.
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
