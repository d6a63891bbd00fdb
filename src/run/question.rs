//! Sends the question and follows its answer to the end.

use super::ask::{Task, Via};
use super::asking::ended_early;
use super::call::Request;
use super::effect::{Effect, Timer};
use super::fact::Seen;
use super::knowledge::Knowledge;
use super::limits::TICKS;
use super::states::{InFlight, Out, Purpose, Run, State};
use super::target::Wire;
use crate::error::Error;

impl Run {
    /// Moves to the conversation's current id.
    pub(super) fn enter(&mut self, known: &Knowledge, out: Out<'_>) {
        let server = self.target.server();
        // a request that was sent keeps its id
        let is_sent = self.is_sent_by_page();
        let Task::Predict(question) = &mut self.task else {
            return;
        };
        if !is_sent
            && let Some((chat_id, session_id)) =
                known.conversations.current(&server, &question.chat_id)
        {
            chat_id.clone_into(&mut question.chat_id);
            question
                .session_id
                .get_or_insert_with(|| session_id.to_owned());
        }
        out(Effect::Enter {
            chat_id: question.chat_id.clone(),
            session_id: question.session_id.clone(),
        });
    }

    /// Sends the question.
    pub(super) fn post(&mut self, streams: bool, known: &mut Knowledge, out: Out<'_>) {
        self.await_reply(streams, out);
        let request = Request::prediction(&self.target, streams);
        self.send(InFlight::Question, request, known, out);
    }

    fn await_reply(&mut self, streams: bool, out: Out<'_>) {
        self.streams = streams;
        self.may_run = true;
        self.silent = 0;
        self.activity = 0;
        // a reply that is not a stream arrives all at once
        if streams {
            self.start(Timer::Step, self.limits.first_byte, out);
        }
        self.start(Timer::Tick, self.limits.idle.div_ceil(TICKS), out);
    }

    /// Takes the reply to a question that the page has sent.
    pub(super) fn receive(&mut self, out: Out<'_>) {
        self.wire = Some(Wire::EventStream);
        self.await_reply(true, out);
        self.state = State::Waiting(InFlight::Question);
        out(Effect::Receive);
    }

    /// The event stream has ended.
    pub(super) fn ended(&mut self, seen: Seen, known: &mut Knowledge, out: Out<'_>) {
        if !self.is_streaming() {
            return;
        }
        if seen.has(Seen::END) {
            self.complete(seen, known, out);
        } else if matches!(&self.task, Task::Predict(question) if matches!(question.via, Via::Socket(_)))
        {
            // some browsers report the crash of a server as the end of the body
            self.ask_anew(Purpose::Check, known, out);
        } else {
            self.fail(ended_early(), seen, known, out);
        }
    }

    /// The whole reply has been read as JSON.
    pub(super) fn replied_whole(
        &mut self,
        read: Result<(), Error>,
        seen: Seen,
        known: &mut Knowledge,
        out: Out<'_>,
    ) {
        if self.wire == Some(Wire::SocketIo) {
            return self.overtaken(read, seen, known, out);
        }
        match read {
            Ok(()) => {
                // this server can stream the chatflow but did not, so it streams over Socket.IO
                if self.streams {
                    self.lose(known, out);
                }
                self.complete(seen, known, out);
            }
            Err(error) => self.fail(error, seen, known, out),
        }
    }

    /// Whether the server has finished the question, so that it can no longer be stopped.
    pub(super) const fn has_end(&self, seen: Seen) -> bool {
        // a Socket.IO server sends `end` after each call of a model
        matches!(self.wire, Some(Wire::EventStream)) && seen.has(Seen::END)
    }
}
