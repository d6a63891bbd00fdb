use std::{fmt, mem, ops::Range, time::Duration};

use super::{
    block::Block,
    buffer::{Buffer, SLACK},
    field::{self, Unfinished},
    line,
    message::{Message, MessageTooLong},
};

/// How long a message may be unless the decoder is told otherwise: 128 MiB.
pub const DEFAULT_MAX_MESSAGE_BYTES: usize = 128 << 20;

const LF: u8 = b'\n';
const CR: u8 = b'\r';
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// What is done with the bytes of the line at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    /// They are kept until the line ends.
    Kept,
    /// They are dropped: nothing that the line can still become has a meaning.
    Dropped,
}

/// The bytes from the start of a block on.
pub(crate) struct Ahead<'a> {
    /// The bytes, and [`SLACK`] more.
    pub(crate) bytes: &'a [u8],
    /// How many of them are the stream's.
    pub(crate) len: usize,
    /// The limit that messages are held to.
    pub(crate) max_message_bytes: usize,
}

/// Decodes an event stream: bytes are pushed in, messages pulled out.
///
/// Its work is linear in the bytes pushed, however they are cut; it holds at most what was pushed last, one unfinished
/// line and the data of one unfinished message, both bounded by [`with_max_message_bytes`](Self::with_max_message_bytes).
///
/// From anything that reads, without a copy:
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
    /// Where the line at hand starts.
    line: usize,
    /// Up to here the line at hand was searched for its end.
    searched: usize,
    line_state: Line,
    /// The last line ended in CR, and what follows is not known yet: an LF belongs to it.
    after_cr: bool,
    /// A byte order mark may still come.
    at_start: bool,
    /// The last call dispatched the block; its parts are kept until the next call.
    dispatched: bool,
    block: Block,
    #[cfg(test)]
    bytes_touched: usize,
}

impl Decoder {
    /// A decoder at the start of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::with_max_message_bytes(DEFAULT_MAX_MESSAGE_BYTES)
    }

    /// A decoder that leaves out messages whose data is longer than `limit` bytes, line ends between lines included.
    ///
    /// The values of other fields are held to the same limit.
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
    /// Pull all messages with [`next_message`](Self::next_message) before pushing more, or the bytes pile up.
    pub fn push(&mut self, bytes: &[u8]) {
        self.spare(bytes.len())[..bytes.len()].copy_from_slice(bytes);
        self.advance(bytes.len());
    }

    /// Room for at least `len` bytes, for writing the next bytes of the stream in place; [`advance`](Self::advance)
    /// then counts them in.
    pub fn spare(&mut self, len: usize) -> &mut [u8] {
        self.forget_dispatched();
        self.compact();
        self.buffer.spare(len)
    }

    /// Takes the first `len` bytes of [`spare`](Self::spare) as the next bytes of the stream.
    ///
    /// # Panics
    ///
    /// If `spare` did not give that much room.
    pub fn advance(&mut self, len: usize) {
        self.buffer.advance(len);
    }

    /// The next message, or `None` if the bytes pushed so far hold no further whole one.
    ///
    /// # Errors
    ///
    /// [`MessageTooLong`], once for each such message; the next call goes on behind it.
    pub fn next_message(&mut self) -> Option<Result<Message<'_>, MessageTooLong>> {
        match self.find_message()? {
            Ok(()) => Some(Ok(self.message())),
            Err(error) => Some(Err(error)),
        }
    }

    /// Goes to the next message, which [`message`](Self::message) then gives.
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

    /// What comes next if that begins a block: the bytes, with [`SLACK`] meaningless ones behind them.
    ///
    /// For a reader that knows whole blocks of a frequent form, and says with [`skip_blocks`](Self::skip_blocks) how
    /// far it came. It must give what [`find_message`](Self::find_message) would have given.
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

    /// Steps over whole blocks of `len` bytes together.
    #[inline]
    pub(crate) fn skip_blocks(&mut self, len: usize) {
        self.line += len;
        self.searched = self.line;
        debug_assert!(self.line <= self.buffer.len());
    }

    /// The last event ID as of the last block: what a client that reconnects sends.
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        self.block.last_event_id()
    }

    /// The reconnection time that the server asked for with a `retry` field.
    #[must_use]
    pub fn reconnection_time(&self) -> Option<Duration> {
        self.block.reconnection_time()
    }

    /// Whether there are bytes of a block that has not ended.
    ///
    /// At the end of a stream the standard drops such a block; a caller may want to know that there was one.
    #[must_use]
    pub fn is_mid_message(&self) -> bool {
        !self.dispatched
            && (self.block.is_begun()
                || self.line < self.buffer.len()
                || self.line_state == Line::Dropped)
    }

    /// How many bytes of memory it holds at this moment. For tests of its bounds.
    #[doc(hidden)]
    #[must_use]
    pub fn memory(&self) -> usize {
        self.buffer.with_slack().len() + self.block.memory()
    }

    /// Ends the stream: drops a block that has not ended, and begins a new stream with the same limit.
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

    /// Drops the bytes that are done with. What is moved is either shorter than what was pushed last or moved once.
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

    /// Nothing of what was pushed is left: the last block has ended with it.
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

    /// Skips a byte order mark at the start of the stream; false if that cannot be told yet.
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

    /// Skips the LF of a CRLF that was cut in two; false if the next byte has not come yet.
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

    /// Steps over a line end at `end`.
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

    /// Remembers how far the line at hand was searched, and holds it to the limit.
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

    /// Takes a line, its end left out; true if it dispatches a message.
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
