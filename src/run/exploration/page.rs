//! A driver's record of a run, and the rules for it.

use super::errand::Errand;
use super::server::{Contents, Event, Said};
use crate::error::ErrorKind;
use crate::finish::FinishReason;
use crate::run::{Limits, Outcome, RunId, Seen, Timer, Wire};

/// A run, as its driver and its page see it.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) number: usize,
    pub(super) id: RunId,
    /// The call or check, if it is not a question.
    pub(super) errand: Option<Errand>,
    pub(super) conversation: usize,
    pub(super) limits: Limits,
    pub(super) asked_at: u64,
    /// The random id that the conversation may move to.
    pub(super) next_id: String,
    /// A memory that the page has chosen.
    pub(super) own_session: bool,
    pub(super) chat_id: String,
    pub(super) session_id: Option<String>,
    pub(super) has_begun: bool,
    pub(super) timers: [Option<u64>; 3],
    pub(super) request: Option<usize>,
    /// The driver is reading the reply's body: as an event stream, or as JSON.
    pub(super) reads: Option<Wire>,
    pub(super) socket: Option<usize>,
    pub(super) is_listening: bool,
    pub(super) is_paused: bool,
    /// The `end` event has arrived; the driver reports it next.
    pub(super) end_is_due: bool,
    pub(super) activity: u32,
    pub(super) bits: u32,
    pub(super) heard: Contents,
    pub(super) reply: Option<Contents>,
    pub(super) has_text_of_history: bool,
    pub(super) posted: Option<bool>,
    pub(super) is_refused: bool,
    pub(super) stops: u32,
    pub(super) wants_end: bool,
    /// The time of the last event of the run, other than the passing of time.
    pub(super) alive_at: u64,
    pub(super) outcome: Option<Outcome>,
}

pub(super) const TIMERS: [Timer; 3] = [Timer::Total, Timer::Step, Timer::Tick];

pub(super) fn slot(timer: Timer) -> usize {
    TIMERS
        .iter()
        .position(|one| *one == timer)
        .expect("one of three")
}

impl Page {
    pub(super) fn new(id: RunId, number: usize, limits: Limits, now: u64) -> Self {
        Self {
            number,
            id,
            errand: None,
            conversation: 0,
            limits,
            asked_at: now,
            next_id: String::new(),
            own_session: false,
            chat_id: String::new(),
            session_id: None,
            has_begun: false,
            timers: [None; 3],
            request: None,
            reads: None,
            socket: None,
            is_listening: false,
            is_paused: false,
            end_is_due: false,
            activity: 0,
            bits: 0,
            heard: Contents::default(),
            reply: None,
            has_text_of_history: false,
            posted: None,
            is_refused: false,
            stops: 0,
            wants_end: false,
            alive_at: now,
            outcome: None,
        }
    }

    pub(super) fn is_settled(&self) -> bool {
        self.outcome.is_some()
    }

    /// Applies an event.
    pub(super) fn hear(&mut self, (run, said): Event) {
        assert_eq!(
            run, self.number,
            "the event {said:?} belongs to another run"
        );
        match said {
            Said::Token => self.heard.tokens += 1,
            Said::Docs => self.heard.docs += 1,
            Said::Metadata => self.bits |= Seen::MESSAGE_ID,
            Said::Error => self.bits |= Seen::ERROR,
            Said::Abort => self.bits |= Seen::ABORT,
            Said::End => self.bits |= Seen::END,
        }
    }

    fn has_answer(&self) -> bool {
        let replied = self.reply.is_some_and(|reply| reply.tokens > 0);
        self.heard.tokens > 0 || replied || self.has_text_of_history
    }

    pub(super) fn has(&self, bit: u32) -> bool {
        self.seen().has(bit)
    }

    pub(super) fn seen(&self) -> Seen {
        let mut bits = self.bits;
        if self.has_answer() {
            bits |= Seen::ANSWER;
        }
        if self.is_paused {
            bits |= Seen::PAUSED;
        }
        if let Some(reply) = self.reply {
            bits |= Seen::MESSAGE_ID;
            if reply.tokens == self.heard.tokens && reply.docs == self.heard.docs {
                bits |= Seen::SAME_TEXT;
            }
        }
        Seen::new(self.activity, bits)
    }

    /// As far as the page can know, the server may still run the question as an event stream.
    pub(super) fn may_run_on(&self) -> bool {
        self.posted == Some(true) && !self.is_complete() && !self.is_refused
    }

    /// The server has finished the question.
    pub(super) fn is_complete(&self) -> bool {
        let ended = self.posted == Some(true) && self.bits & Seen::END != 0;
        ended || self.reply.is_some()
    }

    /// The allowed outcome, given what the driver has reported.
    pub(super) fn check(&self, outcome: &Outcome, now: u64) {
        if let Some(errand) = &self.errand {
            return self.check_errand(errand, outcome, now);
        }
        let kind = outcome.error.as_ref().map(crate::Error::kind);
        let is_lost = |kind| matches!(kind, ErrorKind::Interrupted | ErrorKind::Timeout);
        let fits = match outcome.reason {
            FinishReason::Stop => kind.is_none() && self.has_answer() && self.is_complete(),
            FinishReason::Empty => kind.is_none() && !self.has_answer() && self.is_complete(),
            FinishReason::Aborted => kind.is_none() && (self.wants_end || self.has(Seen::ABORT)),
            FinishReason::Interrupted => kind.is_some_and(is_lost),
            FinishReason::Error => kind.map_or(self.has(Seen::ERROR), |kind| !is_lost(kind)),
        };
        assert!(fits, "{outcome:?} of {self:?}");
        if self.is_complete() {
            let is_broken = match outcome.reason {
                FinishReason::Interrupted => true,
                FinishReason::Aborted => !self.has(Seen::ABORT),
                FinishReason::Error => !self.has(Seen::ERROR),
                FinishReason::Stop | FinishReason::Empty => false,
            };
            assert!(!is_broken, "a complete answer is {outcome:?} of {self:?}");
        }
        let total = u64::from(self.limits.total);
        assert!(
            total == 0 || now <= self.asked_at + total,
            "beyond its total limit"
        );
    }

    /// How long the current wait may last, if it is limited.
    pub(super) fn patience(&self) -> Option<u64> {
        let Limits {
            connect,
            first_byte,
            idle,
            ..
        } = self.limits;
        let all = [connect, first_byte, idle];
        let longest = all.into_iter().max()?;
        let is_limited = all.into_iter().all(|limit| limit > 0);
        // the idle limit is accurate to a quarter and four ticks of rounding; the run waits for late events for up to five seconds
        is_limited.then(|| (u64::from(longest) * 5 / 4 + 8).max(6_000))
    }
}
