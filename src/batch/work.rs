//! One chunk's way from rows to final bytes, on a worker.

use super::duplicates::{Fingerprint, Turnstile};
use super::rejects::Rejects;
use super::shared::{Customer, First, FirstRows};
use super::{MOST_TOLD, Reject, Report, RowChecks, RowNumber, RowProblem, RowRule, Tally, ToldReject, Written};
use crate::batch::lint::Lint;
use crate::table::{Chunk, Page, Row};
use std::ops::Range;

/// One chunk's results, in buffers that are used again.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) bytes: Vec<u8>,
    /// Where `bytes` stood before the first bad row.
    pub(super) good: Option<usize>,
    pub(super) rejects: Vec<u8>,
    /// How many bytes of the list were read by then.
    pub(super) read: u64,
    pub(super) report: Report,
    /// What is to be counted of it.
    pub(super) seen: RowChecks,
    /// Rows that don't go to the output.
    bad: Vec<(usize, Bad)>,
    /// The bytes of those that were written all the same.
    aside: Vec<u8>,
    marks: Vec<Mark>,
    /// The good rows whose customers may have earlier ones, and their claims.
    pub(super) customers: Vec<Customer>,
    pub(super) claims: Vec<u8>,
}

/// How many rows a rule foresees: enough to fill the lanes of a processor, few enough to stay in its first cache.
pub(super) const GROUP: usize = 64;

/// Why a row does not go to the output.
enum Bad {
    /// It can't be used.
    Rejected(Reject),
    /// It belongs to the bad rows, as it was written: these bytes of `aside`.
    Diverted(Range<usize>),
}

/// A good row whose fingerprint has to be held against those of earlier rows.
struct Mark {
    index: usize,
    start: usize,
    end: usize,
    fingerprint: Fingerprint,
}

/// What all workers share.
#[derive(Clone, Copy)]
pub(super) struct ChunkWorker<'a> {
    pub(super) rejects: Option<Rejects<'a>>,
    pub(super) turnstile: Option<&'a Turnstile>,
    /// Where rows with equal claims get one token.
    pub(super) firsts: Option<&'a FirstRows>,
}

impl Outcome {
    fn clear(&mut self) {
        self.bytes.clear();
        self.good = None;
        self.rejects.clear();
        self.report = Report::default();
        self.seen.clear();
        self.bad.clear();
        self.aside.clear();
        self.marks.clear();
        self.customers.clear();
        self.claims.clear();
    }

    /// Puts the bad rows into the order of the list.
    pub(super) fn sort_bad(&mut self) {
        self.bad.sort_by_key(|(index, _)| *index);
    }

    /// Takes note of a good row's customer.
    fn note_customer(&mut self, index: usize, start: usize, at: RowNumber, rule: &impl RowRule) {
        if let Some((claims, expires_at)) = rule.customer() {
            let before = self.claims.len();
            self.claims.extend_from_slice(claims);
            self.customers.push(Customer {
                index,
                bytes: start..self.bytes.len(),
                claims: before..self.claims.len(),
                own: First { at, expires_at },
            });
        }
    }

    pub(super) fn reject(&mut self, index: usize, at: usize, reject: Reject) {
        self.good = Some(self.good.map_or(at, |good| good.min(at)));
        self.report.rejected += 1;
        self.bad.push((index, Bad::Rejected(reject)));
    }
}

/// Shows a rule the rows that it is to write next, of which `at` is the first.
#[inline]
fn foresee<'a>(rows: impl Iterator<Item = Row<'a>>, mut at: RowNumber, rule: &mut impl RowRule, tally: &mut Tally) {
    for row in rows {
        if !row.is_blank() {
            rule.foresee(&row, at, tally);
            at.filled += 1;
        }
        at.row += 1;
    }
    rule.foreseen();
}

/// Which row of the list a row of a chunk is, as far as that needs no counting.
fn number(chunk: &Chunk, index: usize) -> RowNumber {
    RowNumber {
        filled: chunk.filled_before(),
        row: chunk.first_row() + index as u64,
        line: 0,
    }
}

impl ChunkWorker<'_> {
    pub(super) fn work(&self, chunk: &Chunk, rule: &mut impl RowRule, outcome: &mut Outcome) {
        outcome.clear();
        outcome.read = chunk.read;
        let page = chunk.page();
        self.write_rows(chunk, &page, rule, outcome);
        let bad = outcome.report.rejected;
        if let Some(turnstile) = self.turnstile {
            self.drop_repeats(chunk, &page, turnstile, rule, outcome);
        }
        if let Some(firsts) = self.firsts {
            share(firsts, chunk, &page, rule, outcome);
        }
        if outcome.report.rejected > bad {
            count_again(chunk, &page, rule, outcome);
        }
        self.tell_bad(chunk, &page, outcome);
    }

    #[inline]
    fn write_rows(&self, chunk: &Chunk, page: &Page<'_>, rule: &mut impl RowRule, outcome: &mut Outcome) {
        let mut at = RowNumber {
            filled: chunk.filled_before(),
            row: chunk.first_row(),
            line: chunk.first.line,
        };
        // a workbook has no lines
        let wants_lines = rule.wants_lines() && at.line > 0;
        for group in page.groups(GROUP) {
            foresee(group.clone(), at, rule, &mut outcome.report.tally);
            for row in group {
                let lines = if wants_lines { row.lines() } else { 0 };
                match row.is_blank() {
                    true => {
                        outcome.report.blanks += 1;
                        rule.write_blank(&row, &mut outcome.bytes);
                    }
                    false => {
                        let index = (at.row - chunk.first_row()) as usize;
                        self.write_row(&row, index, at, rule, outcome);
                        at.filled += 1;
                    }
                }
                at.row += 1;
                at.line += lines;
            }
        }
        rule.take_seen(&mut outcome.seen);
        outcome.report.blanks -= u64::from(chunk.joined);
        outcome.report.rows = at.filled - chunk.filled_before();
    }

    #[inline]
    fn write_row(&self, row: &Row<'_>, index: usize, at: RowNumber, rule: &mut impl RowRule, outcome: &mut Outcome) {
        let start = outcome.bytes.len();
        let written = rule.write(row, at, &mut outcome.report.tally, &mut outcome.bytes);
        outcome.report.tally.settle(at.row, written.is_ok());
        match written {
            Ok(Written::Row) if self.firsts.is_some() => outcome.note_customer(index, start, at, rule),
            Ok(Written::Row) => {}
            Ok(Written::Diverted) => {
                let aside = outcome.aside.len();
                outcome.aside.extend_from_slice(&outcome.bytes[start..]);
                outcome.bytes.truncate(start);
                outcome.bad.push((index, Bad::Diverted(aside..outcome.aside.len())));
            }
            Ok(Written::Marked(fingerprint)) => outcome.marks.push(Mark {
                index,
                start,
                end: outcome.bytes.len(),
                fingerprint,
            }),
            Err(reject) => {
                outcome.bytes.truncate(start);
                rule.write_rejected(row, at, &reject, &mut outcome.bytes);
                outcome.reject(index, start, reject);
            }
        }
    }

    /// Takes out what an earlier row has already.
    fn drop_repeats(
        &self,
        chunk: &Chunk,
        page: &Page<'_>,
        turnstile: &Turnstile,
        rule: &impl RowRule,
        outcome: &mut Outcome,
    ) {
        let fingerprints = outcome.marks.iter().map(|mark| mark.fingerprint);
        let repeats = turnstile.pass(chunk.filled_before(), outcome.report.rows, fingerprints);
        let marks = std::mem::take(&mut outcome.marks);
        let (mut dropped, mut added) = (0, 0);
        let mut rows = page.rows().enumerate();
        let mut instead = Vec::new();
        for (mark, _) in marks.iter().zip(repeats).filter(|(_, repeats)| *repeats) {
            let reject = RowProblem::Lint(Lint::Duplicate).in_row();
            instead.clear();
            if let Some((_, row)) = rows.find(|(index, _)| *index == mark.index) {
                rule.write_rejected(&row, number(chunk, mark.index), &reject, &mut instead);
            }
            let start = mark.start + added - dropped;
            outcome
                .bytes
                .splice(start..start + (mark.end - mark.start), instead.iter().copied());
            outcome.reject(mark.index, start, reject);
            dropped += mark.end - mark.start;
            added += instead.len();
        }
        outcome.marks = marks;
        outcome.sort_bad();
    }

    /// Tells the first bad rows and writes all of them, in the order of the list.
    fn tell_bad(&self, chunk: &Chunk, page: &Page<'_>, outcome: &mut Outcome) {
        let mut rows = page.rows().enumerate();
        let mut places = chunk.places();
        for (index, bad) in outcome.bad.drain(..) {
            let reject = match bad {
                Bad::Diverted(bytes) => {
                    outcome.rejects.extend_from_slice(&outcome.aside[bytes]);
                    continue;
                }
                Bad::Rejected(reject) => reject,
            };
            let told = outcome.report.told.len() < MOST_TOLD;
            if !told && self.rejects.is_none() {
                continue;
            }
            let place = places.place(index);
            if let (Some(rejects), Some((_, row))) = (&self.rejects, rows.find(|(number, _)| *number == index)) {
                rejects.push(&row, place, &reject, &mut outcome.rejects);
            }
            if told {
                outcome.report.told.push(ToldReject { place, reject });
            }
        }
    }
}

/// Counts the good rows of a chunk again: some that were counted when they were written are bad after all.
fn count_again(chunk: &Chunk, page: &Page<'_>, rule: &mut impl RowRule, outcome: &mut Outcome) {
    let tally = &mut outcome.report.tally;
    let before = std::mem::take(tally);
    (tally.shared, tally.uncalculated) = (before.shared, before.uncalculated);
    let mut bad = outcome.bad.iter().map(|(index, _)| *index).peekable();
    let mut at = number(chunk, 0);
    for (index, row) in page.rows().enumerate() {
        if !row.is_blank() {
            match bad.next_if_eq(&index) {
                Some(_) => {}
                None => rule.count_again(&row, at, tally),
            }
            at.filled += 1;
        }
        at.row += 1;
    }
}

/// Writes the rows of customers that earlier rows have again, with the tokens of those.
fn share(firsts: &FirstRows, chunk: &Chunk, page: &Page<'_>, rule: &mut impl RowRule, outcome: &mut Outcome) {
    let customers = std::mem::take(&mut outcome.customers);
    let own = customers
        .iter()
        .map(|customer| (&outcome.claims[customer.claims.clone()], customer.own));
    let earlier = firsts.pass(chunk.filled_before(), outcome.report.rows, own);
    if earlier.iter().any(Option::is_some) {
        let repeats = customers.iter().zip(earlier);
        let repeats = repeats.filter_map(|(customer, first)| Some((customer, first?)));
        write_again(repeats, page, rule, outcome);
    }
    outcome.customers = customers;
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
        let row = rows.find(|(index, _)| *index == customer.index).map(|(_, row)| row);
        let again = match &row {
            Some(row) if first.expires_at == customer.own.expires_at => {
                // it was counted when it was written for the first time
                rule.write(row, number, &mut Tally::default(), &mut bytes).map(drop)
            }
            _ => Err(RowProblem::OtherExpiry { row: first.at.row }.in_row()),
        };
        match again {
            Ok(()) => outcome.report.tally.shared += 1,
            Err(reject) => {
                bytes.truncate(start);
                if let Some(row) = &row {
                    rule.write_rejected(row, number, &reject, &mut bytes);
                }
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
