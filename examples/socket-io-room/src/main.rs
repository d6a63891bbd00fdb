//! People who talk in a room: a page that uses the crate's Socket.IO client, nothing of Flowise, and no framework.

mod dom;

use std::time::Duration;

use flowise_stream::socket_io::{ConnectError, Lifecycle, Options, Socket};
use futures_util::StreamExt;
use gloo_storage::{LocalStorage, Storage as _};
use serde::{Deserialize, Serialize};
use serde_json::json;
use wasm_bindgen_futures::spawn_local;

fn main() {
    console_error_panic_hook::set_once();
    let kept = Kept::read();
    dom::set_value("name", &kept.name);
    for message in &kept.messages {
        dom::append("messages", message);
    }
    let join = dom::on("join", "submit", || {
        spawn_local(async {
            if let Err(error) = talk(&dom::value("name")).await {
                dom::show("state", &error.to_string());
            }
        });
    });
    let fields = dom::enable("joining");
    // the page can be joined as long as it is there
    spawn_local(async move {
        std::future::pending::<()>().await;
        drop((join, fields));
    });
}

/// What a reload finds: the person's name, and what was said last.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    name: String,
    messages: Vec<String>,
}

impl Kept {
    const STORE: &str = "socket-io-room";
    const MOST_MESSAGES: usize = 100;

    fn read() -> Self {
        LocalStorage::get(Self::STORE).unwrap_or_default()
    }

    fn add(name: &str, message: String) {
        let mut kept = Self::read();
        name.clone_into(&mut kept.name);
        kept.messages.push(message);
        let surplus = kept.messages.len().saturating_sub(Self::MOST_MESSAGES);
        kept.messages.drain(..surplus);
        // without a storage, the page forgets
        let _ = LocalStorage::set(Self::STORE, kept);
    }
}

/// Joins the room, until the page leaves it or is refused.
async fn talk(name: &str) -> Result<(), ConnectError> {
    let server = dom::parameter("url").unwrap_or_default();
    let options = Options::new()
        .force_new(true)
        .auth(&json!({ "name": name }))
        .expect("a name is JSON");
    let socket = Socket::connect(&format!("{server}/room"), &options)?;

    let own_name = name.to_owned();
    // what is kept here is removed when the function returns
    let _listeners = [
        socket.on("said", move |event| {
            if let Ok((name, text)) = event.args::<(String, String)>() {
                let message = format!("{name}: {text}");
                dom::append("messages", &message);
                Kept::add(&own_name, message);
                dom::show("typing", "");
            }
        }),
        socket.on("typing", |event| {
            if let Ok(name) = event.data::<String>() {
                dom::show("typing", &format!("{name} is typing"));
            }
        }),
    ];
    let (speaker, typist, leaver) = (socket.clone(), socket.clone(), socket.clone());
    let _handlers = [
        dom::on("say", "submit", move || spawn_local(say(speaker.clone()))),
        dom::on("text", "input", move || {
            // it is outdated soon, so it is not sent later
            let _ = typist.volatile().emit("typing", &());
        }),
        dom::on("leave", "click", move || leaver.disconnect()),
    ];

    let _fields = dom::enable("saying");

    let mut lifecycle = socket.lifecycle();
    // it ends when the page disconnects
    while let Some(state) = lifecycle.next().await {
        match state {
            Lifecycle::Connected => dom::show("state", "You are in the room."),
            Lifecycle::Disconnected(reason) if reason.reconnects() => {
                dom::show("state", "The connection is lost. Connecting again …");
            }
            Lifecycle::Disconnected(_) => dom::show("state", "You have left the room."),
            Lifecycle::ConnectError(error) if error.retries() => {
                dom::show("state", "No connection yet. Trying again …");
            }
            Lifecycle::ConnectError(error) => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

async fn say(socket: Socket) {
    let text = dom::value("text");
    if text.is_empty() {
        return;
    }
    let number = socket.emit_with_ack::<u32>("say", &text, Duration::from_secs(5));
    match number.await {
        Ok(number) => {
            dom::set_value("text", "");
            dom::show("state", &format!("Message {number} was delivered."));
        }
        Err(error) => dom::show("state", &error.to_string()),
    }
}
