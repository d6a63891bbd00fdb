//! Finds the end of a line.

use memchr::memchr2;

const LF: u8 = b'\n';
const CR: u8 = b'\r';
const ONES: u64 = u64::from_le_bytes([1; 8]);
const HIGH_BITS: u64 = ONES << 7;

/// How far to search eight bytes at a time. Most lines are shorter, and `memchr` has a cost at the start.
const NEAR: usize = 64;

/// The position of the first LF or CR.
#[inline(always)]
pub(super) fn end(bytes: &[u8]) -> Option<usize> {
    let near = &bytes[..bytes.len().min(NEAR)];
    let (words, _) = near.as_chunks();
    let mut at = 0;
    for word in words {
        let word = u64::from_le_bytes(*word);
        let found = zeros(word ^ (ONES * LF as u64)) | zeros(word ^ (ONES * CR as u64));
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    far_end(bytes, at)
}

#[inline(never)]
fn far_end(bytes: &[u8], from: usize) -> Option<usize> {
    memchr2(LF, CR, &bytes[from..]).map(|at| from + at)
}

/// Marks the bytes that are zero. Only the first mark is reliable: a borrow may mark bytes above a zero.
#[inline(always)]
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGH_BITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_end_is_found_at_every_position() {
        for length in 0..200 {
            for filler in [b'a', 0x0B, 0x09, 0x0C, 0x0E, 0x8A, 0x8D, 0x00, 0xFF] {
                let mut bytes = vec![filler; length];
                assert_eq!(end(&bytes), None);
                for at in (0..length).rev() {
                    bytes[at] = if at % 2 == 0 { LF } else { CR };
                    assert_eq!(end(&bytes), Some(at), "{at} of {length} bytes {filler:#x}");
                }
            }
        }
    }
}
