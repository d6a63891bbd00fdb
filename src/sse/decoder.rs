//! From bytes to messages, however the bytes are cut.

use std::{fmt, mem, ops::Range, time::Duration};

use super::{
    block::Block,
    buffer::{Buffer, SLACK},
    field::{self, Unfinished},
    line,
    message::{DEFAULT_MAX_MESSAGE_BYTES, Message, MessageTooLong},
};

const LF: u8 = b'\n';
const CR: u8 = b'\r';
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// What happens to the bytes of the current line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    /// They are kept until the line ends.
    Kept,
    /// They are dropped: the line cannot get a meaning any more.
    Dropped,
}

/// The bytes from the start of a block.
pub(crate) struct Ahead<'a> {
    /// The bytes, followed by [`SLACK`] more.
    pub(crate) bytes: &'a [u8],
    /// How many of them belong to the stream.
    pub(crate) len: usize,
    /// The limit for messages.
    pub(crate) max_message_bytes: usize,
}

/// Decodes an event stream: push bytes, and pull messages.
///
/// The work is linear in the number of bytes, however they are split. The decoder holds at most the last bytes pushed, one
/// unfinished line and the data of one unfinished message. [`with_max_message_bytes`](Self::with_max_message_bytes) limits both.
///
/// To read from any source without a copy:
///
/// ```
/// use std::io::Read;
/// use flowise_stream::sse::Decoder;
///
/// # fn f(mut body: impl Read) -> std::io::Result<usize> {
/// let mut decoder = Decoder::new();
/// let mut count = 0;
/// loop {
///     match body.read(decoder.spare(16 << 10))? {
///         0 => return Ok(count),
///         len => decoder.advance(len),
///     }
///     while let Some(message) = decoder.next_message() {
///         match message {
///             Ok(message) => count += message.data().len(),
///             Err(too_long) => eprintln!("{too_long}"),
///         }
///     }
/// }
/// # }
/// # assert_eq!(f(&b"data: Hello\n\ndata: you\n\n"[..]).unwrap(), 8);
/// ```
pub struct Decoder {
    buffer: Buffer,
    /// Where the current line starts.
    line: usize,
    /// The position up to which the current line was searched for its end.
    searched: usize,
    line_state: Line,
    /// The last line ended in CR, and the next byte is not known yet: an LF belongs to that line end.
    after_cr: bool,
    /// A byte order mark may still follow.
    at_start: bool,
    /// The last call dispatched the block. Its parts are kept until the next call.
    dispatched: bool,
    block: Block,
    #[cfg(test)]
    bytes_touched: usize,
}

impl Decoder {
    /// Creates a decoder at the start of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::with_max_message_bytes(DEFAULT_MAX_MESSAGE_BYTES)
    }

    /// Creates a decoder that skips messages whose data is longer than `limit` bytes, including the line ends between lines.
    ///
    /// The same limit applies to the values of other fields.
    #[must_use]
    pub fn with_max_message_bytes(limit: usize) -> Self {
        Self {
            buffer: Buffer::default(),
            line: 0,
            searched: 0,
            line_state: Line::Kept,
            after_cr: false,
            at_start: true,
            dispatched: false,
            block: Block::new(limit),
            #[cfg(test)]
            bytes_touched: 0,
        }
    }

    /// Takes the next bytes of the stream.
    ///
    /// Pull all messages with [`next_message`](Self::next_message) before pushing more, or the bytes accumulate.
    pub fn push(&mut self, bytes: &[u8]) {
        self.spare(bytes.len())[..bytes.len()].copy_from_slice(bytes);
        self.advance(bytes.len());
    }

    /// Returns space for at least `len` bytes, to write the next bytes of the stream in place. [`advance`](Self::advance)
    /// then adds them.
    pub fn spare(&mut self, len: usize) -> &mut [u8] {
        self.forget_dispatched();
        self.compact();
        self.buffer.spare(len)
    }

    /// Takes the first `len` bytes of [`spare`](Self::spare) as the next bytes of the stream.
    ///
    /// # Panics
    ///
    /// If `spare` did not return that much space.
    pub fn advance(&mut self, len: usize) {
        self.buffer.advance(len);
    }

    /// The next message, or `None` if the bytes pushed so far contain no further complete message.
    ///
    /// # Errors
    ///
    /// [`MessageTooLong`], once for each such message. The next call continues after it.
    pub fn next_message(&mut self) -> Option<Result<Message<'_>, MessageTooLong>> {
        match self.find_message()? {
            Ok(()) => Some(Ok(self.message())),
            Err(error) => Some(Err(error)),
        }
    }

    /// Finds the next message, which [`message`](Self::message) then returns.
    #[inline]
    pub(crate) fn find_message(&mut self) -> Option<Result<(), MessageTooLong>> {
        self.forget_dispatched();
        if self.at_start && !self.skip_bom() {
            return None;
        }
        if self.after_cr && !self.skip_lf() {
            return None;
        }
        loop {
            let unsearched = &self.buffer.filled()[self.searched..];
            #[cfg(test)]
            {
                self.bytes_touched += line::end(unsearched).map_or(unsearched.len(), |at| at + 1);
            }
            let Some(length) = line::end(unsearched) else {
                return self.hold_unfinished_line().err().map(Err);
            };
            let line = self.line..self.searched + length;
            self.end_line(line.end);
            match self.take_line(line) {
                Ok(false) => {}
                Ok(true) => return Some(Ok(())),
                Err(error) => return Some(Err(error)),
            }
        }
    }

    /// The message that [`find_message`](Self::find_message) found, until the next call that changes the decoder.
    #[inline]
    pub(crate) fn message(&self) -> Message<'_> {
        self.block.message(self.buffer.filled())
    }

    /// The bytes that follow, if they start a block, with [`SLACK`] meaningless ones after them.
    ///
    /// For a reader that recognises whole blocks of a frequent form. It reports with [`skip_blocks`](Self::skip_blocks) how
    /// many bytes it has read, and must return what [`find_message`](Self::find_message) would have returned.
    #[inline]
    pub(crate) fn blocks_ahead(&mut self) -> Option<Ahead<'_>> {
        self.forget_dispatched();
        let within_line = self.line_state == Line::Dropped || self.searched > self.line;
        if self.block.is_begun() || within_line || self.after_cr || self.at_start {
            return None;
        }
        let end = self.buffer.len();
        Some(Ahead {
            bytes: &self.buffer.with_slack()[self.line..end + SLACK],
            len: end - self.line,
            max_message_bytes: self.block.max_message_bytes(),
        })
    }

    /// Skips whole blocks of `len` bytes in total.
    #[inline]
    pub(crate) fn skip_blocks(&mut self, len: usize) {
        self.line += len;
        self.searched = self.line;
        debug_assert!(self.line <= self.buffer.len());
    }

    /// The last event ID after the last block: a client sends it when it reconnects.
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        self.block.last_event_id()
    }

    /// The reconnection time that the server asked for with a `retry` field.
    #[must_use]
    pub fn reconnection_time(&self) -> Option<Duration> {
        self.block.reconnection_time()
    }

    /// Whether an unfinished block has begun.
    ///
    /// At the end of a stream, the standard drops such a block; this tells a caller that there was one.
    #[must_use]
    pub fn is_mid_message(&self) -> bool {
        !self.dispatched
            && (self.block.is_begun()
                || self.line < self.buffer.len()
                || self.line_state == Line::Dropped)
    }

    /// The bytes of memory that the decoder holds now. For tests of its limits.
    #[cfg(any(test, feature = "__internals"))]
    #[must_use]
    pub fn memory(&self) -> usize {
        self.buffer.with_slack().len() + self.block.memory()
    }

    /// Ends the stream: drops an unfinished block, and starts a new stream with the same limit.
    pub fn reset(&mut self) {
        let mut buffer = mem::take(&mut self.buffer);
        buffer.keep(0..0, 0..0);
        *self = Self {
            buffer,
            ..Self::with_max_message_bytes(self.block.max_message_bytes())
        };
    }

    #[inline(always)]
    fn forget_dispatched(&mut self) {
        if mem::take(&mut self.dispatched) {
            self.block.clear();
        }
    }

    /// Drops the bytes that are no longer needed. The moved bytes are either fewer than the last push, or moved only once.
    #[inline]
    fn compact(&mut self) {
        if self.is_drained() {
            self.buffer.clear();
            self.line = 0;
            self.searched = 0;
        } else {
            self.move_to_front();
        }
    }

    /// No pushed bytes remain: the last block ended with them.
    #[inline(always)]
    pub(crate) fn is_drained(&self) -> bool {
        self.line == self.buffer.len() && !self.block.has_data()
    }

    fn move_to_front(&mut self) {
        let data = self.block.kept();
        let kept = data.len();
        #[cfg(test)]
        {
            self.bytes_touched += if data.start > 0 { kept } else { 0 };
            self.bytes_touched += if self.line > kept {
                self.buffer.len() - self.line
            } else {
                0
            };
        }
        self.buffer.keep(data, self.line..self.buffer.len());
        self.block.moved_to_front();
        self.searched = self.searched - self.line + kept;
        self.line = kept;
    }

    /// Skips a byte order mark at the start of the stream; false if more bytes are needed to detect it.
    #[cold]
    fn skip_bom(&mut self) -> bool {
        let bytes = self.buffer.filled();
        if bytes.len() < BOM.len() && BOM.starts_with(bytes) {
            return false;
        }
        if bytes.starts_with(BOM) {
            self.line = BOM.len();
            self.searched = BOM.len();
        }
        self.at_start = false;
        true
    }

    /// Skips the LF of a CRLF that was split; false if the next byte has not arrived yet.
    fn skip_lf(&mut self) -> bool {
        let Some(&next) = self.buffer.filled().get(self.line) else {
            return false;
        };
        if next == LF {
            self.line += 1;
            self.searched = self.line;
        }
        self.after_cr = false;
        true
    }

    /// Skips a line end at `end`.
    #[inline(always)]
    fn end_line(&mut self, end: usize) {
        let bytes = self.buffer.filled();
        let mut next = end + 1;
        if bytes[end] == CR {
            match bytes.get(next) {
                Some(&LF) => next += 1,
                Some(_) => {}
                None => self.after_cr = true,
            }
        }
        self.line = next;
        self.searched = next;
    }

    /// Records how far the current line was searched, and applies the limit to it.
    fn hold_unfinished_line(&mut self) -> Result<(), MessageTooLong> {
        let end = self.buffer.len();
        self.searched = end;
        if self.line == end {
            return Ok(());
        }
        let mut result = Ok(());
        if self.line_state == Line::Kept && !self.block.is_discarded() {
            match field::judge(&self.buffer.filled()[self.line..]) {
                Unfinished::Name => return Ok(()),
                Unfinished::Value(field, len) if self.block.fits(field, len) => return Ok(()),
                Unfinished::Value(..) => result = Err(self.block.discard()),
                Unfinished::Ignored => {}
            }
        }
        self.line_state = Line::Dropped;
        self.line = end;
        result
    }

    /// Takes a line without its end; true if it dispatches a message.
    #[inline(always)]
    fn take_line(&mut self, line: Range<usize>) -> Result<bool, MessageTooLong> {
        if self.line_state == Line::Dropped {
            self.line_state = Line::Kept;
            return Ok(false);
        }
        if line.is_empty() {
            self.dispatched = self.block.end();
            return Ok(self.dispatched);
        }
        if self.block.is_discarded() {
            return Ok(false);
        }
        let Some((field, offset)) = field::parse(&self.buffer.filled()[line.clone()]) else {
            return Ok(false);
        };
        let value = line.start + offset..line.end;
        if !self.block.fits(field, value.len()) {
            return Err(self.block.discard());
        }
        self.block.set(field, value, self.buffer.filled());
        Ok(false)
    }
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder")
            .field("buffered", &(self.buffer.len() - self.line))
            .field("max_message_bytes", &self.block.max_message_bytes())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
