//! Unusual payloads of servers, and the data that must survive them.

#![cfg(feature = "client")]
#![allow(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

use std::error::Error as _;

use flowise_stream::{Answer, ErrorKind, Event, EventDecoder, FinishReason, Prediction};
use serde_json::{Map, Value, json};

fn decode(frames: &[&str]) -> Vec<Event> {
    let mut decoder = EventDecoder::new();
    for frame in frames {
        decoder.push(format!("data:{frame}\n\n").as_bytes());
    }
    decoder.map(Result::unwrap).collect()
}

fn one(frame: &str) -> Event {
    let mut events = decode(&[frame]);
    assert_eq!(events.len(), 1, "{frame}");
    events.remove(0)
}

fn token(text: &str) -> Event {
    Event::Token(text.into())
}

fn reply(reply: &str) -> Prediction {
    let mut answer = Answer::new();
    answer.apply_reply_json(reply).unwrap();
    answer.into_prediction()
}

fn object(value: Value) -> Map<String, Value> {
    serde_json::from_value(value).unwrap()
}

#[test]
fn an_odd_element_does_not_cost_a_list_its_others() {
    let documents = r#"[{"pageContent":"a"},7,null,"b",{"pageContent":"c","metadata":"none"}]"#;
    for frame in [
        format!(r#"{{"event":"sourceDocuments","data":{documents}}}"#),
        format!(r#"{{"event": "sourceDocuments", "data": {documents}}}"#),
        format!(
            r#"{{"event":"sourceDocuments","data":{}}}"#,
            json!(documents)
        ),
    ] {
        let Event::SourceDocuments(documents) = one(&frame) else {
            panic!("{frame}")
        };
        let contents: Vec<_> = documents
            .iter()
            .map(|it| it.page_content.as_str())
            .collect();
        assert_eq!(contents, ["a", "c"], "{frame}");
        assert_eq!(documents[1].other["metadata"], json!("none"));
    }
    let prediction = reply(&format!(r#"{{"text":"x","sourceDocuments":{documents}}}"#));
    assert_eq!(prediction.source_documents.len(), 2);
    assert_eq!(prediction.other["sourceDocuments"], json!([7, "b"]));
}

#[test]
fn every_list_of_records_keeps_its_valid_elements() {
    for name in [
        "sourceDocuments",
        "usedTools",
        "calledTools",
        "artifacts",
        "fileAnnotations",
        "agentReasoning",
        "agentFlowExecutedData",
        "start",
    ] {
        let event = one(&format!(
            r#"{{"event":"{name}","data":[{{"a":1}},7,{{"b":2}}]}}"#
        ));
        let written = serde_json::to_value(&event).unwrap();
        let kept = written["data"].as_array().unwrap();
        assert_eq!(kept.len(), 2, "{name}: {written}");
        assert_eq!((&kept[0]["a"], &kept[1]["b"]), (&json!(1), &json!(2)));
    }
}

#[test]
fn a_nested_record_keeps_its_invalid_members() {
    let step = json!({
        "agentName": "a",
        "messages": ["m"],
        "usedTools": [{ "tool": "t", "sourceDocuments": [1, { "pageContent": "p" }] }, 7],
        "state": {},
    });
    let Event::AgentReasoning(steps) = Event::from_parts("agentReasoning", json!([step])) else {
        panic!()
    };
    assert_eq!(steps[0].used_tools[0].source_documents[0].page_content, "p");
    assert_eq!(steps[0].other["usedTools"], json!([7]));
    // a page may store it and read it again
    let stored = serde_json::to_string(&steps).unwrap();
    let read: Vec<flowise_stream::AgentStep> = serde_json::from_str(&stored).unwrap();
    assert_eq!(read, steps);
}

#[test]
fn leniently_read_data_is_written_back_unchanged() {
    let action = json!({ "id": 3, "mapping": "none", "elements": [{ "type": "a" }, 1], "data": { "x": [] } });
    let Event::Action(read) = Event::from_parts("action", action) else {
        panic!()
    };
    assert_eq!((read.id.as_str(), read.mapping.as_ref()), ("3", None));
    let written = serde_json::to_value(&read).unwrap();
    assert_eq!(written["mapping"], json!("none"));
    assert_eq!(
        written["elements"],
        json!([{ "type": "a", "label": "" }, 1])
    );
}

#[test]
fn a_missing_status_is_not_invented() {
    let Event::NextAgentFlow(node) = Event::from_parts("nextAgentFlow", json!({ "nodeId": "n" }))
    else {
        panic!()
    };
    assert_eq!(node.status.as_str(), "");
    assert_eq!(serde_json::to_value(&node).unwrap().get("status"), None);
}

#[test]
fn numbers_keep_every_digit_and_keys_their_order() {
    // one double in nine is read wrongly by a parser that only comes close
    let json = r#"{"zebra":0.1362435161430573,"apple":5.0235431236e-3,"b":1e21,"mango":{"y":1,"x":100.0}}"#;
    let prediction = reply(&format!(r#"{{"json":{json}}}"#));
    assert_eq!(
        prediction.text,
        r#"{"zebra":0.1362435161430573,"apple":0.0050235431236,"b":1e+21,"mango":{"y":1,"x":100}}"#
    );
    let mut bits = 1_u64;
    for _ in 0..5000 {
        bits = bits
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(99);
        let number = f64::from_bits(bits >> 2);
        let Event::UsageMetadata(usage) = one(&format!(
            r#"{{"event":"usageMetadata","data":{{"cost":{number:e}}}}}"#
        )) else {
            panic!()
        };
        assert_eq!(usage.other["cost"].as_f64(), Some(number));
    }
}

#[test]
fn a_reply_whose_text_is_no_string_has_a_text() {
    for (json, text) in [
        ("42", "42"),
        ("-0.5", "-0.5"),
        ("1.0", "1"),
        ("true", "true"),
        ("false", "false"),
        ("0", "0"),
        (r#"{"b":1,"a":[2]}"#, r#"{"b":1,"a":[2]}"#),
        (r#""""#, ""),
    ] {
        let prediction = reply(&format!(r#"{{"text":{json},"json":{{"c":3}}}}"#));
        assert_eq!(prediction.text, text);
    }
    assert_eq!(reply(r#"{"text":false}"#).finish_reason, FinishReason::Stop);
}

#[test]
fn deep_nesting_is_reported() {
    let deep = ["[".repeat(300), "]".repeat(300)].concat();
    let mut answer = Answer::new();
    answer.apply(&token("kept"));
    let error = answer
        .apply_reply_json(&format!(r#"{{"text":"lost","json":{deep}}}"#))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert_eq!(
        error.to_string(),
        "the server's reply is nested deeper than 128 levels"
    );
    assert!(error.source().is_some());
    assert_eq!((answer.text(), answer.is_complete()), ("kept", false));

    let mut decoder = EventDecoder::new();
    decoder.push(format!("data:{{\"event\":\"artifacts\",\"data\":{deep}}}\n\n").as_bytes());
    decoder.push_event("artifacts", &deep);
    for event in decoder {
        let error = event.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.to_string().contains("128 levels"), "{error}");
    }
}

#[test]
fn a_reply_that_is_not_an_object_is_reported() {
    for reply in ["", "<html>", "null", "[1]", r#""OK""#] {
        let error = Answer::new().apply_reply_json(reply).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{reply}");
    }
}

#[test]
fn an_end_counts_whatever_its_payload() {
    for (name, event) in [
        ("end", Event::End),
        ("abort", Event::Abort),
        ("tts_abort", Event::TtsAbort),
    ] {
        for payload in [
            "[1}",
            r#"{"a"}"#,
            r#""\x""#,
            r#""\ud83d""#,
            "null",
            "{}",
            r#""[DONE]""#,
        ] {
            let frame = format!(r#"{{"event":"{name}","data":{payload}}}"#);
            assert_eq!(one(&frame), event, "{frame}");
            let mut decoder = EventDecoder::new();
            decoder.push_event(name, payload);
            assert_eq!(decoder.next(), Some(Ok(event.clone())), "{frame}");
        }
    }
    for malformed in [
        r#"{"event":"token","data":[1}}"#,
        r#"{"event":"end","data":"#,
    ] {
        assert_eq!(
            Event::parse(malformed).unwrap_err().kind(),
            ErrorKind::Decode
        );
    }
}

#[test]
fn a_character_split_between_two_tokens_is_joined() {
    let halves = [r#""a\ud83d""#, r#""""#, "7", r#""\ude00b""#];
    let texts = ["a", "", "", "😀b"];
    let frames: Vec<_> = halves
        .iter()
        .map(|half| format!(r#"{{"event":"token","data":{half}}}"#))
        .collect();
    let spaced: Vec<_> = halves
        .iter()
        .map(|half| format!(r#"{{ "data" : {half} , "event": "token", "n": "\ud83d" }}"#))
        .collect();
    let mut over_sockets = EventDecoder::new();
    for half in halves {
        over_sockets.push_event("token", half);
    }
    for events in [
        decode(&frames.iter().map(String::as_str).collect::<Vec<_>>()),
        decode(&spaced.iter().map(String::as_str).collect::<Vec<_>>()),
        over_sockets.map(Result::unwrap).collect(),
    ] {
        assert_eq!(events.len(), 4);
        for (event, text) in events.iter().zip(texts) {
            match event {
                Event::Unknown { data, .. } => assert_eq!(data, &json!(7)),
                event => assert_eq!(event, &token(text)),
            }
        }
    }
}

#[test]
fn thoughts_and_tokens_wait_for_their_own_other_half() {
    let events = decode(&[
        r#"{"event":"thinking","data":"\ud83e"}"#,
        r#"{"event":"token","data":"\ud83d"}"#,
        r#"{"event":"thinking","data":"\udd89","duration":2}"#,
        r#"{"event":"token","data":"\ude00"}"#,
        r#"{"event":"end","data":"[DONE]"}"#,
    ]);
    let mut answer = Answer::new();
    events.iter().for_each(|event| answer.apply(event));
    let prediction = answer.into_prediction();
    assert_eq!(
        (prediction.text.as_str(), prediction.thinking.as_deref()),
        ("😀", Some("🦉"))
    );
    assert_eq!(events.len(), 5);
}

#[test]
fn a_lone_surrogate_is_replaced_before_the_end() {
    let half = r#"{"event":"token","data":"a\ud83d"}"#;
    let end = r#"{"event":"end","data":"[DONE]"}"#;
    assert_eq!(
        decode(&[half, r#"{"event":"token","data":"b"}"#, end]),
        [token("a"), token("\u{fffd}b"), Event::End]
    );
    assert_eq!(
        decode(&[half, end]),
        [token("a"), token("\u{fffd}"), Event::End]
    );
    assert_eq!(Event::parse(half).unwrap(), token("a\u{fffd}"));
    let thought = r#"{"event":"thinking","data":"\ud83d"}"#;
    let events = decode(&[thought, end, end]);
    assert_eq!(events.len(), 4, "{events:?}");
}

#[test]
fn an_error_without_a_text_has_a_message() {
    for frame in [
        r#"{"event":"error","data":""}"#,
        r#"{"event":"error","data":null}"#,
        r#"{"event":"error"}"#,
        r#"{"event":"error","data":{"message":""}}"#,
    ] {
        let Event::Error(text) = one(frame) else {
            panic!("{frame}")
        };
        let error = flowise_stream::Error::from_event(&text);
        assert_eq!(error.kind(), ErrorKind::Server);
        assert!(error.to_string().contains("did not say why"), "{frame}");
    }
}

#[test]
fn an_event_is_written_as_a_frame_that_is_read_as_the_same_event() {
    let extra = object(json!({ "since": 1 }));
    let unknown = Event::Unknown {
        name: "mood".into(),
        data: json!(["x", 1.5]),
        extra,
    };
    for event in [
        token("a\u{1F600}\n"),
        one(r#"{"event":"thinking","data":"","duration":2.5}"#),
        one(r#"{"event":"agentFlowEvent","data":"PAUSED"}"#),
        one(r#"{"event":"metadata","data":{"chatId":"c","new":[1]}}"#),
        Event::Abort,
        Event::TtsAbort,
        Event::End,
        unknown,
    ] {
        let frame = serde_json::to_string(&event).unwrap();
        assert_eq!(Event::parse(&frame).unwrap(), event, "{frame}");
        assert_eq!(serde_json::from_str::<Event>(&frame).unwrap(), event);
    }
}
