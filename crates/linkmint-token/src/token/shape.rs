//! What a token looks like before anything is checked: the alphabet, the first two characters, the length and the bits
//! that must be zero. Cheap enough to ask of every word of a pasted mail; says nothing about keys or signatures.

use super::bytes::{self, MAX_LENGTH};
use crate::claims::MAX_JWT;

/// The three ways to write a token as text. The first characters tell which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// RFC 4648 section 5 without padding; starts `L`, `S` or `P`.
    Base64url,
    /// RFC 4648 section 6 without padding, any ASCII case; starts `F`, `J` or `H`.
    Base32,
    /// RFC 7519; starts `eyJ`, the letters of `{"`.
    Jwt,
}

impl Spelling {
    /// The form that a text with these first characters would have. Two characters settle the kind byte: 0x2C is `L`
    /// and one of `A` to `P`, 0x48 is `S` and 0x3C is `P` with one of those; in base32 they are `F` with `Q` to `T`,
    /// `J` with `A` to `D`, and `H` with `Q` to `T`.
    pub fn starting(text: &[u8]) -> Option<Self> {
        match *text {
            [b'L' | b'S' | b'P', b'A'..=b'P', ..] => Some(Self::Base64url),
            [b'F' | b'f' | b'H' | b'h', b'Q'..=b'T' | b'q'..=b't', ..] => Some(Self::Base32),
            [b'J' | b'j', b'A'..=b'D' | b'a'..=b'd', ..] => Some(Self::Base32),
            [b'e', b'y', b'J', ..] => Some(Self::Jwt),
            _ => None,
        }
    }

    /// How many bits of the token one character holds (a JWT is signed as text).
    pub(crate) fn bits(self) -> usize {
        match self {
            Self::Base64url => 6,
            Self::Base32 => 5,
            Self::Jwt => 8,
        }
    }

    /// The most characters that a token of this form has.
    pub fn longest(self) -> usize {
        match self {
            Self::Jwt => MAX_JWT,
            _ => (MAX_LENGTH * 8).div_ceil(self.bits()),
        }
    }

    /// What a character stands for, if it is of this form's alphabet.
    pub fn value(self, byte: u8) -> Option<u8> {
        match self {
            Self::Base64url => base64url_value(byte),
            Self::Base32 => match byte {
                b'A'..=b'Z' => Some(byte - b'A'),
                b'a'..=b'z' => Some(byte - b'a'),
                b'2'..=b'7' => Some(byte - b'2' + 26),
                _ => None,
            },
            Self::Jwt => (byte == b'.' || base64url_value(byte).is_some()).then_some(byte),
        }
    }

    /// Whether a token of some kind can have this many characters.
    #[must_use]
    pub fn fits(self, characters: usize) -> bool {
        [false, true]
            .into_iter()
            .any(|is_public| self.fits_kind(is_public, characters))
    }

    /// Whether the token that starts so can have this many characters.
    #[must_use]
    pub fn fits_start(self, start: &[u8], characters: usize) -> bool {
        self.fits_kind(matches!(start.first(), Some(b'P' | b'H' | b'h')), characters)
    }

    fn fits_kind(self, is_public: bool, characters: usize) -> bool {
        let bytes = characters * self.bits() / 8;
        let whole = (bytes * 8).div_ceil(self.bits()) == characters;
        match self {
            Self::Jwt => characters <= MAX_JWT,
            _ => whole && bytes::fits(is_public, bytes),
        }
    }

    /// Whether a last character with this value leaves every unused bit zero.
    pub fn ends_clean(self, characters: usize, last: u8) -> bool {
        let unused = characters * self.bits() % 8;
        last & ((1 << unused) - 1) == 0
    }
}

fn base64url_value(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'-' => Some(62),
        b'_' => Some(63),
        _ => None,
    }
}

/// [`has_shape`] for text that is not known to be UTF-8.
pub fn shaped(text: &[u8]) -> bool {
    let Some(form) = Spelling::starting(text) else {
        return false;
    };
    let Some(last) = text.last().and_then(|&byte| form.value(byte)) else {
        return false;
    };
    if !form.fits_start(text, text.len()) || !text.iter().all(|&byte| form.value(byte).is_some()) {
        return false;
    }
    match form {
        Spelling::Jwt => has_three_parts(text),
        _ => form.ends_clean(text.len(), last),
    }
}

/// Whether a JWT has its three parts: none empty, none of a length that no base64 has.
fn has_three_parts(text: &[u8]) -> bool {
    let mut lengths = text.split(|&byte| byte == b'.').map(<[u8]>::len);
    lengths.clone().count() == 3 && lengths.all(|length| length > 0 && length % 4 != 1)
}

/// The bytes that a shaped text stands for (of a JWT the text itself): equal for the same token in either alphabet and
/// in any case.
pub fn bytes_meant(text: &[u8]) -> Vec<u8> {
    let form = match Spelling::starting(text) {
        Some(form @ (Spelling::Base64url | Spelling::Base32)) => form,
        _ => return text.to_vec(),
    };
    let mut bytes = Vec::with_capacity(text.len());
    let (mut held, mut bits) = (0u32, 0);
    for value in text.iter().filter_map(|&byte| form.value(byte)) {
        held = held << form.bits() | u32::from(value);
        bits += form.bits();
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    bytes
}

/// Whether a byte can stand in a token of either alphabet.
pub fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

// All that has to do with pasted text asks this one question of a text, directly or by `shaped` above: a reader of
// tokens that knows better may answer it instead.

/// Whether a text could be a token, going by its form alone. Every text that a strict reader takes has a shape; what
/// has none is malformed without a look at any key.
#[must_use]
pub fn has_shape(text: &str) -> bool {
    shaped(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jwt_has_three_parts_of_lengths_that_base64_has() {
        assert!(has_shape("eyJh.YWI.YWJj") && has_shape("eyJ.YW.YWJjZA"));
        for wrong in [
            "eyJh",
            "eyJh.YWI",
            "eyJh..YWI",
            "eyJh.YWI.",
            "eyJh.YWI.YWI.",
            "eyJh.YWI.YWI.YWI",
            "eyJhb.YWI.YWI",
            "eyJh.Y.YWI",
            "eyJh.YWJjZ.YWI",
            "eyJh.YWI.Y",
            "eyJh.YWI.YW+I",
        ] {
            assert!(!has_shape(wrong), "{wrong}");
        }
        let longest = |length: usize| format!("eyJh.YWI.{}", "A".repeat(length - 9));
        assert!(has_shape(&longest(MAX_JWT)) && !has_shape(&longest(MAX_JWT + 1)));
    }
}
