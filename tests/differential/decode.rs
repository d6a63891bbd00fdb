//! Decodes streams and replies with the Rust API, for `tests/differential.test.mjs`.
//!
//! Reads `{"streams": ["…"], "replies": ["…"]}`, and writes the events and the answer of each as JSON.

use std::io;

use flowise_stream::{Answer, EventDecoder};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let given: Value = serde_json::from_reader(io::stdin().lock())?;
    let texts = |name: &str| {
        given[name]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
    };
    let streams = texts("streams")
        .map(stream)
        .collect::<Result<Vec<_>, _>>()?;
    let replies = texts("replies").map(reply).collect::<Result<Vec<_>, _>>()?;
    serde_json::to_writer(
        io::stdout().lock(),
        &json!({ "streams": streams, "replies": replies }),
    )?;
    Ok(())
}

fn stream(body: &str) -> serde_json::Result<Value> {
    let mut decoder = EventDecoder::new();
    let mut answer = Answer::new();
    let mut events = Vec::new();
    // wherever the bytes are cut
    for piece in body.as_bytes().chunks(7) {
        decoder.push(piece);
        for event in decoder.by_ref() {
            events.push(match event {
                Ok(event) => {
                    answer.apply(&event);
                    serde_json::to_value(&event)?
                }
                Err(error) => json!({ "error": error.kind().code() }),
            });
        }
    }
    Ok(json!({ "events": events, "answer": serde_json::to_value(answer.into_prediction())? }))
}

fn reply(text: &str) -> serde_json::Result<Value> {
    let mut answer = Answer::new();
    match answer.apply_reply_json(text) {
        Ok(()) => serde_json::to_value(answer.into_prediction()),
        Err(error) => Ok(json!({ "error": error.kind().code() })),
    }
}
