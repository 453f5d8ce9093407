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
    /// Which of the cells are appended.
    appends: [bool; 3],
    /// Whether others are filled in place.
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
            appends: places.each_ref().map(|place| matches!(place, Place::Appended(_))),
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

    /// Appends the row with its new cells; gives the length of the link, which `link` appends. `scratch` is for links
    /// that can't be written into their place directly.
    #[inline]
    pub(super) fn write<E>(
        &self,
        row: &Row<'_>,
        token: &[u8],
        expiry: &[u8],
        link: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
        scratch: &mut Vec<u8>,
        out: &mut Vec<u8>,
    ) -> Result<usize, E> {
        let length;
        if self.fills || self.may_need_quotes {
            scratch.clear();
            link(scratch)?;
            length = scratch.len();
            self.write_cells(row, [token, scratch, expiry], out);
        } else {
            out.extend_from_slice(row.raw());
            let [has_token, has_link, has_expiry] = self.appends;
            if has_token {
                out.push(self.delimiter);
                out.extend_from_slice(token);
            }
            if has_link {
                out.push(self.delimiter);
            }
            let start = out.len();
            link(out)?;
            length = out.len() - start;
            if has_expiry {
                out.push(self.delimiter);
                out.extend_from_slice(expiry);
            }
        }
        match row.line_break() {
            [byte] => out.push(*byte),
            bytes => out.extend_from_slice(bytes),
        }
        Ok(length)
    }

    fn write_cells(&self, row: &Row<'_>, cells: [&[u8]; 3], out: &mut Vec<u8>) {
        match self.fills {
            false => out.extend_from_slice(row.raw()),
            true => self.write_filled(row, cells, out),
        }
        for (appended, cell) in self.appends.iter().zip(cells) {
            if *appended {
                out.push(self.delimiter);
                self.push(cell, out);
            }
        }
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
            out.extend(
                self.appends
                    .iter()
                    .filter(|appended| **appended)
                    .map(|_| self.delimiter),
            );
        }
        out.extend_from_slice(row.line_break());
    }
}
