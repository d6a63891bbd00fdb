//! Finding where JSON strings and values end.

use super::block::{self, WIDTH};

/// Where a JSON string ends, and what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StringEnd {
    /// The closing quote.
    pub(crate) end: usize,
    /// There are backslashes in it.
    pub(crate) escapes: bool,
    /// There are ASCII characters only in it.
    pub(crate) ascii: bool,
}

/// Scans a JSON string from behind its opening quote.
///
/// `None` if it does not end, or holds a control character, which JSON forbids. Escape sequences are stepped over.
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
                // A byte beyond ASCII behind a backslash is no escape; whoever unescapes finds out.
                found.end = at + 2;
            }
            _ => return None,
        }
    }
}

/// The first byte from `from` on that does not stand for itself in a JSON string, or the end; and whether all before it
/// is ASCII.
#[inline]
fn plain(data: &[u8], from: usize) -> (usize, bool) {
    let mut at = from;
    let mut ascii = true;
    while let Some(block) = data.get(at..).and_then(<[u8]>::first_chunk::<WIDTH>) {
        let masks = block::masks(block);
        if masks.special != 0 {
            let length = masks.special.trailing_zeros();
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

/// The end of the JSON value that starts at `from`, as far as brackets and strings tell; `None` if it has none.
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
