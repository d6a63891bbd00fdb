//! Reads JSON as JavaScript does.

use serde_json::Value;

use crate::error::{Error, ErrorKind};
use crate::thrown::Thrown;

/// Reads a text that `what` describes. Halves of surrogate pairs, which JavaScript's strings can hold, become U+FFFD.
///
/// # Errors
///
/// `kind` if the text is not JSON or is nested deeper than 128 levels: reading is recursive, and the stack of a WebAssembly
/// program is small.
pub(crate) fn json(text: &str, kind: ErrorKind, what: &str) -> Result<Value, Error> {
    serde_json::from_str(text)
        .or_else(|error| serde_json::from_str(&without_halves(text)).map_err(|_| error))
        .map_err(|error| {
            let is_deep = error.to_string().starts_with("recursion limit exceeded");
            let problem = if is_deep {
                " is nested deeper than 128 levels"
            } else {
                " is not valid JSON"
            };
            Error::new(kind, [what, problem].concat()).with_source(Thrown::text(&error))
        })
}

/// Replaces every escaped half of a surrogate pair by U+FFFD.
fn without_halves(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut at = 0;
    while let Some(found) = json[at..].find('\\') {
        out.push_str(&json[at..at + found]);
        at += found;
        let len = match (unit(json, at), unit(json, at + 6)) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => 12,
            (Some(0xd800..0xe000), _) => {
                out.push('\u{fffd}');
                at += 6;
                continue;
            }
            (Some(_), _) => 6,
            // the backslash and the character that it escapes
            (None, _) => 1 + json[at + 1..].chars().next().map_or(0, char::len_utf8),
        };
        out.push_str(&json[at..at + len]);
        at += len;
    }
    out.push_str(&json[at..]);
    out
}

/// The escaped UTF-16 unit.
pub(super) fn unit(json: &str, at: usize) -> Option<u16> {
    let hex = json.get(at..at + 6)?.strip_prefix("\\u")?;
    hex.bytes()
        .all(|byte| byte.is_ascii_hexdigit())
        .then_some(())?;
    u16::from_str_radix(hex, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_nesting_is_a_different_error_from_invalid_json() {
        let deep = ["[".repeat(200), "]".repeat(200)].concat();
        let message = |text: &str| {
            let error = json(text, ErrorKind::Decode, "this").expect_err(text);
            assert!(std::error::Error::source(&error).is_some());
            error.to_string()
        };
        assert_eq!(message(&deep), "this is nested deeper than 128 levels");
        assert_eq!(message("[1"), "this is not valid JSON");
    }
}
