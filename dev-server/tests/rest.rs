//! The REST interface answers as Flowise does.

mod support;

use std::time::Duration;

use dev_server::API_KEY;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use support::{PAGE, allowed, ask, client, eventually, frames, names, send, server, url};

#[tokio::test]
async fn small_calls_answer_as_flowise_does() {
    let running = server().await;
    let text = |response: Response| async move {
        (
            response.status().as_u16(),
            response.text().await.expect("text"),
        )
    };
    let key = format!("Bearer {API_KEY}");
    let unauthorized = (401, r#"{"error":"Unauthorized Access"}"#.to_owned());
    for base in [&running.sse, &running.socket_io] {
        let get = async |path| text(send(base, Method::GET, path, &[]).await).await;
        assert_eq!(get("/api/v1/ping").await, (200, "pong".to_owned()));
        assert_eq!(
            get("/api/v1/chatflows-streaming/chain").await.1,
            r#"{"isStreaming":true}"#
        );
        assert_eq!(
            get("/api/v1/chatflows-streaming/parser").await.1,
            r#"{"isStreaming":false}"#
        );
        assert_eq!(
            get("/api/v1/chatflows-streaming/trouble-hang").await.1,
            r#"{"isStreaming":true}"#
        );
        let (status, body) =
            get("/api/v1/chatflows-streaming/00000000-0000-4000-8030-000000000404").await;
        assert_eq!(
            (status, body),
            (500, support::recorded_body("streaming-unknown.body"))
        );
        assert_eq!(get("/api/v1/chatmessage/chain").await, unauthorized);
        let (status, body) = get("/no/such/path").await;
        assert!(
            status == 200 && body.starts_with("<!DOCTYPE html>"),
            "{body}"
        );
    }
    let version = send(&running.sse, Method::GET, "/api/v1/version", &[]).await;
    assert_eq!(
        text(version).await,
        (200, r#"{"version":"3.1.4"}"#.to_owned())
    );
    let version = send(&running.socket_io, Method::GET, "/api/v1/version", &[]).await;
    assert_eq!(text(version).await, unauthorized);
    let version = send(
        &running.socket_io,
        Method::GET,
        "/api/v1/version",
        &[("authorization", &key)],
    )
    .await;
    assert_eq!(
        text(version).await,
        (200, r#"{"version":"2.0.7"}"#.to_owned())
    );
    let config = send(
        &running.sse,
        Method::GET,
        "/api/v1/public-chatbotConfig/chain",
        &[],
    )
    .await;
    assert_eq!(
        text(config).await,
        (200, support::recorded_body("config-chain.body"))
    );
}

#[tokio::test]
async fn flowise_3_has_no_socket_io() {
    let running = server().await;
    let path = "/socket.io/?EIO=4&transport=polling";
    let page = send(&running.sse, Method::GET, path, &[]).await;
    assert_eq!(page.status(), 200);
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    let open = send(&running.socket_io, Method::GET, path, &[("origin", PAGE)]).await;
    assert_eq!(allowed(&open), Some(PAGE));
    let text = open.text().await.expect("text");
    let handshake: Value =
        serde_json::from_str(text.strip_prefix('0').expect("open")).expect("JSON");
    assert_eq!(handshake["upgrades"], json!(["websocket"]));
    assert_eq!(handshake["pingInterval"], 25000);
    assert_eq!(handshake["pingTimeout"], 20000);
    assert_eq!(handshake["maxPayload"], 1_000_000);
}

#[tokio::test]
async fn failures_have_flowises_status_and_body() {
    let running = server().await;
    let hi = json!({ "question": "Hi" });
    let streaming = json!({ "question": "Hi", "streaming": true });
    let unknown = "00000000-0000-4000-8030-000000000404";
    for (flow, body, status, file) in [
        (unknown, &hi, 404, "json-error-unknown-flow.body"),
        ("nonsense", &hi, 400, "json-error-bad-id.body"),
        ("locked", &hi, 500, "json-error-locked.body"),
        ("locked", &streaming, 200, "error-locked.sse"),
    ] {
        let response = ask(&running.sse, flow, body).await;
        assert_eq!(response.status(), status, "{flow}");
        assert_eq!(
            response.text().await.expect("text"),
            support::recorded_body(file),
            "{flow}"
        );
    }
    for (flow, name) in [
        (unknown, "error-unknown-flow"),
        ("nonsense", "error-bad-id"),
        ("locked", "error-locked"),
    ] {
        let response = ask(&running.socket_io, flow, &hi).await;
        assert_eq!(response.status(), 500, "{flow}");
        let recorded = support::recording("flowise-2.0.7", name);
        assert_eq!(
            response.text().await.expect("text"),
            recorded["reply"]["body"],
            "{flow}"
        );
    }
    let nothing = client()
        .post(url(&running.sse, "/api/v1/prediction/chain"))
        .header("content-type", "application/json")
        .header("origin", PAGE)
        .body("{\"question\": ")
        .send()
        .await
        .expect("an answer");
    assert_eq!(nothing.status(), 400);
    assert_eq!(
        allowed(&nothing),
        None,
        "Flowise reads the body before it looks at the origin"
    );
    assert_eq!(
        nothing.text().await.expect("text"),
        support::recorded_body("error-bad-json.body")
    );
    for flow in ["limited", "limited"].into_iter().enumerate() {
        let response = ask(&running.sse, flow.1, &streaming).await;
        assert_eq!(response.headers()["x-ratelimit-limit"], "1");
        assert_eq!(response.headers().contains_key("retry-after"), flow.0 == 1);
        assert_eq!(response.status(), if flow.0 == 0 { 200 } else { 429 });
    }
}

#[tokio::test]
async fn flowise_3_never_answers_a_failure_before_the_stream() {
    let running = server().await;
    for flow in ["nonsense", "parser"] {
        let waiting = client()
            .post(url(&running.sse, &format!("/api/v1/prediction/{flow}")))
            .json(&json!({ "question": "fail", "streaming": true }))
            .timeout(Duration::from_millis(300))
            .send();
        assert!(waiting.await.expect_err("no answer").is_timeout(), "{flow}");
    }
    let log = eventually(&running.sse, "/dev/log", |log| {
        log[1]["closedEarly"] == true
    })
    .await;
    assert_eq!(log[0]["status"], Value::Null);
}

#[tokio::test]
async fn messages_and_feedback_are_kept() {
    let running = server().await;
    let reply: Value = ask(&running.sse, "scripted", &json!({ "question": "say Hi." }))
        .await
        .json()
        .await
        .expect("JSON");
    let path = format!(
        "/api/v1/chatmessage/scripted?messageId={}",
        reply["chatMessageId"].as_str().expect("an id")
    );
    let key = format!("Bearer {API_KEY}");
    let messages = send(&running.sse, Method::GET, &path, &[("authorization", &key)]).await;
    let messages: Value = messages.json().await.expect("JSON");
    assert_eq!(messages[0]["content"], "Hi.");
    let feedback = json!({ "chatflowid": "scripted", "messageId": reply["chatMessageId"], "rating": "THUMBS_UP" });
    let post = |body: Value| {
        client()
            .post(url(&running.sse, "/api/v1/feedback"))
            .json(&body)
            .send()
    };
    let kept: Value = post(feedback)
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(kept["rating"], "THUMBS_UP");
    let path = format!("/api/v1/feedback/{}", kept["id"].as_str().expect("an id"));
    let changed = client()
        .put(url(&running.sse, &path))
        .json(&json!({ "content": "Good." }));
    let changed: Value = changed
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(changed["content"], "Good.");
    assert_eq!(
        post(json!({ "messageId": "x" }))
            .await
            .expect("an answer")
            .status(),
        404
    );
    assert_eq!(post(json!({})).await.expect("an answer").status(), 400);
}

#[tokio::test]
async fn files_are_read_and_given_back() {
    let running = server().await;
    let form = || {
        let part = reqwest::multipart::Part::text("Owls are birds. 🦉").file_name("owls.txt");
        let part = part.mime_str("text/plain").expect("a type");
        reqwest::multipart::Form::new().part("files", part)
    };
    let post = |flow: &str| {
        client()
            .post(url(&running.sse, &format!("/api/v1/attachments/{flow}/c")))
            .multipart(form())
            .send()
    };
    let text = post("files")
        .await
        .expect("an answer")
        .text()
        .await
        .expect("text");
    assert_eq!(text, support::recorded_body("attachments.body"));
    let text = post("chain")
        .await
        .expect("an answer")
        .text()
        .await
        .expect("text");
    assert_eq!(text, support::recorded_body("attachments-refused.body"));
    let path = "/api/v1/get-upload-file?chatflowId=files&chatId=c&fileName=owls.txt";
    let file = send(&running.sse, Method::GET, path, &[]).await;
    assert_eq!(file.text().await.expect("text"), "Owls are birds. 🦉");
    let form = form()
        .text("question", "Hi")
        .text("streaming", "true")
        .text("chatId", "f");
    let asked = client()
        .post(url(&running.sse, "/api/v1/prediction/scripted"))
        .multipart(form);
    let text = asked
        .send()
        .await
        .expect("an answer")
        .text()
        .await
        .expect("text");
    assert_eq!(
        frames(&text)
            .iter()
            .find(|frame| frame["event"] == "metadata")
            .expect("metadata")["data"]["chatId"],
        "f"
    );
}

#[tokio::test]
async fn speech_has_event_lines() {
    let running = server().await;
    let body = json!({ "chatflowId": "scripted", "chatMessageId": "m", "text": "Hello there" });
    let speak = client()
        .post(url(&running.sse, "/api/v1/text-to-speech/generate"))
        .json(&body);
    let text = speak
        .send()
        .await
        .expect("an answer")
        .text()
        .await
        .expect("text");
    let frames = frames(&text.replace("data: ", "data:"));
    assert!(text.starts_with("event: tts_start\ndata: {"), "{text}");
    assert_eq!(names(&frames).first(), Some(&"tts_start"));
    assert_eq!(names(&frames).last(), Some(&"tts_end"));
    let chunk = frames[1]["data"]["audioChunk"].as_str().expect("audio");
    assert!(chunk.starts_with("UklGR"), "base64 of RIFF");
}
