//! Batches of rows through a rule: in pieces that a thread works on alone, and out again in their order.

use super::{Batch, Blank, Cells, ColumnsError};
use crate::batch::generate::{LinkPlan, Plan};
use crate::batch::lint::may_be_total;
use crate::batch::values::Values;
use crate::batch::work::{ChunkWorker, Outcome};
use crate::batch::{Report, RowRule, pool};
use crate::table::{Chunk, MOST, Note};
use std::iter;
use std::num::NonZeroUsize;
use std::ops::Range;

/// What rows become, in columns that are made for as many as there are.
pub(super) trait Columns: Default + Send {
    /// Makes room for `rows` in all, where `done` of them are there.
    fn make_room(&mut self, done: usize, rows: usize);

    /// Takes in those of the rows that follow.
    fn append(&mut self, more: &mut Self) -> Result<(), ColumnsError>;
}

/// Rows of one batch that a thread works on, chunk by chunk.
#[derive(Clone, Debug, Default)]
struct Piece {
    batch: usize,
    rows: Range<usize>,
    /// That of the first row, over all batches.
    number: u64,
}

/// So many rows are a piece: their texts fill whole pages, and whoever reads them finds few batches.
const ROWS: usize = 1 << 14;

/// All batches in pieces of at most so many rows.
fn pieces(batches: &[Batch<'_>], most: usize) -> impl Iterator<Item = Piece> + Send {
    let sizes: Vec<usize> = batches.iter().map(|batch| batch.rows).collect();
    let mut before = 0;
    sizes.into_iter().enumerate().flat_map(move |(batch, rows)| {
        let first = before;
        before += rows as u64;
        (0..rows).step_by(most).map(move |start| Piece {
            batch,
            rows: start..rows.min(start + most),
            number: first + start as u64,
        })
    })
}

/// What a piece became.
struct Done<Made> {
    batch: usize,
    made: Result<Made, ColumnsError>,
    report: Report,
}

impl<Made: Default> Default for Done<Made> {
    fn default() -> Self {
        Self {
            batch: 0,
            made: Ok(Made::default()),
            report: Report::default(),
        }
    }
}

/// What all pieces became, in their order.
struct Parts<Made, Finish, Part> {
    finished: Vec<Part>,
    finish: Finish,
    /// The last one, as long as more may be joined to it.
    open: Option<Made>,
    /// So many pieces of one batch are joined: whoever reads them finds few parts.
    joined: usize,
    /// The batch of the last one, and how many more of its pieces it has room for.
    batch: usize,
    room: usize,
}

impl<Made: Columns, Finish: FnMut(Made) -> Part, Part> Parts<Made, Finish, Part> {
    fn of(joined: usize, finish: Finish) -> Self {
        Self {
            finished: Vec::new(),
            finish,
            open: None,
            joined,
            batch: 0,
            room: 0,
        }
    }

    fn push(&mut self, batch: usize, mut made: Made) -> Result<(), ColumnsError> {
        if let Some(last) = self.open.as_mut().filter(|_| self.batch == batch && self.room > 0) {
            self.room -= 1;
            return last.append(&mut made);
        }
        self.close();
        (self.batch, self.room) = (batch, self.joined - 1);
        self.open = Some(made);
        Ok(())
    }

    fn close(&mut self) {
        self.finished.extend(self.open.take().map(&mut self.finish));
    }
}

/// Drives the rows of all batches through the rule that `rule` makes for each thread, and reads what it wrote for each
/// row into columns that `fresh` makes. A thread does the whole way of a piece; `finish` is called for one part after the other, while other
/// threads go on.
pub(super) fn drive<Rule: RowRule, Made: Columns, Part: Send>(
    batches: &[Batch<'_>],
    (threads, goes_on): (NonZeroUsize, &(dyn Fn() -> bool + Sync)),
    plan: Option<&Plan>,
    worker: ChunkWorker<'_>,
    (rule, fresh): (impl Fn() -> Rule + Sync, impl Fn() -> Made + Sync),
    read: impl Fn(&mut Values<'_>, &mut Made) -> Result<(), ColumnsError> + Sync,
    finish: impl FnMut(Made) -> Part + Send,
) -> Result<(Vec<Part>, Report), ColumnsError> {
    let has_label = plan.is_some_and(|plan| !plan.reads(0));
    // a row has a cell, if only an empty one
    let labels: Vec<Label<'_>> = batches
        .iter()
        .map(|batch| Label(batch.columns.first().copied().unwrap_or(&Blank)))
        .collect();
    let columns: Vec<Vec<&dyn Cells>> = batches
        .iter()
        .zip(&labels)
        .map(|(batch, label)| {
            let first = if has_label { label } else { label.0 };
            iter::once(first).chain(batch.columns.iter().skip(1).copied()).collect()
        })
        .collect();
    let piece_rows = |piece: &Piece| Rows::of(&batches[piece.batch], &columns[piece.batch], piece, has_label);
    if let Some(links) = plan.and_then(|plan| plan.link.as_ref()) {
        look_ahead(pieces(batches, ROWS).map(|piece| piece_rows(&piece)), links);
    }
    // where later rows wait for earlier ones, none waits for long
    let size = match worker.turnstile.is_some() || worker.firsts.is_some() {
        true => MOST,
        false => ROWS,
    };
    let mut pieces = pieces(batches, size);
    let source = |piece: &mut Piece| {
        if !goes_on() {
            return Err(ColumnsError::Stopped);
        }
        let next = pieces.next();
        let more = next.is_some();
        *piece = next.unwrap_or_default();
        Ok(more)
    };
    let worker = || {
        let (mut rule, mut chunk, mut outcome) = (rule(), Chunk::default(), Outcome::default());
        let (fresh, read) = (&fresh, &read);
        move |piece: &mut Piece, done: &mut Done<Made>| {
            let mut rows = piece_rows(piece);
            let mut made = fresh();
            done.batch = piece.batch;
            done.report = Report::default();
            let mut work = || {
                while rows.fill(&mut chunk) {
                    worker.work(&chunk, &mut rule, &mut outcome);
                    done.report.add(&mut outcome.report);
                    let mut values = Values(&outcome.bytes);
                    while !values.is_empty() {
                        read(&mut values, &mut made)?;
                    }
                    made.make_room(rows.row - piece.rows.start, piece.rows.len());
                }
                Ok(())
            };
            done.made = work().map(|()| made);
        }
    };
    let (mut parts, mut report) = (Parts::of(ROWS / size, finish), Report::default());
    let sink = |done: &mut Done<Made>| {
        report.add(&mut done.report);
        let made = std::mem::replace(&mut done.made, Ok(Made::default()));
        parts.push(done.batch, made?)
    };
    pool::run(threads.get(), source, worker, sink)?;
    parts.close();
    report.is_whole = true;
    Ok((parts.finished, report))
}

/// Finds the first of rows' own hosts, before rows are worked on in any order.
fn look_ahead<'a>(pieces: impl Iterator<Item = Rows<'a>>, links: &LinkPlan) {
    let mut chunk = Chunk::default();
    for mut rows in pieces {
        while links.looks_ahead() && rows.fill(&mut chunk) {
            links.look_ahead(&chunk);
        }
    }
}

/// A column that is read for the word that a sum is labelled with, and nothing else: so nothing else in it costs a row its
/// token.
struct Label<'a>(&'a dyn Cells);

impl Cells for Label<'_> {
    fn text(&self, row: usize) -> Option<&[u8]> {
        let text = self.0.text(row)?.trim_ascii();
        (may_be_total(text) && std::str::from_utf8(text).is_ok()).then_some(text)
    }
}

/// The rows of a piece, chunk by chunk.
struct Rows<'a> {
    batch: &'a Batch<'a>,
    columns: &'a [&'a dyn Cells],
    /// The next one, over all batches and in its own.
    number: u64,
    row: usize,
    end: usize,
    /// Whether the first column is read as a label.
    has_label: bool,
}

impl<'a> Rows<'a> {
    fn of(batch: &'a Batch<'a>, columns: &'a [&'a dyn Cells], piece: &Piece, has_label: bool) -> Self {
        Self {
            batch,
            columns,
            number: piece.number,
            row: piece.rows.start,
            end: piece.rows.end,
            has_label,
        }
    }

    /// Tells the chunk which cells of a row can't be used.
    fn note_bad(&self, row: usize, chunk: &mut Chunk) {
        let bad = &self.batch.out_of_range;
        if bad.is_empty() {
            return;
        }
        let start = bad.partition_point(|(other, _)| *other < row);
        let of_row = bad[start..].iter().take_while(|(other, _)| *other == row);
        let of_row = of_row.filter(|(_, column)| !(self.has_label && *column == 0));
        of_row.for_each(|(_, column)| chunk.note(self.number, *column, Note::OutOfRange));
    }

    /// Fills `chunk` with the next rows; `false` at the end.
    fn fill(&mut self, chunk: &mut Chunk) -> bool {
        chunk.begin_at(self.number);
        while self.row < self.end && !chunk.is_full() {
            let row = self.row;
            let cells = self.columns.iter().map(|cells| cells.text(row).unwrap_or_default());
            if let Some(column) = chunk.push_row(cells) {
                chunk.note(self.number, column, Note::LongRow);
            }
            self.note_bad(row, chunk);
            self.row += 1;
            self.number += 1;
        }
        !chunk.is_empty()
    }
}
