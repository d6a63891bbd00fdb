//! Events, decoded from the recordings of real servers and from what others may send.

#![cfg(feature = "client")]
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot read its recordings should stop there"
)]

#[path = "support/recorded.rs"]
mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use flowise_stream::{Event, EventDecoder, FlowStatus, Start, UsedTool};
use serde_json::{Map, Value, json};

use support::{answer, decode, recording, recordings, socket_io_recording};

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
    let mut kinds = BTreeSet::new();
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

/// The members of an event's records that have no field.
fn members_without_a_field(event: &Event) -> Vec<String> {
    let mut found = Vec::new();
    let mut add = |record: &str, other: &Map<String, Value>| {
        found.extend(other.keys().map(|name| [record, ".", name].concat()));
    };
    let tools = |tools: &[UsedTool], add: &mut dyn FnMut(&str, &Map<String, Value>)| {
        for tool in tools {
            add("UsedTool", &tool.other);
            for document in &tool.source_documents {
                add("SourceDocument", &document.other);
            }
        }
    };
    match event {
        Event::SourceDocuments(documents) => {
            for document in documents {
                add("SourceDocument", &document.other);
            }
        }
        Event::UsedTools(used) | Event::CalledTools(used) => tools(used, &mut add),
        Event::AgentReasoning(steps) | Event::Start(Start::Steps(steps)) => {
            for step in steps {
                add("AgentStep", &step.other);
                tools(&step.used_tools, &mut add);
            }
        }
        Event::NextAgentFlow(node) => add("NodeStatus", &node.other),
        Event::AgentFlowExecutedData(nodes) => {
            for node in nodes {
                add("ExecutedNode", &node.other);
            }
        }
        Event::Action(action) => {
            add("Action", &action.other);
            if let Some(mapping) = &action.mapping {
                add("ActionMapping", &mapping.other);
            }
            for element in &action.elements {
                add("ActionElement", &element.other);
            }
        }
        Event::UsageMetadata(usage) => add("Usage", &usage.other),
        Event::Metadata(metadata) => add("Metadata", &metadata.other),
        _ => {}
    }
    found
}

#[test]
fn every_member_that_was_recorded_has_a_field() {
    let mut found = BTreeSet::new();
    for path in recordings("flowise-3.1.4", "sse") {
        let events = decode(&fs::read(&path).unwrap());
        found.extend(events.iter().flat_map(members_without_a_field));
    }
    for path in recordings("flowise-2.0.7", "json") {
        let (events, _) = socket_io_recording(&path);
        found.extend(events.iter().flat_map(members_without_a_field));
    }
    // what only some providers tell
    let known = ["Usage.input_token_details", "Usage.output_token_details"];
    assert_eq!(found, known.map(str::to_owned).into());
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
fn unknown_data_of_a_newer_server_is_kept() {
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
