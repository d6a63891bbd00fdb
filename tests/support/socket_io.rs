//! The server of the Socket.IO client's tests, whose address is compiled in, as a page has no environment:
//! `SOCKET_IO_TEST_URL`.

use flowise_stream::socket_io::{Options, Socket};

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
