//! Faults of servers, proxies and networks, as chatflows named `trouble-…`.
//!
//! Their delays are real: `--speed` does not change them.

mod list;
mod socket;
mod stream;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

pub(crate) use self::list::ALL;
use crate::context::Context;
use crate::flows::{Aborts, Generation};
use crate::plan::{Event, HTML, JSON, Plan, Reply, Step, Steps, TEXT, metadata};
use crate::request::Prediction;
use crate::scripted::tokens;
use crate::socket::reply_with;

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    Slow,
    Silent,
    Hang,
    Stall,
    Cut,
    CutSocket,
    HalfClosed,
    NoEnd,
    ByteByByte,
    Buffered,
    Status(u16),
    Html,
    Json,
    WrongType,
    Malformed,
    Truncated,
    Huge,
    Many,
    Late,
    Overtaken,
    Names,
    ReservedNames,
    /// There is only metadata and the end.
    Empty,
    /// The events are lost, but the history has the answer.
    Lost,
    /// `Lost` for a chat's first question, then good.
    LostOnce,
    NoCors,
    Redirect,
    StartTwice,
    Crlf,
    Steady,
    Heartbeat,
}

/// A chatflow with a fault.
#[derive(Debug)]
pub(crate) struct TroubleFlow {
    pub(crate) id: &'static str,
    pub(crate) about: &'static str,
    pub(crate) question: &'static str,
    pub(crate) generations: &'static [Generation],
    pub(crate) kind: Trouble,
}

/// The undisturbed answer of a trouble flow.
const ANSWER: &str = "One two three four five six seven eight nine ten.";

/// Long enough for bytes to reach the peer before the connection is cut.
const ARRIVAL: Duration = Duration::from_millis(500);

/// The chats that have asked a question.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<HashSet<String>>);

impl Seen {
    fn is_first(&self, chat: &str) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.insert(chat.to_owned())
    }

    pub(crate) fn clear(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

/// The fault for this question.
pub(crate) fn this_time(context: &Context, kind: Trouble, asked: &Prediction) -> Trouble {
    match kind {
        Trouble::LostOnce if context.world.seen.is_first(&asked.ids.chat) => Trouble::Lost,
        kind => kind,
    }
}

/// The response, if the fault occurs before a run.
pub(crate) async fn before_the_run(
    context: &Arc<Context>,
    kind: Trouble,
    asked: &Prediction,
) -> Option<Response<Body>> {
    match kind {
        Trouble::Hang => std::future::pending().await,
        Trouble::Status(status) => Some(refusal(context, status, asked)),
        Trouble::Html => {
            let page = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><h1>Sign in to the network</h1></body></html>\n";
            Some(reply_with(Reply::new(StatusCode::OK, HTML, page)))
        }
        Trouble::Json if context.generation == Generation::Sse => {
            Some(reply_with(good_reply(ANSWER, asked)))
        }
        Trouble::Redirect => {
            let others = context.world.listeners().iter();
            let mut others = others.filter(|other| other.address != context.listener.address);
            let target = format!("{}/api/v1/prediction/scripted", others.next()?.url());
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
            let target = HeaderValue::try_from(target).ok()?;
            response.headers_mut().insert(header::LOCATION, target);
            Some(response)
        }
        _ => None,
    }
}

/// Changes the response of a run.
pub(crate) fn after_the_run(kind: Trouble, response: &mut Response<Body>) {
    if kind == Trouble::WrongType {
        let value = HeaderValue::from_static(TEXT);
        response.headers_mut().insert(header::CONTENT_TYPE, value);
    }
}

fn refusal(context: &Context, status: u16, asked: &Prediction) -> Response<Body> {
    const WRONG_SITE: &str = "This site is not allowed to access this chatbot";
    const NGINX: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
        <center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.27.3</center>\r\n\
        </body>\r\n</html>\r\n";
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let reply = match status {
        401 => Reply::new(
            code,
            JSON,
            json!({ "error": "Unauthorized Access" }).to_string(),
        ),
        403 if context.generation == Generation::Sse && asked.streaming => {
            Reply::new(code, HTML, WRONG_SITE)
        }
        403 => Reply::error(status, WRONG_SITE),
        404 => {
            let id = context.flow_id();
            Reply::error(status, &format!("Chatflow {id} not found in the database!"))
        }
        413 => Reply::error(status, "request entity too large"),
        429 => Reply::new(code, HTML, "Too many questions."),
        502 => Reply::new(code, "text/html", NGINX),
        _ => Reply::error(
            status,
            "Error: predictionsServices.buildChatflow - Cannot read properties of undefined (reading 'data')",
        ),
    };
    let mut response = reply_with(reply);
    if status == 429 {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

/// The answer of the run.
pub(crate) fn plan(kind: Trouble, generation: Generation, asked: &Prediction) -> Plan {
    let (steps, reply) = match generation {
        Generation::Sse => (stream::steps(kind, asked), stream::reply(kind, asked)),
        Generation::SocketIo => (socket::steps(kind, asked), socket::reply(kind, asked)),
    };
    Plan {
        steps,
        reply,
        aborts: Aborts::Never,
        ends_with_client: true,
    }
}

fn good_reply(text: &str, asked: &Prediction) -> Reply {
    let mut reply = json!({ "text": text });
    if let (Some(reply), Value::Object(metadata)) = (reply.as_object_mut(), metadata(asked)) {
        reply.extend(metadata);
    }
    Reply::json(&reply)
}

/// The tokens of the answer.
fn words() -> impl Iterator<Item = Step> {
    tokens(ANSWER).map(|token| Step::Event(Event::token(token)))
}

fn start() -> Step {
    Step::Event(Event::new("start", ""))
}

/// The good ending of a run of that generation.
fn ending(generation: Generation, asked: &Prediction) -> Vec<Step> {
    let mut steps = Vec::new();
    if generation == Generation::Sse {
        steps.push(Step::Event(Event::new("metadata", metadata(asked))));
    }
    steps.push(Step::Event(Event::bare("end")));
    steps
}

/// The steps that both generations have in common.
fn common(kind: Trouble, generation: Generation, asked: &Prediction) -> Option<Steps> {
    let end = || ending(generation, asked);
    let some = || std::iter::once(start()).chain(words().take(5));
    Some(match kind {
        Trouble::Slow => {
            let pause = Step::Settle(Duration::from_millis(200));
            let slow = words().flat_map(move |word| [word, pause.clone()]);
            Box::new(std::iter::once(start()).chain(slow).chain(end()))
        }
        Trouble::Silent => Box::new(std::iter::once(Step::Silence)),
        Trouble::Stall => Box::new(some().chain([Step::Silence])),
        Trouble::Cut | Trouble::HalfClosed => {
            let how = match kind {
                Trouble::Cut => crate::connection::Cut::Reset,
                _ => crate::connection::Cut::HalfClose,
            };
            Box::new(some().chain([Step::Settle(ARRIVAL), Step::Cut(how)]))
        }
        Trouble::StartTwice => Box::new(
            [start(), Step::Event(Event::new("start", "One"))]
                .into_iter()
                .chain(words())
                .chain(end()),
        ),
        Trouble::Steady => {
            let pause = Step::Settle(Duration::from_millis(asked.number().unwrap_or(100).max(1)));
            let token = |n: u64| Step::Event(Event::token(format!("tick{n} ")));
            Box::new(
                std::iter::once(start()).chain((1..).flat_map(move |n| [token(n), pause.clone()])),
            )
        }
        Trouble::Names => Box::new(
            std::iter::once(start())
                .chain(named(NAMES))
                .chain(named(&["n".repeat(10_000)]))
                .chain(words())
                .chain(end()),
        ),
        Trouble::ReservedNames => Box::new(
            std::iter::once(start())
                .chain(words())
                .chain(named(RESERVED))
                .chain(end()),
        ),
        Trouble::WrongType | Trouble::NoCors | Trouble::LostOnce => {
            Box::new(std::iter::once(start()).chain(words()).chain(end()))
        }
        _ => return None,
    })
}

/// Names with a meaning in JavaScript.
const NAMES: &[&str] = &[
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "hasOwnProperty",
    "ping",
    "",
];

/// Names that no Socket.IO server sends: socket.io-client takes them for a broken packet, and
/// reconnects.
const RESERVED: &[&str] = &[
    "connect",
    "connect_error",
    "disconnect",
    "disconnecting",
    "newListener",
    "removeListener",
];

/// An event of each name.
fn named<T: AsRef<str>>(names: &[T]) -> Vec<Step> {
    let names = names.iter().map(AsRef::as_ref);
    names
        .map(|name| Step::Event(Event::new(name, hostile(name))))
        .collect()
}

/// A payload that tries to change `Object.prototype`.
fn hostile(name: &str) -> Value {
    json!({
        "name": name,
        "__proto__": { "polluted": true },
        "constructor": { "prototype": { "polluted": true } },
    })
}
