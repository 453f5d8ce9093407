//! One record as it was read, and what its cells say.

use super::encoding::NOT_UTF16;
use super::lines::count_lines;
use super::scan::{Record, RecordIndex};
use super::workbook::MAX_TEXT;
use super::{CellNote, Encoding, Note, QuoteFault, unquote};
use std::borrow::Cow;
use std::ops::Range;

/// One record. It is made for every row of a list, so it holds what differs and points to what all of a chunk share.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    page: &'a Page<'a>,
    record: &'a Record,
    /// Where its first cell begins that is not passed over.
    start: u32,
    ends: &'a [u32],
    /// From 0, in its chunk.
    number: u32,
}

/// What the rows of one chunk share.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) encoding: Encoding,
    /// The same bytes, where all of them are UTF-8.
    pub(super) whole: Option<&'a str>,
    pub(super) records: &'a [Record],
    /// Where each cell ends, of all records in one.
    pub(super) ends: &'a [u32],
    /// The row of the first record.
    pub(super) first_row: u64,
    /// Of a workbook's cells.
    pub(super) notes: &'a [CellNote],
    /// How many leading cells are passed over.
    pub(super) dropped: usize,
    /// Of a list of one text a line: what would stand between the cells of such a text.
    pub(super) text_delimiter: Option<u8>,
    /// Whether the rows become those of a sheet.
    pub(super) for_sheet: bool,
    /// Whether the rows were put together of columns.
    pub(super) of_columns: bool,
}

impl<'a> Page<'a> {
    /// The records of an index, of which no more is known.
    #[inline]
    pub(super) fn of(bytes: &'a [u8], index: &'a RecordIndex, encoding: Encoding) -> Self {
        Self {
            bytes,
            encoding,
            whole: None,
            records: &index.records,
            ends: &index.ends,
            first_row: 0,
            notes: &[],
            dropped: 0,
            text_delimiter: None,
            for_sheet: false,
            of_columns: false,
        }
    }

    /// The records in their order.
    #[inline]
    pub fn rows(&'a self) -> impl Iterator<Item = Row<'a>> {
        self.records
            .iter()
            .zip(0..)
            .map(|(record, number)| self.row(record, number))
    }

    /// The same, so many at once.
    #[inline]
    pub(crate) fn groups(&'a self, size: usize) -> impl Iterator<Item = impl Iterator<Item = Row<'a>> + Clone> {
        let groups = self.records.chunks(size).zip((0..).step_by(size));
        groups.map(|(records, first)| {
            let numbered = records.iter().zip(first..);
            numbered.map(|(record, number)| self.row(record, number))
        })
    }

    #[inline]
    pub(super) fn row(&'a self, record: &'a Record, number: u32) -> Row<'a> {
        let row = Row {
            page: self,
            record,
            start: record.start,
            ends: &self.ends[record.first_end as usize..record.last_end as usize],
            number,
        };
        match self.dropped {
            0 => row,
            cells => row.without(cells),
        }
    }
}

impl<'a> Row<'a> {
    /// Its bytes as they were read, without the line break.
    #[inline]
    #[must_use]
    pub fn raw(&self) -> &'a [u8] {
        &self.page.bytes[self.start as usize..self.record.end as usize]
    }

    /// Its line break as it was read; empty for a last row without one.
    #[inline]
    pub(crate) fn line_break(&self) -> &'a [u8] {
        &self.page.bytes[self.record.end as usize..self.record.next as usize]
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
    pub(crate) fn is_decodable(&self) -> bool {
        self.page.whole.is_some() || self.page.encoding.decode(self.raw()).is_some()
    }

    /// Of a row of columns, the first cell that is not UTF-8.
    #[cold]
    #[must_use]
    pub(crate) fn undecodable_column(&self) -> Option<usize> {
        let is_bad = |column: &usize| std::str::from_utf8(self.cell(*column)).is_err();
        (0..self.len()).find(|column| self.page.of_columns && is_bad(column))
    }

    /// Whether a cell has a text that can be used, if only an empty one.
    #[cold]
    #[must_use]
    pub(crate) fn is_readable(&self, column: usize) -> bool {
        self.text(column).is_some() && self.notes().all(|(other, note)| other != column || !note.is_error())
    }

    /// The encoding that its bytes are not in: UTF-16 has become UTF-8 by now, but for what is none.
    #[cold]
    #[must_use]
    pub(crate) fn lacked_encoding(&self) -> &'static str {
        match self.encoding().is_utf8() && memchr::memmem::find(self.raw(), NOT_UTF16).is_some() {
            true => "UTF-16",
            false => self.encoding().name(),
        }
    }

    /// What is wrong with its quotes, so that it may hold other rows.
    #[inline]
    #[must_use]
    pub(crate) fn quote_fault(&self) -> Option<QuoteFault> {
        match self.record.suspect {
            false => None,
            true => self.find_quote_fault(),
        }
    }

    /// Of all its cells, those that are passed over too.
    #[cold]
    fn find_quote_fault(&self) -> Option<QuoteFault> {
        let (page, whole) = (self.page, self.whole());
        let decode = |text: &[u8]| match page.encoding.decode(text) {
            Some(text) => text.into_owned(),
            None => String::from_utf8_lossy(text).into_owned(),
        };
        let of_cell = |index: usize| {
            let column = index.checked_sub(page.dropped);
            QuoteFault::of_cell(whole.cell(index), column, page.text_delimiter, decode)
        };
        let fault = (0..whole.len())
            .find_map(of_cell)
            .or_else(|| QuoteFault::of_row(whole.raw()));
        fault.or(self.record.swallows.then_some(QuoteFault::OpensLater))
    }

    /// The most characters that a cell of it may have, counted as Excel does, if the row becomes one of a sheet.
    #[inline]
    pub(crate) fn most_text(&self) -> Option<usize> {
        self.page.for_sheet.then_some(MAX_TEXT)
    }

    /// The first cell with more characters than it may have, and how many.
    #[inline]
    pub(crate) fn long_cell(&self) -> Option<(usize, usize)> {
        // a character has as many bytes as units of UTF-16, or more
        let most = self.most_text().filter(|most| self.raw().len() > *most)?;
        (0..self.len()).find_map(|column| {
            let length = self.text(column)?.encode_utf16().count();
            (length > most).then_some((column, length))
        })
    }

    /// The list's encoding.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.page.encoding
    }

    #[inline]
    fn range(&self, column: usize) -> Range<usize> {
        let start = match column {
            0 => self.start,
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
        &self.page.bytes[self.range(column)]
    }

    /// What a cell says, without quotes; `None` when it is not in the list's encoding, or when the row is too short to
    /// have it.
    #[inline]
    #[must_use]
    pub fn text(&self, column: usize) -> Option<Cow<'a, str>> {
        if column >= self.len() {
            return None;
        }
        match self.plain_text(column) {
            Some(text) => Some(Cow::Borrowed(text)),
            None => self.quoted_text(column),
        }
    }

    /// The same, borrowed: from the list where the cell stands there as it is, which most do, else from `unquoted`,
    /// where it is put. What is not in the list's encoding says nothing.
    ///
    /// # Panics
    /// When the row has no such column.
    #[inline(always)]
    #[must_use]
    pub(crate) fn text_in<'t>(&self, column: usize, unquoted: &'t mut String) -> &'t str
    where
        'a: 't,
    {
        match self.plain_text(column) {
            Some(text) => text,
            None => self.unquote_into(column, unquoted),
        }
    }

    #[inline(never)]
    fn unquote_into<'t>(&self, column: usize, unquoted: &'t mut String) -> &'t str {
        *unquoted = self.quoted_text(column).unwrap_or_default().into_owned();
        unquoted
    }

    /// The bytes of [`Row::text_in`], in UTF-8.
    ///
    /// # Panics
    /// When the row has no such column.
    #[inline]
    #[must_use]
    pub(crate) fn bytes_in<'t>(&self, column: usize, unquoted: &'t mut String) -> &'t [u8]
    where
        'a: 't,
    {
        match self.cell(column) {
            bytes if self.page.whole.is_some() && bytes.first() != Some(&b'"') => bytes,
            _ => self.text_in(column, unquoted).as_bytes(),
        }
    }

    #[inline]
    fn plain_text(&self, column: usize) -> Option<&'a str> {
        let text = self.page.whole?.get(self.range(column))?;
        (text.as_bytes().first() != Some(&b'"')).then_some(text)
    }

    #[inline(never)]
    fn quoted_text(&self, column: usize) -> Option<Cow<'a, str>> {
        match unquote(self.cell(column)) {
            Cow::Borrowed(bytes) => self.page.encoding.decode(bytes),
            Cow::Owned(bytes) => Some(Cow::Owned(self.page.encoding.decode(&bytes)?.into_owned())),
        }
    }

    /// The row without its first cells, where it has more than those.
    pub(super) fn without(mut self, cells: usize) -> Self {
        if self.ends.len() > cells {
            self.start = self.ends[cells - 1] + 1;
            self.ends = &self.ends[cells..];
        }
        self
    }

    /// The cell that says what was wrong with the row when it was rejected before, where it is filled: that of `column`, or
    /// the last of those that are passed over.
    #[inline]
    pub(crate) fn told_before(&self, column: Option<usize>) -> Option<&'a [u8]> {
        let cell = match column {
            Some(column) if column < self.len() => self.cell(column),
            _ if self.page.dropped == 0 => return None,
            _ => self.last_passed_over()?,
        };
        (!cell.trim_ascii().is_empty() && cell != b"\"\"").then_some(cell)
    }

    fn last_passed_over(&self) -> Option<&'a [u8]> {
        let whole = self.whole();
        let last = (whole.len() - self.len()).checked_sub(1)?;
        Some(whole.cell(last))
    }

    /// The row with its first cells.
    fn whole(&self) -> Self {
        let ends = &self.page.ends[self.record.first_end as usize..self.record.last_end as usize];
        let start = self.record.start;
        Row { start, ends, ..*self }
    }

    /// What is noted of its cells: the column as the row has it, and the note.
    #[inline]
    fn notes(&self) -> impl Iterator<Item = (usize, Note)> {
        let row = self.page.first_row + u64::from(self.number);
        let all = self.page.notes;
        let start = match all {
            [] => 0,
            _ => all.partition_point(|note| note.row < row),
        };
        let notes = all[start..].iter().take_while(move |note| note.row == row);
        notes.filter_map(|note| Some((note.column.checked_sub(self.page.dropped)?, note.note)))
    }

    /// The first of its cells that has no value that can be used, and why.
    #[inline]
    #[must_use]
    pub(crate) fn cell_error(&self) -> Option<(usize, Note)> {
        self.notes().find(|(_, note)| note.is_error())
    }

    /// Its cells with a formula of a workbook whose value nobody has saved.
    #[inline]
    pub fn uncalculated(&self) -> impl Iterator<Item = usize> {
        let notes = self.notes();
        notes.filter_map(|(column, note)| (note == Note::Uncalculated).then_some(column))
    }

    /// Whether a workbook shows a cell's number with more than the value has, such as leading zeros.
    #[inline]
    #[must_use]
    pub(crate) fn is_shown_with_more(&self, column: usize) -> bool {
        self.notes().any(|noted| noted == (column, Note::ShownWithMore))
    }
}
