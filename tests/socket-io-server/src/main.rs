//! A Socket.IO server for the tests of the crate's Socket.IO client.
//!
//! It prints its address as soon as it listens, on a free port of 127.0.0.1, and exits when its standard input closes.
//!
//! | namespace | event | what the server does |
//! |---|---|---|
//! | `/` | connection | emits `handshake` with the query, the header `x-test` and what the client sent as `auth` |
//! | | `echo`, `message`, `move`, `photo` | emits the same: one argument, one, two, a name and bytes |
//! | | `back` | acknowledges whatever it is with the same |
//! | | `id` | acknowledges with the socket's id |
//! | | `same` | acknowledges a name and a list of bytes with the same |
//! | | `sum` | acknowledges a list of numbers with their sum |
//! | | `reverse` | acknowledges bytes with the same in reverse |
//! | | `silent` | acknowledges nothing |
//! | | `ask` | emits `question` and, when that is acknowledged, `answered` with what came |
//! | | `join` | acknowledges two strings with both in one |
//! | | `stubborn` | acknowledges the third of these only, and emits `taken` then |
//! | | `leave` | disconnects the socket |
//! | `/admin` | connection | refuses whoever does not have the token `secret` |
//! | `/news` | connection | emits `headline` |
//! | `/one`, `/two` | | the same as `/` |
//! | `/room` | | see [`room`] |

mod ends;
mod room;

use std::convert::Infallible;
use std::fmt;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use socketioxide::SocketIo;
use socketioxide::extract::{AckSender, Data, SocketRef, TryData};
use socketioxide::handler::ConnectHandler as _;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tower_http::cors::CorsLayer;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let (layer, io) = SocketIo::new_layer();
    for namespace in ["/", "/one", "/two"] {
        io.ns(namespace, greet.with(listen));
    }
    io.ns("/admin", (async |_: SocketRef| {}).with(check_token));
    io.ns("/news", async |socket: SocketRef| {
        let _ = socket.emit("headline", "it works");
    });
    io.ns("/room", (async |_: SocketRef| {}).with(room::enter));
    let app = ends::router()
        .layer(layer)
        .layer(CorsLayer::very_permissive());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    std::io::stdout().flush()?;
    tokio::select! {
        served = axum::serve(listener, app) => served?,
        () = input_ends() => {}
    }
    Ok(())
}

async fn input_ends() {
    let mut rest = Vec::new();
    let _ = tokio::io::stdin().read_to_end(&mut rest).await;
}

async fn greet(socket: SocketRef, TryData(auth): TryData<Value>) {
    let request = socket.req_parts();
    let header = request
        .headers
        .get("x-test")
        .and_then(|value| value.to_str().ok());
    let handshake = json!({
        "query": request.uri.query(),
        "header": header,
        "auth": auth.ok(),
    });
    let _ = socket.emit("handshake", &handshake);
}

/// Adds the handlers before the client hears that it is connected: an event that comes before its handler is lost, and the handler of
/// a connection is a task that may run later.
async fn listen(socket: SocketRef) -> Result<(), Infallible> {
    for event in ["echo", "message"] {
        let back = async move |socket: SocketRef, Data(data): Data<Value>| {
            let _ = socket.emit(event, &data);
        };
        socket.on(event, back);
    }
    socket.on("back", async |Data(data): Data<Value>, ack: AckSender| {
        let _ = ack.send(&data);
    });
    socket.on("id", async |socket: SocketRef, ack: AckSender| {
        let _ = ack.send(socket.id.as_str());
    });
    socket.on("same", async |Data(photo): Data<Photo>, ack: AckSender| {
        let _ = ack.send(&photo);
    });
    socket.on(
        "move",
        async |socket: SocketRef, Data(args): Data<(String, Value)>| {
            let _ = socket.emit("move", &args);
        },
    );
    socket.on(
        "photo",
        async |socket: SocketRef, Data(args): Data<(String, Bytes)>| {
            let _ = socket.emit("photo", &args);
        },
    );
    socket.on(
        "sum",
        async |Data(numbers): Data<Vec<f64>>, ack: AckSender| {
            let _ = ack.send(&numbers.iter().sum::<f64>());
        },
    );
    socket.on(
        "reverse",
        async |Data(bytes): Data<Bytes>, ack: AckSender| {
            let reversed: Vec<u8> = bytes.iter().rev().copied().collect();
            let _ = ack.send(&Bytes::from(reversed));
        },
    );
    socket.on("silent", async || {});
    socket.on("ask", async |socket: SocketRef| {
        let Ok(answer) = socket.emit_with_ack::<_, Value>("question", "are you there?") else {
            return;
        };
        if let Ok(answer) = answer.await {
            let _ = socket.emit("answered", &answer);
        }
    });
    socket.on(
        "join",
        async |Data((first, second)): Data<(String, String)>, ack: AckSender| {
            let _ = ack.send(&[first, second].concat());
        },
    );
    let asked = Arc::new(AtomicU32::new(0));
    socket.on(
        "stubborn",
        async move |socket: SocketRef, ack: AckSender| {
            if asked.fetch_add(1, Ordering::Relaxed) == 2 {
                let _ = ack.send("at last");
                let _ = socket.emit("taken", &());
            }
        },
    );
    socket.on("leave", async |socket: SocketRef| {
        let _ = socket.disconnect();
    });
    Ok(())
}

#[derive(Deserialize, Serialize)]
struct Photo {
    name: String,
    layers: Vec<Bytes>,
}

#[derive(Deserialize)]
struct Auth {
    token: String,
}

#[derive(Debug)]
struct WrongToken;

impl fmt::Display for WrongToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("wrong token")
    }
}

async fn check_token(TryData(auth): TryData<Auth>) -> Result<(), WrongToken> {
    match auth {
        Ok(auth) if auth.token == "secret" => Ok(()),
        _ => Err(WrongToken),
    }
}
