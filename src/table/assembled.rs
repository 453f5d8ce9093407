//! Rows of whoever has columns: a chunk is put together of cells, in place of bytes that were read.
//!
//! So the rules of the rows need not know where a row comes from.

use super::records::{MAX_ROW, READ, UNIT_SEPARATOR};
use super::scan::Record;
use super::{CellNote, Chunk, Encoding, Note, Place, TableError, push_cell};

/// Rows of one chunk: few enough to stay in a core's cache together with what is made of them.
pub(crate) const MOST: usize = 1024;

impl Chunk {
    /// Begins anew with the row of this number, from 0.
    pub(crate) fn begin_at(&mut self, row: u64) {
        self.buffer.clear();
        self.index.clear();
        self.notes.clear();
        (self.length, self.filled_to) = (0, 0);
        // columns have no lines
        self.first = Place::new(row, 0);
        self.first_filled = row;
        self.dropped = 0;
        self.text_delimiter = None;
        self.encoding = Encoding::default();
        self.joined = false;
    }

    /// Notes something of a cell of the row with this number, which is the last one.
    pub(crate) fn note(&mut self, row: u64, column: usize, note: Note) {
        self.notes.push(CellNote { row, column, note });
    }

    /// Whether the next row belongs into another chunk.
    pub(crate) fn is_full(&self) -> bool {
        self.length >= READ || self.len() >= MOST
    }

    /// Appends a row. It is never taken for a blank one: what stands in columns that nobody asked for is not known.
    ///
    /// # Errors
    /// When it is longer than [`MAX_ROW`].
    pub(crate) fn push_row<'c>(&mut self, cells: impl Iterator<Item = &'c str>) -> Result<(), TableError> {
        let (start, first_end) = (self.buffer.len(), self.index.ends.len() as u32);
        for (place, cell) in cells.enumerate() {
            if place > 0 {
                self.buffer.push(UNIT_SEPARATOR);
            }
            match cell.as_bytes() {
                long if long.len() > MAX_ROW => return Err(self.too_long()),
                // the reader of a cell takes off what looks like quotes
                quoted @ [b'"', ..] => push_cell(quoted, UNIT_SEPARATOR, &mut self.buffer),
                plain => self.buffer.extend_from_slice(plain),
            }
            if self.buffer.len() - start > MAX_ROW {
                return Err(self.too_long());
            }
            self.index.ends.push(self.buffer.len() as u32);
        }
        let end = self.buffer.len();
        self.index.records.push(Record {
            start: start as u32,
            end: end as u32,
            next: end as u32,
            first_end,
            last_end: self.index.ends.len() as u32,
            blank: false,
            suspect: false,
            swallows: false,
        });
        self.index.filled += 1;
        (self.length, self.filled_to) = (end, end);
        Ok(())
    }

    fn too_long(&self) -> TableError {
        TableError::LongRow(self.first.after(self.len() as u64, 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(chunk: &Chunk) -> Vec<Vec<String>> {
        let page = chunk.page();
        let row = |row: crate::table::Row<'_>| {
            let cells = (0..row.len()).map(|column| row.text(column).expect("UTF-8").into_owned());
            cells.collect()
        };
        page.rows().map(row).collect()
    }

    #[test]
    fn cells_come_out_as_they_went_in() {
        let mut chunk = Chunk::default();
        let rows = [
            ["1001", "Ann", ""],
            ["\"x\"", "\"", "a\"b"],
            ["a,b", "two\nlines", "\u{1f}Müller"],
            ["", "", ""],
        ];
        for first in [0, 7] {
            chunk.begin_at(first);
            for row in rows {
                chunk.push_row(row.into_iter()).expect("short");
            }
            assert_eq!(cells(&chunk), rows);
            assert_eq!((chunk.first_row(), chunk.filled_before()), (first, first));
        }
    }

    #[test]
    fn a_row_that_is_too_long_is_told_by_its_number() {
        let mut chunk = Chunk::default();
        chunk.begin_at(5);
        chunk.push_row(["a"].into_iter()).expect("short");
        let long = "x".repeat(MAX_ROW);
        let told = chunk.push_row([&*long, "y"].into_iter());
        assert_eq!(told.expect_err("it is too long").place(), Some(Place::new(6, 0)));
    }
}
