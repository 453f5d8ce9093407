//! A new token for whoever had an old one: the same claims in the same form, with new times.

use super::answer::Answer;
use super::ledger::CheckLedger;
use crate::claims::{ClaimError, ClaimSet};
use crate::key::Key;
use crate::ledger::{How, LedgerError, Replacement};
use crate::token::{Minter, Refusal, Revocation, TokenId, Trace, Validity};

impl Answer {
    /// The answer about the token that may be replaced: the undamaged one of a damaged one, authentic, not revoked and
    /// with the expected claims; its times don't matter.
    ///
    /// # Errors
    /// Why it may not be.
    pub fn replaceable(&self, expected: &[(String, String)]) -> Result<&Self, Refusal> {
        let genuine = self.damaged.as_ref().map_or(self, |damage| &*damage.undamaged);
        match &genuine.refusal {
            None | Some(Refusal::Expired { .. } | Refusal::NotYetValid { .. }) => {}
            Some(refusal) => return Err(refusal.clone()),
        }
        // one that is not in its time was not held against them yet
        match genuine.facts.as_ref().and_then(|facts| facts.other_than(expected)) {
            Some(name) => Err(Refusal::ClaimMismatch { name: name.to_owned() }),
            None => Ok(genuine),
        }
    }

    /// A token of the same claims and form, by this key. A JWT that others made may say what none of ours does.
    ///
    /// # Errors
    /// When no token carries its claims.
    pub fn reissue(&self, key: &Key, validity: &Validity, id: TokenId) -> Result<String, ClaimError> {
        let claims = self.facts.iter().flat_map(|facts| &facts.claims);
        let claims = ClaimSet::of(claims.map(|(name, value)| (name.as_str(), value.as_str())))?;
        Minter::new(key, self.form.unwrap_or_default()).mint_claims(validity, id, &claims)
    }

    fn trace(&self) -> Option<Trace> {
        let facts = self.facts.as_ref()?;
        Some(Trace::of(facts.id, &facts.tag?))
    }
}

impl CheckLedger {
    /// Notes which token was made in the place of an old one, and revokes the old one where that is meant.
    ///
    /// # Errors
    /// When the ledger can't be written.
    pub fn replace(&mut self, old: &Answer, by: Replacement, revoke: bool) -> Result<(), LedgerError> {
        let Some(trace) = old.trace() else { return Ok(()) };
        self.ledger.replace(&[(trace, by)])?;
        if revoke {
            let revocation = Revocation {
                at: by.at,
                reason: Some(format!("replaced by {by}")),
            };
            self.ledger.revoke(&old.seen, How::Token, &revocation)?;
        }
        Ok(())
    }
}
