//! The forms of a token: one of three kinds of bytes in one of two alphabets, or a JWT of one of two algorithms.

use super::text::Alphabet;
use crate::key::{HMAC_LENGTH, SIGNATURE_LENGTH, TAG_LENGTH};

/// How a token is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// Claims in clear with an HMAC tag.
    Signed(Alphabet),
    /// Claims encrypted and authenticated with AES-SIV: only a holder of the key can read them.
    Sealed(Alphabet),
    /// Claims in clear with an Ed25519 signature: whoever has the public key checks it and makes none.
    Public(Alphabet),
    /// A JSON Web Token with HS256, for a backend with a JOSE library and nothing else.
    Jwt,
    /// The same with EdDSA, for a backend that is to make none.
    PublicJwt,
}

impl Form {
    /// The word for it in answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Form::Signed(_) => "signed",
            Form::Sealed(_) => "sealed",
            Form::Public(_) => "public",
            Form::Jwt | Form::PublicJwt => "jwt",
        }
    }

    /// The `alg` of a JWT (RFC 7518, section 3.1; RFC 8037, section 3.1).
    #[must_use]
    pub fn algorithm(self) -> Option<&'static str> {
        match self {
            Form::Jwt => Some("HS256"),
            Form::PublicJwt => Some("EdDSA"),
            _ => None,
        }
    }

    /// Whether it is a JWT, whose claims have names that it needs for itself.
    #[must_use]
    pub fn is_jwt(self) -> bool {
        self.algorithm().is_some()
    }

    /// Whether a public key checks it.
    #[must_use]
    pub fn is_public(self) -> bool {
        matches!(self, Form::Public(_) | Form::PublicJwt)
    }

    /// The bytes of what stands behind the rest: a tag, an HMAC or a signature. A seal stands within.
    #[inline]
    pub(super) fn tag_length(self) -> usize {
        match self {
            Form::Signed(_) => TAG_LENGTH,
            Form::Sealed(_) => 0,
            Form::Jwt => HMAC_LENGTH,
            Form::Public(_) | Form::PublicJwt => SIGNATURE_LENGTH,
        }
    }

    /// What the bytes are and how they are written, unless it is a JWT.
    #[inline]
    pub(super) fn in_bytes(self) -> Option<(Kind, Alphabet)> {
        match self {
            Form::Signed(alphabet) => Some((Kind::Signed, alphabet)),
            Form::Sealed(alphabet) => Some((Kind::Sealed, alphabet)),
            Form::Public(alphabet) => Some((Kind::Public, alphabet)),
            Form::Jwt | Form::PublicJwt => None,
        }
    }
}

impl Default for Form {
    fn default() -> Self {
        Form::Signed(Alphabet::default())
    }
}

/// The first byte of a token in bytes: who may read the claims, and who can check them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Its upper six bits make the text's first letter, `L`.
    Signed = 0x2c,
    /// The same for `S`.
    Sealed = 0x48,
    /// The same for `P`.
    Public = 0x3c,
}

impl Kind {
    pub(super) const ALL: [Kind; 3] = [Kind::Signed, Kind::Sealed, Kind::Public];

    #[inline]
    pub(super) fn of(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == byte)
    }

    pub(super) fn in_alphabet(self, alphabet: Alphabet) -> Form {
        match self {
            Kind::Signed => Form::Signed(alphabet),
            Kind::Sealed => Form::Sealed(alphabet),
            Kind::Public => Form::Public(alphabet),
        }
    }
}
