//! Minting: times, id and claims to a token's text, into buffers that are used again.

use super::wire::{self, Alphabet};
use super::{HEADER, Kind, TokenId, Validity, needs_pad, sealed, signed};
use crate::claims::{ClaimError, ClaimsEncoder};
use crate::key::{Key, TAG_LENGTH};

/// Mints tokens of one kind with one key.
///
/// ```
/// # use linkmint::{claims::ClaimName, key::{Key, Secret}, token::{wire::Alphabet, Kind, Minter, TokenId, Validity}};
/// let key = Key::new(Secret::draw()?);
/// let mut minter = Minter::new(&key, Kind::Signed, Alphabet::Base64Url);
/// let validity = Validity::new(1_790_000_000, Some(1_790_086_400), None)?;
/// let customer = ClaimName::parse("customer_id")?;
/// let mut text = Vec::new();
/// minter.mint(&validity, TokenId::draw()?, &mut text, |claims| claims.push(&customer, "1234567"))?;
/// assert!(text.starts_with(b"L"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Minter {
    key: Key,
    kind: Kind,
    alphabet: Alphabet,
    bytes: Vec<u8>,
}

impl Minter {
    /// Keeps a copy of `key`, which is wiped with the minter.
    #[must_use]
    pub fn new(key: &Key, kind: Kind, alphabet: Alphabet) -> Self {
        Self {
            key: key.clone(),
            kind,
            alphabet,
            bytes: Vec::with_capacity(super::MAX_LENGTH),
        }
    }

    /// Appends the text of one token to `text`; `claims` pushes its claims in their order.
    ///
    /// # Errors
    /// Whatever `claims` returns, or that the claims take too many bytes. Nothing is appended then.
    #[inline]
    pub fn mint<E: From<ClaimError>>(
        &mut self,
        validity: &Validity,
        id: TokenId,
        text: &mut Vec<u8>,
        claims: impl FnOnce(&mut ClaimsEncoder<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.bytes.clear();
        self.bytes.push(self.kind.byte());
        self.bytes.extend_from_slice(&self.key.id().0);
        if self.kind == Kind::Sealed {
            self.bytes.resize(sealed::BODY, 0);
        }
        self.bytes.extend_from_slice(&validity.issued_at.to_be_bytes());
        self.bytes
            .extend_from_slice(&validity.expires_at.unwrap_or(0).to_be_bytes());
        self.bytes.extend_from_slice(&id.to_bytes());
        let mut encoder = ClaimsEncoder::new(validity.not_before, &mut self.bytes);
        claims(&mut encoder)?;
        encoder.finish()?;
        self.close();
        wire::encode(&self.bytes, self.alphabet, text);
        Ok(())
    }

    /// Pads, then signs or seals.
    #[inline]
    fn close(&mut self) {
        let unsigned = match self.kind {
            Kind::Signed => TAG_LENGTH,
            Kind::Sealed => 0,
        };
        if needs_pad(self.bytes.len() + unsigned) {
            self.bytes.push(0);
        }
        match self.kind {
            Kind::Signed => signed::sign(&self.key, &mut self.bytes),
            Kind::Sealed => sealed::seal(&self.key, &mut self.bytes),
        }
        debug_assert!(self.bytes.len() > HEADER && !needs_pad(self.bytes.len()));
    }

    /// The key it mints with.
    #[must_use]
    pub fn key(&self) -> &Key {
        &self.key
    }
}
