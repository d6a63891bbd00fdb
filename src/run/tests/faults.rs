//! Section "Servers and proxies": how each fault ends, over both transports.

use super::*;
use crate::run::Wire::{EventStream, SocketIo};

#[test]
fn each_trouble_on_socket_io_ends_as_listed() {
    let rows: &[(&str, &[Step], &str)] = &[
        (
            "trouble-hang",
            &[Waits(375_000)],
            "stop, interrupted timeout stale",
        ),
        (
            "trouble-stall",
            &[Token, Waits(375_000)],
            "stop, interrupted timeout stale",
        ),
        (
            "trouble-cut",
            &[Token, Fails],
            "interrupted interrupted stale",
        ),
        (
            "trouble-cut-socket",
            &[Token, Gone(By::Network), Json(true)],
            "stop",
        ),
        (
            "trouble-no-end",
            &[Token, Same, Json(true), Waits(1000)],
            "stop",
        ),
        (
            "trouble-status-401",
            &[Status(401), Waits(60)],
            "error unauthorized",
        ),
        (
            "trouble-status-429",
            &[Status(429), Waits(60)],
            "error rate-limited",
        ),
        ("trouble-html", &[Html, Waits(60)], "error protocol"),
        (
            "trouble-redirect",
            &[Redirects, Waits(60)],
            "error protocol",
        ),
        (
            "trouble-empty",
            &[Says(Seen::END), Json(false), Waits(60)],
            "empty",
        ),
        (
            "trouble-late",
            &[Token, Says(Seen::END), Same, Json(true), Token],
            "stop",
        ),
    ];
    for (name, steps, done) in rows {
        let mut page = Page::new();
        let run = page.ask(SOCKET, "a chat", None);
        page.happens(run, &[Connects(SocketIo)]).happens(run, steps);
        assert_eq!(page.done(run), format!("connect, post, {done}"), "{name}");
    }
}

#[test]
fn each_trouble_on_an_event_stream_ends_as_listed() {
    let rows: &[(&str, &[Step], &str)] = &[
        (
            "trouble-hang",
            &[Waits(60_000)],
            "stop, interrupted timeout",
        ),
        (
            "trouble-silent",
            &[Headers, Waits(60_000)],
            "stop, interrupted timeout",
        ),
        (
            "trouble-stall",
            &[Headers, Token, Waits(375_000)],
            "stop, interrupted timeout",
        ),
        (
            "trouble-cut",
            &[Headers, Token, Fails],
            "lose, interrupted interrupted",
        ),
        (
            "trouble-half-closed",
            &[Headers, Token, Fails],
            "lose, interrupted interrupted",
        ),
        (
            "trouble-half-closed, where the browser reports a regular end",
            &[Headers, Token, Ends, Streams(true)],
            "ask, interrupted interrupted",
        ),
        (
            "a server that crashed, where the browser reports a regular end",
            &[Headers, Token, Ends, Fails, Fails],
            "ask, knock, lose, interrupted interrupted",
        ),
        (
            "trouble-no-end",
            &[Headers, Token, Ends, Streams(true)],
            "ask, interrupted interrupted",
        ),
        (
            "trouble-buffered",
            &[Waits(50_000), Headers, Token, Says(Seen::END), Ends],
            "stop",
        ),
        ("trouble-status-429", &[Status(429)], "error rate-limited"),
        ("trouble-html", &[Html], "error protocol"),
        ("trouble-json", &[Json(true)], "lose, stop"),
        ("trouble-redirect", &[Redirects], "error protocol"),
        (
            "trouble-cors",
            &[Fails, Fails, Headers],
            "ask, knock, error cors",
        ),
        ("trouble-empty", &[Headers, Says(Seen::END), Ends], "empty"),
        (
            "an error within the stream",
            &[Headers, Token, Says(Seen::ERROR), Says(Seen::END), Ends],
            "error",
        ),
        (
            "an error within a stream that breaks",
            &[Headers, Says(Seen::ERROR), Fails],
            "lose, error",
        ),
        (
            "an abort that the server says",
            &[Headers, Token, Says(Seen::ABORT), Says(Seen::END), Ends],
            "aborted",
        ),
        (
            "a connection that breaks behind `end`",
            &[Headers, Token, Says(Seen::END), Fails],
            "lose, stop",
        ),
        (
            "a connection that breaks within a reply",
            &[Fails, Streams(true)],
            "ask, lose, interrupted interrupted",
        ),
    ];
    for (name, steps, done) in rows {
        let mut page = Page::new();
        let run = page.ask(SOCKET, "a chat", None);
        page.happens(run, &[Connects(EventStream), Streams(true)]);
        page.happens(run, steps);
        let all = format!("connect, ask, post a stream, {done}");
        assert_eq!(page.done(run), all, "{name}");
    }
}

#[test]
fn trouble_overtaken_waits_for_the_events() {
    let rows: &[(&str, &[Step], &str)] = &[
        (
            "not begun: a second",
            &[Json(true), Streams(true), Waits(999)],
            "ask",
        ),
        (
            "not begun: no longer",
            &[Json(true), Streams(true), Waits(1000)],
            "ask, stop",
        ),
        (
            "does not stream",
            &[Json(true), Streams(false), Waits(60)],
            "ask, stop",
        ),
        (
            "nobody says whether it streams",
            &[Json(true), Waits(1060)],
            "ask, stop",
        ),
        ("begun: five seconds", &[Token, Json(true), Waits(4999)], ""),
        (
            "begun: no longer",
            &[Token, Json(true), Waits(5000)],
            "stop",
        ),
        (
            "each event begins that anew",
            &[Token, Json(true), Waits(4900), Token, Waits(4900)],
            "",
        ),
        (
            "until the text is the reply's",
            &[Token, Json(true), Token, Says(Seen::END), Same, Waits(20)],
            "stop",
        ),
        (
            "or the socket is lost",
            &[Token, Json(true), Gone(By::Network), Waits(20)],
            "stop",
        ),
    ];
    for (name, steps, done) in rows {
        let mut page = Page::new();
        let run = page.ask(SOCKET, "a chat", None);
        page.happens(run, &[Connects(SocketIo)]).happens(run, steps);
        let all = format!("connect, post, {done}");
        let all = all.trim_end_matches(", ");
        assert_eq!(page.done(run), all, "{name}");
    }
}

#[test]
fn an_unsendable_request_fails_at_once_and_leaves_nothing() {
    let auto = Via::Own(Transport::Auto);
    let rows: &[Row] = &[
        (
            "the handshake",
            auto,
            &[CannotBeMade],
            "handshake, error config",
        ),
        (
            "the connection",
            SOCKET,
            &[CannotBeMade],
            "connect, error config",
        ),
        (
            "the first request",
            STREAM,
            &[CannotBeMade],
            "ask, error config",
        ),
        (
            "the question",
            SOCKET,
            &[Connects(SocketIo), CannotBeMade],
            "connect, post, error config",
        ),
    ];
    check(Page::new, rows);
}

#[test]
fn a_truncated_reply_is_a_lost_connection() {
    let rows: &[Row] = &[
        (
            "whether it streams",
            STREAM,
            &[Begins, Fails],
            "ask, interrupted interrupted",
        ),
        (
            "the answer",
            STREAM,
            &[Streams(false), Begins, Fails],
            "ask, post, interrupted interrupted",
        ),
    ];
    check(Page::new, rows);
}

#[test]
fn trouble_empty_once_reads_the_history_with_a_key() {
    let empty = [
        Streams(true),
        Headers,
        Says(Seen::MESSAGE_ID),
        Says(Seen::END),
        Ends,
    ];
    let mut page = Page::with_key();
    let run = page.ask(STREAM, "a chat", None);
    page.happens(run, &empty).happens(run, &[Json(true)]);
    assert_eq!(page.done(run), "ask, post a stream, ask the history, stop");
    let mut page = Page::new();
    let run = page.ask(STREAM, "a chat", None);
    page.happens(run, &empty);
    assert_eq!(page.done(run), "ask, post a stream, empty");
}
