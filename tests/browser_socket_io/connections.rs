//! How the Socket.IO client connects, loses connections and reconnects, in a page and against `tests/socket-io-server`.

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use flowise_stream::socket_io::{
    ConnectError, DisconnectReason, Lifecycle, ManagerEvent, Options, Socket, Transport,
};
use futures_util::{FutureExt as _, StreamExt as _};
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::{call, close_connection, connected, ending, member, options, url};

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
async fn a_refused_socket_reports_the_reason_and_does_not_retry() {
    let socket = Socket::connect(&url("/admin"), &options()).unwrap();
    let error = socket.ready().await.unwrap_err();
    assert_eq!(error.to_string(), "wrong token");
    assert!(!error.retries());
    assert_eq!(error.data::<Option<Value>>().unwrap(), None);
    let said_more = Socket::connect(&url(""), &ending("refusal")).unwrap();
    let error = said_more.ready().await.unwrap_err();
    assert_eq!(error.to_string(), "not you");
    assert_eq!(error.data::<Value>().unwrap(), json!({ "code": 7 }));
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
    assert_eq!(
        (socket.namespace(), news.namespace()),
        ("/".to_owned(), "/news".to_owned())
    );
    news.disconnect();
    assert!(socket.is_connected());
}

#[wasm_bindgen_test]
async fn a_namespace_has_one_socket_that_lasts_as_long_as_any_handle() {
    let socket = connected().await;
    let manager = socket.manager();
    drop(manager.socket("/", &Options::new()).unwrap());
    assert!(socket.is_connected());

    let [first, second] = [(); 2].map(|()| manager.socket("/news", &Options::new()).unwrap());
    first.ready().await.unwrap();
    drop(first);
    assert!(second.is_connected());
    drop(socket);
    let again = manager.socket("/", &Options::new()).unwrap();
    again.ready().await.unwrap();
    drop(second);
    assert!(again.is_connected());
}

#[wasm_bindgen_test]
async fn a_socket_that_is_requested_again_sends_its_new_auth() {
    let socket = connected().await;
    let manager = socket.manager();
    let token = |token: &'static str| {
        Options::new().auth_with(move || async move { json!({ "token": token }) })
    };
    for _ in 0..2 {
        let admin = manager.socket("/admin", &token("secret")).unwrap();
        admin.ready().await.unwrap();
    }
    // the old token is forgotten with the socket that had it
    let nobody = manager.socket("/admin", &Options::new()).unwrap();
    let refusal = nobody.ready().await.unwrap_err();
    assert_eq!(refusal.to_string(), "wrong token");
    assert!(!refusal.retries(), "though the connection stays");
    let wrong = manager.socket("/admin", &token("guess")).unwrap();
    assert!(wrong.ready().await.is_err());
    let right = Options::new().auth(&json!({ "token": "secret" })).unwrap();
    let admin = manager.socket("/admin", &right).unwrap();
    admin.ready().await.unwrap();
    assert!(nobody.is_connected() && wrong.is_connected());
}

#[wasm_bindgen_test]
async fn reasons_of_a_disconnection_are_distinguished() {
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
    socket.open();
    assert!(matches!(lifecycle.next().await, Some(Lifecycle::Connected)));
    call(&member(socket.as_js(), "io"), "disconnect");
    let Some(Lifecycle::Disconnected(reason)) = lifecycle.next().await else {
        panic!()
    };
    assert_eq!(reason, DisconnectReason::ForcedClose);
    assert!(!reason.reconnects());
}

#[wasm_bindgen_test]
async fn a_lost_connection_is_restored_and_the_manager_reports_it() {
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
    assert_eq!(reason, DisconnectReason::TransportClose);
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
        .timeout(Duration::from_secs(20));
    let socket = Socket::connect("http://127.0.0.1:1", &options).unwrap();
    let mut events = socket.manager().events();
    let error = socket.ready().await.unwrap_err();
    assert!(error.retries());
    let mut seen = Vec::new();
    // socket.io-client tells of the last failure after the end
    while seen
        .last()
        .is_none_or(|(event, _)| *event != "reconnect error")
    {
        seen.push(match events.next().await.unwrap() {
            ManagerEvent::ReconnectAttempt(1) => ("attempt", true),
            ManagerEvent::ReconnectFailed => ("failed", false),
            ManagerEvent::ReconnectError(error) => ("reconnect error", error.retries()),
            ManagerEvent::Error(error) => ("error", error.retries()),
            event => panic!("{event:?}"),
        });
    }
    let expected = [
        ("error", true),
        ("attempt", true),
        ("error", false),
        ("failed", false),
        ("reconnect error", false),
    ];
    assert_eq!(seen, expected);
    assert!(at_once(&socket).to_string().contains("`open`"));
    socket.open();
    assert!(socket.ready().await.unwrap_err().retries());
}

#[wasm_bindgen_test]
async fn a_connection_that_is_not_to_be_made_again_is_not_waited_for() {
    let options = options().reconnection(false);
    let socket = Socket::connect("http://127.0.0.1:1", &options).unwrap();
    let error = socket.ready().await.unwrap_err();
    assert!(!error.retries() && socket.is_active());
    assert!(!at_once(&socket).retries());

    let socket = Socket::connect(&url(""), &options).unwrap();
    socket.ready().await.unwrap();
    close_connection(&socket);
    at_once(&socket);
    socket.open();
    socket.ready().await.unwrap();
}

#[wasm_bindgen_test]
async fn a_cancelled_connection_attempt_ends_its_wait() {
    let socket = Socket::connect(&url(""), &options()).unwrap();
    let mut ready = pin!(socket.ready());
    assert!((&mut ready).now_or_never().is_none());
    socket.clone().disconnect();
    assert!(!ready.await.unwrap_err().retries());

    // the connection stays, for the other namespace
    let socket = connected().await;
    let news = socket.manager().socket("/news", &Options::new()).unwrap();
    let mut ready = pin!(news.ready());
    assert!((&mut ready).now_or_never().is_none());
    news.disconnect();
    news.open();
    assert!((&mut ready).now_or_never().is_none());
    news.clone().disconnect();
    assert!(!ready.await.unwrap_err().retries());

    at_once(&news);
    news.open();
    let mut ready = pin!(news.ready());
    assert!((&mut ready).now_or_never().is_none());
    let manager = member(news.as_js(), "io");
    call(&manager, "disconnect");
    assert!(!ready.await.unwrap_err().retries());
}

#[wasm_bindgen_test]
async fn lost_connections_report_the_cause() {
    for (how, reason) in [
        ("close", DisconnectReason::TransportClose),
        ("error", DisconnectReason::TransportError),
        ("rubbish", DisconnectReason::ParseError),
        ("silence", DisconnectReason::PingTimeout),
    ] {
        let socket = Socket::connect(&url(""), &ending(how).reconnection(false)).unwrap();
        let mut lifecycle = socket.lifecycle();
        assert!(matches!(lifecycle.next().await, Some(Lifecycle::Connected)));
        let Some(Lifecycle::Disconnected(told)) = lifecycle.next().await else {
            panic!("{how}")
        };
        assert_eq!(told, reason);
        assert!(told.reconnects() && told.to_string() == reason.as_str());
    }
}

#[wasm_bindgen_test]
async fn pings_of_the_server_are_reported() {
    let socket = Socket::connect(&url(""), &ending("pings").reconnection(false)).unwrap();
    let mut events = socket.manager().events();
    assert_eq!(events.next().await, Some(ManagerEvent::Open));
    assert_eq!(events.next().await, Some(ManagerEvent::Ping));
}

#[wasm_bindgen_test]
async fn a_socket_that_comes_back_knows_whether_it_missed_anything() {
    let options = ending("close").reconnection_delay(Duration::from_millis(1));
    let socket = Socket::connect(&url(""), &options).unwrap();
    let mut lifecycle = socket.lifecycle();
    let mut recovered = Vec::new();
    while recovered.len() < 2 {
        if let Some(Lifecycle::Connected) = lifecycle.next().await {
            recovered.push(socket.is_recovered());
        }
    }
    assert_eq!(recovered, [false, true]);
}

/// The error of a socket that has nothing to wait for.
fn at_once(socket: &Socket) -> ConnectError {
    let ready = socket.ready().now_or_never();
    ready.expect("there is nothing to wait for").unwrap_err()
}
