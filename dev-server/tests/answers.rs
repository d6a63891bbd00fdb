//! What trouble flows and the scripted flow say.

mod support;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{
    ANSWER, ask, client, events_of, frames, names, server, stream_of, text_of, tokens, url,
};

#[tokio::test]
async fn a_buffering_proxy_sends_all_at_once() {
    let running = server().await;
    let started = Instant::now();
    let body = json!({ "question": "Hi", "streaming": true });
    let mut response = ask(&running.sse, "trouble-buffered", &body).await;
    let first = response.chunk().await.expect("bytes").expect("bytes");
    assert!(started.elapsed() >= Duration::from_millis(300));
    assert_eq!(
        names(&frames(std::str::from_utf8(&first).expect("text"))).last(),
        Some(&"end")
    );
}

#[tokio::test]
async fn every_status_has_its_body() {
    let running = server().await;
    for base in [&running.sse, &running.socket_io] {
        for (status, part) in [
            (401, "Unauthorized Access"),
            (403, "not allowed"),
            (404, "not found"),
            (413, "too large"),
            (429, "Too many questions."),
            (500, "buildChatflow"),
            (502, "nginx"),
        ] {
            let body = json!({ "question": "Hi", "streaming": true });
            let response = ask(base, &format!("trouble-status-{status}"), &body).await;
            assert_eq!(response.status().as_u16(), status);
            let text = response.text().await.expect("text");
            assert!(text.contains(part), "{status}: {text}");
        }
    }
}

#[tokio::test]
async fn the_wrong_kind_of_answer_comes_with_200() {
    let running = server().await;
    let body = json!({ "question": "Hi", "streaming": true });
    for (flow, content_type) in [
        ("trouble-html", "text/html; charset=utf-8"),
        ("trouble-json", "application/json; charset=utf-8"),
        ("trouble-wrong-type", "text/plain; charset=utf-8"),
    ] {
        let response = ask(&running.sse, flow, &body).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], content_type, "{flow}");
    }
    let text = stream_of(&running.sse, "trouble-wrong-type", "Hi").await;
    assert_eq!(text_of(&frames(&text)), ANSWER);
}

#[tokio::test]
async fn broken_frames_stand_between_good_ones() {
    let running = server().await;
    let body = json!({ "question": "Hi", "streaming": true });
    let bytes = ask(&running.sse, "trouble-malformed", &body)
        .await
        .bytes()
        .await
        .expect("bytes");
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("data:not json") && text.contains('\u{fffd}'));
    let good: Vec<Value> = text
        .lines()
        .filter_map(|line| serde_json::from_str(line.strip_prefix("data:")?).ok())
        .collect();
    assert!(text_of(&good).starts_with("One two three"));
    assert_eq!(good.last().expect("a frame")["event"], "end");
    let truncated = stream_of(&running.sse, "trouble-truncated", "Hi").await;
    assert!(
        truncated.ends_with("never comp") || !truncated.ends_with('\n'),
        "{truncated}"
    );
    let reply = ask(
        &running.socket_io,
        "trouble-truncated",
        &json!({ "question": "Hi" }),
    )
    .await;
    assert!(reply.json::<Value>().await.is_err());
    let (reply, events) = events_of("trouble-malformed", "Hi", "end").await;
    assert_eq!(reply.status(), 200);
    assert!(events.contains(&json!(["token"])) && events.contains(&json!(["token", null])));
}

#[tokio::test]
async fn endings_are_missing_or_come_twice() {
    let running = server().await;
    let frames_of = async |flow| frames(&stream_of(&running.sse, flow, "Hi").await);
    assert_eq!(
        names(&frames_of("trouble-no-end").await).last(),
        Some(&"metadata")
    );
    assert_eq!(
        names(&frames_of("trouble-empty").await),
        ["metadata", "end"]
    );
    let late = frames_of("trouble-late").await;
    assert_eq!(
        names(&late).iter().filter(|name| **name == "end").count(),
        2
    );
    assert_eq!(names(&late).last(), Some(&"token"));
    let twice = frames_of("trouble-start-twice").await;
    assert_eq!(names(&twice)[..3], ["start", "start", "token"]);
    let (_, events) = events_of("trouble-late", "Hi", "sourceDocuments").await;
    assert!(tokens(&events).ends_with("late"));
}

#[tokio::test]
async fn an_empty_answer_is_good_the_second_time() {
    let running = server().await;
    let body = json!({ "question": "Hi", "streaming": true, "chatId": "c" });
    let first = ask(&running.sse, "trouble-empty-once", &body)
        .await
        .text()
        .await
        .expect("text");
    assert_eq!(names(&frames(&first)), ["metadata", "end"]);
    let second = ask(&running.sse, "trouble-empty-once", &body)
        .await
        .text()
        .await
        .expect("text");
    assert_eq!(text_of(&frames(&second)), ANSWER);
    let id = frames(&first)[0]["data"]["chatMessageId"]
        .as_str()
        .expect("an id")
        .to_owned();
    let history = client()
        .get(url(
            &running.sse,
            &format!("/api/v1/chatmessage/trouble-empty-once?messageId={id}"),
        ))
        .bearer_auth(dev_server::API_KEY);
    let history: Value = history
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(history[0]["content"], ANSWER);
}

#[tokio::test]
async fn big_answers_are_as_big_as_asked_for() {
    let running = server().await;
    let frames_of = async |flow, question| frames(&stream_of(&running.sse, flow, question).await);
    assert_eq!(
        text_of(&frames_of("trouble-huge", "3").await).len(),
        3_000_000
    );
    let huge = client()
        .post(url(
            &running.sse,
            "/api/v1/prediction/trouble-huge?bytes=1234",
        ))
        .json(&json!({ "question": "Hi", "streaming": true }));
    let huge = huge
        .send()
        .await
        .expect("an answer")
        .text()
        .await
        .expect("text");
    assert_eq!(text_of(&frames(&huge)).len(), 1234);
    let many = frames_of("trouble-many", "10000 tokens").await;
    assert_eq!(
        names(&many).iter().filter(|name| **name == "token").count(),
        10_000
    );
    let (reply, events) = events_of("trouble-many", "5000", "end").await;
    assert_eq!(events.len(), 5002);
    let reply: Value = reply.json().await.expect("JSON");
    assert_eq!(reply["text"], tokens(&events));
    let (_, events) = events_of("trouble-huge", "2", "end").await;
    assert_eq!(tokens(&events).len(), 2_000_000);
}

#[tokio::test]
async fn names_are_sent_as_they_are() {
    let running = server().await;
    let sent = frames(&stream_of(&running.sse, "trouble-names", "Hi").await);
    for name in ["__proto__", "constructor", "toString", ""] {
        let frame = sent.iter().find(|frame| frame["event"] == name);
        let frame = frame.expect("an event");
        assert_eq!(frame["data"]["__proto__"]["polluted"], true);
    }
    let (_, events) = events_of("trouble-names", "Hi", "end").await;
    let is_long = |event: &Value| event[0].as_str().is_some_and(|name| name.len() == 10_000);
    assert!(events.iter().any(is_long));
    let (_, events) = events_of("trouble-reserved", "Hi", "end").await;
    assert!(events.iter().any(|event| event[0] == "connect_error"));
    let sent = frames(&stream_of(&running.sse, "trouble-reserved", "Hi").await);
    assert!(names(&sent).contains(&"newListener"));
}

#[tokio::test]
async fn a_redirect_leads_to_the_other_server() {
    let running = server().await;
    let response = ask(
        &running.sse,
        "trouble-redirect",
        &json!({ "question": "Hi" }),
    )
    .await;
    assert_eq!(response.status(), 307);
    let target = response.headers()["location"].to_str().expect("text");
    assert_eq!(
        target,
        url(&running.socket_io, "/api/v1/prediction/scripted").as_str()
    );
}

#[tokio::test]
async fn every_form_of_the_format_is_used() {
    let running = server().await;
    let text = stream_of(&running.sse, "trouble-crlf", "Hi").await;
    assert!(text.contains("\r\n") && text.contains("event: token") && text.contains("message\r\n"));
    let bytes = ask(
        &running.sse,
        "trouble-crlf",
        &json!({ "question": "Hi", "streaming": true }),
    )
    .await;
    assert!(
        bytes
            .bytes()
            .await
            .expect("bytes")
            .starts_with("\u{feff}".as_bytes())
    );
}

#[tokio::test]
async fn the_script_follows_the_words_of_the_question() {
    let running = server().await;
    let all = "think, follow, calculate 6*7, with sources, everyone, ask";
    let said = frames(&stream_of(&running.sse, "scripted", all).await);
    for name in [
        "start",
        "agentReasoning",
        "nextAgent",
        "thinking",
        "usedTools",
        "sourceDocuments",
        "action",
        "metadata",
        "end",
    ] {
        assert!(names(&said).contains(&name), "{name}");
    }
    assert_eq!(text_of(&said), "The answer is 42.");
    let metadata = &said
        .iter()
        .find(|frame| frame["event"] == "metadata")
        .expect("metadata")["data"];
    let prompts: Vec<String> =
        serde_json::from_str(metadata["followUpPrompts"].as_str().expect("text")).expect("JSON");
    assert_eq!(prompts.len(), 3);
    let markdown = frames(&stream_of(&running.sse, "scripted", "markdown please").await);
    assert!(text_of(&markdown).contains("```rust"));
    let failed = frames(&stream_of(&running.sse, "scripted", "fail").await);
    assert_eq!(names(&failed), ["error", "end"]);
    let dropped = frames(&stream_of(&running.sse, "scripted", "drop").await);
    assert_eq!(
        names(&dropped)
            .iter()
            .filter(|name| **name == "token")
            .count(),
        5
    );
    let (reply, events) = events_of("scripted", "sources say Hi there", "sourceDocuments").await;
    let reply: Value = reply.json().await.expect("JSON");
    assert_eq!(reply["text"], "Hi there");
    assert_eq!(
        reply["sourceDocuments"],
        events.last().expect("an event")[1]
    );
    assert_eq!(tokens(&events), "Hi there");
}
