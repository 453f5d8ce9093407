//! Bad rows as they were, with their row number and error *before* them, so that ragged rows stay whole.

use super::Reject;
use crate::table::{Place, REJECT_COLUMNS, Row, push_cell};

/// Writes bad rows.
#[derive(Clone, Copy)]
pub(super) struct Rejects<'a> {
    pub(super) columns: &'a [String],
    pub(super) delimiter: u8,
}

impl Rejects<'_> {
    pub(super) fn push(&self, row: &Row<'_>, place: Place, reject: &Reject, out: &mut Vec<u8>) {
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

/// The first line of a file of bad rows: their two own columns, then the list's header. Nothing for a list without one.
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
