//! Passes the machine's effects to `run.js` as plain values, and receives facts from it.
//!
//! No function here calls the page's JavaScript while it has the session borrowed.

use std::cell::RefCell;

use js_sys::{Array, Object, Promise};
use wasm_bindgen::prelude::*;

use super::bindings::{
    FlowiseError, Run, attach_runs, attach_sockets, begin, said, server_said, set,
};
use crate::error::{Error, ErrorKind};
use crate::finish::FinishReason;
use crate::run::{
    Ask, Body, By, Content, Effect, Fact, Head, Outcome, Request, RunId, Seen, Session, Target,
    Timer, Wire,
};

thread_local! {
    static SESSION: RefCell<Session> = const { RefCell::new(Session::new()) };
}

/// The facts, by the names that JavaScript uses; [`tell`] receives the index in this list.
const FACTS: &str =
    "spoke,connected,refused,gone,replied,read,ended,failed,unsendable,elapsed,stopped";

/// The timers, by the numbers that JavaScript uses.
const TIMERS: [Timer; 3] = [Timer::Total, Timer::Step, Timer::Tick];

/// Passes the snippets the objects that they work on.
pub(crate) fn attach() {
    let exports = wasm_bindgen::exports();
    attach_runs(&exports, FACTS);
    attach_sockets(&exports);
    #[cfg(bundled)]
    super::bindings::bundled();
}

/// Starts a run in the machine and in JavaScript.
pub(crate) fn ask(ask: Ask, asked: &Object) -> Run {
    let (id, effects) = ask_for(ask);
    begin(id, &effects, asked)
}

/// Starts a run in the machine.
pub(crate) fn ask_for(ask: Ask) -> (u32, Array) {
    let (id, effects) = SESSION.with_borrow_mut(|session| session.ask(ask));
    (id.0, to_js(effects))
}

/// Begins the runs whose turn it is.
pub(crate) fn begin_runs() -> Array {
    to_js(SESSION.with_borrow_mut(Session::begin))
}

/// The id that a conversation has now.
pub(crate) fn current_chat(target: &Target, chat_id: &str) -> String {
    SESSION.with_borrow(|session| session.current_chat(target, chat_id).to_owned())
}

/// Reports a fact to the machine: its index in [`FACTS`], and a number with details.
pub(crate) fn tell(run: u32, fact: u32, number: u32, seen: Seen) -> Array {
    let Some(fact) = fact_of(run, fact, number) else {
        return Array::new();
    };
    to_js(SESSION.with_borrow_mut(|session| session.step(RunId(run), fact, seen)))
}

fn fact_of(run: u32, fact: u32, number: u32) -> Option<Fact> {
    let has = |bit: u32| number >> bit & 1 == 1;
    let wire = if has(0) {
        Wire::SocketIo
    } else {
        Wire::EventStream
    };
    Some(match fact {
        0 => Fact::Spoke(wire),
        1 => Fact::Connected {
            wire,
            stale: has(1),
        },
        2 => Fact::Refused {
            error: Error::new(ErrorKind::Connect, said(run)),
            last: has(0),
        },
        3 => Fact::Gone(match number {
            0 => By::Page,
            1 => By::Server,
            _ => By::Network,
        }),
        4 => Fact::Replied(Head {
            status: number as u16,
            redirects: has(16),
            content_type: said(run),
        }),
        5 => {
            let words = said(run);
            let (message, text) = if has(4) {
                (Some(words.as_str()), "")
            } else {
                (None, words.as_str())
            };
            Fact::Read(Body {
                is_json: has(0),
                is_object: has(1),
                is_streaming: (has(2) || has(3)).then(|| has(2)),
                sentence: crate::run::sentence(message, None, text).to_owned(),
            })
        }
        6 => Fact::Ended,
        7 => Fact::Failed,
        8 => {
            let kind = if has(0) {
                ErrorKind::Unsupported
            } else {
                ErrorKind::Config
            };
            Fact::Unsendable(Error::new(kind, said(run)))
        }
        9 => Fact::Elapsed(*TIMERS.get(number as usize)?),
        10 => Fact::Stopped,
        _ => return None,
    })
}

/// Effects as `[run, name, …arguments]`; the name is that of a method in `run.js`.
fn to_js(effects: Vec<(RunId, Effect)>) -> Array {
    let all = Array::new();
    for (run, effect) in effects {
        let one = Array::of1(&run.0.into());
        let mut add = |value: JsValue| {
            one.push(&value);
        };
        match effect {
            Effect::Enter {
                chat_id,
                session_id,
            } => {
                add("enter".into());
                add(chat_id.into());
                add(session_id.into());
            }
            Effect::Handshake { url } => {
                add("handshake".into());
                add(url.into());
            }
            Effect::Connect => add("connect".into()),
            Effect::Renew => add("renew".into()),
            Effect::Lose => add("lose".into()),
            Effect::Listen => add("listen".into()),
            Effect::Send(request) => {
                add("send".into());
                add(request_to_js(request).into());
            }
            Effect::Receive => add("receive".into()),
            Effect::ReadEvents => add("readEvents".into()),
            Effect::ReadJson => add("readJson".into()),
            Effect::Cancel => add("cancel".into()),
            Effect::Start(timer, ms) => {
                add("start".into());
                add(number_of(timer));
                add(ms.into());
            }
            Effect::Clear(timer) => {
                add("clear".into());
                add(number_of(timer));
            }
            Effect::Stop { chat_id } => {
                add("stop".into());
                add(chat_id.into());
            }
            Effect::Say => add("say".into()),
            Effect::Settle(outcome) => {
                add("settle".into());
                add_outcome(run, outcome, &mut add);
            }
        }
        all.push(&one);
    }
    all
}

fn number_of(timer: Timer) -> JsValue {
    let place = TIMERS.iter().position(|known| *known == timer);
    (place.unwrap_or_default() as u32).into()
}

fn request_to_js(request: Request) -> Object {
    let object = Object::new();
    let more = Object::new();
    let content = match request.body {
        Content::Nothing => "nothing",
        Content::Form => "form",
        Content::Question { streaming } => {
            if streaming {
                set(&more, "streaming", &JsValue::TRUE);
            }
            "question"
        }
        Content::Data { member, chatflow } => {
            set(&more, member, &chatflow.into());
            "data"
        }
    };
    set(&object, "method", &request.method.into());
    set(&object, "url", &request.url.into());
    set(&object, "content", &content.into());
    set(&object, "more", &more);
    for (name, holds) in [
        ("outlives", request.outlives),
        ("blind", request.blind),
        ("namesMessage", request.names_message),
    ] {
        if holds {
            set(&object, name, &JsValue::TRUE);
        }
    }
    object
}

fn add_outcome(run: RunId, outcome: Outcome, add: &mut impl FnMut(JsValue)) {
    let error = outcome.error.or_else(|| {
        // the answer holds the server's own message
        (outcome.reason == FinishReason::Error).then(|| Error::from_event(&server_said(run.0)))
    });
    add(outcome.reason.as_str().into());
    add(error.as_ref().map(|error| error.kind().code()).into());
    add(error.as_ref().map(Error::for_page).into());
    add(error.and_then(|error| error.status()).into());
    add(outcome.streamed.into());
    add(outcome.session_id.into());
    add(outcome.stale.into());
}

/// An error of the page.
pub(crate) fn config(message: &'static str) -> JsValue {
    error_to_js(&Error::new(ErrorKind::Config, message))
}

/// An error as the page receives it.
pub(crate) fn error_to_js(error: &Error) -> JsValue {
    let status = error.status().into();
    FlowiseError::new(
        &error.for_page(),
        error.kind().code(),
        &status,
        &JsValue::UNDEFINED,
    )
    .into()
}

/// The result of a run.
pub(crate) fn begun(run: &Run) -> Promise {
    run.promise()
}
