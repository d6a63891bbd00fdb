//! Replays say what was recorded.

mod support;

use serde_json::{Value, json};
use support::{Socket, ask, frames, get_json, recorded_body, recording, server};

/// Recordings that one request to the flow of the same name, or to `flow`, brings back.
async fn flows() -> Vec<Value> {
    let running = server().await;
    let flows = get_json(&running.sse, "/dev/flows").await;
    let recorded = flows.as_array().expect("a list").iter();
    recorded
        .filter(|flow| flow["kind"] == "recorded")
        .cloned()
        .collect()
}

fn recording_of(flow: &str) -> &str {
    match flow {
        "human" => "human-proceed-1",
        "form" => "translator",
        "files" => "upload-full",
        "limited" => "limited-1",
        "elsewhere" => "chain",
        name => name,
    }
}

/// `text` with the ids of the request in the place of the recorded ones.
fn with_ids(text: &str, recorded: &Value, own: &Value) -> String {
    let mut text = text.to_owned();
    for id in ["chatId", "chatMessageId", "sessionId"] {
        if let (Some(recorded), Some(own)) = (recorded[id].as_str(), own[id].as_str()) {
            text = text.replace(recorded, own);
        }
    }
    text
}

fn metadata(text: &str) -> Value {
    let frames = frames(text);
    let metadata = frames.iter().find(|frame| frame["event"] == "metadata");
    metadata.map_or(Value::Null, |frame| frame["data"].clone())
}

#[tokio::test]
async fn a_stream_has_the_bytes_of_its_recording_but_for_ids() {
    let running = server().await;
    for flow in flows().await {
        let id = flow["id"].as_str().expect("an id");
        let file = recording("flowise-3.1.4", recording_of(id));
        if id == "parser" {
            continue;
        }
        let mut body = file["request"]["body"].clone();
        body["streaming"] = true.into();
        body["chatId"] = format!("chat-of-{id}").into();
        let mut request = support::client()
            .post(support::url(
                &running.sse,
                &format!("/api/v1/prediction/{id}"),
            ))
            .json(&body);
        if id == "locked" {
            request = request.bearer_auth(dev_server::API_KEY);
        }
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 200, "{id}");
        assert_eq!(
            response.headers()["content-type"],
            "text/event-stream",
            "{id}"
        );
        assert_eq!(response.headers()["x-accel-buffering"], "no", "{id}");
        let text = response.text().await.expect("text");
        let recorded = recorded_body(file["response"]["bodyFile"].as_str().expect("a body"));
        let expected = with_ids(&recorded, &metadata(&recorded), &metadata(&text));
        assert_eq!(text, expected, "{id}");
        if !metadata(&text).is_null() {
            assert_eq!(metadata(&text)["chatId"], body["chatId"], "{id}");
        }
    }
}

#[tokio::test]
async fn a_socket_gets_the_recorded_events_and_the_post_the_recorded_reply() {
    let running = server().await;
    for flow in flows().await {
        let id = flow["id"].as_str().expect("an id");
        if !flow["generations"]
            .as_array()
            .expect("a list")
            .contains(&"2.0".into())
        {
            continue;
        }
        let file = recording("flowise-2.0.7", recording_of(id));
        let mut socket = Socket::connect(&running.socket_io).await;
        let mut body = file["request"]["body"].clone();
        body["socketIOClientId"] = socket.id.clone().into();
        let mut request = support::client()
            .post(support::url(
                &running.socket_io,
                &format!("/api/v1/prediction/{id}"),
            ))
            .json(&body);
        if id == "locked" {
            request = request.bearer_auth(dev_server::API_KEY);
        }
        let response = request.send().await.expect("an answer");
        assert_eq!(
            u64::from(response.status().as_u16()),
            file["reply"]["status"],
            "{id}"
        );
        let text = response.text().await.expect("text");
        let recorded = file["reply"]["body"].as_str().expect("text");
        let own = serde_json::from_str(&text).expect("JSON");
        let old = serde_json::from_str(recorded).expect("JSON");
        assert_eq!(text, with_ids(recorded, &old, &own), "{id}");
        let events = file["events"].as_array().expect("a list");
        let expected: Vec<Value> = events
            .iter()
            .map(|event| event.as_array().expect("a list")[1..].to_vec().into())
            .collect();
        assert_eq!(socket.events(expected.len()).await, expected, "{id}");
    }
}

#[tokio::test]
async fn a_question_is_answered_with_itself_and_ids_are_fresh() {
    let running = server().await;
    let body = json!({ "question": "Is this \"new\"?", "streaming": true });
    let first = ask(&running.sse, "chain", &body)
        .await
        .text()
        .await
        .expect("text");
    let second = ask(&running.sse, "chain", &body)
        .await
        .text()
        .await
        .expect("text");
    assert_eq!(metadata(&first)["question"], body["question"]);
    assert_eq!(metadata(&first)["chatId"], metadata(&first)["sessionId"]);
    assert_ne!(metadata(&first)["chatId"], metadata(&second)["chatId"]);
    assert_ne!(
        metadata(&first)["chatMessageId"],
        metadata(&second)["chatMessageId"]
    );
    let body = json!({
        "question": "Hi", "streaming": "true", "chatId": "c", "overrideConfig": { "sessionId": "s" }
    });
    let text = ask(&running.sse, "chain", &body)
        .await
        .text()
        .await
        .expect("text");
    assert_eq!(metadata(&text)["chatId"], "c");
    assert_eq!(metadata(&text)["sessionId"], "s");
}

#[tokio::test]
async fn the_recorded_question_picks_the_recording() {
    let running = server().await;
    let body = json!({ "question": "drop", "streaming": true });
    let text = ask(&running.sse, "chain", &body)
        .await
        .text()
        .await
        .expect("text");
    assert_eq!(text, recorded_body("error-midway.sse"));
    for (question, answers, file) in [
        ("Yes", "action", "ask-yes.sse"),
        ("No", "action", "ask-no.sse"),
        ("calculate 6*7", "nothing", "ask.sse"),
    ] {
        let mut body = json!({ "question": question, "streaming": true });
        if answers == "action" {
            body["action"] = json!({ "id": "x", "mapping": {}, "elements": [] });
        }
        let text = ask(&running.sse, "ask", &body)
            .await
            .text()
            .await
            .expect("text");
        let recorded = recorded_body(file);
        assert_eq!(
            text,
            with_ids(&recorded, &metadata(&recorded), &metadata(&text)),
            "{question}"
        );
    }
    for (kind, file) in [
        ("proceed", "human-proceed-2.sse"),
        ("reject", "human-reject-2.sse"),
    ] {
        let body = json!({ "question": "", "streaming": true, "humanInput": { "type": kind } });
        let text = ask(&running.sse, "human", &body)
            .await
            .text()
            .await
            .expect("text");
        let recorded = recorded_body(file);
        assert_eq!(
            text,
            with_ids(&recorded, &metadata(&recorded), &metadata(&text)),
            "{kind}"
        );
    }
}

#[tokio::test]
async fn without_streaming_the_reply_is_json() {
    let running = server().await;
    for (flow, file) in [
        ("chain", "json-chain.body"),
        ("docs", "json-docs.body"),
        ("team", "json-team.body"),
        ("tool", "json-tool.body"),
        ("translator", "json-translator.body"),
        ("human", "json-human.body"),
        ("parser", "parser.body"),
    ] {
        let recorded = recorded_body(file);
        let old: Value = serde_json::from_str(&recorded).expect("JSON");
        let body = json!({ "question": old["question"], "streaming": flow == "parser" });
        let text = ask(&running.sse, flow, &body)
            .await
            .text()
            .await
            .expect("text");
        let own = serde_json::from_str(&text).expect("JSON");
        assert_eq!(text, with_ids(&recorded, &old, &own), "{flow}");
    }
    let refused = ask(&running.sse, "chain", &json!({ "question": "fail" })).await;
    assert_eq!(refused.status(), 500);
    assert_eq!(
        refused.text().await.expect("text"),
        recorded_body("json-error-model.body")
    );
    let thought: Value = ask(&running.sse, "thinker", &json!({ "question": "Hi" }))
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(thought["text"], "Yes.\n\nJapanese:");
    assert!(thought["agentFlowExecutedData"].is_array());
}

#[tokio::test]
async fn an_unknown_socket_gets_nothing_and_the_post_its_reply() {
    let running = server().await;
    let mut other = Socket::connect(&running.socket_io).await;
    for socket in [json!("nobody"), Value::Null] {
        let body = json!({ "question": "Hi", "socketIOClientId": socket });
        let reply: Value = ask(&running.socket_io, "chain", &body)
            .await
            .json()
            .await
            .expect("JSON");
        assert!(
            reply["text"]
                .as_str()
                .expect("text")
                .starts_with("Hello there!")
        );
    }
    let body = json!({ "question": "drop", "socketIOClientId": other.id });
    ask(&running.socket_io, "chain", &body).await;
    assert_eq!(other.event().await, Some(json!(["start", ""])));
}

#[tokio::test]
async fn replays_keep_their_time() {
    let running = support::server_with(dev_server::Config {
        speed: 0.25,
        ..Default::default()
    })
    .await;
    let started = std::time::Instant::now();
    let body = json!({ "question": "Hi", "streaming": true });
    ask(&running.sse, "chain", &body)
        .await
        .text()
        .await
        .expect("text");
    let took = started.elapsed().as_millis();
    // Recorded: 198 ms; at a quarter of the speed four times that.
    assert!((780..5000).contains(&took), "{took} ms");
}
