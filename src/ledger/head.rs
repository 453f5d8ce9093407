//! What is kept of a token besides its checks, as bytes: whoever checks writes it, a leaf only copies it.

use crate::token::Authentic;

/// The trace begins with the token's id.
pub(super) const HAS_ID: u8 = 1;
pub(super) const HAS_CLAIMS: u8 = 2;

/// Where the byte with the parts stands in a head.
const PARTS: usize = 10;

pub(super) fn has_claims(head: &[u8]) -> bool {
    head.get(PARTS).is_some_and(|parts| parts & HAS_CLAIMS != 0)
}

/// Appends what is kept of a token besides its checks.
#[inline]
pub(super) fn push_head(token: &Authentic<'_>, keeps_claims: bool, out: &mut Vec<u8>) {
    let times = token.times();
    out.extend_from_slice(&times.issued_at.unwrap_or(0).to_be_bytes());
    out.extend_from_slice(&times.expires_at.unwrap_or(0).to_be_bytes());
    out.extend_from_slice(&token.key_id().0);
    let has_id = if token.id().is_some() { HAS_ID } else { 0 };
    let has_claims = if keeps_claims { HAS_CLAIMS } else { 0 };
    out.push(has_id | has_claims);
    if keeps_claims {
        push_number(token.claims().stored_length() as u64, out);
        token.claims().store(out);
    }
}

/// A number in groups of seven bits, the least first, as LEB128 has them.
pub(super) fn push_number(mut number: u64, out: &mut Vec<u8>) {
    while number >= 128 {
        out.push(number as u8 | 128);
        number >>= 7;
    }
    out.push(number as u8);
}
