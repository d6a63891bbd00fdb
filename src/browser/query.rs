//! `query` and `stream` of the JavaScript API: which socket a prediction takes, if any.

use std::rc::Rc;

use js_sys::{Function, Object, Promise};
use wasm_bindgen::prelude::*;

use super::abort::reached;
use super::bindings::{Answer, PredictionStream, Socket, member, merged, set};
use super::connect::{find, options_of};
use super::control::Cause;
use super::failure::{fail, is_kind, is_known};
use super::page::sink_of;
use super::prediction::{Prediction, Reply};
use super::server::Server;
use super::spawn::promise;
use super::streamable;
use super::turn::Turn;
use super::wire::{alone, connected, is_event_stream, is_lost, prepare};
use crate::error::ErrorKind;

/// `query(data, options)`: on the socket that `data.socketIOClientId` names, or of the server that the options name.
pub(crate) fn query(data: &JsValue, options: &JsValue) -> Promise {
    let id = member(data, "socketIOClientId").as_string();
    match id.as_deref().and_then(find) {
        Some(socket) => query_on(socket, data, options),
        None if !member(options, "url").is_undefined() => {
            let stream = stream(data, options);
            member(&stream, "result").unchecked_into()
        }
        None => match find("").filter(|_| id.is_none()) {
            Some(socket) => query_on(socket, data, options),
            None => Promise::reject(&unknown_socket(id.as_deref().unwrap_or_default())),
        },
    }
}

/// `socket.query(data, options)`.
pub(crate) fn query_on(socket: Socket, data: &JsValue, options: &JsValue) -> Promise {
    let prepared =
        options_on(&socket, options).and_then(|options| prepare(&options, data, Answer::new()));
    match prepared {
        Ok(_) if !socket.active() => {
            let message = "the socket is disconnected: call its `connect()` first";
            Promise::reject(&fail(ErrorKind::Disconnected, message))
        }
        Ok((prediction, total)) => promise(async move {
            let outcome = on_socket(&socket, &prediction).await;
            let settled = prediction.settle(outcome).await;
            drop(total);
            told(settled)
        }),
        Err(error) => Promise::reject(&error),
    }
}

/// `stream(data, options)`: a stream of its own, whatever else runs.
pub(crate) fn stream(data: &JsValue, options: &JsValue) -> PredictionStream {
    let socket = member(data, "socketIOClientId")
        .as_string()
        .and_then(|id| find(&id));
    let options = match &socket {
        Some(socket) => options_on(socket, options),
        None => Ok(merged(&[options])),
    };
    let answer = Answer::new();
    match options.and_then(|options| prepare(&options, data, answer.clone())) {
        Ok((prediction, total)) => {
            let prediction = Rc::new(prediction);
            let stream = PredictionStream::new(&answer, &aborter(&prediction));
            let sink = stream.clone();
            stream.follow(&promise(async move {
                let outcome = alone(&prediction, &sink).await;
                let settled = prediction.settle(outcome).await;
                drop(total);
                told(settled)
            }));
            stream
        }
        Err(error) => {
            let stream = PredictionStream::new(&answer, JsValue::UNDEFINED.unchecked_ref());
            stream.follow(&Promise::reject(&error));
            stream
        }
    }
}

/// The options of a query on a socket: those of the call before those of the socket.
///
/// # Errors
///
/// [`ErrorKind::Config`] for the URL of another server: it would get the socket's key and headers, and the socket no event.
fn options_on(socket: &Socket, options: &JsValue) -> Result<Object, JsValue> {
    let ours = options_of(socket);
    let all = merged(&[&ours, options]);
    if !member(options, "url").is_undefined() {
        let asked = Server::from_options(options)?.endpoint;
        if asked.origin != Server::from_options(&ours)?.endpoint.origin {
            let message = "`url` is not the socket's server: leave it out, or ask with `stream`";
            return Err(fail(ErrorKind::Config, message));
        }
        if asked.chatflow_id.is_some() && member(options, "chatflowId").is_undefined() {
            set(&all, "chatflowId", &asked.chatflow_id.into());
        }
    }
    Ok(all)
}

/// What the promise of a prediction comes to: an error holds what was received.
fn told(settled: Result<Object, (JsValue, Object)>) -> Result<JsValue, JsValue> {
    match settled {
        Ok(reply) => Ok(reply.into()),
        Err((error, partial)) => {
            set(error.unchecked_ref(), "partial", &partial);
            Err(error)
        }
    }
}

/// What `PredictionStream.abort` does.
fn aborter(prediction: &Rc<Prediction<Answer>>) -> Function {
    // weak: a stream that the page keeps does not keep what it has no more use for
    let prediction = Rc::downgrade(prediction);
    let abort = Closure::<dyn FnMut() -> Promise>::new(move || match prediction.upgrade() {
        Some(prediction) if !prediction.control.is_over() => {
            prediction.control.cancel(Cause::Page);
            prediction.stop_on_server()
        }
        _ => Promise::resolve(&reached(false)),
    });
    abort.into_js_value().unchecked_into()
}

/// The id of the socket to which the events of a run may still come that nobody waits for any more: Flowise does not stop
/// every run, and its Socket.IO events do not say of which run they are. The next query takes another id.
const RUNS_ON: &str = "runsOn";

/// Asks on a socket of the page.
async fn on_socket(
    socket: &Socket,
    prediction: &Prediction<Answer>,
) -> Result<Reply<Object>, JsValue> {
    let options = options_of(socket);
    let _turn = Turn::wait(&options, &prediction.control).await?;
    if socket.connected() && member(&options, RUNS_ON) == JsValue::from(socket.id()) {
        socket.disconnect();
        socket.connect();
    }
    let _gone = connected(socket, prediction).await?;
    if !is_event_stream(socket) {
        let id = socket.id();
        let outcome = prediction.over_socket_io(socket, None).await;
        let is_over = |error: &JsValue| is_known(error) && !is_kind(error, ErrorKind::Interrupted);
        if prediction.control.cause().is_some() || !outcome.as_ref().err().is_none_or(is_over) {
            set(options.unchecked_ref(), RUNS_ON, &id.into());
        }
        return outcome;
    }
    let _chat = prediction.turn().await?;
    let outcome = prediction.over_event_stream(&sink_of(socket)).await;
    if is_lost(&outcome) && socket.connected() && is_event_stream(socket) {
        // the Manager connects again, and finds out what is there now
        streamable::forget(&prediction.server);
        socket
            .io()
            .engine()
            .transport()
            .on_error("transport error", &JsValue::UNDEFINED);
    }
    outcome
}

/// The error for a socket that this package did not make.
fn unknown_socket(id: &str) -> JsValue {
    let message = if id.is_empty() {
        "no socket to ask on: call `connect` first, or give the option `url`"
    } else {
        "no socket has this `socketIOClientId`: use the `id` that a socket of this page has after its 'connect' event"
    };
    fail(ErrorKind::Config, message)
}
