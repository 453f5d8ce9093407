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

mod builder;
mod reader;

pub(super) use builder::{Builder, Counting};
pub(super) use reader::{read_head, tokens};

use super::QUARTER;
use super::head::{has_claims, push_number};
use super::records::Checks;
use super::sighting::Sightings;
use crate::token::{Status, Trace};

/// The number of the leaf that a token belongs to is the greatest that is not above this.
pub(super) fn number_of(trace: &Trace) -> i64 {
    number_at(u128::from_be_bytes(trace.0))
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
    // 63 bits, as the store's numbers have a sign
    ((key >> 65) as u64).cast_signed()
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
        _ => u8::MAX,
    }
}

pub(super) fn status_of(code: u8) -> Option<Status> {
    Status::ALL
        .into_iter()
        .find(|status| code_of(*status) == code && code != u8::MAX)
}
