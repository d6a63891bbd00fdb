//! The bytes that were pushed and are still needed.

use std::ops::Range;

/// Readable bytes beyond the filled ones, so that a reader can look at many bytes at once.
pub(crate) const SLACK: usize = 64;

/// Above this size, memory that is no longer needed is released.
pub(super) const KEPT: usize = 1 << 20;

static ZEROS: [u8; 4 << 10] = [0; 4 << 10];

/// The bytes are in `0..filled`, with free space after them.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    filled: usize,
}

impl Buffer {
    /// The pushed bytes.
    #[inline(always)]
    pub(super) fn filled(&self) -> &[u8] {
        &self.bytes[..self.filled]
    }

    /// The pushed bytes, followed by at least [`SLACK`] meaningless ones.
    #[inline(always)]
    pub(super) fn with_slack(&self) -> &[u8] {
        &self.bytes
    }

    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.filled
    }

    /// Space for at least `len` more bytes. The pushed bytes stay in place.
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
        // Grows by half, not to double: the memory of a WebAssembly page never shrinks.
        let size = needed.max(self.bytes.len() + self.bytes.len() / 2);
        self.bytes.reserve_exact(size - self.bytes.len());
        // Optimised for size, `resize` writes single bytes.
        while self.bytes.len() < size {
            let len = ZEROS.len().min(size - self.bytes.len());
            self.bytes.extend_from_slice(&ZEROS[..len]);
        }
    }

    /// Adds the first `len` bytes of [`spare`](Self::spare).
    pub(super) fn advance(&mut self, len: usize) {
        assert!(
            self.filled + len + SLACK <= self.bytes.len(),
            "more bytes than there was room for"
        );
        self.filled += len;
    }

    /// Drops all bytes.
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

    /// Keeps two ranges, which are in order, moves them together to the front, and drops the rest.
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
