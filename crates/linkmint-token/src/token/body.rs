//! What a token says, read strictly: exactly what a minter writes.

use super::bytes::{HEADER, TIMES_AND_ID, needs_pad};
use super::form::Kind;
use super::id::TokenId;
use super::refusal::Malformed;
use super::sealed;
use super::times::Times;
use super::validity::{Validity, ValidityError};
use crate::claims::{ClaimMap, Claims};
use crate::key::{SIGNATURE_LENGTH, TAG_LENGTH};

/// What a token says, of whatever form it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Body<'b> {
    pub(super) times: Times,
    pub(super) id: Option<TokenId>,
    pub(super) claims: Claims<'b>,
}

/// The tag and the body of a token in bytes that has been opened.
#[inline]
pub(super) fn read_bytes(kind: Kind, token: &[u8]) -> Result<(&[u8; TAG_LENGTH], Body<'_>), Malformed> {
    let (body, tag) = match kind {
        Kind::Signed => parts::<TAG_LENGTH>(token),
        Kind::Sealed => sealed::parts(token),
        Kind::Public => parts::<SIGNATURE_LENGTH>(token),
    };
    Ok((tag, Body::read(body, token.len())?))
}

/// The body with its pad, and what identifies a token in clear: its tag, or the beginning of its signature.
fn parts<const N: usize>(token: &[u8]) -> (&[u8], &[u8; TAG_LENGTH]) {
    let (message, tag) = token.split_last_chunk::<N>().expect("no token of its kind is shorter");
    (&message[HEADER..], tag.first_chunk().expect("it begins with 16 bytes"))
}

/// What stands before the claims; an expiry of 0 is never.
#[inline]
pub(super) fn times_and_id(
    head: [u8; TIMES_AND_ID],
    not_before: Option<u32>,
) -> (Result<Validity, ValidityError>, TokenId) {
    let [i0, i1, i2, i3, e0, e1, e2, e3, id @ ..] = head;
    let (issued_at, expires_at) = (
        u32::from_be_bytes([i0, i1, i2, i3]),
        u32::from_be_bytes([e0, e1, e2, e3]),
    );
    let validity = Validity::new(issued_at, (expires_at != 0).then_some(expires_at), not_before);
    (validity, TokenId::from_bytes(id))
}

impl<'b> Body<'b> {
    /// Reads `body | pad` of a token of `length` bytes in all.
    #[inline]
    fn read(bytes: &'b [u8], length: usize) -> Result<Self, Malformed> {
        let (head, rest) = bytes.split_first_chunk::<TIMES_AND_ID>().ok_or(Malformed::Length)?;
        let map = ClaimMap::read(rest).map_err(Malformed::Claims)?;
        let pad = &rest[map.length..];
        // the rule is about the length without the pad
        let well_padded = match pad {
            [] => !needs_pad(length),
            [0] => needs_pad(length - 1),
            _ => false,
        };
        if !well_padded {
            return Err(Malformed::Padding);
        }
        let (validity, id) = times_and_id(*head, map.not_before);
        let validity = validity.map_err(|_| Malformed::Times)?;
        Ok(Self {
            times: validity.into(),
            id: Some(id),
            claims: map.claims,
        })
    }
}
