//! Batches of frames: the same events however a stream is cut, and whatever their number and size.

#![cfg(not(target_arch = "wasm32"))]

mod support;

use flowise_stream::sse::Decoder;
use serde_json::{Value, json};
use support::{
    CUTS_APART, blocks, cut,
    events::{Event, event, events, from_batches, from_reference},
    pieces_from, recordings,
};

#[test]
fn recorded_streams_give_the_events_that_a_json_parser_finds() {
    for (name, stream) in recordings() {
        let expected = from_reference(&stream, usize::MAX);
        assert!(
            expected
                .iter()
                .all(|event| matches!(event, Event::Named { .. })),
            "{name}"
        );
        for size in [1, 2, 3, 7, 64, 1400, usize::MAX] {
            let pieces = stream.chunks(size.min(stream.len()));
            assert_eq!(
                from_batches(&mut Decoder::new(), pieces),
                expected,
                "{name}, {size} bytes at a time"
            );
        }
    }
}

#[test]
fn recorded_streams_survive_a_cut_at_every_byte() {
    for (name, stream) in recordings() {
        let expected = from_batches(&mut Decoder::new(), [stream.as_slice()]);
        for first in 1..=CUTS_APART {
            let pieces = pieces_from(&stream, first, CUTS_APART);
            assert_eq!(
                from_batches(&mut Decoder::new(), pieces),
                expected,
                "{name}, cut at {first} and every {CUTS_APART} bytes after"
            );
        }
    }
}

#[test]
fn recorded_blocks_survive_a_single_cut_at_every_byte() {
    for (name, stream) in recordings() {
        // That of a long block takes time by the square of its length.
        for (start, block) in blocks(&stream).filter(|(_, block)| block.len() < 600) {
            let expected = from_batches(&mut Decoder::new(), [block]);
            for place in 0..block.len() {
                let pieces = cut(block, &[place]);
                assert_eq!(
                    from_batches(&mut Decoder::new(), pieces),
                    expected,
                    "{name}, byte {}",
                    start + place
                );
            }
        }
    }
}

#[test]
fn payloads_too_large_for_a_batch_arrive_in_order() {
    let long = "x".repeat(70_000);
    let chinese = "\u{4f60}".repeat(30_000);
    let frames = [
        json!({"event": "token", "data": "before"}),
        json!({"event": "token", "data": long}),
        json!({"event": "token", "data": format!("{long}\n{chinese}")}),
        json!({"event": "agentFlowExecutedData", "data": [long, chinese]}),
        json!({"event": "somethingNew", "data": chinese}),
        json!({"event": "token", "data": long, "duration": 1}),
        json!({"event": long, "data": "a name"}),
        json!({"event": "token", "data": "after"}),
    ];
    // As Flowise writes them: the event first.
    let write = |frame: &Value| {
        let duration = frame
            .get("duration")
            .map(|duration| format!(",\"duration\":{duration}"));
        format!(
            "data:{{\"event\":{},\"data\":{}{}}}\n\n",
            frame["event"],
            frame["data"],
            duration.unwrap_or_default()
        )
    };
    let stream: String = frames.iter().map(write).collect();
    let expected = from_reference(stream.as_bytes(), usize::MAX);
    assert_eq!(expected.len(), frames.len());
    for size in [1000, 65_536, stream.len()] {
        assert_eq!(
            from_batches(&mut Decoder::new(), stream.as_bytes().chunks(size)),
            expected
        );
    }
}

#[test]
fn more_events_than_a_batch_holds_arrive() {
    let stream: String = (0..10_000)
        .map(|number| format!("data:{{\"event\":\"token\",\"data\":\"{number}\"}}\n\n"))
        .collect();
    let expected: Vec<_> = (0..10_000)
        .map(|number: u32| event("token", json!(number.to_string())))
        .collect();
    assert_eq!(events(&stream), expected);
}

#[test]
fn short_tokens_in_every_form_give_the_same_events() {
    let tokens = [
        "",
        "a",
        " the",
        "fifteen bytes!!",
        "sixteen bytes !!",
        "seventeen bytes !",
        "\\n",
        "\\\"",
        "é",
        "🚀",
        "a\u{4f60}",
    ];
    let mut all = String::new();
    let mut expected = Vec::new();
    for prefix in [
        "",
        "message:\n",
        "message\n",
        "message:\r\n",
        ": comment\n",
        "messages\n",
        "id: 3\n",
    ] {
        for (colon, end) in [
            ("data:", "\n\n"),
            ("data: ", "\n\n"),
            ("data:", "\r\n\r\n"),
            ("data:", "\r\r"),
        ] {
            for token in tokens {
                let block =
                    format!("{prefix}{colon}{{\"event\":\"token\",\"data\":\"{token}\"}}{end}");
                let data: Value = serde_json::from_str(&format!("\"{token}\"")).unwrap();
                assert_eq!(events(&block), [event("token", data.clone())], "{block:?}");
                all += &block;
                expected.push(event("token", data));
            }
        }
    }
    for size in [1, 5, 61, all.len()] {
        assert_eq!(
            from_batches(&mut Decoder::new(), all.as_bytes().chunks(size)),
            expected,
            "{size} bytes at a time"
        );
    }
}

#[test]
fn a_token_with_another_byte_gives_what_a_json_parser_finds() {
    for prefix in ["", "message:\n", "message\n"] {
        for text in [
            "abc",
            "\u{e9}\u{4f60}",
            "\\n",
            "\\n\u{e9}",
            "longer than a block",
        ] {
            let block = format!("{prefix}data:{{\"event\":\"token\",\"data\":\"{text}\"}}\n\n");
            for place in 0..block.len() {
                for byte in [b'x', b'"', b'\\', b'\n', 0x1F, 0x80] {
                    let mut changed = block.clone().into_bytes();
                    changed[place] = byte;
                    // what begins a stream is not taken as a whole; the other end is for what the change leaves open
                    let stream = [
                        b"data\n\n",
                        changed.as_slice(),
                        b"\n\ndata: {\"event\":\"end\"}\n\n",
                    ]
                    .concat();
                    assert_eq!(
                        from_batches(&mut Decoder::new(), [stream.as_slice()]),
                        from_reference(&stream, usize::MAX),
                        "{:?}",
                        String::from_utf8_lossy(&stream)
                    );
                }
            }
        }
    }
}

#[test]
fn the_limit_holds_in_batches_too() {
    let stream = "data:{\"event\":\"token\",\"data\":\"abc\"}\n\ndata:{\"event\":\"token\",\"data\":\"abcd\"}\n\n";
    let limit = "{\"event\":\"token\",\"data\":\"abc\"}".len();
    for size in [1, 10, stream.len()] {
        let mut decoder = Decoder::with_max_message_bytes(limit);
        let pieces = stream.as_bytes().chunks(size);
        assert_eq!(
            from_batches(&mut decoder, pieces),
            [event("token", json!("abc")), Event::TooLong]
        );
    }
}
