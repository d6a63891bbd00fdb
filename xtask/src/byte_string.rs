//! Embeds WebAssembly in JavaScript: a module whose string has one character for each byte.
//!
//! Such a string compresses as well as the bytes do; base64 costs a quarter more on the wire. In return, the script must be
//! read as UTF-8: a page that declares no charset reads its classic scripts as windows-1252. The module
//! detects that and says what to do.
//!
//! The string does not contain the character 0, although 0 is the most common byte: escaped, it takes twice the space, and
//! some tools (Parcel) write it before a digit as an octal escape, which modules forbid. Instead, 0 is written as the rarest
//! character, and a list holds the positions where that character stands for itself. No character is above 255, because
//! engines are slower with such strings.

/// A JavaScript module. It exports a function that returns the bytes as a `Uint8Array`.
pub(crate) fn module(bytes: &[u8]) -> String {
    let zero = rarest(bytes);
    let text = literal(bytes, zero);
    let (char, length) = (char::from(zero), bytes.len());
    let themselves = places(bytes, zero);
    // The length of the bytes, not of the string: a minifier may compute the length of a constant.
    format!(
        r#"const text = {text};

export default function wasmBytes() {{
  const chars = text.replaceAll("{char}", "\0");
  let bytes;
  try {{
    bytes = Uint8Array.fromBase64(btoa(chars));
  }} catch {{
    // an older engine, or characters that are not bytes
    bytes = new Uint8Array(chars.length);
    for (let at = 0; at < chars.length; at++) bytes[at] = chars.charCodeAt(at);
  }}
  for (const at of {themselves:?}) bytes[at] = {zero};
  if (bytes.length !== {length}) {{
    throw new Error(`flowise-stream: this script was not read as UTF-8, so the WebAssembly in it is damaged (${{bytes.length}} bytes instead of {length}). Put <meta charset="utf-8"> into the page, or serve the script as "text/javascript; charset=utf-8".`);
  }}
  return bytes;
}}
"#
    )
}

/// The rarest byte among the printable ASCII characters that need no escape.
fn rarest(bytes: &[u8]) -> u8 {
    let candidates = (b' '..=b'~').filter(|byte| !b"\"'`\\$".contains(byte));
    candidates
        .min_by_key(|&byte| places(bytes, byte).len())
        .unwrap_or(b'~')
}

/// The positions of a byte.
fn places(bytes: &[u8], byte: u8) -> Vec<usize> {
    let all = bytes.iter().enumerate();
    all.filter_map(|(place, &other)| (other == byte).then_some(place))
        .collect()
}

/// A JavaScript string literal with one character for each byte, and the character of `zero` for 0.
fn literal(bytes: &[u8], zero: u8) -> String {
    let mut text = String::with_capacity(bytes.len() * 3 / 2);
    text.push('"');
    for &byte in bytes {
        match byte {
            0 => text.push(char::from(zero)),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'"' => text.push_str("\\\""),
            b'\\' => text.push_str("\\\\"),
            _ => text.push(char::from(byte)),
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a literal back, by JavaScript's rules for the escapes in it.
    fn read(literal: &str, zero: u8, themselves: &[usize]) -> Vec<u8> {
        let text = literal
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'));
        let mut chars = text.expect("a string in double quotes").chars();
        let mut bytes = Vec::new();
        while let Some(char) = chars.next() {
            let char = match char {
                '\\' => match chars.next() {
                    Some('n') => '\n',
                    Some('r') => '\r',
                    Some(escaped @ ('"' | '\\')) => escaped,
                    other => panic!("an unknown escape: {other:?}"),
                },
                '\0' | '\n' | '\r' | '"' => panic!("{char:?} in the literal"),
                char => char,
            };
            let byte = u8::try_from(u32::from(char)).unwrap();
            let is_zero = byte == zero && !themselves.contains(&bytes.len());
            bytes.push(if is_zero { 0 } else { byte });
        }
        bytes
    }

    #[test]
    fn every_byte_survives_a_round_trip_beside_any_other() {
        let pairs: Vec<u8> = (0..=255)
            .flat_map(|a| (0..=255).flat_map(move |b| [a, b]))
            .collect();
        for zero in [b'~', b'0'] {
            let text = literal(&pairs, zero);
            assert_eq!(read(&text, zero, &places(&pairs, zero)), pairs);
        }
    }

    #[test]
    fn zero_is_encoded_as_a_rare_plain_character() {
        let mut bytes: Vec<u8> = (1..=255).chain(1..=255).collect();
        bytes.retain(|byte| !b"\"\\~".contains(byte));
        assert_eq!(rarest(&bytes), b'~');
        bytes.extend(b"~~~");
        assert!(!b"\"\\~".contains(&rarest(&bytes)));
    }

    #[test]
    fn a_byte_is_one_character() {
        assert_eq!(literal(&[b'a', 0xe9, 0, b'~'], b'~'), "\"a\u{e9}~~\"");
    }

    #[test]
    fn the_module_knows_its_length() {
        assert!(module(b"\0asm").contains("bytes.length !== 4"));
    }
}
