//! What is written for each row: the row with its new cells, or an object of JSON; and a bad row in its place.
//!
//! Who takes rows as they come, from a pipe or over a network, has no second file for the bad ones.

use crate::batch::rejects::{check_mended, is_cut, is_whole, told_before};
use crate::batch::{NewCells, Reject, RowProblem, line_end, values};
use crate::table::{Row, push_cell};
use std::borrow::Cow;
use std::sync::Arc;

/// What is written for each row.
#[derive(Clone, Debug, Default)]
pub enum RowForm {
    /// The row with its new cells; bad rows go elsewhere.
    #[default]
    Cells,
    /// The same, and bad rows too, with what is wrong in one more cell: the last of the places.
    CellsAndErrors {
        /// The names of the columns, for what is wrong.
        columns: Vec<String>,
    },
    /// An object of JSON in a line of its own, of bad rows too. Rows that keep their tokens don't go with it.
    Objects(Objects),
    /// What a row is given, and nothing of the row itself: for whoever has columns.
    Values(Values),
}

/// What rows are given, by itself.
#[derive(Clone, Debug)]
pub struct Values {
    /// The names of the columns, for what is wrong.
    pub columns: Vec<String>,
    /// How many ids after the first one each row's is, where that is not the number of the row.
    pub ids: Option<Arc<[u64]>>,
}

/// Rows as objects.
#[derive(Clone, Debug)]
pub struct Objects {
    /// The names of the columns, for what is wrong.
    pub columns: Vec<String>,
    /// What each object has of the row itself.
    pub(crate) own: OwnMembers,
    /// The names of token, link and expiry; no link where there are tokens only.
    pub names: [Option<String>; 3],
    /// Where bad rows stand, or whether they end the output.
    pub(crate) keeps_rejected: bool,
    /// The column that says what was wrong with the row when it was rejected before.
    pub(crate) told: Option<usize>,
}

/// What an object has of its row itself.
#[derive(Clone, Debug)]
pub enum OwnMembers {
    /// The cells of these columns as texts, each under its name.
    Cells {
        /// What each row keeps.
        kept: Vec<(usize, String)>,
        /// What a good row gets anew, and a bad one keeps.
        replaced: Vec<(usize, String)>,
    },
    /// What a cell of this column says: the members of an object, without its braces.
    Ready {
        /// From 0.
        column: usize,
        /// The column with the members that a good row gets anew, and a bad one keeps.
        replaced: usize,
        /// The column that says what was wrong with the object, where something was; or after `@`, which columns it
        /// gave values for that are neither text nor whole numbers.
        faults: usize,
    },
}

impl RowForm {
    /// Whether bad rows stand in the output.
    pub(in crate::batch) fn keeps_rejected(&self) -> bool {
        match self {
            RowForm::Cells => false,
            RowForm::CellsAndErrors { .. } => true,
            RowForm::Objects(objects) => objects.keeps_rejected,
            RowForm::Values(_) => true,
        }
    }

    /// Whether rows are written as they were, with new cells.
    #[inline]
    pub(super) fn is_of_cells(&self) -> bool {
        matches!(self, RowForm::Cells | RowForm::CellsAndErrors { .. })
    }

    /// How many ids after the first one a row's is.
    #[inline]
    pub(super) fn id_of(&self, filled: u64) -> u64 {
        match self {
            RowForm::Values(Values { ids: Some(ids), .. }) => ids[filled as usize],
            _ => filled,
        }
    }

    /// What was wrong with a row before it became one; `needs` says whether a column is used.
    #[inline]
    pub(super) fn check_source(&self, row: &Row<'_>, needs: impl Fn(usize) -> bool) -> Result<(), Reject> {
        match self {
            RowForm::Objects(Objects {
                own: OwnMembers::Ready { faults, .. },
                ..
            }) => check_faults(&row.text(*faults).unwrap_or_default(), needs),
            _ => Ok(()),
        }
    }

    /// That a row which was rejected before has been mended since; `needs` says whether a column is used.
    #[inline]
    pub(super) fn check_mended(
        &self,
        places: &NewCells,
        width: usize,
        row: &Row<'_>,
        needs: impl Fn(usize) -> bool,
    ) -> Result<(), Reject> {
        match self {
            RowForm::Objects(objects) => check_mended(row, objects.told, objects.own_columns(width), needs),
            _ => check_mended(row, places.told(), width, needs),
        }
    }

    /// Appends a bad row, where such rows stand in the output.
    pub(super) fn write_rejected(
        &self,
        places: &NewCells,
        width: usize,
        row: &Row<'_>,
        reject: &Reject,
        out: &mut Vec<u8>,
    ) {
        match self {
            RowForm::CellsAndErrors { columns } => {
                let error = error(row, reject, places.told(), columns);
                places.write_rejected(row, width, error.into_owned(), out);
            }
            RowForm::Objects(objects) if objects.keeps_rejected => objects.write_rejected(row, width, reject, out),
            RowForm::Cells | RowForm::Objects(_) => {}
            RowForm::Values(values) => values::push_reject(&reject.told(&values.columns), out),
        }
    }
}

/// What is said of a bad row, as a cell in its list's encoding: of one that was not mended, what was said before.
fn error<'r>(row: &Row<'r>, reject: &Reject, told: Option<usize>, columns: &[String]) -> Cow<'r, [u8]> {
    match (&reject.problem, told_before(row, told)) {
        (RowProblem::Unmended, Some(before)) => before,
        _ => row.encoding().encode(&reject.told(columns)).into_owned().into(),
    }
}

fn check_faults(fault: &str, needs: impl Fn(usize) -> bool) -> Result<(), Reject> {
    let Some(columns) = fault.strip_prefix('@') else {
        return match fault.is_empty() {
            true => Ok(()),
            false => Err(RowProblem::Source(fault.to_owned()).in_row()),
        };
    };
    let odd = columns.split(',').filter_map(|column| column.parse().ok());
    match odd.into_iter().find(|column| needs(*column)) {
        Some(column) => {
            let problem = RowProblem::Source("the value is neither a text nor a whole number".to_owned());
            Err(problem.in_column(column))
        }
        None => Ok(()),
    }
}

impl Objects {
    /// Appends a row with what it was given.
    pub(super) fn write(&self, row: &Row<'_>, [token, link]: [&[u8]; 2], expiry: Option<&str>, out: &mut Vec<u8>) {
        out.push(b'{');
        self.write_own(row, out);
        let text = |bytes| Some(String::from_utf8_lossy(bytes));
        let values = [text(token), text(link), expiry.map(Into::into)];
        for (name, value) in self.names.iter().zip(values) {
            let Some(name) = name else { continue };
            begin_member(name, out);
            match value {
                Some(value) => write_text(&value, out),
                None => out.extend_from_slice(b"null"),
            }
        }
        out.extend_from_slice(b"}\n");
    }

    /// How many columns are the row's own; behind them may stand what it was made of.
    fn own_columns(&self, width: usize) -> usize {
        match self.own {
            OwnMembers::Cells { .. } => width,
            OwnMembers::Ready { column, .. } => column,
        }
    }

    /// Appends the members of the row itself.
    fn write_own(&self, row: &Row<'_>, out: &mut Vec<u8>) {
        match &self.own {
            OwnMembers::Cells { kept, .. } => write_cells(row, kept, out),
            OwnMembers::Ready { column, .. } => {
                out.extend_from_slice(row.text(*column).unwrap_or_default().as_bytes());
            }
        }
    }

    /// Appends the members of a bad row that a good one gets anew.
    fn write_replaced(&self, row: &Row<'_>, out: &mut Vec<u8>) {
        match &self.own {
            OwnMembers::Cells { replaced, .. } => write_cells(row, replaced, out),
            OwnMembers::Ready { replaced, .. } => {
                let members = row.text(*replaced).unwrap_or_default();
                if !members.is_empty() {
                    out.push(b',');
                    out.extend_from_slice(members.as_bytes());
                }
            }
        }
    }

    fn write_rejected(&self, row: &Row<'_>, width: usize, reject: &Reject, out: &mut Vec<u8>) {
        out.push(b'{');
        match is_whole(row, width) {
            true => {
                self.write_own(row, out);
                self.write_replaced(row, out);
            }
            false => {
                begin_member("text", out);
                write_text(&String::from_utf8_lossy(row.raw()), out);
            }
        }
        begin_member("error", out);
        let error = error(row, reject, self.told, &self.columns);
        let text = row.encoding().decode(&error);
        write_text(&text.unwrap_or_else(|| String::from_utf8_lossy(&error)), out);
        out.extend_from_slice(b"}\n");
    }
}

/// Appends the cells of these columns under their names.
fn write_cells(row: &Row<'_>, cells: &[(usize, String)], out: &mut Vec<u8>) {
    for (column, name) in cells {
        begin_member(name, out);
        write_text(&row.text(*column).unwrap_or_default(), out);
    }
}

fn begin_member(name: &str, out: &mut Vec<u8>) {
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
    write_text(name, out);
    out.push(b':');
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    serde_json::to_writer(out, text).expect("a text is written to memory");
}

impl NewCells {
    /// Appends a bad row as it was, its new cells empty, and what is wrong in the last one. A row that can't be cut into
    /// the header's cells stands there, too: in a cell of the list it would be a claim once it is sent again.
    fn write_rejected(&self, row: &Row<'_>, width: usize, mut error: Vec<u8>, out: &mut Vec<u8>) {
        let last = self.places.len().saturating_sub(1);
        if is_cut(row, width) {
            self.write_kept(row, out, |place, out| {
                if place == last {
                    push_cell(&error, self.delimiter, out);
                }
            });
            return;
        }
        error.extend_from_slice(b": ");
        error.extend_from_slice(row.raw());
        let place = self.column(last, width);
        for index in 0..self.width(width) {
            if index > 0 {
                out.push(self.delimiter);
            }
            if Some(index) == place {
                push_cell(&error, self.delimiter, out);
            }
        }
        out.extend_from_slice(line_end(row.line_break()));
    }
}
