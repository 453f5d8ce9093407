//! Where a row's new cells go: appended, or filled into columns that the list has already. All else stays byte for byte.

use super::Reject;
use super::problem::{RowProblem, excerpt};
use crate::table::{ColumnError, Encoding, Header, Row, push_cell};
use std::borrow::Cow;
use std::convert::Infallible;

/// Where one new cell goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewCell {
    /// Nowhere.
    None,
    /// At the row's end, under this name.
    Appended(String),
    /// Into this column, from 0.
    Column(usize),
}

impl NewCell {
    /// Into the column of that name, where the list has one.
    ///
    /// # Errors
    /// When it has two.
    pub fn of(name: &str, header: &Header) -> Result<Self, ColumnError> {
        let column = match header.is_present() {
            true => header.find(name)?,
            false => None,
        };
        Ok(column.map_or_else(|| NewCell::Appended(name.to_owned()), NewCell::Column))
    }
}

/// Where the new cells go, in the order in which a rule gives them.
#[derive(Clone, Debug)]
pub struct NewCells {
    pub(super) places: Vec<NewCell>,
    pub(super) delimiter: u8,
    replace: bool,
    /// Whether the last one tells what is wrong with the row: it may overwrite what was.
    last_tells: bool,
    /// Whether some go into columns that the list has.
    pub(super) fills: bool,
    /// Whether the delimiter is one of the characters of a plain cell.
    quotes_plain: bool,
}

impl NewCells {
    /// `replace` lets filled cells be overwritten.
    #[must_use]
    pub fn new(places: impl Into<Vec<NewCell>>, delimiter: u8, replace: bool) -> Self {
        let places = places.into();
        Self {
            fills: places.iter().any(|place| matches!(place, NewCell::Column(_))),
            quotes_plain: delimiter.is_ascii_alphanumeric() || b"-_.~%:".contains(&delimiter),
            places,
            delimiter,
            replace,
            last_tells: false,
        }
    }

    /// The last one tells what is wrong with the row, whatever its cell said before.
    #[must_use]
    pub fn with_errors(self) -> Self {
        Self {
            last_tells: !self.places.is_empty(),
            ..self
        }
    }

    /// The column of the list that says what was wrong with a row when it was rejected before.
    pub(super) fn told(&self) -> Option<usize> {
        match self.places.last() {
            Some(NewCell::Column(column)) if self.last_tells => Some(*column),
            _ => None,
        }
    }

    /// How many cells a row has with the appended ones.
    pub(super) fn width(&self, own: usize) -> usize {
        own + appended(&self.places)
    }

    /// Where the nth new cell stands in a row of so many cells of its own.
    pub(super) fn column(&self, place: usize, own: usize) -> Option<usize> {
        match self.places.get(place)? {
            NewCell::None => None,
            NewCell::Column(column) => Some(*column),
            NewCell::Appended(_) => Some(own + appended(&self.places[..place])),
        }
    }

    /// The column that the nth new cell goes into, and its text, where that is filled.
    pub(super) fn text<'r>(&self, place: usize, row: &'r Row<'_>) -> Option<(usize, Cow<'r, str>)> {
        let Some(NewCell::Column(column)) = self.places.get(place) else {
            return None;
        };
        let text = row.text(*column).unwrap_or_default();
        (!text.trim_ascii().is_empty()).then_some((*column, text))
    }

    /// The bytes of the cell in the place of the nth new one, where that is filled.
    pub(super) fn filled<'r>(&self, place: usize, row: &'r Row<'_>) -> Option<&'r [u8]> {
        self.text(place, row).map(|(column, _)| row.cell(column))
    }

    /// That no filled cell would be overwritten; `filled` is what is wrong where one would.
    #[inline]
    pub(super) fn check_empty(&self, row: &Row<'_>, filled: fn(String) -> RowProblem) -> Result<(), Reject> {
        match self.replace || !self.fills {
            true => Ok(()),
            false => self.check_each(row, filled),
        }
    }

    fn check_each(&self, row: &Row<'_>, filled: fn(String) -> RowProblem) -> Result<(), Reject> {
        let kept = self.places.len() - usize::from(self.last_tells);
        match (0..kept).find_map(|place| self.text(place, row)) {
            Some((column, text)) => Err(filled(excerpt(&text)).in_column(column)),
            None => Ok(()),
        }
    }

    /// The header with the names of the appended columns.
    #[must_use]
    pub fn header(&self, header: &Header, encoding: Encoding) -> Vec<u8> {
        let mut line = header.raw().to_vec();
        for place in &self.places {
            if let NewCell::Appended(name) = place {
                line.push(self.delimiter);
                push_cell(&encoding.encode(name), self.delimiter, &mut line);
            }
        }
        line.extend_from_slice(&header.line_break);
        line
    }

    /// Appends the row with its new cells; `cell` appends the nth of them, in quotes where it needs them.
    ///
    /// # Errors
    /// Whatever `cell` returns.
    #[inline(always)]
    pub(super) fn write<E>(
        &self,
        row: &Row<'_>,
        out: &mut Vec<u8>,
        mut cell: impl FnMut(usize, &mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        match self.fills {
            false => out.extend_from_slice(row.raw()),
            true => self.write_filled(row, out, &mut cell)?,
        }
        for (index, place) in self.places.iter().enumerate() {
            if let NewCell::Appended(_) = place {
                out.push(self.delimiter);
                cell(index, out)?;
            }
        }
        match row.line_break() {
            [byte] => out.push(*byte),
            bytes => out.extend_from_slice(bytes),
        }
        Ok(())
    }

    #[cold]
    fn write_filled<E>(
        &self,
        row: &Row<'_>,
        out: &mut Vec<u8>,
        cell: &mut impl FnMut(usize, &mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        for column in 0..row.len() {
            if column > 0 {
                out.push(self.delimiter);
            }
            match self.places.iter().position(|place| *place == NewCell::Column(column)) {
                Some(index) => cell(index, out)?,
                None => out.extend_from_slice(row.cell(column)),
            }
        }
        Ok(())
    }

    /// Whether a cell of a plain one's characters and of these may need quotes.
    pub(super) fn may_quote(&self, others: &[u8]) -> bool {
        self.quotes_plain || others.contains(&self.delimiter)
    }

    /// Appends a plain cell: one of letters, digits and `-_.~%:` only, as are tokens, times and statuses.
    #[inline]
    pub(super) fn push_plain(&self, cell: &[u8], out: &mut Vec<u8>) {
        match self.quotes_plain {
            false => out.extend_from_slice(cell),
            true => push_cell(cell, self.delimiter, out),
        }
    }

    /// Appends the row as it was, with `cell` for its last new cell and for those that are appended.
    pub(super) fn write_kept(&self, row: &Row<'_>, out: &mut Vec<u8>, mut cell: impl FnMut(usize, &mut Vec<u8>)) {
        let last = self.places.len().saturating_sub(1);
        let Ok(()) = self.write(row, out, |place, out| {
            match self.places[place] {
                NewCell::Column(column) if place != last => out.extend_from_slice(row.cell(column)),
                _ => cell(place, out),
            }
            Ok::<_, Infallible>(())
        });
        if row.line_break().is_empty() {
            out.push(b'\n');
        }
    }

    /// A blank row keeps its shape: as many cells as the header has become as many as the output's, an empty line
    /// stays an empty line.
    pub(super) fn write_blank(&self, row: &Row<'_>, width: usize, out: &mut Vec<u8>) {
        out.extend_from_slice(row.raw());
        if row.len() == width && !row.raw().is_empty() {
            out.extend(std::iter::repeat_n(self.delimiter, appended(&self.places)));
        }
        out.extend_from_slice(row.line_break());
    }
}

/// How many of these are appended.
fn appended(places: &[NewCell]) -> usize {
    let is_appended = |place: &&NewCell| matches!(place, NewCell::Appended(_));
    places.iter().filter(is_appended).count()
}
