//! Bad rows as they were, with what is wrong beside them.

use super::{Reject, RowProblem, line_end};
use crate::table::{Header, Place, REJECT_COLUMNS, Row, push_cell};

/// How a row that can't be used is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum RejectForm {
    /// Its number and error *before* it, so that ragged rows stay whole.
    #[default]
    Before,
    /// `unreadable` and empty cells after it: so many in all, as rows that could be read have.
    After(usize),
}

/// Writes bad rows.
#[derive(Clone, Copy)]
pub(super) struct Rejects<'a> {
    pub(super) form: RejectForm,
    pub(super) columns: &'a [String],
    pub(super) delimiter: u8,
    /// For a last row that has none.
    pub(super) line_break: &'a [u8],
}

impl Rejects<'_> {
    pub(super) fn push(&self, row: &Row<'_>, place: Place, reject: &Reject, out: &mut Vec<u8>) {
        match self.form {
            RejectForm::Before => {
                out.extend_from_slice(place.row.to_string().as_bytes());
                out.push(self.delimiter);
                let mut error = reject.told(self.columns);
                let holds_others = matches!(reject.problem, RowProblem::Quotes(_)) && place.spans_lines();
                if let Some(lines) = place.lines().filter(|_| holds_others) {
                    error = format!("{lines}, {error}");
                }
                push_cell(&row.encoding().encode(&error), self.delimiter, out);
                out.push(self.delimiter);
                out.extend_from_slice(row.raw());
            }
            RejectForm::After(cells) => {
                out.extend_from_slice(row.raw());
                out.push(self.delimiter);
                out.extend_from_slice(b"unreadable");
                out.extend(std::iter::repeat_n(self.delimiter, cells.saturating_sub(1)));
            }
        }
        out.extend_from_slice(match row.line_break() {
            [] => self.line_break,
            own => own,
        });
    }
}

/// The first line of a file of bad rows: their two own columns, then the list's header. Nothing for a list without one.
pub(super) fn reject_header(header: &Header, delimiter: u8) -> Vec<u8> {
    let mut line = Vec::new();
    for name in REJECT_COLUMNS {
        line.extend_from_slice(name.as_bytes());
        line.push(delimiter);
    }
    line.extend_from_slice(header.raw());
    line.extend_from_slice(line_end(header.line_break()));
    line
}
