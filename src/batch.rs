//! Rows in, rows out: in order, on all cores, in memory that does not grow with the list.
//!
//! [`run`] drives a list through the [`pool`]: a row rule ([`generate`], [`verify`]) turns each row into its final bytes on
//! a worker thread, and the results are written in order. A bad row is never passed over in silence: it is counted, told, and
//! either ends the output or goes to a file of its own.

pub mod codes;
pub mod columns;
mod counting;
mod distinct;
pub mod drawings;
pub mod duplicates;
mod expiry_text;
pub mod generate;
pub mod labels;
pub mod lint;
mod places;
pub mod pool;
mod problem;
pub mod reissue;
mod rejects;
pub mod run;
mod shared;
mod tally;
mod turns;
mod values;
pub mod verify;
mod work;

pub use counting::{Counter, Counting, RowChecks};
pub use distinct::{Distinct, MOST_CAMPAIGNS};
pub use places::{NewCell, NewCells};
pub use problem::{Reject, RowProblem};
pub use tally::{LintCount, Range, Tally};

use crate::ledger::LedgerError;
use crate::table::{self, Row, TableError};
use duplicates::Fingerprint;
use std::io;

/// How many bad rows are told in words; all are counted.
pub const MOST_TOLD: usize = 20;

/// What happens to a row, on a worker's own copy.
pub trait RowRule {
    /// Is shown each row of a group that is not blank, before the first of them is written.
    fn foresee(&mut self, _row: &Row<'_>, _at: RowNumber, _tally: &mut Tally) {}

    /// All rows of the group were shown: what is faster for many at once is done here.
    fn foreseen(&mut self) {}

    /// Appends the row's final bytes to `out`, and says where they belong.
    ///
    /// # Errors
    /// When the row is bad; whatever was appended is taken back.
    fn write(&mut self, row: &Row<'_>, at: RowNumber, tally: &mut Tally, out: &mut Vec<u8>) -> Result<Written, Reject>;

    /// Counts a row again that is written already, of a chunk where others are bad after all; nothing is made of it.
    fn count_again(&mut self, _row: &Row<'_>, _at: RowNumber, _tally: &mut Tally) {}

    /// Whether [`RowNumber::line`] is of use; counting lines takes time.
    fn wants_lines(&self) -> bool {
        false
    }

    /// Hands over the checks of the rows that were written since it was last asked, and takes the room of others.
    fn take_seen(&mut self, _seen: &mut RowChecks) {}

    /// What tells the customer of the row that was written last: the bytes of its claims, and when its token expires. None
    /// where rows with equal claims have nothing in common.
    fn customer(&self) -> Option<(&[u8], Option<u32>)> {
        None
    }

    /// Appends a row without any filled cell.
    fn write_blank(&self, row: &Row<'_>, out: &mut Vec<u8>);

    /// Appends a bad row with what is wrong with it, where such rows stand in the output in their places.
    fn write_rejected(&self, _row: &Row<'_>, _at: RowNumber, _reject: &Reject, _out: &mut Vec<u8>) {}
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
    /// Whether it tells of all rows of the list.
    pub is_whole: bool,
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
    /// Tokens of a checked list that an earlier row has already.
    pub repeated_tokens: LintCount,
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
    /// More rows get a label than a page can have.
    #[error("more than {0} rows are too many for one page of labels")]
    TooManyLabels(u64),
}

/// The break of a line that something was added to, which a last line may have lacked.
fn line_end(line_break: &[u8]) -> &[u8] {
    if line_break.is_empty() { b"\n" } else { line_break }
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
