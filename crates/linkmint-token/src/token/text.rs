//! Bytes ↔ text, strictly: whatever is not of the alphabet is refused.
//!
//! base64url (RFC 4648, section 5) is short; base32 (section 6) survives being typed, spoken or upper-cased.

mod rest;
#[cfg(target_arch = "x86_64")]
mod vectors;

use super::refusal::Malformed;
use base64::Engine;
/// Strict in both directions: no padding, and no set bit that stands for nothing.
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
/// As strict; "any case" is ASCII's alone: the Kelvin sign is no k.
use data_encoding::BASE32_NOPAD_NOCASE as BASE32;
use zeroize::Zeroizing;

/// Those of base64url, by their values.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

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
    pub(crate) fn text_length(self, bytes: usize) -> usize {
        match self {
            Alphabet::Base64Url => (bytes * 8).div_ceil(6),
            Alphabet::Base32 => (bytes * 8).div_ceil(5),
        }
    }
}

/// Appends the text of `bytes` to `out`.
#[inline]
pub fn encode(bytes: &[u8], alphabet: Alphabet, out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + alphabet.text_length(bytes.len()), 0);
    let text = &mut out[start..];
    match alphabet {
        Alphabet::Base64Url => {
            let done = vectors::encode(bytes, text);
            let (bytes, text) = (&bytes[done..], &mut text[done / 3 * 4..]);
            match done {
                0 => {
                    let written = BASE64URL.encode_slice(bytes, text);
                    debug_assert_eq!(written, Ok(alphabet.text_length(bytes.len())));
                }
                _ => rest::encode(bytes, text),
            }
        }
        Alphabet::Base32 => {
            BASE32.encode_mut(bytes, text);
            text.make_ascii_lowercase();
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
mod vectors {
    //! There are none.

    pub(super) fn encode(_bytes: &[u8], _text: &mut [u8]) -> usize {
        0
    }

    pub(super) fn decode(_text: &[u8], _bytes: &mut [u8]) -> usize {
        0
    }
}

/// The bytes of a strict base64url text that is no token: a secret, a part of a JWT.
pub(crate) fn decode_plain(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    decode_base64url(text.as_bytes(), &mut bytes).ok()?;
    Some(bytes)
}

/// Appends what a strict base64url text says to `bytes`; of a text that is none, anything.
#[inline]
pub(crate) fn decode_base64url(text: &[u8], bytes: &mut Vec<u8>) -> Result<(), Malformed> {
    let start = bytes.len();
    bytes.resize(start + text.len(), 0);
    let done = vectors::decode(text, &mut bytes[start..]);
    bytes.truncate(start + done / 4 * 3);
    let is_read = match done {
        0 => BASE64URL.decode_vec(text, bytes).is_ok(),
        _ => rest::decode(&text[done..], bytes),
    };
    is_read.then_some(()).ok_or_else(|| {
        let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        fault(text, is_letter, text.len() % 4 != 1)
    })
}

/// The same of a strict base32 text.
pub(super) fn decode_base32(text: &[u8], bytes: &mut Vec<u8>) -> Result<(), Malformed> {
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'2'..=b'7');
    let fault = |can_have_length| fault(text, is_letter, can_have_length);
    let start = bytes.len();
    bytes.resize(start + BASE32.decode_len(text.len()).map_err(|_| fault(false))?, 0);
    let read = BASE32.decode_mut(text, &mut bytes[start..]);
    read.map(drop).map_err(|_| fault(true))
}

/// What is wrong with a text that can't be decoded.
#[cold]
fn fault(text: &[u8], is_letter: impl Fn(&u8) -> bool, can_have_length: bool) -> Malformed {
    match text.iter().position(|byte| !is_letter(byte)) {
        Some(place) => Malformed::Character(place + 1),
        None if can_have_length => Malformed::UnusedBits,
        None => Malformed::Length,
    }
}

/// The base64url text of a secret, wiped when dropped.
pub(crate) fn encode_text(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Vec::new();
    encode(bytes, Alphabet::Base64Url, &mut text);
    Zeroizing::new(String::from_utf8(text).expect("base64url is ASCII"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64URL_NOPAD;

    fn base32(bytes: &[u8]) -> String {
        let mut out = Vec::new();
        encode(bytes, Alphabet::Base32, &mut out);
        String::from_utf8(out).expect("ASCII")
    }

    /// Another crate reads the same texts to the same bytes, and refuses the same.
    #[test]
    fn base64url_is_read_as_strictly_as_another_reader_does() {
        let letters = |length: usize| -> Vec<u8> {
            let letter = |place: usize| LETTERS[(place * 7 + length) % 64];
            (0..length).map(letter).collect()
        };
        let mut bytes = Vec::new();
        let mut agree = |text: &[u8]| {
            bytes.clear();
            let read = decode_base64url(text, &mut bytes).is_ok().then(|| bytes.clone());
            assert_eq!(read, BASE64URL_NOPAD.decode(text).ok(), "{}", text.escape_ascii());
            read.is_some()
        };
        for length in 0..=132 {
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
                // the neighbours of letters among them
                for wrong in *b"=+/ .,:@[^`{\0\x7f\x80\xff" {
                    let mut text = text.clone();
                    text[place] = wrong;
                    assert!(!agree(&text));
                }
            }
        }
    }

    #[test]
    fn what_is_wrong_with_a_text_is_told_with_its_place() {
        let fault = |text: &str| decode_base64url(text.as_bytes(), &mut Vec::new()).expect_err(text);
        assert_eq!(fault("QQ?Q"), Malformed::Character(3));
        assert_eq!(fault("QQQQQ+"), Malformed::Character(6));
        assert_eq!(fault("QQ=="), Malformed::Character(3));
        assert_eq!(fault("QR"), Malformed::UnusedBits);
        assert_eq!(fault("QQF"), Malformed::UnusedBits);
        assert_eq!(fault("QQQQQ"), Malformed::Length);
        let fault = |text: &str| decode_base32(text.as_bytes(), &mut Vec::new()).expect_err(text);
        assert_eq!(fault("1"), Malformed::Character(1));
        assert_eq!(fault("mzxw6y8b"), Malformed::Character(7));
        assert_eq!(fault("mz"), Malformed::UnusedBits);
        assert_eq!(fault("mya"), Malformed::Length);
        assert_eq!(fault("MZXW6YTBA"), Malformed::Length);
        assert_eq!(fault("MZXR"), Malformed::UnusedBits);
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
    fn base64url_is_written_as_another_writer_does() {
        let bytes: Vec<u8> = (0..=255)
            .cycle()
            .map(|byte: u8| byte.wrapping_mul(167))
            .take(1_058)
            .collect();
        for length in 0..=bytes.len() {
            let mut text = Vec::new();
            encode(&bytes[..length], Alphabet::Base64Url, &mut text);
            assert_eq!(text, BASE64URL_NOPAD.encode(&bytes[..length]).into_bytes());
        }
    }
}
