//! Reading: bytes in, chunks of whole records out, each with its index and its place in the list.
//!
//! A chunk is what one read gave, cut after its last whole record, so that rows of a slow pipe go on as they come;
//! the rest is the beginning of the next chunk. Chunks are filled again and again and grow only for a long row.

use super::dialect::{self, BOM};
use super::encoding::DecodingReader;
use super::scan::{Record, RecordIndex, Rest, scan};
use super::{CellNote, Dialect, Encoding, Header, Note, Place, SheetNotes, TableError, unquote};
use std::borrow::Cow;
use std::io::{self, Read};
use std::ops::Range;

/// The longest row, in bytes.
pub const MAX_ROW: usize = 8 << 20;

/// How much is read at once: small enough to stay in a core's cache together with what is made of it.
const READ: usize = 128 << 10;

/// A byte that stands in no text: between "cells" of a list that has one text a line.
const UNIT_SEPARATOR: u8 = 0x1f;

/// How much is read at once while the header is looked for.
const HEAD_READ: usize = 8 << 10;

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
    /// How its first record ends.
    line_break: &'static [u8],
    /// The last chunk was cut after a CR, as if no LF could follow.
    after_cr: bool,
    notes: Option<SheetNotes>,
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
            next: options
                .sheet_row
                .map_or(Place { row: 1, line: 1 }, |row| Place { row, line: 0 }),
            filled: 0,
            dropped: 0,
            line_break: b"\n",
            after_cr: false,
            notes: None,
        };
        let bytes = reader.read_marks(options)?;
        if encoding.hides(reader.dialect.delimiter) {
            let delimiter = char::from(reader.dialect.delimiter);
            return Err(TableError::HiddenDelimiter(delimiter, encoding.name()));
        }
        let header = reader.read_header(options)?;
        Ok((reader, Preamble { bytes, header }))
    }

    /// Starts over before the header, as a list of one text a line: what was taken for a header is its first line.
    #[must_use]
    pub fn into_lines(mut self, header: &Header) -> Self {
        let rest = std::mem::take(&mut self.carry);
        self.carry = [header.raw(), header.line_break(), &rest].concat();
        self.unscanned = true;
        self.dialect.delimiter = UNIT_SEPARATOR;
        self.next.row = header.row();
        if self.next.line > 0 {
            self.next.line -= count_lines(&self.carry[..self.carry.len() - rest.len()]).max(1);
        }
        self
    }

    /// How the list is written.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The encoding of the list's cells.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// How the list ends its lines, as its first record does.
    #[must_use]
    pub fn line_break(&self) -> &'static [u8] {
        self.line_break
    }

    /// Has the notes of a sheet's cells go with its rows.
    #[must_use]
    pub fn with_notes(mut self, notes: SheetNotes) -> Self {
        self.notes = Some(notes);
        self
    }

    /// Takes the byte order mark and the `sep=` line off and learns the delimiter.
    fn read_marks(&mut self, options: ReadOptions) -> Result<Vec<u8>, TableError> {
        if let (Some(_), Some(delimiter)) = (options.sheet_row, options.delimiter) {
            self.dialect.delimiter = delimiter;
            return Ok(Vec::new());
        }
        // a mark may arrive in several reads
        while !self.last && BOM.starts_with(&self.carry) {
            self.read_more()?;
        }
        let mut marks = 0;
        if self.carry.starts_with(BOM) {
            self.dialect.bom = true;
            marks = BOM.len();
        }
        let sep = loop {
            match dialect::sep_line(&self.carry[marks..], self.last) {
                Some(sep) => break sep,
                None => self.read_more()?,
            }
        };
        if let Some((_, length)) = sep {
            self.dialect.sep_line = true;
            self.next.line += 1;
            marks += length;
        }
        let bytes: Vec<u8> = self.carry.drain(..marks).collect();
        let told = options.delimiter.or(sep.map(|(delimiter, _)| delimiter));
        self.dialect.delimiter = match told {
            Some(delimiter) => delimiter,
            None => {
                self.read_line()?;
                dialect::detect_delimiter(&self.carry)
            }
        };
        Ok(bytes)
    }

    /// Reads until a line break that may end the header.
    fn read_line(&mut self) -> Result<(), TableError> {
        let ends_a_line = |bytes: &[u8]| {
            let mut even = true;
            bytes.iter().any(|byte| {
                even ^= *byte == b'"';
                even && matches!(byte, b'\n' | b'\r')
            })
        };
        while !self.last && self.carry.len() < MAX_ROW && !ends_a_line(&self.carry) {
            self.read_more()?;
        }
        Ok(())
    }

    fn read_header(&mut self, options: ReadOptions) -> Result<Header, TableError> {
        let mut index = RecordIndex::default();
        let rest = loop {
            let rest = scan(&self.carry, self.dialect.delimiter, self.last, &mut index);
            if !index.records.is_empty() || self.last {
                break rest;
            }
            if self.carry.len() > MAX_ROW {
                return Err(self.too_long(rest.open_quote));
            }
            self.read_more()?;
        };
        let Some(&record) = index.records.first() else {
            return match rest.open_quote {
                Some(quote) => Err(self.open_quote(quote)),
                None => Err(TableError::Empty),
            };
        };
        if record.length() > MAX_ROW {
            return Err(TableError::LongRow(self.next));
        }
        self.line_break = match &self.carry[record.end as usize..record.next as usize] {
            b"\r\n" => b"\r\n",
            b"\r" => b"\r",
            _ => b"\n",
        };
        let ends = index.ends[..cells_of(&index, 0)].to_vec();
        if options.no_header {
            return Ok(Header::numbered(ends.len()));
        }
        let mut row = Row {
            bytes: &self.carry,
            encoding: self.cell_encoding(),
            whole: None,
            record,
            ends: &ends,
            notes: &[],
            dropped: 0,
        };
        let names: Option<Vec<_>> = (0..row.len())
            .map(|cell| row.text(cell).map(|text| text.trim_ascii().to_owned()))
            .collect();
        let mut names = names.ok_or(TableError::HeaderEncoding(self.encoding.name()))?;
        if options.drop_reject_columns && names.len() > REJECT_COLUMNS.len() && names[..2] == REJECT_COLUMNS {
            self.dropped = REJECT_COLUMNS.len();
            names.drain(..self.dropped);
            row = row.without(self.dropped);
        }
        let next = record.next as usize;
        let mut header = Header::named(names, row.raw().to_vec(), row.line_break().to_vec());
        header.row = self.next.row;
        let lines = count_lines(&self.carry[..next]).max(1);
        self.next = self.next.after(1, lines);
        self.carry.drain(..next);
        Ok(header)
    }

    /// The encoding of the rows that are given out: UTF-16 has become UTF-8 already.
    #[must_use]
    pub fn cell_encoding(&self) -> Encoding {
        match self.encoding.is_utf16() {
            true => Encoding::default(),
            false => self.encoding,
        }
    }

    fn read_more(&mut self) -> Result<(), TableError> {
        let length = self.carry.len();
        // in steps that grow: what was read is looked through again after each
        self.carry.resize(length + HEAD_READ.max(length), 0);
        let read = read_some(&mut self.input, &mut self.carry[length..])?;
        self.carry.truncate(length + read);
        self.last = read == 0;
        Ok(())
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
        chunk.encoding = self.cell_encoding();
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
            let place = Place {
                row: self.next.row,
                line: self.next.line + count_lines(&chunk.buffer[rest..quote]),
            };
            return Err(TableError::OpenQuote(place));
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
        TableError::OpenQuote(Place {
            row: self.next.row,
            line: self.next.line + count_lines(&self.carry[..quote]),
        })
    }

    fn too_long(&self, open_quote: Option<usize>) -> TableError {
        match open_quote {
            Some(quote) => self.open_quote(quote),
            None => TableError::LongRow(self.next),
        }
    }
}

pub(super) fn read_some(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match input.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// How many line breaks there are: LF, CRLF, or CR alone.
fn count_lines(bytes: &[u8]) -> u64 {
    let breaks = |(place, byte): (usize, &u8)| match byte {
        b'\n' => true,
        b'\r' => bytes.get(place + 1) != Some(&b'\n'),
        _ => false,
    };
    bytes.iter().enumerate().filter(|at| breaks(*at)).count() as u64
}

/// Whole records of a list, in a buffer that is filled again.
#[derive(Debug)]
pub struct Chunk {
    buffer: Vec<u8>,
    /// Where the whole records end.
    length: usize,
    /// Where the bytes that were read end.
    filled_to: usize,
    index: RecordIndex,
    first: Place,
    first_filled: u64,
    dropped: usize,
    encoding: Encoding,
    notes: Vec<CellNote>,
    /// Its first record is no row but the end of a line break that was cut.
    joined: bool,
}

impl Default for Chunk {
    fn default() -> Self {
        Self {
            buffer: Vec::new(),
            length: 0,
            filled_to: 0,
            index: RecordIndex::default(),
            first: Place { row: 1, line: 1 },
            first_filled: 0,
            dropped: 0,
            encoding: Encoding::default(),
            notes: Vec::new(),
            joined: false,
        }
    }
}

impl Chunk {
    fn start_with(&mut self, carry: &[u8]) {
        if self.buffer.len() < carry.len() {
            self.buffer.resize(carry.len(), 0);
        }
        self.buffer[..carry.len()].copy_from_slice(carry);
        self.filled_to = carry.len();
    }

    /// The bytes of its records.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.buffer[..self.length]
    }

    /// How many records there are, blank ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.index.records.len()
    }

    /// Whether there are no records.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.index.records.is_empty()
    }

    /// The row of its first record, as a spreadsheet numbers it.
    #[must_use]
    pub fn first_row(&self) -> u64 {
        self.first.row
    }

    /// The line of its first record.
    #[must_use]
    pub fn first_line(&self) -> u64 {
        self.first.line
    }

    /// How many records that are not blank stand before this chunk.
    #[must_use]
    pub fn filled_before(&self) -> u64 {
        self.first_filled
    }

    /// Whether its first record is the end of the line break before it: to be kept, and not to be counted.
    #[must_use]
    pub fn begins_in_line_break(&self) -> bool {
        self.joined
    }

    /// The records in their order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        // one check of all bytes costs a tenth of one a cell
        let whole = match self.encoding.is_utf8() {
            true => simdutf8::basic::from_utf8(self.bytes()).ok(),
            false => None,
        };
        let records = &self.index.records;
        records.iter().enumerate().map(move |(number, &record)| {
            let row = Row {
                bytes: &self.buffer,
                encoding: self.encoding,
                whole,
                record,
                ends: &self.index.ends[record.first_end as usize..cells_of(&self.index, number)],
                notes: self.notes_of(number),
                dropped: 0,
            };
            match self.dropped {
                0 => row,
                cells => row.without(cells),
            }
        })
    }

    /// What is noted of a record's cells.
    #[inline]
    fn notes_of(&self, number: usize) -> &[CellNote] {
        if self.notes.is_empty() {
            return &[];
        }
        let row = self.first.row + number as u64;
        let start = self.notes.partition_point(|note| note.row < row);
        let end = self.notes.partition_point(|note| note.row <= row);
        &self.notes[start..end]
    }

    /// Where a record stands in the list; `number` counts from 0 in this chunk.
    #[must_use]
    pub fn place(&self, number: usize) -> Place {
        let start = self.index.records[number].start as usize;
        self.first.after(number as u64, count_lines(&self.buffer[..start]))
    }
}

/// Where the ends of a record's cells end in the index.
#[inline]
fn cells_of(index: &RecordIndex, number: usize) -> usize {
    match index.records.get(number + 1) {
        Some(next) => next.first_end as usize,
        None => index.ends.len(),
    }
}

/// One record.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    bytes: &'a [u8],
    encoding: Encoding,
    /// The same bytes, where all of the chunk is UTF-8.
    whole: Option<&'a str>,
    record: Record,
    ends: &'a [u32],
    /// Of a workbook's row.
    notes: &'a [CellNote],
    /// How many leading cells were passed over.
    dropped: usize,
}

impl<'a> Row<'a> {
    /// Its bytes as they were read, without the line break.
    #[inline]
    #[must_use]
    pub fn raw(&self) -> &'a [u8] {
        &self.bytes[self.record.start as usize..self.record.end as usize]
    }

    /// Its line break as it was read; empty for a last row without one.
    #[inline]
    #[must_use]
    pub fn line_break(&self) -> &'a [u8] {
        &self.bytes[self.record.end as usize..self.record.next as usize]
    }

    /// How many lines it takes, line breaks within quotes counted.
    #[must_use]
    pub fn lines(&self) -> u64 {
        1 + count_lines(self.raw())
    }

    /// How many cells it has.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it has no cell: never so, an empty line has one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Whether no cell is filled.
    #[inline]
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.record.blank
    }

    /// Whether all of its bytes are in the list's encoding.
    #[inline]
    #[must_use]
    pub fn is_decodable(&self) -> bool {
        self.whole.is_some() || self.encoding.decode(self.raw()).is_some()
    }

    /// The list's encoding.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    #[inline]
    fn range(&self, column: usize) -> Range<usize> {
        let start = match column {
            0 => self.record.start,
            _ => self.ends[column - 1] + 1,
        };
        start as usize..self.ends[column] as usize
    }

    /// A cell's bytes as they were read, quotes included.
    ///
    /// # Panics
    /// When the row has no such column.
    #[inline]
    #[must_use]
    pub fn cell(&self, column: usize) -> &'a [u8] {
        &self.bytes[self.range(column)]
    }

    /// What a cell says, without quotes; `None` when it is not in the list's encoding.
    ///
    /// # Panics
    /// When the row has no such column.
    #[inline]
    #[must_use]
    pub fn text(&self, column: usize) -> Option<Cow<'a, str>> {
        let range = self.range(column);
        match self.whole {
            Some(whole) if self.bytes.get(range.start) != Some(&b'"') => whole.get(range).map(Cow::Borrowed),
            _ => self.quoted_text(column),
        }
    }

    fn quoted_text(&self, column: usize) -> Option<Cow<'a, str>> {
        match unquote(self.cell(column)) {
            Cow::Borrowed(bytes) => self.encoding.decode(bytes),
            Cow::Owned(bytes) => Some(Cow::Owned(self.encoding.decode(&bytes)?.into_owned())),
        }
    }

    /// The row without its first cells, where it has more than those.
    fn without(mut self, cells: usize) -> Self {
        if self.ends.len() > cells {
            self.record.start = self.ends[cells - 1] + 1;
            self.ends = &self.ends[cells..];
            self.dropped = cells;
        }
        self
    }

    /// The first of its cells that holds an error of a workbook, and the error.
    #[inline]
    #[must_use]
    pub fn cell_error(&self) -> Option<(usize, &'static str)> {
        self.notes.iter().find_map(|note| match note.note {
            Note::Error(error) => Some((note.column.checked_sub(self.dropped)?, error)),
            Note::ShownWithMore => None,
        })
    }

    /// Whether a workbook shows a cell's number with more than the value has, such as leading zeros.
    #[inline]
    #[must_use]
    pub fn is_shown_with_more(&self, column: usize) -> bool {
        let column = column + self.dropped;
        let mut notes = self.notes.iter();
        notes.any(|note| note.column == column && note.note == Note::ShownWithMore)
    }
}
