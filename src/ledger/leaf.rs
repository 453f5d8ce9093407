//! Many tokens in one row of the store: the tokens of a stretch of traces, in the order of their traces.
//!
//! A row for each check would be clearer, and takes 2 to 5 µs where this takes a tenth: a statement costs more than
//! all that it does here. A leaf is about a page of the file, so that one check writes one page.
//!
//! ```text
//! leaf    token *
//! token   trace 16 | length of the rest | issued_at 4 | expires_at 4 | key id 2 | parts 1 | [id 6]
//!         | [length, claims] | checks *
//! checks  quarter of an hour since 1970 | status 1 | count | first second in it | last second in it
//! ```
//! Numbers without a size are in groups of seven bits, the least first, as LEB128 has them; the others are big-endian.
//! Checks stand in the order of quarter and status.

use super::LedgerError;
use super::records::{Checks, TokenRecord, Uses};
use super::sighting::{Facts, Sighting, Sightings};
use crate::claims::Claims;
use crate::key::KeyId;
use crate::token::{Status, TokenId, Trace};

/// In seconds.
pub(super) const QUARTER: u32 = 900;
/// The longest leaf of more than one token: with the head of its row it fits into a page of 4,096 bytes.
const LONGEST: usize = 4_000;
/// About how long leaves are made when a longer one is parted, so that they can grow.
const PARTED: usize = 2_800;

const HAS_ID: u8 = 1;
const HAS_CLAIMS: u8 = 2;

/// The number of the leaf that a token belongs to is the greatest that is not above this.
pub(super) fn number_of(trace: &Trace) -> i64 {
    let first = trace.0.first_chunk().expect("16 bytes begin with 8");
    // without a sign, as the store's numbers have one
    (u64::from_be_bytes(*first) >> 1).cast_signed()
}

/// A leaf that is being put together, and is parted when it has become too long.
#[derive(Debug, Default)]
pub(super) struct Builder {
    bytes: Vec<u8>,
    /// Where each token begins.
    starts: Vec<usize>,
}

impl Builder {
    /// Takes in what `leaf` has and the checks that are given, which are in the order of their traces, and notes for
    /// each how often its token was checked by then.
    pub(super) fn merge(
        &mut self,
        leaf: &[u8],
        sightings: &Sightings,
        order: &[u32],
        now: u32,
        uses: &mut [Uses],
    ) -> Result<(), LedgerError> {
        self.bytes.clear();
        self.starts.clear();
        let mut rest = order;
        for token in tokens(leaf) {
            let token = token?;
            while let Some(new) = next_of(sightings, rest).filter(|new| new.trace < token.trace) {
                rest = self.add_new(sightings, new, rest, now, uses);
            }
            self.starts.push(self.bytes.len());
            match next_of(sightings, rest) {
                Some(new) if new.trace == token.trace => rest = self.add_more(&token, sightings, rest, now, uses)?,
                _ => self.bytes.extend_from_slice(token.bytes),
            }
        }
        while let Some(new) = next_of(sightings, rest) {
            rest = self.add_new(sightings, new, rest, now, uses);
        }
        Ok(())
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
            let before = |token: usize| number_of(&trace_at(&self.bytes, self.starts[token]));
            while token < self.starts.len() {
                let at = self.starts[token];
                // tokens that share a number can't be told apart by leaves
                if at >= start + goal && before(token) > before(token - 1) {
                    next = Some((before(token), at));
                    return Some((number, &self.bytes[start..at]));
                }
                token += 1;
            }
            Some((number, &self.bytes[start..]))
        })
    }

    /// A token that was never seen before, with all its checks; what comes after them.
    fn add_new<'o>(
        &mut self,
        sightings: &Sightings,
        new: &Sighting,
        order: &'o [u32],
        now: u32,
        uses: &mut [Uses],
    ) -> &'o [u32] {
        self.starts.push(self.bytes.len());
        let mut body = Body::of(&new.facts, sightings.claims_of(new));
        let rest = body.count(&[], new.trace, sightings, order, now, uses);
        body.write(new.trace, &mut self.bytes);
        rest
    }

    fn add_more<'o>(
        &mut self,
        token: &Token<'_>,
        sightings: &Sightings,
        order: &'o [u32],
        now: u32,
        uses: &mut [Uses],
    ) -> Result<&'o [u32], LedgerError> {
        let record = token.record()?;
        let known = record.checks().collect::<Result<Vec<_>, _>>()?;
        let head = token.body.len() - record.checks.len();
        let mut body = Body {
            bytes: token.body[..head].to_vec(),
        };
        if let (None, Some(new)) = (record.claims, next_of(sightings, order))
            && let Some(claims) = sightings.claims_of(new)
        {
            // they were not to be kept at first
            body = Body::of(&new.facts, Some(claims));
        }
        let rest = body.count(&known, token.trace, sightings, order, now, uses);
        body.write(token.trace, &mut self.bytes);
        Ok(rest)
    }
}

fn next_of<'s>(sightings: &'s Sightings, order: &[u32]) -> Option<&'s Sighting> {
    order.first().map(|index| &sightings.all[*index as usize])
}

fn trace_at(bytes: &[u8], start: usize) -> Trace {
    let trace = bytes[start..].first_chunk().expect("a token begins with its trace");
    Trace(*trace)
}

/// What stands behind a token's trace and length, as it is being written.
struct Body {
    bytes: Vec<u8>,
}

impl Body {
    fn of(facts: &Facts, claims: Option<&[u8]>) -> Self {
        let mut bytes = Vec::with_capacity(64);
        bytes.extend_from_slice(&facts.issued_at.unwrap_or(0).to_be_bytes());
        bytes.extend_from_slice(&facts.expires_at.unwrap_or(0).to_be_bytes());
        bytes.extend_from_slice(&facts.key_id.0);
        let has_id = if facts.id.is_some() { HAS_ID } else { 0 };
        let has_claims = if claims.is_some() { HAS_CLAIMS } else { 0 };
        bytes.push(has_id | has_claims);
        if let Some(id) = facts.id {
            bytes.extend_from_slice(&id.to_bytes());
        }
        if let Some(claims) = claims {
            push_number(claims.len() as u64, &mut bytes);
            bytes.extend_from_slice(claims);
        }
        Self { bytes }
    }

    /// Appends the checks that were known and those at the start of `order` that are of the same token; what comes
    /// after them.
    fn count<'o>(
        &mut self,
        known: &[Checks],
        trace: Trace,
        sightings: &Sightings,
        order: &'o [u32],
        now: u32,
        uses: &mut [Uses],
    ) -> &'o [u32] {
        let mut all = known.to_vec();
        let mut sum = Uses::default();
        known.iter().for_each(|checks| sum.add(checks));
        let is_same = |index: &&u32| sightings.all[**index as usize].trace == trace;
        let own = order.iter().take_while(is_same).count();
        for index in &order[..own] {
            let one = Checks {
                status: sightings.all[*index as usize].status,
                count: 1,
                first: now,
                last: now,
            };
            sum.add(&one);
            uses[*index as usize] = sum;
            match all.binary_search_by_key(&place_of(&one), place_of) {
                Ok(place) => all[place].join(&one),
                Err(place) => all.insert(place, one),
            }
        }
        all.iter().for_each(|checks| checks.write(&mut self.bytes));
        &order[own..]
    }

    fn write(&self, trace: Trace, out: &mut Vec<u8>) {
        out.extend_from_slice(&trace.0);
        push_number(self.bytes.len() as u64, out);
        out.extend_from_slice(&self.bytes);
    }
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

    fn write(&self, out: &mut Vec<u8>) {
        let (quarter, code) = place_of(self);
        push_number(u64::from(quarter), out);
        out.push(code);
        push_number(self.count, out);
        push_number(u64::from(self.first % QUARTER), out);
        push_number(u64::from(self.last % QUARTER), out);
    }
}

/// The number of a status in a ledger. None may ever change.
fn code_of(status: Status) -> u8 {
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

fn status_of(code: u8) -> Option<Status> {
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
        let id = match parts & HAS_ID {
            0 => None,
            _ => Some(TokenId::from_bytes(self.array()?)),
        };
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
