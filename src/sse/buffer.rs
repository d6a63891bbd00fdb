//! The bytes that were fed and are not done with.

use std::ops::Range;

/// Readable bytes beyond the filled ones, so that a reader may look at many bytes at once.
pub(crate) const SLACK: usize = 64;

/// From this size on, memory is given back once it is not needed any more.
pub(super) const KEPT: usize = 1 << 20;

/// Bytes in `0..filled`, room for more behind them.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    filled: usize,
}

impl Buffer {
    /// The bytes fed.
    #[inline(always)]
    pub(super) fn filled(&self) -> &[u8] {
        &self.bytes[..self.filled]
    }

    /// The bytes fed, and [`SLACK`] or more meaningless ones behind them.
    #[inline(always)]
    pub(super) fn with_slack(&self) -> &[u8] {
        &self.bytes
    }

    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.filled
    }

    /// Room for at least `len` more bytes. What was fed stays where it is.
    pub(super) fn spare(&mut self, len: usize) -> &mut [u8] {
        let needed = self.filled + len + SLACK;
        if self.bytes.len() < needed {
            self.grow(needed);
        }
        let end = self.bytes.len() - SLACK;
        &mut self.bytes[self.filled..end]
    }

    #[cold]
    fn grow(&mut self, needed: usize) {
        // By half, not by double: memory of a page of WebAssembly never shrinks.
        let size = needed.max(self.bytes.len() + self.bytes.len() / 2);
        self.bytes.reserve_exact(size - self.bytes.len());
        self.bytes.resize(size, 0);
    }

    /// Counts the first `len` bytes of [`spare`](Self::spare) in.
    pub(super) fn advance(&mut self, len: usize) {
        assert!(
            self.filled + len + SLACK <= self.bytes.len(),
            "more bytes than there was room for"
        );
        self.filled += len;
    }

    /// Drops all.
    #[inline(always)]
    pub(super) fn clear(&mut self) {
        self.filled = 0;
        if self.bytes.len() > KEPT {
            self.shrink();
        }
    }

    #[cold]
    fn shrink(&mut self) {
        self.bytes.truncate(KEPT / 2);
        self.bytes.shrink_to_fit();
    }

    /// Drops all but two ranges, which are in order, and puts them together at the front.
    #[inline]
    pub(super) fn keep(&mut self, first: Range<usize>, second: Range<usize>) {
        let head = first.len();
        if first.start > 0 && head > 0 {
            self.bytes.copy_within(first, 0);
        }
        if second.start > head && !second.is_empty() {
            self.bytes.copy_within(second.clone(), head);
        }
        self.filled = head + second.len();
        if self.bytes.len() > KEPT && self.filled < KEPT / 4 {
            self.shrink();
        }
    }
}
