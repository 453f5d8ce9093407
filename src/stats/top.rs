//! The tokens that were checked most, found while all go by.

use crate::claims::Claim;
use crate::key::KeyId;
use crate::ledger::{TokenRecord, Uses};
use crate::token::Trace;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

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

    /// More checks first, equal ones by their traces.
    fn rank(&self) -> (u64, Reverse<Trace>) {
        (self.uses.count, Reverse(self.trace))
    }
}

impl Ord for TopToken {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl PartialOrd for TopToken {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// The first few.
#[derive(Debug)]
pub(super) struct Top {
    room: usize,
    /// The least of them at hand.
    heap: BinaryHeap<Reverse<TopToken>>,
}

impl Top {
    pub(super) fn new(room: usize) -> Self {
        Self {
            room,
            heap: BinaryHeap::new(),
        }
    }

    pub(super) fn add(&mut self, token: &TokenRecord<'_>, uses: Uses) {
        let is_full = self.heap.len() >= self.room;
        let least = self.heap.peek().map(|Reverse(least)| least.rank());
        if self.room == 0 || (is_full && least >= Some((uses.count, Reverse(token.trace)))) {
            return;
        }
        if is_full {
            self.heap.pop();
        }
        self.heap.push(Reverse(TopToken {
            trace: token.trace,
            key_id: token.key_id,
            expires_at: token.expires_at,
            claims: token.claims.map(|claims| claims.iter().map(Claim::to_texts).collect()),
            uses,
        }));
    }

    /// The one with the most checks first.
    pub(super) fn into_list(self) -> Vec<TopToken> {
        let sorted = self.heap.into_sorted_vec();
        sorted.into_iter().map(|Reverse(token)| token).collect()
    }
}
