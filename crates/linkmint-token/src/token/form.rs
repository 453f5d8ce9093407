//! The forms of a token: one of two kinds of bytes in one of two alphabets, or a JWT.

use super::wire::Alphabet;

/// How a token is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// Claims in clear with an HMAC tag.
    Signed(Alphabet),
    /// Claims encrypted and authenticated with AES-SIV: only a holder of the key can read them.
    Sealed(Alphabet),
    /// A JSON Web Token, for a backend with a JOSE library and nothing else.
    Jwt,
}

impl Form {
    /// The word for it in answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Form::Signed(_) => "signed",
            Form::Sealed(_) => "sealed",
            Form::Jwt => "jwt",
        }
    }

    /// What the bytes are and how they are written, unless it is a JWT.
    #[inline]
    pub(super) fn in_bytes(self) -> Option<(Kind, Alphabet)> {
        match self {
            Form::Signed(alphabet) => Some((Kind::Signed, alphabet)),
            Form::Sealed(alphabet) => Some((Kind::Sealed, alphabet)),
            Form::Jwt => None,
        }
    }
}

impl Default for Form {
    fn default() -> Self {
        Form::Signed(Alphabet::default())
    }
}

/// Of a token in bytes: whether everybody may read the claims, or only a holder of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Signed,
    Sealed,
}

/// Its upper six bits make the text's first letter, `L`.
const SIGNED: u8 = 0x2c;
/// The same for `S`.
const SEALED: u8 = 0x48;

impl Kind {
    /// The token's first byte.
    pub(super) const fn byte(self) -> u8 {
        match self {
            Kind::Signed => SIGNED,
            Kind::Sealed => SEALED,
        }
    }

    pub(super) fn of(byte: u8) -> Option<Self> {
        match byte {
            SIGNED => Some(Kind::Signed),
            SEALED => Some(Kind::Sealed),
            _ => None,
        }
    }

    pub(super) fn in_alphabet(self, alphabet: Alphabet) -> Form {
        match self {
            Kind::Signed => Form::Signed(alphabet),
            Kind::Sealed => Form::Sealed(alphabet),
        }
    }
}
