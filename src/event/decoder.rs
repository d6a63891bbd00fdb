//! Decodes what the transports deliver into [`Event`]s.

use std::borrow::Cow;
use std::collections::VecDeque;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::decode::{bare, from_value};
use super::halves::{Halves, REPLACEMENT, join};
use super::{Event, Thinking, parse};
use crate::error::{Error, ErrorKind};
use crate::frame::{EventKind, Frame, Plain};
use crate::sse;

impl Event {
    /// Reads a frame as Flowise writes it: `{"event":"token","data":"Hello"}`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`] if it is not JSON.
    pub fn parse(frame: &str) -> Result<Self, Error> {
        from_frame(frame, "message", None)
    }

    /// Reads a message of an event stream. For speech, the event's name is the message's event type; for all other events it is in
    /// the data.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`] if its data is not JSON.
    pub fn from_message(message: &sse::Message<'_>) -> Result<Self, Error> {
        from_frame(&message.data(), message.event(), None)
    }

    /// Reads an event from a name and a value.
    ///
    /// ```
    /// use flowise_stream::Event;
    /// use serde_json::json;
    ///
    /// assert_eq!(Event::from_parts("nextAgent", json!("Reviewer")), Event::NextAgent("Reviewer".into()));
    /// let mood = Event::Unknown { name: "mood".into(), data: json!(42), extra: Default::default() };
    /// assert_eq!(Event::from_parts("mood", json!(42)), mood);
    /// ```
    #[must_use]
    pub fn from_parts(name: &str, data: Value) -> Self {
        from_value(name, data, Map::new())
    }
}

/// Decodes an answer: push the bytes of a body or the events of a socket, and pull [`Event`]s.
///
/// It holds only the current event. [`Event::End`] is the last event that a server sends; the decoder still decodes anything
/// after it. If a server splits a character between two tokens, the second one contains the whole character.
///
/// ```
/// use flowise_stream::{Event, EventDecoder};
///
/// let mut decoder = EventDecoder::new();
/// decoder.push(b"message:\ndata:{\"event\":\"token\",\"data\":\"Hel");
/// assert!(decoder.next().is_none());
/// decoder.push(b"lo\"}\n\n");
/// assert_eq!(decoder.next().expect("an event")?, Event::Token("Hello".into()));
///
/// // the event of a Socket.IO server: its name, and its argument as JSON
/// decoder.push_event("token", r#"", world""#);
/// assert_eq!(decoder.next().expect("an event")?, Event::Token(", world".into()));
/// # Ok::<(), flowise_stream::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct EventDecoder {
    sse: sse::Decoder,
    halves: Halves,
    /// Decoded events that have not been pulled yet.
    ready: VecDeque<Result<Event, Error>>,
}

impl EventDecoder {
    /// Creates a decoder at the start of an answer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a decoder that skips events of more than `limit` bytes.
    #[must_use]
    pub fn with_max_message_bytes(limit: usize) -> Self {
        Self {
            sse: sse::Decoder::with_max_message_bytes(limit),
            ..Self::default()
        }
    }

    /// Takes the next bytes of the body. Pull all events before pushing more, or the bytes accumulate.
    pub fn push(&mut self, bytes: &[u8]) {
        self.sse.push(bytes);
    }

    /// Takes an event without a body, as from a Socket.IO server: its name, and its payload as JSON text.
    pub fn push_event(&mut self, name: &str, payload: &str) {
        let kind = EventKind::from_name(name);
        let data = match parse(payload) {
            Ok(Value::String(_)) => read_text(kind, inside(payload), Some(&mut self.halves)),
            other => other,
        };
        let event = match data {
            Ok(data) => Ok(from_value(name, data, Map::new())),
            Err(error) => bare(kind).ok_or(error),
        };
        self.make_ready(event);
    }

    /// Returns space for at least `len` bytes, to write the next bytes in place: see [`sse::Decoder::spare`].
    pub fn spare(&mut self, len: usize) -> &mut [u8] {
        self.sse.spare(len)
    }

    /// Takes the first `len` bytes of [`spare`](Self::spare) as the next bytes: see [`sse::Decoder::advance`].
    ///
    /// # Panics
    ///
    /// If `spare` did not return that much space.
    pub fn advance(&mut self, len: usize) {
        self.sse.advance(len);
    }

    /// Nothing follows the end, so waiting halves of characters are delivered before it.
    fn make_ready(&mut self, event: Result<Event, Error>) {
        if matches!(event, Ok(Event::End)) {
            let mut waits = |kind| {
                self.halves
                    .of(kind)
                    .is_some_and(|half| half.take().is_some())
            };
            if waits(EventKind::Thinking) {
                let text = REPLACEMENT.to_owned();
                let thinking = Thinking {
                    text,
                    duration: None,
                };
                self.ready.push_back(Ok(Event::Thinking(thinking)));
            }
            if waits(EventKind::Token) {
                self.ready
                    .push_back(Ok(Event::Token(REPLACEMENT.to_owned())));
            }
        }
        self.ready.push_back(event);
    }
}

/// The complete events. `None` does not end the iterator: there may be more after another [`push`](EventDecoder::push).
///
/// An error concerns one event ([`ErrorKind::Decode`] or [`ErrorKind::MessageTooLong`]); the following ones are not affected.
impl Iterator for EventDecoder {
    type Item = Result<Event, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.is_empty() {
            let event = match self.sse.next_message()? {
                Ok(message) => from_frame(&message.data(), message.event(), Some(&mut self.halves)),
                Err(error) => Err(Error::new(ErrorKind::MessageTooLong, error.to_string())),
            };
            self.make_ready(event);
        }
        self.ready.pop_front()
    }
}

/// Reads the data of a message. Without `halves`, half of a character at either end is replaced at once.
fn from_frame(frame: &str, event_type: &str, halves: Option<&mut Halves>) -> Result<Event, Error> {
    let (name, data) = match Frame::parse(frame) {
        Frame::Text { name, text } => (name, read_text(name.kind(), text.as_escaped(), halves)),
        Frame::Json { name, json } => (name, parse(json)),
        Frame::Other(_) => return from_other(frame, event_type, halves),
    };
    match data {
        Ok(data) => Ok(from_value(name.as_str(), data, Map::new())),
        Err(error) => bare(name.kind()).ok_or(error),
    }
}

/// Reads data in another form than Flowise's usual one.
fn from_other(frame: &str, event_type: &str, halves: Option<&mut Halves>) -> Result<Event, Error> {
    let plain = Plain::of(event_type, frame.as_bytes());
    let mut members = match parse(frame) {
        Ok(Value::Object(members)) if members.get("event").is_some_and(Value::is_string) => members,
        Ok(data) if !is_text(plain, Some(&data)) => {
            return Ok(from_value(event_type, data, Map::new()));
        }
        Err(error) if !is_text(plain, None) => return Err(error),
        _ => return Ok(from_value(event_type, frame.into(), Map::new())),
    };
    let name = members.shift_remove("event").unwrap_or_default();
    let name = name.as_str().unwrap_or_default();
    let mut data = members.shift_remove("data").unwrap_or_default();
    if let (true, Ok(raw)) = (data.is_string(), serde_json::from_str::<Payload<'_>>(frame)) {
        data = read_text(EventKind::from_name(name), inside(raw.data.get()), halves)?;
    }
    Ok(from_value(name, data, members))
}

/// Whether data that is not a frame is plain text, although it may look like JSON.
fn is_text(plain: Plain, json: Option<&Value>) -> bool {
    match plain {
        Plain::Never => false,
        Plain::Malformed => json.is_none(),
        Plain::Scalar => !matches!(
            json,
            Some(Value::String(_) | Value::Array(_) | Value::Object(_))
        ),
        Plain::Always => !matches!(json, Some(Value::String(_))),
    }
}

/// The payload of a frame, unparsed.
#[derive(Deserialize)]
struct Payload<'a> {
    #[serde(borrow)]
    data: &'a RawValue,
}

/// The content of a JSON string.
fn inside(string: &str) -> &str {
    let string = string.trim_matches([' ', '\t', '\n', '\r']);
    string.get(1..string.len() - 1).unwrap_or_default()
}

/// Reads the content of a JSON string, and joins it with the half of a character before it.
fn read_text(kind: EventKind, escaped: &str, halves: Option<&mut Halves>) -> Result<Value, Error> {
    let mut waiting = halves.and_then(|halves| halves.of(kind));
    let before = waiting.as_deref().copied();
    let escaped = match &mut waiting {
        Some(waiting) => join(waiting, escaped),
        None => Cow::Borrowed(escaped),
    };
    if !escaped.contains('\\') {
        return Ok(Value::String(escaped.into_owned()));
    }
    let read = parse(&["\"", &escaped, "\""].concat());
    if let (Err(_), Some(waiting), Some(before)) = (&read, waiting, before) {
        // an unreadable text leaves the waiting half for the next one
        *waiting = before;
    }
    read
}

fn parse(text: &str) -> Result<Value, Error> {
    parse::json(text, ErrorKind::Decode, "a message of the server")
}
