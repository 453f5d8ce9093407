//! Names and values of a token's claims, and the one CBOR map that stands for them.
//!
//! A token must be short enough for an SMS and have exactly one text, so claims are written in the core
//! deterministic encoding (RFC 8949, section 4.2.1) with each value in its shortest form, and whatever is
//! written otherwise is refused when it is read, however authentic.

mod cbor;
mod decode;
mod encode;
mod name;
mod set;
mod value;

pub use decode::{Claim, ClaimMap, Claims, Entries, MapError, MapStart};
pub use encode::ClaimsEncoder;
pub use name::ClaimName;
pub use set::ClaimSet;
pub use value::{Value, ValueForm};

/// The most claims a token may carry; `not_before` is not counted.
pub const MAX_CLAIMS: usize = 16;
/// The longest name of a claim, in bytes of UTF-8.
pub const MAX_NAME: usize = 64;
/// The longest value of a claim, in bytes of UTF-8.
pub const MAX_VALUE: usize = 512;
/// The longest map, in bytes of CBOR, `not_before` included.
pub const MAX_MAP: usize = 1024;
/// The longest JWT that carries the claims, in characters.
pub const MAX_JWT: usize = 8192;

/// Why a claim can't be written into a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClaimError {
    /// The name has no characters.
    #[error("a claim needs a name")]
    EmptyName,
    /// The name is longer than [`MAX_NAME`].
    #[error("the claim's name is {0} bytes long, at most {MAX_NAME} fit")]
    LongName(usize),
    /// The name holds a control character.
    #[error("the claim's name holds a control character")]
    ControlInName,
    /// The value has no characters.
    #[error("the value is empty")]
    EmptyValue,
    /// The value is longer than [`MAX_VALUE`].
    #[error("the value is {0} bytes long, at most {MAX_VALUE} fit into a claim")]
    LongValue(usize),
    /// There are more than [`MAX_CLAIMS`].
    #[error("{0} claims, a token carries at most {MAX_CLAIMS}")]
    TooMany(usize),
    /// The map is longer than [`MAX_MAP`].
    #[error("the claims take {0} bytes, a token carries at most {MAX_MAP}")]
    LongMap(usize),
    /// The same name twice, or a name out of order.
    #[error("the claim stands twice")]
    Twice,
    /// A name that a JWT has for something else.
    #[error("a JWT has {0} for itself, no claim can have this name")]
    Reserved(&'static str),
    /// The JWT is longer than [`MAX_JWT`].
    #[error("the JWT would be {0} characters long, at most {MAX_JWT} fit")]
    LongJwt(usize),
}
