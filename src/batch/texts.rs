//! The texts of a batch: the ASCII ones as bytes, all others in UTF-16, so that JavaScript has no UTF-8 to decode.
//!
//! Engines copy ASCII bytes into strings, and UTF-16 nearly so; their UTF-8 decoders take several times as
//! long. Besides, in one common string, a single character beyond Latin-1 would make every character take two bytes.

use std::num::NonZeroUsize;

use crate::frame::{
    block::{self, WIDTH},
    text,
};

/// Longer payloads, and longer names, are not copied.
pub(super) const LARGE_BYTES: usize = 4 << 10;

/// The size of either buffer, in units. It always has space for a name and a payload of [`LARGE_BYTES`] each.
const UNITS: usize = 32 << 10;

/// The buffer of the last text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    /// It is ASCII.
    Narrow,
    /// It is UTF-16.
    Wide,
}

pub(super) struct Texts {
    narrow: Box<[u8]>,
    narrow_len: usize,
    wide: Box<[u16]>,
    wide_len: usize,
}

impl Texts {
    /// Creates empty buffers. They do not move until they are dropped.
    pub(super) fn new() -> Self {
        Self {
            narrow: vec![0; UNITS].into_boxed_slice(),
            narrow_len: 0,
            wide: vec![0; UNITS / 2].into_boxed_slice(),
            wide_len: 0,
        }
    }

    pub(super) fn clear(&mut self) {
        self.narrow_len = 0;
        self.wide_len = 0;
    }

    pub(super) fn narrow(&self) -> &[u8] {
        &self.narrow[..self.narrow_len]
    }

    pub(super) fn wide(&self) -> &[u16] {
        &self.wide[..self.wide_len]
    }

    /// The end of the last text of this width.
    #[inline(always)]
    pub(super) fn end(&self, width: Width) -> usize {
        match width {
            Width::Narrow => self.narrow_len,
            Width::Wide => self.wide_len,
        }
    }

    /// The length of the texts of this width appended since `mark`.
    pub(super) fn len_since(&self, mark: [usize; 2], width: Width) -> usize {
        self.end(width) - mark[width as usize]
    }

    /// Whether there may be too little space for another name and payload.
    #[inline(always)]
    pub(super) fn is_full(&self) -> bool {
        self.narrow_len + 2 * LARGE_BYTES + WIDTH > UNITS
            || self.wide_len + 2 * LARGE_BYTES > UNITS / 2
    }

    /// The ends of the texts, for [`reset`](Self::reset).
    #[inline(always)]
    pub(super) fn mark(&self) -> [usize; 2] {
        [self.narrow_len, self.wide_len]
    }

    /// Drops the texts appended since `mark`.
    pub(super) fn reset(&mut self, mark: [usize; 2]) {
        [self.narrow_len, self.wide_len] = mark;
    }

    /// Appends the first `len` bytes of a block, which are ASCII.
    ///
    /// Copies the whole block, which is one instruction; the next text overwrites the excess.
    #[inline(always)]
    pub(super) fn append_short(&mut self, block: &[u8; WIDTH], len: usize) {
        self.narrow[self.narrow_len..self.narrow_len + WIDTH].copy_from_slice(block);
        self.narrow_len += len;
    }

    /// Appends UTF-8; `None`, with nothing appended, if it is invalid or too long.
    pub(super) fn append(&mut self, text: &[u8], at_least: Width) -> Option<Width> {
        if at_least == Width::Narrow && text.is_ascii() {
            let room = self.narrow.get_mut(self.narrow_len..)?;
            room.get_mut(..text.len())?.copy_from_slice(text);
            self.narrow_len += text.len();
            return Some(Width::Narrow);
        }
        self.append_utf8(text, text.len())?;
        Some(Width::Wide)
    }

    /// Appends the first `len` bytes of UTF-8 to the wide texts; `None`, with nothing appended, if it is invalid or too long.
    ///
    /// A character that begins in them has to end in them, or before a byte that is no part of one. Three more bytes make this faster.
    #[inline(never)]
    pub(super) fn append_utf8(&mut self, bytes: &[u8], len: usize) -> Option<()> {
        let mut out = self.writer()?;
        let mut at = 0;
        while at < len {
            let word = word_at(bytes, at);
            if word & 0x80 == 0 {
                out.push(word as u16 & 0x7F)?;
                at += 1;
            } else {
                let (character, its_len) = character(word)?;
                out.push_character(character)?;
                at += its_len;
            }
        }
        self.wide_len += out.len;
        Some(())
    }

    /// Appends the unescaped content of a JSON string. `bytes` starts after its opening quote; the result is the position of its
    /// closing quote.
    ///
    /// `None`, with nothing appended, if it is invalid, contains half of a surrogate pair, or is too long.
    #[inline(always)]
    pub(super) fn append_string(
        &mut self,
        bytes: &[u8],
        at_least: Width,
    ) -> Option<(usize, Width)> {
        let narrow = match at_least {
            Width::Narrow => self.append_narrow_string(bytes),
            Width::Wide => None,
        };
        let (after, width) = match narrow {
            Some(after) => (after, Width::Narrow),
            None => (self.append_wide_string(bytes)?, Width::Wide),
        };
        Some((after.get() - 1, width))
    }

    /// Appends a JSON string if its content is ASCII; the result is the position after its closing quote.
    // Only a number that is never zero is returned in a register.
    #[inline(never)]
    fn append_narrow_string(&mut self, bytes: &[u8]) -> Option<NonZeroUsize> {
        let room = self.narrow.get_mut(self.narrow_len..)?;
        let mut at = 0;
        let mut len = 0;
        loop {
            if let Some(block) = bytes.get(at..).and_then(<[u8]>::first_chunk::<WIDTH>) {
                let masks = block::masks(block);
                let end = masks.special() | masks.not_ascii | 1 << WIDTH;
                let plain = end.trailing_zeros() as usize;
                room.get_mut(len..len + WIDTH)?.copy_from_slice(block);
                at += plain;
                len += plain;
                if plain == WIDTH {
                    continue;
                }
            }
            let byte = *bytes.get(at)?;
            at += 1;
            let byte = match byte {
                b'"' => break,
                b'\\' => {
                    let mut rest = bytes.get(at..)?;
                    let character = text::escape(&mut rest)?;
                    at = bytes.len() - rest.len();
                    u8::try_from(character).ok().filter(u8::is_ascii)?
                }
                0..0x20 | 0x80.. => return None,
                byte => byte,
            };
            *room.get_mut(len)? = byte;
            len += 1;
        }
        self.narrow_len += len;
        NonZeroUsize::new(at)
    }

    /// Appends a JSON string as UTF-16; the result is the position after its closing quote.
    #[inline(never)]
    fn append_wide_string(&mut self, bytes: &[u8]) -> Option<NonZeroUsize> {
        let mut out = self.writer()?;
        let mut at = 0;
        loop {
            let word = word_at(bytes, at);
            match word as u8 {
                b'"' => break,
                b'\\' => {
                    let mut rest = bytes.get(at + 1..)?;
                    let character = text::escape(&mut rest)?;
                    at = bytes.len() - rest.len();
                    out.push_character(character as u32)?;
                }
                0..0x20 => return None,
                byte @ ..0x80 => {
                    out.push(u16::from(byte))?;
                    at += 1;
                }
                _ => {
                    let (character, len) = character(word)?;
                    out.push_character(character)?;
                    at += len;
                }
            }
        }
        self.wide_len += out.len;
        NonZeroUsize::new(at + 1)
    }

    #[inline(always)]
    fn writer(&mut self) -> Option<Writer<'_>> {
        let out = self.wide.get_mut(self.wide_len..)?.first_chunk_mut()?;
        Some(Writer { out, len: 0 })
    }
}

/// Four bytes from a position on; zeros after the end.
#[inline(always)]
fn word_at(bytes: &[u8], at: usize) -> u32 {
    match bytes.get(at..).and_then(<[u8]>::first_chunk) {
        Some(&word) => u32::from_le_bytes(word),
        None => last_word(bytes, at),
    }
}

#[cold]
#[inline(never)]
fn last_word(bytes: &[u8], at: usize) -> u32 {
    let mut word = [0; 4];
    for (byte, &last) in word.iter_mut().zip(bytes.get(at..).unwrap_or_default()) {
        *byte = last;
    }
    u32::from_le_bytes(word)
}

/// The non-ASCII character at the start of four bytes of UTF-8, and its length; `None` if it is malformed.
#[inline(always)]
fn character(word: u32) -> Option<(u32, usize)> {
    if word & 0xC0_C0F0 == 0x80_80E0 {
        let character = (word & 0xF) << 12 | word >> 2 & 0xFC0 | word >> 16 & 0x3F;
        if character < 0x800 || character & 0xF800 == 0xD800 {
            return None;
        }
        return Some((character, 3));
    }
    if word & 0xC0E0 == 0x80C0 {
        let character = (word & 0x1F) << 6 | word >> 8 & 0x3F;
        if character < 0x80 {
            return None;
        }
        return Some((character, 2));
    }
    let character =
        (word & 7) << 18 | word << 4 & 0x3_F000 | word >> 10 & 0xFC0 | word >> 24 & 0x3F;
    if word & 0xC0C0_C0F8 != 0x8080_80F0 || !(0x1_0000..0x11_0000).contains(&character) {
        return None;
    }
    Some((character, 4))
}

/// Writes UTF-16.
struct Writer<'a> {
    out: &'a mut [u16; LARGE_BYTES],
    len: usize,
}

impl Writer<'_> {
    #[inline(always)]
    fn push(&mut self, unit: u16) -> Option<()> {
        *self.out.get_mut(self.len)? = unit;
        self.len += 1;
        Some(())
    }

    #[inline(always)]
    fn push_character(&mut self, character: u32) -> Option<()> {
        if let Ok(unit) = u16::try_from(character) {
            return self.push(unit);
        }
        self.push((0xD7C0 + (character >> 10)) as u16)?;
        self.push((0xDC00 | character & 0x3FF) as u16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bounds of the ranges that the table of well-formed UTF-8 in the Unicode Standard names, and ASCII.
    const BOUNDS: [u8; 23] = [
        b'a', 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC,
        0xED, 0xEE, 0xEF, 0xF0, 0xF4, 0xF5, 0xF8, 0xFF,
    ];

    fn each_text(mut check: impl FnMut(&[u8])) {
        let mut text = [0; 5];
        for len in 1..=4 {
            for number in 0..BOUNDS.len().pow(len as u32) {
                for (place, byte) in text[..len].iter_mut().enumerate() {
                    *byte = BOUNDS[number / BOUNDS.len().pow(place as u32) % BOUNDS.len()];
                }
                text[len] = b'"';
                check(&text[..=len]);
            }
        }
    }

    #[test]
    fn utf_8_is_read_as_the_standard_library_reads_it() {
        let mut texts = Texts::new();
        each_text(|quoted| {
            let text = &quoted[..quoted.len() - 1];
            let expected = std::str::from_utf8(text).ok();
            let units: Option<Vec<u16>> = expected.map(|text| text.encode_utf16().collect());
            let mut append = |append: fn(&mut Texts, &[u8]) -> Option<()>| {
                texts.clear();
                append(&mut texts, quoted).map(|()| texts.wide().to_vec())
            };
            let utf8 = append(|texts, quoted| texts.append_utf8(quoted, quoted.len() - 1));
            assert_eq!(utf8, units, "{text:x?}");
            let at_the_end = append(|texts, quoted| {
                let text = &quoted[..quoted.len() - 1];
                texts.append_utf8(text, text.len())
            });
            assert_eq!(at_the_end, units, "{text:x?}");
            let string = append(|texts, quoted| {
                let (end, width) = texts.append_string(quoted, Width::Wide)?;
                assert_eq!((end, width), (quoted.len() - 1, Width::Wide));
                Some(())
            });
            assert_eq!(string, units, "{text:x?}");
        });
    }
}
