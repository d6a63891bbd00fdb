//! The recordings of real servers, decoded by the Rust API.

#![allow(dead_code, reason = "every test file uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};

use flowise_stream::{Answer, Event, EventDecoder, Prediction};
use serde_json::Value;

pub(crate) fn recordings(version: &str, extension: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/recordings")
        .join(version);
    let mut files: Vec<_> = fs::read_dir(&folder)
        .expect("a folder of recordings")
        .map(|entry| entry.expect("a recording").path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    files.sort();
    assert!(files.len() > 10, "{} has few recordings", folder.display());
    files
}

pub(crate) fn decode(body: &[u8]) -> Vec<Event> {
    let mut decoder = EventDecoder::new();
    decoder.push(body);
    decoder.map(|event| event.expect("an event")).collect()
}

pub(crate) fn recording(name: &str) -> Vec<Event> {
    let file = ["tests/recordings/flowise-3.1.4/", name, ".sse"].concat();
    decode(&fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap())
}

pub(crate) fn answer(events: &[Event]) -> Prediction {
    let mut answer = Answer::new();
    events.iter().for_each(|event| answer.apply(event));
    answer.into_prediction()
}

/// The events of a recording of Flowise 2.0.7, with the reply of the request.
pub(crate) fn socket_io_recording(path: &Path) -> (Vec<Event>, Value) {
    let recording: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let events = recording["events"].as_array().cloned().unwrap_or_default();
    let events = events
        .into_iter()
        .map(|event| Event::from_parts(event[1].as_str().unwrap(), event[2].clone()))
        .collect();
    let body = recording["reply"]["body"].as_str().unwrap_or_default();
    (events, serde_json::from_str(body).unwrap_or_default())
}
