//! The token: what it is made of, minting it, and the one order of checks when it comes back.
//!
//! Knows no list, file, clock or terminal. Everything secret comes in through [`crate::key::Key`]. The format with all
//! its rules is in `docs/token.md`, and `tests/token-vectors.json` holds it; in short:
//!
//! ```text
//! signed  0x2C | key id 2 | body | pad 0 or 1 | tag 16
//! sealed  0x48 | key id 2 | SIV 16 | ciphertext of (body | pad)
//! body    issued_at u32 | expires_at u32 | id 6 | claims
//! ```
//!
//! - The tag is the first half of an HMAC-SHA256 (RFC 2104, section 5) over all bytes before it; the SIV and the
//!   ciphertext are AES-SIV-CMAC-256 (RFC 5297) with the first 3 bytes as associated data. Each form has a key of its
//!   own, derived from the secret.
//! - Times are big-endian seconds since 1970; an `expires_at` of 0 is never. The claims are a CBOR map in the core
//!   deterministic encoding (RFC 8949, section 4.2.1), see [`crate::claims`].
//! - The pad, one zero byte, is there exactly when the length were divisible by 3 without it: no text ends in `-` or
//!   `_`, which mail programs would cut off.
//! - The text is base64url or base32 without padding (RFC 4648, sections 5 and 6), read strictly, see [`wire`].
//! - The same claims may go as a JWT (RFC 7519) instead, see [`jwt`].
//!
//! The checks come in one order: form, key id, signature, and only then the body, which must be exactly what
//! [`Minter`] writes, `not_before` and expiry. So of a token that is not authentic nothing is believed, and an
//! [`UntrustedToken`] becomes an [`Authentic`] one in no other way.
//!
//! What could be decided otherwise: base32 with a whole unused character is malformed. Keys that share an id are each
//! tried. `not_before` is not counted among the 16 claims, and as a text it is a claim's name like any other.

mod form;
pub mod jwt;
mod mint;
mod refusal;
mod revoked;
mod sealed;
pub mod shape;
mod signed;
mod start;
mod times;
mod trace;
mod verify;
pub mod wire;

pub use form::Form;
pub use mint::Minter;
pub use refusal::{Malformed, Refusal, Status};
pub use revoked::{Revocation, Revocations};
pub use start::starts;
pub use times::Times;
pub use trace::Trace;
pub use verify::{Authentic, UntrustedToken, Unverified};

use std::fmt;

/// The shortest token, in bytes: a signed one without claims.
pub const MIN_LENGTH: usize = 34;
/// The longest token, in bytes.
pub const MAX_LENGTH: usize = 1058;

/// Kind byte, key id.
const HEADER: usize = 3;
/// `issued_at`, `expires_at`, id.
const TIMES_AND_ID: usize = 14;

/// What makes each token of a run unique: 48 bits, drawn once and counted up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TokenId(u64);

impl TokenId {
    const BITS: u32 = 48;

    /// Draws a start for a run.
    ///
    /// # Errors
    /// When the system's random source fails.
    #[cfg(feature = "mint")]
    pub fn draw() -> Result<Self, getrandom::Error> {
        Ok(Self(getrandom::u64()? >> (u64::BITS - Self::BITS)))
    }

    /// Reads twelve hex digits, of either case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 12 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        u64::from_str_radix(text, 16).ok().map(Self)
    }

    /// The id `rows` after this one, modulo 2^48.
    #[inline]
    #[must_use]
    pub fn plus(self, rows: u64) -> Self {
        Self(self.0.wrapping_add(rows) & ((1 << Self::BITS) - 1))
    }

    /// How many rows after `first` this one is, modulo 2^48.
    #[must_use]
    pub fn since(self, first: Self) -> u64 {
        self.0.wrapping_sub(first.0) & ((1 << Self::BITS) - 1)
    }

    #[inline]
    pub(crate) fn to_bytes(self) -> [u8; 6] {
        let [_, _, bytes @ ..] = self.0.to_be_bytes();
        bytes
    }

    pub(crate) fn from_bytes(bytes: [u8; 6]) -> Self {
        Self(bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012x}", self.0)
    }
}

/// When a token is good: seconds since 1970-01-01 UTC, held to the rules of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    issued_at: u32,
    expires_at: Option<u32>,
    not_before: Option<u32>,
}

/// Times that no token can carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValidityError {
    /// `expires_at` is not later than `issued_at`.
    #[error("the expiry is not later than the time of issue")]
    ExpiresAsIssued,
    /// `not_before` is not before `expires_at`.
    #[error("the token would expire before it becomes valid")]
    NotBeforeAtExpiry,
    /// `not_before` is 0.
    #[error("a token can't become valid at the start of 1970")]
    NotBeforeZero,
    /// `expires_at` does not fit into a token.
    #[error("the expiry is after 2106")]
    AfterLastSecond,
}

impl Validity {
    /// Checks the times against each other. `expires_at` of `None` means never.
    ///
    /// # Errors
    /// When the expiry is not later than the issue, or not later than `not_before`.
    pub fn new(issued_at: u32, expires_at: Option<u32>, not_before: Option<u32>) -> Result<Self, ValidityError> {
        if expires_at.is_some_and(|expiry| expiry <= issued_at) {
            return Err(ValidityError::ExpiresAsIssued);
        }
        if not_before == Some(0) {
            return Err(ValidityError::NotBeforeZero);
        }
        if let (Some(start), Some(expiry)) = (not_before, expires_at)
            && start >= expiry
        {
            return Err(ValidityError::NotBeforeAtExpiry);
        }
        Ok(Self {
            issued_at,
            expires_at,
            not_before,
        })
    }

    /// From the time of issue until so many seconds later.
    ///
    /// # Errors
    /// When that is no second, or past 2106.
    pub fn lasting(issued_at: impl Into<u32>, seconds: u64) -> Result<Self, ValidityError> {
        let issued_at = issued_at.into();
        let expires_at = u64::from(issued_at).checked_add(seconds);
        let expires_at = expires_at.and_then(|second| u32::try_from(second).ok());
        Self::new(issued_at, Some(expires_at.ok_or(ValidityError::AfterLastSecond)?), None)
    }

    /// From the time of issue on, without an end.
    #[must_use]
    pub fn endless(issued_at: impl Into<u32>) -> Self {
        Self {
            issued_at: issued_at.into(),
            expires_at: None,
            not_before: None,
        }
    }

    /// When it was minted.
    #[must_use]
    pub fn issued_at(&self) -> u32 {
        self.issued_at
    }

    /// The first second at which it is no longer valid; `None` is never.
    #[must_use]
    pub fn expires_at(&self) -> Option<u32> {
        self.expires_at
    }

    /// The first second at which it is valid, where there is one.
    #[must_use]
    pub fn not_before(&self) -> Option<u32> {
        self.not_before
    }
}

/// Whether a token of `length` bytes needs its one zero byte of padding, so that its text never ends in `-` or `_`.
#[inline]
const fn needs_pad(length: usize) -> bool {
    length.is_multiple_of(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_twelve_hex_digits() {
        let id = TokenId::draw().expect("randomness");
        let text = id.to_string();
        assert_eq!((text.len(), TokenId::parse(&text)), (12, Some(id)));
        assert_eq!(TokenId::parse(&text.to_uppercase()), Some(id));
        for wrong in ["", "0123456789a", "0123456789abc", "+123456789ab", "0123456789ag"] {
            assert_eq!(TokenId::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn ids_are_counted_up_round_the_end() {
        let id = |text| TokenId::parse(text).expect("an id");
        let last = id("ffffffffffff");
        assert_eq!(last.plus(2), id("000000000001"));
        assert_eq!(last.plus(2).since(last), 2);
        assert_eq!(id("000000000007").since(id("000000000003")), 4);
        assert_eq!(last.since(last), 0);
    }
}
