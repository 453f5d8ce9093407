//! Checking, in one fixed order: form, key, signature, then what the body says, then its times.
//!
//! Trust is a type: an [`UntrustedToken`] becomes [`Authentic`] by [`UntrustedToken::authenticate`] and in no other
//! way, and only an authentic token has claims to show as facts.

use super::body::{Body, read_bytes};
use super::form::{Form, Kind};
use super::id::TokenId;
use super::jwt::{self, Jws};
use super::refusal::{Malformed, Refusal};
use super::revoked::Revocation;
use super::sealed;
use super::times::Times;
use super::trace::Trace;
use super::wire::{self, Alphabet};
use crate::claims::Claims;
use crate::key::{CheckingKey, KeyId, TAG_LENGTH};

/// A token as it was received: well formed, and nothing more is known.
#[derive(Debug)]
pub struct UntrustedToken<'b> {
    received: Received,
    /// The bytes of a token in bytes; room for the claims of a JWT.
    buffer: &'b mut Vec<u8>,
}

#[derive(Debug)]
enum Received {
    Bytes(Kind, Alphabet),
    /// In a box: it is large, and most tokens are none.
    Jwt(Box<Jws>),
}

impl<'b> UntrustedToken<'b> {
    /// Reads a token's text strictly, into a buffer of the caller's that can be used again.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] when it is not the text of a token.
    pub fn read(text: &str, buffer: &'b mut Vec<u8>) -> Result<Self, Refusal> {
        // the letters of `{"`; no token in bytes begins with an e
        let received = if text.starts_with("eyJ") {
            Received::Jwt(Box::new(Jws::read(text)?))
        } else {
            buffer.clear();
            let alphabet = wire::decode(text, buffer)?;
            Received::Bytes(Kind::of(buffer[0]).ok_or(Malformed::Kind)?, alphabet)
        };
        Ok(Self { received, buffer })
    }

    /// Its form.
    #[must_use]
    pub fn form(&self) -> Form {
        match self.received {
            Received::Bytes(kind, alphabet) => kind.in_alphabet(alphabet),
            Received::Jwt(ref jws) => jws.form(),
        }
    }

    /// The key it says to be of; only a JWT may say none.
    #[must_use]
    pub fn key_id(&self) -> Option<KeyId> {
        match &self.received {
            Received::Bytes(..) => Some(KeyId([self.buffer[1], self.buffer[2]])),
            Received::Jwt(jws) => jws.key_id(),
        }
    }

    /// Checks the signature with every key of the token's id, then reads the body.
    ///
    /// # Errors
    /// [`Refusal::UnknownKey`] or [`Refusal::UnnamedKey`], [`Refusal::InvalidSignature`], or [`Refusal::Malformed`] for
    /// an authentic token that no minter of this version writes, or an authentic JWT that can't be understood whole.
    pub fn authenticate(self, keys: &[CheckingKey]) -> Result<Authentic<'b>, Refusal> {
        let form = self.form();
        let id = self.key_id().ok_or(Refusal::UnnamedKey)?;
        let Self { received, buffer } = self;
        // ids are two bytes, so keys of other rings may share one: each is tried that checks this form
        let mut refusal = Refusal::UnknownKey(id);
        let mut holds = false;
        for key in keys.iter().filter(|key| key.id() == id) {
            let held = match (&received, key.secret()) {
                (Received::Bytes(Kind::Public, _), _) => Some(is_signed(buffer, |message, signature| {
                    key.public().verifies(message, signature)
                })),
                (Received::Bytes(Kind::Signed, _), Some(key)) => {
                    Some(is_signed(buffer, |message, tag| key.signing().verifies(message, tag)))
                }
                (Received::Bytes(Kind::Sealed, _), Some(key)) => Some(sealed::decrypt(key, buffer)),
                (Received::Bytes(..), None) => None,
                (Received::Jwt(jws), _) => jws.is_of_key(key),
            };
            match held {
                Some(true) => {
                    holds = true;
                    break;
                }
                Some(false) => refusal = Refusal::InvalidSignature,
                None if refusal == Refusal::UnknownKey(id) => refusal = Refusal::OnlyPublicKey(id),
                None => {}
            }
        }
        if !holds {
            return Err(refusal);
        }
        let (tag, body) = match &received {
            Received::Bytes(kind, _) => read_bytes(*kind, buffer)?,
            Received::Jwt(jws) => (
                jws.tag(),
                jwt::read_payload(&jws.payload, buffer).map_err(Malformed::Jwt)?,
            ),
        };
        Ok(Authentic::new(form, id, *tag, body))
    }

    /// What the body says, without any key: for looking at a token, never for believing it. A sealed one says nothing.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] when the body is none.
    pub fn peek(self) -> Result<Option<Unverified<'b>>, Refusal> {
        let body = match &self.received {
            Received::Bytes(Kind::Sealed, _) => return Ok(None),
            Received::Bytes(kind, _) => read_bytes(*kind, self.buffer)?.1,
            Received::Jwt(jws) => jwt::read_payload(&jws.payload, self.buffer).map_err(Malformed::Jwt)?,
        };
        Ok(Some(Unverified {
            times: body.times,
            id: body.id,
            claims: body.claims,
        }))
    }
}

/// Whether what ends a token in clear is the signature of all before it, of the bytes as they were received.
#[inline]
fn is_signed<const N: usize>(token: &[u8], verifies: impl FnOnce(&[u8], &[u8; N]) -> bool) -> bool {
    let parts = token.split_last_chunk();
    parts.is_some_and(|(message, signature)| verifies(message, signature))
}

/// What a token that is not sealed claims, before anyone has checked it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Unverified<'b> {
    /// The times it claims.
    pub times: Times,
    /// The id it claims, if it is one of ours.
    pub id: Option<TokenId>,
    /// The claims it claims.
    pub claims: Claims<'b>,
}

/// A token whose signature holds. Its times have not been looked at: see [`Authentic::check`].
#[derive(Clone, Copy, Debug)]
pub struct Authentic<'b> {
    form: Form,
    key_id: KeyId,
    tag: [u8; TAG_LENGTH],
    body: Body<'b>,
}

impl<'b> Authentic<'b> {
    /// For what has just checked the signature, and nothing else.
    #[inline]
    pub(super) fn new(form: Form, key_id: KeyId, tag: [u8; TAG_LENGTH], body: Body<'b>) -> Self {
        Self {
            form,
            key_id,
            tag,
            body,
        }
    }

    /// The same token with bytes of its own, for another thread.
    #[must_use]
    pub fn into_owned(self) -> OwnedAuthentic {
        OwnedAuthentic {
            token: self.at(&[]),
            claims: self.claims().entries.into(),
        }
    }

    /// The same token with its claims in a copy of their bytes.
    fn at<'c>(&self, bytes: &'c [u8]) -> Authentic<'c> {
        let claims = self.body.claims.at(bytes);
        Authentic {
            body: Body { claims, ..self.body },
            ..*self
        }
    }

    /// Its form.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }

    /// The key that made it.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// Its tag or SIV, of a public token and a JWT the first 16 bytes of the signature: what identifies it among all tokens.
    #[must_use]
    pub fn tag(&self) -> &[u8; TAG_LENGTH] {
        &self.tag
    }

    /// What it leaves behind where it is counted or revoked.
    #[must_use]
    pub fn trace(&self) -> Trace {
        Trace::of(self.body.id, &self.tag)
    }

    /// Its id; only a JWT of others has none of ours.
    #[must_use]
    pub fn id(&self) -> Option<TokenId> {
        self.body.id
    }

    /// Its times.
    #[must_use]
    pub fn times(&self) -> Times {
        self.body.times
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
        self.body.times.check(now, leeway)
    }

    /// Holds it to all that comes after the signature, in the one order of all commands: whether it is revoked, its
    /// times (see [`Authentic::check`]), then the claims that are expected, as names and values.
    ///
    /// # Errors
    /// [`Refusal::Revoked`], what `check` says, or [`Refusal::ClaimMismatch`] with the first name that differs.
    #[inline]
    pub fn judge<'e>(
        &self,
        revocation: Option<&Revocation>,
        now: u64,
        leeway: u64,
        expected: impl IntoIterator<Item = (&'e str, &'e str)>,
    ) -> Result<(), Refusal> {
        if let Some(revocation) = revocation {
            return Err(Refusal::Revoked(revocation.clone()));
        }
        self.check(now, leeway)?;
        let claims = self.claims();
        let differs = |(name, value): &(&str, &str)| !claims.value(name).is_some_and(|claim| claim.is(value));
        match expected.into_iter().find(differs) {
            Some((name, _)) => Err(Refusal::ClaimMismatch { name: name.to_owned() }),
            None => Ok(()),
        }
    }
}

/// An [`Authentic`] token that borrows nothing: its signature was checked, and need not be checked again.
#[derive(Clone, Debug)]
pub struct OwnedAuthentic {
    /// All of it but the bytes of its claims.
    token: Authentic<'static>,
    claims: Box<[u8]>,
}

impl OwnedAuthentic {
    /// The token.
    #[must_use]
    pub fn borrow(&self) -> Authentic<'_> {
        self.token.at(&self.claims)
    }
}
