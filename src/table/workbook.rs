//! Excel workbooks as lists: a sheet is read as the CSV that it would be, and CSV is written as a sheet.
//!
//! So records, row rules and the worker pool know nothing of workbooks. A cell's text is its value, not its display
//! format: an id has no `.0`, a date is ISO. What that text can't say runs beside it as [`super::CellNote`]s. The
//! recognising is always compiled, so that a build without the feature `xlsx` can say what it lacks.

#[cfg(feature = "xlsx")]
mod book;
#[cfg(feature = "xlsx")]
mod format;
#[cfg(not(feature = "xlsx"))]
mod none;
#[cfg(feature = "xlsx")]
mod parts;
#[cfg(feature = "xlsx")]
mod read;
#[cfg(feature = "xlsx")]
mod value;
#[cfg(feature = "xlsx")]
mod write;

#[cfg(not(feature = "xlsx"))]
pub use none::{SheetWriter, open};
#[cfg(feature = "xlsx")]
pub use read::open;
#[cfg(feature = "xlsx")]
pub use write::SheetWriter;

use super::SheetNotes;
use std::io::{self, Read, Seek};
use std::path::Path;

/// The rows of a sheet in Excel, of .xlsx and later.
pub const MAX_ROWS: u32 = 1_048_576;
/// The columns.
pub const MAX_COLUMNS: usize = 16_384;
/// The characters of a cell, counted as Excel does: in units of UTF-16.
pub const MAX_TEXT: usize = 32_767;

/// A workbook's bytes: its parts lie anywhere in them.
pub trait Source: Read + Seek + Send {}
impl<S: Read + Seek + Send> Source for S {}

/// Which sheet to read, and how.
#[derive(Clone, Copy, Debug)]
pub struct SheetOptions<'a> {
    /// Its name; else the first sheet.
    pub sheet: Option<&'a str>,
    /// What stands between the cells of the CSV that it becomes.
    pub delimiter: u8,
}

/// An opened sheet.
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// The first row with a filled cell, from 1: the rows above it are not given out.
    pub first_row: u64,
    /// Its rows as CSV, from `first_row` on.
    pub rows: Box<dyn Read + Send>,
    /// What the text of its cells can't say.
    pub notes: SheetNotes,
}

/// Why a workbook can't be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkbookError {
    /// Built without the feature `xlsx`.
    #[error("this build of linkmint reads and writes no workbooks")]
    NotBuilt,
    /// Named or begun like one.
    #[error("this is no workbook, though {0}")]
    NoWorkbook(&'static str),
    /// Nothing of it can be read without the password.
    #[error("the workbook is protected by a password")]
    Password,
    /// From a pipe, a workbook has to be kept in memory.
    #[error("a workbook that does not come from a file can have {} MiB at most", .0 >> 20)]
    LargePipe(u64),
    /// No sheet has this name.
    #[error("the workbook has no sheet {name}")]
    UnknownSheet {
        /// In quotes.
        name: String,
        /// Those there are, for the hint.
        names: String,
    },
    /// No cell of the sheet is filled.
    #[error("the sheet {name} is empty")]
    EmptySheet {
        /// In quotes.
        name: String,
        /// The other sheets, for the hint; empty when there are none.
        others: String,
    },
    /// Damaged, or not as workbooks are.
    #[error("the workbook can't be read{}: {reason}", if .row.is_some() { " on" } else { "" })]
    Unreadable {
        /// The last row that could be read.
        row: Option<u64>,
        /// In the words of what reads it.
        reason: String,
    },
    /// The sheet that is written is full.
    #[error("a sheet holds {MAX_ROWS} rows, and there are more")]
    ManyRows,
    /// The row that is written is too wide.
    #[error("a sheet holds {MAX_COLUMNS} columns, this row has {columns}")]
    ManyColumns {
        /// From 1.
        row: u32,
        /// Of this row.
        columns: usize,
    },
    /// A cell that is written is too long.
    #[error("a cell of a sheet holds {MAX_TEXT} characters, this one has {length}")]
    LongText {
        /// From 1.
        row: u32,
        /// From 0.
        column: usize,
        /// In units of UTF-16.
        length: usize,
    },
    /// The sheet that is written has more than 4 GiB, unpacked.
    #[error("the rows are more than a sheet's 4 GiB")]
    LargeSheet,
}

impl WorkbookError {
    /// Where it went wrong, as far as that is a place in a sheet: `row 17, column C`.
    #[must_use]
    pub fn place(&self) -> Option<String> {
        match self {
            WorkbookError::Unreadable { row, .. } => row.map(|row| format!("row {row}")),
            WorkbookError::ManyRows => Some(format!("row {}", MAX_ROWS + 1)),
            WorkbookError::ManyColumns { row, .. } => Some(format!("row {row}")),
            WorkbookError::LongText { row, column, .. } => {
                let mut letters = Vec::new();
                push_letters(*column, &mut letters);
                Some(format!("row {row}, column {}", String::from_utf8_lossy(&letters)))
            }
            _ => None,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            WorkbookError::NotBuilt => {
                "save the sheet as \"CSV UTF-8\", or build linkmint with its feature xlsx".into()
            }
            WorkbookError::NoWorkbook(_) => {
                "open it in the spreadsheet and save it as .xlsx or as \"CSV UTF-8\"".into()
            }
            WorkbookError::Password => {
                "open it in Excel and take the password off: File, Info, Protect Workbook".into()
            }
            WorkbookError::LargePipe(_) => "name the file instead".into(),
            WorkbookError::UnknownSheet { names, .. } => format!("it has {names}"),
            WorkbookError::EmptySheet { others, .. } if others.is_empty() => {
                "the first row names the columns, each row after it is a customer".into()
            }
            WorkbookError::EmptySheet { others, .. } => format!("--sheet chooses another: {others}"),
            WorkbookError::Unreadable { .. } => {
                "it may be damaged; open it in the spreadsheet and save it again".into()
            }
            WorkbookError::ManyRows | WorkbookError::LargeSheet => {
                "write the output to a .csv file, or split the list".into()
            }
            WorkbookError::ManyColumns { .. } | WorkbookError::LongText { .. } => {
                "write the output to a .csv file".into()
            }
        }
    }

    /// Gives a workbook's error back that travelled as an I/O error.
    ///
    /// # Errors
    /// The I/O error itself, when it is one.
    pub fn of(error: io::Error) -> Result<Self, io::Error> {
        error.downcast()
    }
}

impl From<WorkbookError> for io::Error {
    fn from(error: WorkbookError) -> Self {
        io::Error::other(error)
    }
}

/// How every ZIP archive with something in it begins: .xlsx, .xlsm, .xlsb and .ods are such.
const ZIP: &[u8] = b"PK\x03\x04";
/// How an OLE compound file begins: .xls, and any workbook under a password.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// So many bytes tell whether something is a workbook.
pub const MARK: usize = OLE.len();

/// Whether a file that begins so can be a workbook. `None`: more bytes are needed to tell, up to [`MARK`].
#[must_use]
pub fn begins_like_workbook(head: &[u8]) -> Option<bool> {
    let mut undecided = false;
    for mark in [ZIP, OLE] {
        if head.starts_with(mark) {
            return Some(true);
        }
        undecided |= mark.starts_with(head);
    }
    (!undecided).then_some(false)
}

/// Whether a file is named as workbooks are.
#[must_use]
pub fn is_named_like_workbook(path: &Path) -> bool {
    has_extension(path, &["xlsx", "xlsm", "xlsb", "xls", "ods"])
}

/// Whether what is written to this file is to be a workbook.
///
/// # Errors
/// When its name says another kind of workbook than is written.
pub fn is_written_as_workbook(path: &Path) -> Result<bool, &'static str> {
    match () {
        () if has_extension(path, &["xlsx"]) => Ok(true),
        () if is_named_like_workbook(path) => Err("workbooks are written as .xlsx only"),
        () => Ok(false),
    }
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    let own = path.extension().unwrap_or_default();
    extensions.iter().any(|extension| own.eq_ignore_ascii_case(extension))
}

/// A column's letters: 0 is `A`, 26 is `AA`.
fn push_letters(column: usize, out: &mut Vec<u8>) {
    if column >= 26 {
        push_letters(column / 26 - 1, out);
    }
    out.push(b'A' + (column % 26) as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workbook_is_known_by_its_first_bytes() {
        assert_eq!(begins_like_workbook(b""), None);
        assert_eq!(begins_like_workbook(b"PK"), None);
        assert_eq!(begins_like_workbook(b"PK\x03\x04\x14"), Some(true));
        assert_eq!(begins_like_workbook(&OLE[..7]), None);
        assert_eq!(begins_like_workbook(OLE), Some(true));
        assert_eq!(begins_like_workbook(b"customer_id"), Some(false));
        assert_eq!(begins_like_workbook(b"PKW,customer_id"), Some(false));
    }

    #[test]
    fn a_column_has_letters() {
        for (column, name) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (701, "ZZ"),
            (702, "AAA"),
            (16_383, "XFD"),
        ] {
            let mut letters = Vec::new();
            push_letters(column, &mut letters);
            assert_eq!(letters, name.as_bytes());
        }
    }
}
