//! What is wrong with a JWT.

/// What is wrong with a JWT. All are `malformed`; the sentence says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[repr(usize)]
pub enum Flaw {
    /// Not three parts, or an empty one.
    #[error("a JWT has three parts with dots between them")]
    Parts,
    /// A part that can't be decoded.
    #[error("a part of the JWT is cut short, or its last character can't end it")]
    Encoding,
    /// The header is no JSON object.
    #[error("the JWT's header is no JSON object")]
    Header,
    /// The header has another `alg`, or none.
    #[error("the JWT's algorithm is neither HS256 nor EdDSA")]
    Algorithm,
    /// The header has a `crit`.
    #[error("the JWT demands an extension (crit)")]
    Critical,
    /// The header's `kid` is no text.
    #[error("the JWT's kid is no text")]
    KeyId,
    /// The signature has another length than the algorithm's: 32 bytes of HMAC-SHA256, 64 of Ed25519.
    #[error("the JWT's signature does not have the length of its algorithm's")]
    Signature,
    /// Authentic, but the payload is no JSON object.
    #[error("the JWT's payload is no JSON object")]
    Payload,
    /// A member of the header or, of an authentic JWT, the payload stands twice.
    #[error("a member stands twice in the JWT")]
    Twice,
    /// Authentic, but `iat`, `exp` or `nbf` is no whole number from 0 to 2^32-1.
    #[error("iat, exp and nbf must be whole seconds from 1970 to 2106")]
    Time,
    /// Authentic, but a claim is neither a text nor a whole number.
    #[error("a claim of the JWT is neither a text nor a whole number")]
    Claim,
}
