//! A token's text ↔ its bytes, strictly: it has exactly one base64url text, and its first letter says how to read it.

use super::bytes::{self, MAX_LENGTH};
use super::form::Kind;
use super::refusal::Malformed;
use super::text;

pub use super::text::{Alphabet, encode};
pub(crate) use super::text::{decode_plain, encode_text};

/// The longest text of a token, in characters.
pub const MAX_TEXT: usize = (MAX_LENGTH * 8).div_ceil(5);

/// Appends the bytes of a token's text to `bytes`, and says in which alphabet it stood.
///
/// # Errors
/// When it is not the text of either form, of another kind, or of a length that no token of its kind has. Nothing is
/// appended then.
pub fn decode(text: &str, bytes: &mut Vec<u8>) -> Result<Alphabet, Malformed> {
    let alphabet = match text.as_bytes().first() {
        None => return Err(Malformed::Empty),
        Some(b'L' | b'S' | b'P') => Alphabet::Base64Url,
        Some(b'F' | b'f' | b'J' | b'j' | b'H' | b'h') => Alphabet::Base32,
        Some(_) => return Err(Malformed::FirstLetter),
    };
    let start = bytes.len();
    let read = match alphabet {
        Alphabet::Base64Url => text::decode_base64url(text.as_bytes(), bytes),
        Alphabet::Base32 => text::decode_base32(text.as_bytes(), bytes),
    };
    let checked = read.and_then(|()| check_kind(&bytes[start..]));
    if checked.is_err() {
        bytes.truncate(start);
    }
    checked.map(|()| alphabet)
}

/// That there are tokens of this kind and this length.
#[inline]
fn check_kind(token: &[u8]) -> Result<(), Malformed> {
    let kind = token.first().and_then(|byte| Kind::of(*byte));
    match (bytes::fits(kind == Some(Kind::Public), token.len()), kind) {
        (false, _) => Err(Malformed::Length),
        (true, None) => Err(Malformed::Kind),
        (true, Some(_)) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::MIN_LENGTH;

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
