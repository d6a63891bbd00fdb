//! Section "Conversations": the memory of each, and its id.

use super::*;
use crate::run::Wire::{EventStream, SocketIo};

const WHOLE: &[Step] = &[Streams(true), Headers, Token, Says(Seen::END), Ends];

#[test]
fn questions_in_one_conversation_run_one_after_the_other_whichever_api_asks_them() {
    let mut page = Page::new();
    let [first, second] = [STREAM, SOCKET].map(|via| page.ask(via, "a chat", None));
    let other = page.ask(STREAM, "another chat", None);
    assert_eq!(
        [first, second, other].map(|run| page.last(run).to_owned()),
        ["ask", "", "ask"]
    );
    page.happens(first, WHOLE);
    assert_eq!(page.done(second), "connect");
}

#[test]
fn a_conversation_moves_when_its_run_may_go_on_and_keeps_its_memory() {
    let rows: &[(&str, &[Step], &str)] = &[
        ("stopped before anything was sent", &[Stops], "a chat"),
        (
            "stopped before the first byte",
            &[Streams(true), Stops],
            "next 0, memory a chat",
        ),
        (
            "stopped within the answer",
            &[Streams(true), Headers, Token, Stops],
            "next 0, memory a chat",
        ),
        (
            "stopped at its end",
            &[Streams(true), Headers, Token, Says(Seen::END), Stops, Ends],
            "a chat",
        ),
        (
            "lost",
            &[Streams(true), Headers, Token, Fails],
            "next 0, memory a chat",
        ),
        (
            "lost, and nobody is there",
            &[Streams(true), Fails, Fails, Fails],
            "next 0, memory a chat",
        ),
        (
            "lost, and closed to the page by now",
            &[Streams(true), Fails, Fails, Headers],
            "next 0, memory a chat",
        ),
        (
            "silent",
            &[Streams(true), Waits(60_000)],
            "next 0, memory a chat",
        ),
        (
            "ended early",
            &[Streams(true), Headers, Token, Ends],
            "next 0, memory a chat",
        ),
        ("complete", WHOLE, "a chat"),
        ("refused", &[Streams(true), Status(500)], "a chat"),
        ("redirected", &[Streams(true), Redirects], "a chat"),
        ("not a stream", &[Streams(false), Stops], "a chat"),
    ];
    for (name, steps, chat) in rows {
        let mut page = Page::new();
        let run = page.ask(STREAM, "a chat", None);
        page.happens(run, steps);
        let next = page.ask(STREAM, "a chat", None);
        assert_eq!(page.chat(next), *chat, "{name}");
    }
}

#[test]
fn both_ids_stay_usable() {
    for id in ["a chat", "next 0"] {
        let mut page = Page::new();
        let run = page.ask(STREAM, "a chat", None);
        page.happens(run, &[Streams(true), Stops]);
        let next = page.ask(STREAM, id, None);
        assert_eq!(page.chat(next), "next 0, memory a chat", "{id}");
    }
}

#[test]
fn a_session_id_of_the_page_stays() {
    let mut page = Page::new();
    let run = page.ask(STREAM, "a chat", Some("own"));
    page.happens(run, &[Streams(true), Stops]);
    let next = page.ask(STREAM, "a chat", Some("own"));
    assert_eq!(page.chat(next), "next 0, memory own");
}

#[test]
fn one_that_waits_while_the_answer_before_it_is_stopped_does_not_meet_its_run() {
    let mut page = Page::new();
    let [first, second] = [STREAM, STREAM].map(|via| page.ask(via, "a chat", None));
    page.happens(first, &[Streams(true), Headers, Token, Stops]);
    assert_eq!(page.chat(second), "next 0, memory a chat");
    assert_eq!(page.done(second), "post a stream");
}

#[test]
fn the_oldest_of_many_abandoned_conversations_is_forgotten() {
    let mut page = Page::new();
    for number in 0..100 {
        let run = page.ask(STREAM, &format!("chat {number}"), None);
        let first: &[Step] = if number == 0 { &[Streams(true)] } else { &[] };
        page.happens(run, first).happens(run, &[Stops]);
    }
    let [oldest, latest] = ["chat 0", "chat 99"].map(|chat| page.ask(STREAM, chat, None));
    assert_eq!(page.chat(oldest), "chat 0");
    assert_eq!(page.chat(latest), "next 99, memory chat 99");
}

#[test]
fn a_socket_takes_one_question_at_a_time() {
    let mut page = Page::new();
    let [first, second] = ["a chat", "another"].map(|chat| page.ask(SOCKET, chat, None));
    page.happens(first, &[Connects(SocketIo)]);
    assert_eq!([page.done(first), page.done(second)], ["connect, post", ""]);
    page.happens(first, &[Token, Says(Seen::END), Same, Json(true)]);
    page.happens(second, &[Connects(EventStream)]);
    assert_eq!(page.done(second), "connect, ask");
}
