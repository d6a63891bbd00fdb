//! For any bytes and any cuts, the decoder returns the same events as the reference decoder.

#![cfg(not(target_arch = "wasm32"))]

mod support;

use flowise_stream::sse::{Decoder, MessageTooLong};
use proptest::{collection::vec, prelude::*, sample::select};
use support::{
    assert_bounded_memory, cut,
    events::{from_batches, from_reference},
    recordings, reference, results,
};

/// Bytes that are nearly an event stream.
fn pieces_of_streams() -> impl Strategy<Value = Vec<u8>> {
    let piece = select(
        &[
            "data",
            "event",
            "id",
            "retry",
            "message",
            ":",
            ": ",
            " ",
            "\n",
            "\n\n",
            "\r",
            "\r\n",
            "\r\n\r\n",
            "\u{feff}",
            "\0",
            "a",
            "é",
            "你",
            "🚀",
            "1500",
            "data:",
            "data: a\n",
            "event: b\n",
            "id: c\n",
            ":heartbeat\n\n",
            "message:\n",
            "[DONE]",
            "data:{\"event\":\"token\",\"data\":\"",
            "{\"event\":\"",
            "token",
            "metadata",
            "other",
            "\",\"data\":",
            "\"",
            "\"}\n\n",
            "}\n\n",
            "\\n",
            "\\u00e9",
            "\\ud83d\\ude00",
            "\\ud83d",
            "\\x",
            "{\"a\":[1,\"}\"]}",
            "12",
            "null",
            ",\"duration\":2",
        ][..],
    )
    .prop_map(|text| text.as_bytes().to_vec());
    let broken = vec(any::<u8>(), 1..4);
    vec(prop_oneof![12 => piece, 1 => broken], 0..60).prop_map(|pieces| pieces.concat())
}

/// A stream as Flowise might write it.
fn flowise_streams() -> impl Strategy<Value = Vec<u8>> {
    let name = prop_oneof![4 => Just("token".to_owned()), 1 => "[a-zA-Z_]{0,12}", 1 => "\\PC{0,6}"];
    let payload = prop_oneof![
        4 => "[ -~]{0,40}".prop_map(serde_json::Value::from),
        2 => "\\PC{0,20}".prop_map(serde_json::Value::from),
        1 => any::<String>().prop_map(serde_json::Value::from),
        1 => any::<i32>().prop_map(serde_json::Value::from),
        1 => vec("[ -~]{0,8}", 0..4).prop_map(|texts| serde_json::json!([{ "list": texts }, null])),
    ];
    let prefix = select(
        &[
            "message:\n",
            "message\n",
            "",
            ":c\n",
            "event: x\n",
            "message:\r\n",
        ][..],
    );
    let end = select(&["\n\n", "\r\n\r\n", "\n\ndata\n\n", "\n"][..]);
    let block = (prefix, name, payload, end).prop_map(|(prefix, name, payload, end)| {
        format!(
            "{prefix}data:{{\"event\":{},\"data\":{payload}}}{end}",
            serde_json::Value::from(name)
        )
        .into_bytes()
    });
    vec(block, 0..12).prop_map(|blocks| blocks.concat())
}

fn streams() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![2 => pieces_of_streams(), 2 => flowise_streams(), 1 => vec(any::<u8>(), 0..200)]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1500) })]

    #[test]
    fn messages_are_those_of_the_reference(stream in streams(), places in vec(0..400usize, 0..6)) {
        let expected: Vec<_> = reference::messages(&stream, usize::MAX).into_iter().map(Result::unwrap).collect();
        let got: Vec<_> = results(&mut Decoder::new(), cut(&stream, &places)).into_iter().map(Result::unwrap).collect();
        prop_assert_eq!(&got, &expected);
        let got: Vec<_> = results(&mut Decoder::new(), stream.chunks(1)).into_iter().map(Result::unwrap).collect();
        prop_assert_eq!(&got, &expected);
    }

    #[test]
    fn events_are_those_of_the_reference(stream in streams(), places in vec(0..400usize, 0..6)) {
        let expected = from_reference(&stream, usize::MAX);
        prop_assert_eq!(&from_batches(&mut Decoder::new(), cut(&stream, &places)), &expected);
        prop_assert_eq!(&from_batches(&mut Decoder::new(), stream.chunks(1)), &expected);
    }

    #[test]
    fn limits_are_those_of_the_reference(stream in streams(), places in vec(0..400usize, 0..6), limit in 0..60usize) {
        // What replaces invalid bytes is longer than they are, and the reference counts it; and it knows whole lines only.
        let stream = String::from_utf8_lossy(&stream) + "\n";
        let stream = stream.as_bytes();
        let expected: Vec<_> = reference::messages(stream, limit)
            .into_iter()
            .map(|result| result.map_err(|()| MessageTooLong { limit }))
            .collect();
        let decoder = || Decoder::with_max_message_bytes(limit);
        prop_assert_eq!(&results(&mut decoder(), cut(stream, &places)), &expected);
        prop_assert_eq!(&results(&mut decoder(), stream.chunks(1)), &expected);
        prop_assert_eq!(from_batches(&mut decoder(), cut(stream, &places)), from_reference(stream, limit));
    }

    #[test]
    fn memory_is_bounded_for_any_input(stream in streams(), limit in 0..60usize) {
        assert_bounded_memory(limit, &stream);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4) })]

    #[test]
    fn recorded_streams_survive_any_three_cuts(fractions in prop::array::uniform3(0.0..1.0f64)) {
        for (name, stream) in recordings() {
            let places = fractions.map(|fraction| (fraction * stream.len() as f64) as usize);
            let got = from_batches(&mut Decoder::new(), cut(&stream, &places));
            prop_assert_eq!(got, from_reference(&stream, usize::MAX), "{} cut at {:?}", name, places);
        }
    }
}
