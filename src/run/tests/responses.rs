//! Responses to a question that the page has sent itself.

use super::*;

const RESPONSE: Via = Via::Response;

#[test]
fn a_given_response_is_read_like_any_reply() {
    let rows: &[Row] = &[
        (
            "an event stream",
            RESPONSE,
            &[Headers, Token, Says(Seen::END), Ends],
            "receive, stop",
        ),
        (
            "a reply that is no stream",
            RESPONSE,
            &[Json(true)],
            "receive, say, stop",
        ),
        (
            "an event stream that ends early",
            RESPONSE,
            &[Headers, Token, Ends],
            "receive, interrupted interrupted",
        ),
        (
            "an event stream that breaks",
            RESPONSE,
            &[Headers, Token, Fails],
            "receive, interrupted interrupted",
        ),
        (
            "a failure of the server's",
            RESPONSE,
            &[Headers, Says(Seen::ERROR), Says(Seen::END), Ends],
            "receive, error",
        ),
        (
            "a status that is no success",
            RESPONSE,
            &[Status(401)],
            "receive, error unauthorized",
        ),
        (
            "a page that is none of Flowise's",
            RESPONSE,
            &[Html],
            "receive, error protocol",
        ),
        (
            "a redirect",
            RESPONSE,
            &[Redirects],
            "receive, error protocol",
        ),
        (
            "a request of the page's that fails is not sent again, nor explained",
            RESPONSE,
            &[Fails],
            "receive, interrupted interrupted",
        ),
        (
            "something else than a response",
            RESPONSE,
            &[CannotBeMade],
            "receive, error config",
        ),
        (
            "a response that never comes",
            RESPONSE,
            &[Waits(60_000)],
            "receive, stop, interrupted timeout",
        ),
        (
            "a server that falls silent",
            RESPONSE,
            &[Headers, Token, Waits(400_000)],
            "receive, stop, interrupted timeout",
        ),
        (
            "a stop",
            RESPONSE,
            &[Headers, Token, Stops],
            "receive, stop, aborted",
        ),
        (
            "a stop after the end",
            RESPONSE,
            &[Headers, Token, Says(Seen::END), Stops, Ends],
            "receive, stop",
        ),
    ];
    check(Page::new, rows);
}

#[test]
fn a_stop_reaches_no_server_if_the_page_names_no_conversation() {
    let mut page = Page::new();
    let run = page.ask(RESPONSE, "", None);
    page.happens(run, &[Headers, Token, Stops]);
    assert_eq!(page.done(run), "receive, aborted");
}

#[test]
fn a_response_waits_for_nothing_and_goes_where_it_was_sent() {
    let mut page = Page::new();
    let first = page.ask(STREAM, "a chat", None);
    page.happens(first, &[Streams(true), Headers, Token]);
    let response = page.ask(RESPONSE, "a chat", None);
    assert_eq!(page.done(response), "receive");
    page.happens(first, &[Stops]);
    // the conversation has already moved
    let later = page.ask(RESPONSE, "a chat", None);
    assert_eq!(page.chat(later), "a chat");
}

#[test]
fn the_next_question_waits_for_a_response_in_its_conversation_and_leaves_one_that_was_stopped() {
    let mut page = Page::new();
    let response = page.ask(RESPONSE, "a chat", None);
    let next = page.ask(STREAM, "a chat", None);
    page.happens(response, &[Headers, Token]);
    assert_eq!(page.done(next), "");
    page.happens(response, &[Stops]);
    assert_eq!(page.done(next), "ask");
    assert_eq!(page.chat(next), "next 0, memory a chat");
}

#[test]
fn responses_of_no_conversation_leave_nothing_behind() {
    let mut page = Page::new();
    let first = page.ask(RESPONSE, "", None);
    let second = page.ask(RESPONSE, "", None);
    assert_eq!(page.done(second), "receive");
    page.happens(first, &[Headers, Token, Stops]);
    let third = page.ask(RESPONSE, "", None);
    assert_eq!(page.chat(third), "");
    let endpoint = Endpoint::parse("http://flowise.test").expect("a URL");
    let target = Target::new(endpoint, None, false);
    assert_eq!(page.session.current_chat(&target, ""), "");
    page.happens(second, &[Headers, Token, Says(Seen::END), Ends]);
    assert_eq!(page.done(second), "receive, stop");
}
