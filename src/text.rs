//! Searches in short texts, such as a URL or a sentence. The standard library's searcher is linear for any input, but as large as the
//! rest of this package's boundary.

/// The position of the first `needle`.
pub(crate) fn find(text: &str, needle: &str) -> Option<usize> {
    text.as_bytes()
        .windows(needle.len().max(1))
        .position(|window| window == needle.as_bytes())
}

/// The texts before and after the first `needle`.
pub(crate) fn split_once<'a>(text: &'a str, needle: &str) -> Option<(&'a str, &'a str)> {
    let at = find(text, needle)?;
    Some((text.get(..at)?, text.get(at + needle.len()..)?))
}

/// Whether a text begins with a word of lower-case ASCII letters, ignoring case.
pub(crate) fn starts_with_ignoring_case(text: &str, word: &str) -> bool {
    let start = text.trim_ascii_start().as_bytes().get(..word.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
}

/// Writes an integer in decimal digits, without the formatter.
pub(crate) fn decimal(mut number: u16) -> String {
    let mut digits = Vec::with_capacity(5);
    loop {
        digits.insert(0, char::from(b'0' + (number % 10) as u8));
        number /= 10;
        if number == 0 {
            return digits.into_iter().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn found_and_split_as_the_standard_library_does() {
        for (text, needle) in [
            ("", "a"),
            ("a", "a"),
            ("xäöab", "öa"),
            ("aaab", "ab"),
            ("ab", "abc"),
            ("a/b/c", "/"),
        ] {
            assert_eq!(find(text, needle), text.find(needle), "{text} {needle}");
            assert_eq!(
                split_once(text, needle),
                text.split_once(needle),
                "{text} {needle}"
            );
        }
    }

    #[test]
    fn decimal_equals_display() {
        for number in [0, 7, 10, 502, u16::MAX] {
            assert_eq!(decimal(number), number.to_string());
        }
    }
}
