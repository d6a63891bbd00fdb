//! The events that the Socket.IO client sends and receives, in a page and against `tests/socket-io-server`.

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use flowise_stream::socket_io::{AckError, Binary, EmitError, Socket, Transport};
use futures_util::{FutureExt as _, StreamExt as _};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::{SOON, connected, options, url};

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
async fn events_emitted_before_the_connection_are_sent_after_it() {
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
    // To a request that waits, the server writes an event and its bytes without the separator between: no client can read that.
    let options = options().transports(&[Transport::WebSocket]);
    let socket = Socket::connect(&url(""), &options).unwrap();
    socket.ready().await.unwrap();
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
    let joined: String = socket
        .emit_args_with_ack("join", &("to", "gether"), SOON)
        .await
        .unwrap();
    assert_eq!(joined, "together");
}

#[wasm_bindgen_test]
async fn an_event_is_sent_again_until_it_is_acknowledged() {
    let options = options().retries(2).ack_timeout(Duration::from_millis(50));
    let socket = Socket::connect(&url(""), &options).unwrap();
    let sent = Rc::new(Cell::new(0));
    let counter = Rc::clone(&sent);
    let _listener = socket.on_any_outgoing(move |_| counter.set(counter.get() + 1));
    let mut taken = socket.listen("taken");
    socket.emit("stubborn", &()).unwrap();
    taken.next().await.unwrap();
    assert_eq!(sent.get(), 3);
}

#[wasm_bindgen_test]
async fn an_acknowledgement_fails_when_the_connection_is_lost() {
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
        assert_eq!(event.as_js().length(), 1, "the callback is no argument");
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
async fn reserved_event_names_are_refused() {
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
            socket.volatile().emit(name, &()),
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
async fn volatile_events_are_sent_if_connected_and_dropped_otherwise() {
    let options = options().transports(&[Transport::WebSocket]);
    let socket = Socket::connect(&url(""), &options).unwrap();
    let mut echo = socket.listen("echo");
    socket.volatile().emit("echo", "lost").unwrap();
    socket.ready().await.unwrap();
    // the answer shows that the connection has room again, which one by polling has later
    let _: f64 = socket.emit_with_ack("sum", &[1], SOON).await.unwrap();
    socket.volatile().emit("echo", "sent").unwrap();
    assert_eq!(echo.next().await.unwrap().data::<String>().unwrap(), "sent");
    let mut moved = socket.listen("move");
    let _: f64 = socket.emit_with_ack("sum", &[1], SOON).await.unwrap();
    socket.volatile().emit_args("move", &("rook", 7)).unwrap();
    let args: (String, u32) = moved.next().await.unwrap().args().unwrap();
    assert_eq!(args, ("rook".to_owned(), 7));
}

#[wasm_bindgen_test]
async fn unit_is_no_argument_and_null_is_one() {
    let socket = Socket::connect(&url(""), &options().auto_connect(false)).unwrap();
    let counts = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&counts);
    let _listener =
        socket.on_any_outgoing(move |event| seen.borrow_mut().push(event.as_js().length()));
    let mut connected = socket.lifecycle();
    socket.emit("news", &()).unwrap();
    socket.emit("news", &None::<u32>).unwrap();
    socket.emit_args("news", &(None::<u32>,)).unwrap();
    socket.open();
    connected.next().await.unwrap();
    assert_eq!(*counts.borrow(), [0, 0, 1]);
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
async fn cyclic_values_are_refused() {
    let options = options()
        .path("/ends/depth/")
        .transports(&[Transport::Polling]);
    let socket = Socket::connect(&url(""), &options).unwrap();
    let event = socket.listen("deep").next().await.unwrap();
    let error = event.data::<Value>().unwrap_err();
    assert!(error.to_string().contains("deep"), "{error}");
    assert!(event.args::<Vec<Value>>().is_err());
}
