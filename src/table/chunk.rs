//! Whole records of a list, in a buffer that is filled again.

use super::lines::count_lines;
use super::row::Page;
use super::scan::RecordIndex;
use super::{CellNote, Encoding, Place};

/// Whole records of a list.
#[derive(Debug, Default)]
pub struct Chunk {
    pub(super) buffer: Vec<u8>,
    /// Where the whole records end.
    pub(super) length: usize,
    /// Where the bytes that were read end.
    pub(super) filled_to: usize,
    /// How many bytes of the list were read by then.
    pub(crate) read: u64,
    pub(super) index: RecordIndex,
    /// Where its first record stands.
    pub(crate) first: Place,
    pub(super) first_filled: u64,
    pub(super) dropped: usize,
    pub(super) text_delimiter: Option<u8>,
    pub(super) encoding: Encoding,
    pub(super) notes: Vec<CellNote>,
    pub(super) for_sheet: bool,
    /// Its first record is no row but the end of a line break that was cut: to be kept, and not to be counted.
    pub(crate) joined: bool,
    /// Its rows were put together of columns.
    pub(super) of_columns: bool,
}

impl Chunk {
    pub(super) fn start_with(&mut self, carry: &[u8]) {
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
    pub(crate) fn len(&self) -> usize {
        self.index.records.len()
    }

    /// Whether there are no records.
    pub(crate) fn is_empty(&self) -> bool {
        self.index.records.is_empty()
    }

    /// The row of its first record, as a spreadsheet numbers it.
    #[must_use]
    pub fn first_row(&self) -> u64 {
        self.first.row
    }

    /// How many records that are not blank stand before this chunk.
    #[must_use]
    pub fn filled_before(&self) -> u64 {
        self.first_filled
    }

    /// The records, with their cells' texts at hand.
    #[must_use]
    pub fn page(&self) -> Page<'_> {
        // one check of all bytes costs a tenth of one a cell
        let whole = match self.encoding.is_utf8() {
            true => simdutf8::basic::from_utf8(self.bytes()).ok(),
            false => None,
        };
        Page {
            whole,
            first_row: self.first.row,
            notes: &self.notes,
            dropped: self.dropped,
            text_delimiter: self.text_delimiter,
            for_sheet: self.for_sheet,
            of_columns: self.of_columns,
            ..Page::of(&self.buffer, &self.index, self.encoding)
        }
    }

    /// Where its records stand in the list.
    #[must_use]
    pub fn places(&self) -> Places<'_> {
        Places {
            chunk: self,
            byte: 0,
            lines: 0,
        }
    }
}

/// Where the records of a chunk stand in the list, asked for in their order: each line is counted once.
#[derive(Debug)]
pub struct Places<'a> {
    chunk: &'a Chunk,
    /// Up to where the lines were counted.
    byte: usize,
    lines: u64,
}

impl Places<'_> {
    /// Where a record stands; `number` counts from 0 in the chunk, and is not lower than that of the last call.
    #[must_use]
    pub fn place(&mut self, number: usize) -> Place {
        let Chunk {
            buffer, index, first, ..
        } = self.chunk;
        let record = &index.records[number];
        let (start, end) = (record.start as usize, record.end as usize);
        self.lines += count_lines(&buffer[self.byte..start]);
        self.byte = start;
        first
            .after(number as u64, self.lines)
            .spanning(count_lines(&buffer[start..end]))
    }
}
