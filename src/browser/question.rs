//! `query` and `stream`: choose the socket of a question.

use js_sys::{Object, Promise};
use wasm_bindgen::prelude::*;

use super::bindings::{
    Socket, body_of, failed_stream, has_id, living, member, merge, record_of, set, socket_audience,
    stream_of,
};
use super::driver::{ask, ask_for, begun, config, error_to_js};
use super::options::{check_signal, limits, target, transport};
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};
use crate::random;
use crate::run::{Ask, Question, Target, Task, Via};

/// `query(data, options)`: on the socket that `data.socketIOClientId` names, or to the server that the options name.
pub(crate) fn query(data: &JsValue, options: &JsValue) -> Promise {
    let id = member(data, "socketIOClientId").as_string();
    let named = id.as_deref().filter(|id| !id.is_empty());
    match named.and_then(socket_with_id) {
        Some(socket) => query_on(&socket, data, options),
        None if !member(options, "url").is_undefined() => query_own(data, options),
        None => match only_socket().filter(|_| named.is_none()) {
            Some(socket) => query_on(&socket, data, options),
            None => Promise::reject(&unknown_socket(named.is_some())),
        },
    }
}

/// `query` of a `Flowise`, which asks its own server.
pub(crate) fn query_own(data: &JsValue, options: &JsValue) -> Promise {
    settled(prepare(data, options, None).map(|prepared| begun(&ask(prepared.ask, &prepared.asked))))
}

/// `socket.query(data, options)`.
pub(crate) fn query_on(socket: &Socket, data: &JsValue, options: &JsValue) -> Promise {
    let prepared =
        options_on(socket, options).and_then(|options| prepare(data, &options, Some(socket)));
    settled(prepared.and_then(|prepared| {
        if socket.active() {
            return Ok(begun(&ask(prepared.ask, &prepared.asked)));
        }
        let message = "the socket is disconnected: call its `connect()` first";
        Err(error_to_js(&Error::new(ErrorKind::Disconnected, message)))
    }))
}

/// `stream(data, options)`: over a connection of its own, independent of other runs.
pub(crate) fn stream(data: &JsValue, options: &JsValue) -> JsValue {
    let id = member(data, "socketIOClientId").as_string();
    let socket = id.as_deref().and_then(socket_with_id);
    let options = match &socket {
        Some(socket) => options_on(socket, options),
        None => merge(&JsValue::UNDEFINED, options),
    };
    match options.and_then(|options| prepare(data, &options, None)) {
        Ok(Prepared {
            ask: asked,
            asked: page,
        }) => {
            let (id, effects) = ask_for(asked);
            stream_of(id, &effects, &page)
        }
        Err(error) => failed_stream(&error),
    }
}

/// `fromResponse(response, options)`: a stream of the reply to a question that the page has sent. The options do not have to name a
/// server. If they name one, and a conversation, a stop also reaches the server.
pub(crate) fn from_response(response: &JsValue, options: &JsValue) -> JsValue {
    match asked_already(response, options) {
        Ok(Prepared { ask, asked }) => {
            let (id, effects) = ask_for(ask);
            stream_of(id, &effects, &asked)
        }
        Err(error) => failed_stream(&error),
    }
}

fn asked_already(response: &JsValue, options: &JsValue) -> Result<Prepared, JsValue> {
    check_signal(options)?;
    let text = |key| member(options, key).as_string().unwrap_or_default();
    let target = match target(options) {
        // only a stop needs the server
        Err(_) if member(options, "url").is_undefined() => {
            Target::new(Endpoint::default(), None, false)
        }
        target => target?,
    };
    let asked = Object::new();
    let given = merge(&JsValue::UNDEFINED, options)?;
    set(&asked, "options", &given);
    set(&asked, "response", response);
    Ok(Prepared {
        ask: Ask {
            task: Task::Predict(Question {
                via: Via::Response,
                chat_id: text("chatId"),
                session_id: None,
                next_id: random::uuid(),
            }),
            target,
            limits: limits(options),
        },
        asked,
    })
}

struct Prepared {
    ask: Ask,
    /// What JavaScript needs to know about the question.
    asked: Object,
}

/// Reads the page's data.
fn prepare(
    data: &JsValue,
    options: &JsValue,
    socket: Option<&Socket>,
) -> Result<Prepared, JsValue> {
    let target = target(options)?;
    check_signal(options)?;
    let via = match socket {
        Some(socket) => Via::Socket(
            member(&record_of(socket), "number")
                .as_f64()
                .unwrap_or_default() as u32,
        ),
        None => Via::Own(transport(options)?),
    };
    let body = body_of(data)?;
    if !body.is_object() {
        return Err(config(
            "`data` must be an object, such as { question: 'Hello' }",
        ));
    }
    target.url("").map_err(|error| error_to_js(&error))?;
    let text = |value: JsValue| value.as_string().filter(|text| !text.is_empty());
    let question = Question {
        via,
        chat_id: text(member(&body, "chatId")).unwrap_or_else(random::uuid),
        session_id: text(member(&member(&body, "overrideConfig"), "sessionId")),
        next_id: random::uuid(),
    };
    let asked = Object::new();
    set(&asked, "options", options);
    set(&asked, "data", &body);
    if let Some(socket) = socket {
        set(&asked, "socket", socket);
        set(&asked, "audience", &socket_audience(socket));
    }
    Ok(Prepared {
        ask: Ask {
            task: Task::Predict(question),
            target,
            limits: limits(options),
        },
        asked,
    })
}

/// The options of a question on a socket: those of the call merged into those of the socket.
///
/// # Errors
///
/// [`ErrorKind::Config`] for the URL of another server: it would receive the socket's key and headers, and no events would arrive.
fn options_on(socket: &Socket, options: &JsValue) -> Result<Object, JsValue> {
    let ours = member(&record_of(socket), "options");
    let all = merge(&ours, options)?;
    if !member(options, "url").is_undefined() {
        let (asked, own) = (target(options)?, target(&ours)?);
        if asked.endpoint.origin != own.endpoint.origin {
            return Err(config(
                "`url` is not the socket's server: leave it out, or ask with `stream`",
            ));
        }
        if let Some(id) = asked.endpoint.chatflow_id
            && member(options, "chatflowId").is_undefined()
        {
            set(&all, "chatflowId", &id.into());
        }
    }
    Ok(all)
}

fn socket_with_id(id: &str) -> Option<Socket> {
    let sockets = living();
    let mut sockets = sockets.iter().map(JsCast::unchecked_into::<Socket>);
    sockets.find(|socket| !id.is_empty() && has_id(socket, id))
}

/// A page that asks before its socket is connected has no id yet. Then the socket must be the page's only one.
fn only_socket() -> Option<Socket> {
    let sockets = living();
    let mut active = sockets
        .iter()
        .map(JsCast::unchecked_into::<Socket>)
        .filter(Socket::active);
    active.next().filter(|_| active.next().is_none())
}

/// The error for a socket that this package did not create.
fn unknown_socket(is_named: bool) -> JsValue {
    config(if is_named {
        "no socket has this `socketIOClientId`: use the `id` that a socket of this page has after its 'connect' event"
    } else {
        "no socket to ask on: call `connect` first, or give the option `url`"
    })
}

fn settled(promise: Result<Promise, JsValue>) -> Promise {
    promise.unwrap_or_else(|error| Promise::reject(&error))
}
