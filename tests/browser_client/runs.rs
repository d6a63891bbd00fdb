//! How long a run goes on, and what ends it: limits, stops, dropped streams, and questions that wait in line.

use std::pin::pin;
use std::time::Duration;

use flowise_stream::{ErrorKind, FinishReason, PredictionRequest};
use futures_util::future::join;
use futures_util::{FutureExt as _, StreamExt as _};
use serde_json::Value;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::{
    builder, collect, flowise, hi, log, servers, steady, stop_of, until_a_token, wait_for,
};

#[wasm_bindgen_test]
async fn time_limits_end_silent_answers() {
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
async fn a_slow_reader_does_not_count_as_silence_of_the_server() {
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
async fn a_stop_is_not_an_error_and_reaches_the_server() {
    for server in servers() {
        let mut stream = steady(server).stream(&PredictionRequest::new("20"));
        until_a_token(&mut stream).await;
        let abort = stop_of(&stream);
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
        let mut stream = steady(server).stream(&PredictionRequest::new("20"));
        until_a_token(&mut stream).await;
        let abort = stop_of(&stream);
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

#[wasm_bindgen_test]
async fn a_conversation_has_an_id_before_its_question_is_sent_and_a_new_one_after_a_stop() {
    let [server, _] = servers();
    let flowise = flowise(server, "scripted-chain");
    let ask =
        |chat_id: &str| flowise.stream(&PredictionRequest::new("slow long 60").chat_id(chat_id));
    // an empty id is none
    let mut stopped = ask("");
    let before = stopped.chat_id();
    assert!(!before.is_empty());
    until_a_token(&mut stopped).await;
    assert_eq!(stopped.chat_id(), before);
    stopped.abort();
    collect(&mut stopped).await;
    let next = ask(&before);
    assert_eq!(stopped.chat_id(), before, "where it was asked");
    assert_ne!(next.chat_id(), before);
}

#[wasm_bindgen_test]
async fn a_request_cannot_change_how_its_answer_arrives() {
    for server in servers() {
        let request = PredictionRequest::new("say Streamed all the same.")
            .set("socketIOClientId", "of-somebody-else")
            .set("streaming", false);
        let answer = flowise(server, "scripted").query(&request).await.unwrap();
        assert!(answer.streamed, "{server}");
        let log = log(server).await;
        let mut bodies = log.iter().filter_map(|entry| entry["body"].as_str());
        assert!(bodies.all(|body| !body.contains("of-somebody-else")));
    }
}

#[wasm_bindgen_test]
async fn an_answer_that_failed_does_not_become_a_whole_one() {
    let [server, _] = servers();
    let mut stream = flowise(server, "error-midway").stream(&PredictionRequest::new("drop"));
    assert!(collect(&mut stream).await.1.is_some());
    let error = stream.finish().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
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
async fn finished_answers_leave_nothing_behind() {
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

#[wasm_bindgen_test]
fn answers_that_were_stopped_before_they_were_asked_leave_nothing_behind() {
    let flowise = flowise(servers()[0], "chain");
    let ask = |times| {
        for _ in 0..times {
            flowise.stream(&hi()).abort();
        }
    };
    ask(1000);
    let before = memory();
    ask(20_000);
    let grown = memory() - before;
    assert!(grown < 4 * PAGE, "{grown} bytes");
}

/// The unit of WebAssembly's memory, in bytes.
const PAGE: u32 = 64 << 10;

/// The size of WebAssembly's memory, in bytes.
fn memory() -> u32 {
    let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().into();
    js_sys::ArrayBuffer::from(memory.buffer()).byte_length()
}
