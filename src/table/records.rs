//! Reading: bytes in, chunks of whole records out, each with its index and its place in the list.
//!
//! A chunk is what one read gave, cut after its last whole record, so that rows of a slow pipe go on as they come;
//! the rest is the beginning of the next chunk. Chunks are filled again and again and grow only for a long row.

mod head;

use super::dialect::first_row;
use super::encoding::{DecodingReader, read_some};
use super::lines::count_lines;
use super::scan::{RecordIndex, Rest, scan};
use super::{Chunk, Dialect, Encoding, Header, Place, SheetNotes, TableError, detect_delimiter, unquote};
use std::io::Read;

/// The longest row, in bytes.
pub const MAX_ROW: usize = 8 << 20;

/// How much is read at once: small enough to stay in a core's cache together with what is made of it.
pub(super) const READ: usize = 128 << 10;

/// A byte that stands in no text: between "cells" of a list that has one text a line.
pub(super) const UNIT_SEPARATOR: u8 = 0x1f;

/// Reads the records of a list.
#[derive(Debug)]
pub struct RecordReader<R> {
    input: DecodingReader<R>,
    dialect: Dialect,
    encoding: Encoding,
    /// What was read and not given out yet.
    carry: Vec<u8>,
    /// Whether the carry may hold whole records.
    unscanned: bool,
    last: bool,
    next: Place,
    filled: u64,
    /// How many leading cells of each record are passed over.
    dropped: usize,
    /// Of a list of one text a line: what would stand between the cells of such a text.
    text_delimiter: Option<u8>,
    /// How the list ends its lines, as its first record does.
    pub(crate) line_break: &'static [u8],
    /// The last chunk was cut after a CR, as if no LF could follow.
    after_cr: bool,
    /// Those of a sheet's cells, which go with its rows.
    pub notes: Option<SheetNotes>,
    /// Whether the rows become those of a sheet, whose cells are not as long as any.
    pub for_sheet: bool,
}

/// How to read a list.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReadOptions {
    /// The delimiter, where it is not to be found out.
    pub delimiter: Option<u8>,
    /// The encoding, where it is not UTF-8 or told by a byte order mark.
    pub encoding: Option<Encoding>,
    /// The first record is a customer already.
    pub no_header: bool,
    /// The first record names the columns, even if it looks like a customer.
    pub header: bool,
    /// The row that the header is, as a spreadsheet numbers it, where others stand above it.
    pub header_row: Option<u64>,
    /// Pass over the columns that [`REJECT_COLUMNS`] names, where the header begins with them.
    pub drop_reject_columns: bool,
    /// The row of a sheet that the list begins with, where it comes from one: then there are no marks and no lines.
    pub sheet_row: Option<u64>,
}

/// What stands before a rejected row: a corrected list of such rows can be fed again as it is.
pub const REJECT_COLUMNS: [&str; 2] = ["row", "error"];

/// What stands before the first row.
#[derive(Debug)]
pub struct Preamble {
    /// Byte order mark and `sep=` line, to be kept.
    pub bytes: Vec<u8>,
    /// The rows above the header, to be kept.
    pub(crate) above: Vec<u8>,
    /// The names.
    pub header: Header,
}

impl<R: Read> RecordReader<R> {
    /// Reads as far as the header.
    ///
    /// # Errors
    /// When it can't be read, there is nothing, or the header never ends or is not UTF-8.
    pub fn open(input: R, options: ReadOptions) -> Result<(Self, Preamble), TableError> {
        let (input, encoding) = DecodingReader::new(input, options.encoding)?;
        let mut reader = Self {
            input,
            encoding,
            dialect: Dialect {
                delimiter: b',',
                bom: false,
                sep_line: false,
            },
            carry: Vec::new(),
            unscanned: true,
            last: false,
            next: options.sheet_row.map_or(Place::new(1, 1), |row| Place::new(row, 0)),
            filled: 0,
            dropped: 0,
            text_delimiter: None,
            line_break: b"\n",
            after_cr: false,
            notes: None,
            for_sheet: false,
        };
        let (bytes, above) = reader.read_marks(options)?;
        if encoding.hides(reader.dialect.delimiter) {
            let delimiter = char::from(reader.dialect.delimiter);
            return Err(TableError::HiddenDelimiter(delimiter, encoding.name()));
        }
        let header = reader.read_header(options)?;
        Ok((reader, Preamble { bytes, above, header }))
    }

    /// The cells of the rows after the header, as far as they were read with it: so that a header can be found there.
    pub fn rows_ahead(&self) -> impl Iterator<Item = (u64, Vec<String>)> + '_ {
        const MOST: usize = 20;
        let mut rest = self.carry.as_slice();
        // the last may be cut
        let rows = std::iter::from_fn(move || {
            let end = first_row(rest, None, true).unwrap_or(rest.len());
            let (row, after) = rest.split_at(end);
            rest = after;
            (end > 0).then_some(row)
        });
        rows.take(MOST).zip(self.next.row..).map(|(line, row)| {
            let delimiter = detect_delimiter(line);
            let cells = line.split(|byte| *byte == delimiter);
            let text = |cell: &[u8]| {
                let cell = unquote(cell.trim_ascii()).into_owned();
                String::from_utf8_lossy(&cell).trim().to_owned()
            };
            (row, cells.map(text).collect())
        })
    }

    /// Starts over before the header, as a list of one text a line: what was taken for a header is its first line.
    #[must_use]
    pub fn into_lines(mut self, header: &Header) -> Self {
        let rest = std::mem::take(&mut self.carry);
        self.carry = [header.raw(), &header.line_break, &rest].concat();
        self.unscanned = true;
        self.text_delimiter = Some(self.dialect.delimiter);
        self.dialect.delimiter = UNIT_SEPARATOR;
        let lines = count_lines(&self.carry[..self.carry.len() - rest.len()]).max(1);
        self.next = Place::new(header.row(), self.next.line.saturating_sub(lines));
        self
    }

    /// How the list is written.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Whether the columns [`REJECT_COLUMNS`] stood before those of the list, and were passed over.
    #[must_use]
    pub fn is_of_rejects(&self) -> bool {
        self.dropped > 0
    }

    /// The encoding of the list's cells.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The encoding of the rows that are given out: UTF-16 has become UTF-8 already.
    #[must_use]
    pub fn cell_encoding(&self) -> Encoding {
        match self.encoding.utf16().is_some() {
            true => Encoding::default(),
            false => self.encoding,
        }
    }

    /// How many bytes of the list were read, as they came.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.input.count()
    }

    /// Fills `chunk` with the next whole records; `false` at the end of the list.
    ///
    /// # Errors
    /// When it can't be read, a quote never closes, or a row is longer than [`MAX_ROW`].
    pub fn fill(&mut self, chunk: &mut Chunk) -> Result<bool, TableError> {
        chunk.start_with(&self.carry);
        chunk.joined = false;
        let mut length = self.carry.len();
        self.carry.clear();
        let mut waits = true;
        chunk.first = self.next;
        chunk.first_filled = self.filled;
        chunk.dropped = self.dropped;
        chunk.text_delimiter = self.text_delimiter;
        chunk.encoding = self.cell_encoding();
        chunk.for_sheet = self.for_sheet;
        loop {
            if !std::mem::take(&mut self.unscanned) {
                let read = self.read_into(chunk, length)?;
                length += read;
                waits = read < READ;
            }
            self.join_line_break(chunk, length);
            let rest = self.scan_chunk(chunk, length, waits);
            if let Some(record) = chunk.index.records.first()
                && record.length() > MAX_ROW
            {
                return Err(TableError::LongRow(chunk.first));
            }
            if !chunk.index.records.is_empty() || self.last {
                if self.last
                    && let Some(quote) = rest.open_quote
                {
                    return self.end_at_open_quote(chunk, rest.start, quote);
                }
                self.carry.extend_from_slice(&chunk.buffer[rest.start..length]);
                chunk.length = rest.start;
                chunk.read = self.bytes_read();
                self.advance(&chunk.index);
                chunk.notes.clear();
                if let Some(notes) = &self.notes {
                    notes.take_before(self.next.row, &mut chunk.notes);
                }
                return Ok(!chunk.index.records.is_empty());
            }
            if length > MAX_ROW {
                chunk.length = 0;
                self.carry.extend_from_slice(&chunk.buffer[..length]);
                return Err(self.too_long(rest.open_quote));
            }
        }
    }

    /// Indexes what was read. Where lines end in a lone CR and nothing more is at hand, the last CR ends its record: it
    /// must not wait for a byte that may come much later.
    fn scan_chunk(&mut self, chunk: &mut Chunk, length: usize, waits: bool) -> Rest {
        let bytes = &chunk.buffer[..length];
        let rest = scan(bytes, self.dialect.delimiter, self.last, &mut chunk.index);
        let pending = waits && self.line_break == b"\r" && bytes.ends_with(b"\r");
        self.after_cr = pending && !self.last && rest.open_quote.is_none();
        match self.after_cr {
            true => scan(bytes, self.dialect.delimiter, true, &mut chunk.index),
            false => rest,
        }
    }

    /// An LF after such a CR belongs to the line break before it, and is no row.
    fn join_line_break(&mut self, chunk: &mut Chunk, length: usize) {
        if length > 0 && std::mem::take(&mut self.after_cr) && chunk.buffer[0] == b'\n' {
            chunk.joined = true;
            self.next = self.next.before();
            chunk.first = self.next;
        }
    }

    /// The records before an open quote are given out first; the next call says the error.
    fn end_at_open_quote(&mut self, chunk: &mut Chunk, rest: usize, quote: usize) -> Result<bool, TableError> {
        chunk.length = rest;
        self.advance(&chunk.index);
        if chunk.index.records.is_empty() {
            let lines = count_lines(&chunk.buffer[rest..quote]);
            return Err(TableError::OpenQuote(self.next.after(0, lines)));
        }
        let end = chunk.filled_to;
        self.carry.extend_from_slice(&chunk.buffer[rest..end]);
        self.unscanned = true;
        Ok(true)
    }

    fn read_into(&mut self, chunk: &mut Chunk, length: usize) -> Result<usize, TableError> {
        // a row longer than a chunk is read in steps that grow, so that it is not scanned a hundred times
        let room = READ.max(length);
        if chunk.buffer.len() < length + room {
            chunk.buffer.resize(length + room, 0);
        }
        let read = match self.last {
            true => 0,
            false => read_some(&mut self.input, &mut chunk.buffer[length..length + room])?,
        };
        self.last = read == 0;
        chunk.filled_to = length + read;
        Ok(read)
    }

    fn advance(&mut self, index: &RecordIndex) {
        self.next = self.next.after(index.records.len() as u64, index.lines);
        self.filled += index.filled as u64;
    }

    fn open_quote(&self, quote: usize) -> TableError {
        TableError::OpenQuote(self.next.after(0, count_lines(&self.carry[..quote])))
    }

    fn too_long(&mut self, open_quote: Option<usize>) -> TableError {
        match open_quote {
            Some(quote) if !self.has_quote_ahead() => self.open_quote(quote),
            _ => TableError::LongRow(self.next),
        }
    }

    /// Whether a quote is still to come. It reads on to find it, and nothing of what it reads is kept.
    fn has_quote_ahead(&mut self) -> bool {
        let mut buffer = vec![0; READ];
        loop {
            match read_some(&mut self.input, &mut buffer) {
                Ok(0) | Err(_) => return false,
                Ok(read) if memchr::memchr(b'"', &buffer[..read]).is_some() => return true,
                Ok(_) => {}
            }
        }
    }
}
