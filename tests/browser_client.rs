//! The Rust API in a page, against the dev server in both generations.
//!
//! `cargo xtask test browser` runs this: it starts the dev server and compiles its addresses in.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

#[path = "support/flowise.rs"]
mod support;

use std::pin::pin;
use std::time::Duration;

use flowise_stream::{
    Error, ErrorKind, Event, EventStream, FinishReason, Flowise, PredictionRequest, Transport,
};
use futures_util::future::join;
use futures_util::{FutureExt as _, StreamExt as _};
use serde_json::Value;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use support::{builder, flowise, hi, servers};

wasm_bindgen_test_configure!(run_in_browser);

async fn collect(stream: &mut EventStream) -> (Vec<Event>, Option<Error>) {
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

fn text_of(events: &[Event]) -> String {
    events
        .iter()
        .filter_map(|event| match event {
            Event::Token(text) => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

async fn until_a_token(stream: &mut EventStream) {
    loop {
        match stream.next().await.expect("a token comes before the end") {
            Ok(Event::Token(_)) => return,
            event => drop(event.unwrap()),
        }
    }
}

/// The requests that the dev server got.
async fn log(server: &str) -> Vec<Value> {
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
async fn asked(server: &str) -> Vec<String> {
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

#[wasm_bindgen_test]
async fn an_answer_is_streamed_by_either_generation() {
    for server in servers() {
        let flowise = flowise(server, "chain");
        let mut stream = flowise.stream(&hi());
        assert!(!stream.chat_id().is_empty());
        let (events, failure) = collect(&mut stream).await;
        assert_eq!(failure, None, "{server}");
        let text = text_of(&events);
        assert!(events.len() > 20 && text.len() > 20, "{server}");
        let ends = events.iter().filter(|event| **event == Event::End);
        assert_eq!(
            (ends.count(), events.last()),
            (1, Some(&Event::End)),
            "{server}"
        );
        let prediction = stream.prediction().unwrap();
        assert_eq!(prediction.text, text);
        assert_eq!(prediction.finish_reason, FinishReason::Stop);
        assert!(prediction.streamed);
        assert!(prediction.chat_message_id.is_some() && prediction.session_id.is_some());
        assert!(stream.next().await.is_none());
        assert!(stream.warnings().is_empty());
    }
}

#[wasm_bindgen_test]
async fn an_answer_has_one_end_however_many_models_are_called() {
    for server in servers() {
        let request = PredictionRequest::new("Please calculate 12*3.");
        let mut stream = flowise(server, "tool").stream(&request);
        let (events, failure) = collect(&mut stream).await;
        assert_eq!(failure, None, "{server}");
        let ends = events.iter().filter(|event| **event == Event::End);
        assert_eq!(
            (ends.count(), events.last()),
            (1, Some(&Event::End)),
            "{server}"
        );
    }
}

#[wasm_bindgen_test]
async fn a_query_is_the_whole_answer() {
    for server in servers() {
        let answer = flowise(server, "docs")
            .query(&PredictionRequest::new("Which birds hunt at night?"))
            .await
            .unwrap();
        assert!(!answer.text.is_empty());
        assert!(!answer.source_documents.is_empty(), "{server}");
        assert!(!answer.source_documents[0].page_content.is_empty());
    }
}

#[wasm_bindgen_test]
async fn the_wire_can_be_chosen() {
    let [sse, socket_io] = servers();
    for (server, transport) in [
        (sse, Transport::ServerSentEvents),
        (socket_io, Transport::SocketIo),
    ] {
        let flowise = builder(server, "tool")
            .transport(transport)
            .build()
            .unwrap();
        let answer = flowise
            .query(&PredictionRequest::new("Please calculate 12*3."))
            .await
            .unwrap();
        assert_eq!(answer.used_tools[0].tool, "calculator");
    }
}

#[wasm_bindgen_test]
async fn a_chatflow_that_cannot_stream_answers_all_the_same() {
    for server in servers() {
        let flowise = flowise(server, "parser");
        assert!(!flowise.is_streaming().await.unwrap());
        let mut stream = flowise.stream(&hi());
        let (events, failure) = collect(&mut stream).await;
        let answer = stream.prediction().unwrap();
        assert_eq!(
            (events, failure),
            (vec![Event::Token(answer.text.clone()), Event::End], None)
        );
        assert!(answer.json.is_some() && !answer.text.is_empty() && !answer.streamed);
    }
}

#[wasm_bindgen_test]
async fn a_failed_run_ends_with_an_error_that_holds_what_has_come() {
    for server in servers() {
        let mut stream = flowise(server, "error-midway").stream(&PredictionRequest::new("drop"));
        let (events, failure) = collect(&mut stream).await;
        let error = failure.unwrap();
        assert_eq!(error.kind(), ErrorKind::Server, "{server}: {error}");
        let partial = error.partial().unwrap();
        assert_eq!(partial.finish_reason, FinishReason::Error);
        assert_eq!(partial.text, text_of(&events));
        assert!(!partial.text.is_empty() && stream.prediction().is_none());
    }
}

#[wasm_bindgen_test]
async fn refusals_have_kinds_and_status() {
    for server in servers() {
        let error = flowise(server, "trouble-status-429")
            .query(&hi())
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::RateLimited, Some(429)),
            "{server}"
        );
        let error = flowise(server, "nobody-knows")
            .query(&hi())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{server}: {error}");
        let error = flowise(server, "locked").query(&hi()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthorized, "{server}: {error}");
    }
}

#[wasm_bindgen_test]
async fn time_limits_end_what_is_silent() {
    let [sse, _] = servers();
    let hurried = builder(sse, "trouble-silent")
        .first_byte_timeout(Duration::from_millis(300))
        .build()
        .unwrap();
    let error = hurried.query(&hi()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("first_byte_timeout"), "{error}");
    let hurried = builder(sse, "trouble-stall")
        .idle_timeout(Duration::from_secs(2))
        .build()
        .unwrap();
    let error = hurried.query(&hi()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(!error.partial().unwrap().text.is_empty());
    let hurried = builder(sse, "trouble-steady")
        .timeout(Duration::from_millis(3000))
        .build()
        .unwrap();
    let error = hurried
        .query(&PredictionRequest::new("50"))
        .await
        .unwrap_err();
    assert_eq!(
        error.partial().unwrap().finish_reason,
        FinishReason::Interrupted
    );
}

#[wasm_bindgen_test]
async fn a_reader_that_takes_its_time_is_no_silence_of_the_server() {
    let [sse, _] = servers();
    let flowise = builder(sse, "trouble-steady")
        .idle_timeout(Duration::from_millis(1500))
        .build()
        .unwrap();
    let mut stream = flowise.stream(&PredictionRequest::new("20"));
    until_a_token(&mut stream).await;
    let pause = js_sys::Promise::new(&mut |resolve, _| {
        let window = web_sys::window().unwrap();
        window
            .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, 3000)
            .unwrap();
    });
    JsFuture::from(pause).await.unwrap();
    for _ in 0..100 {
        until_a_token(&mut stream).await;
    }
}

#[wasm_bindgen_test]
async fn a_stop_is_no_error_and_reaches_the_server() {
    for server in servers() {
        let flowise = builder(server, "trouble-steady")
            .api_key("dev-key")
            .build()
            .unwrap();
        let mut stream = flowise.stream(&PredictionRequest::new("20"));
        until_a_token(&mut stream).await;
        let abort = format!(
            "PUT /api/v1/chatmessage/abort/trouble-steady/{}",
            stream.chat_id()
        );
        stream.abort();
        stream.abort();
        let (_, failure) = collect(&mut stream).await;
        assert_eq!(failure, None);
        let answer = stream.prediction().unwrap();
        assert_eq!(answer.finish_reason, FinishReason::Aborted);
        assert!(!answer.text.is_empty());
        wait_for(server, &abort).await;
    }
}

#[wasm_bindgen_test]
async fn dropping_a_stream_stops_the_run() {
    for server in servers() {
        let flowise = builder(server, "trouble-steady")
            .api_key("dev-key")
            .build()
            .unwrap();
        let mut stream = flowise.stream(&PredictionRequest::new("20"));
        until_a_token(&mut stream).await;
        let abort = format!(
            "PUT /api/v1/chatmessage/abort/trouble-steady/{}",
            stream.chat_id()
        );
        drop(stream);
        wait_for(server, &abort).await;
    }
}

#[wasm_bindgen_test]
async fn the_question_after_a_dropped_stream_does_not_meet_its_run() {
    for server in servers() {
        let flowise = flowise(server, "scripted-chain");
        let mut stream = flowise.stream(&PredictionRequest::new("slow long 100"));
        until_a_token(&mut stream).await;
        let chat_id = stream.chat_id();
        drop(stream);
        let next = PredictionRequest::new("say Other words.").chat_id(chat_id);
        assert_eq!(flowise.query(&next).await.unwrap().text, "Other words.");
    }
}

/// Until the server was asked this; the runner ends a test that waits in vain.
async fn wait_for(server: &str, request: &str) {
    while !asked(server).await.iter().any(|asked| asked == request) {}
}

#[wasm_bindgen_test]
async fn nothing_is_sent_before_a_stream_is_polled() {
    let [sse, _] = servers();
    let flowise = flowise(sse, "chain");
    let mut stream = flowise.stream(&hi().chat_id("never-polled"));
    assert_eq!(stream.chat_id(), "never-polled");
    stream.abort();
    drop(stream);
    // the log shows a question by its body, and this one comes after
    flowise.query(&hi().chat_id("asked-after")).await.unwrap();
    let log = log(sse).await;
    let was_named = |id: &str| {
        let texts = log
            .iter()
            .flat_map(|entry| [&entry["path"], &entry["body"]]);
        texts
            .filter_map(Value::as_str)
            .any(|text| text.contains(id))
    };
    assert!(was_named("asked-after"), "{log:?}");
    assert!(!was_named("never-polled"), "{log:?}");
}

#[wasm_bindgen_test]
async fn streams_run_at_once_and_those_of_one_chat_one_after_the_other() {
    let [sse, _] = servers();
    let flowise = flowise(sse, "chain");
    let (one, other) = join(flowise.query(&hi()), flowise.query(&hi())).await;
    assert_ne!(one.unwrap().chat_id, other.unwrap().chat_id);
    let request = hi().chat_id("the-same-chat");
    let mut first = flowise.stream(&request);
    assert!(first.next().await.is_some());
    let mut second = pin!(flowise.query(&request));
    assert!((&mut second).now_or_never().is_none());
    let first = first.finish().await.unwrap();
    assert_eq!(second.await.unwrap().text, first.text);
}

#[wasm_bindgen_test]
async fn malformed_messages_are_left_out_and_told() {
    let [sse, _] = servers();
    let mut stream = flowise(sse, "trouble-malformed").stream(&hi());
    let (events, failure) = collect(&mut stream).await;
    assert_eq!(failure, None);
    assert!(!text_of(&events).is_empty());
    assert!(
        stream
            .warnings()
            .iter()
            .all(|warning| warning.kind() == ErrorKind::Decode)
    );
    assert!(!stream.warnings().is_empty());
}

#[wasm_bindgen_test]
async fn options_that_make_no_sense_are_refused_before_anything_is_sent() {
    for url in [
        "",
        "ftp://flowise.example",
        "https://user:password@flowise.example",
    ] {
        let error = Flowise::builder(url).chatflow_id("f").build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{url}");
    }
    assert_eq!(
        Flowise::new("https://flowise.example").unwrap_err().kind(),
        ErrorKind::Config
    );
    let flowise = Flowise::new("https://flowise.example/api/v1/prediction/f-1").unwrap();
    assert!(
        !format!(
            "{:?}",
            builder("https://flowise.example", "f").api_key("secret")
        )
        .contains("secret")
    );
    assert!(format!("{flowise:?}").contains("f-1"));
}

#[wasm_bindgen_test]
async fn answers_that_are_over_leave_nothing_behind() {
    const PAGE: u32 = 64 << 10;
    let [sse, _] = servers();
    let flowise = flowise(sse, "trouble-many");
    let ask = async |times| {
        for number in 0..times {
            let mut stream = flowise.stream(&PredictionRequest::new("2000"));
            if number % 2 == 0 {
                stream.finish().await.unwrap();
            } else {
                until_a_token(&mut stream).await;
            }
        }
    };
    ask(6).await;
    let before = memory();
    ask(30).await;
    let grown = memory() - before;
    // a leak of 20 bytes a token would be more
    assert!(grown < 16 * PAGE, "{grown} bytes");
}

/// The size of WebAssembly's memory, in bytes.
fn memory() -> u32 {
    let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().into();
    js_sys::ArrayBuffer::from(memory.buffer()).byte_length()
}
