//! The index of a batch: one entry for each event.

use crate::frame::{EventKind, Plain};

/// The content of an entry's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Form {
    /// The payload itself, a string.
    Text = 0,
    /// The payload as JSON text.
    Json = 1,
    /// A whole message that is not a frame in the exact form. The entry's name is the message's event type.
    Other = 2,
    /// No text: the message exceeded the decoder's limit.
    TooLong = 3,
}

/// One entry of a batch's index.
///
/// Its text starts where that of the previous entry of the same width ends. It begins with the event's name if the name is not
/// a known one. The first word has, from the lowest bit: two bits form, one bit large, one bit wide, two bits plain,
/// two bits unused, eight bits kind, sixteen bits the name's length. The second word is the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The content of the text.
    pub form: Form,
    /// The kind of the event.
    pub kind: EventKind,
    /// The length of the name, in UTF-16 units, if it is part of the text.
    pub name_units: u16,
    /// The payload is not in the text; [`Batch::large`](super::Batch::large) returns it.
    pub large: bool,
    /// The text is in [`Batch::wide`](super::Batch::wide), not in [`Batch::text`](super::Batch::text).
    pub wide: bool,
    /// How to read an entry of the form [`Other`](Form::Other) if it is not JSON.
    pub plain: Plain,
    /// Where the text ends, in UTF-16 units from the start of the batch's text of that width.
    pub end: u32,
}

const LARGE: u32 = 1 << 2;
const WIDE: u32 = 1 << 3;
const PLAIN: u32 = 4;

impl Entry {
    /// The entry as two words.
    #[inline(always)]
    #[must_use]
    pub fn to_words(self) -> [u32; 2] {
        let form = self.form as u32 | (self.plain as u32) << PLAIN;
        let flags = if self.large { LARGE } else { 0 } | if self.wide { WIDE } else { 0 };
        [
            form | flags | (self.kind as u32) << 8 | u32::from(self.name_units) << 16,
            self.end,
        ]
    }

    /// The entry of two words.
    #[must_use]
    pub fn from_words([word, end]: [u32; 2]) -> Self {
        Self {
            form: [Form::Text, Form::Json, Form::Other, Form::TooLong][word as usize & 3],
            kind: EventKind::ALL
                .get(word as usize >> 8 & 0xFF)
                .copied()
                .unwrap_or_default(),
            name_units: (word >> 16) as u16,
            large: word & LARGE != 0,
            wide: word & WIDE != 0,
            plain: [Plain::Never, Plain::Malformed, Plain::Scalar, Plain::Always]
                [(word >> PLAIN) as usize & 3],
            end,
        }
    }
}
