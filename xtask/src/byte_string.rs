//! WebAssembly inside JavaScript: a module whose string has one character for each byte.
//!
//! Such a string compresses as well as the bytes do; base64 costs a quarter more on the wire. In return the script must be
//! read as what it is, UTF-8: a page that declares no charset has its classic scripts read as windows-1252. The module
//! finds that out and says what to do.
//!
//! There is no character 0 in it, though it is the commonest byte: escaped, it takes twice the place, and there are tools
//! (Parcel) that write it before a digit as an octal escape, which modules forbid. So 0 is [`ZERO`], whose own place is taken
//! by the first character that stands for no byte.

/// Rare in WebAssembly, and in need of no escape.
const ZERO: u8 = b'~';

/// A JavaScript module that exports a function which returns the bytes as a `Uint8Array`.
pub(crate) fn module(bytes: &[u8]) -> String {
    let text = literal(bytes);
    let length = bytes.len();
    // The check looks at characters, as a minifier may compute the length of a constant string.
    format!(
        r#"const text = {text};

export default function wasmBytes() {{
  const bytes = new Uint8Array(text.length);
  let isByte = true;
  for (let i = 0; i < bytes.length; i++) {{
    const code = text.charCodeAt(i);
    isByte &&= code <= 256;
    bytes[i] = code === {ZERO} ? 0 : code === 256 ? {ZERO} : code;
  }}
  if (!isByte || bytes.length !== {length}) {{
    throw new Error(`flowise-stream: this script was not read as UTF-8, so the WebAssembly in it is damaged (${{bytes.length}} bytes instead of {length}). Put <meta charset="utf-8"> into the page, or serve the script as "text/javascript; charset=utf-8".`);
  }}
  return bytes;
}}
"#
    )
}

/// A JavaScript string literal with one character for each byte.
fn literal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 3 / 2);
    text.push('"');
    for &byte in bytes {
        match byte {
            0 => text.push(char::from(ZERO)),
            ZERO => text.push('\u{100}'),
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

    /// Reads a literal back, by the rules of JavaScript for the escapes that are used.
    fn read(literal: &str) -> Vec<u8> {
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
            bytes.push(match u32::from(char) {
                256 => ZERO,
                code if code == u32::from(ZERO) => 0,
                code => u8::try_from(code).unwrap(),
            });
        }
        bytes
    }

    #[test]
    fn every_byte_comes_back_whatever_its_neighbour() {
        let pairs: Vec<u8> = (0..=255)
            .flat_map(|a| (0..=255).flat_map(move |b| [a, b]))
            .collect();
        assert_eq!(read(&literal(&pairs)), pairs);
    }

    #[test]
    fn a_byte_is_one_character() {
        assert_eq!(literal(&[b'a', 0xe9, 0, ZERO]), "\"a\u{e9}~\u{100}\"");
    }

    #[test]
    fn the_module_knows_its_length() {
        assert!(module(b"\0asm").contains("bytes.length !== 4"));
    }
}
