//! The exports of the WebAssembly module to JavaScript, in a page and against the dev server.
//!
//! `cargo xtask test browser` runs this: it starts the dev server and compiles its addresses in.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

#[path = "support/answers.rs"]
mod support;

// The JavaScript API is called by the names of its exports.
use flowise_stream::{Answer, EventDecoder};
use js_sys::{Array, Function, JSON, Promise, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const SSE: Option<&str> = option_env!("FLOWISE_DEV_SSE");
const SOCKET_IO: Option<&str> = option_env!("FLOWISE_DEV_SOCKET_IO");

// The glue of the module under test, which the page has loaded already.
#[wasm_bindgen(inline_js = "
export const library = () => import('/wasm-bindgen-test')
export const record = (socket, event) => {
  const heard = []
  socket.on(event, (data) => heard.push(data))
  return heard
}
export const next = (socket, event) => new Promise((resolve) => socket.once(event, resolve))
export const answering = (type, body) => async (url) =>
  String(url).includes('/prediction/')
    ? new Response(body, { headers: { 'content-type': type } })
    : Response.json({ isStreaming: true })
export const iterate = async (stream, most) => {
  const events = []
  for await (const event of stream) if (events.push(event) === most) break
  return events
}
")]
extern "C" {
    type Library;
    fn library() -> Promise;
    #[wasm_bindgen(method)]
    fn start(this: &Library);
    #[wasm_bindgen(method, catch)]
    fn connect(this: &Library, url: &str, options: &JsValue) -> Result<Socket, JsValue>;
    #[wasm_bindgen(method)]
    fn query(this: &Library, data: &JsValue, options: &JsValue) -> Promise;
    #[wasm_bindgen(method)]
    fn stream(this: &Library, data: &JsValue, options: &JsValue) -> Stream;

    type Socket;
    #[wasm_bindgen(method, getter)]
    fn id(this: &Socket) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn connected(this: &Socket) -> bool;
    #[wasm_bindgen(method)]
    fn query(this: &Socket, data: &JsValue) -> Promise;
    #[wasm_bindgen(method)]
    fn disconnect(this: &Socket);
    fn record(socket: &Socket, event: &str) -> Array;
    fn next(socket: &Socket, event: &str) -> Promise;

    type Stream;
    #[wasm_bindgen(method, getter)]
    fn result(this: &Stream) -> Promise;
    #[wasm_bindgen(method)]
    fn abort(this: &Stream) -> Promise;
    fn iterate(stream: &Stream, most: f64) -> Promise;

    /// A `fetch` of a server that answers every question so.
    fn answering(content_type: &str, body: &str) -> Function;
}

/// Both generations by name.
fn servers() -> [(&'static str, &'static str); 2] {
    [("2.0", SOCKET_IO), ("3.1", SSE)].map(|(generation, url)| {
        let url = url.expect("the dev server's addresses: run this by `cargo xtask test browser`");
        (generation, url)
    })
}

async fn exports() -> Library {
    let library: Library = JsFuture::from(library()).await.unwrap().unchecked_into();
    // The test runner leaves out what a page gets when the module is instantiated.
    library.start();
    library
}

fn object(json: &str) -> JsValue {
    JSON::parse(json).unwrap()
}

fn options(url: &str, chatflow: &str) -> JsValue {
    object(&format!(
        r#"{{"url":"{url}","chatflowId":"{chatflow}","forceNew":true}}"#
    ))
}

fn text(object: &JsValue, key: &str) -> String {
    let value = Reflect::get(object, &key.into()).unwrap();
    value.as_string().unwrap_or_default()
}

fn tokens(events: &Array) -> String {
    let tokens = events
        .iter()
        .filter(|event| text(event, "event") == "token");
    tokens.map(|event| text(&event, "data")).collect()
}

#[wasm_bindgen_test]
async fn a_query_on_a_socket_tells_its_tokens_to_the_sockets_listeners() {
    let library = exports().await;
    for (generation, url) in servers() {
        let socket = library.connect(url, &options(url, "scripted")).unwrap();
        let heard = record(&socket, "token");
        assert!(!socket.connected(), "{generation}");
        JsFuture::from(next(&socket, "connect")).await.unwrap();

        let id = socket.id().unwrap();
        let data = object(&format!(
            r#"{{"question":"say Hello, owls 🦉.","socketIOClientId":"{id}"}}"#
        ));
        let query = library.query(&data, &JsValue::UNDEFINED);
        let reply = JsFuture::from(query).await.unwrap();
        assert_eq!(text(&reply, "text"), "Hello, owls 🦉.", "{generation}");
        assert_eq!(text(&reply, "finishReason"), "stop", "{generation}");
        assert_eq!(
            String::from(heard.join("")),
            "Hello, owls 🦉.",
            "{generation}"
        );
        socket.disconnect();
        assert!(!socket.connected(), "{generation}");
    }
}

#[wasm_bindgen_test]
async fn a_query_before_connect_waits_for_it() {
    let library = exports().await;
    for (generation, url) in servers() {
        let socket = library.connect(url, &options(url, "scripted")).unwrap();
        let query = socket.query(&object(r#"{"question":"say Hello."}"#));
        let reply = JsFuture::from(query).await.unwrap();
        assert_eq!(text(&reply, "text"), "Hello.", "{generation}");
        socket.disconnect();
    }
}

#[wasm_bindgen_test]
async fn a_stream_is_iterated_to_its_end() {
    let library = exports().await;
    for (generation, url) in servers() {
        let data = object(r#"{"question":"say One two three."}"#);
        let stream = library.stream(&data, &options(url, "scripted"));
        let events: Array = JsFuture::from(iterate(&stream, f64::INFINITY))
            .await
            .unwrap()
            .unchecked_into();
        assert_eq!(tokens(&events), "One two three.", "{generation}");
        let reply = JsFuture::from(stream.result()).await.unwrap();
        assert_eq!(text(&reply, "text"), "One two three.", "{generation}");
    }
}

#[wasm_bindgen_test]
async fn leaving_the_loop_stops_the_answer_and_keeps_the_text_so_far() {
    let library = exports().await;
    for (generation, url) in servers() {
        let stream = library.stream(
            &object(r#"{"question":"slow long 100"}"#),
            &options(url, "scripted"),
        );
        JsFuture::from(iterate(&stream, 3.0)).await.unwrap();
        let reply = JsFuture::from(stream.result()).await.unwrap();
        assert_eq!(text(&reply, "finishReason"), "aborted", "{generation}");
        // what was stopped already is stopped, and nothing is asked of the server again
        let abort = JsFuture::from(stream.abort()).await.unwrap();
        assert!(Reflect::has(&abort, &"reached".into()).unwrap());
    }
}

#[wasm_bindgen_test]
async fn a_failed_run_rejects_with_the_partial_answer() {
    let library = exports().await;
    for (generation, url) in servers() {
        let data = object(r#"{"question":"Hi"}"#);
        let query = library.query(&data, &options(url, "error-midway"));
        let error = JsFuture::from(query).await.unwrap_err();
        assert_eq!(text(&error, "name"), "FlowiseError", "{generation}");
        assert_eq!(text(&error, "code"), "server", "{generation}");
        let partial = Reflect::get(&error, &"partial".into()).unwrap();
        assert!(!text(&partial, "text").is_empty(), "{generation}");
        assert_eq!(text(&partial, "finishReason"), "error", "{generation}");
    }
}

#[wasm_bindgen_test]
async fn invalid_arguments_are_refused_before_anything_is_sent() {
    let library = exports().await;
    let refused = library.connect("ftp://nowhere", &JsValue::UNDEFINED);
    assert_eq!(text(&refused.err().unwrap(), "code"), "config");
    let (_, url) = servers()[1];
    for (data, options) in [
        (JsValue::UNDEFINED, options(url, "scripted")),
        (object("{}"), options(url, "")),
        (object(r#"{"socketIOClientId":"nobody"}"#), object("{}")),
    ] {
        let error = JsFuture::from(library.query(&data, &options))
            .await
            .unwrap_err();
        assert_eq!(text(&error, "code"), "config");
    }
}

/// What the JavaScript API makes of a server's answer: the reply, or what the error holds.
async fn reply(library: &Library, content_type: &str, body: &str) -> Value {
    let options = object(r#"{"url":"http://flowise.example","chatflowId":"f","transport":"sse"}"#);
    let fetch = answering(content_type, body);
    Reflect::set(&options, &"fetch".into(), &fetch).unwrap();
    let query = library.query(&object(r#"{"question":"Hi","chatId":""}"#), &options);
    let reply = match JsFuture::from(query).await {
        Ok(reply) => reply,
        Err(error) => Reflect::get(&error, &"partial".into()).unwrap(),
    };
    serde_json::from_str(&String::from(JSON::stringify(&reply).unwrap())).unwrap()
}

fn block(event: &Value) -> String {
    let mut frame = event.get(2).cloned().unwrap_or_else(|| json!({}));
    frame["event"] = event[0].clone();
    frame["data"] = event[1].clone();
    format!("data:{frame}\n\n")
}

#[wasm_bindgen_test]
async fn answers_are_what_the_rust_api_makes_of_the_same() {
    let library = exports().await;
    // `tests/answers.rs` reads the same file
    let cases: Vec<Value> = serde_json::from_str(include_str!("answers.json")).unwrap();
    for case in cases {
        let mut answer = match &case["events"] {
            Value::Array(events) => {
                let body: String = events.iter().map(block).collect();
                reply(&library, "text/event-stream", &body).await
            }
            _ => reply(&library, "application/json", &case["reply"].to_string()).await,
        };
        for made in ["chatId", "sessionId"] {
            if case["expected"].get(made).is_none() {
                // it was made for the question
                answer[made] = Value::Null;
            }
        }
        assert_eq!(
            support::members(answer),
            support::members(case["expected"].clone()),
            "{}",
            case["name"]
        );
    }
}

/// Recordings by their names.
macro_rules! recordings {
    ($($name:literal),*) => {
        [$(($name, include_str!(concat!("recordings/flowise-3.1.4/", $name, ".sse")))),*]
    };
}

#[wasm_bindgen_test]
async fn recorded_answers_are_the_same_in_both_apis() {
    let library = exports().await;
    for (name, body) in recordings![
        "chain",
        "chain-empty",
        "chain-markup",
        "docs",
        "tool",
        "team-everyone",
        "ask",
        "thinker",
        "human-proceed-1",
        "error-midway",
        "abort-team"
    ] {
        let mut decoder = EventDecoder::new();
        decoder.push(body.as_bytes());
        let mut answer = Answer::new();
        for event in &mut decoder {
            answer.apply(&event.unwrap());
        }
        let typed = serde_json::to_value(answer.into_prediction()).unwrap();
        let mut reply = reply(&library, "text/event-stream", body).await;
        for made in ["chatId", "sessionId"] {
            if typed.get(made).is_none_or(|id| id.is_null() || id == "") {
                reply[made] = Value::Null;
            }
        }
        assert_eq!(support::members(reply), support::members(typed), "{name}");
    }
}
