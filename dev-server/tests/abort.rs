//! Aborted runs, and runs that share a chat.

mod support;

use std::time::Duration;

use dev_server::{API_KEY, Config};
use futures_util::StreamExt;
use reqwest::StatusCode;
use serde_json::{Value, json};
use support::{Socket, ask, client, frames, get_json, names, server_with, url};

async fn abort(base: &reqwest::Url, flow: &str, chat: &str) -> StatusCode {
    let path = format!("/api/v1/chatmessage/abort/{flow}/{chat}");
    let request = client().put(url(base, &path)).bearer_auth(API_KEY);
    request.send().await.expect("an answer").status()
}

/// Asks slowly, aborts after the event with this name, and gives the frames of the whole stream.
async fn aborted(base: &reqwest::Url, flow: &str, after: &str) -> Vec<Value> {
    let body = json!({ "question": "slow", "streaming": true, "chatId": "to-abort" });
    let mut stream = ask(base, flow, &body).await.bytes_stream();
    let mut text = String::new();
    let mut asked = false;
    while let Some(piece) = stream.next().await {
        text += std::str::from_utf8(&piece.expect("bytes")).expect("text");
        if !asked && text.contains(&format!("\"event\":\"{after}\"")) {
            asked = true;
            assert_eq!(abort(base, flow, "to-abort").await, 200);
        }
    }
    frames(&text)
}

#[tokio::test]
async fn an_abort_does_what_the_flow_makes_of_it() {
    let running = server_with(Config {
        speed: 1.0,
        ..Config::default()
    })
    .await;
    let chain = aborted(&running.sse, "chain", "token").await;
    assert_eq!(
        names(&chain)
            .iter()
            .filter(|name| **name == "token")
            .count(),
        33
    );
    let team = aborted(&running.sse, "team", "nextAgent").await;
    assert_eq!(
        names(&team),
        [
            "start",
            "agentReasoning",
            "nextAgent",
            "agentReasoning",
            "abort",
            "metadata",
            "end"
        ]
    );
    let translator = aborted(&running.sse, "translator", "token").await;
    let recorded = frames(&support::recorded_body("abort-translator.sse"));
    // The ending is made from what was said before, in answer to another question.
    let ending = |frames: &[Value]| {
        let text = json!(frames[frames.len() - 5..]).to_string();
        text.replace("\"slow\"", "\"Hi\"")
    };
    assert_eq!(ending(&translator), ending(&recorded));
    assert!(translator.len() < 30, "{} events", translator.len());
    let scripted = aborted(&running.sse, "scripted", "token").await;
    assert_eq!(
        names(&scripted)[scripted.len() - 3..],
        ["abort", "metadata", "end"]
    );
}

#[tokio::test]
async fn an_abort_on_flowise_2_needs_a_key() {
    let running = server_with(Config {
        speed: 1.0,
        ..Config::default()
    })
    .await;
    let mut socket = Socket::connect(&running.socket_io).await;
    let body = json!({ "question": "slow", "chatId": "c", "socketIOClientId": socket.id });
    let base = running.socket_io.clone();
    let asking = tokio::spawn(async move { ask(&base, "team", &body).await });
    while socket.event().await.expect("an event")[0] != "nextAgent" {}
    let refused = client().put(url(&running.socket_io, "/api/v1/chatmessage/abort/team/c"));
    assert_eq!(refused.send().await.expect("an answer").status(), 401);
    assert_eq!(abort(&running.socket_io, "team", "c").await, 200);
    let events = socket.events(2).await;
    assert_eq!(events[0][0], "agentReasoning");
    assert_eq!(events[1], json!(["abort"]));
    let reply = asking.await.expect("an answer");
    assert_eq!(reply.status(), 500);
    let recorded = support::recording("flowise-2.0.7", "abort-team");
    assert_eq!(reply.text().await.expect("text"), recorded["reply"]["body"]);
}

#[tokio::test]
async fn two_streams_of_one_chat_get_in_each_others_way() {
    let running = server_with(Config::default()).await;
    let body = |text: &str| json!({ "question": text, "streaming": true, "chatId": "same" });
    let mut first = ask(&running.sse, "scripted", &body("slow say alpha beta gamma")).await;
    let begun = first.chunk().await.expect("bytes").expect("bytes");
    assert!(begun.starts_with(b"message:\ndata:{\"event\":\"start\""));
    let second = ask(
        &running.sse,
        "scripted",
        &body("slow say ONE TWO THREE FOUR FIVE"),
    )
    .await;
    let second = frames(&second.text().await.expect("text"));
    let said: Vec<_> = second
        .iter()
        .filter_map(|frame| frame["data"].as_str())
        .collect();
    assert!(said.contains(&"ONE") && said.contains(&"gamma"), "{said:?}");
    assert!(!said.contains(&"FIVE"), "{said:?}");
    let metadata = second
        .iter()
        .find(|frame| frame["event"] == "metadata")
        .expect("metadata");
    assert_eq!(metadata["data"]["question"], "slow say alpha beta gamma");
    let streams = get_json(&running.sse, "/dev/connections").await;
    assert_eq!(streams["streams"], 0);
    let more = async { while first.chunk().await.expect("bytes").is_some() {} };
    let silent = tokio::time::timeout(Duration::from_millis(300), more).await;
    assert!(silent.is_err(), "the first stream never ends");
}
