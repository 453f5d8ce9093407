//! Text ↔ bytes, strictly: a token has exactly one base64url text, and whatever is not of the alphabet is refused.
//!
//! base64url (RFC 4648, section 5) is short; base32 (section 6) survives being typed, spoken or upper-cased.

use super::form::Kind;
use super::refusal::Malformed;
use super::{MAX_LENGTH, MIN_LENGTH};
use base64::engine::general_purpose::NO_PAD;
use base64::{DecodeError, DecodeSliceError, Engine};
use std::sync::LazyLock;
use zeroize::Zeroizing;

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
type Base64 = base64::engine::Simd;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
type Base64 = base64::engine::GeneralPurpose;

/// Strict in both directions: no padding, and no set bit that stands for nothing.
static BASE64URL: LazyLock<Base64> = LazyLock::new(|| {
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    return Base64::url_safe(NO_PAD);
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    return Base64::new(&base64::alphabet::URL_SAFE, NO_PAD);
});

/// How a token's bytes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Alphabet {
    /// RFC 4648, section 5, no padding.
    #[default]
    Base64Url,
    /// RFC 4648, section 6, no padding; written in lower case, read in any.
    Base32,
}

impl Alphabet {
    /// How many characters `bytes` bytes take.
    #[must_use]
    pub fn text_length(self, bytes: usize) -> usize {
        match self {
            Alphabet::Base64Url => (bytes * 8).div_ceil(6),
            Alphabet::Base32 => (bytes * 8).div_ceil(5),
        }
    }
}

/// The longest text of a token, in characters.
pub const MAX_TEXT: usize = (MAX_LENGTH * 8).div_ceil(5);

/// Appends the text of `bytes` to `out`.
#[inline]
pub fn encode(bytes: &[u8], alphabet: Alphabet, out: &mut Vec<u8>) {
    match alphabet {
        Alphabet::Base64Url => encode_base64url(bytes, out),
        Alphabet::Base32 => encode_base32(bytes, out),
    }
}

/// Reads a token's text into `bytes`, which is emptied first, and says in which alphabet it stood.
///
/// # Errors
/// When it is not the text of either form, of another kind, or of a length that no token has.
pub fn decode(text: &str, bytes: &mut Vec<u8>) -> Result<Alphabet, Malformed> {
    let alphabet = match text.as_bytes().first() {
        None => return Err(Malformed::Empty),
        Some(b'L' | b'S') => Alphabet::Base64Url,
        Some(b'F' | b'f' | b'J' | b'j') => Alphabet::Base32,
        Some(_) => return Err(Malformed::FirstLetter),
    };
    bytes.clear();
    match alphabet {
        Alphabet::Base64Url => match decode_short(text.as_bytes(), bytes) {
            Some(()) => {}
            None => decode_base64url(text.as_bytes(), bytes)?,
        },
        Alphabet::Base32 => decode_base32(text.as_bytes(), bytes)?,
    }
    if !(MIN_LENGTH..=MAX_LENGTH).contains(&bytes.len()) || bytes.len().is_multiple_of(3) {
        return Err(Malformed::Length);
    }
    if Kind::of(bytes[0]).is_none() {
        return Err(Malformed::Kind);
    }
    Ok(alphabet)
}

/// The bytes of a strict base64url text that is no token: a secret, a part of a JWT.
pub(crate) fn decode_plain(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    decode_base64url(text.as_bytes(), &mut bytes).ok()?;
    Some(bytes)
}

/// Reads a strict base64url text into `bytes`, in place of what was there.
pub(crate) fn decode_base64url(text: &[u8], bytes: &mut Vec<u8>) -> Result<(), Malformed> {
    bytes.resize(text.len().div_ceil(4) * 3, 0);
    let length = BASE64URL.decode_slice(text, bytes).map_err(|error| match error {
        DecodeSliceError::DecodeError(DecodeError::InvalidByte(offset, _)) => Malformed::Character(offset + 1),
        DecodeSliceError::DecodeError(DecodeError::InvalidPadding) => Malformed::Character(text.len()),
        DecodeSliceError::DecodeError(DecodeError::InvalidLastSymbol { .. }) => Malformed::UnusedBits,
        _ => Malformed::Length,
    })?;
    bytes.truncate(length);
    Ok(())
}

/// The characters of a block that the crate's engine reads in one step.
const BLOCK: usize = 32;
/// The characters of a terminal quad, which it reads one by one.
const QUAD: usize = 4;

/// Reads a short strict base64url text as [`decode_base64url`] does, in whole blocks: characters that stand for zero are
/// put behind it, so that none of it is read one by one. Nothing where it is not strict, or longer than most.
#[inline]
fn decode_short(text: &[u8], bytes: &mut Vec<u8>) -> Option<()> {
    let mut padded = [b'A'; 4 * BLOCK + QUAD];
    let blocks = text.len().next_multiple_of(BLOCK);
    if blocks + QUAD > padded.len() || text.len() % 4 == 1 {
        return None;
    }
    padded[..text.len()].copy_from_slice(text);
    bytes.resize((blocks + QUAD) / 4 * 3, 0);
    BASE64URL.decode_slice(&padded[..blocks + QUAD], bytes).ok()?;
    let length = text.len() * 6 / 8;
    let has_unused_bits = bytes.get(length).is_some_and(|byte| *byte != 0);
    bytes.truncate(length);
    (!has_unused_bits).then_some(())
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The two characters of each 12 bits: minting writes millions of tokens from it, faster than the crate's encoder.
/// Decoding, where strictness matters, stays with the crate.
static PAIRS: [u16; 4096] = {
    let mut pairs = [0; 4096];
    let mut bits = 0;
    while bits < 4096 {
        pairs[bits] = u16::from_le_bytes([BASE64[bits >> 6], BASE64[bits & 63]]);
        bits += 1;
    }
    pairs
};

/// The eight characters of 48 bits.
#[inline(always)]
fn eight(bits: u64) -> [u8; 8] {
    let pair = |shift: u32| u64::from(PAIRS[(bits >> shift & 4095) as usize]);
    (pair(36) | pair(24) << 16 | pair(12) << 32 | pair(0) << 48).to_le_bytes()
}

#[inline]
fn encode_base64url(bytes: &[u8], out: &mut Vec<u8>) {
    let end = out.len() + Alphabet::Base64Url.text_length(bytes.len());
    out.reserve(end + 8 - out.len());
    let (groups, rest) = bytes.as_chunks::<6>();
    for &[a, b, c, d, e, f] in groups {
        let (high, low) = (u32::from_be_bytes([a, b, c, d]), u16::from_be_bytes([e, f]));
        out.extend_from_slice(&eight(u64::from(high) << 16 | u64::from(low)));
    }
    let bits = rest.iter().fold(0, |bits, byte| bits << 8 | u64::from(*byte));
    out.extend_from_slice(&eight(bits << (8 * (6 - rest.len()))));
    out.truncate(end);
}

const BASE32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

fn encode_base32(bytes: &[u8], out: &mut Vec<u8>) {
    let end = out.len() + Alphabet::Base32.text_length(bytes.len());
    for group in bytes.chunks(5) {
        let bits = group.iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte)) << (8 * (5 - group.len()));
        out.extend((0..8).map(|letter| BASE32[(bits >> (35 - 5 * letter)) as usize & 31]));
    }
    out.truncate(end);
}

fn decode_base32(text: &[u8], bytes: &mut Vec<u8>) -> Result<(), Malformed> {
    let (mut bits, mut held) = (0u32, 0);
    for (index, &byte) in text.iter().enumerate() {
        // "any case" is ASCII's alone: the Kelvin sign is no k
        let five = match byte.to_ascii_lowercase() {
            letter @ b'a'..=b'z' => letter - b'a',
            digit @ b'2'..=b'7' => digit - b'2' + 26,
            _ => return Err(Malformed::Character(index + 1)),
        };
        bits = bits << 5 | u32::from(five);
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    // five or more bits left over: a letter too many
    if held >= 5 {
        return Err(Malformed::Length);
    }
    if bits != 0 {
        return Err(Malformed::UnusedBits);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base32(bytes: &[u8]) -> String {
        let mut out = Vec::new();
        encode(bytes, Alphabet::Base32, &mut out);
        String::from_utf8(out).expect("ASCII")
    }

    #[test]
    fn a_text_is_read_in_blocks_as_it_is_read_by_itself() {
        let letters = |length: usize| {
            (0..length)
                .map(|place| BASE64[(place * 7 + length) % 64])
                .collect::<Vec<_>>()
        };
        let (mut short, mut long) = (Vec::new(), Vec::new());
        let mut agree = |text: &[u8]| {
            let read = decode_short(text, &mut short).map(|()| &short);
            let expected = decode_base64url(text, &mut long).ok().map(|()| &long);
            assert_eq!(read, expected, "{}", text.escape_ascii());
            read.is_some()
        };
        for length in 0..=4 * BLOCK {
            let mut text = letters(length);
            let mut strict = 0;
            for last in 0..=u8::MAX {
                if let Some(place) = text.last_mut() {
                    *place = last;
                    strict += u32::from(agree(&text));
                }
            }
            assert_eq!(strict, [64 * u32::from(length > 0), 0, 4, 16][length % 4], "{length}");
            let text = letters(length);
            for place in 0..length {
                for wrong in [b'=', b'+', b'/', b' ', 0, 0x80, 0xff] {
                    let mut text = text.clone();
                    text[place] = wrong;
                    assert!(!agree(&text));
                }
            }
        }
        assert_eq!(decode_short(&letters(4 * BLOCK + 1), &mut Vec::new()), None);
    }

    #[test]
    fn what_is_wrong_with_a_text_is_told_with_its_place() {
        let fault = |text: &str| decode_base64url(text.as_bytes(), &mut Vec::new()).expect_err(text);
        assert_eq!(fault("QQ?Q"), Malformed::Character(3));
        assert_eq!(fault("QQQQQ+"), Malformed::Character(6));
        assert_eq!(fault("QQ=="), Malformed::Character(4));
        assert_eq!(fault("QR"), Malformed::UnusedBits);
        assert_eq!(fault("QQF"), Malformed::UnusedBits);
        assert_eq!(fault("QQQQQ"), Malformed::Length);
        let fault = |text: &str| decode_base32(text.as_bytes(), &mut Vec::new()).expect_err(text);
        assert_eq!(fault("1"), Malformed::Character(1));
        assert_eq!(fault("mzxw6y8b"), Malformed::Character(7));
        assert_eq!(fault("mz"), Malformed::UnusedBits);
        assert_eq!(fault("mya"), Malformed::Length);
    }

    /// RFC 4648, section 10.
    #[test]
    fn base32_matches_the_standards_vectors() {
        let table = [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ];
        for (plain, text) in table {
            assert_eq!(base32(plain.as_bytes()), text.to_lowercase());
            let mut bytes = Vec::new();
            decode_base32(text.as_bytes(), &mut bytes).expect("well formed");
            assert_eq!(bytes, plain.as_bytes());
        }
    }

    #[test]
    fn a_needless_base32_letter_is_refused() {
        let mut bytes = Vec::new();
        assert_eq!(decode_base32(b"MZXW6YTBA", &mut bytes), Err(Malformed::Length));
        bytes.clear();
        assert_eq!(decode_base32(b"MZXR", &mut bytes), Err(Malformed::UnusedBits));
    }

    #[test]
    fn base64url_is_written_as_the_crate_writes_it() {
        let bytes: Vec<u8> = (0..=255)
            .cycle()
            .map(|byte: u8| byte.wrapping_mul(167))
            .take(1_058)
            .collect();
        for length in 0..=bytes.len() {
            let mut text = Vec::new();
            encode(&bytes[..length], Alphabet::Base64Url, &mut text);
            assert_eq!(text, BASE64URL.encode(&bytes[..length]).into_bytes());
        }
    }

    #[test]
    fn every_text_of_a_token_ends_in_a_letter_or_digit() {
        for length in (MIN_LENGTH..=MAX_LENGTH).filter(|length| length % 3 != 0) {
            for fill in [0x00, 0xff, 0xfb, 0x3e] {
                let mut text = Vec::new();
                encode(&vec![fill; length], Alphabet::Base64Url, &mut text);
                assert!(text[text.len() - 1].is_ascii_alphanumeric());
            }
        }
    }
}
