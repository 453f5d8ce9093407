//! Minting: times, id and claims to a token's text, into buffers that are used again.

use super::bytes::{HEADER, MAX_LENGTH, needs_pad};
use super::form::{Form, Kind};
use super::id::TokenId;
use super::validity::Validity;
use super::{jwt, sealed, text as wire};
use crate::claims::{ClaimError, ClaimMap, ClaimSet, ClaimsEncoder};
use crate::key::{HMAC_LENGTH, Key, Message, SIGNATURE_LENGTH, TAG_LENGTH};

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
    /// The tokens that are drafted, one after the other, each with room for its tag.
    bytes: Vec<u8>,
    drafts: Vec<Message>,
    /// The claims of a JWT, before they are JSON.
    map: Vec<u8>,
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
            drafts: Vec::new(),
            map: Vec::new(),
            json: Vec::new(),
        }
    }

    /// Appends the text of one token to `text`; `claims` pushes its claims in their order. Takes the place of drafts.
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
        self.clear();
        let token = self.draft(validity, id, claims)?;
        self.sign();
        self.write(token, text);
        Ok(())
    }

    /// Forgets all drafts.
    #[inline]
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.drafts.clear();
    }

    /// Prepares a token but for its signature, and says which of the drafts it is, from 0: signing many at once is
    /// faster. `claims` pushes its claims in their order.
    ///
    /// # Errors
    /// Whatever `claims` returns, or that the claims take too many bytes. Then there is no such draft.
    #[inline]
    pub fn draft<E: From<ClaimError>>(
        &mut self,
        validity: &Validity,
        id: TokenId,
        claims: impl FnOnce(&mut ClaimsEncoder<'_>) -> Result<(), E>,
    ) -> Result<usize, E> {
        let start = self.bytes.len();
        let drafted = match self.form.in_bytes() {
            Some((kind, _)) => self.draft_bytes(kind, validity, id, claims),
            None => self.draft_jwt(validity, id, claims),
        };
        if let Err(error) = drafted {
            self.bytes.truncate(start);
            return Err(error);
        }
        let tag = self.form.tag_length();
        self.drafts.push(match self.form {
            Form::Signed(_) | Form::Jwt => Message::pad(start, tag, &mut self.bytes),
            _ => Message::plain(start, tag, &mut self.bytes),
        });
        Ok(self.drafts.len() - 1)
    }

    /// Signs all drafts.
    pub fn sign(&mut self) {
        let (key, drafts, bytes) = (&self.key, &self.drafts, &mut self.bytes);
        match self.form {
            Form::Signed(_) => key.signing().tag_all::<TAG_LENGTH>(drafts, bytes),
            Form::Jwt => key.jwt().tag_all::<HMAC_LENGTH>(drafts, bytes),
            // sealed as it was drafted
            Form::Sealed(_) => {}
            Form::Public(_) | Form::PublicJwt => {
                for draft in drafts {
                    let signature = key.sign(&bytes[draft.range()]);
                    bytes[draft.tagged(SIGNATURE_LENGTH)][draft.range().len()..].copy_from_slice(&signature);
                }
            }
        }
    }

    /// Appends the text of a draft, once it is signed.
    ///
    /// # Panics
    /// When there is no such draft.
    #[inline]
    pub fn write(&self, draft: usize, text: &mut Vec<u8>) {
        let draft = self.drafts[draft];
        let token = &self.bytes[draft.tagged(self.form.tag_length())];
        match self.form.in_bytes() {
            Some((_, alphabet)) => wire::encode(token, alphabet, text),
            None => {
                let (input, signature) = token.split_at(draft.range().len());
                jwt::write(input, signature, text);
            }
        }
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

    #[inline]
    fn draft_bytes<E: From<ClaimError>>(
        &mut self,
        kind: Kind,
        validity: &Validity,
        id: TokenId,
        claims: impl FnOnce(&mut ClaimsEncoder<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let start = self.bytes.len();
        self.open(kind, validity, id);
        let mut encoder = ClaimsEncoder::new(validity.not_before(), &mut self.bytes);
        claims(&mut encoder)?;
        encoder.finish()?;
        if needs_pad(self.bytes.len() - start + self.form.tag_length()) {
            self.bytes.push(0);
        }
        if kind == Kind::Sealed {
            sealed::seal(&self.key, &mut self.bytes[start..]);
        }
        Ok(())
    }

    /// Writes all that stands before the claims.
    #[inline]
    fn open(&mut self, kind: Kind, validity: &Validity, id: TokenId) {
        let [first, second] = self.key.id().0;
        self.bytes.extend_from_slice(&[kind as u8, first, second]);
        if kind == Kind::Sealed {
            self.bytes.resize(self.bytes.len() + sealed::BODY - HEADER, 0);
        }
        let mut times_and_id = [0; 14];
        times_and_id[..4].copy_from_slice(&validity.issued_at().to_be_bytes());
        times_and_id[4..8].copy_from_slice(&validity.expires_at().unwrap_or(0).to_be_bytes());
        times_and_id[8..].copy_from_slice(&id.to_bytes());
        self.bytes.extend_from_slice(&times_and_id);
    }

    #[inline(never)]
    fn draft_jwt<E: From<ClaimError>>(
        &mut self,
        validity: &Validity,
        id: TokenId,
        claims: impl FnOnce(&mut ClaimsEncoder<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        // the order of claims and their limits are the same in all forms
        self.map.clear();
        let mut encoder = ClaimsEncoder::new(validity.not_before(), &mut self.map);
        claims(&mut encoder)?;
        encoder.finish()?;
        let claims = ClaimMap::read(&self.map).expect("a map that was just written").claims;
        let (json, bytes) = (&mut self.json, &mut self.bytes);
        Ok(jwt::draft(self.key.id(), self.form, validity, id, claims, json, bytes)?)
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
