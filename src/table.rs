//! A customer list as it really comes: its encoding, dialect, records and columns. Knows no token.
//!
//! The bytes of a list are never rewritten: a chunk holds them as they were read, with an index of where its
//! records and cells lie.

mod assembled;
mod chunk;
mod code_page;
mod columns;
mod dialect;
mod encoding;
mod formula;
mod likely;
mod lines;
mod names;
mod notes;
mod quotes;
mod records;
mod row;
mod scan;
pub mod workbook;

pub(crate) use assembled::MOST;
pub use chunk::{Chunk, Places};
pub use columns::{ColumnError, Header};
pub use dialect::{Dialect, detect_delimiter, is_delimiter};
pub use encoding::{DecodingReader, Encoding};
pub use formula::guarded;
pub use likely::{Likely, NO_TEXT, is_no_text, likely};
pub use names::is_alike;
pub(crate) use notes::CELL_ERRORS;
pub use notes::{CellNote, Note, SheetNotes};
pub use quotes::QuoteFault;
pub use records::{MAX_ROW, Preamble, REJECT_COLUMNS, ReadOptions, RecordReader};
pub use row::{Page, Row};
pub use scan::{RecordIndex, Rest, scan};

use std::borrow::Cow;
use std::io;

/// Whether the encoding of that name is UTF-16, which a mark tells and nobody doubts.
#[must_use]
pub fn is_utf16(name: &str) -> bool {
    name.starts_with("UTF-16")
}

/// What to do about bytes that are not in the encoding of that name.
#[must_use]
pub fn encoding_hint(name: &str) -> &'static str {
    match is_utf16(name) {
        true => "the list is damaged there; export it again, or save it as \"CSV UTF-8\" in the spreadsheet",
        false => "say which encoding the list is in, as windows-1252, or save it as \"CSV UTF-8\" in the spreadsheet",
    }
}

/// A place in a list as a person finds it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// As a spreadsheet numbers it: the header is 1, a `sep=` line is not counted.
    pub row: u64,
    /// The physical line, from 1; 0 in a workbook, which has none.
    pub line: u64,
    /// The last line of a row that spans several, else the same line.
    pub last_line: u64,
}

impl Place {
    /// The start of a row.
    fn new(row: u64, line: u64) -> Self {
        let last_line = line;
        Self { row, line, last_line }
    }

    /// Its lines in words; nothing in a workbook.
    #[must_use]
    pub fn lines(&self) -> Option<String> {
        match (self.line, self.last_line) {
            (0, _) => None,
            (first, last) if last > first => Some(format!("lines {first} to {last}")),
            (line, _) => Some(format!("line {line}")),
        }
    }

    /// Whether it takes more than one line.
    #[must_use]
    pub fn spans_lines(&self) -> bool {
        self.last_line > self.line
    }

    /// The same place, with so many line breaks within the row.
    fn spanning(self, line_breaks: u64) -> Self {
        let last_line = if self.line == 0 { 0 } else { self.line + line_breaks };
        Self { last_line, ..self }
    }

    /// The place one row and one line further back.
    fn before(self) -> Self {
        Self::new(self.row.saturating_sub(1), self.line.saturating_sub(1))
    }

    /// The place so many rows and lines further on.
    fn after(self, rows: u64, lines: u64) -> Self {
        let line = if self.line == 0 { 0 } else { self.line + lines };
        Self::new(self.row + rows, line)
    }
}

/// Why a list can't be read on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// The system said no.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// There is not even a header.
    #[error("the list is empty")]
    Empty,
    /// A quote opens here and never closes.
    #[error("a quote opens here and never closes")]
    OpenQuote(Place),
    /// The header's quotes are misplaced, so that it may hold other rows.
    #[error("{1}")]
    HeaderQuotes(Place, QuoteFault),
    /// A row is longer than [`MAX_ROW`].
    #[error("a row is longer than {} MiB", MAX_ROW >> 20)]
    LongRow(Place),
    /// The list has no such row, so that it can't be the header.
    #[error("there is no row {0} that could be the header")]
    NoHeaderRow(u64),
    /// What was read is no text at all.
    #[error("it is no text")]
    NoText,
    /// The header has bytes that are not in this encoding.
    #[error("the header is not {0}")]
    HeaderEncoding(&'static str, Option<Box<Likely>>),
    /// The delimiter can't be told from parts of other characters in this encoding.
    #[error("in {1}, {0} can be a part of another character and can't stand between cells")]
    HiddenDelimiter(char, &'static str),
}

impl TableError {
    /// Where it went wrong, as far as that is a place in the list.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        match self {
            TableError::OpenQuote(place) | TableError::LongRow(place) | TableError::HeaderQuotes(place, _) => {
                Some(*place)
            }
            TableError::HeaderEncoding(..) => Some(Place::new(1, 1)),
            _ => None,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            TableError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Some("the compressed file is cut short; fetch or export it again")
            }
            TableError::Io(error) => match error.kind() {
                io::ErrorKind::Unsupported => Some("unpack it first"),
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::Other => {
                    Some("the file is damaged, or not compressed as its name says")
                }
                _ => None,
            },
            TableError::Empty => Some("the first line names the columns, each line after it is a customer"),
            TableError::OpenQuote(_) => Some("close the quote, or double it where it is meant as a character: \"\""),
            TableError::HeaderQuotes(..) => Some(QuoteFault::HINT),
            TableError::LongRow(_) => Some("most likely a quote opens in that row and closes much later"),
            TableError::NoHeaderRow(_) => {
                Some("give the row as a spreadsheet numbers it; the first filled one of a sheet may be lower")
            }
            TableError::NoText => Some(NO_TEXT),
            TableError::HeaderEncoding(name, _) => Some(encoding_hint(name)),
            TableError::HiddenDelimiter(..) => Some("convert the list to UTF-8 first"),
        }
    }
}

/// What a cell says, without its quotes: a doubled quote is one, and what follows a closing quote is as it stands.
#[must_use]
pub fn unquote(cell: &[u8]) -> Cow<'_, [u8]> {
    let Some((b'"', inner)) = cell.split_first() else {
        return Cow::Borrowed(cell);
    };
    match memchr::memchr(b'"', inner) {
        None => Cow::Borrowed(inner),
        Some(end) if end + 1 == inner.len() => Cow::Borrowed(&inner[..end]),
        Some(_) => Cow::Owned(unquote_doubled(inner)),
    }
}

fn unquote_doubled(mut inner: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(inner.len());
    while let Some(end) = memchr::memchr(b'"', inner) {
        text.extend_from_slice(&inner[..end]);
        inner = &inner[end + 1..];
        match inner.first() {
            Some(b'"') => {
                text.push(b'"');
                inner = &inner[1..];
            }
            _ => break,
        }
    }
    text.extend_from_slice(inner);
    text
}

/// Appends a cell, in quotes where it holds the delimiter, a quote or a line break.
pub(crate) fn push_cell(text: &[u8], delimiter: u8, out: &mut Vec<u8>) {
    let plain = |byte: &u8| !matches!(*byte, b'"' | b'\n' | b'\r') && *byte != delimiter;
    if text.iter().all(plain) {
        out.extend_from_slice(text);
        return;
    }
    out.push(b'"');
    for &byte in text {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_taken_off_as_csv_core_does() {
        let table: [(&[u8], &[u8]); 9] = [
            (b"", b""),
            (b"plain", b"plain"),
            (b"mid\"dle", b"mid\"dle"),
            (b"\"\"", b""),
            (b"\"a,b\"", b"a,b"),
            (b"\"a \"\"b\"\" c\"", b"a \"b\" c"),
            (b"\"\"\"\"", b"\""),
            (b"\"a\"b", b"ab"),
            (b"\"a\"b\"c\"", b"ab\"c\""),
        ];
        for (cell, text) in table {
            assert_eq!(&*unquote(cell), text, "{cell:?}");
        }
    }

    #[test]
    fn a_written_cell_reads_back() {
        for text in ["", "a", "a,b", "\"", "a\nb", "\r", ";"] {
            let mut cell = Vec::new();
            push_cell(text.as_bytes(), b',', &mut cell);
            assert_eq!(&*unquote(&cell), text.as_bytes());
        }
    }
}
