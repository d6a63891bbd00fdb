//! Waits for events that arrive after the reply. Socket.IO sends them over another connection than the reply.
//!
//! The run waits until the text equals the reply's, or no event has arrived for a while: a flow that does not stream has no
//! events, and the text of an agent may be trimmed. A failed reply has no text, and may be the end of an answer that had begun.

use super::effect::{Effect, Timer};
use super::fact::Seen;
use super::knowledge::Knowledge;
use super::states::{Late, Out, Purpose, Run, State};
use crate::error::Error;

const TICK_MS: u32 = 20;

/// After how many ticks without an event the run stops waiting.
mod most_silent {
    /// The chatflow does not stream, or its last event has arrived.
    pub(super) const NOTHING_TO_COME: u32 = 3;
    /// No event has arrived, but the chatflow streams.
    pub(super) const NOT_BEGUN: u32 = 50;
    /// The answer has begun and differs from the reply's: one large event may be on its way.
    pub(super) const BEGUN: u32 = 250;
}

impl Late {
    /// Whether the events are complete, or no more are expected.
    const fn is_over(&self, seen: Seen) -> bool {
        let has_begun = seen.activity > 0;
        let ended = seen.has(Seen::END);
        let is_same = seen.has(Seen::SAME_TEXT);
        let most = if self.reply.is_err() || ended || !(self.streams || has_begun) {
            most_silent::NOTHING_TO_COME
        } else if has_begun && !is_same {
            most_silent::BEGUN
        } else {
            most_silent::NOT_BEGUN
        };
        (ended && is_same) || self.silent >= most
    }
}

impl Run {
    /// The reply has arrived.
    pub(super) fn overtaken(
        &mut self,
        reply: Result<(), Error>,
        seen: Seen,
        known: &mut Knowledge,
        out: Out<'_>,
    ) {
        let has_begun = seen.activity > 0;
        let must_ask = reply.is_ok() && !has_begun && !self.gone;
        self.reply = Some(reply);
        if must_ask {
            self.ask(Purpose::MayStream, known, out);
        } else {
            self.wait_for_late_events(has_begun, seen, known, out);
        }
    }

    /// Waits, if events are expected.
    pub(super) fn wait_for_late_events(
        &mut self,
        streams: bool,
        seen: Seen,
        known: &mut Knowledge,
        out: Out<'_>,
    ) {
        let reply = self.reply.clone().unwrap_or(Ok(()));
        self.state = State::Late(Late {
            reply,
            streams: streams || seen.activity > 0,
            silent: 0,
            activity: seen.activity,
        });
        self.look(seen, known, out);
    }

    pub(super) fn late_tick(&mut self, seen: Seen, known: &mut Knowledge, out: Out<'_>) {
        if let State::Late(late) = &mut self.state {
            let is_silent = late.activity == seen.activity;
            late.silent = if is_silent { late.silent + 1 } else { 0 };
            late.activity = seen.activity;
            self.look(seen, known, out);
        }
    }

    /// Stops waiting, or continues.
    fn look(&mut self, seen: Seen, known: &mut Knowledge, out: Out<'_>) {
        let State::Late(late) = &self.state else {
            return;
        };
        if self.gone || late.is_over(seen) {
            self.have_reply(seen, known, out);
        } else {
            out(Effect::Start(Timer::Tick, TICK_MS));
        }
    }

    /// Ends with the reply, and ignores later events.
    pub(super) fn have_reply(&mut self, seen: Seen, known: &mut Knowledge, out: Out<'_>) {
        match self.reply.take() {
            Some(Err(error)) => self.fail(error, seen, known, out),
            _ => self.complete(seen, known, out),
        }
    }
}
