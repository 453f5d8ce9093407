//! The same customer on two rows: the later row gets the token of the first.
//!
//! Which row is the first is decided in the order of the list, though workers run ahead of each other. Rows are told apart
//! by all bytes of their claims, never by a hash of them: of two customers that were taken for one, one would get the
//! other's token. That takes some 100 bytes a row.

use super::RowNumber;
use super::turns::Turns;
use std::collections::HashMap;
use std::ops::Range;

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
pub(super) struct FirstRows(Turns<HashMap<Box<[u8]>, First>>);

impl FirstRows {
    /// Waits until all rows before `start` have passed, then says for each row which earlier one has its claims. `rows` is
    /// how many rows pass, those without a token included.
    pub(super) fn pass<'c>(
        &self,
        start: u64,
        rows: u64,
        own: impl Iterator<Item = (&'c [u8], First)>,
    ) -> Vec<Option<First>> {
        self.0.pass(start, rows, |firsts| {
            let earlier = own.map(|(claims, own)| {
                let first = firsts.get(claims).copied();
                if first.is_none() {
                    firsts.insert(claims.into(), own);
                }
                first
            });
            earlier.collect()
        })
    }
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
