//! What is counted on the way, so that the summary needs no second pass.

use super::distinct::{Distinct, MOST_CAMPAIGNS};
use super::lint::Lint;
use super::verify::MatchedClaims;
use crate::token::Status;
use std::collections::BTreeSet;

/// The least and the greatest of some numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// Above `most` as long as there are none.
    least: u32,
    most: u32,
}

impl Default for Range {
    fn default() -> Self {
        Self {
            least: u32::MAX,
            most: 0,
        }
    }
}

impl Range {
    /// Takes a number in.
    #[inline]
    pub fn take(&mut self, number: u32) {
        self.least = self.least.min(number);
        self.most = self.most.max(number);
    }

    /// The least and the greatest; `None` when there were none.
    #[must_use]
    pub fn bounds(&self) -> Option<(u32, u32)> {
        (self.least <= self.most).then_some((self.least, self.most))
    }

    fn add(&mut self, other: &Self) {
        self.least = self.least.min(other.least);
        self.most = self.most.max(other.most);
    }
}

/// Counts over the rows that were given a token.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Tally {
    /// Expiries, in seconds since 1970.
    pub expiries: Range,
    /// Tokens that never expire.
    pub never: u64,
    /// Rows whose own cell ruled over the expiry of all.
    pub own_expiry: u64,
    /// Rows whose own cell ruled over the base URL of all.
    pub own_base_url: u64,
    /// Rows with the token of an earlier row, whose claims they share.
    pub shared: u64,
    /// Rows with a new token that have the old one in another cell.
    pub left_old: LintCount,
    /// Rows that had their token already, and stay as they are.
    pub kept: u64,
    /// Of kept tokens that were issued in the second of this run, the least number of rows from the run's first id to
    /// theirs: a run with more rows would give an id twice.
    pub kept_of_run: Option<u64>,
    /// Other hosts that rows' own addresses lead to; the rows of all are counted as a lint.
    pub other_hosts: Distinct<20>,
    /// Lengths of links, or of tokens where there are no links, in characters.
    pub lengths: Range,
    /// Rows whose token could be compared with a cell.
    pub compared: u64,
    /// Which claims were held against cells, and which had no column.
    pub claims: MatchedClaims,
    /// The columns that claims were to be held against, by the names of both.
    pub asked: BTreeSet<usize>,
    /// Rows that differ from their token only as a spreadsheet changes numbers.
    pub rewritten: u64,
    /// Rows of each campaign, where that is asked for.
    pub campaigns: Distinct<MOST_CAMPAIGNS>,
    /// Columns with formulas that were never calculated, and that are not needed.
    pub uncalculated: BTreeSet<usize>,
    /// In the order of [`Lint::ALL`], which is that of the type.
    lints: [LintCount; Lint::ALL.len()],
    /// What was found in the row that is being written, a bit each.
    found: u16,
    /// In the order of [`Status::ALL`], which is that of the type.
    statuses: [u64; Status::ALL.len()],
}

/// How often something was found that is most likely a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Serialize)]
pub struct LintCount {
    /// In how many rows.
    #[serde(rename = "rows")]
    pub count: u64,
    /// The first of them, as a spreadsheet numbers it.
    pub first_row: u64,
}

impl LintCount {
    /// Takes in what was found elsewhere.
    pub(super) fn add(&mut self, other: Self) {
        *self = match (self.count, other.count) {
            (_, 0) => return,
            (0, _) => other,
            (own, others) => Self {
                count: own + others,
                first_row: self.first_row.min(other.first_row),
            },
        };
    }
}

impl Tally {
    /// Notes what is most likely a mistake in the row that is being written.
    pub(crate) fn note(&mut self, lint: Lint) {
        self.found |= 1 << lint as u16;
    }

    /// Takes out what was noted, of a row that is written later.
    #[inline]
    pub(super) fn take_found(&mut self) -> u16 {
        std::mem::take(&mut self.found)
    }

    /// Puts back what was taken out, as its row is written.
    #[inline]
    pub(super) fn put_found(&mut self, found: u16) {
        self.found |= found;
    }

    /// Counts what was noted, once a row, and only where the row is good.
    #[inline]
    pub(super) fn settle(&mut self, row: u64, good: bool) {
        let found = std::mem::take(&mut self.found);
        if found != 0 && good {
            self.count_found(found, row);
        }
    }

    #[cold]
    fn count_found(&mut self, found: u16, first_row: u64) {
        for lint in Lint::ALL.into_iter().filter(|lint| found >> *lint as u16 & 1 == 1) {
            self.lint(lint, LintCount { count: 1, first_row });
        }
    }

    /// Counts rows with what is most likely a mistake.
    pub(crate) fn lint(&mut self, lint: Lint, count: LintCount) {
        self.lints[lint as usize].add(count);
    }

    /// What was found, a kind each.
    pub fn lints(&self) -> impl Iterator<Item = (Lint, LintCount)> {
        Lint::ALL
            .into_iter()
            .zip(self.lints)
            .filter(|(_, found)| found.count > 0)
    }

    /// Counts a new token by its expiry.
    #[inline]
    pub(super) fn count_expiry(&mut self, expires_at: Option<u32>) {
        match expires_at {
            Some(time) => self.expiries.take(time),
            None => self.never += 1,
        }
    }

    /// Counts a checked token; `None` is a valid one.
    #[inline]
    pub(super) fn count_status(&mut self, status: Option<Status>) {
        self.statuses[status.unwrap_or(Status::Valid) as usize] += 1;
    }

    /// How many tokens have each status, of those that occur.
    pub fn statuses(&self) -> impl Iterator<Item = (Status, u64)> {
        Status::ALL
            .into_iter()
            .zip(self.statuses)
            .filter(|(_, count)| *count > 0)
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.expiries.add(&other.expiries);
        self.never += other.never;
        self.own_expiry += other.own_expiry;
        self.own_base_url += other.own_base_url;
        self.shared += other.shared;
        self.kept += other.kept;
        self.left_old.add(other.left_old);
        self.kept_of_run = [self.kept_of_run, other.kept_of_run].into_iter().flatten().min();
        self.other_hosts.join(&other.other_hosts);
        self.lengths.add(&other.lengths);
        self.compared += other.compared;
        self.claims.add(&other.claims);
        self.asked.extend(&other.asked);
        self.rewritten += other.rewritten;
        self.campaigns.join(&other.campaigns);
        self.uncalculated.extend(&other.uncalculated);
        for (sum, count) in self.statuses.iter_mut().zip(other.statuses) {
            *sum += count;
        }
        for (lint, count) in other.lints() {
            self.lint(lint, count);
        }
    }
}
