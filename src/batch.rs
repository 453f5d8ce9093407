//! Rows in, rows out: in order, on all cores, in memory that does not grow with the list.
//!
//! [`run`] drives a list through the [`pool`]: a row rule ([`generate`]) turns each row into its final bytes on a worker
//! thread, and the results are written in order. A bad row is never passed over in silence: it is counted, told, and
//! either ends the output or goes to a file of its own.

mod campaigns;
mod counting;
pub mod duplicates;
mod expiry_text;
pub mod generate;
pub mod lint;
mod places;
pub mod pool;
mod problem;
mod rejects;
mod tally;
pub mod verify;
mod work;

pub use campaigns::{Campaigns, MOST_CAMPAIGNS};
pub use counting::{Counter, Seen};
pub use places::{Place, Places};
pub use problem::{Reject, RowProblem};
pub use rejects::{RejectForm, reject_header};
pub use tally::{LintCount, Range, Tally};

use crate::ledger::LedgerError;
use crate::table::{self, Chunk, RecordReader, Row, TableError};
use duplicates::{Fingerprint, Turnstile};
use rejects::Rejects;
use std::io::{self, Read, Write};
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use work::{Desk, Outcome};

/// How many bad rows are told in words; all are counted.
pub const MOST_TOLD: usize = 20;

/// What happens to a row, on a worker's own copy.
pub trait RowRule {
    /// Appends the row's final bytes to `out`, and says where they belong.
    ///
    /// # Errors
    /// When the row is bad; whatever was appended is taken back.
    fn write(&mut self, row: &Row<'_>, at: RowNumber, tally: &mut Tally, out: &mut Vec<u8>) -> Result<Written, Reject>;

    /// Whether [`RowNumber::line`] is of use; counting lines takes time.
    fn wants_lines(&self) -> bool {
        false
    }

    /// Hands over the checks of the rows that were written since it was last asked, and takes the room of others.
    fn take_seen(&mut self, _seen: &mut Seen) {}

    /// Appends a row without any filled cell.
    fn write_blank(&self, row: &Row<'_>, out: &mut Vec<u8>);
}

/// Which row of the list it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowNumber {
    /// Among the rows that are not blank, from 0: the token's id counts so.
    pub filled: u64,
    /// As a spreadsheet numbers it.
    pub row: u64,
    /// The physical line it begins at, where the rule wants to know.
    pub line: u64,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It stands in the output.
    Row,
    /// It does, unless an earlier row has the same fingerprint.
    Marked(Fingerprint),
    /// It belongs to the bad rows, as it was written.
    Diverted,
}

/// A bad row that is told in words.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ToldReject {
    /// Where it stands.
    pub place: table::Place,
    /// What is wrong with it.
    pub reject: Reject,
}

/// What became of a list.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
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
    /// The checks can't be counted.
    #[error("can't count the checks")]
    Ledger {
        /// How many of this run are.
        counted: u64,
        /// Why not the next ones.
        source: LedgerError,
    },
}

/// Where the rows go.
pub struct Sinks<'a> {
    /// Rows that are good.
    pub output: &'a mut (dyn Write + Send),
    /// Bad rows as they were, with their row number and error before them. Without it, the output ends before the
    /// first bad row, and the rest is only read and counted.
    pub rejects: Option<&'a mut (dyn Write + Send)>,
    /// How rows that can't be read are written there.
    pub reject_form: RejectForm,
    /// Where checks are counted before their answers are written.
    pub counter: Option<Counter<'a>>,
    /// Called now and then with the bytes and rows that are done.
    pub progress: &'a (dyn Fn(u64, u64) + Sync),
}

/// Drives every row of a list through the rule that `rule` makes for each thread.
///
/// The report tells of everything that was read, also when the run ended early. With a `turnstile`, a row that shares its
/// fingerprint with an earlier one is rejected.
///
/// # Errors
/// When the list can't be read on or the results can't be written.
pub fn run<Rule: RowRule>(
    mut reader: RecordReader<impl Read + Send>,
    columns: &[String],
    threads: NonZeroUsize,
    turnstile: Option<Turnstile>,
    rule: impl Fn() -> Rule + Sync,
    sinks: Sinks<'_>,
) -> (Report, Result<(), BatchError>) {
    let Sinks {
        output,
        mut rejects,
        reject_form,
        counter,
        progress,
    } = sinks;
    let keep_rejects = rejects.is_some();
    let delimiter = reader.dialect().delimiter;
    let line_break = reader.line_break().to_vec();
    let desk = Desk {
        rejects: keep_rejects.then_some(Rejects {
            columns,
            delimiter,
            line_break: &line_break,
            form: reject_form,
        }),
        turnstile: turnstile.as_ref(),
    };
    let mut report = Report::default();
    let mut read = 0;
    let source = |chunk: &mut Chunk| reader.fill(chunk).map_err(BatchError::Table);
    let worker = || {
        let mut rule = rule();
        move |chunk: &mut Chunk, outcome: &mut Outcome| {
            desk.work(chunk, &mut rule, outcome);
        }
    };
    let mut write = |good: &[u8], bad: &[u8]| {
        output.write_all(good).map_err(BatchError::Output)?;
        match &mut rejects {
            Some(file) => file.write_all(bad).map_err(BatchError::Rejects),
            None => Ok(()),
        }
    };
    // how much of its bytes is to be written
    let mut take = |outcome: &mut Outcome| {
        let ended = report.rejected > 0 && !keep_rejects;
        report.add(&mut outcome.report);
        read += outcome.read;
        progress(read, report.rows);
        let good = outcome.good.filter(|_| !keep_rejects).unwrap_or(outcome.bytes.len());
        (!ended).then_some(good)
    };
    let result = match counter {
        None => pool::run(threads.get(), source, worker, |outcome| match take(outcome) {
            Some(good) => write(&outcome.bytes[..good], &outcome.rejects),
            None => Ok(()),
        }),
        Some(counter) => run_counted(counter, threads, source, worker, take, write),
    };
    (report, result)
}

/// The run with checks that are counted before their answers are written.
fn run_counted<Worker: FnMut(&mut Chunk, &mut Outcome)>(
    counter: Counter<'_>,
    threads: NonZeroUsize,
    mut source: impl FnMut(&mut Chunk) -> Result<bool, BatchError> + Send,
    worker: impl Fn() -> Worker + Sync,
    mut take: impl FnMut(&mut Outcome) -> Option<usize> + Send,
    write: impl FnMut(&[u8], &[u8]) -> Result<(), BatchError> + Send,
) -> Result<(), BatchError> {
    let (holds, write) = (counter.holds, Mutex::new(write));
    let write = |good: &[u8], bad: &[u8]| write.lock().unwrap_or_else(PoisonError::into_inner)(good, bad);
    counting::through(counter, write, |shelf| {
        let source = |chunk: &mut Chunk| source(chunk).map_err(Some);
        let sink = |outcome: &mut Outcome| {
            let Some(good) = take(outcome) else { return Ok(()) };
            if holds {
                return shelf.put(&outcome.bytes[..good], &outcome.rejects, &mut outcome.seen, good);
            }
            write(&outcome.bytes[..good], &outcome.rejects).map_err(Some)?;
            shelf.put(&[], &[], &mut outcome.seen, good)
        };
        pool::run(threads.get(), source, worker, sink)
    })
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
