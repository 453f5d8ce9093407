//! A token's claims, held against the cells of its row.

use super::Match;
use super::rewritten::is_rewritten;
use super::unmatched::Unmatched;
use crate::batch::Tally;
use crate::claims::{Claim, Claims};
use crate::table::{Row, is_alike};

/// What came of it.
pub(super) struct Compared {
    /// Whether there was anything to compare.
    pub(super) any: bool,
    /// The first column that differs.
    pub(super) differing: Option<usize>,
    /// Whether all that differs is most likely a cell that a spreadsheet changed.
    pub(super) rewritten: bool,
}

/// The columns that a claim must equal: those of its name, else the only one whose name is like it.
fn columns_of(claim: &str, matches: &[Match]) -> Vec<usize> {
    let of_name = |is_it: &dyn Fn(&Match) -> bool| -> Vec<usize> {
        let pairs = matches.iter().filter(|pair| is_it(pair));
        pairs.map(|pair| pair.column).collect()
    };
    let exact = of_name(&|pair| pair.name == claim);
    if !exact.is_empty() {
        return exact;
    }
    let alike = of_name(&|pair| !pair.needed && is_alike(&pair.name, claim));
    if alike.len() == 1 { alike } else { Vec::new() }
}

/// A claim, and what it is held against.
#[derive(Debug, Default)]
struct OfClaim {
    name: String,
    columns: Vec<usize>,
    /// What is known of it where it has no column.
    unmatched: Option<Unmatched>,
}

/// Compares rows of one list, whose tokens mostly have the same claims in the same order.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    /// The claims of some row, where each is one column: their keys as they stand in its token, and the columns. Where a
    /// token has the same keys, no name has to be read.
    whole: Option<Vec<(Vec<u8>, usize)>>,
    /// The claims by their places.
    columns: Vec<OfClaim>,
    unquoted: String,
}

impl OfClaim {
    fn new(claim: &Claim<'_>, matches: &[Match], tally: &mut Tally) -> Self {
        let columns = columns_of(claim.name, matches);
        tally.asked.extend(&columns);
        let unmatched = columns.is_empty().then(|| Unmatched::of(claim));
        match &unmatched {
            Some(unmatched) => tally.claims.add_unmatched(claim.name, unmatched),
            None => _ = tally.claims.matched.insert(claim.name.to_owned()),
        }
        Self {
            name: claim.name.to_owned(),
            columns,
            unmatched,
        }
    }
}

impl Comparison {
    #[inline]
    pub(super) fn of(&mut self, row: &Row<'_>, claims: Claims<'_>, matches: &[Match], tally: &mut Tally) -> Compared {
        if self.is_whole(row, claims) {
            return Compared {
                any: true,
                differing: None,
                rewritten: false,
            };
        }
        let compared = self.one_by_one(row, claims, matches, tally);
        if self.whole.is_none() && compared.any && compared.differing.is_none() {
            self.whole = self.as_whole(claims);
        }
        compared
    }

    #[inline]
    fn is_whole(&mut self, row: &Row<'_>, claims: Claims<'_>) -> bool {
        let (Some(whole), Some(mut entries)) = (&self.whole, claims.entries()) else {
            return false;
        };
        let mut is_same = |(key, column): &(Vec<u8>, usize)| {
            let cell = row.bytes_in(*column, &mut self.unquoted);
            entries.next_is(key, cell.trim_ascii())
        };
        whole.len() == claims.len() && whole.iter().all(&mut is_same)
    }

    fn one_by_one(&mut self, row: &Row<'_>, claims: Claims<'_>, matches: &[Match], tally: &mut Tally) -> Compared {
        let mut compared = Compared {
            any: false,
            differing: None,
            rewritten: true,
        };
        for (index, claim) in claims.iter().enumerate() {
            if self.columns.len() <= index {
                self.columns.resize_with(index + 1, Default::default);
            }
            let of_claim = &mut self.columns[index];
            if of_claim.name != claim.name {
                *of_claim = OfClaim::new(&claim, matches, tally);
            }
            if let Some(unmatched) = &mut of_claim.unmatched
                && unmatched.begins_to_vary(&claim)
            {
                tally.claims.add_unmatched(claim.name, unmatched);
            }
            for &column in &of_claim.columns {
                compared.any = true;
                let cell = row.text_in(column, &mut self.unquoted);
                let cell = cell.trim_ascii();
                if !claim.value.is(cell) {
                    compared.differing.get_or_insert(column);
                    compared.rewritten &= is_rewritten(cell, &claim.value.to_string());
                }
            }
        }
        let needed = |pair: &&Match| pair.needed && claims.value(&pair.name).is_none();
        let missing = matches.iter().find(needed).map(|pair| pair.column);
        compared.differing = compared.differing.or(missing);
        compared.rewritten &= missing.is_none();
        compared
    }

    /// The columns of these claims, whose row was just compared.
    fn as_whole(&self, claims: Claims<'_>) -> Option<Vec<(Vec<u8>, usize)>> {
        let mut entries = claims.entries()?;
        let of_claim = |claim: &OfClaim| {
            let key = entries.next_key()?;
            match claim.columns.as_slice() {
                [column] => Some((key.to_vec(), *column)),
                _ => None,
            }
        };
        self.columns.iter().take(claims.len()).map(of_claim).collect()
    }
}
