//! Excel workbooks as lists: a sheet is read as the CSV that it would be, and CSV is written as a sheet.
//!
//! So records, row rules and the worker pool know nothing of workbooks. A cell's text is its value, not its display
//! format: an id has no `.0`, a date is ISO. What that text can't say runs beside it as [`super::CellNote`]s. The
//! recognising is always compiled, so that a build without the feature `xlsx` can say what it lacks.

#[cfg(feature = "xlsx")]
mod built;
mod error;
#[cfg(not(feature = "xlsx"))]
mod none;

#[cfg(feature = "xlsx")]
pub use built::{SheetWriter, open, serve};
#[cfg(not(feature = "xlsx"))]
pub use none::{SheetWriter, open, serve};

pub use error::{Disguise, WorkbookError};

use super::SheetNotes;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The rows of a sheet in Excel, of .xlsx and later.
pub(crate) const MAX_ROWS: u32 = 1_048_576;
/// The columns.
pub(crate) const MAX_COLUMNS: usize = 16_384;
/// The characters of a cell, counted as Excel does: in units of UTF-16.
pub(crate) const MAX_TEXT: usize = 32_767;

/// A workbook's bytes.
#[derive(Debug)]
pub enum Book {
    /// A file, in which the parts lie anywhere.
    File(File),
    /// What came through a pipe.
    Memory(Vec<u8>),
}

/// Who reads workbooks.
///
/// Workbooks come from anywhere, and what reads the binary kinds, .xls and .xlsb, can be brought by a hostile file to
/// end the process or to compute for ever. A process of its own keeps that from the caller, with limits of memory and
/// time, and without anything of the caller's but the file.
#[derive(Clone, Debug)]
pub enum WorkbookReader {
    /// This process, on a thread. Sizes that a workbook claims are checked against the file's, and that is all: so
    /// only workbooks from a known source should be read this way.
    InProcess,
    /// A process that calls [`serve`] with the options that stand in its last arguments: the delimiter as a number and,
    /// where one was named, the sheet after `--sheet=`.
    Process {
        /// What to start.
        program: PathBuf,
        /// Before those of the sheet.
        arguments: Vec<OsString>,
    },
}

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
    /// The names of the other sheets with cells.
    pub others: Vec<String>,
    /// The first row with a filled cell, from 1: the rows above it are not given out.
    pub first_row: u64,
    /// Its rows as CSV, from `first_row` on.
    pub rows: Box<dyn Read + Send>,
    /// What the text of its cells can't say.
    pub notes: SheetNotes,
}

/// How every ZIP archive with something in it begins: .xlsx, .xlsm, .xlsb and .ods are such.
const ZIP: &[u8] = b"PK\x03\x04";
/// How an OLE compound file begins: .xls, and any workbook under a password.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// So many bytes tell whether something is a workbook.
const MARK: usize = OLE.len();

/// The first bytes of a list, as many as tell whether it can be a workbook, and whether it can.
///
/// # Errors
/// When it can't be read.
pub fn head(source: &mut impl Read) -> io::Result<(Vec<u8>, bool)> {
    let mut head = Vec::new();
    while begins_like_workbook(&head).is_none() {
        let mut some = [0; MARK];
        match source.read(&mut some[..MARK - head.len()])? {
            0 => break,
            read => head.extend_from_slice(&some[..read]),
        }
    }
    let is_workbook = begins_like_workbook(&head) == Some(true);
    Ok((head, is_workbook))
}

/// Whether a file that begins so can be a workbook. `None`: more bytes are needed to tell, up to [`MARK`].
fn begins_like_workbook(head: &[u8]) -> Option<bool> {
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
