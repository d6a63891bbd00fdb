//! Tests what a page sees when something goes wrong: the rows of `docs/reliability.md` about order or time, one by one.
//!
//! A [`Page`] performs the machine's effects and records them in a few words. Each test is a table of events and the
//! effects that follow.

mod conversations;
mod faults;
mod limits;
mod recovery;
mod responses;
mod stopping;

use std::collections::BTreeMap;

use super::{
    Ask, Body, By, Content, Effect, Fact, Head, Limits, Question, RunId, Seen, Session, Target,
    Task, Timer, Transport, Via, Wire,
};
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};

pub(super) const SOCKET: Via = Via::Socket(0);
pub(super) const STREAM: Via = Via::Own(Transport::EventStream);

/// An event of a run.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// The socket is connected, and says this.
    Connects(Wire),
    /// The same, over a connection with events of an abandoned run.
    ConnectsStale,
    /// The socket cannot connect, and tries again.
    Refuses,
    Gone(By),
    /// The reply to "Does it stream?".
    Streams(bool),
    /// The headers of an event stream.
    Headers,
    /// A token arrives.
    Token,
    /// The server sends this: `end`, `error`, `abort`, or the answer's message id.
    Says(u32),
    /// The event stream has ended.
    Ends,
    /// The reply is JSON, with this text or none.
    Json(bool),
    /// The text of the reply equals the text of the events.
    Same,
    Status(u16),
    Html,
    Redirects,
    Fails,
    /// The headers of a JSON reply, without the body.
    Begins,
    /// The request, or the connection, is impossible.
    CannotBeMade,
    /// The page's reader is slow from now on.
    Pauses,
    /// This many milliseconds pass without an event.
    Waits(u32),
    Stops,
}
pub(super) use Step::*;

#[derive(Debug)]
struct Run {
    id: RunId,
    activity: u32,
    bits: u32,
    chat: String,
    /// The events are applied: those of a socket, or of a stream.
    hears: bool,
    done: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Page {
    session: Session,
    now: u32,
    timers: BTreeMap<(u32, RunId, Timer), ()>,
    runs: Vec<Run>,
    limits: Limits,
    has_key: bool,
}

impl Page {
    pub(super) fn new() -> Self {
        Self {
            session: Session::new(),
            now: 0,
            timers: BTreeMap::new(),
            runs: Vec::new(),
            limits: Limits::default(),
            has_key: false,
        }
    }

    pub(super) fn with_key() -> Self {
        Self {
            has_key: true,
            ..Self::new()
        }
    }

    pub(super) fn with_limits(limits: Limits) -> Self {
        Self {
            limits,
            ..Self::new()
        }
    }

    /// Asks in a conversation, and returns the run.
    pub(super) fn ask(&mut self, via: Via, chat_id: &str, session_id: Option<&str>) -> usize {
        let number = self.runs.len();
        let url = "http://flowise.test/api/v1/prediction/flow";
        let endpoint = Endpoint::parse(url).expect("a URL");
        let (id, effects) = self.session.ask(Ask {
            task: Task::Predict(Question {
                via,
                chat_id: chat_id.to_owned(),
                session_id: session_id.map(str::to_owned),
                next_id: format!("next {number}"),
            }),
            target: Target::new(endpoint, None, self.has_key),
            limits: self.limits,
        });
        self.runs.push(Run {
            id,
            activity: 0,
            bits: 0,
            chat: String::new(),
            hears: false,
            done: Vec::new(),
        });
        self.perform(effects);
        let effects = self.session.begin();
        self.perform(effects);
        number
    }

    /// A run with all these events.
    pub(super) fn happens(&mut self, run: usize, steps: &[Step]) -> &mut Self {
        for step in steps {
            self.step(run, *step);
        }
        self
    }

    /// All effects of a run.
    pub(super) fn done(&self, run: usize) -> String {
        self.runs[run].done.join(", ")
    }

    /// The last effect of a run.
    pub(super) fn last(&self, run: usize) -> &str {
        self.runs[run].done.last().map_or("", String::as_str)
    }

    /// The conversation of a run: `chatId`, and the memory if it differs.
    pub(super) fn chat(&self, run: usize) -> &str {
        &self.runs[run].chat
    }

    fn step(&mut self, at: usize, step: Step) {
        let run = &mut self.runs[at];
        let head = |status: u16, content_type: &str| {
            let content_type = content_type.to_owned();
            Fact::Replied(Head {
                status,
                content_type,
                ..Head::default()
            })
        };
        let object = |is_streaming| {
            Fact::Read(Body {
                is_json: true,
                is_object: true,
                is_streaming,
                sentence: String::new(),
            })
        };
        let facts = match step {
            Connects(wire) => vec![Fact::Connected { wire, stale: false }],
            ConnectsStale => vec![Fact::Connected {
                wire: Wire::SocketIo,
                stale: true,
            }],
            Refuses => vec![Fact::Refused {
                error: Error::new(ErrorKind::Connect, "refused"),
                last: false,
            }],
            Gone(by) => vec![Fact::Gone(by)],
            Streams(streams) => vec![head(200, "application/json"), object(Some(streams))],
            Headers => vec![head(200, "text/event-stream")],
            Token => {
                assert!(run.hears, "nobody hears the token");
                run.activity += 1;
                run.bits |= Seen::ANSWER;
                return;
            }
            Says(bit) => {
                run.activity += 1;
                run.bits |= bit;
                return;
            }
            Ends => vec![Fact::Ended],
            Json(has_text) => {
                run.bits |= Seen::MESSAGE_ID | if has_text { Seen::ANSWER } else { 0 };
                vec![head(200, "application/json"), object(None)]
            }
            Same => {
                run.bits |= Seen::SAME_TEXT;
                return;
            }
            Status(status) => vec![head(status, "application/json"), object(None)],
            Html => vec![head(200, "text/html"), Fact::Read(Body::default())],
            Redirects => vec![Fact::Replied(Head {
                redirects: true,
                ..Head::default()
            })],
            Fails => vec![Fact::Failed],
            Begins => vec![head(200, "application/json")],
            CannotBeMade => {
                let error = Error::new(ErrorKind::Config, "a header that no request can have");
                vec![Fact::Unsendable(error)]
            }
            Pauses => {
                run.bits |= Seen::PAUSED;
                return;
            }
            Waits(ms) => return self.wait(ms),
            Stops => vec![Fact::Stopped],
        };
        for fact in facts {
            self.tell(self.runs[at].id, fact);
        }
    }

    fn wait(&mut self, ms: u32) {
        let until = self.now + ms;
        while let Some(((at, id, timer), ())) = self.timers.pop_first() {
            if at > until {
                self.timers.insert((at, id, timer), ());
                break;
            }
            self.now = at;
            self.tell(id, Fact::Elapsed(timer));
        }
        self.now = until;
    }

    fn tell(&mut self, id: RunId, fact: Fact) {
        let run = self.runs.iter().find(|run| run.id == id).expect("a run");
        let seen = Seen::new(run.activity, run.bits);
        let effects = self.session.step(id, fact, seen);
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<(RunId, Effect)>) {
        for (id, effect) in effects {
            let at = self.runs.iter_mut().find(|run| run.id == id);
            let run = at.expect("a run");
            let done = match effect {
                Effect::Enter {
                    chat_id,
                    session_id,
                } => {
                    run.chat = match session_id {
                        Some(session_id) => format!("{chat_id}, memory {session_id}"),
                        None => chat_id,
                    };
                    continue;
                }
                Effect::Start(timer, ms) => {
                    self.timers
                        .retain(|(_, of, name), ()| (*of, *name) != (id, timer));
                    self.timers.insert((self.now + ms, id, timer), ());
                    continue;
                }
                Effect::Clear(timer) => {
                    self.timers
                        .retain(|(_, of, name), ()| (*of, *name) != (id, timer));
                    continue;
                }
                Effect::Send(request) => match request.body {
                    Content::Question { streaming: true } => "post a stream".to_owned(),
                    Content::Question { streaming: false } => "post".to_owned(),
                    _ if request.blind => "knock".to_owned(),
                    _ if request.names_message => "ask the history".to_owned(),
                    _ => "ask".to_owned(),
                },
                Effect::Receive => "receive".to_owned(),
                Effect::Handshake { .. } => "handshake".to_owned(),
                Effect::Connect => "connect".to_owned(),
                Effect::Renew => "renew".to_owned(),
                Effect::Lose => "lose".to_owned(),
                Effect::Listen | Effect::ReadEvents => {
                    run.hears = true;
                    continue;
                }
                Effect::ReadJson | Effect::Cancel => continue,
                Effect::Stop { .. } => "stop".to_owned(),
                Effect::Say => "say".to_owned(),
                Effect::Settle(outcome) => {
                    self.timers.retain(|(_, of, _), ()| *of != id);
                    let code = outcome.error.map_or("", |error| error.kind().code());
                    let stale = if outcome.stale { "stale" } else { "" };
                    let parts = [outcome.reason.as_str(), code, stale];
                    let words: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
                    words.join(" ")
                }
            };
            run.done.push(done);
        }
    }
}

/// A row of a table: its name, the question, the events, and the effects.
pub(super) type Row = (&'static str, Via, &'static [Step], &'static str);

/// Runs the rows of a table, each on a new page.
#[track_caller]
pub(super) fn check(page: impl Fn() -> Page, rows: &[Row]) {
    for (name, via, steps, done) in rows {
        let mut page = page();
        let run = page.ask(*via, "a chat", None);
        page.happens(run, steps);
        assert_eq!(page.done(run), *done, "{name}");
    }
}
