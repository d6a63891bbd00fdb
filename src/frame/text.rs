//! Unescapes the content of JSON strings.

/// Writes the unescaped content of a JSON string, and returns its length: at most that of `escaped`.
///
/// `None` if an escape sequence is malformed or is half of a surrogate pair, or if `out` is too short. The bytes between
/// the sequences are copied unchanged.
pub(crate) fn unescape(escaped: &[u8], out: &mut [u8]) -> Option<usize> {
    let mut rest = escaped;
    let mut len = 0;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'\\' {
            *out.get_mut(len)? = byte;
            len += 1;
            continue;
        }
        let mut utf8 = [0; 4];
        let utf8 = escape(&mut rest)?.encode_utf8(&mut utf8).as_bytes();
        out.get_mut(len..len + utf8.len())?.copy_from_slice(utf8);
        len += utf8.len();
    }
    Some(len)
}

/// The character of an escape sequence without its backslash; `rest` then starts after the sequence.
///
/// `None` if the sequence is malformed, or is half of a surrogate pair.
pub(crate) fn escape(rest: &mut &[u8]) -> Option<char> {
    let (&character, after) = rest.split_first()?;
    *rest = after;
    Some(match character {
        b'"' | b'\\' | b'/' => char::from(character),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode(rest),
        _ => return None,
    })
}

/// The character of a `\u` sequence, or of two that form a surrogate pair.
fn unicode(rest: &mut &[u8]) -> Option<char> {
    let first = hex4(rest)?;
    if !(0xD800..0xDC00).contains(&first) {
        return char::from_u32(first);
    }
    *rest = rest.strip_prefix(b"\\u")?;
    let second = hex4(rest)?;
    if !(0xDC00..0xE000).contains(&second) {
        return None;
    }
    char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00))
}

fn hex4(rest: &mut &[u8]) -> Option<u32> {
    let (digits, after) = rest.split_at_checked(4)?;
    *rest = after;
    digits.iter().try_fold(0, |number, &digit| {
        Some(number << 4 | char::from(digit).to_digit(16)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unescaped(escaped: &str) -> Option<String> {
        let mut out = vec![0; escaped.len()];
        let len = unescape(escaped.as_bytes(), &mut out)?;
        out.truncate(len);
        Some(String::from_utf8(out).unwrap())
    }

    #[test]
    fn escape_sequences_stand_for_what_json_says() {
        for (escaped, text) in [
            ("", ""),
            ("plain", "plain"),
            (r#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"),
            (r"\u0041\u00e9\u20AC\u0000", "A\u{e9}\u{20ac}\0"),
            (r"\ud83d\ude00!", "\u{1f600}!"),
            (r"caf\u00e9 \\u0041", "caf\u{e9} \\u0041"),
        ] {
            assert_eq!(unescaped(escaped).as_deref(), Some(text), "{escaped}");
        }
    }

    #[test]
    fn what_utf_8_cannot_hold_or_json_does_not_know_is_refused() {
        for escaped in [
            r"\x41",
            r"\",
            r"\u12",
            r"\u12g4",
            r"\u+123",
            r"\ud83d",
            r"\ude00",
            r"\ud83d\u0041",
            r"\ud83dx",
            r"\U0041",
            r"a\ud83d\n",
        ] {
            assert_eq!(unescaped(escaped), None, "{escaped}");
        }
    }
}
