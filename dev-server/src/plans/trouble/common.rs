//! The answer of a flow with a fault, and the faults that both generations have in common.

use std::time::Duration;

use serde_json::{Value, json};

use crate::connection::Cut;
use crate::flows::{Generation, Trouble};
use crate::plan::{Event, Step, Steps, metadata};
use crate::plans::scripted::tokens;
use crate::reply::Reply;
use crate::request::Question;

/// The undisturbed answer of a trouble flow.
pub(crate) const ANSWER: &str = "One two three four five six seven eight nine ten.";

/// Long enough for bytes to reach the peer before the connection is cut.
pub(super) const ARRIVAL: Duration = Duration::from_millis(500);

pub(crate) fn good_reply(text: &str, asked: &Question) -> Reply {
    let mut reply = json!({ "text": text });
    if let (Some(reply), Value::Object(metadata)) = (reply.as_object_mut(), metadata(asked)) {
        reply.extend(metadata);
    }
    Reply::json(&reply)
}

/// The tokens of the answer.
pub(super) fn words() -> impl Iterator<Item = Step> {
    tokens(ANSWER).map(|token| Step::Event(Event::token(token)))
}

pub(super) fn start() -> Step {
    Step::Event(Event::new("start", ""))
}

/// The good ending of a run of that generation.
pub(super) fn ending(generation: Generation, asked: &Question) -> Vec<Step> {
    let mut steps = Vec::new();
    if generation == Generation::Sse {
        steps.push(Step::Event(Event::new("metadata", metadata(asked))));
    }
    steps.push(Step::Event(Event::bare("end")));
    steps
}

/// The steps that both generations have in common.
pub(super) fn common(kind: Trouble, generation: Generation, asked: &Question) -> Option<Steps> {
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
                Trouble::Cut => Cut::Reset,
                _ => Cut::HalfClose,
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
