//! A model of Flowise, of both generations: how it handles a request, and what its runs send.

use std::collections::{BTreeMap, VecDeque};

use crate::run::{Body, Head};

/// What a run of the server sends. Each message has its question beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Token,
    Docs,
    /// Names the answer's message.
    Metadata,
    Error,
    Abort,
    End,
}

/// An event, and its question.
pub(super) type Event = (usize, Said);

/// What the server returns for a request, in this order.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Spoke { socket_io: bool },
    Head(Head),
    Events(Vec<Event>),
    Json(Body, Contents),
    BodyEnd,
    Break,
}

/// The other contents of a reply to the prediction with this number.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Contents {
    pub(super) tokens: u32,
    pub(super) docs: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asks {
    Handshake,
    IsStreaming,
    Ping,
    Question {
        streaming: bool,
    },
    History,
    /// One of the other calls: those with a JSON reply, a request to stop, and those with events.
    Json,
    Stop,
    Speech,
}

/// A request on its way, with the pieces of its reply.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) run: usize,
    pub(super) asks: Asks,
    pub(super) chat: String,
    /// The Socket.IO connection for the events.
    pub(super) connection: Option<usize>,
    pub(super) is_served: bool,
    /// The driver has stopped listening.
    pub(super) is_given_up: bool,
    /// The reply has an error status.
    pub(super) is_bad: bool,
    pub(super) pieces: VecDeque<Piece>,
}

/// A run on the server.
#[derive(Clone, Debug)]
struct Execution {
    run: usize,
    request: usize,
    chat: String,
    streaming: bool,
    connection: Option<usize>,
    script: VecDeque<Said>,
    fails: bool,
    said: Contents,
}

/// What happens to a request on its way, apart from the server's own answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Luck {
    Served,
    Redirect,
    Html,
    BadGateway,
    Refused,
    NotJson,
    Hangs,
    Breaks,
}

impl Luck {
    pub(super) const ALL: [Self; 8] = [
        Self::Served,
        Self::Redirect,
        Self::Html,
        Self::BadGateway,
        Self::Refused,
        Self::NotJson,
        Self::Hangs,
        Self::Breaks,
    ];
}

#[derive(Debug)]
pub(super) struct Server {
    pub(super) is_up: bool,
    pub(super) speaks_socket_io: bool,
    /// The page may not read its replies.
    pub(super) is_closed: bool,
    pub(super) streams: bool,
    /// A stop ends a run.
    pub(super) is_agent: bool,
    pub(super) requests: Vec<Request>,
    executions: Vec<Execution>,
    /// The streams by `chatId`, as in `SSEStreamer.ts`.
    registry: BTreeMap<String, usize>,
    /// The events on their way over each Socket.IO connection, with the time of sending; `None` if it is closed.
    pub(super) connections: Vec<Option<VecDeque<(u64, Event)>>>,
}

fn json_head(status: u16) -> Head {
    Head {
        status,
        redirects: false,
        content_type: "application/json".to_owned(),
    }
}

fn events_head() -> Head {
    Head {
        content_type: "Text/Event-Stream; charset=utf-8".to_owned(),
        ..json_head(200)
    }
}

fn html(status: u16) -> [Piece; 2] {
    let head = Head {
        content_type: "text/html".to_owned(),
        ..json_head(status)
    };
    [
        Piece::Head(head),
        Piece::Json(Body::default(), Contents::default()),
    ]
}

fn json(status: u16, streams: Option<bool>, reply: Contents) -> [Piece; 2] {
    let body = Body {
        is_json: true,
        is_object: true,
        is_streaming: streams,
        sentence: String::new(),
    };
    [Piece::Head(json_head(status)), Piece::Json(body, reply)]
}

impl Server {
    pub(super) fn new(speaks_socket_io: bool, streams: bool, is_agent: bool) -> Self {
        Self {
            is_up: true,
            speaks_socket_io,
            is_closed: false,
            streams,
            is_agent,
            requests: Vec::new(),
            executions: Vec::new(),
            registry: BTreeMap::new(),
            connections: Vec::new(),
        }
    }

    /// Accepts a request; the script is what a run of it sends.
    pub(super) fn serve(&mut self, at: usize, luck: Luck, script: &[Said], fails: bool) {
        let request = &mut self.requests[at];
        request.is_served = true;
        if !self.is_up || luck == Luck::Breaks || (self.is_closed && request.asks != Asks::Ping) {
            request.pieces.push_back(Piece::Break);
            return;
        }
        match luck {
            Luck::Served | Luck::Breaks => {}
            Luck::Hangs => return,
            Luck::Redirect => {
                let head = Head {
                    redirects: true,
                    ..Head::default()
                };
                return request.pieces.push_back(Piece::Head(head));
            }
            Luck::Html => return request.pieces.extend(html(200)),
            Luck::BadGateway => {
                request.is_bad = true;
                return request.pieces.extend(html(502));
            }
            Luck::Refused => {
                request.is_bad = true;
                return request.pieces.extend(json(401, None, Contents::default()));
            }
            Luck::NotJson => {
                let body = Piece::Json(Body::default(), Contents::default());
                return request.pieces.extend([Piece::Head(json_head(200)), body]);
            }
        }
        match request.asks {
            Asks::Handshake => request.pieces.push_back(Piece::Spoke {
                socket_io: self.speaks_socket_io,
            }),
            Asks::Ping => request.pieces.push_back(Piece::Head(Head::default())),
            Asks::IsStreaming => {
                let reply = json(200, Some(self.streams), Contents::default());
                request.pieces.extend(reply);
            }
            Asks::History => {
                let found = Contents { tokens: 1, docs: 0 };
                request.pieces.extend(json(200, None, found));
            }
            Asks::Json => request.pieces.extend(json(200, None, Contents::default())),
            Asks::Stop => {
                request.pieces.extend(json(200, None, Contents::default()));
                let chat = request.chat.clone();
                self.stop(&chat);
            }
            Asks::Speech if self.streams => request.pieces.push_back(Piece::Head(events_head())),
            // as a version without speech does
            Asks::Speech => request.pieces.extend(json(200, None, Contents::default())),
            Asks::Question { streaming } => self.run(at, streaming, script, fails),
        }
    }

    fn run(&mut self, at: usize, asked: bool, script: &[Said], fails: bool) {
        let request = &mut self.requests[at];
        let streaming = asked && self.streams && !self.speaks_socket_io;
        if streaming {
            // with `streaming`, a failure before the headers has no reply at all
            if fails {
                return;
            }
            request.pieces.push_back(Piece::Head(events_head()));
            self.registry.insert(request.chat.clone(), at);
        }
        let connection = request
            .connection
            .filter(|_| self.speaks_socket_io && self.streams);
        let keeps = |said: &&Said| match said {
            Said::End => !streaming,
            Said::Error | Said::Metadata => streaming,
            _ => true,
        };
        self.executions.push(Execution {
            run: request.run,
            request: at,
            chat: request.chat.clone(),
            streaming,
            connection,
            script: script.iter().filter(keeps).copied().collect(),
            fails,
            said: Contents::default(),
        });
    }

    pub(super) fn running(&self) -> usize {
        self.executions.len()
    }

    /// A run sends its next message, or ends; `early` omits the `end`.
    pub(super) fn advance(&mut self, which: usize, now: u64, early: bool) {
        let execution = &mut self.executions[which];
        if let Some(said) = execution.script.pop_front() {
            match said {
                Said::Token => execution.said.tokens += 1,
                Said::Docs => execution.said.docs += 1,
                _ => {}
            }
            let event = (execution.run, said);
            if execution.streaming {
                // the stream that this chat has now
                if let Some(request) = self.registry.get(&execution.chat) {
                    let pieces = &mut self.requests[*request].pieces;
                    pieces.push_back(Piece::Events(vec![event]));
                }
            } else if let Some(connection) = execution.connection
                && let Some(way) = &mut self.connections[connection]
            {
                way.push_back((now, event));
            }
            return;
        }
        let execution = self.executions.remove(which);
        if execution.streaming {
            if let Some(request) = self.registry.remove(&execution.chat) {
                let pieces = &mut self.requests[request].pieces;
                if !early {
                    pieces.push_back(Piece::Events(vec![(execution.run, Said::End)]));
                }
                pieces.push_back(Piece::BodyEnd);
            }
        } else {
            let status = if execution.fails { 500 } else { 200 };
            let request = &mut self.requests[execution.request];
            request.is_bad = execution.fails;
            request.pieces.extend(json(status, None, execution.said));
        }
    }

    /// A request to stop has arrived.
    pub(super) fn stop(&mut self, chat: &str) {
        if !self.is_up || !self.is_agent {
            return;
        }
        for execution in &mut self.executions {
            if execution.chat == chat {
                execution.script = VecDeque::from([Said::Abort]);
            }
        }
    }

    /// The connection of a request breaks; its run continues.
    pub(super) fn cut(&mut self, at: usize) {
        let request = &mut self.requests[at];
        request.is_served = true;
        request.pieces.push_back(Piece::Break);
    }

    /// The process ends, and all its runs.
    pub(super) fn kill(&mut self) {
        self.is_up = false;
        self.executions.clear();
        self.registry.clear();
        for request in &mut self.requests {
            request.is_served = true;
            request.pieces.push_back(Piece::Break);
        }
        self.connections.fill(None);
    }
}
