//! Section "Stopping": by every means, at each moment.

use super::*;
use crate::run::Wire::{EventStream, SocketIo};

#[test]
fn a_stop_ends_a_run_at_once_and_reaches_the_server_if_the_run_may_be_there() {
    let rows: &[Row] = &[
        (
            "before the connection",
            SOCKET,
            &[Stops],
            "connect, aborted",
        ),
        (
            "before it is known whether it streams",
            STREAM,
            &[Stops],
            "ask, aborted",
        ),
        (
            "before the first byte, 2.0",
            SOCKET,
            &[Connects(SocketIo), Stops],
            "connect, post, stop, aborted stale",
        ),
        (
            "before the first byte, 3.1",
            STREAM,
            &[Streams(true), Stops],
            "ask, post a stream, stop, aborted",
        ),
        (
            "within the answer, 2.0",
            SOCKET,
            &[Connects(SocketIo), Token, Says(Seen::END), Stops],
            "connect, post, stop, aborted stale",
        ),
        (
            "within the answer, 3.1",
            STREAM,
            &[Streams(true), Headers, Token, Stops],
            "ask, post a stream, stop, aborted",
        ),
        (
            "while a slow reader holds the stream up",
            STREAM,
            &[Streams(true), Headers, Token, Pauses, Stops],
            "ask, post a stream, stop, aborted",
        ),
        (
            "twice",
            STREAM,
            &[Streams(true), Headers, Token, Stops, Stops],
            "ask, post a stream, stop, aborted",
        ),
        (
            "within an `end` listener",
            STREAM,
            &[Streams(true), Headers, Token, Says(Seen::END), Stops, Ends],
            "ask, post a stream, stop",
        ),
        (
            "after the reply, before its events",
            SOCKET,
            &[Connects(SocketIo), Token, Json(true), Stops],
            "connect, post, stop stale",
        ),
        (
            "after the reply and its events",
            SOCKET,
            &[
                Connects(SocketIo),
                Token,
                Says(Seen::END),
                Same,
                Json(true),
                Stops,
            ],
            "connect, post, stop",
        ),
        (
            "why a request has failed",
            STREAM,
            &[Streams(true), Fails, Stops],
            "ask, post a stream, ask, stop, aborted",
        ),
        (
            "by socket.disconnect(), 2.0",
            SOCKET,
            &[Connects(SocketIo), Token, Gone(By::Page)],
            "connect, post, stop, aborted stale",
        ),
        (
            "by socket.disconnect(), 3.1",
            SOCKET,
            &[
                Connects(EventStream),
                Streams(true),
                Headers,
                Token,
                Gone(By::Page),
            ],
            "connect, ask, post a stream, stop, aborted",
        ),
        (
            "by socket.disconnect() before the connection",
            SOCKET,
            &[Gone(By::Page)],
            "connect, aborted",
        ),
        (
            "the server's disconnection is no stop",
            SOCKET,
            &[Gone(By::Server)],
            "connect, error disconnected",
        ),
        (
            "nor is it within an answer: the reply comes",
            SOCKET,
            &[Connects(SocketIo), Token, Gone(By::Server), Json(true)],
            "connect, post, stop",
        ),
    ];
    check(Page::new, rows);
}

#[test]
fn a_stop_during_the_history_request_ends_with_the_text_so_far() {
    let steps: &[Step] = &[
        Streams(true),
        Headers,
        Says(Seen::MESSAGE_ID),
        Says(Seen::END),
        Ends,
        Stops,
    ];
    check(
        Page::with_key,
        &[(
            "",
            STREAM,
            steps,
            "ask, post a stream, ask the history, empty",
        )],
    );
    let steps: &[Step] = &[Connects(SocketIo), Json(false), Stops];
    check(
        Page::with_key,
        &[(
            "nor is it asked then",
            SOCKET,
            steps,
            "connect, post, ask, empty stale",
        )],
    );
}

#[test]
fn a_query_that_waits_for_its_turn_can_be_stopped_and_the_others_go_on() {
    let mut page = Page::new();
    let [first, second, third] = ["a", "b", "c"].map(|chat| page.ask(SOCKET, chat, None));
    page.happens(second, &[Stops]);
    assert_eq!(page.done(second), "aborted");
    page.happens(first, &[Connects(SocketIo), Token, Says(Seen::END), Same]);
    assert_eq!(page.done(third), "");
    page.happens(first, &[Json(true)]);
    assert_eq!(page.done(third), "connect");
}

#[test]
fn the_question_after_a_stopped_one_renews_the_socket_first() {
    let mut page = Page::new();
    let run = page.ask(SOCKET, "a chat", None);
    page.happens(run, &[ConnectsStale, Connects(SocketIo)]);
    assert_eq!(page.done(run), "connect, renew, post");
}
