//! The rest of socket.io-client's API by its documentation, in a page and against `tests/socket-io-server`: `docs/rust.md` has the
//! whole list, with the test of each member.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use flowise_stream::socket_io::{
    AckError, Binary, Event, Lifecycle, Options, Socket, Transport, protocol,
};
use futures_util::StreamExt as _;
use js_sys::{Function, Object};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::{SOON, connected, ending, member, options, url};

#[wasm_bindgen_test]
async fn listeners_for_all_events_come_in_order_and_before_the_others() {
    let socket = connected().await;
    let order = Rc::new(RefCell::new(Vec::new()));
    let note = |name: &'static str| {
        let order = Rc::clone(&order);
        move |event: Event| {
            if event.name() == "echo" {
                order.borrow_mut().push(name);
            }
        }
    };
    let _listeners = [
        socket.on("echo", note("on")),
        socket.on_any(note("any")),
        socket.prepend_any(note("prepended")),
        socket.on_any_outgoing(note("outgoing")),
        socket.prepend_any_outgoing(note("prepended outgoing")),
    ];
    let mut echo = socket.listen("echo");
    socket.emit("echo", "hello").unwrap();
    echo.next().await.unwrap();
    let expected = ["prepended outgoing", "outgoing", "prepended", "any", "on"];
    assert_eq!(*order.borrow(), expected);
    drop(_listeners);
    socket.emit("echo", "hello").unwrap();
    echo.next().await.unwrap();
    assert_eq!(order.borrow().len(), expected.len());
}

#[wasm_bindgen_test]
fn the_protocol_is_the_documented_one() {
    assert_eq!(protocol(), 5);
}

#[wasm_bindgen_test]
async fn a_socket_says_what_it_listens_to() {
    let socket = Socket::connect(&url(""), &options().auto_connect(false)).unwrap();
    assert!(!socket.has_listeners("echo"));
    let (listener, stream) = (socket.on("echo", |_| {}), socket.listen("echo"));
    let _all = socket.events();
    assert!(socket.has_listeners("echo") && !socket.has_listeners("news"));
    drop(listener);
    assert!(socket.has_listeners("echo"));
    drop(stream);
    assert!(!socket.has_listeners("echo"));
}

#[wasm_bindgen_test]
async fn send_is_the_event_message() {
    let socket = connected().await;
    let mut messages = socket.listen("message");
    socket.send("hello").unwrap();
    let message = messages.next().await.unwrap();
    assert_eq!(message.data::<String>().unwrap(), "hello");
}

#[wasm_bindgen_test]
async fn compression_can_be_left_out_for_one_event() {
    let options = options().transports(&[Transport::WebSocket]);
    let socket = Socket::connect(&url(""), &options).unwrap();
    socket.ready().await.unwrap();
    let engine = member(&member(socket.as_js(), "io"), "engine");
    let seen = Rc::new(RefCell::new(Vec::new()));
    let compressed = Rc::clone(&seen);
    let look = Closure::<dyn Fn(JsValue)>::new(move |packet: JsValue| {
        // the answers to the server's pings are packets, too
        if member(&packet, "type").as_string().as_deref() != Some("message") {
            return;
        }
        let options = member(&packet, "options");
        compressed
            .borrow_mut()
            .push(member(&options, "compress").as_bool());
    });
    let on: Function = member(&engine, "on").unchecked_into();
    on.call2(&engine, &"packetCreate".into(), look.as_ref())
        .unwrap();
    socket.emit("news", "text").unwrap();
    socket.compress(false).emit("news", "jpeg").unwrap();
    socket
        .compress(true)
        .emit_args("news", &("more", "text"))
        .unwrap();
    let joined: String = socket
        .compress(false)
        .emit_args_with_ack("join", &("to", "gether"), SOON)
        .await
        .unwrap();
    assert_eq!(joined, "together");
    // the reply shows that there is room for an event that does not wait
    let modifiers = socket.compress(false).volatile();
    let sum: f64 = modifiers.emit_with_ack("sum", &[1, 2], SOON).await.unwrap();
    assert_eq!(sum, 3.0);
    // a packet tells of the end as well
    socket.disconnect();
    let events: Vec<_> = seen.borrow().iter().copied().flatten().collect();
    assert_eq!(events[..5], [true, false, true, false, false]);
}

#[wasm_bindgen_test]
async fn an_option_limits_acknowledgements_where_the_call_does_not() {
    let options = options().ack_timeout(Duration::from_millis(50));
    let socket = Socket::connect(&url(""), &options).unwrap();
    let late = socket.emit_with_ack::<()>("silent", &(), Duration::ZERO);
    assert_eq!(late.await, Err(AckError::TimedOut));
}

#[wasm_bindgen_test]
async fn a_refused_socket_can_say_something_else_and_try_again() {
    let socket = Socket::connect(&url("/admin"), &options()).unwrap();
    assert!(socket.ready().await.is_err());
    socket.set_auth(&json!({ "token": "secret" })).unwrap();
    socket.open();
    socket.ready().await.unwrap();
    socket.disconnect();
    socket.set_auth_with(|| async { json!({ "token": "guess" }) });
    socket.open();
    let error = socket.ready().await.unwrap_err();
    assert_eq!(error.to_string(), "wrong token");
    socket.set_auth_with(|| async { json!({ "token": "secret" }) });
    socket.open();
    socket.ready().await.unwrap();
}

#[wasm_bindgen_test]
async fn namespaces_by_url_share_a_connection_unless_that_is_not_wanted() {
    let shared = Options::new().query("test", "shared");
    let connection = |socket: &Socket| member(socket.as_js(), "io");
    let [root, news] = ["/", "/news"].map(|path| Socket::connect(&url(path), &shared).unwrap());
    assert!(Object::is(&connection(&root), &connection(&news)));
    let own = Socket::connect(&url("/news"), &shared.force_new(true)).unwrap();
    assert!(!Object::is(&connection(&root), &connection(&own)));
    for socket in [root, news, own] {
        socket.ready().await.unwrap();
    }
}

#[wasm_bindgen_test]
async fn an_option_without_a_method_is_set_by_its_name() {
    let options = options()
        .set("timestampParam", "stamp")
        .transports(&[Transport::Polling])
        .query("named", "yes");
    let socket = Socket::connect(&url(""), &options).unwrap();
    let handshake: Value = socket
        .listen("handshake")
        .next()
        .await
        .unwrap()
        .data()
        .unwrap();
    let query = handshake["query"].as_str().unwrap();
    assert!(
        query.contains("stamp=") && query.contains("named=yes"),
        "{query}"
    );
}

#[wasm_bindgen_test]
async fn options_of_the_engine_reach_it() {
    let options = options()
        .upgrade(false)
        .try_all_transports(true)
        .with_credentials(true);
    let socket = Socket::connect(&url(""), &options).unwrap();
    let engine = member(&member(socket.as_js(), "io"), "engine");
    let given = member(&engine, "opts");
    for (name, value) in [
        ("upgrade", false),
        ("tryAllTransports", true),
        ("withCredentials", true),
    ] {
        assert_eq!(member(&given, name), value, "{name}");
    }
    socket.ready().await.unwrap();
    assert_eq!(socket.manager().transport().as_deref(), Some("polling"));
}

#[wasm_bindgen_test]
async fn missed_events_arrive_after_the_connection_is_recovered() {
    let options = ending("recovery").reconnection_delay(Duration::from_millis(1));
    let socket = Socket::connect(&url(""), &options).unwrap();
    let (mut news, mut lifecycle) = (socket.listen("news"), socket.lifecycle());
    assert_eq!(lifecycle.next().await, Some(Lifecycle::Connected));
    assert!(!socket.is_recovered());
    for expected in ["heard", "missed"] {
        let event = news.next().await.unwrap();
        assert_eq!(event.data::<String>().unwrap(), expected);
    }
    assert!(socket.is_recovered());
}

#[wasm_bindgen_test]
async fn bytes_may_stand_anywhere_in_an_argument() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Photo {
        name: String,
        layers: Vec<Binary>,
    }
    let photo = Photo {
        name: "cat.png".into(),
        layers: vec![Binary(vec![1, 2]), Binary(vec![3])],
    };
    // over polling, this server replies with what is no packet
    let options = options().transports(&[Transport::WebSocket]);
    let socket = Socket::connect(&url(""), &options).unwrap();
    let back: Photo = socket.emit_with_ack("same", &photo, SOON).await.unwrap();
    assert_eq!(back, photo);
}

#[wasm_bindgen_test]
async fn events_that_are_sent_again_keep_their_order() {
    let options = options().retries(3).ack_timeout(Duration::from_millis(50));
    let socket = Socket::connect(&url(""), &options).unwrap();
    let sent = Rc::new(RefCell::new(Vec::new()));
    let names = Rc::clone(&sent);
    let _listener =
        socket.on_any_outgoing(move |event| names.borrow_mut().push(event.name().to_owned()));
    socket.emit("stubborn", &()).unwrap();
    let sum: f64 = socket.emit_with_ack("sum", &[1], SOON).await.unwrap();
    assert_eq!(sum, 1.0);
    // the third is acknowledged; on a slow machine that takes longer than it is waited for
    let sent = sent.borrow();
    let (last, stubborn) = sent.split_last().unwrap();
    assert_eq!(last, "sum");
    assert!(matches!(stubborn.len(), 3 | 4), "{sent:?}");
    assert!(stubborn.iter().all(|name| name == "stubborn"), "{sent:?}");
}
