//! Events as JavaScript gets them: from batches, and by a JSON parser alone.

use flowise_stream::{
    batch::{Batch, Form},
    frame::{EventKind, Plain},
    sse::Decoder,
};
use serde_json::{Map, Value};

use super::{OwnedMessage, reference};

/// An event, or what became of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Event {
    Named {
        name: String,
        data: Option<Value>,
        extra: Map<String, Value>,
    },
    /// The message's data is no JSON.
    Malformed(String),
    TooLong,
}

/// An event of this name, with these data alone.
pub(crate) fn event(name: &str, data: Value) -> Event {
    Event::Named {
        name: name.to_owned(),
        data: Some(data),
        extra: Map::new(),
    }
}

/// The events of a stream that arrives in one piece.
pub(crate) fn events(stream: &str) -> Vec<Event> {
    from_batches(&mut Decoder::new(), [stream.as_bytes()])
}

/// The events of a stream that arrives in these pieces, by way of batches.
pub(crate) fn from_batches<'a>(
    decoder: &mut Decoder,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Vec<Event> {
    let mut batch = Batch::new();
    let mut events = Vec::new();
    for piece in pieces {
        decoder.push(piece);
        loop {
            let more = batch.fill(decoder);
            read(&batch, decoder, &mut events);
            if !more {
                break;
            }
        }
    }
    events
}

/// Reads a batch as `src/browser/decoder.js` does.
fn read(batch: &Batch, decoder: &Decoder, events: &mut Vec<Event>) {
    assert!(batch.text().is_ascii());
    let narrow: Vec<u16> = batch.text().iter().map(|&byte| byte.into()).collect();
    let wide = batch.wide();
    let mut starts = [0, 0];
    for entry in batch.entries() {
        let mut name = entry.kind.name().to_owned();
        let text = if entry.wide { wide } else { &narrow };
        let start = &mut starts[usize::from(entry.wide)];
        let mut payload = &text[*start..entry.end as usize];
        *start = entry.end as usize;
        // So that strings take one byte a character where they can.
        let wide_for_nothing = entry.wide && payload.iter().all(|&unit| unit < 0x80);
        assert!(!wide_for_nothing || entry.name_units > 0 || entry.large);
        if entry.name_units > 0 {
            let (its_name, rest) = payload.split_at(entry.name_units.into());
            name = String::from_utf16(its_name).expect("a name");
            payload = rest;
        }
        let payload = if entry.large {
            assert!(payload.is_empty());
            String::from_utf8_lossy(batch.large(decoder).expect("the last entry is large"))
                .into_owned()
        } else {
            String::from_utf16(payload).expect("a payload")
        };
        events.push(match entry.form {
            Form::Text => Event::Named {
                name,
                data: Some(Value::String(payload)),
                extra: Map::new(),
            },
            Form::Json => match serde_json::from_str(&payload) {
                Ok(data) => Event::Named {
                    name,
                    data: Some(data),
                    extra: Map::new(),
                },
                Err(_) => Event::Malformed(format!(
                    "{{\"event\":{},\"data\":{payload}}}",
                    Value::String(name)
                )),
            },
            Form::Other => {
                assert_eq!(entry.plain, Plain::of(&name, payload.as_bytes()));
                parse(&name, &payload)
            }
            Form::TooLong => Event::TooLong,
        });
    }
    assert_eq!(
        starts,
        [narrow.len(), wide.len()],
        "all text belongs to an entry"
    );
}

/// The events of a stream, by the reference decoder and a JSON parser.
pub(crate) fn from_reference(stream: &[u8], limit: usize) -> Vec<Event> {
    reference::messages(stream, limit)
        .into_iter()
        .map(|result| match result {
            Ok(OwnedMessage { event, data, .. }) => parse(&event, &data),
            Err(()) => Event::TooLong,
        })
        .collect()
}

fn parse(event_type: &str, data: &str) -> Event {
    let named = |data| Event::Named {
        name: if event_type.is_empty() {
            "message".to_owned()
        } else {
            event_type.to_owned()
        },
        data: Some(data),
        extra: Map::new(),
    };
    match serde_json::from_str(data) {
        Ok(Value::Object(mut frame)) if frame.get("event").is_some_and(Value::is_string) => {
            let Some(Value::String(name)) = frame.remove("event") else {
                unreachable!()
            };
            Event::Named {
                name,
                data: frame.remove("data"),
                extra: frame,
            }
        }
        Ok(value) if !reads_as_text(event_type, data, Some(&value)) => named(value),
        Err(_) if !reads_as_text(event_type, data, None) => Event::Malformed(data.to_owned()),
        _ => named(data.into()),
    }
}

/// Whether data that is no frame is a text, and not the JSON that it may be.
fn reads_as_text(event_type: &str, data: &str, value: Option<&Value>) -> bool {
    if data.starts_with("{\"event\"") {
        return false;
    }
    match event_type {
        "" | "message" => false,
        "token" | "thinking" | "nextAgent" | "tool" => !value.is_some_and(Value::is_string),
        "start" | "error" | "agentFlowEvent" => {
            !value.is_some_and(|value| value.is_string() || value.is_object() || value.is_array())
        }
        "end" | "abort" | "tts_abort" | "executionEnd" => value.is_none(),
        name if EventKind::from_name(name) == EventKind::Unknown => {
            value.is_none() && !data.starts_with(['{', '['])
        }
        _ => false,
    }
}
