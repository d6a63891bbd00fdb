//! Which wire a prediction takes.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::bindings::{Socket, member, merged, set};
use super::connect::{self, TransportOption};
use super::control::{Cause, Control};
use super::delivery::Delivery;
use super::failure::{fail, fail_because, is_kind, is_known};
use super::listener::Listener;
use super::prediction::{Prediction, Reply};
use super::server::Server;
use crate::error::ErrorKind;

/// Reads what the page wants. The time for everything together begins here.
pub(crate) fn prepare<D: Delivery>(
    options: &JsValue,
    data: &JsValue,
    answer: D,
) -> Result<(Prediction<D>, Option<Timeout>), JsValue> {
    let server = Server::from_options(options)?;
    let control = Control::new()?;
    let signal = member(options, "signal");
    if let Some(signal) = signal.dyn_ref::<AbortSignal>() {
        control.follow(signal);
    } else if !signal.is_undefined() {
        return Err(fail(ErrorKind::Config, "`signal` must be an AbortSignal"));
    }
    let total = control.limit(server.total(), Cause::TOTAL);
    Ok((Prediction::new(server, data, control, answer)?, total))
}

/// Asks over a connection of its own.
pub(crate) async fn alone<D: Delivery>(
    prediction: &Prediction<D>,
    sink: &D::Sink,
) -> Result<Reply<D::Draft>, JsValue> {
    let server = &prediction.server;
    let transport = TransportOption::from_options(&server.options)?;
    let _turn = prediction.turn().await?;
    if transport == TransportOption::SocketIo
        || (transport == TransportOption::Auto && !connect::has_event_stream(server))
    {
        let options = merged(&[&server.options]);
        set(&options, "forceNew", &JsValue::TRUE);
        // the time for everything is not the time for its connection
        set(&options, "timeout", &JsValue::UNDEFINED);
        let url = member(&options, "url");
        // nobody but us has this socket, so it needs no method; `Function::default` is what a page's policy may forbid
        let no_query = JsValue::UNDEFINED;
        let socket = OwnSocket(connect::connect(&url, &options, no_query.unchecked_ref())?);
        let _gone = connected(&socket.0, prediction).await?;
        if !is_event_stream(&socket.0) {
            return prediction.over_socket_io(&socket.0, Some(sink)).await;
        }
    }
    let outcome = prediction.over_event_stream(sink).await;
    if is_lost(&outcome) {
        connect::set_event_stream(server, false);
    }
    outcome
}

/// Whether what is there now may be something else than what was asked.
pub(crate) fn is_lost<T>(outcome: &Result<Reply<T>, JsValue>) -> bool {
    match outcome {
        Ok(reply) => reply.other_generation,
        Err(error) => {
            !is_known(error)
                || is_kind(error, ErrorKind::Connect)
                || is_kind(error, ErrorKind::Interrupted)
        }
    }
}

/// A socket that ends with what it is for.
struct OwnSocket(Socket);

impl Drop for OwnSocket {
    fn drop(&mut self) {
        self.0.disconnect();
    }
}

pub(crate) fn is_event_stream(socket: &Socket) -> bool {
    socket.io().engine().transport().name() == "event-stream"
}

/// Waits until the socket is connected. As long as the listeners live, the page's `disconnect()` ends the call.
pub(crate) async fn connected<D>(
    socket: &Socket,
    prediction: &Prediction<D>,
) -> Result<[Listener; 2], JsValue> {
    let control = &prediction.control;
    if !socket.active() {
        // it was active when it was asked: the page has disconnected it since
        control.cancel(Cause::Page);
        return Err(control.signal().reason());
    }
    let gone = || {
        let (control, socket) = (control.clone(), socket.clone());
        move |_| {
            if !socket.active() {
                control.cancel(Cause::Page);
            }
        }
    };
    // a socket that never was connected has nothing to disconnect from, but its manager closes
    let listeners = [
        Listener::new(socket, "disconnect", gone()),
        Listener::new(&socket.io(), "close", gone()),
    ];
    if !socket.connected() {
        let refused = Rc::new(RefCell::new(JsValue::UNDEFINED));
        let mut connected = None;
        let promise = Promise::new(&mut |resolve, _| connected = Some(resolve));
        let _connect = connected.map(|resolve| {
            Listener::new(socket, "connect", move |_| {
                drop(resolve.call0(&JsValue::UNDEFINED))
            })
        });
        let last = Rc::clone(&refused);
        let _refused = Listener::new(socket, "connect_error", move |error| {
            drop(last.replace(error))
        });
        let _limit = control.limit(prediction.server.timeout("connect"), Cause::CONNECT);
        if let Err(error) = control.wait(&promise).await {
            let timed_out = control.cause() == Some(Cause::CONNECT);
            return Err(why_not(&refused.borrow())
                .filter(|_| timed_out)
                .unwrap_or(error));
        }
    }
    Ok(listeners)
}

/// What kept a socket from connecting: our transport's error, or socket.io-client's.
fn why_not(error: &JsValue) -> Option<JsValue> {
    let description = member(error, "description");
    if is_known(&description) {
        return Some(description);
    }
    let message = ["cannot connect: ", &member(error, "message").as_string()?].concat();
    Some(fail_because(ErrorKind::Connect, &message, error))
}
