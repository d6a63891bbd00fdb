//! The dev server's own calls.

mod support;

use dev_server::Config;
use reqwest::Method;
use serde_json::json;
use support::{
    PATIENCE, Socket, allowed, ask, client, eventually, get_json, send, server, server_with, url,
};

#[tokio::test]
async fn a_restart_resets_all_and_comes_back() {
    let running = server().await;
    let mut socket = Socket::connect(&running.socket_io).await;
    let body = json!({ "question": "Hi", "socketIOClientId": socket.id });
    let question = client()
        .post(url(&running.socket_io, "/api/v1/prediction/trouble-stall"))
        .json(&body);
    let asking = tokio::spawn(question.send());
    while socket.event().await.expect("an event")[0] != "token" {}
    let restart = client().post(url(&running.socket_io, "/dev/restart?downMs=100"));
    assert_eq!(restart.send().await.expect("an answer").status(), 200);
    while socket.event().await.is_some() {}
    assert!(asking.await.expect("an end").is_err());
    let waiting = async {
        loop {
            let ping = client()
                .get(url(&running.socket_io, "/api/v1/ping"))
                .send()
                .await;
            if ping.is_ok() {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, waiting)
        .await
        .expect("it comes back");
    Socket::connect(&running.socket_io).await;
    let other = get_json(&running.sse, "/dev/connections").await;
    assert!(other["sockets"].is_u64());
}

#[tokio::test]
async fn a_listener_can_change_its_generation() {
    let running = server().await;
    let mut socket = Socket::connect(&running.socket_io).await;
    let change = client().post(url(&running.socket_io, "/dev/generation?as=3.1"));
    assert_eq!(change.send().await.expect("an answer").status(), 200);
    assert_eq!(socket.event().await, None);
    let body = json!({ "question": "Hi", "streaming": true });
    let response = ask(&running.socket_io, "chain", &body).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let config = get_json(&running.sse, "/dev/config.json").await;
    assert_eq!(config["servers"][1]["generation"], "3.1");
}

#[tokio::test]
async fn connections_and_requests_are_counted() {
    let running = server().await;
    let socket = Socket::connect(&running.socket_io).await;
    let counts = get_json(&running.socket_io, "/dev/connections").await;
    assert_eq!(
        (
            counts["sockets"].as_u64(),
            counts["socketIoClients"].as_u64()
        ),
        (Some(1), Some(1))
    );
    drop(socket);
    eventually(&running.socket_io, "/dev/connections", |counts| {
        counts["sockets"] == 0 && counts["socketIoClients"] == 0
    })
    .await;
    let body = json!({ "question": "1", "streaming": true });
    let mut stream = ask(&running.sse, "trouble-steady", &body).await;
    stream.chunk().await.expect("bytes");
    drop(stream);
    let early = eventually(&running.sse, "/dev/log", |log| {
        log.as_array()
            .is_some_and(|log| log.iter().any(|entry| entry["closedEarly"] == true))
    });
    let log = early.await;
    let entry = log.as_array().expect("a list").last().expect("an entry");
    assert_eq!(entry["path"], "/api/v1/prediction/trouble-steady");
    assert_eq!(entry["body"], body.to_string());
    assert_eq!(entry["headers"]["content-type"], "application/json");
    eventually(&running.sse, "/dev/connections", |counts| {
        counts["runs"] == 0
    })
    .await;
    client()
        .delete(url(&running.sse, "/dev/log"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(get_json(&running.sse, "/dev/log").await, json!([]));
}

#[tokio::test]
async fn a_key_for_a_real_server_goes_to_the_own_page_only() {
    let real = dev_server::RealFlowise {
        url: "https://flowise.example".parse().expect("a URL"),
        chatflow_id: "x".to_owned(),
        api_key: Some("secret".to_owned()),
    };
    assert!(!format!("{real:?}").contains("secret"));
    let running = server_with(Config {
        real: Some(real),
        ..Config::default()
    })
    .await;
    let own = running.sse.as_str().trim_end_matches('/').to_owned();
    let host = own.trim_start_matches("http://").to_owned();
    for (headers, is_allowed) in [
        (vec![], true),
        (
            vec![("origin", own.as_str()), ("sec-fetch-site", "same-origin")],
            true,
        ),
        (vec![("origin", "https://attacker.example")], false),
        (vec![("sec-fetch-site", "cross-site")], false),
        (vec![("host", "attacker.example")], false),
        (vec![("host", host.as_str())], true),
    ] {
        let response = send(&running.sse, Method::GET, "/dev/config.json", &headers).await;
        assert_eq!(response.status() == 200, is_allowed, "{headers:?}");
        assert_eq!(allowed(&response), None);
        let text = response.text().await.expect("text");
        assert_eq!(text.contains("secret"), is_allowed, "{headers:?}");
    }
}

#[tokio::test]
async fn files_are_served_on_both_ports() {
    let running = server_with(Config {
        www: Some(support::recordings()),
        ..Config::default()
    })
    .await;
    for base in [&running.sse, &running.socket_io] {
        let file = send(base, Method::GET, "/README.md", &[]).await;
        assert_eq!(file.headers()["cache-control"], "no-cache");
        let text = file.text().await.expect("text");
        assert!(text.starts_with("# What real Flowise servers stream"));
        for (method, path) in [(Method::GET, "/other"), (Method::POST, "/README.md")] {
            let page = send(base, method, path, &[]).await;
            assert_eq!(page.status(), 200, "{path}");
            assert!(
                page.text()
                    .await
                    .expect("text")
                    .starts_with("<!DOCTYPE html>")
            );
        }
        let outside = send(base, Method::GET, "/%2e%2e/%2e%2e/Cargo.toml", &[]).await;
        assert!(!outside.text().await.expect("text").contains("[workspace]"));
    }
}
