//! The answer about one token, as facts.

use super::rules::{Mismatch, Rules, Verdict};
use crate::claims::Claim;
use crate::excerpt::Harmless;
use crate::key::{KeyId, TAG_LENGTH};
use crate::ledger::{Replacement, Sightings, Uses};
use crate::moment::UnixTime;
use crate::paste::Cleaning;
use crate::repair::{Loss, Slip};
use crate::token::{Authentic, Form, Refusal, Status, Times, TokenId, Unverified};
use std::time::Duration;

/// What is known of a token after its check. Of one that is not authentic, its header alone.
#[derive(Clone, Debug)]
pub struct Answer {
    /// When it was checked.
    pub checked_at: UnixTime,
    /// How far clocks were allowed to be apart, in seconds.
    pub leeway: u64,
    /// Why it is not valid.
    pub refusal: Option<Refusal>,
    /// The key that it names, whether or not that one made it.
    pub key_id: Option<KeyId>,
    /// Its form; none of a text that is no token.
    pub form: Option<Form>,
    /// What it says, where it is authentic.
    pub facts: Option<Facts>,
    /// The claims that are not what was expected.
    pub mismatches: Vec<Mismatch>,
    /// What was undone to find it in the text.
    pub cleaned: Vec<Cleaning>,
    /// The genuine token one slip away from it.
    pub damaged: Option<Damage>,
    /// What it has lost, where that is more than a slip.
    pub loss: Option<Loss>,
    /// After how long the search for a token one slip away was given up, if it was.
    pub search_stopped: Option<Duration>,
    /// How often its token was checked; this check is among them if it was counted.
    pub uses: Option<Uses>,
    /// The token that was made in its place, where a ledger knows of one.
    pub replaced_by: Option<Replacement>,
    /// What is to be counted of it.
    pub(super) seen: Sightings,
}

/// The genuine token one slip away from a broken one.
#[derive(Clone, Debug)]
pub struct Damage {
    /// The text that was looked at: a part of what was pasted.
    pub text: String,
    /// Where, and what.
    pub slip: Slip,
    /// The answer about it.
    pub undamaged: Box<Answer>,
}

/// What a token says.
#[derive(Clone, Debug)]
pub struct Facts {
    /// What identifies an authentic token among all: its name, the id, need not.
    pub tag: Option<[u8; TAG_LENGTH]>,
    /// None of a JWT that others made.
    pub id: Option<TokenId>,
    /// When it was made and when it is valid.
    pub times: Times,
    /// Names and values, in the order of the token.
    pub claims: Vec<(String, String)>,
}

impl Facts {
    /// What an authentic token says.
    #[must_use]
    pub fn of(token: &Authentic<'_>) -> Self {
        Self {
            tag: Some(*token.tag()),
            id: token.id(),
            times: token.times(),
            claims: token.claims().iter().map(Claim::to_texts).collect(),
        }
    }

    /// What a token says that nobody has checked.
    #[must_use]
    pub fn unverified(token: &Unverified<'_>) -> Self {
        Self {
            tag: None,
            id: token.id,
            times: token.times,
            claims: token.claims.iter().map(Claim::to_texts).collect(),
        }
    }

    /// The value of the claim of that name.
    #[must_use]
    pub fn claim(&self, name: &str) -> Option<&str> {
        let found = self.claims.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The first of these claims that it lacks, or has with another value.
    pub(crate) fn other_than<'e>(&self, expected: &'e [(String, String)]) -> Option<&'e str> {
        let other = expected.iter().find(|(name, value)| self.claim(name) != Some(value));
        other.map(|(name, _)| name.as_str())
    }

    /// Names and values of the claims as they may be shown on a terminal.
    #[must_use]
    pub fn claim_lines(&self) -> Vec<(String, String)> {
        claim_lines(&self.claims)
    }
}

pub(super) fn claim_lines(claims: &[(String, String)]) -> Vec<(String, String)> {
    let line = |(name, value): &(String, String)| (Harmless(name).to_string(), Harmless(value).to_string());
    claims.iter().map(line).collect()
}

impl Answer {
    /// The answer with all that a verdict borrows.
    pub(crate) fn of(verdict: &Verdict<'_>, rules: &Rules) -> Self {
        let token = verdict.token.as_ref();
        let mismatches = token.map(|token| rules.mismatches(verdict.refusal.as_ref(), token.claims()));
        Self {
            checked_at: rules.now,
            leeway: rules.leeway,
            refusal: verdict.refusal.clone(),
            key_id: verdict.key_id,
            form: verdict.form,
            facts: token.map(Facts::of),
            mismatches: mismatches.unwrap_or_default(),
            cleaned: Vec::new(),
            damaged: None,
            loss: None,
            search_stopped: None,
            uses: None,
            replaced_by: None,
            seen: Sightings::default(),
        }
    }

    /// The first status that holds.
    #[must_use]
    pub fn status(&self) -> Status {
        self.refusal.as_ref().map_or(Status::Valid, Refusal::status)
    }

    /// Whether it holds in every point.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.refusal.is_none()
    }

    /// How often the token was checked before this time, where a ledger was asked.
    pub(crate) fn uses_before(&self) -> Option<u64> {
        let own = u64::from(!self.seen.is_empty());
        self.uses.map(|uses| uses.count - own)
    }

    /// The same without what the token says of its customer, for whoever may know that it holds and no more.
    pub(crate) fn without_claims(self) -> Self {
        self.hidden(false)
    }

    /// The same without anything that the token or the ledger says, for whoever asked about another's.
    pub(crate) fn without_identity(self) -> Self {
        self.hidden(true)
    }

    /// The same without the claims and what tells of them, and perhaps without its id, its times and its history.
    fn hidden(mut self, hides_identity: bool) -> Self {
        if hides_identity {
            (self.facts, self.uses, self.replaced_by) = (None, None, None);
        }
        self.facts.iter_mut().for_each(|facts| facts.claims.clear());
        self.mismatches.clear();
        self.loss = None;
        self.damaged = self.damaged.map(|damage| Damage {
            undamaged: Box::new(damage.undamaged.hidden(hides_identity)),
            ..damage
        });
        self
    }

    /// The same, refused for another reason.
    pub(crate) fn refused_for(self, refusal: Refusal) -> Self {
        Self {
            refusal: Some(refusal),
            ..self
        }
    }

    /// The same for whoever may know of tokens with these claims alone: of another one no more than that, neither that it
    /// has expired nor why it was revoked.
    pub(crate) fn held_to(mut self, own: &[(String, String)]) -> Self {
        if let Some(damage) = self.damaged.take() {
            let undamaged = damage.undamaged.held_to(own);
            let is_own = !matches!(undamaged.refusal, Some(Refusal::ClaimMismatch { .. }));
            self.damaged = is_own.then(|| Damage {
                undamaged: Box::new(undamaged),
                ..damage
            });
        }
        let other = self.facts.as_ref().and_then(|facts| facts.other_than(own));
        match (other, own) {
            (Some(name), _) => {
                let name = name.to_owned();
                self.refused_for(Refusal::ClaimMismatch { name }).without_identity()
            }
            (None, [_, ..]) if self.status() == Status::ClaimMismatch => self.without_identity(),
            (None, _) => self,
        }
    }
}
