//! Section "Time limits".

use super::*;
use crate::run::Wire::{EventStream, SocketIo};

const NONE: Limits = Limits {
    connect: 0,
    first_byte: 0,
    idle: 0,
    total: 0,
};

#[test]
fn a_request_without_a_reply_ends_by_its_limit() {
    let rows: &[Row] = &[
        (
            "a socket that connects to nothing",
            SOCKET,
            &[Waits(19_999)],
            "connect",
        ),
        (
            "a socket that connects to nothing, in time",
            SOCKET,
            &[Waits(20_000)],
            "connect, interrupted timeout",
        ),
        (
            "a socket that is refused",
            SOCKET,
            &[Refuses, Waits(20_000)],
            "connect, error connect",
        ),
        (
            "a server that takes connections and says nothing",
            STREAM,
            &[Waits(20_000)],
            "ask, interrupted timeout",
        ),
        (
            "a chatflow that does not stream, and does not answer",
            STREAM,
            &[Streams(false), Waits(299_999)],
            "ask, post",
        ),
        (
            "the same, in time",
            STREAM,
            &[Streams(false), Waits(300_000)],
            "ask, post, stop, interrupted timeout",
        ),
    ];
    check(Page::new, rows);
}

#[test]
fn silence_is_measured_from_the_last_sign_of_life() {
    let rows: &[Row] = &[
        (
            "the first byte has 60 s",
            STREAM,
            &[Streams(true), Headers, Waits(59_999)],
            "ask, post a stream",
        ),
        (
            "and no more",
            STREAM,
            &[Streams(true), Headers, Waits(60_000)],
            "ask, post a stream, stop, interrupted timeout",
        ),
        (
            "a token takes that limit away",
            STREAM,
            &[Streams(true), Headers, Token, Waits(60_000)],
            "ask, post a stream",
        ),
        (
            "silence is seen within a quarter of the limit",
            STREAM,
            &[Streams(true), Headers, Token, Waits(375_000)],
            "ask, post a stream, stop, interrupted timeout",
        ),
        (
            "a token begins it anew",
            STREAM,
            &[
                Streams(true),
                Headers,
                Token,
                Waits(299_999),
                Token,
                Waits(299_999),
            ],
            "ask, post a stream",
        ),
        (
            "a slow reader is no silence",
            STREAM,
            &[Streams(true), Headers, Token, Pauses, Waits(3_000_000)],
            "ask, post a stream",
        ),
    ];
    check(Page::new, rows);
}

#[test]
fn the_total_limit_counts_from_the_question_and_ends_everything() {
    let limits = Limits {
        total: 1000,
        ..NONE
    };
    let rows: &[Row] = &[
        (
            "before the connection",
            SOCKET,
            &[Waits(1000)],
            "connect, interrupted timeout",
        ),
        (
            "a server that sends heartbeats alone",
            STREAM,
            &[
                Streams(true),
                Headers,
                Says(0),
                Waits(900),
                Says(0),
                Waits(100),
            ],
            "ask, post a stream, stop, interrupted timeout",
        ),
        (
            "an answer that does not end in time",
            SOCKET,
            &[Connects(SocketIo), Token, Waits(1000)],
            "connect, post, stop, interrupted timeout stale",
        ),
        (
            "a whole reply whose late events do not come",
            SOCKET,
            &[Connects(SocketIo), Token, Waits(990), Json(true), Waits(10)],
            "connect, post, stop stale",
        ),
    ];
    check(|| Page::with_limits(limits), rows);
}

#[test]
fn a_history_request_without_a_reply_leaves_an_answer_empty() {
    let empty: &[Step] = &[
        Streams(true),
        Headers,
        Says(Seen::MESSAGE_ID),
        Says(Seen::END),
        Ends,
        Waits(20_000),
    ];
    check(
        Page::with_key,
        &[(
            "a history",
            STREAM,
            empty,
            "ask, post a stream, ask the history, empty",
        )],
    );
}

#[test]
fn without_limits_a_late_answer_counts() {
    let rows: &[Row] = &[
        (
            "Socket.IO",
            SOCKET,
            &[
                Waits(9_000_000),
                Connects(SocketIo),
                Waits(9_000_000),
                Token,
                Says(Seen::END),
                Same,
                Json(true),
            ],
            "connect, post, stop",
        ),
        (
            "an event stream",
            SOCKET,
            &[
                Connects(EventStream),
                Streams(true),
                Waits(9_000_000),
                Headers,
                Token,
                Says(Seen::END),
                Ends,
            ],
            "connect, ask, post a stream, stop",
        ),
    ];
    check(|| Page::with_limits(NONE), rows);
}
