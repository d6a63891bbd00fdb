//! The Socket.IO client in a page, against `tests/socket-io-server`.
//!
//! The server's address is compiled in, as a page has no environment: `SOCKET_IO_TEST_URL`.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use flowise_stream::socket_io::{
    AckError, Binary, DisconnectReason, EmitError, Lifecycle, ManagerEvent, Options, Socket,
    Transport,
};
use futures_util::{FutureExt as _, StreamExt as _};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const SOON: Duration = Duration::from_secs(20);

fn url(namespace: &str) -> String {
    let server = option_env!("SOCKET_IO_TEST_URL");
    let server = server.expect(
        "SOCKET_IO_TEST_URL was not set when the tests were compiled: start tests/socket-io-server",
    );
    [server, namespace].concat()
}

fn options() -> Options {
    // each test has a connection of its own
    Options::new().force_new(true)
}

async fn connected() -> Socket {
    let socket = Socket::connect(&url(""), &options()).unwrap();
    socket.ready().await.unwrap();
    socket
}

#[wasm_bindgen_test]
async fn a_socket_has_an_id_as_long_as_it_is_connected() {
    let socket = Socket::connect(&url(""), &options()).unwrap();
    assert!(socket.is_active() && !socket.is_connected());
    assert_eq!(socket.id(), None);
    socket.ready().await.unwrap();
    assert!(socket.is_connected());
    assert!(socket.id().is_some_and(|id| !id.is_empty()));
    socket.disconnect();
    assert!(!socket.is_active());
    assert_eq!(socket.id(), None);
    let error = socket.ready().await.unwrap_err();
    assert!(error.to_string().contains("`open`"), "{error}");
    socket.open();
    socket.ready().await.unwrap();
}

#[wasm_bindgen_test]
async fn what_is_emitted_before_the_connection_arrives_after_it() {
    let socket = Socket::connect(&url(""), &options().auto_connect(false)).unwrap();
    assert!(!socket.is_active());
    let mut echo = socket.listen("echo");
    socket.emit("echo", "early").unwrap();
    socket.open();
    assert_eq!(
        echo.next().await.unwrap().data::<String>().unwrap(),
        "early"
    );
}

#[wasm_bindgen_test]
async fn serde_values_go_there_and_back() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Position {
        x: u32,
        label: Option<String>,
    }
    let socket = connected().await;
    let mut echo = socket.listen("echo");
    let position = Position { x: 3, label: None };
    socket.emit("echo", &position).unwrap();
    assert_eq!(
        echo.next().await.unwrap().data::<Position>().unwrap(),
        position
    );

    let anything =
        json!({ "null": null, "list": [1, 2.5, "three", true], "map": { "日本": "語" } });
    socket.emit("echo", &anything).unwrap();
    assert_eq!(
        echo.next().await.unwrap().data::<Value>().unwrap(),
        anything
    );

    let mut moved = socket.listen("move");
    socket
        .emit_args("move", &("knight", json!({ "x": 3 })))
        .unwrap();
    let event = moved.next().await.unwrap();
    assert_eq!(
        event.args::<(String, Value)>().unwrap(),
        ("knight".to_owned(), json!({ "x": 3 }))
    );
    assert_eq!(event.data::<String>().unwrap(), "knight");
    let error = event.data::<u32>().unwrap_err();
    assert!(!error.to_string().is_empty());
}

#[wasm_bindgen_test]
async fn bytes_go_there_and_back() {
    let socket = connected().await;
    let mut photos = socket.listen("photo");
    let bytes = Binary((0..=255).collect());
    socket.emit_args("photo", &("cat.png", &bytes)).unwrap();
    let (name, back) = photos
        .next()
        .await
        .unwrap()
        .args::<(String, Binary)>()
        .unwrap();
    assert_eq!((name.as_str(), back), ("cat.png", bytes));
    let reversed: Binary = socket
        .emit_with_ack("reverse", &Binary(vec![1, 2, 3]), SOON)
        .await
        .unwrap();
    assert_eq!(reversed, Binary(vec![3, 2, 1]));
}

#[wasm_bindgen_test]
async fn an_acknowledgement_is_a_future() {
    let socket = connected().await;
    let sum: f64 = socket.emit_with_ack("sum", &[1, 2, 3], SOON).await.unwrap();
    assert_eq!(sum, 6.0);
    let wrong = socket
        .emit_with_ack::<String>("sum", &[1], SOON)
        .await
        .unwrap_err();
    assert!(matches!(wrong, AckError::Value(_)), "{wrong:?}");
    let late = socket
        .emit_with_ack::<()>("silent", &(), Duration::from_millis(50))
        .await;
    assert_eq!(late, Err(AckError::TimedOut));
}

#[wasm_bindgen_test]
async fn an_acknowledgement_that_a_lost_connection_cannot_bring_is_not_waited_for() {
    let socket = connected().await;
    let mut answer = pin!(socket.emit_with_ack::<()>("silent", &(), SOON));
    assert!((&mut answer).now_or_never().is_none());
    socket.disconnect();
    assert_eq!(answer.await, Err(AckError::Disconnected));
    let never = Socket::connect(&url(""), &options().auto_connect(false)).unwrap();
    let late = never
        .emit_with_ack::<()>("silent", &(), Duration::from_millis(50))
        .await;
    assert_eq!(late, Err(AckError::TimedOut));
}

#[wasm_bindgen_test]
async fn the_server_can_ask_for_an_acknowledgement() {
    let socket = connected().await;
    let mut answered = socket.listen("answered");
    let _listener = socket.on("question", |event| {
        assert!(event.wants_ack());
        assert_eq!(event.args::<(String,)>().unwrap().0, "are you there?");
        event.ack("yes").unwrap();
        event.ack("twice").unwrap();
    });
    socket.emit("ask", &()).unwrap();
    assert_eq!(
        answered.next().await.unwrap().data::<String>().unwrap(),
        "yes"
    );
}

#[wasm_bindgen_test]
async fn names_that_socket_io_uses_itself_are_refused() {
    let socket = connected().await;
    for name in [
        "connect",
        "connect_error",
        "disconnect",
        "disconnecting",
        "newListener",
        "removeListener",
    ] {
        assert_eq!(socket.emit(name, &()), Err(EmitError::ReservedName));
        assert_eq!(
            socket.emit_volatile(name, &()),
            Err(EmitError::ReservedName)
        );
        let ack = socket.emit_with_ack::<()>(name, &(), SOON).await;
        assert_eq!(ack, Err(AckError::Emit(EmitError::ReservedName)));
    }
    // names that are special in JavaScript are not here
    let mut proto = socket.listen("__proto__");
    assert!(proto.next().now_or_never().is_none());
    let sum: f64 = socket.emit_with_ack("sum", &[1], SOON).await.unwrap();
    assert_eq!(sum, 1.0);
}

#[wasm_bindgen_test]
async fn volatile_events_are_sent_when_there_is_a_connection_and_forgotten_when_there_is_none() {
    let socket = Socket::connect(&url(""), &options()).unwrap();
    let mut echo = socket.listen("echo");
    socket.emit_volatile("echo", "lost").unwrap();
    socket.ready().await.unwrap();
    // the answer shows that the connection has room again
    let _: f64 = socket.emit_with_ack("sum", &[1], SOON).await.unwrap();
    socket.emit_volatile("echo", "sent").unwrap();
    assert_eq!(echo.next().await.unwrap().data::<String>().unwrap(), "sent");
}

#[wasm_bindgen_test]
async fn listeners_last_as_long_as_their_guards() {
    let socket = connected().await;
    let (every, next) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let count = |counter: &Rc<Cell<u32>>| {
        let counter = Rc::clone(counter);
        move |_| counter.set(counter.get() + 1)
    };
    let listener = socket.on("echo", count(&every));
    let once = socket.once("echo", count(&next));
    let mut echo = socket.listen("echo");
    for _ in 0..2 {
        socket.emit("echo", &1).unwrap();
        echo.next().await.unwrap();
    }
    assert_eq!((every.get(), next.get()), (2, 1));
    drop((listener, once));
    socket.emit("echo", &1).unwrap();
    echo.next().await.unwrap();
    assert_eq!((every.get(), next.get()), (2, 1));
    assert_eq!(
        Rc::strong_count(&every),
        1,
        "what a listener holds goes with it"
    );
}

#[wasm_bindgen_test]
async fn a_listener_may_remove_itself_and_others_while_it_is_called() {
    let socket = connected().await;
    let calls = Rc::new(RefCell::new(Vec::new()));
    let guards = Rc::new(RefCell::new(Vec::new()));
    for name in ["first", "second", "third"] {
        let (calls, all) = (Rc::clone(&calls), Rc::clone(&guards));
        let listener = socket.on("echo", move |_| {
            calls.borrow_mut().push(name);
            let removed: Vec<_> = all.borrow_mut().drain(..).collect();
            drop(removed);
        });
        guards.borrow_mut().push(listener);
    }
    let mut echo = socket.listen("echo");
    for _ in 0..2 {
        socket.emit("echo", &1).unwrap();
        echo.next().await.unwrap();
    }
    assert_eq!(*calls.borrow(), ["first"]);
    assert_eq!(Rc::strong_count(&calls), 1);
}

#[wasm_bindgen_test]
async fn all_events_can_be_heard_in_both_directions() {
    let socket = Socket::connect(&url(""), &options()).unwrap();
    let mut incoming = socket.events();
    let outgoing = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&outgoing);
    let _listener =
        socket.on_any_outgoing(move |event| seen.borrow_mut().push(event.name().to_owned()));
    assert_eq!(incoming.next().await.unwrap().name(), "handshake");
    socket.emit("echo", "hello").unwrap();
    let event = incoming.next().await.unwrap();
    assert_eq!(
        (event.name(), event.data::<String>().unwrap().as_str()),
        ("echo", "hello")
    );
    assert_eq!(event.as_js().length(), 1);
    assert_eq!(*outgoing.borrow(), ["echo"]);
}

#[wasm_bindgen_test]
async fn query_headers_and_auth_reach_the_server() {
    let asked = Rc::new(Cell::new(0));
    let counter = Rc::clone(&asked);
    let options = options()
        .query("room", "a b")
        .extra_header("x-test", "seen")
        .transports(&[Transport::Polling])
        .auth_with(move || {
            counter.set(counter.get() + 1);
            let number = counter.get();
            async move { json!({ "token": number }) }
        });
    let socket = Socket::connect(&url(""), &options).unwrap();
    let mut handshakes = socket.listen("handshake");
    let first: Value = handshakes.next().await.unwrap().data().unwrap();
    assert!(
        first["query"].as_str().unwrap().contains("room=a%20b"),
        "{first}"
    );
    assert_eq!(
        (&first["header"], &first["auth"]),
        (&json!("seen"), &json!({ "token": 1 }))
    );
    assert_eq!(socket.manager().transport().as_deref(), Some("polling"));
    socket.disconnect();
    socket.open();
    let second: Value = handshakes.next().await.unwrap().data().unwrap();
    assert_eq!(second["auth"], json!({ "token": 2 }));
}

#[wasm_bindgen_test]
async fn a_refused_socket_says_why_and_does_not_try_again() {
    let socket = Socket::connect(&url("/admin"), &options()).unwrap();
    let error = socket.ready().await.unwrap_err();
    assert_eq!(error.to_string(), "wrong token");
    assert!(!error.retries());
    assert_eq!(error.data::<Option<Value>>().unwrap(), None);
    let auth = options().auth(&json!({ "token": "secret" })).unwrap();
    let admitted = Socket::connect(&url("/admin"), &auth).unwrap();
    admitted.ready().await.unwrap();
}

#[wasm_bindgen_test]
async fn namespaces_share_a_connection() {
    let socket = connected().await;
    let news = socket.manager().socket("/news", &Options::new()).unwrap();
    let mut headlines = news.listen("headline");
    assert_eq!(
        headlines.next().await.unwrap().data::<String>().unwrap(),
        "it works"
    );
    news.disconnect();
    assert!(socket.is_connected());
}

#[wasm_bindgen_test]
async fn reasons_of_a_disconnection_are_told_apart() {
    let socket = connected().await;
    let mut lifecycle = socket.lifecycle();
    socket.emit("leave", &()).unwrap();
    let Some(Lifecycle::Disconnected(reason)) = lifecycle.next().await else {
        panic!()
    };
    assert_eq!(reason, DisconnectReason::ServerDisconnect);
    assert!(!reason.reconnects() && !socket.is_active());
    socket.open();
    assert!(matches!(lifecycle.next().await, Some(Lifecycle::Connected)));
    socket.disconnect();
    let Some(Lifecycle::Disconnected(reason)) = lifecycle.next().await else {
        panic!()
    };
    assert_eq!(
        (&reason, reason.as_str()),
        (&DisconnectReason::ClientDisconnect, "io client disconnect")
    );
}

#[wasm_bindgen_test]
async fn a_lost_connection_is_made_again_and_the_manager_tells() {
    let options = options().reconnection_delay(Duration::from_millis(1));
    let socket = Socket::connect(&url(""), &options).unwrap();
    socket.ready().await.unwrap();
    let before = socket.id();
    let manager = socket.manager();
    let mut events = manager.events();
    let mut lifecycle = socket.lifecycle();
    close_connection(&socket);
    let Some(Lifecycle::Disconnected(reason)) = lifecycle.next().await else {
        panic!()
    };
    assert!(reason.reconnects() && socket.is_active());
    assert!(matches!(events.next().await, Some(ManagerEvent::Close(_))));
    assert!(matches!(
        events.next().await,
        Some(ManagerEvent::ReconnectAttempt(1))
    ));
    assert!(matches!(lifecycle.next().await, Some(Lifecycle::Connected)));
    let mut reconnect = pin!(
        events.filter(|event| std::future::ready(matches!(event, ManagerEvent::Reconnect(1))))
    );
    assert!(reconnect.next().await.is_some());
    assert_ne!(socket.id(), before);
}

#[wasm_bindgen_test]
async fn a_server_that_is_not_there_is_given_up_after_the_attempts_that_were_allowed() {
    // a port that no server may listen on
    let options = options()
        .reconnection_attempts(1)
        .reconnection_delay(Duration::from_millis(1))
        .timeout(SOON);
    let socket = Socket::connect("http://127.0.0.1:1", &options).unwrap();
    let mut events = socket.manager().events();
    let error = socket.ready().await.unwrap_err();
    assert!(error.retries());
    let mut seen = Vec::new();
    // socket.io-client tells of the last failure after the end
    while seen.last() != Some(&"reconnect error") {
        seen.push(match events.next().await.unwrap() {
            ManagerEvent::ReconnectAttempt(1) => "attempt",
            ManagerEvent::ReconnectFailed => "failed",
            ManagerEvent::ReconnectError(_) => "reconnect error",
            _ => "error",
        });
    }
    seen.retain(|event| *event != "error");
    assert_eq!(seen, ["attempt", "failed", "reconnect error"]);
}

#[wasm_bindgen_test]
async fn a_socket_that_nobody_holds_is_disconnected() {
    let socket = connected().await;
    let mut lifecycle = socket.lifecycle();
    let clone = socket.clone();
    drop(socket);
    assert!(clone.is_connected());
    drop(clone);
    let Some(Lifecycle::Disconnected(reason)) = lifecycle.next().await else {
        panic!()
    };
    assert_eq!(reason, DisconnectReason::ClientDisconnect);
}

/// As a network would.
fn close_connection(socket: &Socket) {
    use js_sys::{Function, Reflect};
    use wasm_bindgen::JsCast as _;

    let member = |object, name: &str| Reflect::get(object, &name.into()).unwrap();
    let manager = member(socket.as_js(), "io");
    let engine = member(&manager, "engine");
    let close: Function = member(&engine, "close").dyn_into().unwrap();
    close.call0(&engine).unwrap();
}
