//! What reaches the driver over the network: pieces of replies, events of sockets, changes of connections, and the passing of time.

use std::collections::VecDeque;

use super::server::{Asks, Piece};
use super::socket::Socket;
use super::world::World;
use crate::run::{By, Fact, Wire};

/// The maximum delay of Socket.IO events.
const LATENCY: u64 = 15;

impl World {
    pub(super) fn release(&mut self, run: usize, is_stale: bool) {
        self.give_up(run);
        let page = &mut self.pages[run];
        page.timers = [None; 3];
        page.is_listening = false;
        let Some(socket) = page.socket else {
            assert!(!is_stale, "no socket can be stale");
            return;
        };
        let socket = &mut self.sockets[socket];
        if is_stale {
            socket.stale = socket.connection.map(|(number, _)| number);
        }
        if socket.owner.is_some() {
            socket.is_active = false;
            if let Some((number, _)) = socket.connection.take() {
                self.server.connections[number] = None;
            }
        }
    }

    pub(super) fn connect(&mut self, run: usize) {
        self.pages[run].begin(self.now);
        let number = *self.pages[run].socket.get_or_insert_with(|| {
            self.sockets.push(Socket::new(Some(run)));
            self.sockets.len() - 1
        });
        let socket = &self.sockets[number];
        if let Some((connection, wire)) = socket.connection {
            let stale = socket.stale == Some(connection);
            self.facts.push_back((run, Fact::Connected { wire, stale }));
        } else if !socket.is_active {
            self.facts.push_back((run, Fact::Gone(By::Page)));
        }
    }

    /// A socket gets its connection.
    pub(super) fn connected(&mut self, number: usize) {
        let wire = if self.server.speaks_socket_io {
            Wire::SocketIo
        } else {
            Wire::EventStream
        };
        let connection = self.server.connections.len();
        self.server.connections.push(Some(VecDeque::new()));
        self.sockets[number].connection = Some((connection, wire));
        self.tell_all(number, None, &Fact::Connected { wire, stale: false });
    }

    /// A socket's connection ends. If the server or the page ended it, it stays closed.
    pub(super) fn disconnect(&mut self, number: usize, except: Option<usize>, by: By) {
        let socket = &mut self.sockets[number];
        if by != By::Network {
            socket.is_active = false;
        }
        if let Some((connection, _)) = socket.connection.take() {
            self.server.connections[connection] = None;
        }
        self.tell_all(number, except, &Fact::Gone(by));
    }

    /// Reports a fact to all runs of a socket, waiting or not.
    pub(super) fn tell_all(&mut self, socket: usize, except: Option<usize>, fact: &Fact) {
        for page in &self.pages {
            if page.socket == Some(socket) && !page.is_settled() && Some(page.number) != except {
                self.facts.push_back((page.number, fact.clone()));
            }
        }
    }

    /// Delivers the pending reports.
    pub(super) fn flush(&mut self) {
        self.perform_all(Vec::new());
    }

    /// The driver receives the next piece of a reply.
    pub(super) fn receive(&mut self, run: usize) {
        let page = &mut self.pages[run];
        let Some(request) = page.request else { return };
        if std::mem::take(&mut page.end_is_due) {
            self.tell(run, Fact::Ended);
            return;
        }
        let asks = self.server.requests[request].asks;
        let Some(piece) = self.server.requests[request].pieces.pop_front() else {
            return;
        };
        let is_prediction = matches!(asks, Asks::Question { .. });
        let fact = match piece {
            Piece::Spoke { socket_io: true } => Fact::Spoke(Wire::SocketIo),
            Piece::Spoke { socket_io: false } => Fact::Spoke(Wire::EventStream),
            Piece::Head(head) => {
                page.is_refused |= is_prediction && head.redirects;
                page.has_head(asks, &head);
                Fact::Replied(head)
            }
            Piece::Events(events) => {
                page.activity += 1;
                page.alive_at = self.now;
                for event in events {
                    page.hear(event);
                }
                page.end_is_due = page.is_complete();
                return;
            }
            Piece::Json(body, reply) => {
                let is_answer = body.is_object && !self.server.requests[request].is_bad;
                if is_prediction && is_answer {
                    page.reply = Some(reply);
                } else if is_prediction {
                    page.is_refused = true;
                } else if page.errand.is_some() {
                    let is_bad = self.server.requests[request].is_bad;
                    page.answered(body.is_json && !is_bad && asks != Asks::Speech);
                } else if asks == Asks::History && is_answer {
                    page.has_text_of_history = true;
                }
                Fact::Read(body)
            }
            Piece::BodyEnd => Fact::Ended,
            Piece::Break => Fact::Failed,
        };
        self.tell(run, fact);
    }

    /// A socket's run receives the next event.
    pub(super) fn hear(&mut self, number: usize) {
        let Some((connection, _)) = self.sockets[number].connection else {
            return;
        };
        let way = self.server.connections[connection].as_mut();
        let Some((_, event)) = way.and_then(VecDeque::pop_front) else {
            return;
        };
        for page in &mut self.pages {
            if page.is_listening && page.socket == Some(number) {
                page.activity += 1;
                page.alive_at = self.now;
                page.hear(event);
            }
        }
    }

    /// The earliest time at which something has to happen.
    pub(super) fn next_deadline(&self) -> Option<u64> {
        self.pages
            .iter()
            .flat_map(|page| page.timers)
            .flatten()
            .min()
    }

    /// The clock advances to the next timer; the events on their way over a socket arrive first.
    pub(super) fn pass_time(&mut self) {
        let Some(deadline) = self.next_deadline() else {
            return;
        };
        for number in 0..self.sockets.len() {
            while let Some(sent) = self
                .first_sent(number)
                .filter(|sent| sent + LATENCY < deadline)
            {
                self.now = self.now.max(sent);
                self.hear(number);
            }
        }
        self.now = self.now.max(deadline);
        for page in &mut self.pages {
            if page.is_paused {
                page.alive_at = self.now;
            }
            let waits = page.has_begun && !page.is_settled();
            if let Some(patience) = page.patience().filter(|_| waits) {
                assert!(
                    self.now <= page.alive_at + patience,
                    "beyond its limits: {page:?}"
                );
            }
        }
    }

    fn first_sent(&self, number: usize) -> Option<u64> {
        let (connection, _) = self.sockets[number].connection?;
        let way = self.server.connections[connection].as_ref()?;
        way.front().map(|(sent, _)| *sent)
    }

    pub(super) fn has_events(&self, number: usize) -> bool {
        self.first_sent(number).is_some()
    }
}
