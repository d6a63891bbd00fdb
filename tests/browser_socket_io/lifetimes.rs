//! The lifetime of Socket.IO connections, and all time limits, in a page and against `tests/socket-io-server`.

use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use flowise_stream::socket_io::{
    AckError, ConnectError, DisconnectReason, EmitError, Lifecycle, Manager, ManagerEvent, Options,
    Socket, ValueError,
};
use futures_util::stream::FusedStream as _;
use futures_util::{FutureExt as _, StreamExt as _, future::join};
use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::{close_connection, connected, member, options, url};

const LONGEST: Duration = Duration::from_millis((1 << 31) - 1);

#[wasm_bindgen_test]
async fn a_listener_keeps_its_socket() {
    let (heard, tell) = promise();
    let listener = Socket::connect(&url("/news"), &options())
        .unwrap()
        .on("headline", move |event| tell(&event.data().unwrap()));
    assert_eq!(heard.await.unwrap(), "it works");
    drop(listener);

    let mut headlines = Socket::connect(&url("/news"), &options())
        .unwrap()
        .listen("headline");
    assert!(headlines.next().await.is_some());

    let manager = connected().await.manager();
    let raw = manager.as_js().clone();
    let events = manager.events();
    drop(manager);
    assert!(is_open(&raw));
    drop(events);
    assert!(!is_open(&raw));
}

#[wasm_bindgen_test]
async fn a_socket_that_nobody_holds_is_disconnected() {
    let socket = connected().await;
    let raw = socket.as_js().clone();
    let listener = socket.on_connect(|| {});
    let clone = socket.clone();
    drop(socket);
    drop(clone);
    assert_eq!(member(&raw, "connected"), true);
    drop(listener);
    assert_eq!(member(&raw, "connected"), false);
    assert_eq!(member(&raw, "active"), false);
    assert!(!is_open(&member(&raw, "io")));
}

#[wasm_bindgen_test]
async fn streams_end_when_the_page_disconnects() {
    let socket = connected().await;
    let (mut echo, mut lifecycle) = (socket.listen("echo"), socket.lifecycle());
    let (ended, ()) = join(echo.next(), async { socket.disconnect() }).await;
    assert!(ended.is_none() && echo.is_terminated());
    let gone = Lifecycle::Disconnected(DisconnectReason::ClientDisconnect);
    assert!(!lifecycle.is_terminated());
    assert_eq!(lifecycle.select_next_some().await, gone);
    assert_eq!(lifecycle.next().await, None);
    // it does not come to life again
    socket.open();
    socket.ready().await.unwrap();
    assert_eq!(lifecycle.next().await, None);
    assert_eq!(
        socket.lifecycle().next().now_or_never(),
        None,
        "a new one waits"
    );
    // the connection goes with its last socket
    let mut events = socket.manager().events();
    let (closed, ()) = join(events.next(), async { socket.disconnect() }).await;
    let forced = ManagerEvent::Close(DisconnectReason::ForcedClose);
    assert_eq!(closed, Some(forced));
    assert_eq!(events.next().await, None);
}

#[wasm_bindgen_test]
async fn streams_go_on_after_a_disconnection_that_the_page_did_not_want() {
    let socket = connected().await;
    let mut lifecycle = socket.lifecycle();
    socket.emit("leave", &()).unwrap();
    let gone = Lifecycle::Disconnected(DisconnectReason::ServerDisconnect);
    assert_eq!(lifecycle.next().await, Some(gone));
    assert_eq!(lifecycle.next().now_or_never(), None);
    socket.open();
    assert_eq!(lifecycle.next().await, Some(Lifecycle::Connected));
}

#[wasm_bindgen_test]
async fn a_listener_may_connect_again_at_the_end() {
    let socket = connected().await;
    let again = socket.clone();
    let _listener = socket.on_disconnect(move |_| again.open());
    let mut lifecycle = socket.lifecycle();
    socket.disconnect();
    assert!(matches!(
        lifecycle.next().await,
        Some(Lifecycle::Disconnected(_))
    ));
    assert_eq!(lifecycle.next().await, Some(Lifecycle::Connected));
}

#[wasm_bindgen_test]
async fn closing_a_manager_ends_all_its_sockets() {
    let socket = connected().await;
    let manager = socket.manager();
    let news = manager.socket("/news", &Options::new()).unwrap();
    news.ready().await.unwrap();
    let (mut echo, mut headlines) = (socket.listen("echo"), news.listen("no headline"));
    let mut events = manager.events();
    let close = async { manager.close() };
    let ((first, second), ()) = join(join(echo.next(), headlines.next()), close).await;
    assert!(first.is_none() && second.is_none());
    let mut told = Vec::new();
    while let Some(event) = events.next().await {
        if event != ManagerEvent::Ping {
            told.push(event);
        }
    }
    assert_eq!(told, [ManagerEvent::Close(DisconnectReason::ForcedClose)]);
    assert!(!socket.is_active() && !news.is_active() && !is_open(manager.as_js()));
    manager.close();
    // a socket opens it again, and only that socket
    news.open();
    news.ready().await.unwrap();
    assert!(!socket.is_active());
    assert!(manager.events().next().now_or_never().is_none());
}

#[wasm_bindgen_test]
async fn closing_a_manager_cancels_a_connection_attempt() {
    let options = options().reconnection_delay(LONGEST);
    let socket = Socket::connect("http://127.0.0.1:1", &options).unwrap();
    assert!(socket.ready().await.unwrap_err().retries());
    let mut ready = pin!(socket.ready());
    assert!((&mut ready).now_or_never().is_none());
    socket.manager().close();
    assert!(!ready.await.unwrap_err().retries());
    // no connection, so no event of its end
    let idle = Manager::connect(&url(""), &options.auto_connect(false)).unwrap();
    let mut events = idle.events();
    let (ended, ()) = join(events.next(), async { idle.close() }).await;
    assert_eq!(ended, None);
}

#[wasm_bindgen_test]
async fn a_manager_connects_without_a_socket() {
    let manager = Manager::connect(&url(""), &options()).unwrap();
    let mut events = manager.events();
    assert_eq!(events.next().await, Some(ManagerEvent::Open));
    let news = manager.socket("/news", &Options::new()).unwrap();
    let mut headlines = news.listen("headline");
    assert!(headlines.next().await.is_some());
    let raw = manager.as_js().clone();
    drop((headlines, news, events));
    drop(manager);
    assert!(!is_open(&raw));

    let closed = Manager::connect(&url(""), &options().auto_connect(false)).unwrap();
    assert_eq!(closed.transport(), None);
    let mut events = closed.events();
    closed.open();
    assert_eq!(events.next().await, Some(ManagerEvent::Open));
    let raw = closed.as_js().clone();
    drop((closed, events));
    assert!(!is_open(&raw));

    let alone = Manager::connect(&url(""), &options()).unwrap();
    assert_eq!(alone.events().next().await, Some(ManagerEvent::Open));
    alone.close();
    assert!(!is_open(alone.as_js()));
}

#[wasm_bindgen_test]
fn streams_of_what_was_opened_again_wait() {
    let manager = Manager::connect(&url(""), &options()).unwrap();
    manager.close();
    manager.open();
    assert_eq!(manager.events().next().now_or_never(), None);
    manager.close();
    let news = manager.socket("/news", &Options::new()).unwrap();
    assert_eq!(manager.events().next().now_or_never(), None);
    news.disconnect();
    let again = manager.socket("/news", &Options::new()).unwrap();
    assert!(again.listen("headline").next().now_or_never().is_none());
}

#[wasm_bindgen_test]
async fn a_limit_of_zero_is_no_limit() {
    let options = options()
        .timeout(Duration::ZERO)
        .ack_timeout(Duration::ZERO);
    let socket = Socket::connect(&url(""), &options).unwrap();
    socket.ready().await.unwrap();
    assert_eq!(socket.manager().timeout(), Duration::ZERO);
    never_times_out(&socket, Duration::ZERO).await;
}

#[wasm_bindgen_test]
async fn a_limit_beyond_the_range_of_timers_does_not_expire_at_once() {
    let options = options()
        .timeout(Duration::MAX)
        .reconnection_delay(Duration::MAX);
    let socket = Socket::connect(&url(""), &options).unwrap();
    socket.ready().await.unwrap();
    assert_eq!(socket.manager().timeout(), LONGEST);
    never_times_out(&socket, Duration::MAX).await;
    // nor does a pause
    let options = options.reconnection_delay_max(Duration::ZERO);
    let nobody = Socket::connect("http://127.0.0.1:1", &options).unwrap();
    let mut events = nobody.manager().events();
    assert!(nobody.ready().await.is_err());
    never_times_out(&connected().await, LONGEST).await;
    assert!(matches!(events.next().await, Some(ManagerEvent::Error(_))));
    assert_eq!(events.next().now_or_never(), None, "no attempt was made");
}

/// An acknowledgement that does not come is waited for while another one comes, and until the socket is disconnected.
async fn never_times_out(socket: &Socket, limit: Duration) {
    let mut silent = pin!(socket.emit_with_ack::<()>("silent", &(), limit));
    assert!((&mut silent).now_or_never().is_none());
    let sum: f64 = socket.emit_with_ack("sum", &[1, 2], limit).await.unwrap();
    assert_eq!(sum, 3.0);
    assert_eq!((&mut silent).now_or_never(), None);
    socket.disconnect();
    assert_eq!(silent.await, Err(AckError::Disconnected));
}

#[wasm_bindgen_test]
async fn a_manager_reads_and_changes_its_reconnection_options() {
    let socket = connected().await;
    let manager = socket.manager();
    assert!(manager.reconnection());
    assert_eq!(manager.reconnection_attempts(), 0);
    assert_eq!(manager.reconnection_delay(), Duration::from_secs(1));
    assert_eq!(manager.reconnection_delay_max(), Duration::from_secs(5));
    assert_eq!(manager.randomization_factor(), 0.5);
    assert_eq!(manager.timeout(), Duration::from_secs(20));

    manager.set_reconnection_delay(Duration::ZERO);
    assert_eq!(manager.reconnection_delay(), Duration::from_millis(1));
    manager.set_reconnection_delay_max(Duration::ZERO);
    assert_eq!(manager.reconnection_delay_max(), LONGEST);
    manager.set_randomization_factor(0.0);
    assert_eq!(manager.randomization_factor(), 0.0);
    manager.set_timeout(Duration::ZERO);
    assert_eq!(manager.timeout(), Duration::ZERO);
    manager.set_timeout(Duration::from_secs(20));
    manager.set_reconnection_attempts(7);
    assert_eq!(manager.reconnection_attempts(), 7);
    manager.set_reconnection_attempts(0);
    assert_eq!(manager.reconnection_attempts(), 0);
    let mut lifecycle = socket.lifecycle();
    close_connection(&socket);
    assert!(matches!(
        lifecycle.next().await,
        Some(Lifecycle::Disconnected(_))
    ));
    assert_eq!(lifecycle.next().await, Some(Lifecycle::Connected));

    manager.set_reconnection(false);
    assert!(!manager.reconnection());
    close_connection(&socket);
    assert!(!socket.ready().await.unwrap_err().retries());
}

#[wasm_bindgen_test]
fn errors_are_plain_data() {
    fn plain<T: std::error::Error + Clone + PartialEq + Send + Sync + 'static>() {}
    fn state<T: Clone + PartialEq + Send + Sync + 'static>() {}
    plain::<AckError>();
    plain::<ConnectError>();
    plain::<EmitError>();
    plain::<ValueError>();
    state::<DisconnectReason>();
    state::<Lifecycle>();
    state::<ManagerEvent>();
}

/// A text that a listener tells later.
fn promise() -> (impl Future<Output = Option<String>>, impl Fn(&String)) {
    let resolve = Rc::new(RefCell::new(None::<Function>));
    let promise = Promise::new(&mut |tell, _| {
        resolve.replace(Some(tell));
    });
    let text = async { JsFuture::from(promise).await.ok()?.as_string() };
    let tell = move |text: &String| {
        let tell = resolve.borrow().clone().unwrap();
        tell.call1(&JsValue::UNDEFINED, &text.into()).unwrap();
    };
    (text, tell)
}

/// Whether a Manager has a connection.
fn is_open(manager: &JsValue) -> bool {
    let state = member(&member(manager, "engine"), "readyState");
    state.unchecked_into::<js_sys::JsString>() == "open"
}
