//! Flowise's frames: their forms, and the events in them.

#![cfg(not(target_arch = "wasm32"))]

mod support;

use flowise_stream::{
    frame::{EventKind, Frame},
    sse::Decoder,
};
use serde_json::{Value, json};
use support::events::{Event, event, events, from_batches};

/// The events of a stream with this message only.
fn event_of(data: &str) -> Vec<Event> {
    events(&format!("message:\ndata:{data}\n\n"))
}

#[test]
fn a_frame_in_the_exact_form_is_recognised() {
    let Frame::Text { name, text } = Frame::parse(r#"{"event":"token","data":"a\n\u4f60"}"#) else {
        panic!()
    };
    assert_eq!((name.kind(), name.as_str()), (EventKind::Token, "token"));
    assert_eq!(text.as_escaped(), r"a\n\u4f60");
    assert_eq!(text.unescape().as_deref(), Some("a\n你"));

    let Frame::Json { name, json } = Frame::parse(r#"{"event":"käse","data":[1,{"a":"}"}]}"#)
    else {
        panic!()
    };
    assert_eq!(
        (name.kind(), name.as_str(), json),
        (EventKind::Unknown, "käse", r#"[1,{"a":"}"}]"#)
    );
}

#[test]
fn anything_else_is_left_to_a_json_parser() {
    for other in [
        "",
        "{}",
        "[DONE]",
        r#" {"event":"token","data":"a"}"#,
        r#"{"event":"token","data":"a"} "#,
        r#"{"event": "token","data":"a"}"#,
        r#"{"data":"a","event":"token"}"#,
        r#"{"event":"token","data":"a","duration":2}"#,
        r#"{"event":"token","data":[1],"duration":2}"#,
        r#"{"event":"token","data":"a","event":"end"}"#,
        r#"{"event":"token","data":1,"event":"end"}"#,
        r#"{"event":"to\u006ben","data":"a"}"#,
        r#"{"event":"","data":"a"}"#,
        r#"{"event":1,"data":"a"}"#,
        r#"{"event":"token","data":"a"#,
        r#"{"event":"token","data":"a"}}"#,
        r#"{"event":"token","data":[1}"#,
        r#"{"event":"token","data":"#,
        r#"{"event":"token""#,
        "{\"event\":\"token\",\"data\":\"a\tb\"}",
        "{\"event\":\"to\nken\",\"data\":\"a\"}",
    ] {
        assert_eq!(Frame::parse(other), Frame::Other(other));
    }
}

#[test]
fn a_text_that_utf_8_cannot_hold_has_no_unescaped_form() {
    for escaped in [r"\ud83d", r"\x", r"\u00", r"\ude00\ud83d"] {
        let data = format!(r#"{{"event":"token","data":"{escaped}"}}"#);
        let Frame::Text { text, .. } = Frame::parse(&data) else {
            panic!()
        };
        assert_eq!(text.unescape(), None, "{escaped}");
    }
}

#[test]
fn data_of_any_json_type_arrives() {
    for data in [
        json!("a"),
        json!(""),
        json!(1.5),
        json!(null),
        json!(true),
        json!([]),
        json!({}),
        json!([[{"a": "]}"}], "\\\""]),
    ] {
        for name in [
            "token",
            "metadata",
            "somethingNew",
            "\u{540d}\u{5b57}",
            "__proto__",
            "constructor",
        ] {
            let frame = format!(r#"{{"event":"{name}","data":{data}}}"#);
            assert_eq!(event_of(&frame), [event(name, data.clone())], "{frame}");
        }
    }
}

#[test]
fn further_members_survive() {
    let Event::Named { name, data, extra } =
        event_of(r#"{"event":"thinking","data":"","duration":2.5}"#).remove(0)
    else {
        panic!()
    };
    assert_eq!((name.as_str(), data), ("thinking", Some(json!(""))));
    assert_eq!(Value::Object(extra), json!({"duration": 2.5}));
}

#[test]
fn malformed_json_is_reported_and_the_stream_continues() {
    for malformed in [
        "[DONE]",
        r#"{"event":"token","data":"a\x"}"#,
        r#"{"event":"token","data":{"a":}}"#,
        r#"{"event":"token","data":}"#,
        r#"{"event":"token","data":"a"#,
        r#"{"event":"token","data":[1}}"#,
    ] {
        let stream = format!("data:{malformed}\n\ndata:{{\"event\":\"token\",\"data\":\"b\"}}\n\n");
        assert_eq!(
            events(&stream),
            [
                Event::Malformed(malformed.to_owned()),
                event("token", json!("b"))
            ]
        );
    }
}

#[test]
fn an_event_type_names_json_that_is_no_frame() {
    for (stream, expected) in [
        (
            "event: tts_data\ndata: {\"audioChunk\":\"AAAA\"}\n\n",
            event("tts_data", json!({"audioChunk": "AAAA"})),
        ),
        ("event: custom\ndata: [1]\n\n", event("custom", json!([1]))),
        (
            "event: custom\ndata: {\"event\":\"token\",\"data\":\"a\"}\n\n",
            event("token", json!("a")),
        ),
        (
            "data: {\"text\":\"a\"}\n\n",
            event("message", json!({"text": "a"})),
        ),
        (
            "data: {\"event\":\ndata: \"token\",\"data\":\"a\"}\n\n",
            event("token", json!("a")),
        ),
    ] {
        assert_eq!(events(stream), [expected], "{stream}");
    }
}

#[test]
fn an_event_type_names_text_that_is_no_json() {
    let long = "\u{4f60}".repeat(5000);
    for (event_type, data) in [
        ("start", "Once"),
        ("token", "Once upon a time..."),
        ("token", " \u{4f60}\u{597d} \u{1f680}"),
        ("token", "42"),
        ("token", "null"),
        ("token", "{}"),
        ("token", "{"),
        ("token", "\"quoted"),
        ("token", "[DONE]"),
        ("token", ""),
        ("token", &long),
        ("thinking", "[1]"),
        ("error", "Error: 404"),
        ("error", "404"),
        ("abort", "[DONE]"),
        ("end", "[DONE]"),
        ("mood", "happy"),
    ] {
        let stream = format!("event: {event_type}\ndata: {data}\n\n");
        let expected = [event(event_type, json!(data))];
        for size in [1, 5, stream.len()] {
            let pieces = stream.as_bytes().chunks(size);
            assert_eq!(
                from_batches(&mut Decoder::new(), pieces),
                expected,
                "{stream}"
            );
        }
    }
    for (stream, expected) in [
        (
            "event: token\ndata: a\ndata:\n\n",
            event("token", json!("a\n")),
        ),
        (
            "event: token\ndata: \"a\\n\"\n\n",
            event("token", json!("a\n")),
        ),
        ("event: end\ndata: 1\n\n", event("end", json!(1))),
        (
            "event: error\ndata: {\"message\":\"no\"}\n\n",
            event("error", json!({"message": "no"})),
        ),
        (
            "event: message\ndata: Hello\n\n",
            Event::Malformed("Hello".into()),
        ),
        ("data: Hello\n\n", Event::Malformed("Hello".into())),
        (
            "event: usedTools\ndata: [{\n\n",
            Event::Malformed("[{".into()),
        ),
        ("event: mood\ndata: [1\n\n", Event::Malformed("[1".into())),
        (
            "event: token\ndata: {\"event\":\"token\",\"da\n\n",
            Event::Malformed("{\"event\":\"token\",\"da".into()),
        ),
    ] {
        assert_eq!(events(stream), [expected], "{stream}");
    }
}
