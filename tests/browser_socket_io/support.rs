//! The server of the Socket.IO client's tests, whose address is compiled in, as a page has no environment:
//! `SOCKET_IO_TEST_URL`.

use std::time::Duration;

use flowise_stream::socket_io::{Options, Socket, Transport};
use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};

/// Longer than any reply takes.
pub(crate) const SOON: Duration = Duration::from_secs(20);

pub(crate) fn url(namespace: &str) -> String {
    let server = option_env!("SOCKET_IO_TEST_URL");
    let server = server.expect(
        "SOCKET_IO_TEST_URL was not set when the tests were compiled: start tests/socket-io-server",
    );
    [server, namespace].concat()
}

pub(crate) fn options() -> Options {
    // each test has a connection of its own
    Options::new().force_new(true)
}

pub(crate) async fn connected() -> Socket {
    let socket = Socket::connect(&url(""), &options()).unwrap();
    socket.ready().await.unwrap();
    socket
}

/// A connection that ends as `tests/socket-io-server` says.
pub(crate) fn ending(how: &str) -> Options {
    options()
        .path(["/ends/", how, "/"].concat())
        .transports(&[Transport::Polling])
}

/// Closes the connection as a network would: with the request that waits for the server, if there is one.
///
/// The server would answer it only with its next ping. Until then, it keeps one of the six connections that a browser makes to a server;
/// when all six wait, the next socket waits, too, until it times out.
pub(crate) fn close_connection(socket: &Socket) {
    let engine = member(&member(socket.as_js(), "io"), "engine");
    let transport = member(&engine, "transport");
    let request = member(&transport, "pollXhr");
    call(&transport, "onClose");
    if !request.is_undefined() {
        let clean_up: Function = member(&request, "_cleanup").unchecked_into();
        clean_up.call1(&request, &JsValue::TRUE).unwrap();
    }
}

pub(crate) fn member(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

pub(crate) fn call(object: &JsValue, method: &str) {
    let method: Function = member(object, method).unchecked_into();
    method.call0(object).unwrap();
}
