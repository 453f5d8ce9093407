//! Minting: times, id and claims to a token's text, into buffers that are used again.

use super::bytes::{HEADER, MAX_LENGTH, needs_pad};
use super::form::{Form, Kind};
use super::id::TokenId;
use super::validity::Validity;
use super::{jwt, public, sealed, signed, text as wire};
use crate::claims::{ClaimError, ClaimMap, ClaimSet, ClaimsEncoder};
use crate::key::{Key, SIGNATURE_LENGTH, TAG_LENGTH};

/// Mints tokens of one form with one key.
///
/// ```
/// # use linkmint_token::{claims::ClaimName, key::{Key, Secret}, token::{Form, Minter, TokenId, Validity}};
/// let key = Key::new(Secret::draw()?);
/// let mut minter = Minter::new(&key, Form::default());
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
    form: Form,
    bytes: Vec<u8>,
    json: Vec<u8>,
}

impl Minter {
    /// Keeps a copy of `key`, which is wiped with the minter.
    #[must_use]
    pub fn new(key: &Key, form: Form) -> Self {
        if form.is_public() {
            // derived once, and shared by all clones from here on
            let _ = key.public();
        }
        Self {
            key: key.clone(),
            form,
            bytes: Vec::with_capacity(MAX_LENGTH),
            json: Vec::new(),
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
        let in_bytes = self.form.in_bytes();
        if let Some((kind, _)) = in_bytes {
            self.open(kind, validity, id);
        }
        // those of a JWT too: their order and their limits are the same in all forms
        let mut encoder = ClaimsEncoder::new(validity.not_before(), &mut self.bytes);
        claims(&mut encoder)?;
        encoder.finish()?;
        match in_bytes {
            Some((kind, alphabet)) => {
                self.close(kind);
                wire::encode(&self.bytes, alphabet, text);
            }
            None => self.write_jwt(validity, id, text)?,
        }
        Ok(())
    }

    /// The text of one token with all of `claims`.
    ///
    /// ```
    /// use linkmint_token::{ClaimSet, Form, Key, Minter, Secret, TokenId, Validity};
    ///
    /// let mut minter = Minter::new(&Key::new(Secret::draw()?), Form::default());
    /// let claims = ClaimSet::of([("customer_id", "1234567")])?;
    /// let text = minter.mint_claims(&Validity::endless(1_790_000_000u32), TokenId::draw()?, &claims)?;
    /// assert!(text.starts_with('L'));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the claims take too many bytes together, or one has a name that a JWT has for itself.
    pub fn mint_claims(&mut self, validity: &Validity, id: TokenId, claims: &ClaimSet) -> Result<String, ClaimError> {
        let mut text = Vec::new();
        self.mint(validity, id, &mut text, |encoder| claims.write(encoder))?;
        Ok(String::from_utf8(text).expect("all alphabets are ASCII"))
    }

    /// Writes all that stands before the claims.
    #[inline]
    fn open(&mut self, kind: Kind, validity: &Validity, id: TokenId) {
        let [first, second] = self.key.id().0;
        self.bytes.extend_from_slice(&[kind.byte(), first, second]);
        if kind == Kind::Sealed {
            self.bytes.resize(sealed::BODY, 0);
        }
        let mut times_and_id = [0; 14];
        times_and_id[..4].copy_from_slice(&validity.issued_at().to_be_bytes());
        times_and_id[4..8].copy_from_slice(&validity.expires_at().unwrap_or(0).to_be_bytes());
        times_and_id[8..].copy_from_slice(&id.to_bytes());
        self.bytes.extend_from_slice(&times_and_id);
    }

    #[inline(never)]
    fn write_jwt(&mut self, validity: &Validity, id: TokenId, text: &mut Vec<u8>) -> Result<(), ClaimError> {
        let map = ClaimMap::read(&self.bytes).expect("a map that was just written");
        jwt::write(&self.key, self.form, validity, id, map.claims, &mut self.json, text)
    }

    /// Pads, then signs or seals.
    #[inline]
    fn close(&mut self, kind: Kind) {
        let unsigned = match kind {
            Kind::Signed => TAG_LENGTH,
            Kind::Sealed => 0,
            Kind::Public => SIGNATURE_LENGTH,
        };
        if needs_pad(self.bytes.len() + unsigned) {
            self.bytes.push(0);
        }
        match kind {
            Kind::Signed => signed::sign(&self.key, &mut self.bytes),
            Kind::Sealed => sealed::seal(&self.key, &mut self.bytes),
            Kind::Public => public::sign(&self.key, &mut self.bytes),
        }
        debug_assert!(self.bytes.len() > HEADER && !needs_pad(self.bytes.len()));
    }

    /// The form of its tokens.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }

    /// The key it mints with.
    #[must_use]
    pub fn key(&self) -> &Key {
        &self.key
    }
}
