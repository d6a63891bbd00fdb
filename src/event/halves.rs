//! Halves of a surrogate pair that arrive in two events.
//!
//! A model's token may end in the middle of a character. A server that handles text as JavaScript does sends such a
//! character as two halves, `"\ud83d"` and `"\ude00"`. JavaScript joins them when it concatenates strings. A Rust string cannot
//! hold a half, so the first half waits here for the next text.

use std::borrow::Cow;

use super::parse::unit;
use crate::frame::EventKind;

/// The replacement for a half without its other half.
pub(super) const REPLACEMENT: &str = "\u{fffd}";

/// The waiting halves, one for each kind of text that is assembled.
#[derive(Clone, Debug, Default)]
pub(super) struct Halves {
    token: Option<u16>,
    thinking: Option<u16>,
}

impl Halves {
    /// The waiting half for texts of this kind.
    pub(super) fn of(&mut self, kind: EventKind) -> Option<&mut Option<u16>> {
        match kind {
            EventKind::Token => Some(&mut self.token),
            EventKind::Thinking => Some(&mut self.thinking),
            _ => None,
        }
    }
}

/// The content of a JSON string, with the half that waited and without a half that has to wait.
pub(super) fn join<'a>(waiting: &mut Option<u16>, escaped: &'a str) -> Cow<'a, str> {
    if escaped.is_empty() {
        return Cow::Borrowed(escaped);
    }
    let before = waiting.take();
    let kept = match last_half(escaped) {
        Some(half) => {
            *waiting = Some(half);
            &escaped[..escaped.len() - ESCAPE]
        }
        None => escaped,
    };
    match (before, unit(kept, 0)) {
        (None, _) => Cow::Borrowed(kept),
        (Some(high), Some(0xdc00..0xe000)) => Cow::Owned(format!("\\u{high:04x}{kept}")),
        (Some(_), _) => Cow::Owned([REPLACEMENT, kept].concat()),
    }
}

/// The length of an escaped unit: `\ud83d`.
const ESCAPE: usize = 6;

/// The first half of a pair, if the text ends with one.
fn last_half(escaped: &str) -> Option<u16> {
    let at = escaped.len().checked_sub(ESCAPE)?;
    let half = unit(escaped, at).filter(|half| (0xd800..0xdc00).contains(half))?;
    // after an odd number of backslashes, this one is escaped itself
    let backslashes = escaped.as_bytes()[..at].iter().rev();
    let count = backslashes.take_while(|&&byte| byte == b'\\').count();
    (count % 2 == 0).then_some(half)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(texts: &[&str]) -> (Vec<String>, Option<u16>) {
        let mut waiting = None;
        let texts = texts
            .iter()
            .map(|text| join(&mut waiting, text).into_owned());
        (texts.collect(), waiting)
    }

    #[test]
    fn a_half_waits_for_the_next_text() {
        assert_eq!(
            joined(&["a\\ud83d", "\\ude00b"]),
            (vec!["a".into(), "\\ud83d\\ude00b".into()], None)
        );
        assert_eq!(
            joined(&["\\ud83d", "", "\\ude00"]),
            (vec!["".into(), "".into(), "\\ud83d\\ude00".into()], None)
        );
    }

    #[test]
    fn a_half_that_is_not_continued_is_replaced() {
        assert_eq!(
            joined(&["\\ud83d", "x", "\\uD83D", "\\ud83d"]),
            (
                vec!["".into(), "\u{fffd}x".into(), "".into(), "\u{fffd}".into()],
                Some(0xd83d)
            )
        );
    }

    #[test]
    fn text_that_only_looks_like_a_half_does_not_wait() {
        for text in [
            "\\\\ud83d",
            "\\ud83d\\ude00",
            "ud83d",
            "\\ud83",
            "é\\u00e9",
            "\\u+83d",
        ] {
            assert_eq!(joined(&[text]), (vec![text.to_owned()], None));
        }
        assert_eq!(
            joined(&["\\\\\\ud83d"]),
            (vec!["\\\\".into()], Some(0xd83d))
        );
    }
}
