//! Base64 with padding ([RFC 4648, section 4](https://www.rfc-editor.org/rfc/rfc4648#section-4)).

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Appends the base64 of some bytes.
pub(crate) fn push(out: &mut String, bytes: &[u8]) {
    for three in bytes.chunks(3) {
        let bits = three
            .iter()
            .fold(0, |bits, &byte| bits << 8 | usize::from(byte))
            << (8 * (3 - three.len()));
        for place in 0..4 {
            out.push(if place <= three.len() {
                char::from(ALPHABET[bits >> (18 - 6 * place) & 63])
            } else {
                '='
            });
        }
    }
}

/// The bytes of a base64 text, with or without padding; `None` if it is not base64.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=').as_bytes();
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for four in text.chunks(4) {
        if four.len() == 1 {
            return None;
        }
        let mut bits = 0;
        for place in 0..4 {
            bits <<= 6;
            if let Some(digit) = four.get(place) {
                bits |= ALPHABET.iter().position(|known| known == digit)?;
            }
        }
        let whole = [bits >> 16, bits >> 8, bits].map(|byte| (byte & 255) as u8);
        bytes.extend(whole.into_iter().take(four.len() - 1));
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_padded_and_decoded() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            let mut out = String::new();
            push(&mut out, bytes.as_bytes());
            assert_eq!(out, text);
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()));
            let bare = text.trim_end_matches('=');
            assert_eq!(decode(bare).as_deref(), Some(bytes.as_bytes()));
        }
        assert_eq!(decode("////").as_deref(), Some(&[255, 255, 255][..]));
    }

    #[test]
    fn invalid_base64_is_refused() {
        for text in ["Z", "Zm9vY", "Zm 9", "Zg==Zg==", "ä==="] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
