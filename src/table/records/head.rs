//! What stands before the first row: marks, the delimiter, and the names of the columns.

use super::{MAX_ROW, REJECT_COLUMNS, ReadOptions, RecordReader};
use crate::table::dialect::{self, BOM};
use crate::table::encoding::read_some;
use crate::table::likely::{Likely, is_no_text};
use crate::table::lines::count_lines;
use crate::table::row::Page;
use crate::table::scan::{RecordIndex, scan};
use crate::table::{Header, TableError, unquote};
use std::io::Read;

/// How much is read at once while the header is looked for.
const HEAD_READ: usize = 8 << 10;

impl<R: Read> RecordReader<R> {
    /// Takes the byte order mark and the `sep=` line off, then the rows above the header, and learns the delimiter.
    pub(super) fn read_marks(&mut self, options: ReadOptions) -> Result<(Vec<u8>, Vec<u8>), TableError> {
        if let (Some(_), Some(delimiter)) = (options.sheet_row, options.delimiter) {
            self.dialect.delimiter = delimiter;
            let above = self.take_above(options.header_row, Some(delimiter))?;
            return Ok((Vec::new(), above));
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
        let above = self.take_above(options.header_row, told)?;
        self.dialect.delimiter = match told {
            Some(delimiter) => delimiter,
            None => {
                // as far as a line break that may end the header
                while !self.last && self.carry.len() < MAX_ROW && !dialect::ends_a_row(&self.carry) {
                    self.read_more()?;
                }
                dialect::detect_delimiter(&self.carry)
            }
        };
        Ok((bytes, above))
    }

    /// Takes the rows off that stand above the header. They have few cells, if any, and no say in what the delimiter is;
    /// where it is not told, a quote opens after any that it may be.
    fn take_above(&mut self, header_row: Option<u64>, delimiter: Option<u8>) -> Result<Vec<u8>, TableError> {
        let Some(row) = header_row else {
            return Ok(Vec::new());
        };
        let missing = TableError::NoHeaderRow(row);
        let Some(count) = row
            .checked_sub(self.next.row)
            .and_then(|rows| usize::try_from(rows).ok())
        else {
            return Err(missing);
        };
        let mut end = 0;
        for _ in 0..count {
            end += loop {
                let rest = &self.carry[end..];
                let row = match dialect::first_row(rest, delimiter, self.last) {
                    // a title's quote alone, where the delimiter is not known
                    Err(Some(_)) if self.last && delimiter.is_none() => dialect::first_row(rest, Some(b','), true),
                    row => row,
                };
                match row {
                    Ok(length) => break length,
                    Err(Some(quote)) if self.last => return Err(self.open_quote(end + quote)),
                    Err(_) if self.last || self.carry.len() > MAX_ROW => return Err(missing),
                    Err(_) => self.read_more()?,
                }
            };
        }
        let lines = count_lines(&self.carry[..end]);
        self.next = self.next.after(count as u64, lines);
        Ok(self.carry.drain(..end).collect())
    }

    pub(super) fn read_header(&mut self, options: ReadOptions) -> Result<Header, TableError> {
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
            let open_quote = rest.open_quote.map(|quote| self.open_quote(quote));
            return Err(open_quote.unwrap_or(TableError::Empty));
        };
        if record.length() > MAX_ROW {
            return Err(TableError::LongRow(self.next));
        }
        if options.drop_reject_columns {
            self.read_first_row(record.next as usize)?;
        }
        self.line_break = match &self.carry[record.end as usize..record.next as usize] {
            b"\r\n" => b"\r\n",
            b"\r" => b"\r",
            _ => b"\n",
        };
        if options.no_header {
            return Ok(Header::numbered(record.last_end as usize));
        }
        let page = Page::of(&self.carry, &index, self.cell_encoding());
        let mut row = page.row(&record, 0);
        if let Some(fault) = row.quote_fault() {
            let line_breaks = count_lines(row.raw());
            return Err(TableError::HeaderQuotes(self.next.spanning(line_breaks), fault));
        }
        let names: Option<Vec<_>> = (0..row.len())
            .map(|cell| row.text(cell).map(|text| text.trim_ascii().to_owned()))
            .collect();
        let unread = || match self.encoding.utf16() {
            Some(utf16) => TableError::HeaderEncoding(utf16.name(), None),
            None if is_no_text(&self.carry[..self.carry.len().min(HEAD_READ)]) => TableError::NoText,
            None => TableError::HeaderEncoding(self.encoding.name(), Likely::of_line(row.raw())),
        };
        let mut names = names.ok_or_else(unread)?;
        if options.drop_reject_columns
            && names.len() > REJECT_COLUMNS.len()
            && names[..2] == REJECT_COLUMNS
            && self.begins_with_number(record.next as usize)
        {
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

    /// Reads on until it can be told whether the columns of rejected rows stand before those of the list.
    fn read_first_row(&mut self, header_end: usize) -> Result<(), TableError> {
        let delimiter = self.dialect.delimiter;
        let (name, _) = first_cell(&self.carry[..header_end], delimiter);
        let may_be_of_rejects = unquote(name).trim_ascii() == REJECT_COLUMNS[0].as_bytes();
        let has_cell = |rows: &[u8]| first_cell(rows, delimiter).1;
        while may_be_of_rejects && !self.last && self.carry.len() < MAX_ROW && !has_cell(&self.carry[header_end..]) {
            self.read_more()?;
        }
        Ok(())
    }

    /// Whether the first row after the header begins with the number of a row, as rejected rows do. A list may have columns
    /// of these names of its own.
    fn begins_with_number(&self, header_end: usize) -> bool {
        let (cell, _) = first_cell(&self.carry[header_end..], self.dialect.delimiter);
        unquote(cell).trim_ascii().iter().all(u8::is_ascii_digit)
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
}

/// The first cell of the first row that has one, and whether it is there as a whole.
fn first_cell(rows: &[u8], delimiter: u8) -> (&[u8], bool) {
    let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let start = rows.iter().position(|byte| !is_break(byte)).unwrap_or(rows.len());
    let rows = &rows[start..];
    let end = rows.iter().position(|byte| *byte == delimiter || is_break(byte));
    (&rows[..end.unwrap_or(rows.len())], end.is_some())
}
