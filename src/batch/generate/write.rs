//! Where the new cells go: appended, or filled into columns that the list has already. All else stays byte for byte.

use super::super::problem::{RowProblem, excerpt};
use super::Reject;
use crate::table::{Encoding, Header, Row, push_cell};

/// Where one new cell goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Nowhere: tokens only.
    None,
    /// At the row's end, under this name.
    Appended(String),
    /// Into this column, from 0.
    Column(usize),
}

/// Where token, link and expiry go, in this order.
#[derive(Clone, Debug)]
pub struct Places {
    places: [Place; 3],
    delimiter: u8,
    /// Whether filled cells may be overwritten.
    replace: bool,
    /// Whether cells can hold what must stand in quotes.
    may_need_quotes: bool,
    fills: bool,
}

impl Places {
    /// `link_text` is whatever the links hold besides the token.
    #[must_use]
    pub fn new(places: [Place; 3], delimiter: u8, replace: bool, link_text: &[u8]) -> Self {
        // of what stands in tokens, encoded cells and times
        let in_cells = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~%:".contains(&byte);
        Self {
            may_need_quotes: in_cells(delimiter) || link_text.contains(&delimiter),
            fills: places.iter().any(|place| matches!(place, Place::Column(_))),
            places,
            delimiter,
            replace,
        }
    }

    pub(super) fn check_empty(&self, row: &Row<'_>) -> Result<(), Reject> {
        if self.replace || !self.fills {
            return Ok(());
        }
        for place in &self.places {
            if let Place::Column(column) = place {
                let text = row.text(*column).unwrap_or_default();
                if !text.trim_ascii().is_empty() {
                    return Err(RowProblem::Filled(excerpt(&text)).in_column(*column));
                }
            }
        }
        Ok(())
    }

    /// The header with the names of the appended columns.
    #[must_use]
    pub fn header(&self, header: &Header, encoding: Encoding) -> Vec<u8> {
        let mut line = header.raw().to_vec();
        for place in &self.places {
            if let Place::Appended(name) = place {
                line.push(self.delimiter);
                push_cell(&encoding.encode(name), self.delimiter, &mut line);
            }
        }
        line.extend_from_slice(header.line_break());
        line
    }

    #[inline]
    pub(super) fn write(&self, row: &Row<'_>, cells: [&[u8]; 3], out: &mut Vec<u8>) {
        match self.fills {
            false => out.extend_from_slice(row.raw()),
            true => self.write_filled(row, cells, out),
        }
        for (place, cell) in self.places.iter().zip(cells) {
            if let Place::Appended(_) = place {
                out.push(self.delimiter);
                self.push(cell, out);
            }
        }
        out.extend_from_slice(row.line_break());
    }

    fn write_filled(&self, row: &Row<'_>, cells: [&[u8]; 3], out: &mut Vec<u8>) {
        for column in 0..row.len() {
            if column > 0 {
                out.push(self.delimiter);
            }
            let own = self.places.iter().position(|place| *place == Place::Column(column));
            match own {
                Some(index) => self.push(cells[index], out),
                None => out.extend_from_slice(row.cell(column)),
            }
        }
    }

    #[inline]
    fn push(&self, cell: &[u8], out: &mut Vec<u8>) {
        match self.may_need_quotes {
            false => out.extend_from_slice(cell),
            true => push_cell(cell, self.delimiter, out),
        }
    }

    /// A blank row keeps its shape: as many cells as the header has become as many as the output's, an empty line
    /// stays an empty line.
    pub(super) fn write_blank(&self, row: &Row<'_>, width: usize, out: &mut Vec<u8>) {
        out.extend_from_slice(row.raw());
        if row.len() == width && !row.raw().is_empty() {
            let appended = self.places.iter().filter(|place| matches!(place, Place::Appended(_)));
            out.extend(appended.map(|_| self.delimiter));
        }
        out.extend_from_slice(row.line_break());
    }
}
