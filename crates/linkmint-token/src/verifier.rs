//! The front door of checking: a keyring and what is expected on one side, an answer that owns all it says on the other.
//!
//! [`token::UntrustedToken`](crate::token::UntrustedToken) does the same in steps and into buffers that are used
//! again; whoever checks one token a request wants one call that can't be half done.

use crate::claims::{Claim, ClaimError, ClaimSet};
use crate::key::{CheckingKey, KeyId, TAG_LENGTH};
use crate::keys::Keyring;
use crate::token::{Authentic, Form, Refusal, Times, TokenId, UntrustedToken};
use crate::unix_time::UnixTime;
use std::time::Duration;

/// Checks tokens with the keys of a ring, and holds them against what is expected.
///
/// ```
/// use linkmint_token::{Alphabet, ClaimSet, Form, Keyring, Minter, Secret, Status, TokenId, UnixTime, Validity, Verifier};
///
/// let ring = Keyring::of(Secret::draw()?);
/// let now = UnixTime(1_790_000_000);
/// let claims = ClaimSet::of([("customer_id", "1234567"), ("campaign_id", "spring26")])?;
/// let mut minter = Minter::new(ring.signing_key(None)?, Form::Sealed(Alphabet::Base64Url));
/// let text = minter.mint_claims(&Validity::lasting(now, 86_400)?, TokenId::draw()?, &claims)?;
///
/// let verifier = Verifier::new(&ring).expecting("campaign_id", "spring26")?;
/// let token = verifier.verify(&text, now)?;
/// assert_eq!(token.claim("customer_id"), Some("1234567"));
/// assert_eq!(token.expires_at(), now.after(86_400));
///
/// let tomorrow = UnixTime(now.0 + 86_400);
/// let refusal = verifier.verify(&text, tomorrow).expect_err("the expiry is the first second that is too late");
/// assert_eq!(refusal.status(), Status::Expired);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Verifier {
    keys: Vec<CheckingKey>,
    leeway: u64,
    expected: ClaimSet,
}

impl Verifier {
    /// A verifier with a copy of every key of `ring`, retired ones included: they sign no more, and verify.
    #[must_use]
    pub fn new(ring: &Keyring) -> Self {
        Self {
            keys: ring.keys().to_vec(),
            leeway: 0,
            expected: ClaimSet::new(),
        }
    }

    /// Lets clocks differ by so much, in whole seconds; none unless it is said.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway.as_secs();
        self
    }

    /// Demands that every token has this claim with exactly this value. Whoever holds a secret can mint anything, so
    /// a check names at least the campaign that it is for.
    ///
    /// # Errors
    /// When no token can have such a claim, or that name is expected already.
    pub fn expecting(mut self, name: &str, value: &str) -> Result<Self, ClaimError> {
        self.expected.add(name, value)?;
        Ok(self)
    }

    /// Checks a token's exact text: form, key, signature, body, times, and then what is expected. Nothing is trimmed
    /// or mended.
    ///
    /// # Errors
    /// The first of these that does not hold.
    pub fn verify(&self, text: &str, now: UnixTime) -> Result<Verified, Refusal> {
        let mut buffer = Vec::new();
        let (token, held) = self.check(text, now, &mut buffer)?;
        held.map(|()| Verified::of(&token))
    }

    /// The same, into a buffer of the caller's that can be used again, and with the authentic token also where it does
    /// not hold: whoever answers for an expired token wants to say whose it was.
    ///
    /// # Errors
    /// When the text is no authentic token; of such a text nothing is believed. What an authentic token does not hold is
    /// the second part of the answer.
    pub fn check<'b>(&self, text: &str, now: UnixTime, buffer: &'b mut Vec<u8>) -> Result<Checked<'b>, Refusal> {
        let token = UntrustedToken::read(text, buffer)?.authenticate(&self.keys)?;
        let expected = self.expected.iter().map(|(name, value)| (name.as_str(), value));
        let held = token.judge(None, u64::from(now.0), self.leeway, expected);
        Ok((token, held))
    }
}

/// An authentic token, and whether it held in every other point as well.
pub type Checked<'b> = (Authentic<'b>, Result<(), Refusal>);

/// A token that held in every point when it was checked, with what it says.
///
/// Only [`Verifier::verify`] makes one, so a function that takes it can't be given anything else:
///
/// ```compile_fail
/// // there is no other way: no constructor, no public field, no `Default`, no `Deserialize`
/// let token = linkmint_token::Verified::default();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    form: Form,
    key_id: KeyId,
    tag: [u8; TAG_LENGTH],
    id: Option<TokenId>,
    times: Times,
    claims: Vec<(String, String)>,
}

impl Verified {
    fn of(token: &Authentic<'_>) -> Self {
        Self {
            form: token.form(),
            key_id: token.key_id(),
            tag: *token.tag(),
            id: token.id(),
            times: token.times(),
            claims: token.claims().iter().map(Claim::to_texts).collect(),
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

    /// What identifies it among all tokens, to count it or to revoke it: compare this and never the text, of which
    /// base32 has several.
    #[must_use]
    pub fn tag(&self) -> &[u8; TAG_LENGTH] {
        &self.tag
    }

    /// Its id; only a JWT that others made has none of ours.
    #[must_use]
    pub fn id(&self) -> Option<TokenId> {
        self.id
    }

    /// When it was minted; only a JWT that others made may keep it to itself.
    #[must_use]
    pub fn issued_at(&self) -> Option<UnixTime> {
        self.times.issued_at.map(UnixTime)
    }

    /// The first second at which it is no longer valid; `None` is never.
    #[must_use]
    pub fn expires_at(&self) -> Option<UnixTime> {
        self.times.expires_at.map(UnixTime)
    }

    /// The first second at which it was valid, where there is one.
    #[must_use]
    pub fn not_before(&self) -> Option<UnixTime> {
        self.times.not_before.map(UnixTime)
    }

    /// The value of the claim of that name.
    #[must_use]
    pub fn claim(&self, name: &str) -> Option<&str> {
        self.claims().find(|(other, _)| *other == name).map(|(_, value)| value)
    }

    /// Names and values, in the order of the token.
    pub fn claims(&self) -> impl Iterator<Item = (&str, &str)> {
        self.claims.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::Secret;
    use crate::token::{Minter, Revocation, Validity};

    #[test]
    fn what_does_not_hold_first_is_told() {
        let ring = Keyring::of(Secret::new((0..32).collect::<Vec<u8>>().into()).expect("32 bytes"));
        let (id, validity) = (TokenId::parse("000000000001"), Validity::new(1, Some(10), None));
        let claims = ClaimSet::of([("campaign_id", "spring26")]).expect("claims");
        let mut minter = Minter::new(ring.signing_key(None).expect("a key"), Form::default());
        let text = minter.mint_claims(&validity.expect("times"), id.expect("an id"), &claims);
        let text = text.expect("they fit");
        let expecting = |name, value| Verifier::new(&ring).expecting(name, value).expect("a claim");
        let told = |verifier: Verifier, now| verifier.verify(&text, UnixTime(now)).map(|_| ());
        let mismatch = |name: &str| Err(Refusal::ClaimMismatch { name: name.to_owned() });
        let expired = || Err(Refusal::Expired { expires_at: 10 });
        assert_eq!(told(expecting("campaign_id", "spring26"), 9), Ok(()));
        assert_eq!(told(expecting("campaign_id", "spring27"), 9), mismatch("campaign_id"));
        assert_eq!(told(expecting("product_id", "88"), 9), mismatch("product_id"));
        assert_eq!(told(expecting("campaign_id", "spring27"), 10), expired());
        let mut buffer = vec![7; 300];
        for _ in 0..2 {
            let verifier = expecting("campaign_id", "spring26");
            let (token, held) = verifier.check(&text, UnixTime(10), &mut buffer).expect("authentic");
            assert_eq!(
                (token.claims().len(), held),
                (1, expired()),
                "an expired token says whose it was"
            );
        }
        let changed = text.replacen('L', "S", 1);
        let checked = Verifier::new(&ring).check(&changed, UnixTime(9), &mut buffer);
        assert_eq!(checked.map(|_| ()), Err(Refusal::InvalidSignature));
        let mut buffer = Vec::new();
        let token = UntrustedToken::read(&text, &mut buffer).and_then(|token| token.authenticate(ring.keys()));
        let token = token.expect("authentic");
        let off = Revocation { at: 1, reason: None };
        assert_eq!(
            token.judge(Some(&off), 10, 0, [("a", "b")]),
            Err(Refusal::Revoked(off.clone()))
        );
        assert_eq!(token.judge(None, 10, 0, [("a", "b")]), expired());
    }
}
