//! Recognises the block of a token as a whole.
//!
//! This code is written by hand with words and fixed windows: it is the one place where a nanosecond counts, and it must stay
//! fast in a build that is optimised for size.

use std::ops::Range;

use crate::{
    frame::block::{self, WIDTH},
    sse::SLACK,
};

/// The lines that Flowise servers write before the data. They have no meaning.
const PREFIXES: [&[u8; 8]; 2] = [b"message:", b"message\n"];
const OPENING: &[u8; 30] = br#"data:{"event":"token","data":""#;
pub(super) const CLOSING: &[u8; 4] = b"\"}\n\n";

/// Where the text starts in the message's data.
pub(super) const TEXT_IN_DATA: usize = OPENING.len() - b"data:".len();

/// Where the text starts after the longest prefix, and the number of bytes to look at.
const LATEST_START: usize = PREFIXES[0].len() + 1 + OPENING.len();
const WINDOW: usize = LATEST_START + WIDTH + CLOSING.len();
const _: () = assert!(
    WINDOW <= SLACK,
    "a window at the end of the stream has to fit"
);

/// What the beginning of a block looks like.
///
/// The range is where the text is in the block, which ends after the text and [`CLOSING`].
pub(super) enum Found<'a> {
    /// A token of at most 15 bytes of ASCII without escapes, and the bytes from its text on.
    Short(Range<usize>, &'a [u8; WIDTH]),
    /// A token of at most 15 bytes without escapes, not all of them ASCII. They may be malformed UTF-8.
    Wide(Range<usize>),
    /// Another token, or the beginning of one: its text starts at this offset.
    Opening(usize),
    /// Not a token.
    Other,
}

/// The bytes from a position on, as an array.
///
/// A slice would do, but a build for size would add calls and checks.
macro_rules! bytes_from {
    ($bytes:expr, $from:expr, $($place:literal)*) => { [$($bytes[$from + $place]),*] };
}

macro_rules! word_from {
    ($bytes:expr, $from:expr) => {
        u64::from_le_bytes(bytes_from!($bytes, $from, 0 1 2 3 4 5 6 7))
    };
}

/// Whether these are the first bytes of a token's block, as Flowise writes it, and the bytes end within that block.
///
/// It does not recognise all such beginnings, and looks at no more than [`SLACK`] bytes.
pub(super) fn is_beginning(bytes: &[u8]) -> bool {
    if bytes.len() > SLACK {
        return false;
    }
    let rest = match bytes.get(..=PREFIXES[0].len()) {
        Some(prefix) if prefix.starts_with(PREFIXES[0]) && prefix.ends_with(b"\n") => {
            &bytes[prefix.len()..]
        }
        Some(_) => bytes,
        None => return PREFIXES[0].starts_with(bytes),
    };
    match rest.split_at_checked(OPENING.len()) {
        Some((opening, text)) => opening == OPENING && text.iter().all(|&byte| byte >= b' '),
        None => OPENING.starts_with(rest),
    }
}

/// Examines the block that begins at `at`.
///
/// Bytes after the end of the stream may look like a token's: the caller has to compare the length.
#[inline(always)]
pub(super) fn find(bytes: &[u8], at: usize) -> Found<'_> {
    let Some(Ok(window)) = bytes.get(at..at + WINDOW).map(<&[u8; WINDOW]>::try_from) else {
        return Found::Other;
    };
    let first = word_from!(window, 0);
    if first == word_from!(PREFIXES[0], 0) && window[8] == b'\n' {
        find_behind::<9>(window, word_from!(window, 9))
    } else if first == word_from!(PREFIXES[1], 0) {
        find_behind::<8>(window, word_from!(window, 8))
    } else {
        find_behind::<0>(window, first)
    }
}

/// Examines the bytes after the prefix. `first` is its first word: reading it twice would make the compiler load single bytes.
#[inline(always)]
fn find_behind<const PREFIX: usize>(window: &[u8; WINDOW], first: u64) -> Found<'_> {
    // For the same reason, no parts overlap.
    if first != word_from!(OPENING, 0)
        || word_from!(window, PREFIX + 8) != word_from!(OPENING, 8)
        || word_from!(window, PREFIX + 16) != word_from!(OPENING, 16)
        || bytes_from!(window, PREFIX + 24, 0 1 2 3) != bytes_from!(OPENING, 24, 0 1 2 3)
        || bytes_from!(window, PREFIX + 28, 0 1) != bytes_from!(OPENING, 28, 0 1)
    {
        return Found::Other;
    }
    let text = PREFIX + OPENING.len();
    let Some(block) = window[text..].first_chunk() else {
        return Found::Other;
    };
    let masks = block::masks(block);
    let text_len = masks.quotes.trailing_zeros() as usize;
    // All bytes before the first quote, and other quotes.
    let before_quote = masks.quotes.wrapping_sub(1);
    if text_len >= WIDTH || masks.escapes & before_quote != 0 {
        return Found::Opening(text);
    }
    let end = text + text_len;
    if bytes_from!(window, end, 0 1 2 3) != *CLOSING {
        return Found::Opening(text);
    }
    if masks.not_ascii & before_quote != 0 {
        return Found::Wide(text..end);
    }
    Found::Short(text..end, block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_is_known_until_the_block_may_end() {
        for block in [
            "message:\ndata:{\"event\":\"token\",\"data\":\"caf\u{e9}\"}\n\n",
            "data:{\"event\":\"token\",\"data\":\"a\\n\"}\n\n",
        ] {
            let line_end = block.len() - 2;
            for len in 0..=block.len() {
                let known = is_beginning(&block.as_bytes()[..len]);
                // A part shorter than a prefix is known only as the start of that prefix.
                let is_short = len <= PREFIXES[0].len() && !block.starts_with("message");
                assert_eq!(
                    known,
                    len <= line_end && (!is_short || len == 0),
                    "{:?}",
                    &block[..len.min(8)]
                );
            }
        }
        for other in [
            "data: a\n\n",
            "message:\rdata:",
            "messages",
            "data:{\"event\":\"end\",\"data\":\"",
            "\n",
        ] {
            assert!(!is_beginning(other.as_bytes()), "{other:?}");
        }
        let long = ["data:{\"event\":\"token\",\"data\":\"", &"x".repeat(SLACK)].concat();
        assert!(!is_beginning(long.as_bytes()));
    }
}
