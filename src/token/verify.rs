//! Checking, in one fixed order: form, key, signature, then what the body says, then its times.
//!
//! Trust is a type: an [`UntrustedToken`] becomes [`Authentic`] by [`UntrustedToken::authenticate`] and in no other
//! way, and only an authentic token has claims to show as facts.

use super::refusal::{Malformed, Refusal};
use super::wire::{self, Alphabet};
use super::{Kind, TIMES_AND_ID, TokenId, Validity, needs_pad, sealed, signed};
use crate::claims::{ClaimMap, Claims};
use crate::key::{Key, KeyId, TAG_LENGTH};

/// A token's bytes as they were received: well formed, and nothing more is known.
#[derive(Debug)]
pub struct UntrustedToken<'b> {
    bytes: &'b mut [u8],
    kind: Kind,
    alphabet: Alphabet,
}

impl<'b> UntrustedToken<'b> {
    /// Reads a token's text strictly, into a buffer of the caller's that can be used again.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] when it is not the text of a token.
    pub fn read(text: &str, buffer: &'b mut Vec<u8>) -> Result<Self, Refusal> {
        let alphabet = wire::decode(text, buffer)?;
        let kind = Kind::of(buffer[0]).ok_or(Malformed::Kind)?;
        Ok(Self {
            bytes: buffer,
            kind,
            alphabet,
        })
    }

    /// Whether it says to be signed or sealed.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The alphabet of its text.
    #[must_use]
    pub fn alphabet(&self) -> Alphabet {
        self.alphabet
    }

    /// The key it says to be of.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        KeyId([self.bytes[1], self.bytes[2]])
    }

    /// Checks the signature with every key of the token's id, then reads the body.
    ///
    /// # Errors
    /// [`Refusal::UnknownKey`], [`Refusal::InvalidSignature`], or [`Refusal::Malformed`] for an authentic token that
    /// no minter of this version writes.
    pub fn authenticate(self, keys: &[Key]) -> Result<Authentic<'b>, Refusal> {
        let id = self.key_id();
        let mut of_this_id = keys.iter().filter(|key| key.id() == id).peekable();
        if of_this_id.peek().is_none() {
            return Err(Refusal::UnknownKey(id));
        }
        // ids are two bytes, so keys of other rings may share one: each is tried
        let opened = of_this_id.any(|key| match self.kind {
            Kind::Signed => signed::verifies(key, self.bytes),
            Kind::Sealed => sealed::decrypt(key, self.bytes),
        });
        if !opened {
            return Err(Refusal::InvalidSignature);
        }
        let bytes: &'b [u8] = self.bytes;
        let (body, tag) = match self.kind {
            Kind::Signed => signed::parts(bytes),
            Kind::Sealed => sealed::parts(bytes),
        };
        Ok(Authentic {
            kind: self.kind,
            key_id: id,
            tag: *tag,
            body: Body::read(body, bytes.len())?,
        })
    }

    /// What the body says, without any key: for looking at a token, never for believing it. A sealed one says nothing.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] when the body is none.
    pub fn peek(&self) -> Result<Option<Unverified<'_>>, Refusal> {
        match self.kind {
            Kind::Sealed => Ok(None),
            Kind::Signed => {
                let body = Body::read(signed::parts(self.bytes).0, self.bytes.len())?;
                Ok(Some(Unverified {
                    validity: body.validity,
                    id: body.id,
                    claims: body.claims,
                }))
            }
        }
    }
}

/// What a signed token claims, before anyone has checked it.
#[derive(Clone, Copy, Debug)]
pub struct Unverified<'b> {
    /// The times it claims.
    pub validity: Validity,
    /// The id it claims.
    pub id: TokenId,
    /// The claims it claims.
    pub claims: Claims<'b>,
}

/// A token whose signature holds. Its times have not been looked at: see [`Authentic::check`].
#[derive(Clone, Copy, Debug)]
pub struct Authentic<'b> {
    kind: Kind,
    key_id: KeyId,
    tag: [u8; TAG_LENGTH],
    body: Body<'b>,
}

impl<'b> Authentic<'b> {
    /// Signed or sealed.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The key that made it.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// Its tag or SIV: what identifies it among all tokens.
    #[must_use]
    pub fn tag(&self) -> &[u8; TAG_LENGTH] {
        &self.tag
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> TokenId {
        self.body.id
    }

    /// Its times.
    #[must_use]
    pub fn validity(&self) -> &Validity {
        &self.body.validity
    }

    /// Its claims.
    #[must_use]
    pub fn claims(&self) -> Claims<'b> {
        self.body.claims
    }

    /// Whether it is in its time at `now`, seconds since 1970, give or take `leeway` seconds.
    ///
    /// # Errors
    /// [`Refusal::NotYetValid`] or [`Refusal::Expired`]; the expiry itself is the first second that is too late.
    pub fn check(&self, now: u64, leeway: u64) -> Result<(), Refusal> {
        let validity = &self.body.validity;
        if let Some(not_before) = validity.not_before
            && now.saturating_add(leeway) < u64::from(not_before)
        {
            return Err(Refusal::NotYetValid { not_before });
        }
        if let Some(expires_at) = validity.expires_at
            && now.saturating_sub(leeway) >= u64::from(expires_at)
        {
            return Err(Refusal::Expired { expires_at });
        }
        Ok(())
    }
}

#[derive(Clone, Copy, Debug)]
struct Body<'b> {
    validity: Validity,
    id: TokenId,
    claims: Claims<'b>,
}

impl<'b> Body<'b> {
    /// Reads `body | pad` of a token of `length` bytes in all.
    fn read(bytes: &'b [u8], length: usize) -> Result<Self, Malformed> {
        let (head, rest) = bytes.split_first_chunk::<TIMES_AND_ID>().ok_or(Malformed::Length)?;
        let [i0, i1, i2, i3, e0, e1, e2, e3, id @ ..] = *head;
        let expires_at = u32::from_be_bytes([e0, e1, e2, e3]);
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
        let issued_at = u32::from_be_bytes([i0, i1, i2, i3]);
        let expires_at = (expires_at != 0).then_some(expires_at);
        let validity = Validity::new(issued_at, expires_at, map.not_before).map_err(|_| Malformed::Times)?;
        Ok(Self {
            validity,
            id: TokenId::from_bytes(id),
            claims: map.claims,
        })
    }
}
