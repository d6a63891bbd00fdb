//! Examines sixteen bytes at a time.

/// The number of bytes examined at once.
pub(crate) const WIDTH: usize = 16;

/// Properties of the bytes in a block: one bit for each byte, the lowest for the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Masks {
    /// Quotes.
    pub(crate) quotes: u32,
    /// Other bytes with a special meaning in a JSON string: backslashes and control characters.
    pub(crate) escapes: u32,
    /// Bytes of non-ASCII characters.
    pub(crate) not_ascii: u32,
}

impl Masks {
    /// All bytes with a special meaning in a JSON string.
    #[inline(always)]
    pub(crate) fn special(self) -> u32 {
        self.quotes | self.escapes
    }
}

/// Examines a block.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[inline(always)]
pub(crate) fn masks(block: &[u8; WIDTH]) -> Masks {
    use std::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_lt, u8x16_splat, u64x2, v128_or};

    let (low, high) = halves(block);
    let bytes = u64x2(low, high);
    let backslash = u8x16_eq(bytes, u8x16_splat(b'\\'));
    let control = u8x16_lt(bytes, u8x16_splat(0x20));
    Masks {
        quotes: u32::from(u8x16_bitmask(u8x16_eq(bytes, u8x16_splat(b'"')))),
        escapes: u32::from(u8x16_bitmask(v128_or(backslash, control))),
        not_ascii: u32::from(u8x16_bitmask(bytes)),
    }
}

/// Examines a block.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[inline(always)]
pub(crate) fn masks(block: &[u8; WIDTH]) -> Masks {
    let (low, high) = halves(block);
    let both = |mask: fn(u64) -> u64| high_bits(mask(low)) | high_bits(mask(high)) << 8;
    Masks {
        quotes: both(|bytes| equal(bytes, b'"')),
        escapes: both(|bytes| control(bytes) | equal(bytes, b'\\')),
        not_ascii: both(|bytes| bytes),
    }
}

#[inline(always)]
fn halves(block: &[u8; WIDTH]) -> (u64, u64) {
    let whole = u128::from_le_bytes(*block);
    (whole as u64, (whole >> 64) as u64)
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
const ONES: u64 = u64::from_le_bytes([1; 8]);

/// Packs the high bits of eight bytes into the bits of one.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[inline(always)]
fn high_bits(bytes: u64) -> u32 {
    ((bytes >> 7 & ONES).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u32
}

// No carry crosses a byte in these two: seven bits are added to at most seven.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
const SEVEN: u64 = 0x7F * ONES;

/// The high bits of those bytes among eight that are control characters.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[inline(always)]
fn control(bytes: u64) -> u64 {
    !((bytes & SEVEN) + (0x80 - 0x20) * ONES) & !bytes
}

/// The high bits of those bytes among eight that equal an ASCII character.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[inline(always)]
fn equal(bytes: u64, byte: u8) -> u64 {
    !((bytes & SEVEN ^ (u64::from(byte) * ONES)) + SEVEN) & !bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_classified_alike_at_every_position() {
        for byte in 0..=u8::MAX {
            for place in 0..WIDTH {
                for around in [b'a', 0x00, 0xFF, b'"', 0x7F, 0x20] {
                    let mut block = [around; WIDTH];
                    block[place] = byte;
                    let found = masks(&block);
                    let found = [found.quotes, found.escapes, found.not_ascii];
                    let expected = [byte == b'"', byte < 0x20 || byte == b'\\', byte >= 0x80];
                    assert_eq!(
                        found.map(|mask| mask >> place & 1 == 1),
                        expected,
                        "{byte:#x} in {around:#x}"
                    );
                }
            }
        }
    }
}
