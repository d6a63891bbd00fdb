//! Examines sixteen bytes at a time.

/// The number of bytes examined at once.
pub(crate) const WIDTH: usize = 16;

/// Properties of the bytes in a block: one bit for each byte, the lowest for the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Masks {
    /// Bytes with a special meaning in a JSON string: quote, backslash, control characters.
    pub(crate) special: u32,
    /// Bytes of non-ASCII characters.
    pub(crate) not_ascii: u32,
}

/// Examines a block.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[inline(always)]
pub(crate) fn masks(block: &[u8; WIDTH]) -> Masks {
    use std::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_lt, u8x16_splat, u64x2, v128_or};

    let (low, high) = halves(block);
    let bytes = u64x2(low, high);
    let quote = u8x16_eq(bytes, u8x16_splat(b'"'));
    let backslash = u8x16_eq(bytes, u8x16_splat(b'\\'));
    let control = u8x16_lt(bytes, u8x16_splat(0x20));
    Masks {
        special: u32::from(u8x16_bitmask(v128_or(v128_or(quote, backslash), control))),
        not_ascii: u32::from(u8x16_bitmask(bytes)),
    }
}

/// Examines a block.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[inline(always)]
pub(crate) fn masks(block: &[u8; WIDTH]) -> Masks {
    let (low, high) = halves(block);
    Masks {
        special: special(low) | special(high) << 8,
        not_ascii: high_bits(low) | high_bits(high) << 8,
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

/// The special bytes among eight, without a branch.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[inline(always)]
fn special(bytes: u64) -> u32 {
    const SEVEN: u64 = 0x7F * ONES;
    // No carry crosses a byte: seven bits are added to at most seven.
    let low = bytes & SEVEN;
    let control = !(low + (0x80 - 0x20) * ONES);
    let equal = |byte: u8| !((low ^ (u64::from(byte) * ONES)) + SEVEN);
    high_bits((control | equal(b'"') | equal(b'\\')) & !bytes)
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
                    let is_special = byte < 0x20 || byte == b'"' || byte == b'\\';
                    assert_eq!(
                        found.special >> place & 1 == 1,
                        is_special,
                        "{byte:#x} in {around:#x}"
                    );
                    assert_eq!(
                        found.not_ascii >> place & 1 == 1,
                        byte >= 0x80,
                        "{byte:#x} in {around:#x}"
                    );
                }
            }
        }
    }
}
