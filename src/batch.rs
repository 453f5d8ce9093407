//! Rows in, rows out: in order, on all cores, in memory that does not grow with the list.
//!
//! [`run`] drives a list through the [`pool`]: a row rule ([`generate`]) turns each row into its final bytes on a worker
//! thread, and the results are written in order. A bad row is never passed over in silence: it is counted, told, and
//! either ends the output or goes to a file of its own.

pub mod generate;
pub mod pool;
mod problem;
mod tally;

pub use problem::{Reject, RowProblem};
pub use tally::{Range, Tally};

use crate::table::{Chunk, Place, REJECT_COLUMNS, RecordReader, Row, TableError, push_cell};
use std::io::{self, Read, Write};
use std::num::NonZeroUsize;

/// How many bad rows are told in words; all are counted.
pub const MOST_TOLD: usize = 20;

/// What happens to a row, on a worker's own copy.
pub trait RowRule {
    /// Appends the row's final bytes to `out`. `number` counts the rows that are not blank, from 0.
    ///
    /// # Errors
    /// When the row is bad; whatever was appended is taken back.
    fn write(&mut self, row: &Row<'_>, number: u64, tally: &mut Tally, out: &mut Vec<u8>) -> Result<(), Reject>;

    /// Appends a row without any filled cell.
    fn write_blank(&self, row: &Row<'_>, out: &mut Vec<u8>);
}

/// A bad row that is told in words.
#[derive(Clone, Debug)]
pub struct ToldReject {
    /// Where it stands.
    pub place: Place,
    /// What is wrong with it.
    pub reject: Reject,
}

/// What became of a list.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Rows that are not blank.
    pub rows: u64,
    /// Rows without any filled cell.
    pub blanks: u64,
    /// Bad rows.
    pub rejected: u64,
    /// The first of them.
    pub told: Vec<ToldReject>,
    /// What was written.
    pub tally: Tally,
}

/// Why a run ended before its list.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    /// The list can't be read on.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The output can't be written.
    #[error("can't write the output")]
    Output(#[source] io::Error),
    /// The file of the bad rows can't be written.
    #[error("can't write the rejected rows")]
    Rejects(#[source] io::Error),
}

/// Where the rows go.
pub struct Sinks<'a> {
    /// Rows that are good.
    pub output: &'a mut (dyn Write + Send),
    /// Bad rows as they were, with their row number and error before them. Without it, the output ends before the
    /// first bad row, and the rest is only read and counted.
    pub rejects: Option<&'a mut (dyn Write + Send)>,
    /// Called now and then with the bytes and rows that are done.
    pub progress: &'a (dyn Fn(u64, u64) + Sync),
}

/// One chunk's results.
#[derive(Default)]
struct Outcome {
    bytes: Vec<u8>,
    /// Where `bytes` stood before the first bad row.
    good: Option<usize>,
    rejects: Vec<u8>,
    read: u64,
    report: Report,
}

impl Outcome {
    fn clear(&mut self) {
        self.bytes.clear();
        self.good = None;
        self.rejects.clear();
        self.report = Report::default();
    }
}

/// Drives every row of a list through the rule that `rule` makes for each thread.
///
/// The report tells of everything that was read, also when the run ended early.
///
/// # Errors
/// When the list can't be read on or the results can't be written.
pub fn run<Rule: RowRule>(
    mut reader: RecordReader<impl Read + Send>,
    columns: &[String],
    threads: NonZeroUsize,
    rule: impl Fn() -> Rule + Sync,
    sinks: Sinks<'_>,
) -> (Report, Result<(), BatchError>) {
    let Sinks {
        output,
        mut rejects,
        progress,
    } = sinks;
    let keep_rejects = rejects.is_some();
    let delimiter = reader.dialect().delimiter;
    let mut report = Report::default();
    let mut read = 0;
    let source = |chunk: &mut Chunk| reader.fill(chunk).map_err(BatchError::Table);
    let worker = || {
        let mut rule = rule();
        move |chunk: &mut Chunk, outcome: &mut Outcome| {
            outcome.clear();
            outcome.read = chunk.bytes().len() as u64;
            let rejects = keep_rejects.then_some(Rejects { columns, delimiter });
            work(chunk, &mut rule, rejects, outcome);
        }
    };
    let sink = |outcome: &mut Outcome| {
        let ended = report.rejected > 0 && !keep_rejects;
        report.add(&mut outcome.report);
        read += outcome.read;
        progress(read, report.rows);
        if ended {
            return Ok(());
        }
        let good = outcome.good.filter(|_| !keep_rejects).unwrap_or(outcome.bytes.len());
        output.write_all(&outcome.bytes[..good]).map_err(BatchError::Output)?;
        match &mut rejects {
            Some(file) => file.write_all(&outcome.rejects).map_err(BatchError::Rejects),
            None => Ok(()),
        }
    };
    let result = pool::run(threads.get(), source, worker, sink);
    (report, result)
}

fn work(chunk: &Chunk, rule: &mut impl RowRule, rejects: Option<Rejects<'_>>, outcome: &mut Outcome) {
    let mut number = chunk.filled_before();
    for (index, row) in chunk.rows().enumerate() {
        if row.is_blank() {
            outcome.report.blanks += 1;
            rule.write_blank(&row, &mut outcome.bytes);
            continue;
        }
        let good = outcome.bytes.len();
        let written = rule.write(&row, number, &mut outcome.report.tally, &mut outcome.bytes);
        number += 1;
        outcome.report.rows += 1;
        if let Err(reject) = written {
            outcome.bytes.truncate(good);
            outcome.good.get_or_insert(good);
            outcome.report.rejected += 1;
            let place = chunk.place(index);
            if let Some(rejects) = &rejects {
                rejects.push(&row, place, &reject, &mut outcome.rejects);
            }
            if outcome.report.told.len() < MOST_TOLD {
                outcome.report.told.push(ToldReject { place, reject });
            }
        }
    }
}

/// Writes bad rows as they were, with two cells before them, so that ragged rows stay whole.
struct Rejects<'a> {
    columns: &'a [String],
    delimiter: u8,
}

impl Rejects<'_> {
    fn push(&self, row: &Row<'_>, place: Place, reject: &Reject, out: &mut Vec<u8>) {
        out.extend_from_slice(place.row.to_string().as_bytes());
        out.push(self.delimiter);
        push_cell(&row.encoding().encode(&reject.told(self.columns)), self.delimiter, out);
        out.push(self.delimiter);
        out.extend_from_slice(row.raw());
        out.extend_from_slice(if row.line_break().is_empty() {
            b"\n"
        } else {
            row.line_break()
        });
    }
}

/// The first line of a file of bad rows: their two own columns, then the list's header.
#[must_use]
pub fn reject_header(header: &[u8], line_break: &[u8], delimiter: u8) -> Vec<u8> {
    let mut line = Vec::new();
    for name in REJECT_COLUMNS {
        line.extend_from_slice(name.as_bytes());
        line.push(delimiter);
    }
    line.extend_from_slice(header);
    line.extend_from_slice(if line_break.is_empty() { b"\n" } else { line_break });
    line
}

impl Report {
    /// Adds what became of a later part of the list.
    fn add(&mut self, later: &mut Report) {
        self.rows += later.rows;
        self.blanks += later.blanks;
        self.rejected += later.rejected;
        let room = MOST_TOLD - self.told.len();
        self.told.extend(later.told.drain(..).take(room));
        self.tally.add(&later.tally);
    }
}
