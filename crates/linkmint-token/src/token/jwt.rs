//! The JWT form: the claims of a token as a JSON Web Token with HS256 or EdDSA, for a backend with a JOSE library and
//! nothing else.
//!
//! Written by hand on [`SigningKey`](crate::key::SigningKey): libraries take several algorithms, leave time for
//! clocks, or let the last of two members win, and what is read here must have one meaning only.
//!
//! ```text
//! header   {"alg":"HS256","kid":"e28e","typ":"JWT"}                                 exactly, when minted
//! payload  {"iat":…,"exp":…,"nbf":…,"jti":"6ab13b8000000000002a","customer_id":"…"}  exp, nbf where there are any
//! public   the same with "alg":"EdDSA" and, in place of the HMAC, the Ed25519 signature
//! text     base64url(header) . base64url(payload) . base64url(HMAC-SHA256(JWT key, all before the last dot))
//! ```
//!
//! Minted claims are texts, in the order and within the limits of a signed token: the same claims fit into either.
//!
//! # Reading
//! A backend that holds the JWT key makes JWTs too, with a library of its own, so reading is strict about form and
//! lenient about what is there. Everything else of a JWT is `malformed`:
//!
//! - RFC 7515, section 3.1: three parts, each base64url without padding or stray bits, and the signature whole: 32
//!   bytes, of EdDSA 64 (section A.1; a shorter one would be easier to guess). At most [`MAX_JWT`] characters, `eyJ` first.
//! - RFC 7515, section 4.1.1: `alg` is `HS256`, `EdDSA` or `Ed25519` (RFC 9864), in this spelling. No other algorithm can
//!   be asked for, `none` included. `alg` and the key's own type must agree: HS256 is checked with what was derived from
//!   a secret and never with anything public, the others with a public key (RFC 8725, section 3.1).
//! - RFC 7515, section 4.1.4: `kid` is a text. Without one, or with one that is no key's id, the key is unknown.
//! - RFC 7515, section 4.1.11: no `crit`: no extension is understood. Section 4: other members of the header are
//!   not looked at, and no key is ever taken from a token (`jwk`, `jku`, `x5c`).
//! - RFC 7515, section 4, and RFC 7519, section 4: no member stands twice, as it reads after its escapes. What is
//!   nested in the header counts for nothing; in the payload nothing may be nested.
//! - RFC 7519, section 2 (NumericDate): `iat`, `exp` and `nbf` are whole numbers from 0 to 2^32-1, written without
//!   fraction or exponent (`1.0`, `1e9` and `-0` are none). Any may be missing, and none is held against another:
//!   that an expiry is later than the issue is a rule for minters. No `exp` is never; a time of 0 is 1970, not never.
//! - RFC 7519, section 4.3: all other members are claims, shown as text: texts as they are, empty ones too, and whole
//!   numbers from -2^63 to 2^64-1. Lists (an `aud` of several), objects, fractions, `true` and `null` are `malformed`.
//!   No claim means more than another: who expects an `aud` or `iss` says so.
//! - `jti` is the token's id where it is one of ours: `issued_at` as 8 and the id as 12 lower-case hex digits. Any
//!   other is a claim.
//!
//! Header and form are looked at first, then the key, then the signature, and the payload's JSON only after it.

mod flaw;
mod jws;
mod members;
mod payload;

pub use flaw::Flaw;
pub use jws::Jws;
pub(super) use payload::read as read_payload;

use super::form::Form;
use super::id::TokenId;
use super::text::{self as wire, Alphabet};
use super::validity::Validity;
use crate::claims::{ClaimError, Claims, MAX_JWT, Value};
use crate::key::KeyId;
use std::io::Write;

/// Names of members that the form itself has, in payload or header: no claim that is minted can have them.
pub(crate) const RESERVED: [&str; 5] = ["iat", "exp", "nbf", "jti", "kid"];

/// The name, if the form has it for itself.
#[must_use]
pub fn reserved(name: &str) -> Option<&'static str> {
    RESERVED.into_iter().find(|own| *own == name)
}

/// Appends the signing input of a JWT (RFC 7515, section 5.1) to `bytes`; `json` is room for its parts.
pub(super) fn draft(
    id: KeyId,
    form: Form,
    validity: &Validity,
    token: TokenId,
    claims: Claims<'_>,
    json: &mut Vec<u8>,
    bytes: &mut Vec<u8>,
) -> Result<(), ClaimError> {
    let taken = claims.iter().find_map(|claim| reserved(claim.name));
    if let Some(name) = taken {
        return Err(ClaimError::Reserved(name));
    }
    let start = bytes.len();
    wire::encode(header(form, id).as_bytes(), Alphabet::Base64Url, bytes);
    bytes.push(b'.');
    json.clear();
    write_payload(validity, token, claims, json);
    wire::encode(json, Alphabet::Base64Url, bytes);
    let length = bytes.len() - start + 1 + Alphabet::Base64Url.text_length(form.tag_length());
    match length > MAX_JWT {
        true => Err(ClaimError::LongJwt(length)),
        false => Ok(()),
    }
}

/// Appends a signing input with its signature.
pub(super) fn write(input: &[u8], signature: &[u8], text: &mut Vec<u8>) {
    text.extend_from_slice(input);
    text.push(b'.');
    wire::encode(signature, Alphabet::Base64Url, text);
}

/// The header of a JWT that is minted.
pub(super) fn header(form: Form, id: KeyId) -> String {
    let algorithm = form.algorithm().unwrap_or("HS256");
    format!(r#"{{"alg":"{algorithm}","kid":"{id}","typ":"JWT"}}"#)
}

fn write_payload(validity: &Validity, id: TokenId, claims: Claims<'_>, json: &mut Vec<u8>) {
    let issued_at = validity.issued_at();
    put(json, format_args!(r#"{{"iat":{issued_at}"#));
    for (name, time) in [("exp", validity.expires_at()), ("nbf", validity.not_before())] {
        if let Some(seconds) = time {
            put(json, format_args!(r#","{name}":{seconds}"#));
        }
    }
    put(json, format_args!(r#","jti":"{issued_at:08x}{id}""#));
    for claim in claims.iter() {
        json.push(b',');
        put_text(json, claim.name);
        json.push(b':');
        match claim.value {
            Value::Text(text) => put_text(json, text),
            // digits and dashes need no escape
            plain => put(json, format_args!(r#""{plain}""#)),
        }
    }
    json.push(b'}');
}

fn put(json: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    json.write_fmt(text).expect("memory takes what is written");
}

fn put_text(json: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(json, text).expect("memory takes what is written");
}
