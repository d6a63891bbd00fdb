use crate::frame::EventKind;

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
/// Its text starts where that of the entry before it ends, and begins with the event's name if that is not one of the
/// known ones. The first word has, from the lowest bit: two bits form, one bit large, five bits nothing, eight bits kind,
/// sixteen bits the name's length; the second word is the end.
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
    /// Where the text ends, in UTF-16 units from the start of the batch's text.
    pub end: u32,
}

const LARGE: u32 = 1 << 2;

impl Entry {
    /// The entry as two words.
    #[inline(always)]
    #[must_use]
    pub fn to_words(self) -> [u32; 2] {
        let flags = self.form as u32 | if self.large { LARGE } else { 0 };
        [
            flags | (self.kind as u32) << 8 | u32::from(self.name_units) << 16,
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
            end,
        }
    }
}
