//! Frames of a chunk laid out for one crossing into JavaScript.
//!
//! Crossing once per event is what makes WebAssembly slower than JavaScript at this. [`Batch::fill`] puts the texts of
//! many frames into one buffer and says in an index where each ends, in UTF-16 units: JavaScript makes one string of the
//! buffer and takes substrings. Escapes in string payloads are undone here; other payloads stay JSON text for the engine's
//! own parser, and only if somebody wants them.
//!
//! A batch has a fixed size, so that its memory stays where it is. A payload too large for it is not copied: it ends the
//! batch, and [`Batch::large`] says where it is.

mod entry;
mod token;

use std::{fmt, ops::Range};

pub use entry::{Entry, Form};

use self::token::{CLOSING, Found, TEXT_IN_DATA};
use crate::{
    frame::{self, EventKind, Parts, Shape, scan},
    sse::{Ahead, Decoder, Message},
};

/// The most entries of a batch.
pub const MAX_ENTRIES: usize = 2048;

/// The size of a batch's text buffer.
const TEXT_BYTES: usize = 32 << 10;

/// A longer payload, and a longer name, is not copied.
const LARGE_BYTES: usize = 4 << 10;

/// Several frames: their texts one after the other, and where each ends.
pub struct Batch {
    text: Box<[u8]>,
    text_len: usize,
    /// Length of the text in UTF-16 units.
    units: u32,
    /// Two words for each entry: see [`Entry`].
    index: Box<[[u32; 2]]>,
    count: usize,
    large: Option<Range<usize>>,
}

impl Batch {
    /// An empty batch. Its buffers do not move until it is dropped.
    #[must_use]
    pub fn new() -> Self {
        Self {
            text: vec![0; TEXT_BYTES].into_boxed_slice(),
            text_len: 0,
            units: 0,
            index: vec![[0; 2]; MAX_ENTRIES].into_boxed_slice(),
            count: 0,
            large: None,
        }
    }

    /// Replaces what is in the batch by the decoder's next frames; true if the decoder may have more than fitted in.
    pub fn fill(&mut self, decoder: &mut Decoder) -> bool {
        self.text_len = 0;
        self.units = 0;
        self.count = 0;
        self.large = None;
        loop {
            self.add_tokens(decoder);
            if self.is_full() {
                return true;
            }
            if decoder.is_drained() {
                return false;
            }
            if !self.add_next(decoder) {
                return false;
            }
            if self.large.is_some() {
                return true;
            }
        }
    }

    /// The texts of all entries.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        &self.text[..self.text_len]
    }

    /// The index: two words for each entry, to be read with [`Entry::from_words`].
    #[must_use]
    pub fn index(&self) -> &[[u32; 2]] {
        &self.index[..self.count]
    }

    /// The entries.
    pub fn entries(&self) -> impl Iterator<Item = Entry> {
        self.index().iter().map(|&words| Entry::from_words(words))
    }

    /// Whether the text is ASCII, so that its UTF-16 units are its bytes.
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        self.units as usize == self.text_len
    }

    /// The payload of the last entry, if that was too large for the batch: bytes of the decoder's message.
    #[must_use]
    pub fn large<'d>(&self, decoder: &'d Decoder) -> Option<&'d [u8]> {
        self.large
            .clone()
            .map(|range| &decoder.message().data_bytes()[range])
    }

    #[inline(always)]
    fn is_full(&self) -> bool {
        self.count == MAX_ENTRIES || self.text_len + 2 * LARGE_BYTES > TEXT_BYTES
    }

    /// Adds all the tokens that come next, the most frequent of all events, in one go.
    ///
    /// Whatever else comes next is left to the decoder, which would have made the same of these.
    #[inline(always)]
    fn add_tokens(&mut self, decoder: &mut Decoder) {
        let Some(ahead) = decoder.blocks_ahead() else {
            return;
        };
        let mut at = 0;
        while !self.is_full() {
            match token::find(ahead.bytes, at) {
                Found::Short(token) => {
                    if at + token.len > ahead.len || token.len > ahead.max_message_bytes {
                        break;
                    }
                    at += token.len;
                    // All sixteen bytes are copied, which is one instruction; the next text overwrites what is too much.
                    let room = &mut self.text[self.text_len..self.text_len + token.block.len()];
                    room.copy_from_slice(&token.block);
                    self.text_len += token.text_len;
                    self.units += token.text_len as u32;
                    self.push(Form::Text, EventKind::Token, 0);
                }
                Found::Opening(text) => match self.add_token(&ahead, at, text) {
                    Some(len) => at += len,
                    None => break,
                },
                Found::Other => break,
            }
        }
        decoder.skip_blocks(at);
    }

    /// Adds the token whose block begins at `at` and whose text at `at + text`; gives the block's length.
    ///
    /// `None`, with the batch as it was, if the block is not complete or the token is better left to the decoder.
    #[inline(never)]
    fn add_token(&mut self, ahead: &Ahead<'_>, at: usize, text: usize) -> Option<usize> {
        let block = ahead.bytes.get(at..ahead.len)?;
        let string = scan::string(block, text)?;
        let len = string.end + CLOSING.len();
        if block.get(string.end..len)? != CLOSING {
            return None;
        }
        let data = &block[text - TEXT_IN_DATA..string.end + 2];
        let payload = TEXT_IN_DATA..data.len() - 2;
        if payload.len() > LARGE_BYTES || data.len() > ahead.max_message_bytes {
            return None;
        }
        let shape = if string.escapes {
            Shape::Escaped
        } else {
            Shape::Plain
        };
        let parts = Parts {
            kind: EventKind::Token,
            name: 0..0,
            payload,
            shape,
            ascii: string.ascii,
        };
        let before = self.text_len;
        let added = self.add_frame(data, &parts);
        if added.is_none() {
            self.text_len = before;
        }
        added.map(|()| len)
    }

    /// Adds the decoder's next message; false if it has none.
    // Apart, so that the path of tokens stays small.
    #[inline(never)]
    fn add_next(&mut self, decoder: &mut Decoder) -> bool {
        match decoder.find_message() {
            None => return false,
            Some(Err(_)) => self.push(Form::TooLong, EventKind::Unknown, 0),
            Some(Ok(())) => self.add(decoder.message()),
        }
        true
    }

    #[inline]
    fn add(&mut self, message: Message<'_>) {
        let data = message.data_bytes();
        let before = self.text_len;
        let done = Parts::recognise(data).and_then(|parts| self.add_frame(data, &parts));
        if done.is_none() {
            self.text_len = before;
            self.add_other(message);
        }
    }

    /// Adds a frame in the exact form; `None` if it turns out to be none.
    #[inline]
    fn add_frame(&mut self, data: &[u8], parts: &Parts) -> Option<()> {
        let payload = &data[parts.payload.clone()];
        if payload.len() > LARGE_BYTES || parts.name.len() > LARGE_BYTES {
            return self.add_large_frame(data, parts);
        }
        let start = self.text_len;
        if parts.kind == EventKind::Unknown {
            self.append(&data[parts.name.clone()]);
        }
        let payload_at = self.text_len;
        if parts.shape == Shape::Escaped {
            self.text_len += frame::text::unescape(payload, &mut self.text[payload_at..])?;
        } else {
            self.append(payload);
        }
        let (name, payload) = self.text[start..self.text_len].split_at(payload_at - start);
        let (name_units, units) = if parts.ascii && parts.shape == Shape::Plain {
            (name.len(), payload.len())
        } else {
            (utf16_len(name)?, utf16_len(payload)?)
        };
        self.units += (name_units + units) as u32;
        let form = if parts.shape == Shape::Json {
            Form::Json
        } else {
            Form::Text
        };
        self.push(form, parts.kind, name_units);
        Some(())
    }

    #[cold]
    fn add_large_frame(&mut self, data: &[u8], parts: &Parts) -> Option<()> {
        let mut name_units = 0;
        if parts.kind == EventKind::Unknown {
            name_units = self.push_name(&data[parts.name.clone()])?;
        }
        let (form, range) = match parts.shape {
            Shape::Plain => (Form::Text, parts.payload.clone()),
            Shape::Json => (Form::Json, parts.payload.clone()),
            // With its quotes it is JSON, and the engine's parser is as fast as any.
            Shape::Escaped => (Form::Json, parts.payload.start - 1..parts.payload.end + 1),
        };
        self.large = Some(range);
        self.push(form, parts.kind, name_units);
        Some(())
    }

    /// Adds a message that is no frame in the exact form: its whole data, named by its event type.
    #[cold]
    fn add_other(&mut self, message: Message<'_>) {
        let data = message.data_bytes();
        let event_type = message.event_type().unwrap_or_default();
        let kind = EventKind::from_name(event_type);
        let mut name_units = 0;
        if kind == EventKind::Unknown {
            let Some(units) = self.push_name(event_type.as_bytes()) else {
                return self.push(Form::TooLong, kind, 0);
            };
            name_units = units;
        }
        match utf16_len(data) {
            Some(units) if data.len() <= LARGE_BYTES => {
                self.append(data);
                self.units += units as u32;
            }
            // Invalid UTF-8 grows when it is replaced; there is no room for that here.
            _ => self.large = Some(0..data.len()),
        }
        self.push(Form::Other, kind, name_units);
    }

    /// Appends a name that has no number; `None` if it is too long or no UTF-8.
    fn push_name(&mut self, name: &[u8]) -> Option<usize> {
        if name.len() > LARGE_BYTES {
            return None;
        }
        let units = utf16_len(name)?;
        self.append(name);
        self.units += units as u32;
        Some(units)
    }

    /// Appends at most [`LARGE_BYTES`], for which a batch that is not full has room twice.
    #[inline]
    fn append(&mut self, bytes: &[u8]) {
        let end = self.text_len + bytes.len();
        self.text[self.text_len..end].copy_from_slice(bytes);
        self.text_len = end;
    }

    #[inline(always)]
    fn push(&mut self, form: Form, kind: EventKind, name_units: usize) {
        let entry = Entry {
            form,
            kind,
            name_units: name_units as u16,
            large: self.large.is_some(),
            end: self.units,
        };
        self.index[self.count] = entry.to_words();
        self.count += 1;
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.entries()).finish()
    }
}

impl Default for Batch {
    fn default() -> Self {
        Self::new()
    }
}

/// The length of a UTF-8 text in UTF-16 units; `None` if it is no UTF-8.
#[inline]
fn utf16_len(text: &[u8]) -> Option<usize> {
    if text.is_ascii() {
        return Some(text.len());
    }
    std::str::from_utf8(text).ok()?;
    // Every character has one byte that does not continue another, and those of four bytes take two units.
    Some(
        text.iter()
            .map(|&byte| usize::from(byte & 0xC0 != 0x80) + usize::from(byte >= 0xF0))
            .sum(),
    )
}
