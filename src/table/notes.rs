//! What a cell is besides its text: an error, shown with digits that its value lacks, never calculated, or out of range.
//!
//! The text of a cell can't say so: `#N/A` may be an error or what somebody typed. Notes run beside the bytes of the
//! rows, in the rows' order, and are taken with them, so that there are never more than a few blocks' worth.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is to be known of one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellNote {
    /// The sheet's own row, from 1.
    pub row: u64,
    /// From 0.
    pub column: usize,
    /// What it is.
    pub note: Note,
}

/// What a cell is besides its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// An error, such as `#N/A`.
    Error(&'static str),
    /// A number that its number format shows with more than the value has, such as leading zeros.
    ShownWithMore,
    /// A formula whose value nobody has saved: the cell is empty and should not be.
    Uncalculated,
    /// A value that has no text: an instant of a column that is none of the calendar's.
    OutOfRange,
    /// A text without room in the longest row.
    LongRow,
}

impl Note {
    /// Whether the cell has no value that can be used.
    pub(super) fn is_error(self) -> bool {
        matches!(self, Note::Error(_) | Note::OutOfRange | Note::LongRow)
    }
}

/// All errors that a cell can hold.
///
/// The last stands for those that newer programs have and this one doesn't know.
pub(crate) const CELL_ERRORS: [&str; 14] = [
    "#DIV/0!",
    "#N/A",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "#REF!",
    "#VALUE!",
    "#GETTING_DATA",
    "#SPILL!",
    "#CALC!",
    "#FIELD!",
    "#CONNECT!",
    "#BLOCKED!",
    "#UNKNOWN!",
];

/// Notes on their way from who reads a sheet to who reads its rows.
#[derive(Clone, Debug, Default)]
pub struct SheetNotes(Arc<Mutex<VecDeque<CellNote>>>);

impl SheetNotes {
    fn queue(&self) -> MutexGuard<'_, VecDeque<CellNote>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a note. Its row is that of the last one or a later one.
    pub fn push(&self, note: CellNote) {
        self.queue().push_back(note);
    }

    /// Moves the notes of all rows before `row` into `taken`.
    pub(super) fn take_before(&self, row: u64, taken: &mut Vec<CellNote>) {
        let mut queue = self.queue();
        let count = queue.partition_point(|note| note.row < row);
        taken.extend(queue.drain(..count));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_taken_with_their_rows() {
        let notes = SheetNotes::default();
        for row in [2, 2, 5] {
            let note = Note::Error("#N/A");
            notes.push(CellNote { row, column: 0, note });
        }
        let mut taken = Vec::new();
        notes.clone().take_before(5, &mut taken);
        assert_eq!(taken.iter().map(|note| note.row).collect::<Vec<_>>(), [2, 2]);
        notes.take_before(6, &mut taken);
        assert_eq!(taken.len(), 3);
    }
}
