//! The tokens that were checked most, found while all go by.

use crate::claims::Claim;
use crate::key::KeyId;
use crate::ledger::{TokenRecord, Uses};
use crate::token::Trace;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A token that was checked often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopToken {
    /// What identifies it.
    pub trace: Trace,
    /// The key that made it.
    pub key_id: KeyId,
    /// When it ends; `None` is never.
    pub expires_at: Option<u32>,
    /// None where the ledger does not keep them.
    pub claims: Option<Vec<(String, String)>>,
    /// Its checks in the time that was asked for.
    pub uses: Uses,
}

/// So much of a trace tells tokens apart for people, in hex digits: the id, where a token has one.
const ABBREVIATED: usize = 12;

impl TopToken {
    /// The beginning of its trace.
    #[must_use]
    pub fn abbreviated(&self) -> String {
        self.trace.to_string().chars().take(ABBREVIATED).collect()
    }
}

/// The first few.
#[derive(Debug)]
pub(super) struct Top {
    room: usize,
    /// By checks, equal ones by their traces; the first one last.
    ranked: BTreeMap<(u64, Reverse<Trace>), TopToken>,
}

impl Top {
    pub(super) fn new(room: usize) -> Self {
        Self {
            room,
            ranked: BTreeMap::new(),
        }
    }

    pub(super) fn add(&mut self, token: &TokenRecord<'_>, uses: Uses) {
        let rank = (uses.count, Reverse(token.trace));
        let is_full = self.ranked.len() >= self.room;
        let least = self.ranked.first_key_value().map(|(least, _)| *least);
        if self.room == 0 || (is_full && least >= Some(rank)) {
            return;
        }
        if is_full {
            self.ranked.pop_first();
        }
        let token = TopToken {
            trace: token.trace,
            key_id: token.key_id,
            expires_at: token.expires_at,
            claims: token.claims.map(|claims| claims.iter().map(Claim::to_texts).collect()),
            uses,
        };
        self.ranked.insert(rank, token);
    }

    /// The one with the most checks first.
    pub(super) fn into_list(self) -> Vec<TopToken> {
        self.ranked.into_values().rev().collect()
    }
}
