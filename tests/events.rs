//! Events and answers, decoded from the recordings of real servers.

#![cfg(feature = "client")]
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot read its recordings should stop there"
)]

#[path = "support/answers.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};

use flowise_stream::{Answer, Event, EventDecoder, FinishReason, FlowStatus, Prediction, Start};
use serde_json::{Map, Value, json};

fn recordings(version: &str, extension: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/recordings")
        .join(version);
    let mut files: Vec<_> = fs::read_dir(&folder)
        .expect("a folder of recordings")
        .map(|entry| entry.expect("a recording").path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    files.sort();
    assert!(files.len() > 10, "{} has few recordings", folder.display());
    files
}

fn decode(body: &[u8]) -> Vec<Event> {
    let mut decoder = EventDecoder::new();
    decoder.push(body);
    decoder.map(|event| event.expect("an event")).collect()
}

fn recording(name: &str) -> Vec<Event> {
    let file = ["tests/recordings/flowise-3.1.4/", name, ".sse"].concat();
    decode(&fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap())
}

fn answer(events: &[Event]) -> Prediction {
    let mut answer = Answer::new();
    events.iter().for_each(|event| answer.apply(event));
    answer.into_prediction()
}

/// The events of a recording of Flowise 2.0.7, with the reply of the request.
fn socket_io_recording(path: &Path) -> (Vec<Event>, Value) {
    let recording: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let events = recording["events"].as_array().cloned().unwrap_or_default();
    let events = events
        .into_iter()
        .map(|event| Event::from_parts(event[1].as_str().unwrap(), event[2].clone()))
        .collect();
    let body = recording["reply"]["body"].as_str().unwrap_or_default();
    (events, serde_json::from_str(body).unwrap_or_default())
}

fn assert_known(events: &[Event], path: &Path) {
    for event in events {
        assert!(
            !matches!(event, Event::Unknown { .. }),
            "{}: {event:?}",
            path.display()
        );
    }
}

#[test]
fn every_event_that_was_recorded_over_server_sent_events_is_known() {
    let mut kinds = std::collections::BTreeSet::new();
    for path in recordings("flowise-3.1.4", "sse") {
        let events = decode(&fs::read(&path).unwrap());
        assert_known(&events, &path);
        kinds.extend(events.iter().map(|event| event.name().to_owned()));
    }
    assert_eq!(kinds.len(), 18, "{kinds:?}");
}

#[test]
fn every_event_that_was_recorded_over_socket_io_is_known() {
    let mut count = 0;
    for path in recordings("flowise-2.0.7", "json") {
        let (events, _) = socket_io_recording(&path);
        assert_known(&events, &path);
        count += events.len();
    }
    assert!(count > 900);
}

#[test]
fn the_events_of_a_recording_are_the_same_wherever_it_is_cut() {
    let file = "tests/recordings/flowise-3.1.4/docs.sse";
    let body = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let whole = decode(&body);
    for cut in 0..=body.len() {
        let mut decoder = EventDecoder::new();
        let mut events = Vec::new();
        for part in [&body[..cut], &body[cut..]] {
            decoder.push(part);
            events.extend(decoder.by_ref().map(Result::unwrap));
        }
        assert_eq!(events, whole, "cut at byte {cut}");
    }
}

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
fn payloads_are_typed() {
    let events = recording("docs");
    let Some(Event::SourceDocuments(documents)) = events
        .iter()
        .find(|event| event.name() == "sourceDocuments")
    else {
        panic!()
    };
    assert!(
        documents
            .iter()
            .all(|document| !document.page_content.is_empty())
    );
    assert!(documents[0].metadata.as_ref().unwrap().contains_key("loc"));

    let prediction = answer(&recording("tool"));
    assert_eq!(prediction.used_tools[0].tool, "calculator");
    assert!(prediction.used_tools[0].tool_output.is_string());

    let events = recording("team-everyone");
    assert!(
        matches!(&events[0], Event::Start(Start::Steps(steps)) if !steps[0].agent_name.is_empty())
    );
    let prediction = answer(&events);
    assert!(prediction.agent_reasoning.len() > 2);
    assert!(prediction.agent_reasoning[0].next.is_some());

    let prediction = answer(&recording("ask"));
    let action = prediction.action.unwrap();
    assert_eq!(action.mapping.unwrap().tool_calls.len(), 1);

    let prediction = answer(&recording("thinker"));
    assert!(prediction.thinking.unwrap().len() > 10);
    assert!(prediction.usage_metadata.unwrap().total_tokens.unwrap() > 0);
    assert_eq!(
        prediction.agent_flow_executed_data.last().unwrap().status,
        FlowStatus::Finished
    );
}

#[test]
fn thinking_says_how_long_it_took() {
    let events = recording("thinker");
    let durations: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Thinking(thinking) => thinking.duration,
            _ => None,
        })
        .collect();
    assert_eq!(durations.len(), 1);
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
fn an_action_can_be_sent_back_as_it_came() {
    for name in ["ask", "human-proceed-1"] {
        let file = ["tests/recordings/flowise-3.1.4/", name, ".sse"].concat();
        let body = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
        let line = body
            .lines()
            .find(|line| line.contains(r#""event":"action""#))
            .unwrap();
        let frame: Value = serde_json::from_str(line.strip_prefix("data:").unwrap()).unwrap();
        let Event::Action(action) = Event::from_parts("action", frame["data"].clone()) else {
            panic!()
        };
        assert_eq!(
            serde_json::to_value(action).unwrap(),
            frame["data"],
            "{name}"
        );
    }
}

#[test]
fn what_a_newer_server_says_is_kept() {
    let unknown = Event::parse(r#"{"event":"mood","data":{"happy":true},"since":1}"#).unwrap();
    let Event::Unknown { name, data, extra } = &unknown else {
        panic!()
    };
    assert_eq!((name.as_str(), data), ("mood", &json!({ "happy": true })));
    assert_eq!(Value::from(extra.clone()), json!({ "since": 1 }));
    assert_eq!(unknown.name(), "mood");

    // a payload in a form that nobody has seen
    for (frame, odd) in [
        (
            r#"{"event":"sourceDocuments","data":[1,2],"page":3}"#,
            json!([1, 2]),
        ),
        (
            r#"{"event":"usedTools","data":"none","page":3}"#,
            json!("none"),
        ),
    ] {
        let event = Event::parse(frame).unwrap();
        let Event::Unknown { data, extra, .. } = event else {
            panic!("{event:?}")
        };
        assert_eq!((data, &extra["page"]), (odd, &json!(3)));
    }
    let Event::SourceDocuments(documents) =
        Event::parse(r#"{"event":"sourceDocuments","data":[{"pageContent":"x","score":0.5}]}"#)
            .unwrap()
    else {
        panic!()
    };
    assert_eq!(documents[0].other["score"], json!(0.5));
}

#[test]
fn members_may_be_null_missing_or_of_another_type() {
    let Event::AgentReasoning(steps) = Event::from_parts(
        "agentReasoning",
        json!([{ "agentName": null, "messages": ["a", null, 3], "usedTools": [null], "nodeId": 7 }, null]),
    ) else {
        panic!()
    };
    assert_eq!(steps.len(), 1);
    assert_eq!(steps[0].messages, ["a", "3"]);
    assert_eq!(
        (steps[0].agent_name.as_str(), steps[0].node_id.as_deref()),
        ("", Some("7"))
    );
    assert!(steps[0].used_tools.is_empty());

    let Event::UsageMetadata(usage) = Event::from_parts(
        "usageMetadata",
        json!({ "input_tokens": "12", "total_tokens": 1.5, "cached": 3 }),
    ) else {
        panic!()
    };
    assert_eq!((usage.input_tokens, usage.total_tokens), (Some(12), None));
    assert_eq!(usage.other["cached"], json!(3));

    let metadata = json!({ "chatId": "c", "followUpPrompts": "\"[\\\"One?\\\",\\\"Two?\\\"]\"" });
    for data in [metadata.clone(), Value::String(metadata.to_string())] {
        let Event::Metadata(metadata) = Event::from_parts("metadata", data) else {
            panic!()
        };
        assert_eq!(metadata.follow_up_prompts, ["One?", "Two?"]);
        assert_eq!(metadata.session_id, None);
    }
    let Event::NextAgentFlow(node) = Event::from_parts(
        "nextAgentFlow",
        json!({ "nodeId": "n", "status": "PAUSED" }),
    ) else {
        panic!()
    };
    assert_eq!(node.status, FlowStatus::Other("PAUSED".into()));
    assert_eq!(Event::from_parts("end", Value::Null), Event::End);
    assert_eq!(
        Event::from_parts("error", json!({ "message": "no" })),
        Event::Error("no".into())
    );
}

#[test]
fn speech_has_the_name_of_its_events_beside_the_data() {
    let mut decoder = EventDecoder::new();
    decoder.push(b"event: tts_data\ndata: {\"chatMessageId\":\"m\",\"audioChunk\":\"AAAA\"}\n\n");
    let Event::TtsData(data) = decoder.next().unwrap().unwrap() else {
        panic!()
    };
    assert_eq!(
        (data.chat_message_id.as_str(), data.audio_chunk.as_str()),
        ("m", "AAAA")
    );
}

#[test]
fn a_malformed_or_oversized_message_does_not_cost_the_next() {
    let mut decoder = EventDecoder::with_max_message_bytes(64);
    decoder.push(b"data:{\"event\":\n\ndata:");
    decoder.push("x".repeat(100).as_bytes());
    decoder.push(b"\n\ndata:{\"event\":\"token\",\"data\":\"on\"}\n\n");
    let codes: Vec<_> = decoder
        .map(|event| event.map_err(|error| error.kind().code()))
        .collect();
    assert_eq!(
        codes,
        [
            Err("decode"),
            Err("message-too-long"),
            Ok(Event::Token("on".into()))
        ]
    );
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
            support::members(answer),
            support::members(case["expected"].clone()),
            "{}",
            case["name"]
        );
    }
}

#[test]
fn an_event_type_names_text_as_in_the_older_stream_of_the_documentation() {
    let stream = "event: start\ndata: Once\n\nevent: token\ndata: Once upon\n\nevent: token\ndata: 42\n\n\
                  event: token\ndata: \"quoted\"\n\nevent: error\ndata: Error: 404\n\n\
                  event: nextAgent\ndata: Reviewer\n\nevent: end\ndata: [DONE]\n\n";
    let token = |text: &str| Event::Token(text.into());
    assert_eq!(
        decode(stream.as_bytes()),
        [
            Event::Start(Start::Text("Once".into())),
            token("Once upon"),
            token("42"),
            token("quoted"),
            Event::Error("Error: 404".into()),
            Event::NextAgent("Reviewer".into()),
            Event::End,
        ]
    );
    for malformed in ["data: Once\n\n", "event: usedTools\ndata: [{\n\n"] {
        let mut decoder = EventDecoder::new();
        decoder.push(malformed.as_bytes());
        let error = decoder.next().unwrap().unwrap_err();
        assert_eq!(
            error.kind(),
            flowise_stream::ErrorKind::Decode,
            "{malformed}"
        );
    }
}
