//! From the wires to an [`Event`].

use std::borrow::Cow;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Event, Start, Thinking};
use crate::error::{Error, ErrorKind};
use crate::frame::{EventKind, Frame};
use crate::sse;
use crate::thrown::Thrown;

impl Event {
    /// Reads a frame as Flowise writes it: `{"event":"token","data":"Hello"}`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`] if it is no JSON.
    pub fn parse(frame: &str) -> Result<Self, Error> {
        from_frame(frame, "message")
    }

    /// Reads a message of an event stream. Speech comes with the event's name beside the data, all else with the name in
    /// the data.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`] if its data is no JSON.
    pub fn from_message(message: &sse::Message<'_>) -> Result<Self, Error> {
        from_frame(&message.data(), message.event())
    }

    /// Reads an event that came as a name and a value, as from a Socket.IO server.
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

fn from_frame(frame: &str, event_type: &str) -> Result<Event, Error> {
    match Frame::parse(frame) {
        Frame::Text { name, text } => {
            if let Some(text) = text.unescape() {
                return Ok(from_text(name.as_str(), text, Map::new()));
            }
        }
        Frame::Json { name, json } => {
            if let Some(event) = known(name.kind(), &Json(json)) {
                return Ok(event);
            }
        }
        Frame::Other(_) => {}
    }
    match parse(frame)? {
        Value::Object(mut members) if members.get("event").is_some_and(Value::is_string) => {
            let name = members.remove("event").unwrap_or_default();
            let data = members.remove("data").unwrap_or_default();
            Ok(from_value(name.as_str().unwrap_or_default(), data, members))
        }
        data => Ok(from_value(event_type, data, Map::new())),
    }
}

/// Reads JSON, also such as only JavaScript writes.
pub(crate) fn parse(frame: &str) -> Result<Value, Error> {
    let malformed = |error: serde_json::Error| {
        Error::new(
            ErrorKind::Decode,
            "a message of the server is not valid JSON",
        )
        .with_source(Thrown::text(&error))
    };
    match serde_json::from_str(frame) {
        Err(error) => {
            // half of a surrogate pair, which JavaScript's strings can hold and write
            serde_json::from_str(&without_lone_surrogates(frame)).map_err(|_| malformed(error))
        }
        value => value.map_err(malformed),
    }
}

/// Writes U+FFFD for every escape of half a surrogate pair.
fn without_lone_surrogates(json: &str) -> String {
    let unit = |at: usize| {
        let hex = json.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(hex, 16).ok()
    };
    let mut out = String::with_capacity(json.len());
    let mut at = 0;
    while let Some(found) = json[at..].find('\\') {
        out.push_str(&json[at..at + found]);
        at += found;
        let len = match (unit(at), unit(at + 6)) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => 12,
            (Some(0xd800..0xe000), _) => {
                out.push('\u{fffd}');
                at += 6;
                continue;
            }
            (Some(_), _) => 6,
            // the backslash, and what it escapes
            (None, _) => 1 + json[at + 1..].chars().next().map_or(0, char::len_utf8),
        };
        out.push_str(&json[at..at + len]);
        at += len;
    }
    out.push_str(&json[at..]);
    out
}

/// A payload that is read as what its event needs.
trait Payload {
    fn read<T: DeserializeOwned>(&self) -> Option<T>;
}

struct Json<'a>(&'a str);

impl Payload for Json<'_> {
    fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(self.0).ok()
    }
}

impl Payload for Value {
    fn read<T: DeserializeOwned>(&self) -> Option<T> {
        T::deserialize(self).ok()
    }
}

fn from_text(name: &str, text: Cow<'_, str>, extra: Map<String, Value>) -> Event {
    let kind = EventKind::from_name(name);
    match kind {
        EventKind::Token => Event::Token(text.into_owned()),
        EventKind::Start => Event::Start(Start::Text(text.into_owned())),
        EventKind::Thinking => thinking(text.into_owned(), &extra),
        EventKind::NextAgent => Event::NextAgent(text.into_owned()),
        EventKind::Tool => Event::Tool(text.into_owned()),
        EventKind::Error => Event::Error(text.into_owned()),
        EventKind::AgentFlowEvent => Event::AgentFlowEvent(text.into_owned().into()),
        // objects that some server has written as JSON in JSON
        _ => known(kind, &Json(&text))
            .unwrap_or_else(|| unknown(name, text.into_owned().into(), extra)),
    }
}

fn from_value(name: &str, data: Value, extra: Map<String, Value>) -> Event {
    match data {
        Value::String(text) => from_text(name, text.into(), extra),
        data => {
            known(EventKind::from_name(name), &data).unwrap_or_else(|| unknown(name, data, extra))
        }
    }
}

fn unknown(name: &str, data: Value, extra: Map<String, Value>) -> Event {
    Event::Unknown {
        name: name.to_owned(),
        data,
        extra,
    }
}

fn thinking(text: String, extra: &Map<String, Value>) -> Event {
    let seconds = extra.get("duration").and_then(|duration| match duration {
        Value::String(text) => text.trim().parse().ok(),
        number => number.as_f64(),
    });
    Event::Thinking(Thinking {
        text,
        duration: seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
    })
}

/// The event of this kind, if the payload is one for it. Texts are dealt with before.
fn known(kind: EventKind, data: &impl Payload) -> Option<Event> {
    Some(match kind {
        EventKind::Start => Event::Start(Start::Steps(list(data)?)),
        EventKind::SourceDocuments => Event::SourceDocuments(list(data)?),
        EventKind::UsedTools => Event::UsedTools(list(data)?),
        EventKind::CalledTools => Event::CalledTools(list(data)?),
        EventKind::Artifacts => Event::Artifacts(list(data)?),
        EventKind::FileAnnotations => Event::FileAnnotations(list(data)?),
        EventKind::AgentReasoning => Event::AgentReasoning(list(data)?),
        EventKind::AgentFlowExecutedData => Event::AgentFlowExecutedData(list(data)?),
        EventKind::NextAgentFlow => Event::NextAgentFlow(data.read()?),
        EventKind::Action => Event::Action(data.read()?),
        EventKind::AgentTrace => Event::AgentTrace(data.read()?),
        EventKind::UsageMetadata => Event::UsageMetadata(data.read()?),
        EventKind::TtsStart => Event::TtsStart(data.read()?),
        EventKind::TtsData => Event::TtsData(data.read()?),
        EventKind::TtsEnd => Event::TtsEnd(data.read()?),
        EventKind::Metadata => Event::Metadata(data.read()?),
        EventKind::ExecutionEnd => Event::ExecutionEnd(data.read()?),
        EventKind::TtsAbort => Event::TtsAbort,
        EventKind::Abort => Event::Abort,
        EventKind::End => Event::End,
        EventKind::Error => Event::Error(sentence(data.read()?)),
        _ => return None,
    })
}

/// The list that the payload is, or the only element of one.
fn list<T: DeserializeOwned>(data: &impl Payload) -> Option<Vec<T>> {
    #[derive(serde::Deserialize)]
    #[serde(transparent, bound = "T: DeserializeOwned")]
    struct List<T>(#[serde(deserialize_with = "super::lenient::list")] Vec<T>);
    data.read::<List<T>>().map(|list| list.0)
}

/// What an error says that is no string.
fn sentence(error: Value) -> String {
    match error.get("message") {
        Some(Value::String(message)) => message.clone(),
        _ if error.is_null() => String::new(),
        _ => error.to_string(),
    }
}

/// Decodes the body of an answer: bytes are pushed in, events pulled out.
///
/// It holds no more than the event at hand, and ends with [`Event::End`] as far as the server is concerned; what comes
/// after is decoded all the same.
///
/// ```
/// use flowise_stream::{Event, EventDecoder};
///
/// let mut decoder = EventDecoder::new();
/// decoder.push(b"message:\ndata:{\"event\":\"token\",\"data\":\"Hel");
/// assert!(decoder.next().is_none());
/// decoder.push(b"lo\"}\n\n");
/// assert_eq!(decoder.next().expect("an event")?, Event::Token("Hello".into()));
/// # Ok::<(), flowise_stream::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct EventDecoder(sse::Decoder);

impl EventDecoder {
    /// A decoder at the start of a body.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A decoder that leaves out events of more than `limit` bytes.
    #[must_use]
    pub fn with_max_message_bytes(limit: usize) -> Self {
        Self(sse::Decoder::with_max_message_bytes(limit))
    }

    /// Takes the next bytes of the body. Pull all events before pushing more, or the bytes pile up.
    pub fn push(&mut self, bytes: &[u8]) {
        self.0.push(bytes);
    }

    /// Room for at least `len` bytes, for writing the next bytes in place: see [`sse::Decoder::spare`].
    pub fn spare(&mut self, len: usize) -> &mut [u8] {
        self.0.spare(len)
    }

    /// Takes the first `len` bytes of [`spare`](Self::spare) as the next bytes: see [`sse::Decoder::advance`].
    ///
    /// # Panics
    ///
    /// If `spare` did not give that much room.
    pub fn advance(&mut self, len: usize) {
        self.0.advance(len);
    }
}

/// The events that are complete. `None` is no end: there may be more after another [`push`](EventDecoder::push).
///
/// An error is about one event, [`ErrorKind::Decode`] or [`ErrorKind::MessageTooLong`]; the next are not affected.
impl Iterator for EventDecoder {
    type Item = Result<Event, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(match self.0.next_message()? {
            Ok(message) => Event::from_message(&message),
            Err(error) => Err(Error::new(ErrorKind::MessageTooLong, error.to_string())),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_surrogate_pair_is_replaced_and_a_whole_one_is_kept() {
        let cases = [
            (r#"{"event":"token","data":"\ud83d"}"#, "\u{fffd}"),
            (r#"{"event":"token","data":"\ude00!"}"#, "\u{fffd}!"),
            (
                r#"{"event":"token","data":"\ud83d\ude00\ud83d\n"}"#,
                "😀\u{fffd}\n",
            ),
            (
                r#"{"event":"token","data":"\\ud83d \ud83d"}"#,
                "\\ud83d \u{fffd}",
            ),
            (r#"{"event":"token","data":"é\ud83d\u00e9"}"#, "é\u{fffd}é"),
        ];
        for (frame, text) in cases {
            assert_eq!(
                Event::parse(frame).expect(frame),
                Event::Token(text.into()),
                "{frame}"
            );
        }
        for malformed in [
            "",
            "{",
            r#"{"event":"token","data":"\"#,
            r#"{"event":"token","data":"\ud8"#,
        ] {
            assert_eq!(
                Event::parse(malformed).expect_err(malformed).kind(),
                ErrorKind::Decode
            );
        }
    }
}
