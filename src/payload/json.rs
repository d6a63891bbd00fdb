//! Writes JSON as JavaScript does.

use std::io;

use serde::Serialize as _;
use serde_json::Value;
use serde_json::ser::{Formatter, Serializer};

/// Writes a value as `JSON.stringify` does, including the form of numbers.
pub(crate) fn write(value: &Value) -> String {
    let mut out = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut out, LikeJavaScript);
    // cannot fail: a value has only string keys, and a vector accepts all bytes
    let written = value.serialize(&mut serializer);
    debug_assert!(written.is_ok(), "{written:?}");
    String::from_utf8(out).unwrap_or_default()
}

struct LikeJavaScript;

impl Formatter for LikeJavaScript {
    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, number: f64) -> io::Result<()> {
        writer.write_all(number_text(number).as_bytes())
    }
}

/// A number in the form of [`Number::toString`](https://tc39.es/ecma262/#sec-numeric-types-number-tostring).
fn number_text(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let shortest = format!("{number:e}");
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if !(-6..21).contains(&exponent) {
        let sign = if exponent > 0 { "+" } else { "" };
        return format!("{mantissa}e{sign}{exponent}");
    }
    // without an exponent; this form has a decimal point only where it needs one
    format!("{number}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_written_as_javascript_writes_them() {
        for (number, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-2.5, "-2.5"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e20, "100000000000000000000"),
            (1.234_567_890_123_456_8e20, "123456789012345680000"),
            (1e21, "1e+21"),
            (-1.5e300, "-1.5e+300"),
            (0.000_001, "0.000001"),
            (1e-7, "1e-7"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
        ] {
            assert_eq!(write(&json!(number)), text);
        }
        let value = json!({ "b": [1.0, 2, null, "\u{1}é\u{2028}\"\\"], "a": { "c": true } });
        assert_eq!(
            write(&value),
            "{\"b\":[1,2,null,\"\\u0001é\u{2028}\\\"\\\\\"],\"a\":{\"c\":true}}"
        );
    }

    #[test]
    fn every_double_survives_a_round_trip() {
        let mut bits = 0x9E37_79B9_7F4A_7C15_u64;
        for _ in 0..20_000 {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let number = f64::from_bits(bits);
            if number.is_finite() {
                let text = number_text(number);
                let read: Value = serde_json::from_str(&text).expect(&text);
                assert_eq!(read.as_f64(), Some(number), "{text}");
            }
        }
    }

    #[test]
    fn keys_keep_their_order() {
        let text = r#"{"zebra":1,"apple":{"z":1,"y":2},"mango":3}"#;
        let value = serde_json::from_str(text).expect(text);
        assert_eq!(write(&value), text);
    }
}
