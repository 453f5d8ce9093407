//! The tokens that were checked most, found while all go by.

use linkmint::key::KeyId;
use linkmint::ledger::{TokenRecord, Uses};
use linkmint::token::Trace;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A token that was checked often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Often {
    pub(super) trace: Trace,
    pub(super) key_id: KeyId,
    pub(super) expires_at: Option<u32>,
    /// None where the ledger does not keep them.
    pub(super) claims: Option<Vec<(String, String)>>,
    pub(super) uses: Uses,
}

impl Often {
    /// More checks first, equal ones by their traces.
    fn rank(&self) -> (u64, Reverse<Trace>) {
        (self.uses.count, Reverse(self.trace))
    }
}

impl Ord for Often {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl PartialOrd for Often {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// The first few.
#[derive(Debug)]
pub(super) struct Top {
    room: usize,
    /// The least of them at hand.
    heap: BinaryHeap<Reverse<Often>>,
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
        let text = |claim: linkmint::claims::Claim<'_>| (claim.name.to_owned(), claim.value.to_string());
        self.heap.push(Reverse(Often {
            trace: token.trace,
            key_id: token.key_id,
            expires_at: token.expires_at,
            claims: token.claims.map(|claims| claims.iter().map(text).collect()),
            uses,
        }));
    }

    /// The one with the most checks first.
    pub(super) fn into_list(self) -> Vec<Often> {
        let sorted = self.heap.into_sorted_vec();
        sorted.into_iter().map(|Reverse(often)| often).collect()
    }
}
