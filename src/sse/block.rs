//! The current block: what its fields have set so far, and the message that it makes at its end.

use std::{mem, ops::Range, time::Duration};

use super::{
    buffer::KEPT,
    field::Field,
    message::{Message, MessageTooLong},
};

/// Where the data of the block is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Data {
    /// The block has had no `data` field yet.
    None,
    /// It has had one: its value is in the buffer.
    Line(Range<usize>),
    /// It has had several: their values are in `Block::joined`.
    Joined,
}

/// The current block, and the state that outlives a block.
pub(super) struct Block {
    data: Data,
    joined: Vec<u8>,
    event_type: String,
    id_buffer: String,
    /// `last_event_id` has to be updated when the block ends.
    id_changed: bool,
    last_event_id: String,
    reconnection_time: Option<Duration>,
    /// The block exceeds the limit and is skipped.
    discarded: bool,
    max_message_bytes: usize,
}

impl Block {
    pub(super) fn new(max_message_bytes: usize) -> Self {
        Self {
            data: Data::None,
            joined: Vec::new(),
            event_type: String::new(),
            id_buffer: String::new(),
            id_changed: false,
            last_event_id: String::new(),
            reconnection_time: None,
            discarded: false,
            max_message_bytes,
        }
    }

    pub(super) fn max_message_bytes(&self) -> usize {
        self.max_message_bytes
    }

    pub(super) fn last_event_id(&self) -> &str {
        &self.last_event_id
    }

    pub(super) fn reconnection_time(&self) -> Option<Duration> {
        self.reconnection_time
    }

    /// Whether the block has had a line with a meaning.
    #[inline(always)]
    pub(super) fn is_begun(&self) -> bool {
        self.has_data() || self.discarded || !self.event_type.is_empty()
    }

    #[inline(always)]
    pub(super) fn has_data(&self) -> bool {
        self.data != Data::None
    }

    #[inline(always)]
    pub(super) fn is_discarded(&self) -> bool {
        self.discarded
    }

    /// The bytes of the buffer that the block still needs.
    pub(super) fn kept(&self) -> Range<usize> {
        match &self.data {
            Data::Line(range) => range.clone(),
            _ => 0..0,
        }
    }

    /// The range that [`kept`](Self::kept) named is now at the front of the buffer.
    pub(super) fn moved_to_front(&mut self) {
        if let Data::Line(range) = &mut self.data {
            *range = 0..range.len();
        }
    }

    /// Starts a new block.
    pub(super) fn clear(&mut self) {
        self.data = Data::None;
        if self.joined.capacity() > KEPT {
            self.joined = Vec::new();
        }
        self.joined.clear();
        self.event_type.clear();
    }

    /// Skips the block.
    #[cold]
    pub(super) fn discard(&mut self) -> MessageTooLong {
        self.clear();
        self.discarded = true;
        MessageTooLong {
            limit: self.max_message_bytes,
        }
    }

    /// Whether a field's value of `len` bytes keeps the message within the limit.
    #[inline(always)]
    pub(super) fn fits(&self, field: Field, len: usize) -> bool {
        let before = match &self.data {
            Data::Line(range) if field == Field::Data => range.len() + 1,
            Data::Joined if field == Field::Data => self.joined.len() + 1,
            _ => 0,
        };
        before.saturating_add(len) <= self.max_message_bytes
    }

    /// Takes a field, whose value is at a place in the buffer.
    #[inline(always)]
    pub(super) fn set(&mut self, field: Field, value: Range<usize>, buffer: &[u8]) {
        match field {
            Field::Data if self.data == Data::None => self.data = Data::Line(value),
            Field::Data => self.join(value, buffer),
            _ => self.set_other(field, &buffer[value]),
        }
    }

    fn join(&mut self, value: Range<usize>, buffer: &[u8]) {
        if let Data::Line(first) = mem::replace(&mut self.data, Data::Joined) {
            self.joined.extend_from_slice(&buffer[first]);
        }
        self.joined.push(b'\n');
        self.joined.extend_from_slice(&buffer[value]);
    }

    #[cold]
    fn set_other(&mut self, field: Field, value: &[u8]) {
        match field {
            Field::Event => self.event_type = String::from_utf8_lossy(value).into_owned(),
            Field::Id if !value.contains(&0) => {
                self.id_buffer = String::from_utf8_lossy(value).into_owned();
                self.id_changed = true;
            }
            Field::Retry => self.reconnection_time = milliseconds(value).or(self.reconnection_time),
            Field::Id | Field::Data => {}
        }
    }

    /// Ends the block; true if it makes a message. All messages are dispatched here.
    #[inline(always)]
    pub(super) fn end(&mut self) -> bool {
        if mem::take(&mut self.id_changed) {
            self.last_event_id.clone_from(&self.id_buffer);
        }
        if mem::take(&mut self.discarded) {
            return false;
        }
        if !self.has_data() {
            self.event_type.clear();
            return false;
        }
        true
    }

    /// The message of the block.
    #[inline]
    pub(super) fn message<'a>(&'a self, buffer: &'a [u8]) -> Message<'a> {
        let data = match &self.data {
            Data::None => &[],
            Data::Line(range) => &buffer[range.clone()],
            Data::Joined => self.joined.as_slice(),
        };
        Message {
            event_type: &self.event_type,
            data,
            last_event_id: &self.id_buffer,
        }
    }

    /// The bytes of memory that the block holds.
    #[cfg(any(test, feature = "__internals"))]
    pub(super) fn memory(&self) -> usize {
        self.joined.capacity()
            + self.event_type.capacity()
            + self.id_buffer.capacity()
            + self.last_event_id.capacity()
    }
}

/// The value of a `retry` field, if it consists of ASCII digits only.
fn milliseconds(value: &[u8]) -> Option<Duration> {
    if !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(value)
        .ok()?
        .parse()
        .ok()
        .map(Duration::from_millis)
}
