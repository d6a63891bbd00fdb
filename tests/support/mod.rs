//! What the tests of the decoder share.

#![allow(dead_code, reason = "every test file uses a part of it")]

pub(crate) mod events;
pub(crate) mod reference;

use std::{fs, path::Path};

use flowise_stream::sse::{Decoder, MessageTooLong};

/// A message with everything in it, so that two runs can be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OwnedMessage {
    pub(crate) event: String,
    pub(crate) data: String,
    pub(crate) last_event_id: String,
}

/// Decodes a stream that arrives in these pieces.
pub(crate) fn messages<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<OwnedMessage> {
    results(&mut Decoder::new(), pieces)
        .into_iter()
        .map(|result| result.expect("no limit is reached"))
        .collect()
}

/// Decodes a stream that arrives in these pieces, limits and all.
pub(crate) fn results<'a>(
    decoder: &mut Decoder,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Vec<Result<OwnedMessage, MessageTooLong>> {
    let mut results = Vec::new();
    for piece in pieces {
        decoder.push(piece);
        while let Some(result) = decoder.next_message() {
            results.push(result.map(|message| OwnedMessage {
                event: message.event().to_owned(),
                data: message.data().into_owned(),
                last_event_id: message.last_event_id().to_owned(),
            }));
        }
    }
    results
}

/// Decodes a stream over and over, and holds the decoder to the memory that its documentation promises.
pub(crate) fn assert_bounded_memory(limit: usize, stream: &[u8]) {
    const PIECE: usize = 64;
    const TIMES: usize = 20;
    // Data in the buffer and joined, an event type and two ids, each with the room that a growing vector has in reserve. A byte that
    // is no UTF-8 becomes three.
    let bound = 2 * PIECE + 24 * (limit + 64);
    let mut decoder = Decoder::with_max_message_bytes(limit);
    for piece in (0..TIMES).flat_map(|_| stream.chunks(PIECE)) {
        decoder.push(piece);
        while decoder.next_message().is_some() {}
        assert!(
            decoder.memory() <= bound,
            "{} bytes, with a limit of {limit}",
            decoder.memory()
        );
    }
}

/// The recorded streams of a real server: names and bytes.
pub(crate) fn recordings() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/flowise-3.1.4");
    let mut recordings: Vec<_> = fs::read_dir(folder)
        .expect("the recordings' folder")
        .map(|entry| entry.expect("an entry of the folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sse"))
        .map(|path| {
            (
                path.file_name()
                    .expect("a name")
                    .to_string_lossy()
                    .into_owned(),
                fs::read(&path).expect("a readable file"),
            )
        })
        .collect();
    recordings.sort();
    assert!(recordings.len() > 40, "the recordings are there");
    recordings
}

/// The blocks of a stream, and where they begin.
pub(crate) fn blocks(stream: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let ends = |two: &[u8]| two == b"\n\n";
        let length = stream[start..].windows(2).position(ends)? + 2;
        let block = &stream[start..start + length];
        start += length;
        Some((start - length, block))
    })
}

/// How far apart cuts are when a stream has many: further than any word that a decoder looks for.
pub(crate) const CUTS_APART: usize = 61;

/// The bytes cut at `first`, and then every `apart` bytes: with each `first` up to `apart`, every byte is cut at once.
pub(crate) fn pieces_from(bytes: &[u8], first: usize, apart: usize) -> impl Iterator<Item = &[u8]> {
    let (head, rest) = bytes.split_at(first.min(bytes.len()));
    std::iter::once(head).chain(rest.chunks(apart))
}

/// The bytes cut at these places, which need not be in order or within the bytes.
pub(crate) fn cut<'a>(bytes: &'a [u8], places: &[usize]) -> Vec<&'a [u8]> {
    let mut places: Vec<_> = places.iter().map(|&place| place.min(bytes.len())).collect();
    places.sort_unstable();
    let mut pieces = Vec::new();
    let mut from = 0;
    for place in places {
        pieces.push(&bytes[from..place]);
        from = place;
    }
    pieces.push(&bytes[from..]);
    pieces
}
