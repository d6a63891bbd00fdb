//! Section "What goes and comes back".

use super::*;
use crate::run::Wire::{EventStream, SocketIo};

#[test]
fn a_server_that_is_down_is_waited_for_and_answers_when_it_is_back() {
    let rows: &[Row] = &[
        (
            "it is back in time",
            SOCKET,
            &[Refuses, Waits(19_000), Connects(SocketIo)],
            "connect, post",
        ),
        (
            "it is not",
            SOCKET,
            &[Refuses, Waits(20_000)],
            "connect, error connect",
        ),
    ];
    check(Page::new, rows);
}

#[test]
fn a_server_that_is_killed_mid_answer_interrupts_it_and_nothing_is_asked_again() {
    let rows: &[Row] = &[
        (
            "Flowise 2.0",
            SOCKET,
            &[Connects(SocketIo), Token, Gone(By::Network), Fails],
            "connect, post, interrupted interrupted",
        ),
        (
            "Flowise 3.1",
            SOCKET,
            &[
                Connects(EventStream),
                Streams(true),
                Headers,
                Token,
                Gone(By::Network),
                Fails,
            ],
            "connect, ask, post a stream, lose, interrupted interrupted",
        ),
        (
            "before its first byte",
            SOCKET,
            &[Connects(EventStream), Streams(true), Fails, Fails, Fails],
            "connect, ask, post a stream, ask, knock, lose, error connect",
        ),
    ];
    check(Page::new, rows);
}

#[test]
fn a_socket_that_was_lost_in_line_or_while_it_connected_waits_for_late_events_as_any_other() {
    let mut page = Page::new();
    let first = page.ask(SOCKET, "a chat", None);
    let second = page.ask(SOCKET, "another", None);
    page.happens(second, &[Gone(By::Network)]);
    page.happens(first, &[Stops]);
    page.happens(
        second,
        &[
            Gone(By::Network),
            Connects(SocketIo),
            Token,
            Json(true),
            Waits(100),
        ],
    );
    assert_eq!(page.done(second), "connect, post");
}

#[test]
fn a_server_of_the_other_generation_is_detected() {
    let auto = Via::Own(Transport::Auto);
    let mut page = Page::new();
    let run = page.ask(auto, "a chat", None);
    // the handshake fails, and the question is answered
    page.happens(
        run,
        &[Fails, Streams(true), Headers, Token, Says(Seen::END), Ends],
    );
    assert_eq!(page.done(run), "handshake, ask, post a stream, stop");
    let run = page.ask(auto, "a chat", None);
    page.happens(run, &[Json(true)]);
    assert_eq!(
        page.done(run),
        "post a stream, say, stop",
        "known by now, and no more"
    );
    let run = page.ask(auto, "a chat", None);
    assert_eq!(page.done(run), "handshake");
}

#[test]
fn a_handshake_that_times_out_proves_nothing_about_the_server() {
    let auto = Via::Own(Transport::Auto);
    let mut page = Page::new();
    let run = page.ask(auto, "a chat", None);
    page.happens(
        run,
        &[
            Waits(20_000),
            Streams(true),
            Headers,
            Token,
            Says(Seen::END),
            Ends,
        ],
    );
    assert_eq!(page.done(run), "handshake, ask, post a stream, stop");
    let run = page.ask(auto, "a chat", None);
    assert_eq!(page.done(run), "handshake");
}
