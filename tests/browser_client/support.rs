//! The dev server in both generations, whose addresses are compiled in, as a page has no environment.

use flowise_stream::{Error, Event, EventStream, Flowise, FlowiseBuilder, PredictionRequest};
use futures_util::StreamExt as _;
use serde_json::Value;
use wasm_bindgen_futures::JsFuture;

const SSE: Option<&str> = option_env!("FLOWISE_DEV_SSE");
const SOCKET_IO: Option<&str> = option_env!("FLOWISE_DEV_SOCKET_IO");

/// The addresses of a Flowise of each generation.
pub(crate) fn servers() -> [&'static str; 2] {
    let help = "FLOWISE_DEV_SSE and FLOWISE_DEV_SOCKET_IO were not set when the tests were compiled: start the dev server";
    [SSE.expect(help), SOCKET_IO.expect(help)]
}

pub(crate) fn builder(server: &str, chatflow: &str) -> FlowiseBuilder {
    Flowise::builder(server).chatflow_id(chatflow)
}

pub(crate) fn flowise(server: &str, chatflow: &str) -> Flowise {
    builder(server, chatflow).build().unwrap()
}

pub(crate) fn hi() -> PredictionRequest {
    PredictionRequest::new("Hi")
}

pub(crate) async fn collect(stream: &mut EventStream) -> (Vec<Event>, Option<Error>) {
    let mut events = Vec::new();
    let mut failure = None;
    while let Some(event) = stream.next().await {
        match event {
            Ok(event) => events.push(event),
            Err(error) => failure = Some(error),
        }
    }
    (events, failure)
}

pub(crate) fn text_of(events: &[Event]) -> String {
    events
        .iter()
        .filter_map(|event| match event {
            Event::Token(text) => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

/// A chatflow whose answer goes on until it is stopped.
pub(crate) fn steady(server: &str) -> Flowise {
    builder(server, "trouble-steady")
        .api_key("dev-key")
        .build()
        .unwrap()
}

/// The request that stops an answer of [`steady`].
pub(crate) fn stop_of(stream: &EventStream) -> String {
    format!(
        "PUT /api/v1/chatmessage/abort/trouble-steady/{}",
        stream.chat_id()
    )
}

pub(crate) async fn until_a_token(stream: &mut EventStream) {
    loop {
        match stream.next().await.expect("a token comes before the end") {
            Ok(Event::Token(_)) => return,
            event => drop(event.unwrap()),
        }
    }
}

/// The requests that the dev server got.
pub(crate) async fn log(server: &str) -> Vec<Value> {
    let window = web_sys::window().unwrap();
    let log = format!("{server}/dev/log");
    let response: web_sys::Response = JsFuture::from(window.fetch_with_str(&log))
        .await
        .unwrap()
        .into();
    let log: Value =
        serde_wasm_bindgen::from_value(JsFuture::from(response.json().unwrap()).await.unwrap())
            .unwrap();
    log.as_array().unwrap().clone()
}

/// What the dev server was asked, as `METHOD path`.
pub(crate) async fn asked(server: &str) -> Vec<String> {
    let entries = log(server).await;
    entries
        .iter()
        .map(|entry| {
            [
                entry["method"].as_str().unwrap_or_default(),
                entry["path"].as_str().unwrap_or_default(),
            ]
            .join(" ")
        })
        .collect()
}

/// Until the server was asked this; the runner ends a test that waits in vain.
pub(crate) async fn wait_for(server: &str, request: &str) {
    while !asked(server).await.iter().any(|asked| asked == request) {}
}
