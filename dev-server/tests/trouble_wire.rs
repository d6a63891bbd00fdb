//! Trouble with connections: what comes over TCP, and when it ends.

mod support;

use std::io::ErrorKind;
use std::time::Duration;

use serde_json::{Value, json};
use support::{
    ANSWER, PATIENCE, Socket, ask, client, eventually, frames, get_json, server, stream_of,
    text_of, tokens, url,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Asks over a bare TCP connection.
async fn raw(base: &reqwest::Url, flow: &str, question: &str) -> TcpStream {
    let body = json!({ "question": question, "streaming": true }).to_string();
    let address = base
        .as_str()
        .trim_start_matches("http://")
        .trim_end_matches('/');
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let request = format!(
        "POST /api/v1/prediction/{flow} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.expect("sent");
    stream
}

/// Reads until `is` is true of all that came.
async fn read_until(stream: &mut TcpStream, is: impl Fn(&str) -> bool) -> String {
    let reading = async {
        let mut all = Vec::new();
        loop {
            let text = String::from_utf8_lossy(&all).into_owned();
            if is(&text) {
                return text;
            }
            let mut piece = [0; 4096];
            let length = stream.read(&mut piece).await.expect("bytes");
            assert!(length > 0, "the end after {text}");
            all.extend(&piece[..length]);
        }
    };
    tokio::time::timeout(PATIENCE, reading)
        .await
        .expect("in time")
}

/// Nothing comes for a while.
async fn is_silent(stream: &mut TcpStream) -> bool {
    let mut byte = [0; 1];
    let reading = tokio::time::timeout(Duration::from_millis(200), stream.read(&mut byte));
    reading.await.is_err()
}

#[tokio::test]
async fn silence_has_headers_and_a_hang_has_none() {
    let running = server().await;
    let mut silent = raw(&running.sse, "trouble-silent", "Hi").await;
    let head = read_until(&mut silent, |text| text.contains("\r\n\r\n")).await;
    assert!(
        head.contains("text/event-stream") && head.ends_with("\r\n\r\n"),
        "{head}"
    );
    assert!(is_silent(&mut silent).await);
    for base in [&running.sse, &running.socket_io] {
        assert!(is_silent(&mut raw(base, "trouble-hang", "Hi").await).await);
    }
    assert!(is_silent(&mut raw(&running.socket_io, "trouble-silent", "Hi").await).await);
    let mut stalled = raw(&running.sse, "trouble-stall", "Hi").await;
    read_until(&mut stalled, |text| text.contains("three")).await;
    assert!(is_silent(&mut stalled).await);
}

#[tokio::test]
async fn a_cut_is_a_reset_after_some_tokens() {
    let running = server().await;
    let mut stream = raw(&running.sse, "trouble-cut", "Hi").await;
    read_until(&mut stream, |text| text.contains("three")).await;
    let mut rest = Vec::new();
    let end = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut rest))
        .await
        .expect("in time");
    assert_eq!(end.expect_err("a reset").kind(), ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn a_cut_on_flowise_2_takes_the_post_and_the_socket() {
    let running = server().await;
    let mut socket = Socket::connect(&running.socket_io).await;
    let body = json!({ "question": "Hi", "socketIOClientId": socket.id });
    let asked = client()
        .post(url(&running.socket_io, "/api/v1/prediction/trouble-cut"))
        .json(&body);
    let listening = async {
        let mut events = Vec::new();
        while let Some(event) = socket.event().await {
            events.push(event);
        }
        events
    };
    let (reply, events) = tokio::join!(asked.send(), listening);
    assert!(reply.is_err());
    assert_eq!(tokens(&events), "One two three");

    let mut socket = Socket::connect(&running.socket_io).await;
    let body = json!({ "question": "Hi", "socketIOClientId": socket.id });
    let reply = ask(&running.socket_io, "trouble-cut-socket", &body).await;
    let reply: Value = reply.json().await.expect("JSON");
    assert_eq!(reply["text"], ANSWER);
    while socket.event().await.is_some() {}
}

#[tokio::test]
async fn a_half_close_is_an_end_without_the_final_chunk() {
    let running = server().await;
    let mut stream = raw(&running.sse, "trouble-half-closed", "Hi").await;
    let mut all = Vec::new();
    let end = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut all))
        .await
        .expect("in time");
    end.expect("an end, not a reset");
    let text = String::from_utf8_lossy(&all);
    assert!(
        text.contains("three") && !text.ends_with("0\r\n\r\n"),
        "{text}"
    );
    // The other direction is still open.
    let counts = get_json(&running.sse, "/dev/connections").await;
    assert_eq!(counts["sockets"], 1);
    stream.write_all(b"x").await.expect("sent");
}

#[tokio::test]
async fn bytes_come_one_by_one() {
    let running = server().await;
    let mut stream = raw(&running.sse, "trouble-bytes", "Hi").await;
    let text = read_until(&mut stream, |text| text.ends_with("0\r\n\r\n")).await;
    let (_, body) = text.split_once("\r\n\r\n").expect("a body");
    assert!(body.starts_with("1\r\nm\r\n1\r\ne\r\n1\r\ns\r\n"), "{body}");
    let whole = stream_of(&running.sse, "trouble-bytes", "Hi").await;
    assert_eq!(text_of(&frames(&whole)), ANSWER);
    let reply = ask(
        &running.socket_io,
        "trouble-bytes",
        &json!({ "question": "Hi" }),
    )
    .await;
    assert_eq!(reply.json::<Value>().await.expect("JSON")["text"], ANSWER);
}

#[tokio::test]
async fn a_flood_ends_with_its_reader() {
    let running = server().await;
    let stream = raw(&running.sse, "trouble-many", "100000000").await;
    eventually(&running.sse, "/dev/connections", |counts| {
        counts["streams"] == 1
    })
    .await;
    drop(stream);
    eventually(&running.sse, "/dev/connections", |counts| {
        counts["runs"] == 0
    })
    .await;
}

#[tokio::test]
async fn a_steady_stream_goes_on() {
    let running = server().await;
    let mut stream = raw(&running.sse, "trouble-steady", "1").await;
    read_until(&mut stream, |text| text.contains("tick20 ")).await;
    let mut beating = raw(&running.sse, "trouble-heartbeat", "1").await;
    read_until(&mut beating, |text| {
        text.matches(":heartbeat\n\n").count() > 5
    })
    .await;
}
