//! The texts of a batch: the ASCII ones as bytes, all others in UTF-16, so that JavaScript has no UTF-8 to decode.
//!
//! Engines copy ASCII bytes into strings, and UTF-16 nearly so; their UTF-8 decoders take several times as
//! long. Besides, in one common string, a single character beyond Latin-1 would make every character take two bytes.

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
        let mut writer = self.writer(text, 0);
        while let Some(&byte) = writer.bytes.get(writer.at) {
            if byte < 0x80 {
                writer.at += 1;
                writer.push(u16::from(byte))?;
            } else {
                writer.character()?;
            }
        }
        self.wide_len += writer.len;
        Some(Width::Wide)
    }

    /// Appends the unescaped content of a JSON string. `bytes` starts after its opening quote; the result is the position of its
    /// closing quote.
    ///
    /// `None`, with nothing appended, if it is invalid, contains half of a surrogate pair, or is too long.
    pub(super) fn append_string(
        &mut self,
        bytes: &[u8],
        at_least: Width,
    ) -> Option<(usize, Width)> {
        if at_least == Width::Wide {
            return self.append_wide_string(bytes, 0, 0, None);
        }
        let room = self.narrow.get_mut(self.narrow_len..)?;
        let mut at = 0;
        let mut len = 0;
        let mut beyond = None;
        loop {
            if let Some(block) = bytes.get(at..).and_then(<[u8]>::first_chunk::<WIDTH>) {
                let masks = block::masks(block);
                let plain =
                    (masks.special | masks.not_ascii | 1 << WIDTH).trailing_zeros() as usize;
                room.get_mut(len..len + WIDTH)?.copy_from_slice(block);
                at += plain;
                len += plain;
                if plain == WIDTH {
                    continue;
                }
            }
            let character = match *bytes.get(at)? {
                b'"' => {
                    self.narrow_len += len;
                    return Some((at, Width::Narrow));
                }
                b'\\' => {
                    let mut rest = bytes.get(at + 1..)?;
                    let character = text::escape(&mut rest)?;
                    at = bytes.len() - rest.len();
                    character
                }
                0..0x20 => return None,
                0x80.. => break,
                byte => {
                    at += 1;
                    char::from(byte)
                }
            };
            if !character.is_ascii() {
                beyond = Some(character);
                break;
            }
            *room.get_mut(len)? = character as u8;
            len += 1;
        }
        self.append_wide_string(bytes, at, len, beyond)
    }

    /// Continues with a string at its first non-ASCII character: `len` bytes of it are in the other buffer.
    fn append_wide_string(
        &mut self,
        bytes: &[u8],
        at: usize,
        len: usize,
        beyond: Option<char>,
    ) -> Option<(usize, Width)> {
        let before = self.narrow.get(self.narrow_len..self.narrow_len + len)?;
        let out = self.wide.get_mut(self.wide_len..)?;
        for (unit, &byte) in out.get_mut(..len)?.iter_mut().zip(before) {
            *unit = u16::from(byte);
        }
        let mut writer = Writer {
            bytes,
            at,
            out,
            len,
        };
        if let Some(character) = beyond {
            writer.push_character(character as u32)?;
        }
        loop {
            match *writer.bytes.get(writer.at)? {
                b'"' => break,
                b'\\' => {
                    let mut rest = bytes.get(writer.at + 1..)?;
                    let character = text::escape(&mut rest)?;
                    writer.at = bytes.len() - rest.len();
                    writer.push_character(character as u32)?;
                }
                0..0x20 => return None,
                byte @ ..0x80 => {
                    writer.at += 1;
                    writer.push(u16::from(byte))?;
                }
                _ => writer.character()?,
            }
        }
        let (at, len) = (writer.at, writer.len);
        self.wide_len += len;
        Some((at, Width::Wide))
    }

    fn writer<'a>(&'a mut self, bytes: &'a [u8], at: usize) -> Writer<'a> {
        Writer {
            bytes,
            at,
            out: &mut self.wide[self.wide_len..],
            len: 0,
        }
    }
}

/// Converts UTF-8 to UTF-16.
struct Writer<'a> {
    bytes: &'a [u8],
    at: usize,
    out: &'a mut [u16],
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

    /// Takes a non-ASCII character; `None` if it is malformed.
    #[inline(always)]
    fn character(&mut self) -> Option<()> {
        let lead = u32::from(*self.bytes.get(self.at)?);
        if lead < 0xC0 {
            return None;
        }
        let mut character = lead << 6 & 0x7C0 | self.continuation(1)?;
        let least = if lead < 0xE0 {
            self.at += 2;
            0x80
        } else {
            character = (character << 6 | self.continuation(2)?) & 0xFFFF;
            if lead < 0xF0 {
                self.at += 3;
                0x800
            } else {
                character = (lead & 0xF) << 18 | (character & 0xFFF) << 6 | self.continuation(3)?;
                self.at += 4;
                0x1_0000
            }
        };
        if character < least || character > 0x10_FFFF || character & 0x1F_F800 == 0xD800 {
            return None;
        }
        self.push_character(character)
    }

    #[inline(always)]
    fn continuation(&self, place: usize) -> Option<u32> {
        let byte = *self.bytes.get(self.at + place)?;
        if byte & 0xC0 != 0x80 {
            return None;
        }
        Some(u32::from(byte & 0x3F))
    }
}
