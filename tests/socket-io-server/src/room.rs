//! The namespace `/room`, where people talk: what the example `examples/socket-io-room` needs of a server.
//!
//! | event | what the server does |
//! |---|---|
//! | connection | refuses whoever gives no name in `auth.name` |
//! | `say` | emits `said` with the name and the text to all in the room, and acknowledges it with the number of the message |
//! | `typing` | emits `typing` with the name to the others |

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};

use serde::Deserialize;
use socketioxide::extract::{AckSender, Data, SocketRef, TryData};

#[derive(Deserialize)]
pub(crate) struct Auth {
    name: String,
}

#[derive(Debug)]
pub(crate) struct NoName;

impl fmt::Display for NoName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("say who you are")
    }
}

pub(crate) async fn enter(socket: SocketRef, TryData(auth): TryData<Auth>) -> Result<(), NoName> {
    let name = match auth {
        Ok(auth) if !auth.name.trim().is_empty() => auth.name,
        _ => return Err(NoName),
    };
    static MESSAGES: AtomicU32 = AtomicU32::new(0);
    let typist = name.clone();
    socket.on("typing", async move |socket: SocketRef| {
        let _ = socket.broadcast().emit("typing", &typist).await;
    });
    socket.on(
        "say",
        async move |socket: SocketRef, Data(text): Data<String>, ack: AckSender| {
            let number = MESSAGES.fetch_add(1, Ordering::Relaxed) + 1;
            let message = (&name, &text);
            let _ = socket.emit("said", &message);
            let _ = socket.broadcast().emit("said", &message).await;
            let _ = ack.send(&number);
        },
    );
    Ok(())
}
