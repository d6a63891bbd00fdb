//! Ends a run, for every cause.

use super::ask::{Task, Via};
use super::call::{Call, Request};
use super::effect::{Effect, Timer};
use super::fact::Seen;
use super::knowledge::Knowledge;
use super::outcome::Outcome;
use super::states::{InFlight, Out, Run, State};
use super::target::{Transport, Wire};
use crate::error::{Error, ErrorKind, Hint};
use crate::finish::{Ending, FinishReason};

/// Why a run was stopped before it was over.
#[derive(Clone, Debug, PartialEq)]
enum Cut {
    /// The page stopped it.
    Stopped,
    /// A limit expired.
    OutOfTime(Error),
}

impl Run {
    /// The page stops the run.
    pub(super) fn stopped(&mut self, seen: Seen, known: &mut Knowledge, out: Out<'_>) {
        if !matches!(self.task, Task::Predict(_)) {
            out(Effect::Cancel);
            let error = Error::new(ErrorKind::Disconnected, "the call was stopped");
            return self.conclude(Some(error), out);
        }
        self.cut(Cut::Stopped, seen, known, out);
    }

    /// A limit has expired.
    pub(super) fn out_of_time(
        &mut self,
        hint: Hint,
        seen: Seen,
        known: &mut Knowledge,
        out: Out<'_>,
    ) {
        let error = Error::hinting(ErrorKind::Timeout, hint);
        if !matches!(self.task, Task::Predict(_)) {
            out(Effect::Cancel);
            return self.conclude(Some(error), out);
        }
        self.cut(Cut::OutOfTime(error), seen, known, out);
    }

    /// Ends the run, and asks the server to stop if it may still be running there.
    fn cut(&mut self, cut: Cut, seen: Seen, known: &mut Knowledge, out: Out<'_>) {
        self.is_cut = true;
        // a complete answer stays complete
        if matches!(
            self.state,
            State::Waiting(InFlight::History) | State::Reading(InFlight::History, _)
        ) {
            out(Effect::Cancel);
            return self.complete(seen, known, out);
        }
        if self.reply.is_some() {
            out(Effect::Cancel);
            // late events are still on their way
            self.is_overtaken = !(seen.has(Seen::END) && seen.has(Seen::SAME_TEXT));
            return self.have_reply(seen, known, out);
        }
        if self.has_end(seen) {
            // the driver reports the end of the stream next
            return;
        }
        out(Effect::Cancel);
        if self.may_run
            && let Task::Predict(question) = &self.task
            && !question.chat_id.is_empty()
            && self.target.chatflow().is_some()
        {
            let chat_id = question.chat_id.clone();
            out(Effect::Stop { chat_id });
        }
        self.settle(seen, false, None, Some(cut), known, out);
    }

    /// The answer is complete.
    pub(super) fn complete(&mut self, seen: Seen, known: &mut Knowledge, out: Out<'_>) {
        self.settle(seen, true, None, None, known, out);
    }

    /// The run has failed.
    pub(super) fn fail(&mut self, error: Error, seen: Seen, known: &mut Knowledge, out: Out<'_>) {
        self.settle(seen, false, Some(error), None, known, out);
    }

    fn settle(
        &mut self,
        seen: Seen,
        complete: bool,
        error: Option<Error>,
        cut: Option<Cut>,
        known: &mut Knowledge,
        out: Out<'_>,
    ) {
        let complete = complete || self.has_end(seen);
        let (stopped, was_cut) = (cut == Some(Cut::Stopped), cut.is_some());
        let error = match cut {
            Some(Cut::OutOfTime(error)) => Some(error),
            _ => error,
        };
        let is_lost = error.as_ref().is_some_and(|error| {
            matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::Timeout)
        });
        let is_refused = error.is_some() && !is_lost;
        let ending = Ending {
            answer: seen.has(Seen::ANSWER),
            stopped,
            abort: seen.has(Seen::ABORT),
            complete,
            error: seen.has(Seen::ERROR),
        };
        let mut reason = ending.finish_reason();
        if reason == FinishReason::Interrupted && is_refused {
            reason = FinishReason::Error;
        }
        if reason == FinishReason::Empty && self.can_recover(seen) {
            return self.recover(known, out);
        }
        // only a reply proves that the run is over; a check that finds the server gone, or closed to pages, does not
        let goes_on = self.may_run && !complete;
        if goes_on {
            self.leave(known);
        }
        if !was_cut
            && !self.checked
            && error.as_ref().is_some_and(|error| {
                matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::Connect)
            })
        {
            self.lose(known, out);
        }
        let (is_own, session_id) = match &self.task {
            Task::Predict(question) => (
                !matches!(question.via, Via::Socket(_)),
                question
                    .session_id
                    .as_ref()
                    .unwrap_or(&question.chat_id)
                    .clone(),
            ),
            _ => (false, String::new()),
        };
        if complete && is_own && !self.evented {
            out(Effect::Say);
        }
        self.state = State::Over;
        out(Effect::Settle(Outcome {
            reason,
            // the server's message says more than the end of the connection
            error: error.filter(|_| match reason {
                FinishReason::Interrupted => true,
                FinishReason::Error => !is_lost,
                _ => false,
            }),
            streamed: self.evented || seen.activity > 0,
            session_id,
            stale: (goes_on || self.is_overtaken)
                && !self.gone
                && self.wire == Some(Wire::SocketIo)
                && !is_own,
        }));
    }

    /// Some servers lose the tokens in their queue and send only the end. The answer is then in their history,
    /// which requires the API key.
    fn can_recover(&self, seen: Seen) -> bool {
        let asked = matches!(
            self.state,
            State::Waiting(InFlight::History) | State::Reading(InFlight::History, _)
        );
        !asked && !self.is_cut && self.target.has_key && seen.has(Seen::MESSAGE_ID)
    }

    fn recover(&mut self, known: &mut Knowledge, out: Out<'_>) {
        out(Effect::Clear(Timer::Tick));
        out(Effect::Clear(Timer::Step));
        self.start(Timer::Step, self.limits.connect, out);
        let request = Request::history(&self.target);
        self.send(InFlight::History, request, known, out);
    }

    /// Moves the conversation, so that this run cannot write into the next answer on a server of event streams.
    fn leave(&self, known: &mut Knowledge) {
        if let Task::Predict(question) = &self.task
            && self.streams
            && !question.chat_id.is_empty()
        {
            let session_id = question.session_id.as_ref().unwrap_or(&question.chat_id);
            known.conversations.leave(
                &self.target.server(),
                &question.chat_id,
                &question.next_id,
                session_id,
            );
        }
    }

    /// Forgets what is known about the server: it may have changed.
    pub(super) fn lose(&mut self, known: &mut Knowledge, out: Out<'_>) {
        if self.wire != Some(Wire::EventStream) {
            return;
        }
        self.checked = true;
        match &self.task {
            Task::Predict(question) => match question.via {
                Via::Socket(_) => {
                    self.forget_streamable(known);
                    out(Effect::Lose);
                }
                Via::Own(Transport::Auto) => {
                    known.set_event_stream(&self.target.server(), false);
                }
                Via::Own(_) | Via::Response => {}
            },
            Task::Probe { .. } | Task::Call(_) => {}
        }
    }

    /// A call has ended.
    pub(super) fn called(&mut self, read: Result<(), Error>, out: Out<'_>) {
        let is_stop = matches!(self.task, Task::Call(Call::Abort { .. }));
        let error = read.err().map(|error| {
            if is_stop && error.kind() == ErrorKind::Unauthorized {
                Error::hinting(ErrorKind::Unauthorized, Hint::KeyToStop)
            } else {
                error
            }
        });
        self.conclude(error, out);
    }

    /// Ends a run that is not a prediction.
    pub(super) fn conclude(&mut self, error: Option<Error>, out: Out<'_>) {
        self.state = State::Over;
        out(Effect::Settle(Outcome {
            reason: error
                .as_ref()
                .map_or(FinishReason::Stop, |_| FinishReason::Error),
            error,
            streamed: false,
            session_id: String::new(),
            stale: false,
        }));
    }
}
