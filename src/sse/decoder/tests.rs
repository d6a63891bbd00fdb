//! The work of the decoder does not grow faster than the stream.

use super::*;

/// Pushes a stream of about `size` bytes in pieces; returns the number of bytes pushed, and of bytes looked at or moved for it.
fn work(size: usize, piece: usize, line: &[u8]) -> (usize, usize) {
    let mut decoder = Decoder::new();
    decoder.push(b"data: first\n\n: a comment, so that something is in front\n");
    while decoder.next_message().is_some() {}
    let mut fed = 0;
    let mut messages = 0;
    let pieces = line
        .chunks(piece)
        .cycle()
        .take(size.div_ceil(piece))
        .chain([&b"\n\n"[..]]);
    for piece in pieces {
        decoder.push(piece);
        fed += piece.len();
        while decoder.next_message().is_some() {
            messages += 1;
        }
    }
    assert_eq!(messages, 1);
    (fed, decoder.bytes_touched)
}

#[test]
fn a_message_of_64_megabytes_is_scanned_once() {
    let megabyte = vec![b'x'; 1 << 20];
    for piece in [1400, 65_536] {
        let mut decoder = Decoder::new();
        decoder.push(b"data:");
        let mut fed = 5;
        for piece in megabyte.chunks(piece).cycle().take((64 << 20) / piece) {
            decoder.push(piece);
            fed += piece.len();
            assert!(decoder.next_message().is_none());
        }
        decoder.push(b"\n\n");
        let message = decoder
            .next_message()
            .expect("a message")
            .expect("no limit is reached");
        assert_eq!(message.data_bytes().len(), fed - 5);
        assert!(
            decoder.bytes_touched <= fed + 100,
            "{} for {fed}",
            decoder.bytes_touched
        );
    }
}

#[test]
fn every_byte_is_scanned_or_moved_at_most_a_few_times() {
    let short_lines = b"data: one line of many\n".repeat(40);
    let with_comments =
        b"data: one\n: a comment that is as long as the line above\nunknown: field\n".repeat(20);
    for line in [short_lines, with_comments] {
        for piece in [1, 3, 100, 1400] {
            let (fed, touched) = work(1 << 18, piece, &line);
            assert!(
                touched <= 3 * fed,
                "{touched} for {fed} in pieces of {piece}"
            );
        }
    }
}

#[test]
fn memory_is_given_back_after_a_large_message() {
    let mut decoder = Decoder::new();
    decoder.push(b"data:");
    decoder.push(&vec![b'x'; 8 << 20]);
    decoder.push(b"\ndata:x\n\n");
    assert!(decoder.next_message().is_some());
    decoder.push(b"data: a\n\n");
    assert!(decoder.next_message().is_some());
    assert!(decoder.memory() <= 1 << 20);
}

#[test]
fn endless_comments_and_unknown_fields_take_no_memory() {
    for start in [&b": "[..], b"unknown: "] {
        let mut decoder = Decoder::new();
        decoder.push(b"data: a\n");
        decoder.push(start);
        for _ in 0..10_000 {
            decoder.push(&[b'x'; 100]);
            assert!(decoder.next_message().is_none());
        }
        assert!(decoder.buffer.with_slack().len() < 10_000);
        decoder.push(b"\n\n");
        assert_eq!(
            decoder
                .next_message()
                .expect("a message")
                .expect("short")
                .data(),
            "a"
        );
    }
}
