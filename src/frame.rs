//! A Flowise frame in the data of a message: `{"event":"token","data":"Hello"}`.
//!
//! [`Frame::parse`] recognises the exact form that Flowise servers write, without a JSON library: the two members in this
//! order, without blanks, and nothing else. Everything else, from further members to malformed JSON, is
//! [`Frame::Other`] and needs a JSON parser. A recognised text is valid JSON. Of a payload that is not a string,
//! only the extent is known: it is one JSON value if and only if the whole data is JSON.
//!
//! ```
//! use flowise_stream::frame::{EventKind, Frame};
//!
//! let Frame::Text { name, text } = Frame::parse(r#"{"event":"token","data":"caf\u00e9"}"#) else { panic!() };
//! assert_eq!(name.kind(), EventKind::Token);
//! assert_eq!(text.unescape().as_deref(), Some("café"));
//! ```

pub(crate) mod block;
mod kind;
mod plain;
pub(crate) mod scan;
pub(crate) mod text;

use std::{borrow::Cow, ops::Range};

pub use kind::EventKind;
pub use plain::Plain;

/// The content of a message's data.
///
/// ```
/// use flowise_stream::frame::Frame;
///
/// let data = r#"{"event":"usedTools","data":[{"tool":"calculator"}]}"#;
/// assert!(matches!(Frame::parse(data), Frame::Json { json: r#"[{"tool":"calculator"}]"#, .. }));
/// // another member: what it is takes a JSON parser to tell
/// let data = r#"{"event":"thinking","data":"","duration":3}"#;
/// assert_eq!(Frame::parse(data), Frame::Other(data));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// A frame whose payload is a string.
    Text {
        /// The event's name.
        name: Name<'a>,
        /// The payload.
        text: Text<'a>,
    },
    /// A frame whose payload is another JSON value.
    Json {
        /// The event's name.
        name: Name<'a>,
        /// The payload, unparsed.
        json: &'a str,
    },
    /// Something else: a frame in another form, other JSON, or not JSON.
    Other(&'a str),
}

impl<'a> Frame<'a> {
    /// Recognises a frame.
    #[must_use]
    pub fn parse(data: &'a str) -> Self {
        let Some(parts) = Parts::recognise(data.as_bytes()) else {
            return Self::Other(data);
        };
        let name = Name {
            kind: parts.kind,
            name: &data[parts.name],
        };
        let payload = &data[parts.payload];
        match parts.shape {
            Shape::Json => Self::Json {
                name,
                json: payload,
            },
            Shape::Plain => Self::Text {
                name,
                text: Text {
                    escaped: payload,
                    plain: true,
                },
            },
            Shape::Escaped => Self::Text {
                name,
                text: Text {
                    escaped: payload,
                    plain: false,
                },
            },
        }
    }
}

/// The name of an event, known or unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name<'a> {
    kind: EventKind,
    name: &'a str,
}

impl<'a> Name<'a> {
    /// The kind, if the event is known.
    #[must_use]
    pub fn kind(&self) -> EventKind {
        self.kind
    }

    /// The name as the server sent it.
    #[must_use]
    pub fn as_str(&self) -> &'a str {
        self.name
    }
}

/// A JSON string, still escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text<'a> {
    escaped: &'a str,
    plain: bool,
}

impl<'a> Text<'a> {
    /// The unescaped string, borrowed if it has no escapes.
    ///
    /// `None` if an escape sequence is malformed, or is half of a surrogate pair, which JSON allows and UTF-8 cannot
    /// represent.
    #[must_use]
    pub fn unescape(&self) -> Option<Cow<'a, str>> {
        if self.plain {
            return Some(Cow::Borrowed(self.escaped));
        }
        let mut out = vec![0; self.escaped.len()];
        let len = text::unescape(self.escaped.as_bytes(), &mut out)?;
        out.truncate(len);
        String::from_utf8(out).ok().map(Cow::Owned)
    }

    /// The content of the JSON string, as the server sent it.
    #[must_use]
    pub fn as_escaped(&self) -> &'a str {
        self.escaped
    }
}

/// The form of a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A string without escapes.
    Plain,
    /// A string with escapes, not validated yet.
    Escaped,
    /// Not a string.
    Json,
}

/// A recognised frame, as positions in the data. Strings are without their quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) kind: EventKind,
    pub(crate) name: Range<usize>,
    pub(crate) payload: Range<usize>,
    pub(crate) shape: Shape,
    /// Name and payload are ASCII.
    pub(crate) ascii: bool,
}

const EVENT: &[u8] = b"{\"event\":\"";
const DATA: &[u8] = b",\"data\":";

impl Parts {
    pub(crate) fn recognise(data: &[u8]) -> Option<Self> {
        if !data.starts_with(EVENT) {
            return None;
        }
        let name_at = EVENT.len();
        let name = scan::string(data, name_at)?;
        if name.escapes || name.end == name_at {
            return None;
        }
        let after_name = &data[name.end + 1..];
        let (true, [.., b'}']) = (after_name.starts_with(DATA), after_name) else {
            return None;
        };
        let kind = EventKind::from_bytes(&data[name_at..name.end]);
        let at = name.end + 1 + DATA.len();
        let last = data.len() - 1;
        if data[at] != b'"' {
            (scan::value(data, at)? == last).then_some(())?;
            return Some(Self {
                kind,
                name: name_at..name.end,
                payload: at..last,
                shape: Shape::Json,
                ascii: false,
            });
        }
        let text = scan::string(data, at + 1)?;
        (text.end + 1 == last).then_some(())?;
        Some(Self {
            kind,
            name: name_at..name.end,
            payload: at + 1..text.end,
            shape: if text.escapes {
                Shape::Escaped
            } else {
                Shape::Plain
            },
            ascii: name.ascii && text.ascii,
        })
    }
}
