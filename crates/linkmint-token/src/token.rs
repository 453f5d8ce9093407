//! The token: what it is made of, minting it, and the one order of checks when it comes back.
//!
//! Knows no list, file, clock or terminal. Everything secret comes in through [`crate::key::Key`]. The format with all
//! its rules is in `docs/token.md`, and `tests/token-vectors.json` holds it; in short:
//!
//! ```text
//! signed  0x2C | key id 2 | body | pad 0 or 1 | tag 16
//! sealed  0x48 | key id 2 | SIV 16 | ciphertext of (body | pad)
//! public  0x3C | key id 2 | body | pad 0 or 1 | signature 64
//! body    issued_at u32 | expires_at u32 | id 6 | claims
//! ```
//!
//! - The tag is the first half of an HMAC-SHA256 (RFC 2104, section 5) over all bytes before it; the SIV and the
//!   ciphertext are AES-SIV-CMAC-256 (RFC 5297) with the first 3 bytes as associated data. The signature is Ed25519
//!   (RFC 8032) over all bytes before it, checked strictly. Each form has a key of its own, derived from the secret.
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

mod body;
mod bytes;
mod cut;
mod form;
mod group;
mod id;
pub mod jwt;
mod mint;
mod refusal;
mod revoked;
mod sealed;
pub mod shape;
mod start;
mod text;
mod times;
mod trace;
mod validity;
mod verify;
pub mod wire;

pub use bytes::{MAX_LENGTH, MIN_LENGTH};
pub use cut::Cut;
pub use form::Form;
pub use group::TokenGroup;
pub use id::TokenId;
pub use mint::Minter;
pub use refusal::{Malformed, Refusal, Status};
pub use revoked::{Revocation, Revocations};
pub use start::starts;
pub use times::Times;
pub use trace::Trace;
pub use validity::{Validity, ValidityError};
pub use verify::{Authentic, OwnedAuthentic, UntrustedToken, Unverified};
