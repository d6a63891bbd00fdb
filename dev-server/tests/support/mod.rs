//! What the tests of the dev server share: a server, a Socket.IO client, and the recordings.

#![allow(dead_code, reason = "each test file uses a part")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use dev_server::{Config, Running, start};
use futures_util::{SinkExt, StreamExt};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// No test waits longer than this for anything.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A server that plays without delays.
pub(crate) async fn server() -> Running {
    server_with(Config {
        speed: 0.0,
        ..Config::default()
    })
    .await
}

pub(crate) async fn server_with(config: Config) -> Running {
    start(config).await.expect("the server starts")
}

pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .build()
        .expect("a client")
}

pub(crate) async fn ask(base: &reqwest::Url, flow: &str, body: &Value) -> reqwest::Response {
    client()
        .post(url(base, &format!("/api/v1/prediction/{flow}")))
        .json(body)
        .send()
        .await
        .expect("an answer")
}

pub(crate) fn url(base: &reqwest::Url, path: &str) -> reqwest::Url {
    base.join(path).expect("a path")
}

pub(crate) async fn get_json(base: &reqwest::Url, path: &str) -> Value {
    let response = client()
        .get(url(base, path))
        .send()
        .await
        .expect("an answer");
    response.json().await.expect("JSON")
}

pub(crate) fn recordings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/recordings")
}

pub(crate) fn recording(generation: &str, name: &str) -> Value {
    let path = recordings().join(generation).join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).expect("a recording");
    serde_json::from_str(&text).expect("JSON")
}

pub(crate) fn recorded_body(file: &str) -> String {
    std::fs::read_to_string(recordings().join("flowise-3.1.4").join(file)).expect("a body")
}

/// A page on another origin.
pub(crate) const PAGE: &str = "http://localhost:5173";

pub(crate) async fn send(
    base: &reqwest::Url,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
) -> Response {
    let mut request = client().request(method, url(base, path));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.expect("an answer")
}

pub(crate) fn allowed(response: &Response) -> Option<&str> {
    let value = response.headers().get("access-control-allow-origin")?;
    value.to_str().ok()
}

/// Waits until `is` is true of what the path answers.
pub(crate) async fn eventually(
    base: &reqwest::Url,
    path: &str,
    is: impl Fn(&Value) -> bool,
) -> Value {
    let waiting = async {
        loop {
            let value = get_json(base, path).await;
            if is(&value) {
                return value;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting)
        .await
        .expect("it comes true in time")
}

/// The frames of an event stream of Flowise.
pub(crate) fn frames(text: &str) -> Vec<Value> {
    text.lines()
        .filter_map(|line| line.strip_prefix("data:"))
        .map(|json| serde_json::from_str(json).expect("a frame of JSON"))
        .collect()
}

pub(crate) fn names(frames: &[Value]) -> Vec<&str> {
    frames
        .iter()
        .filter_map(|frame| frame["event"].as_str())
        .collect()
}

/// A whole stream, as text.
pub(crate) async fn stream_of(base: &reqwest::Url, flow: &str, question: &str) -> String {
    let body = json!({ "question": question, "streaming": true });
    ask(base, flow, &body).await.text().await.expect("text")
}

/// The reply on Flowise 2.0, and all events up to and with `last`.
pub(crate) async fn events_of(flow: &str, question: &str, last: &str) -> (Response, Vec<Value>) {
    let running = server().await;
    let mut socket = Socket::connect(&running.socket_io).await;
    let body = json!({ "question": question, "socketIOClientId": socket.id });
    let asking = ask(&running.socket_io, flow, &body);
    let listening = async {
        let mut events = Vec::new();
        while events.last().is_none_or(|event: &Value| event[0] != last) {
            events.push(socket.event().await.expect("an event"));
        }
        events
    };
    tokio::join!(asking, listening)
}

/// What the `token` events say.
pub(crate) fn tokens(events: &[Value]) -> String {
    events
        .iter()
        .filter(|event| event[0] == "token")
        .filter_map(|event| event[1].as_str())
        .collect()
}

/// What the `token` frames say.
pub(crate) fn text_of(frames: &[Value]) -> String {
    frames
        .iter()
        .filter(|frame| frame["event"] == "token")
        .filter_map(|frame| frame["data"].as_str())
        .collect()
}

/// The answer of the trouble flows.
pub(crate) const ANSWER: &str = "One two three four five six seven eight nine ten.";

/// A Socket.IO client over a WebSocket.
pub(crate) struct Socket {
    wire: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub(crate) id: String,
}

impl Socket {
    pub(crate) async fn connect(base: &reqwest::Url) -> Self {
        let address = format!(
            "ws://{}/socket.io/?EIO=4&transport=websocket",
            base.as_str()
                .trim_start_matches("http://")
                .trim_end_matches('/')
        );
        let (wire, _) = tokio_tungstenite::connect_async(address)
            .await
            .expect("a WebSocket");
        let mut socket = Self {
            wire,
            id: String::new(),
        };
        let open = socket.packet().await.expect("an open packet");
        assert!(open.starts_with('0'), "{open}");
        socket
            .wire
            .send(Message::text("40"))
            .await
            .expect("a connect packet");
        let connected = socket.packet().await.expect("a connect packet");
        let answer: Value = serde_json::from_str(&connected[2..]).expect("JSON");
        socket.id = answer["sid"].as_str().expect("an id").to_owned();
        socket
    }

    /// The next packet; none at the end of the connection.
    async fn packet(&mut self) -> Option<String> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.wire.next())
                .await
                .expect("a packet in time");
            match message? {
                Ok(Message::Text(text)) if text.as_str() == "2" => {
                    self.wire.send(Message::text("3")).await.ok()?;
                }
                Ok(Message::Text(text)) => return Some(text.to_string()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// The next event, `[name, …arguments]`; none at the end of the connection.
    pub(crate) async fn event(&mut self) -> Option<Value> {
        let packet = self.packet().await?;
        Some(serde_json::from_str(packet.strip_prefix("42").expect("an event")).expect("JSON"))
    }

    pub(crate) async fn events(&mut self, count: usize) -> Vec<Value> {
        let mut events = Vec::new();
        for _ in 0..count {
            events.push(self.event().await.expect("an event"));
        }
        events
    }
}
