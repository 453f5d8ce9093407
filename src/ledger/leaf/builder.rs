//! From leaves and checks to leaves.

use super::{Order, has_claims, number_of, place_of, push_number, tokens};
use crate::ledger::LedgerError;
use crate::ledger::records::{Checks, TokenRecord, Uses};
use crate::ledger::sighting::Sightings;
use crate::token::Trace;

/// The longest leaf of more than one token: with the head of its row it fits into a page of 4,096 bytes.
const LONGEST: usize = 4_000;
/// About how long leaves are made when a longer one is parted, so that they can grow.
const PARTED: usize = 2_800;

/// A leaf that is being put together, and is parted when it has become too long.
#[derive(Debug, Default)]
pub(in crate::ledger) struct Builder {
    bytes: Vec<u8>,
    /// Where each token begins.
    starts: Vec<usize>,
    checks: Vec<Checks>,
    /// What stands behind a token's trace and length.
    body: Vec<u8>,
}

/// The checks that are being counted.
pub(in crate::ledger) struct Counting<'a> {
    pub(in crate::ledger) sightings: &'a Sightings,
    pub(in crate::ledger) now: u32,
    /// For each, how often its token was checked by then.
    pub(in crate::ledger) uses: &'a mut [Uses],
}

impl Builder {
    /// Takes in what `leaf` has and the checks of `order`.
    pub(in crate::ledger) fn merge(
        &mut self,
        leaf: &[u8],
        order: &Order,
        counting: &mut Counting<'_>,
    ) -> Result<(), LedgerError> {
        self.bytes.clear();
        self.starts.clear();
        let mut rest = order;
        for token in tokens(leaf) {
            let token = token?;
            let key = u128::from_be_bytes(token.trace.0);
            while let Some((new, _)) = rest.first().filter(|(new, _)| *new < key) {
                rest = self.add(*new, &[], rest, counting);
            }
            match rest.first() {
                Some((new, _)) if *new == key => {
                    self.checks.clear();
                    let record = token.record()?;
                    for checks in record.checks() {
                        self.checks.push(checks?);
                    }
                    let head = &token.body[..token.body.len() - record.checks.len()];
                    rest = self.add(key, head, rest, counting);
                }
                _ => {
                    self.starts.push(self.bytes.len());
                    self.bytes.extend_from_slice(token.bytes);
                }
            }
        }
        while let Some((new, _)) = rest.first() {
            rest = self.add(*new, &[], rest, counting);
        }
        Ok(())
    }

    /// Writes a token with `self.checks`, the checks that are known, and those at the start of `order`; what comes after
    /// them. `head` is empty where the token is new.
    fn add<'o>(&mut self, key: u128, head: &[u8], order: &'o Order, counting: &mut Counting<'_>) -> &'o Order {
        if head.is_empty() {
            self.checks.clear();
        }
        let mut sum = Uses::default();
        self.checks.iter().for_each(|checks| sum.add(checks));
        let own = order.iter().take_while(|(other, _)| *other == key).count();
        let mut new_head: &[u8] = &[];
        for (_, index) in &order[..own] {
            let index = *index as usize;
            let one = Checks {
                status: counting.sightings.all[index].status,
                count: 1,
                first: counting.now,
                last: counting.now,
            };
            sum.add(&one);
            counting.uses[index] = sum;
            match self.checks.binary_search_by_key(&place_of(&one), place_of) {
                Ok(place) => self.checks[place].join(&one),
                Err(place) => self.checks.insert(place, one),
            }
            if new_head.is_empty() || !has_claims(new_head) {
                new_head = counting.sightings.head(index);
            }
        }
        self.body.clear();
        // claims that were not to be kept at first are added when they are
        let keeps = !head.is_empty() && (has_claims(head) || !has_claims(new_head));
        self.body.extend_from_slice(if keeps { head } else { new_head });
        self.checks.iter().for_each(|checks| checks.write(&mut self.body));
        self.starts.push(self.bytes.len());
        self.bytes.extend_from_slice(&key.to_be_bytes());
        push_number(self.body.len() as u64, &mut self.bytes);
        self.bytes.extend_from_slice(&self.body);
        &order[own..]
    }

    /// Keeps those tokens of a leaf that `keep` says; whether it kept all.
    pub(in crate::ledger) fn retain(
        &mut self,
        leaf: &[u8],
        mut keep: impl FnMut(&TokenRecord<'_>) -> bool,
    ) -> Result<bool, LedgerError> {
        self.bytes.clear();
        self.starts.clear();
        for token in tokens(leaf) {
            let token = token?;
            if keep(&token.record()?) {
                self.starts.push(self.bytes.len());
                self.bytes.extend_from_slice(token.bytes);
            }
        }
        Ok(self.bytes.len() == leaf.len())
    }

    /// The leaves with their numbers; the first takes the place of the leaf with the number `number`.
    pub(in crate::ledger) fn leaves(&self, number: i64) -> impl Iterator<Item = (i64, &[u8])> {
        let parts = match self.bytes.len() {
            length if length <= LONGEST => 1,
            length => length.div_ceil(PARTED),
        };
        let goal = self.bytes.len().div_ceil(parts);
        let mut token = 0;
        let mut next = Some((number, 0));
        std::iter::from_fn(move || {
            let (number, start) = next.take()?;
            let own = |token: usize| {
                let trace = self.bytes[self.starts[token]..].first_chunk();
                number_of(&Trace(*trace.expect("a token begins with its trace")))
            };
            while token < self.starts.len() {
                let at = self.starts[token];
                // tokens that share a number can't be told apart by leaves
                if at >= start + goal && own(token) > own(token - 1) {
                    next = Some((own(token), at));
                    return Some((number, &self.bytes[start..at]));
                }
                token += 1;
            }
            Some((number, &self.bytes[start..]))
        })
    }
}
