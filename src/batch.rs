//! Lays out the frames of a chunk for one crossing into JavaScript.
//!
//! A crossing per event makes WebAssembly slower than JavaScript at this task. [`Batch::fill`] therefore concatenates the texts
//! of many frames, the ASCII ones as bytes and all others in UTF-16, and an index holds the end of each. JavaScript makes
//! one string of each kind and takes substrings. Escapes in string payloads are resolved here. Other payloads
//! stay JSON text for the engine's own parser, which parses them only on demand.
//!
//! A batch has a fixed size, so that its memory stays in place. A payload that does not fit is not copied: it ends the
//! batch, and [`Batch::large`] returns it.

mod entry;
mod texts;
mod token;

use std::{fmt, ops::Range};

pub use entry::{Entry, Form};

use self::texts::{LARGE_BYTES, Texts, Width};
use self::token::{CLOSING, Found, TEXT_IN_DATA};
use crate::{
    frame::{EventKind, Parts, Plain, Shape},
    sse::{Ahead, Decoder, Message},
};

/// The maximum number of entries in a batch.
pub const MAX_ENTRIES: usize = 2048;

/// Several frames: their concatenated texts, and the end of each.
pub struct Batch {
    texts: Texts,
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
            texts: Texts::new(),
            index: vec![[0; 2]; MAX_ENTRIES].into_boxed_slice(),
            count: 0,
            large: None,
        }
    }

    /// Replaces the content of the batch by the decoder's next frames; true if the decoder may have more than fit.
    pub fn fill(&mut self, decoder: &mut Decoder) -> bool {
        self.texts.clear();
        self.count = 0;
        self.large = None;
        loop {
            let is_waiting = self.add_tokens(decoder);
            if self.is_full() {
                return true;
            }
            if is_waiting || decoder.is_drained() {
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

    /// The ASCII texts.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        self.texts.narrow()
    }

    /// The non-ASCII texts, in well-formed UTF-16.
    #[must_use]
    pub fn wide(&self) -> &[u16] {
        self.texts.wide()
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

    /// The payload of the last entry, if it was too large for the batch: bytes of the decoder's message.
    #[must_use]
    pub fn large<'d>(&self, decoder: &'d Decoder) -> Option<&'d [u8]> {
        self.large
            .clone()
            .map(|range| &decoder.message().data_bytes()[range])
    }

    #[inline(always)]
    fn is_full(&self) -> bool {
        self.count == MAX_ENTRIES || self.texts.is_full()
    }

    /// Adds all tokens that come next. Tokens are the most frequent events.
    ///
    /// Leaves all other events to the decoder, which would have produced the same entries for these tokens. True if the
    /// beginning of another token follows: once the rest has arrived, it can be taken as a whole.
    #[inline(always)]
    fn add_tokens(&mut self, decoder: &mut Decoder) -> bool {
        let Some(ahead) = decoder.blocks_ahead() else {
            return false;
        };
        let fits = |at, len| at + len <= ahead.len && len <= ahead.max_message_bytes;
        let mut at = 0;
        while !self.is_full() {
            at += match token::find(ahead.bytes, at) {
                Found::Short(text, bytes) => {
                    let len = text.end + CLOSING.len();
                    if !fits(at, len) {
                        break;
                    }
                    self.texts.append_short(bytes, text.len());
                    self.push_text(EventKind::Token, Width::Narrow);
                    len
                }
                Found::Wide(text) => {
                    let len = text.end + CLOSING.len();
                    if !fits(at, len) {
                        break;
                    }
                    let bytes = &ahead.bytes[at + text.start..];
                    if self.texts.append_utf8(bytes, text.len()).is_none() {
                        break;
                    }
                    self.push_text(EventKind::Token, Width::Wide);
                    len
                }
                Found::Opening(text) => match self.add_token(&ahead, at, text) {
                    Some(len) => len,
                    None => break,
                },
                Found::Other => break,
            };
        }
        let rest = &ahead.bytes[at..ahead.len];
        let is_waiting = rest.len() <= ahead.max_message_bytes && token::is_beginning(rest);
        decoder.skip_blocks(at);
        is_waiting
    }

    /// Adds the token whose block begins at `at` and whose text begins at `at + text`; returns the block's length.
    ///
    /// `None`, with the batch unchanged, if the block is incomplete or the decoder has to read the token.
    #[inline(never)]
    fn add_token(&mut self, ahead: &Ahead<'_>, at: usize, text: usize) -> Option<usize> {
        let block = ahead.bytes.get(at..)?;
        let inside = block.get(text..block.len().min(text + LARGE_BYTES))?;
        let before = self.texts.mark();
        let (text_len, width) = self.texts.append_string(inside, Width::Narrow)?;
        let end = text + text_len;
        let len = end + CLOSING.len();
        let data_len = TEXT_IN_DATA + text_len + 2;
        if at + len > ahead.len
            || block.get(end..len)? != CLOSING
            || data_len > ahead.max_message_bytes
        {
            self.texts.reset(before);
            return None;
        }
        self.push_text(EventKind::Token, width);
        Some(len)
    }

    /// Adds the decoder's next message; false if it has none.
    // A separate function, so that the path of tokens stays small.
    #[inline(never)]
    fn add_next(&mut self, decoder: &mut Decoder) -> bool {
        match decoder.find_message() {
            None => return false,
            Some(Err(_)) => self.push_too_long(EventKind::Unknown),
            Some(Ok(())) => self.add(decoder.message()),
        }
        true
    }

    #[inline]
    fn add(&mut self, message: Message<'_>) {
        let data = message.data_bytes();
        let before = self.texts.mark();
        let done = Parts::recognise(data).and_then(|parts| self.add_frame(data, &parts));
        if done.is_none() {
            self.texts.reset(before);
            self.add_other(message);
        }
    }

    /// Adds a frame in the exact form; `None` if it does not have that form.
    #[inline]
    fn add_frame(&mut self, data: &[u8], parts: &Parts) -> Option<()> {
        let payload = &data[parts.payload.clone()];
        if payload.len() > LARGE_BYTES || parts.name.len() > LARGE_BYTES {
            return self.add_large_frame(data, parts);
        }
        let mut form = if parts.shape == Shape::Json {
            Form::Json
        } else {
            Form::Text
        };
        let mut width = Width::Narrow;
        let mut name_units = 0;
        if parts.kind == EventKind::Unknown {
            // Name and payload are one text, so they have one width.
            if parts.shape == Shape::Escaped || !payload.is_ascii() {
                width = Width::Wide;
            }
            (width, name_units) = self.append_name(&data[parts.name.clone()], width)?;
        }
        let width = match parts.shape {
            Shape::Json => self.texts.append(payload, width)?,
            Shape::Plain | Shape::Escaped => {
                let string = &data[parts.payload.start..];
                match self.texts.append_string(string, width) {
                    Some((_, width)) => width,
                    // It has the same meaning without a readable payload.
                    None if parts.kind.is_signal() => {
                        form = Form::Json;
                        let quoted = &data[parts.payload.start - 1..=parts.payload.end];
                        self.texts.append(quoted, width)?
                    }
                    None => return None,
                }
            }
        };
        self.push(form, parts.kind, name_units, width, Plain::Never);
        Some(())
    }

    #[cold]
    fn add_large_frame(&mut self, data: &[u8], parts: &Parts) -> Option<()> {
        let mut width = Width::Narrow;
        let mut name_units = 0;
        if parts.kind == EventKind::Unknown {
            (width, name_units) = self.append_name(&data[parts.name.clone()], width)?;
        }
        let (form, range) = match parts.shape {
            Shape::Plain => (Form::Text, parts.payload.clone()),
            Shape::Json => (Form::Json, parts.payload.clone()),
            // With its quotes it is JSON, and the engine's parser is as fast as any other.
            Shape::Escaped => (Form::Json, parts.payload.start - 1..parts.payload.end + 1),
        };
        self.large = Some(range);
        self.push(form, parts.kind, name_units, width, Plain::Never);
        Some(())
    }

    /// Adds a message that is not a frame in the exact form: its whole data, named by its event type.
    #[cold]
    fn add_other(&mut self, message: Message<'_>) {
        let data = message.data_bytes();
        let event_type = message.event_type().unwrap_or_default();
        let kind = EventKind::from_name(event_type);
        let plain = Plain::of(event_type, data);
        // Only a frame or a JSON string could be something else, and neither begins like this.
        let is_text =
            plain == Plain::Always && !matches!(data.trim_ascii_start(), [b'{' | b'"', ..]);
        let mut width = Width::Narrow;
        let mut name_units = 0;
        if kind == EventKind::Unknown {
            if !data.is_ascii() && data.len() <= LARGE_BYTES {
                width = Width::Wide;
            }
            let Some(appended) = self.append_name(event_type.as_bytes(), width) else {
                return self.push_too_long(kind);
            };
            (width, name_units) = appended;
        }
        let appended = (data.len() <= LARGE_BYTES)
            .then(|| self.texts.append(data, width))
            .flatten();
        match appended {
            Some(appended) => width = appended,
            // The replacement of invalid UTF-8 is longer; the batch has no space for that.
            None => self.large = Some(0..data.len()),
        }
        let form = if is_text { Form::Text } else { Form::Other };
        self.push(form, kind, name_units, width, plain);
    }

    /// Appends a name without a number, and returns its length; `None` if it is too long or not UTF-8.
    fn append_name(&mut self, name: &[u8], at_least: Width) -> Option<(Width, usize)> {
        if name.len() > LARGE_BYTES {
            return None;
        }
        let before = self.texts.mark();
        let width = self.texts.append(name, at_least)?;
        Some((width, self.texts.len_since(before, width)))
    }

    #[inline(always)]
    fn push_text(&mut self, kind: EventKind, width: Width) {
        self.push(Form::Text, kind, 0, width, Plain::Never);
    }

    #[cold]
    fn push_too_long(&mut self, kind: EventKind) {
        self.push(Form::TooLong, kind, 0, Width::Narrow, Plain::Never);
    }

    #[inline(always)]
    fn push(&mut self, form: Form, kind: EventKind, name_units: usize, width: Width, plain: Plain) {
        let entry = Entry {
            form,
            kind,
            name_units: name_units as u16,
            large: self.large.is_some(),
            wide: width == Width::Wide,
            plain,
            end: self.texts.end(width) as u32,
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
