//! Bad rows as they were, with what is wrong beside them.
//!
//! They are mended and sent again, and one that was forgotten must not get a link for what it never said. What can't be
//! cut into the header's cells stays so in CSV; where all rows have as many cells, it stands in the cell with what is
//! wrong, and the cells of the list are empty.

use super::{Reject, RowProblem, line_end};
use crate::table::workbook::MAX_TEXT;
use crate::table::{CELL_ERRORS, Header, Place, REJECT_COLUMNS, Row, push_cell, unquote};
use std::borrow::Cow;

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
    /// Whether they become rows of a sheet.
    pub(super) in_sheet: bool,
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
                push_cell(&self.error(row, place, reject), self.delimiter, out);
                if !self.stands_with_its_error(row) {
                    out.push(self.delimiter);
                    out.extend_from_slice(row.raw());
                }
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

    /// What is wrong with a row, and perhaps the row itself.
    fn error<'r>(&self, row: &Row<'r>, place: Place, reject: &Reject) -> Cow<'r, [u8]> {
        let mut error = match (&reject.problem, told_before(row, None)) {
            (RowProblem::Unmended, Some(before)) => return before,
            _ => reject.told(self.columns),
        };
        let holds_others = matches!(reject.problem, RowProblem::Quotes(_)) && place.spans_lines();
        if let Some(lines) = place.lines().filter(|_| holds_others) {
            error = format!("{lines}, {error}");
        }
        if self.stands_with_its_error(row) {
            error += ": ";
            // a cell of a sheet holds no more
            let mut room = MAX_TEXT.saturating_sub(error.encode_utf16().count());
            let text = row.encoding().decode(row.raw());
            let text = text.unwrap_or_else(|| String::from_utf8_lossy(row.raw()));
            error.extend(text.chars().take_while(|letter| {
                let length = letter.len_utf16();
                let fits = length <= room;
                room = room.saturating_sub(length);
                fits
            }));
        }
        row.encoding().encode(&error).into_owned().into()
    }

    /// Whether a row can't stand in a sheet as it was.
    fn stands_with_its_error(&self, row: &Row<'_>) -> bool {
        self.in_sheet && !is_whole(row, self.columns.len())
    }
}

/// Whether a row's cells are those of the header.
pub(super) fn is_whole(row: &Row<'_>, width: usize) -> bool {
    is_cut(row, width) && row.is_decodable()
}

/// The same, whatever bytes are in them.
pub(super) fn is_cut(row: &Row<'_>, width: usize) -> bool {
    row.len() == width && row.quote_fault().is_none()
}

/// What was wrong with a row when it was rejected before, as its cell says it: that of `column`, or the one before the
/// list's own.
pub(super) fn told_before<'r>(row: &Row<'r>, column: Option<usize>) -> Option<Cow<'r, [u8]>> {
    row.told_before(column).map(unquote)
}

/// That a row which was rejected before says something now. Of `own` columns, `told` is the one with what was wrong, and
/// `needs` says whether one is used.
#[inline]
pub(super) fn check_mended(
    row: &Row<'_>,
    told: Option<usize>,
    own: usize,
    needs: impl Fn(usize) -> bool,
) -> Result<(), Reject> {
    match row.told_before(told) {
        Some(_) if row.len() >= own => check_rejected(row, told, own, needs),
        _ => Ok(()),
    }
}

#[cold]
fn check_rejected(row: &Row<'_>, told: Option<usize>, own: usize, needs: impl Fn(usize) -> bool) -> Result<(), Reject> {
    let mut columns = (0..own).filter(|column| Some(*column) != told);
    let is_blank = |column| row.text(column).is_some_and(|text| text.trim_ascii().is_empty());
    if columns.clone().all(is_blank) {
        return Err(RowProblem::Unmended.in_row());
    }
    // what was an error of a workbook is a text now; where it was not what was wrong, a column that is not used may say so
    let before = told_before(row, told).unwrap_or_default();
    let error = |column| {
        let text = row.text(column)?;
        let error = CELL_ERRORS.into_iter().find(|error| *error == text)?;
        let problem = RowProblem::CellError(error);
        let counts = needs(column) || memchr::memmem::find(&before, problem.to_string().as_bytes()).is_some();
        counts.then(|| problem.in_column(column))
    };
    columns.find_map(error).map_or(Ok(()), Err)
}

/// The first line of a file of bad rows: their two own columns, then the list's header. Nothing for a list without one.
pub(super) fn reject_header(header: &Header, delimiter: u8) -> Vec<u8> {
    let mut line = Vec::new();
    for name in REJECT_COLUMNS {
        line.extend_from_slice(name.as_bytes());
        line.push(delimiter);
    }
    line.extend_from_slice(header.raw());
    line.extend_from_slice(line_end(&header.line_break));
    line
}
