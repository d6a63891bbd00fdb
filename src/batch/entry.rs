use crate::frame::{EventKind, Plain};

/// What an entry's text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Form {
    /// The payload itself, a string.
    Text = 0,
    /// The payload as JSON text.
    Json = 1,
    /// A whole message that is no frame in the exact form. The entry's name is the message's event type.
    Other = 2,
    /// Nothing: the message was longer than the decoder's limit.
    TooLong = 3,
}

/// One entry of a batch's index.
///
/// Its text starts where that of the last entry of the same width ends, and begins with the event's name if that is not one
/// of the known ones. The first word has, from the lowest bit: two bits form, one bit large, one bit wide, two bits plain,
/// two bits nothing, eight bits kind, sixteen bits the name's length; the second word is the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What the text is.
    pub form: Form,
    /// The kind of the event.
    pub kind: EventKind,
    /// The length of the name, in UTF-16 units, if it is part of the text.
    pub name_units: u16,
    /// The payload is not in the text but where [`Batch::large`](super::Batch::large) says.
    pub large: bool,
    /// The text is in [`Batch::wide`](super::Batch::wide), not in [`Batch::text`](super::Batch::text).
    pub wide: bool,
    /// How an entry of the form [`Other`](Form::Other) is read if it is not JSON.
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
