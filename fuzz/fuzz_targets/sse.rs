//! Any bytes, cut anywhere, give the messages that the reference decoder finds, within bounded memory.
//!
//! The first bytes of an input say where the rest is cut, and at how long a message the decoder gives up.

#![no_main]

#[path = "../../tests/support/mod.rs"]
mod support;

use flowise_stream::sse::Decoder;
use libfuzzer_sys::fuzz_target;
use support::{assert_bounded_memory, cut, messages, reference, results};

fuzz_target!(|input: &[u8]| {
    let Some((&[limit, a, b, c], stream)) = input.split_first_chunk() else {
        return;
    };
    let places = [a, b, c].map(|place| usize::from(place) * stream.len() / 255);

    let expected: Vec<_> = reference::messages(stream, usize::MAX)
        .into_iter()
        .flatten()
        .collect();
    assert_eq!(messages(cut(stream, &places)), expected);
    assert_eq!(messages(stream.chunks(1)), expected);

    // What becomes of messages that are too long does not depend on the cuts either.
    let limited = |pieces: Vec<&[u8]>| {
        let mut decoder = Decoder::with_max_message_bytes(limit.into());
        results(&mut decoder, pieces)
    };
    assert_eq!(
        limited(cut(stream, &places)),
        limited(stream.chunks(1).collect())
    );
    assert_bounded_memory(limit.into(), stream);
});
