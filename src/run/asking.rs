//! Asks whether the chatflow streams, and continues with the reply.
//!
//! If the request body has `streaming`, Flowise 3.1.x does not reply at all to a failure before its event stream has begun
//! (`packages/server/src/middlewares/errors/index.ts`), so this request comes first. The path is open to every origin that may use
//! the chatflow, so its reply tells more about a server than any other request.

use super::ask::Task;
use super::call::Request;
use super::effect::{Effect, Timer};
use super::fact::Seen;
use super::knowledge::Knowledge;
use super::states::{InFlight, Out, Purpose, Run};
use crate::error::{Error, ErrorKind};

/// How long to wait, after the reply of the prediction, for the answer whether the chatflow streams. A timeout counts as no.
const SOON_MS: u32 = 1000;

impl Run {
    /// Asks, unless the answer is known.
    pub(super) fn ask(&mut self, purpose: Purpose, known: &mut Knowledge, out: Out<'_>) {
        let url = Request::is_streaming(&self.target).map(|request| request.url);
        match url.ok().and_then(|url| known.is_streamable(&url)) {
            Some(streams) => self.asked(purpose, Ok(streams), Seen::default(), known, out),
            None => self.ask_anew(purpose, known, out),
        }
    }

    /// Asks, even if the answer is known.
    pub(super) fn ask_anew(&mut self, purpose: Purpose, known: &mut Knowledge, out: Out<'_>) {
        let limit = match purpose {
            Purpose::MayStream => SOON_MS,
            _ => self.limits.connect,
        };
        out(Effect::Clear(Timer::Tick));
        out(Effect::Clear(Timer::Step));
        self.start(Timer::Step, limit, out);
        let request = Request::is_streaming(&self.target);
        self.send(InFlight::Asking(purpose), request, known, out);
    }

    /// Checks whether a server answers, for a socket that wants to connect.
    pub(super) fn probe(&mut self, known: &mut Knowledge, out: Out<'_>) {
        if self.target.chatflow().is_some() {
            return self.ask_anew(Purpose::Probe, known, out);
        }
        self.start(Timer::Step, self.limits.connect, out);
        self.send(InFlight::Knock, Ok(Request::ping(&self.target)), known, out);
    }

    /// Continues with the reply.
    pub(super) fn asked(
        &mut self,
        purpose: Purpose,
        streams: Result<bool, Error>,
        seen: Seen,
        known: &mut Knowledge,
        out: Out<'_>,
    ) {
        out(Effect::Clear(Timer::Step));
        if let (Ok(streams), Ok(request)) = (&streams, Request::is_streaming(&self.target)) {
            known.set_streamable(&request.url, Some(*streams));
        }
        match (purpose, streams) {
            (Purpose::Before, Ok(streams)) => self.post(streams, known, out),
            (Purpose::Explain, Ok(_)) => {
                let message = "the connection broke before the server answered";
                let error = Error::new(ErrorKind::Interrupted, message);
                self.fail(error, seen, known, out);
            }
            (Purpose::MayStream, streams) => {
                self.wait_for_late_events(streams.unwrap_or(false), seen, known, out);
            }
            (Purpose::Check, streams) => {
                self.checked = true;
                if streams.is_err_and(|error| is_no_reply(&error)) {
                    out(Effect::Lose);
                }
                self.fail(ended_early(), seen, known, out);
            }
            (Purpose::Probe, streams) => self.probed(streams.map(drop), known, out),
            (Purpose::Before | Purpose::Explain, Err(error)) => self.fail(error, seen, known, out),
        }
    }

    /// Tells a socket whether it may connect. It may if the server refuses only the chatflow: a question will report the error.
    pub(super) fn probed(
        &mut self,
        answered: Result<(), Error>,
        known: &mut Knowledge,
        out: Out<'_>,
    ) {
        let error = answered
            .err()
            .filter(|error| !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Server));
        if error.is_none() && matches!(self.task, Task::Probe { learns: true }) {
            known.set_event_stream(&self.target.server(), true);
        }
        self.conclude(error, out);
    }

    /// Forgets the answer, so that the next run asks again.
    pub(super) fn forget_streamable(&self, known: &mut Knowledge) {
        if let Ok(request) = Request::is_streaming(&self.target) {
            known.set_streamable(&request.url, None);
        }
    }
}

/// Whether the reply is missing or incomplete.
const fn is_no_reply(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Interrupted
    )
}

/// An event stream that ended without `end`.
pub(super) fn ended_early() -> Error {
    let message = "the connection ended before the answer was complete";
    Error::new(ErrorKind::Interrupted, message)
}
