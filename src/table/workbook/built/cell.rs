//! What every kind of workbook gives: sheets by their names, and cells one by one.

use super::WorkbookError;
use super::format::Format;
use super::value::Value;

/// A sheet among others.
pub(super) struct SheetName {
    pub(super) name: String,
    pub(super) visible: bool,
}

/// A cell, from 0.
pub(super) struct Cell<'a> {
    pub(super) row: u32,
    pub(super) column: usize,
    pub(super) value: Value<'a>,
    pub(super) format: Option<&'a Format>,
    /// The last column of the sheet as the file declares it, where it does.
    pub(super) declared: Option<usize>,
}

impl<'a> Cell<'a> {
    /// Of a workbook that tells no more of its cells.
    pub(super) fn plain(row: u32, column: usize, value: Value<'a>) -> Self {
        Self {
            row,
            column,
            value,
            format: None,
            declared: None,
        }
    }
}

/// Whether to go on.
pub(super) type Going = Result<bool, WorkbookError>;
