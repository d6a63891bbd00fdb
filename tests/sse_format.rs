//! The event stream format, rule by rule.

#![cfg(not(target_arch = "wasm32"))]

mod support;

use std::time::Duration;

use flowise_stream::sse::{Decoder, MessageTooLong};
use support::{
    CUTS_APART, OwnedMessage, blocks, cut, messages, pieces_from, recordings, reference, results,
};

fn message(event: &str, data: &str, last_event_id: &str) -> OwnedMessage {
    OwnedMessage {
        event: event.to_owned(),
        data: data.to_owned(),
        last_event_id: last_event_id.to_owned(),
    }
}

fn data(data: &str) -> OwnedMessage {
    message("message", data, "")
}

/// Name, stream and messages.
type Case = (&'static str, &'static [u8], Vec<OwnedMessage>);

fn cases() -> Vec<Case> {
    vec![
        // The standard's own examples.
        (
            "the stock ticker",
            b"data: YHOO\ndata: +2\ndata: 10\n\n",
            vec![data("YHOO\n+2\n10")],
        ),
        (
            "four blocks: a comment, an id, its reset, and an unfinished one",
            b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n",
            vec![message("message", "first event", "1"), message("message", "second event", "")],
        ),
        (
            "the same with its end",
            b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
            vec![
                message("message", "first event", "1"),
                message("message", "second event", ""),
                message("message", " third event", ""),
            ],
        ),
        (
            "data fields without values",
            b"data\n\ndata\ndata\n\ndata:",
            vec![data(""), data("\n")],
        ),
        (
            "a space behind the colon does not count",
            b"data:test\n\ndata: test\n\n",
            vec![data("test"), data("test")],
        ),
        (
            "event types",
            b"event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\nevent: add\ndata: 113411\n\n",
            vec![message("add", "73857293", ""), message("remove", "2153", ""), message("add", "113411", "")],
        ),
        // Line ends.
        ("CR", b"data: a\rdata: b\r\rdata: c\r\r", vec![data("a\nb"), data("c")]),
        ("CRLF", b"data: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n", vec![data("a\nb"), data("c")]),
        ("all mixed", b"data: a\r\ndata: b\n\rdata: c\n\r\n", vec![data("a\nb"), data("c")]),
        ("CR and LF of two lines", b"data: a\n\r\ndata: b\n\r", vec![data("a"), data("b")]),
        // Byte order marks.
        ("one at the start", b"\xEF\xBB\xBFdata: a\n\n", vec![data("a")]),
        ("a second one", b"\xEF\xBB\xBF\xEF\xBB\xBFdata: a\n\n", vec![]),
        ("one later", b"data: a\n\n\xEF\xBB\xBFdata: b\n\n", vec![data("a")]),
        ("one in data", b"data: \xEF\xBB\xBFa\n\n", vec![data("\u{feff}a")]),
        ("a part of one", b"\xEF\xBBdata: a\n\ndata: b\n\n", vec![data("b")]),
        // UTF-8: one U+FFFD for each maximal part of a character.
        ("a lone byte", b"data: a\xFFb\n\n", vec![data("a\u{fffd}b")]),
        ("a cut character", b"data: \xF0\x9F\x9A\n\n", vec![data("\u{fffd}")]),
        ("an overlong form", b"data: \xC0\xAF\n\n", vec![data("\u{fffd}\u{fffd}")]),
        ("a surrogate", b"data: \xED\xA0\x80\n\n", vec![data("\u{fffd}\u{fffd}\u{fffd}")]),
        ("beyond Unicode", b"data: \xF4\x90\x80\x80\n\n", vec![data("\u{fffd}\u{fffd}\u{fffd}\u{fffd}")]),
        (
            "two cut characters",
            b"data: \xE2\x82\xE2\x82\xAC\xF0\x9F\n\n",
            vec![data("\u{fffd}\u{20ac}\u{fffd}")],
        ),
        ("in a type and an id", b"event: \xFF\nid: \xFE\ndata\n\n", vec![message("\u{fffd}", "", "\u{fffd}")]),
        // Fields.
        ("a comment", b":data: a\n\n: b\ndata: c\n:\n\n", vec![data("c")]),
        ("other fields, and fields that only begin alike", b"dataa: 1\ndat: 2\n data: 3\nDATA: 4\nfoo\n\n", vec![]),
        ("an event type without data", b"event: a\n\ndata: b\n\n", vec![data("b")]),
        ("an empty event type", b"event: a\nevent:\ndata: b\n\n", vec![data("b")]),
        ("the last event type counts", b"event: a\ndata: x\nevent: b\n\n", vec![message("b", "x", "")]),
        ("an id with NUL", b"id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n", vec![message("message", "a", "1"), message("message", "b", "1")]),
        ("an id without data", b"id: 7\n\ndata: a\n\n", vec![message("message", "a", "7")]),
        ("colons in a value", b"data: a: b:c\n\n", vec![data("a: b:c")]),
        ("NUL in data", b"data: a\0b\n\n", vec![data("a\0b")]),
        // What Flowise writes.
        ("message lines", b"message:\ndata:{}\n\nmessage\ndata:{}\n\n", vec![data("{}"), data("{}")]),
        ("heartbeats", b":heartbeat\n\ndata:{}\n\n:heartbeat\n\n", vec![data("{}")]),
    ]
}

#[test]
fn streams_are_read_as_the_standard_says() {
    for (name, stream, expected) in cases() {
        assert_eq!(messages([stream]), expected, "{name}");
        let reference: Vec<_> = reference::messages(stream, usize::MAX)
            .into_iter()
            .map(Result::unwrap)
            .collect();
        assert_eq!(reference, expected, "{name}, by the reference");
    }
}

#[test]
fn messages_survive_a_cut_at_every_byte_and_every_two() {
    for (name, stream, expected) in cases() {
        assert_eq!(messages(stream.chunks(1)), expected, "{name}, byte by byte");
        for first in 0..=stream.len() {
            for second in first..=stream.len() {
                assert_eq!(
                    messages(cut(stream, &[first, second])),
                    expected,
                    "{name}, cut at {first} and {second}"
                );
            }
        }
    }
}

#[test]
fn recorded_streams_survive_a_cut_at_every_byte() {
    for (name, stream) in recordings() {
        let whole = messages([stream.as_slice()]);
        assert!(!whole.is_empty(), "{name}");
        assert_eq!(messages(stream.chunks(1)), whole, "{name}, byte by byte");
        for first in 1..=CUTS_APART {
            let pieces = pieces_from(&stream, first, CUTS_APART);
            assert_eq!(
                messages(pieces),
                whole,
                "{name}, cut at {first} and every {CUTS_APART} bytes after"
            );
        }
    }
}

#[test]
fn recorded_blocks_survive_a_single_cut_at_every_byte() {
    for (name, stream) in recordings() {
        // A cut matters to the block it is in: the blocks around it need not be decoded again. That of a long block is as good as any
        // of the many cuts above, and takes time by the square of its length.
        for (start, block) in blocks(&stream).filter(|(_, block)| block.len() < 2500) {
            let expected = messages([block]);
            for place in 0..block.len() {
                assert_eq!(
                    messages(cut(block, &[place])),
                    expected,
                    "{name}, cut at byte {}",
                    start + place
                );
            }
        }
    }
}

#[test]
fn a_cr_at_the_end_of_a_piece_ends_the_line_at_once() {
    let mut decoder = Decoder::new();
    decoder.push(b"data: a\r\n\r");
    assert_eq!(decoder.next_message().unwrap().unwrap().data(), "a");
    assert!(decoder.next_message().is_none());
    decoder.push(b"\n");
    assert!(decoder.next_message().is_none());
    decoder.push(b"data: b\r\r");
    assert_eq!(decoder.next_message().unwrap().unwrap().data(), "b");
}

#[test]
fn retry_sets_the_reconnection_time_if_it_is_a_number() {
    for (stream, expected) in [
        ("retry: 1500\n", Some(1500)),
        ("retry:0\n", Some(0)),
        ("retry\n", None),
        ("retry: 1e3\n", None),
        ("retry: -1\n", None),
        ("retry:  1\n", None),
        ("retry: 99999999999999999999999999\n", None),
        ("retry: 10\nretry: x\n", Some(10)),
        ("retry: 10", None),
    ] {
        let mut decoder = Decoder::new();
        decoder.push(stream.as_bytes());
        assert!(decoder.next_message().is_none());
        assert_eq!(
            decoder.reconnection_time(),
            expected.map(Duration::from_millis),
            "{stream}"
        );
    }
}

#[test]
fn the_last_event_id_is_that_of_the_last_block_that_ended() {
    let mut decoder = Decoder::new();
    decoder.push(b"id: 1\n");
    assert!(decoder.next_message().is_none());
    assert_eq!(decoder.last_event_id(), "");
    decoder.push(b"\n");
    assert!(decoder.next_message().is_none());
    assert_eq!(decoder.last_event_id(), "1");
}

#[test]
fn an_unfinished_block_is_reported_and_dropped_at_the_end() {
    for (stream, unfinished) in [
        ("", false),
        ("data: a\n\n", false),
        ("data: a\n\n:heartbeat\n\n", false),
        ("data: a\n", true),
        ("data: a", true),
        ("event: a\n", true),
        ("data: a\n\n:heart", true),
    ] {
        let mut decoder = Decoder::new();
        decoder.push(stream.as_bytes());
        while decoder.next_message().is_some() {}
        assert_eq!(decoder.is_mid_message(), unfinished, "{stream}");
        decoder.reset();
        assert!(!decoder.is_mid_message());
        decoder.push(b"\xEF\xBB\xBFdata: new\n\n");
        assert_eq!(
            decoder.next_message().unwrap().unwrap(),
            decoder_message("new"),
            "{stream}"
        );
    }

    fn decoder_message(data: &str) -> flowise_stream::sse::Message<'static> {
        let decoder = Box::leak(Box::new(Decoder::new()));
        decoder.push(format!("data: {data}\n\n").as_bytes());
        decoder.next_message().unwrap().unwrap()
    }
}

#[test]
fn bytes_may_be_written_in_place() {
    let mut decoder = Decoder::new();
    let room = decoder.spare(9);
    assert!(room.len() >= 9);
    room[..9].copy_from_slice(b"data: a\n\n");
    decoder.advance(9);
    assert_eq!(decoder.next_message().unwrap().unwrap().data(), "a");
}

#[test]
fn a_message_beyond_the_limit_is_an_error_and_the_next_one_is_not() {
    let limit = 10;
    for (name, stream, expected) in [
        (
            "just within",
            "data: 0123456789\n\n",
            vec![Some("0123456789")],
        ),
        (
            "one line",
            "data: 0123456789a\n\ndata: b\n\n",
            vec![None, Some("b")],
        ),
        (
            "several lines",
            "data: 01234\ndata: 6789a\n\ndata: b\n\n",
            vec![None, Some("b")],
        ),
        (
            "several lines within",
            "data: 01234\ndata: 6789\n\n",
            vec![Some("01234\n6789")],
        ),
        (
            "once for each",
            "data: 0123456789a\ndata: 0123456789b\n\ndata: 0123456789c\n\n",
            vec![None, None],
        ),
        (
            "an event type",
            "event: 0123456789a\ndata: a\n\ndata: b\n\n",
            vec![None, Some("b")],
        ),
        (
            "an id",
            "id: 0123456789a\ndata: a\n\ndata: b\n\n",
            vec![None, Some("b")],
        ),
        (
            "comments do not count",
            ":0123456789a\nfoo: 0123456789a\ndata: b\n\n",
            vec![Some("b")],
        ),
    ] {
        let expected: Vec<_> = expected
            .into_iter()
            .map(|expected| expected.map(data).ok_or(MessageTooLong { limit }))
            .collect();
        let stream = stream.as_bytes();
        for place in 0..=stream.len() {
            let mut decoder = Decoder::with_max_message_bytes(limit);
            assert_eq!(
                results(&mut decoder, cut(stream, &[place])),
                expected,
                "{name}, cut at {place}"
            );
        }
        let mut decoder = Decoder::with_max_message_bytes(limit);
        assert_eq!(
            results(&mut decoder, stream.chunks(1)),
            expected,
            "{name}, byte by byte"
        );
    }
}

#[test]
fn the_error_says_what_to_do() {
    let message = MessageTooLong { limit: 10 }.to_string();
    assert!(
        message.contains("10 bytes") && message.contains("raise the limit"),
        "{message}"
    );
}
