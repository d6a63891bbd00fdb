//! Finds the ends of JSON strings and values.

use super::block::{self, WIDTH};

/// The end of a JSON string, and properties of its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StringEnd {
    /// The position of the closing quote.
    pub(crate) end: usize,
    /// The string contains backslashes.
    pub(crate) escapes: bool,
    /// The string contains only ASCII characters.
    pub(crate) ascii: bool,
}

/// Scans a JSON string, starting after its opening quote.
///
/// `None` if it does not end, or contains a control character, which JSON forbids. Escape sequences are skipped.
#[inline]
pub(crate) fn string(data: &[u8], from: usize) -> Option<StringEnd> {
    let mut found = StringEnd {
        end: from,
        escapes: false,
        ascii: true,
    };
    loop {
        let (at, ascii) = plain(data, found.end);
        found.ascii &= ascii;
        found.end = at;
        match *data.get(at)? {
            b'"' => return Some(found),
            b'\\' => {
                found.escapes = true;
                // A non-ASCII byte after a backslash is not a valid escape; unescaping will report it.
                found.end = at + 2;
            }
            _ => return None,
        }
    }
}

/// The first special byte of a JSON string from `from` on, or the end; and whether all bytes before it
/// are ASCII.
#[inline]
fn plain(data: &[u8], from: usize) -> (usize, bool) {
    let mut at = from;
    let mut ascii = true;
    while let Some(block) = data.get(at..).and_then(<[u8]>::first_chunk::<WIDTH>) {
        let masks = block::masks(block);
        if masks.special() != 0 {
            let length = masks.special().trailing_zeros();
            return (
                at + length as usize,
                ascii && masks.not_ascii & ((1 << length) - 1) == 0,
            );
        }
        ascii &= masks.not_ascii == 0;
        at += WIDTH;
    }
    while let Some(&byte) = data.get(at) {
        if byte < 0x20 || byte == b'"' || byte == b'\\' {
            break;
        }
        ascii &= byte < 0x80;
        at += 1;
    }
    (at, ascii)
}

/// The end of the JSON value that starts at `from`, judged by brackets and strings only; `None` if it does not end.
pub(crate) fn value(data: &[u8], from: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut at = from;
    loop {
        match *data.get(at)? {
            b'"' => at = string(data, at + 1)?.end,
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return Some(at),
            b'}' | b']' => depth -= 1,
            b',' if depth == 0 => return Some(at),
            _ => {}
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_ends_where_its_brackets_say() {
        for (json, value_end) in [
            ("1}", Some(1)),
            ("[1,2]}", Some(5)),
            (r#"{"a":"}"},"b":1}"#, Some(9)),
            (r#"["\"]",{}]}"#, Some(10)),
            ("[[1]", None),
            (r#"{"a"#, None),
            ("", None),
        ] {
            assert_eq!(value(json.as_bytes(), 0), value_end, "{json}");
        }
    }

    #[test]
    fn a_string_ends_at_its_first_quote_that_is_not_escaped() {
        let long = "x".repeat(100);
        for (inside, escapes, ascii) in [
            ("", false, true),
            ("abc", false, true),
            (r#"a\"b"#, true, true),
            (r"\\", true, true),
            ("caf\u{e9}", false, false),
            (long.as_str(), false, true),
        ] {
            let data = format!("{inside}\"}}");
            let end = inside.len();
            assert_eq!(
                string(data.as_bytes(), 0),
                Some(StringEnd {
                    end,
                    escapes,
                    ascii
                }),
                "{inside}"
            );
        }
        for malformed in ["abc", "a\nb\"", "a\\", "\u{1f}\""] {
            assert_eq!(string(malformed.as_bytes(), 0), None, "{malformed}");
        }
    }
}
