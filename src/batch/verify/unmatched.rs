//! Which claims were held against cells, and which had no column. One of those whose value changes from token to token
//! tells customers apart, and a list whose tokens slipped to other rows is not found by the claims that are left.

use crate::claims::Claim;
use std::collections::{BTreeMap, BTreeSet};

/// The claims of a list's authentic tokens, by their names.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct MatchedClaims {
    pub(super) matched: BTreeSet<String>,
    unmatched: BTreeMap<String, Unmatched>,
}

/// A claim without a column.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Unmatched {
    /// Its value in the first token that has it.
    first: String,
    /// Whether another token has another value.
    varies: bool,
}

impl Unmatched {
    pub(super) fn of(claim: &Claim<'_>) -> Self {
        Self {
            first: claim.value.to_string(),
            varies: false,
        }
    }

    /// Takes a value in; whether it is the first that differs.
    #[inline]
    pub(super) fn begins_to_vary(&mut self, claim: &Claim<'_>) -> bool {
        let begins = !self.varies && !claim.value.is(&self.first);
        self.varies |= begins;
        begins
    }
}

impl MatchedClaims {
    pub(super) fn add_unmatched(&mut self, name: &str, found: &Unmatched) {
        match self.unmatched.get_mut(name) {
            Some(own) => own.varies |= found.varies || own.first != found.first,
            None => _ = self.unmatched.insert(name.to_owned(), found.clone()),
        }
    }

    pub(in crate::batch) fn add(&mut self, other: &Self) {
        self.matched.extend(other.matched.iter().cloned());
        for (name, found) in &other.unmatched {
            self.add_unmatched(name, found);
        }
    }

    /// The names of those that were held against a cell.
    pub fn matched(&self) -> impl Iterator<Item = &str> {
        self.matched.iter().map(String::as_str)
    }

    /// The names of those that were not, and that differ among the tokens; of a single token, all that were not.
    pub fn unmatched(&self, tokens: u64) -> impl Iterator<Item = &str> {
        let told = move |found: &Unmatched| found.varies || tokens <= 1;
        let all = self.unmatched.iter().filter(move |(_, found)| told(found));
        all.map(|(name, _)| name.as_str())
    }
}
