//! Rows of whoever has columns: a chunk is put together of cells, in place of bytes that were read.
//!
//! So the rules of the rows need not know where a row comes from.

use super::records::{MAX_ROW, READ, UNIT_SEPARATOR};
use super::scan::Record;
use super::{CellNote, Chunk, Encoding, Note, Place, push_cell};

/// The longest cell for which a row has room beside any others: what stands in a column that may be none that is needed
/// takes no room from a token or an id.
const SHORT: usize = 64 << 10;

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
        self.of_columns = true;
    }

    /// Notes something of a cell of the row with this number, which is the last one.
    pub(crate) fn note(&mut self, row: u64, column: usize, note: Note) {
        self.notes.push(CellNote { row, column, note });
    }

    /// Whether the next row belongs into another chunk.
    pub(crate) fn is_full(&self) -> bool {
        self.length >= READ || self.len() >= MOST
    }

    /// Appends a row, which has a cell. It is never taken for a blank one: what stands in columns that nobody asked for is not
    /// known. A cell that has no room in some [`MAX_ROW`] bytes says nothing; the first such column is given back. Cells that
    /// are not UTF-8 are found as in a list.
    pub(crate) fn push_row<'c>(&mut self, cells: impl Iterator<Item = &'c [u8]>) -> Option<usize> {
        let mut long = None;
        let (start, first_end) = (self.buffer.len(), self.index.ends.len() as u32);
        for (place, cell) in cells.enumerate() {
            // at once for the cell and what stands behind it
            self.buffer.reserve(cell.len() + 1);
            match cell {
                cell if self.buffer.len() - start + cell.len() > most_with(cell) => _ = long.get_or_insert(place),
                // the reader of a cell takes off what looks like quotes
                quoted @ [b'"', ..] => push_cell(quoted, UNIT_SEPARATOR, &mut self.buffer),
                plain => self.buffer.extend_from_slice(plain),
            }
            self.index.ends.push(self.buffer.len() as u32);
            // behind the last one too: else the end of one row and the start of the next could be a character together
            self.buffer.push(UNIT_SEPARATOR);
        }
        let next = self.buffer.len();
        let end = next - 1;
        self.index.records.push(Record {
            start: start as u32,
            end: end as u32,
            next: next as u32,
            first_end,
            last_end: self.index.ends.len() as u32,
            blank: false,
            suspect: false,
            swallows: false,
        });
        self.index.filled += 1;
        (self.length, self.filled_to) = (next, next);
        long
    }
}

/// How long a row may be with a cell.
#[inline]
fn most_with(cell: &[u8]) -> usize {
    match cell.len() > SHORT {
        true => MAX_ROW,
        false => 2 * MAX_ROW,
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
                assert_eq!(chunk.push_row(row.into_iter().map(str::as_bytes)), None);
            }
            assert_eq!(cells(&chunk), rows);
            assert_eq!((chunk.first_row(), chunk.filled_before()), (first, first));
        }
    }

    #[test]
    fn a_cell_without_room_says_nothing() {
        let mut chunk = Chunk::default();
        chunk.begin_at(5);
        let long = vec![b'x'; MAX_ROW];
        for (row, told, length) in [
            ([b"a", &*long, b"y"], Some(1), 4),
            ([&*long, b"y", b"z"], None, MAX_ROW + 4),
            ([&*long, &*long, b"z"], Some(1), MAX_ROW + 3),
        ] {
            assert_eq!(chunk.push_row(row.into_iter()), told);
            assert_eq!(chunk.page().rows().last().map(|row| row.raw().len()), Some(length));
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_told_by_their_column() {
        let mut chunk = Chunk::default();
        chunk.begin_at(0);
        // two halves of one character, in two rows and in two cells of one
        for row in [
            [&b"a"[..], b"\xc3"],
            [b"\xa9", b"b"],
            [b"\xc3", b"\xa9"],
            [b"c", b"\"\xff"],
            [b"\xc3\xa9", b""],
        ] {
            assert_eq!(chunk.push_row(row.into_iter()), None);
        }
        let page = chunk.page();
        let told = page.rows().map(|row| row.undecodable_column());
        assert_eq!(told.collect::<Vec<_>>(), [Some(1), Some(0), Some(0), Some(1), None]);
    }
}
