//! base64url by vectors: 24 bytes ↔ 32 letters at once.
//!
//! A letter is found in tables of one vector, where the `base64` crate looks each up by itself: half of the time for the
//! texts of tokens. A text that fills no vector is left to that crate, as is one with a wrong letter. Both ways are those of
//! [Muła and Lemire](https://arxiv.org/abs/1704.00605).

use crate::key::Lanes;
use fearless_simd::x86::Avx2;
use fearless_simd::{prelude::*, u8x16, u8x32, u32x8};

/// The letters of one vector.
const LETTERS: usize = 32;
/// The bytes that they stand for.
const BYTES: usize = 24;

/// Writes the letters of as many first bytes as vectors can take, and says how many those are.
#[inline]
pub(super) fn encode(bytes: &[u8], text: &mut [u8]) -> usize {
    match Lanes::vectors() {
        Some(simd) if bytes.len() >= BYTES => simd.vectorize(
            #[inline(always)]
            || encode_in(simd, bytes, text),
        ),
        _ => 0,
    }
}

/// Reads as many first letters as vectors can take, and says how many those are: none where one is wrong. `bytes` is as
/// long as `text`.
#[inline]
pub(super) fn decode(text: &[u8], bytes: &mut [u8]) -> usize {
    match Lanes::vectors() {
        Some(simd) if text.len() >= LETTERS => simd.vectorize(
            #[inline(always)]
            || decode_in(simd, text, bytes),
        ),
        _ => 0,
    }
}

/// Where vectors over the first `whole` begin: one after the other, and the last so that it ends with them.
#[inline(always)]
fn starts(whole: usize, each: usize) -> impl Iterator<Item = usize> {
    let last = whole - each;
    (0..last).step_by(each).chain([last])
}

/// What is added to a value to make a letter of it, by its kind: 0 for the small letters, 13 for the capitals, and 1 to 12
/// for each of those from 52 on.
const SHIFTS_OF_KINDS: [u8; 16] = {
    let mut shifts = [b'0'.wrapping_sub(52); 16];
    shifts[0] = b'a' - 26;
    shifts[11] = b'-'.wrapping_sub(62);
    shifts[12] = b'_'.wrapping_sub(63);
    shifts[13] = b'A';
    shifts
};

/// A table in both halves, each of which looks things up by itself.
#[inline(always)]
fn twice(simd: Avx2, table: &[u8; 16]) -> u8x32<Avx2> {
    let table = u8x16::from_slice(simd, table);
    table.combine(table)
}

#[inline(always)]
fn encode_in(simd: Avx2, bytes: &[u8], text: &mut [u8]) -> usize {
    // each three bytes as the second, first, third and second: in a word, their bits lie beside those they go with;
    // the second half is loaded four bytes early
    let order = |from: u8| {
        let order = [1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10];
        u8x16::from_slice(simd, &order.map(|byte| byte + from))
    };
    let order = order(0).combine(order(4));
    let shifts = twice(simd, &SHIFTS_OF_KINDS);
    let whole = bytes.len() / 3 * 3;
    for start in starts(whole, BYTES) {
        let bytes = &bytes[start..start + BYTES];
        let [first, second] = [&bytes[..16], &bytes[8..]].map(|half| u8x16::from_slice(simd, half));
        let words: u32x8<_> = first.combine(second).swizzle_dyn_within_blocks(order).bitcast();
        let sixths = ((words >> 10) & 0x3f)
            | ((words << 4) & 0x3f00)
            | ((words >> 6) & 0x3f_0000)
            | ((words << 8) & 0x3f00_0000);
        let sixths: u8x32<_> = sixths.bitcast();
        let kinds = sixths.max(u8x32::splat(simd, 51)) - 51;
        let kinds = sixths.simd_lt(26).select(u8x32::splat(simd, 13), kinds);
        (sixths + shifts.swizzle_dyn_within_blocks(kinds)).store_slice(&mut text[start / 3 * 4..][..LETTERS]);
    }
    whole
}

/// What is added to a letter, by its upper four bits; the low line has a number of its own.
const SHIFTS: [u8; 16] = {
    let mut shifts = [0; 16];
    let mut value = 0;
    while value < 63 {
        let letter = super::LETTERS[value];
        shifts[(letter >> 4) as usize] = (value as u8).wrapping_sub(letter);
        value += 1;
    }
    shifts
};

/// By the upper four bits of a byte, and by the lower four: they have a bit in common where the byte is no letter.
const WRONG: [[u8; 16]; 2] = {
    // a bit for each of the upper four that letters have, and one for all others
    let mut wrong = [[1; 16], [0xff; 16]];
    let mut value = 0;
    while value < 64 {
        let letter = super::LETTERS[value];
        let (above, below) = (letter >> 4, letter & 0xf);
        wrong[0][above as usize] = 1 << (above - 1);
        wrong[1][below as usize] &= !(1 << (above - 1));
        value += 1;
    }
    wrong
};

#[inline(always)]
fn decode_in(simd: Avx2, text: &[u8], bytes: &mut [u8]) -> usize {
    // of each word three bytes, the highest first
    let order = twice(simd, &[2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 15, 15, 15, 15]);
    let shifts = twice(simd, &SHIFTS);
    let [wrong_above, wrong_below] = WRONG.map(|table| twice(simd, &table));
    let whole = text.len() / 4 * 4;
    let mut wrong = u8x32::splat(simd, 0);
    for start in starts(whole, LETTERS) {
        let letters = u8x32::from_slice(simd, &text[start..start + LETTERS]);
        let (above, below) = (letters >> 4, letters & 0xf);
        wrong |= wrong_above.swizzle_dyn_within_blocks(above) & wrong_below.swizzle_dyn_within_blocks(below);
        let low_line = u8x32::splat(simd, 63u8.wrapping_sub(b'_'));
        let shifts = letters
            .simd_eq(b'_')
            .select(low_line, shifts.swizzle_dyn_within_blocks(above));
        let words: u32x8<_> = (letters + shifts).bitcast();
        let words = ((words & 0x3f) << 18) | ((words & 0x3f00) << 4) | ((words & 0x3f_0000) >> 10) | (words >> 24);
        let found: u8x32<_> = words.bitcast();
        let (first, second) = found.swizzle_dyn_within_blocks(order).split();
        // each writes 12 bytes, and 4 more that come right with the next
        let bytes = &mut bytes[start / 4 * 3..];
        first.store_slice(&mut bytes[..16]);
        second.store_slice(&mut bytes[BYTES / 2..][..16]);
    }
    match wrong.simd_eq(0).all_true() {
        true => whole,
        false => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;

    /// All but what is no whole group of letters, and that as the other way does.
    #[test]
    fn vectors_write_and_read_what_the_table_does() {
        let takes = |length: usize, least: usize, whole: usize| match Lanes::vectors() {
            Some(_) if length >= least => whole,
            _ => 0,
        };
        let bytes: Vec<u8> = (0..=u8::MAX)
            .cycle()
            .map(|byte| byte.wrapping_mul(167))
            .take(300)
            .collect();
        for length in 0..=bytes.len() {
            let (bytes, expected) = (&bytes[..length], BASE64URL.encode(&bytes[..length]));
            let mut text = vec![0; expected.len()];
            let done = encode(bytes, &mut text);
            assert_eq!(done, takes(length, BYTES, length / 3 * 3));
            assert_eq!(text[..done / 3 * 4], expected.as_bytes()[..done / 3 * 4], "{length}");
            let mut read = vec![0; expected.len()];
            let done = decode(expected.as_bytes(), &mut read);
            assert_eq!(done, takes(expected.len(), LETTERS, expected.len() / 4 * 4));
            assert_eq!(read[..done / 4 * 3], bytes[..done / 4 * 3], "{length}");
        }
    }

    #[test]
    fn any_byte_that_is_no_letter_is_found_in_any_place() {
        let letters = BASE64URL.encode([0x5a; 48]);
        for place in 0..letters.len() {
            for byte in 0..=u8::MAX {
                let mut text = letters.clone().into_bytes();
                text[place] = byte;
                let is_letter = byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
                let whole = if is_letter && Lanes::vectors().is_some() { 64 } else { 0 };
                assert_eq!(decode(&text, &mut [0; 64]), whole, "{byte} at {place}");
            }
        }
    }
}
