//! Connects to a server: detects the transport, and opens the socket.

use super::ask::Via;
use super::effect::{Effect, Timer};
use super::fact::{By, Seen};
use super::knowledge::Knowledge;
use super::states::{Out, Purpose, Run, State};
use super::target::{Transport, Wire};
use crate::error::{Error, ErrorKind};

impl Run {
    pub(super) fn connect(&mut self, via: Via, known: &mut Knowledge, out: Out<'_>) {
        let is_event_stream = match via {
            Via::Own(Transport::EventStream) => true,
            Via::Own(Transport::Auto) => known.has_event_stream(&self.target.server()),
            Via::Own(Transport::SocketIo) | Via::Socket(_) => false,
            Via::Response => return self.receive(out),
        };
        if is_event_stream {
            return self.open(Wire::EventStream, known, out);
        }
        self.start(Timer::Step, self.limits.connect, out);
        if via == Via::Own(Transport::Auto) {
            self.state = State::Handshake;
            let url = self.target.endpoint.handshake();
            out(Effect::Handshake { url });
        } else {
            self.state = State::Connecting;
            out(Effect::Connect);
        }
    }

    pub(super) fn spoke(&mut self, wire: Wire, known: &mut Knowledge, out: Out<'_>) {
        if self.state != State::Handshake {
            return;
        }
        match wire {
            Wire::SocketIo => {
                self.state = State::Connecting;
                out(Effect::Connect);
            }
            Wire::EventStream => {
                known.set_event_stream(&self.target.server(), true);
                self.open(wire, known, out);
            }
        }
    }

    pub(super) fn connected(
        &mut self,
        wire: Wire,
        stale: bool,
        known: &mut Knowledge,
        out: Out<'_>,
    ) {
        if self.state != State::Connecting {
            return;
        }
        if stale {
            out(Effect::Renew);
        } else {
            self.open(wire, known, out);
        }
    }

    /// Asks, over a known transport.
    pub(super) fn open(&mut self, wire: Wire, known: &mut Knowledge, out: Out<'_>) {
        self.wire = Some(wire);
        out(Effect::Clear(Timer::Step));
        match wire {
            Wire::EventStream => self.ask(Purpose::Before, known, out),
            Wire::SocketIo => {
                out(Effect::Listen);
                self.post(false, known, out);
            }
        }
    }

    pub(super) fn refused(
        &mut self,
        error: Error,
        last: bool,
        seen: Seen,
        known: &mut Knowledge,
        out: Out<'_>,
    ) {
        if last {
            match self.state {
                State::InLine | State::Connecting => self.fail(error, seen, known, out),
                _ => self.gone(By::Server, seen, known, out),
            }
        } else {
            self.refused = Some(error);
        }
    }

    pub(super) fn gone(&mut self, by: By, seen: Seen, known: &mut Knowledge, out: Out<'_>) {
        match (by, &self.state) {
            (By::Page, _) => self.stopped(seen, known, out),
            (By::Server, State::InLine | State::Connecting) => {
                let message = "the server has disconnected the socket: call its `connect()`";
                self.fail(
                    Error::new(ErrorKind::Disconnected, message),
                    seen,
                    known,
                    out,
                );
            }
            // socket.io-client reconnects
            (_, State::InLine | State::Connecting) => {}
            // the reply still arrives; the events of a Socket.IO server do not
            _ => self.gone = true,
        }
    }
}
