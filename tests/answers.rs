//! Answers, assembled from the events and replies of real servers.

#![cfg(feature = "client")]
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot read its recordings should stop there"
)]

#[path = "support/answers.rs"]
mod compared;
#[path = "support/recorded.rs"]
mod support;

use flowise_stream::{Answer, Event, FinishReason, HumanInput, PredictionRequest};
use serde_json::{Map, Value, json};

use support::{answer, recording, recordings, socket_io_recording};

#[test]
fn the_text_of_a_socket_io_reply_is_the_text_of_its_tokens() {
    let mut compared = 0;
    for path in recordings("flowise-2.0.7", "json") {
        let (events, reply) = socket_io_recording(&path);
        let name = path.file_stem().unwrap().to_str().unwrap();
        // two questions on one socket are mixed up
        let (Some(text), false) = (
            reply["text"].as_str(),
            events.is_empty() || name == "parallel",
        ) else {
            continue;
        };
        let streamed = answer(&events);
        assert_eq!(streamed.text.trim(), text.trim(), "{name}");
        let mut whole = Answer::new();
        events.iter().for_each(|event| whole.apply(event));
        whole.apply_reply(reply.as_object().unwrap().clone());
        let whole = whole.into_prediction();
        assert_eq!(whole.text, text);
        let reason = if text.is_empty() {
            FinishReason::Empty
        } else {
            FinishReason::Stop
        };
        assert_eq!(whole.finish_reason, reason, "{name}");
        assert_eq!(whole.source_documents, streamed.source_documents, "{name}");
        assert_eq!(Some(whole.chat_id.as_str()), reply["chatId"].as_str());
        assert!(whole.streamed);
        compared += 1;
    }
    assert!(compared > 10);
}

#[test]
fn an_answer_says_how_it_ended() {
    for (name, reason) in [
        ("chain", FinishReason::Stop),
        ("chain-empty", FinishReason::Empty),
        ("error-midway", FinishReason::Error),
        ("abort-team", FinishReason::Aborted),
        ("human-proceed-1", FinishReason::Stop),
    ] {
        let events = recording(name);
        assert_eq!(answer(&events).finish_reason, reason, "{name}");
        assert_eq!(
            answer(&events[..1]).finish_reason,
            FinishReason::Interrupted,
            "{name}"
        );
    }
    let mut failed = Answer::new();
    recording("error-midway")
        .iter()
        .for_each(|event| failed.apply(event));
    assert!(failed.error().is_some_and(|error| !error.is_empty()));
    assert!(!failed.text().is_empty());
}

#[test]
fn a_structured_reply_is_text_as_well() {
    let mut answer = Answer::new();
    let reply: Map<String, Value> = serde_json::from_value(
        json!({ "json": ["a", "b"], "chatId": "c", "isStreamValid": true, "sourceDocuments": [1] }),
    )
    .unwrap();
    answer.apply_reply(reply);
    let prediction = answer.into_prediction();
    assert_eq!(prediction.text, r#"["a","b"]"#);
    assert_eq!(prediction.json, Some(json!(["a", "b"])));
    assert!(!prediction.streamed && prediction.source_documents.is_empty());
    // what does not fit is kept as it came
    assert_eq!(
        Value::from(prediction.other),
        json!({ "sourceDocuments": [1] })
    );
}

#[test]
fn answers_are_what_the_javascript_api_makes_of_the_same() {
    // `tests/browser.rs` reads the same file
    let cases: Vec<Value> = serde_json::from_str(include_str!("answers.json")).unwrap();
    assert!(cases.len() > 20);
    for case in cases {
        let mut whole = Answer::new();
        for event in case["events"].as_array().into_iter().flatten() {
            let mut frame = event.get(2).cloned().unwrap_or_else(|| json!({}));
            frame["event"] = event[0].clone();
            frame["data"] = event[1].clone();
            whole.apply(&Event::parse(&frame.to_string()).unwrap());
        }
        if let Value::Object(reply) = &case["reply"] {
            whole.apply_reply(reply.clone());
        }
        let answer = serde_json::to_value(whole.into_prediction()).unwrap();
        assert_eq!(
            compared::members(answer),
            compared::members(case["expected"].clone()),
            "{}",
            case["name"]
        );
    }
}

#[test]
fn decisions_are_what_the_javascript_api_makes_of_the_same() {
    // `tests/store-questions.test.mjs` reads the same file
    let cases: Vec<Value> = serde_json::from_str(include_str!("decisions.json")).unwrap();
    for case in cases {
        let action = serde_json::from_value(case["action"].clone()).unwrap();
        let mut decision = match case["decision"].as_str() {
            Some("proceed") => HumanInput::proceed(),
            _ => HumanInput::reject(),
        };
        if let Some(feedback) = case["feedback"].as_str() {
            decision = decision.feedback(feedback);
        }
        let request = PredictionRequest::resume(&action, decision);
        assert_eq!(
            serde_json::to_value(request).unwrap(),
            case["body"],
            "{}",
            case["name"]
        );
    }
}
