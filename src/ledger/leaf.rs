//! Many tokens in one row of the store: the tokens of a stretch of traces, in the order of their traces.
//!
//! A row for each check would be clearer, and takes 2 to 5 µs where this takes a tenth: a statement costs more than
//! all that it does here. A leaf is about a page of the file, so that one check writes one page.
//!
//! ```text
//! leaf    token *
//! token   trace 16 | length of the rest | issued_at 4 | expires_at 4 | key id 2 | parts 1 | [length, claims] | checks *
//! checks  quarter of an hour since 1970 | status 1 | count | first second in it | last second in it
//! ```
//! Numbers without a size are in groups of seven bits, the least first, as LEB128 has them; the others are big-endian.
//! Checks stand in the order of quarter and status.

use super::records::{Checks, TokenRecord, Uses};
use super::sighting::Sightings;
use super::{LedgerError, QUARTER};
use crate::claims::Claims;
use crate::key::KeyId;
use crate::token::{Authentic, Status, Trace};

/// The longest leaf of more than one token: with the head of its row it fits into a page of 4,096 bytes.
const LONGEST: usize = 4_000;
/// About how long leaves are made when a longer one is parted, so that they can grow.
const PARTED: usize = 2_800;

/// The trace begins with the token's id.
const HAS_ID: u8 = 1;
const HAS_CLAIMS: u8 = 2;

/// The number of the leaf that a token belongs to is the greatest that is not above this.
pub(super) fn number_of(trace: &Trace) -> i64 {
    let first = trace.0.first_chunk().expect("16 bytes begin with 8");
    // without a sign, as the store's numbers have one
    (u64::from_be_bytes(*first) >> 1).cast_signed()
}

/// Checks in the order of their traces, and of the same token in the order in which they were made: the trace as a
/// number, and the place among the sightings.
pub(super) type Order = [(u128, u32)];

/// Puts checks into the order in which they stand in leaves.
pub(super) fn order(sightings: &Sightings) -> Vec<(u128, u32)> {
    let keys = sightings
        .all
        .iter()
        .map(|sighting| u128::from_be_bytes(sighting.trace.0));
    let mut order: Vec<_> = keys.zip(0..).collect();
    order.sort_unstable();
    order
}

/// The number of the leaf that a trace in an [`Order`] belongs to.
#[inline]
pub(super) fn number_at(key: u128) -> i64 {
    ((key >> 65) as u64).cast_signed()
}

/// A leaf that is being put together, and is parted when it has become too long.
#[derive(Debug, Default)]
pub(super) struct Builder {
    bytes: Vec<u8>,
    /// Where each token begins.
    starts: Vec<usize>,
    checks: Vec<Checks>,
    /// What stands behind a token's trace and length.
    body: Vec<u8>,
}

/// The checks that are being counted.
pub(super) struct Counting<'a> {
    pub(super) sightings: &'a Sightings,
    pub(super) now: u32,
    /// For each, how often its token was checked by then.
    pub(super) uses: &'a mut [Uses],
}

impl Builder {
    /// Takes in what `leaf` has and the checks of `order`.
    pub(super) fn merge(&mut self, leaf: &[u8], order: &Order, counting: &mut Counting<'_>) -> Result<(), LedgerError> {
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
    pub(super) fn retain(
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
    pub(super) fn leaves(&self, number: i64) -> impl Iterator<Item = (i64, &[u8])> {
        let parts = match self.bytes.len() {
            length if length <= LONGEST => 1,
            length => length.div_ceil(PARTED),
        };
        let goal = self.bytes.len().div_ceil(parts);
        let mut token = 0;
        let mut next = Some((number, 0));
        std::iter::from_fn(move || {
            let (number, start) = next.take()?;
            let own = |token: usize| number_of(&trace_at(&self.bytes, self.starts[token]));
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

/// Where the byte with the parts stands in a head.
const PARTS: usize = 10;

fn has_claims(head: &[u8]) -> bool {
    head.get(PARTS).is_some_and(|parts| parts & HAS_CLAIMS != 0)
}

/// Appends what is kept of a token besides its checks.
#[inline]
pub(super) fn push_head(token: &Authentic<'_>, keeps_claims: bool, out: &mut Vec<u8>) {
    let times = token.times();
    out.extend_from_slice(&times.issued_at().unwrap_or(0).to_be_bytes());
    out.extend_from_slice(&times.expires_at().unwrap_or(0).to_be_bytes());
    out.extend_from_slice(&token.key_id().0);
    let has_id = if token.id().is_some() { HAS_ID } else { 0 };
    let has_claims = if keeps_claims { HAS_CLAIMS } else { 0 };
    out.push(has_id | has_claims);
    if keeps_claims {
        push_number(token.claims().stored_length() as u64, out);
        token.claims().store(out);
    }
}

/// Reads a head that [`push_head`] wrote.
pub(super) fn read_head(trace: Trace, head: &[u8]) -> Result<TokenRecord<'_>, LedgerError> {
    Reader { rest: head }.record(trace).ok_or(LedgerError::Damaged)
}

fn trace_at(bytes: &[u8], start: usize) -> Trace {
    let trace = bytes[start..].first_chunk().expect("a token begins with its trace");
    Trace(*trace)
}

fn place_of(checks: &Checks) -> (u32, u8) {
    (checks.first / QUARTER, code_of(checks.status))
}

impl Checks {
    fn join(&mut self, other: &Checks) {
        self.count += other.count;
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let (quarter, code) = place_of(self);
        push_number(u64::from(quarter), out);
        out.push(code);
        push_number(self.count, out);
        push_number(u64::from(self.first % QUARTER), out);
        push_number(u64::from(self.last % QUARTER), out);
    }
}

/// The number of a status in a ledger. None may ever change.
pub(super) fn code_of(status: Status) -> u8 {
    match status {
        Status::Valid => 0,
        Status::Revoked => 1,
        Status::NotYetValid => 2,
        Status::Expired => 3,
        Status::ClaimMismatch => 4,
        Status::RowMismatch => 5,
        // of tokens that are not authentic, which nobody counts
        Status::Malformed | Status::UnknownKey | Status::InvalidSignature => u8::MAX,
    }
}

pub(super) fn status_of(code: u8) -> Option<Status> {
    Status::ALL
        .into_iter()
        .find(|status| code_of(*status) == code && code != u8::MAX)
}

/// A token of a leaf, not looked into.
pub(super) struct Token<'a> {
    pub(super) trace: Trace,
    bytes: &'a [u8],
    body: &'a [u8],
}

/// The tokens of a leaf.
pub(super) fn tokens(leaf: &[u8]) -> impl Iterator<Item = Result<Token<'_>, LedgerError>> {
    let mut reader = Reader { rest: leaf };
    std::iter::from_fn(move || (!reader.rest.is_empty()).then(|| reader.token().ok_or(LedgerError::Damaged)))
}

impl<'a> Token<'a> {
    pub(super) fn record(&self) -> Result<TokenRecord<'a>, LedgerError> {
        let mut reader = Reader { rest: self.body };
        reader.record(self.trace).ok_or(LedgerError::Damaged)
    }
}

impl TokenRecord<'_> {
    /// Its checks, in the order of their time.
    ///
    /// # Errors
    /// When the ledger is damaged.
    pub fn checks(&self) -> impl Iterator<Item = Result<Checks, LedgerError>> {
        let mut reader = Reader { rest: self.checks };
        std::iter::from_fn(move || (!reader.rest.is_empty()).then(|| reader.checks().ok_or(LedgerError::Damaged)))
    }

    /// All its checks together.
    ///
    /// # Errors
    /// When the ledger is damaged.
    pub fn uses(&self) -> Result<Uses, LedgerError> {
        let mut uses = Uses::default();
        for checks in self.checks() {
            uses.add(&checks?);
        }
        Ok(uses)
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.take(1)?[0];
            number |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return Some(number);
            }
        }
        None
    }

    fn small(&mut self) -> Option<u32> {
        self.number()?.try_into().ok()
    }

    fn time(&mut self) -> Option<Option<u32>> {
        let seconds = u32::from_be_bytes(self.array()?);
        Some((seconds != 0).then_some(seconds))
    }

    fn token(&mut self) -> Option<Token<'a>> {
        let start = self.rest;
        let trace = Trace(self.array()?);
        let length = self.number()?;
        let body = self.take(length.try_into().ok()?)?;
        Some(Token {
            trace,
            bytes: &start[..start.len() - self.rest.len()],
            body,
        })
    }

    fn record(&mut self, trace: Trace) -> Option<TokenRecord<'a>> {
        let (issued_at, expires_at) = (self.time()?, self.time()?);
        let key_id = KeyId(self.array()?);
        let parts = self.take(1)?[0];
        let id = (parts & HAS_ID != 0).then(|| trace.id());
        let claims = match parts & HAS_CLAIMS {
            0 => None,
            _ => {
                let length = self.number()?;
                Some(Claims::restore(self.take(length.try_into().ok()?)?).ok()?)
            }
        };
        Some(TokenRecord {
            trace,
            key_id,
            id,
            issued_at,
            expires_at,
            claims,
            checks: self.rest,
        })
    }

    fn checks(&mut self) -> Option<Checks> {
        let start = self.small()?.checked_mul(QUARTER)?;
        let status = status_of(self.take(1)?[0])?;
        let count = self.number()?;
        let (first, last) = (self.small()?, self.small()?);
        Some(Checks {
            status,
            count,
            first: start.checked_add(first)?,
            last: start.checked_add(last)?,
        })
    }
}

fn push_number(mut number: u64, out: &mut Vec<u8>) {
    while number >= 128 {
        out.push(number as u8 | 128);
        number >>= 7;
    }
    out.push(number as u8);
}
