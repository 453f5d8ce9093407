//! The same customer on two rows: the later row gets the token of the first.
//!
//! Which row is the first is decided in the order of the list, though workers run ahead of each other. Rows are told apart
//! by all bytes of their claims, never by a hash of them: of two customers that were taken for one, one would get the
//! other's token. That takes some 100 bytes a row.

use super::work::Outcome;
use super::{RowNumber, RowProblem, RowRule, Tally};
use crate::table::{Chunk, Page};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Condvar, Mutex, PoisonError};

/// The first row of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct First {
    pub(super) at: RowNumber,
    pub(super) expires_at: Option<u32>,
}

/// A good row of a chunk, with what tells its customer.
pub(super) struct Customer {
    pub(super) index: usize,
    /// Where its bytes stand in the chunk's output.
    pub(super) bytes: Range<usize>,
    /// Where its claims stand in the chunk's claims.
    pub(super) claims: Range<usize>,
    pub(super) own: First,
}

/// The first row of each customer of a list.
#[derive(Debug, Default)]
pub(super) struct FirstRows {
    seen: Mutex<Seen>,
    moved: Condvar,
}

#[derive(Debug, Default)]
struct Seen {
    rows: u64,
    firsts: HashMap<Box<[u8]>, First>,
}

impl FirstRows {
    /// Waits until all rows before `start` have passed, then says for each row which earlier one has its claims. `rows` is
    /// how many rows pass, those without a token included.
    fn pass<'c>(&self, start: u64, rows: u64, own: impl Iterator<Item = (&'c [u8], First)>) -> Vec<Option<First>> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        while seen.rows < start {
            seen = self.moved.wait(seen).unwrap_or_else(PoisonError::into_inner);
        }
        let earlier = own.map(|(claims, own)| {
            let first = seen.firsts.get(claims).copied();
            if first.is_none() {
                seen.firsts.insert(claims.into(), own);
            }
            first
        });
        let earlier = earlier.collect();
        seen.rows += rows;
        self.moved.notify_all();
        earlier
    }

    /// Writes the rows of customers that earlier rows have again, with the tokens of those.
    pub(super) fn share(&self, chunk: &Chunk, page: &Page<'_>, rule: &mut impl RowRule, outcome: &mut Outcome) {
        let customers = std::mem::take(&mut outcome.customers);
        let own = customers
            .iter()
            .map(|customer| (&outcome.claims[customer.claims.clone()], customer.own));
        let earlier = self.pass(chunk.filled_before(), outcome.report.rows, own);
        if earlier.iter().any(Option::is_some) {
            let repeats = customers.iter().zip(earlier);
            let repeats = repeats.filter_map(|(customer, first)| Some((customer, first?)));
            write_again(repeats, page, rule, outcome);
        }
        outcome.customers = customers;
    }
}

fn write_again<'c>(
    repeats: impl Iterator<Item = (&'c Customer, First)>,
    page: &Page<'_>,
    rule: &mut impl RowRule,
    outcome: &mut Outcome,
) {
    let written = std::mem::take(&mut outcome.bytes);
    let before_bad = outcome.good.take();
    let mut good = before_bad;
    let mut bytes = Vec::with_capacity(written.len());
    let mut copied = 0;
    let mut rows = page.rows().enumerate();
    for (customer, first) in repeats {
        bytes.extend_from_slice(&written[copied..customer.bytes.start]);
        copied = customer.bytes.end;
        let start = bytes.len();
        let number = RowNumber {
            filled: first.at.filled,
            ..customer.own.at
        };
        let row = rows.find(|(index, _)| *index == customer.index);
        let again = match row {
            Some((_, row)) if first.expires_at == customer.own.expires_at => {
                // it was counted when it was written for the first time
                rule.write(&row, number, &mut Tally::default(), &mut bytes).map(drop)
            }
            _ => Err(RowProblem::OtherExpiry { row: first.at.row }.in_row()),
        };
        match again {
            Ok(()) => outcome.report.tally.shared += 1,
            Err(reject) => {
                bytes.truncate(start);
                outcome.reject(customer.index, start, reject);
            }
        }
        if let Some(before) = before_bad.filter(|before| copied <= *before) {
            good = Some(bytes.len() + (before - copied));
        }
    }
    bytes.extend_from_slice(&written[copied..]);
    outcome.bytes = bytes;
    outcome.good = [outcome.good, good].into_iter().flatten().min();
    outcome.sort_bad();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_row_of_the_list_is_the_first_whoever_comes_first() {
        let rows = FirstRows::default();
        let first = |filled| First {
            at: RowNumber {
                filled,
                row: filled + 2,
                line: 0,
            },
            expires_at: None,
        };
        std::thread::scope(|scope| {
            let late = scope.spawn(|| rows.pass(10, 5, std::iter::once((&b"same"[..], first(12)))));
            let early = scope.spawn(|| rows.pass(0, 10, std::iter::once((&b"same"[..], first(3)))));
            assert_eq!(early.join().expect("no panic"), [None]);
            assert_eq!(late.join().expect("no panic"), [Some(first(3))]);
        });
    }
}
