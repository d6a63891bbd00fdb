//! Requests and their results: a reply, a failure, or a reply that the page may not read.

use super::ask::Task;
use super::call::{Expects, Request};
use super::effect::Effect;
use super::fact::{Body, Head, Seen};
use super::knowledge::Knowledge;
use super::states::{InFlight, Out, Purpose, Run, State};
use super::target::Wire;
use crate::error::{Error, ErrorKind, Hint};
use crate::text::find;

impl Run {
    pub(super) fn replied(&mut self, head: Head, seen: Seen, known: &mut Knowledge, out: Out<'_>) {
        match self.state {
            State::Knocking(sent) => {
                let error = self.unreadable(sent);
                self.answered(Err(error), seen, known, out);
            }
            State::Waiting(_) if head.redirects => {
                let error = Error::hinting(ErrorKind::Protocol, Hint::Redirect);
                self.answered(Err(error), seen, known, out);
            }
            State::Waiting(InFlight::Question)
                if self.wire == Some(Wire::EventStream) && head.is_event_stream() =>
            {
                self.state = State::Streaming;
                self.evented = true;
                out(Effect::ReadEvents);
            }
            State::Waiting(InFlight::Call) if self.takes_events() && head.is_event_stream() => {
                self.conclude(None, out);
            }
            State::Waiting(InFlight::Knock) => self.probed(Ok(()), known, out),
            State::Waiting(sent) => {
                self.state = State::Reading(sent, head);
                out(Effect::ReadJson);
            }
            _ => {}
        }
    }

    fn takes_events(&self) -> bool {
        matches!(&self.task, Task::Call(call) if call.expects() == Expects::EventStream)
    }

    pub(super) fn read(&mut self, body: &Body, seen: Seen, known: &mut Knowledge, out: Out<'_>) {
        let State::Reading(sent, head) = &self.state else {
            return;
        };
        let must_be_object = *sent == InFlight::Question;
        let fits = body.is_json && (body.is_object || !must_be_object) && !self.takes_events();
        let read = if !head.is_ok() {
            Err(Error::from_status(head.status, &body.sentence))
        } else if fits {
            Ok(body)
        } else {
            Err(unexpected(&head.content_type))
        };
        self.answered(read, seen, known, out);
    }

    /// Continues with the result of the request in flight.
    pub(super) fn answered(
        &mut self,
        read: Result<&Body, Error>,
        seen: Seen,
        known: &mut Knowledge,
        out: Out<'_>,
    ) {
        let sent = match &self.state {
            State::Waiting(sent) | State::Reading(sent, _) | State::Knocking(sent) => *sent,
            _ => return,
        };
        match sent {
            InFlight::Asking(purpose) => {
                let streams = read.and_then(|body| {
                    body.is_streaming
                        .ok_or_else(|| unexpected(self.content_type()))
                });
                self.asked(purpose, streams, seen, known, out);
            }
            InFlight::Question => {
                self.may_run = false;
                self.replied_whole(read.map(drop), seen, known, out);
            }
            // the driver has applied the text; without one, the answer stays empty
            InFlight::History => self.complete(seen, known, out),
            InFlight::Knock => self.probed(read.map(drop), known, out),
            InFlight::Call => self.called(read.map(drop), out),
        }
    }

    /// The request in flight could not be made.
    pub(super) fn unsendable(
        &mut self,
        error: Error,
        seen: Seen,
        known: &mut Knowledge,
        out: Out<'_>,
    ) {
        match self.state {
            State::Handshake | State::Connecting | State::Waiting(InFlight::Question) => {
                self.may_run = false;
                self.fail(error, seen, known, out);
            }
            _ => self.answered(Err(error), seen, known, out),
        }
    }

    fn content_type(&self) -> &str {
        match &self.state {
            State::Reading(_, head) => &head.content_type,
            _ => "",
        }
    }

    pub(super) fn failed(&mut self, seen: Seen, known: &mut Knowledge, out: Out<'_>) {
        match self.state {
            State::Handshake => self.spoke(Wire::EventStream, known, out),
            State::Waiting(InFlight::Question) if seen.activity == 0 && !self.is_sent_by_page() => {
                self.ask_anew(Purpose::Explain, known, out);
            }
            State::Waiting(InFlight::Question)
            | State::Reading(InFlight::Question, _)
            | State::Streaming => self.fail(Error::broken(), seen, known, out),
            State::Waiting(InFlight::History) | State::Reading(InFlight::History, _) => {
                self.complete(seen, known, out);
            }
            State::Waiting(InFlight::Knock) | State::Knocking(_) => {
                let error = self.unreachable();
                self.answered(Err(error), seen, known, out);
            }
            State::Waiting(sent) => self.knock(sent, out),
            State::Reading(..) => self.answered(Err(Error::broken()), seen, known, out),
            _ => {}
        }
    }

    /// Checks whether any server answers, even if the page may not read the reply.
    fn knock(&mut self, sent: InFlight, out: Out<'_>) {
        self.state = State::Knocking(sent);
        out(Effect::Send(Request::ping(&self.target)));
    }

    pub(super) fn unreachable(&self) -> Error {
        let origin = self.target.endpoint.origin.as_str();
        Error::new(ErrorKind::Connect, origin).with_hint(Hint::Down)
    }

    /// A browser does not tell whether there was no answer or an unreadable one; here there was an answer.
    fn unreadable(&self, sent: InFlight) -> Error {
        let is_listed =
            sent == InFlight::Call && matches!(&self.task, Task::Call(call) if !call.is_open());
        if is_listed {
            let message = "from another origin this call is refused: add the page's origin to CORS_ORIGINS of the \
                           Flowise server (a chatflow's allowed origins do not open it)";
            return Error::new(ErrorKind::Cors, message);
        }
        let target = &self.target;
        let message = [
            target.endpoint.origin.as_str(),
            " answers, but not to pages of ",
            &target.page,
        ];
        Error::new(ErrorKind::Cors, message.concat()).with_hint(Hint::Origin)
    }

    /// Sends a request, or fails as if the server had answered with this error.
    pub(super) fn send(
        &mut self,
        sent: InFlight,
        request: Result<Request, Error>,
        known: &mut Knowledge,
        out: Out<'_>,
    ) {
        self.state = State::Waiting(sent);
        match request {
            Ok(request) => out(Effect::Send(request)),
            Err(error) => self.answered(Err(error), Seen::default(), known, out),
        }
    }
}

/// Flowise does not send a reply like this one.
pub(super) fn unexpected(content_type: &str) -> Error {
    let content_type = content_type.trim_ascii();
    if find(&content_type.to_ascii_lowercase(), "json").is_some() {
        return Error::new(
            ErrorKind::Protocol,
            "the server's reply is not the JSON that Flowise sends",
        );
    }
    let what = if content_type.is_empty() {
        "no content type"
    } else {
        content_type
    };
    let message = [
        "the server answered with ",
        what,
        " instead of JSON or an event stream: check that `url` is a Flowise server's",
    ];
    Error::new(ErrorKind::Protocol, message.concat())
}
