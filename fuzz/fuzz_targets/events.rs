//! Any bytes, cut anywhere, give the events that the reference decoder and a JSON parser find.
//!
//! The first bytes of an input say where the rest is cut.

#![no_main]

#[path = "../../tests/support/mod.rs"]
mod support;

use flowise_stream::sse::Decoder;
use libfuzzer_sys::fuzz_target;
use support::{
    cut,
    events::{from_batches, from_reference},
};

fuzz_target!(|input: &[u8]| {
    let Some((&[a, b, c], stream)) = input.split_first_chunk() else {
        return;
    };
    let places = [a, b, c].map(|place| usize::from(place) * stream.len() / 255);

    let expected = from_reference(stream, usize::MAX);
    assert_eq!(
        from_batches(&mut Decoder::new(), cut(stream, &places)),
        expected
    );
    assert_eq!(
        from_batches(&mut Decoder::new(), stream.chunks(1)),
        expected
    );
});
