//! Cells into rows of CSV, block by block.

use super::book::{self, OpenSheet};
use super::cell::{Cell, Going};
use super::value::Value;
use super::{SheetOptions, Source, WorkbookError};
use crate::excerpt::Excerpt;
use crate::table::columns::listed;
use crate::table::{CellNote, MAX_ROW, Note, push_cell};

/// How much CSV is handed over at once.
const BLOCK: usize = 128 << 10;

/// Stands in the last cell of a row of formulas that were never calculated.
const NEVER_CALCULATED: &[u8] = b"#UNCALCULATED!";

/// What is told of a sheet, in this order.
#[derive(Debug)]
pub(super) enum Message {
    /// Its name, those of the other sheets, and the row that its list begins with.
    Opened {
        name: String,
        others: Vec<String>,
        first_row: u64,
    },
    Block(Block),
    End(Result<(), WorkbookError>),
}

/// Some rows of CSV, and what is to be known of their cells.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) rows: Vec<u8>,
    pub(super) notes: Vec<CellNote>,
}

/// Whether anybody still takes messages.
pub(super) type Give<'a> = &'a mut dyn FnMut(Message) -> bool;

/// Reads a sheet and gives it out, to its end or until nobody takes any more.
pub(super) fn give_sheet(source: Box<dyn Source>, options: SheetOptions<'_>, give: Give<'_>) {
    let result = give_rows(source, options, give);
    // nobody who takes no more needs to be told the end
    let _ = give(Message::End(result));
}

fn give_rows(source: Box<dyn Source>, options: SheetOptions<'_>, give: Give<'_>) -> Result<(), WorkbookError> {
    let (mut sheet, name, others) = book::open(source, options.sheet)?;
    let Some(shape) = survey(&mut sheet)? else {
        return Err(WorkbookError::EmptySheet {
            name: Excerpt(&name).to_string(),
            others: listed(others.iter().map(String::as_str)),
        });
    };
    let first_row = u64::from(shape.first_row) + 1;
    let opened = Message::Opened {
        name,
        others,
        first_row,
    };
    if !give(opened) {
        return Ok(());
    }
    let mut rows = CsvRows::new(shape, options.delimiter, give);
    let result = sheet.each_cell(|cell| rows.take(&cell));
    rows.finish(result.is_ok());
    result
}

/// Where the list lies on its sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shape {
    /// From 0.
    first_row: u32,
    /// The columns up to the last that is filled in any row.
    width: usize,
}

/// Finds the first row with a filled cell, and the last column. As far as the file declares no further column than
/// that row has, the rows below need not be looked at.
fn survey(sheet: &mut OpenSheet) -> Result<Option<Shape>, WorkbookError> {
    let mut shape: Option<Shape> = None;
    let mut text = String::new();
    sheet.each_cell(|cell| {
        text.clear();
        cell.value.push(cell.format, &mut text);
        if let Some(shape) = shape
            && cell.row > shape.first_row
            && cell.declared.is_some_and(|last| last < shape.width)
        {
            return Ok(false);
        }
        if !text.trim_ascii().is_empty() || cell.value == Value::Uncalculated {
            let shape = shape.get_or_insert(Shape {
                first_row: cell.row,
                width: 0,
            });
            shape.width = shape.width.max(cell.column + 1);
        }
        Ok(true)
    })?;
    Ok(shape)
}

/// Puts cells into rows of CSV.
struct CsvRows<'a> {
    shape: Shape,
    delimiter: u8,
    give: Give<'a>,
    /// The row that is being written, from 0.
    row: u32,
    /// The column after the row's last cell; 0 in a row without any.
    column: usize,
    /// Where the row begins in the block.
    start: usize,
    /// Whether one of its cells has a text, and whether one has a formula that was never calculated.
    text_in_row: bool,
    uncalculated: bool,
    text: String,
    block: Block,
}

impl<'a> CsvRows<'a> {
    fn new(shape: Shape, delimiter: u8, give: Give<'a>) -> Self {
        Self {
            shape,
            delimiter,
            give,
            row: shape.first_row,
            column: 0,
            start: 0,
            text_in_row: false,
            uncalculated: false,
            text: String::new(),
            block: Block::default(),
        }
    }

    fn take(&mut self, cell: &Cell<'_>) -> Going {
        self.text.clear();
        cell.value.push(cell.format, &mut self.text);
        let beside = cell.row < self.shape.first_row || cell.column >= self.shape.width;
        let uncalculated = cell.value == Value::Uncalculated;
        if (self.text.is_empty() && !uncalculated) || (beside && self.text.trim_ascii().is_empty()) {
            return Ok(true);
        }
        if cell.row < self.row || (cell.row == self.row && cell.column < self.column) {
            return Err(WorkbookError::Unreadable {
                row: Some(u64::from(cell.row) + 1),
                reason: "its cells are not in order".to_owned(),
            });
        }
        if cell.row > self.row && !self.go_to(cell.row) {
            return Ok(false);
        }
        self.note(cell);
        let delimiters = cell.column - self.column.saturating_sub(1);
        self.pad(delimiters);
        self.uncalculated |= uncalculated;
        self.text_in_row |= !self.text.trim_ascii().is_empty();
        push_cell(self.text.as_bytes(), self.delimiter, &mut self.block.rows);
        self.column = cell.column + 1;
        if self.block.rows.len() - self.start > MAX_ROW {
            self.block.rows.truncate(self.start);
            let row = u64::from(self.row) + 1;
            return Err(WorkbookError::LongRow { row });
        }
        Ok(true)
    }

    fn note(&mut self, cell: &Cell<'_>) {
        let note = match (cell.value, cell.format) {
            (Value::Error(error), _) => Note::Error(error),
            (Value::Uncalculated, _) => Note::Uncalculated,
            (Value::Number(number), Some(format)) if format.shows_more_than(number) => Note::ShownWithMore,
            _ => return,
        };
        self.block.notes.push(CellNote {
            row: u64::from(cell.row) + 1,
            column: cell.column,
            note,
        });
    }

    fn pad(&mut self, delimiters: usize) {
        let rows = &mut self.block.rows;
        rows.resize(rows.len() + delimiters, self.delimiter);
    }

    /// Ends the rows before that one, those without cells as empty lines. Whether anybody still takes them.
    fn go_to(&mut self, row: u32) -> bool {
        self.end_row();
        let mut blank = (row - self.row - 1) as usize;
        while blank > 0 {
            let some = blank.min(BLOCK);
            let length = self.block.rows.len();
            self.block.rows.resize(length + some, b'\n');
            blank -= some;
            if self.block.rows.len() >= BLOCK && !self.hand_over() {
                return false;
            }
        }
        let goes_on = self.block.rows.len() < BLOCK || self.hand_over();
        (self.row, self.column, self.start) = (row, 0, self.block.rows.len());
        (self.text_in_row, self.uncalculated) = (false, false);
        goes_on
    }

    fn end_row(&mut self) {
        if self.uncalculated && !self.text_in_row {
            // nothing but formulas that were never calculated: it is a customer all the same, and no blank row
            self.block.rows.truncate(self.start);
            self.pad(self.column - 1);
            self.block.rows.extend_from_slice(NEVER_CALCULATED);
        }
        if self.column > 0 {
            self.pad(self.shape.width.saturating_sub(self.column));
        }
        self.block.rows.push(b'\n');
    }

    fn hand_over(&mut self) -> bool {
        let room = Block {
            rows: Vec::with_capacity(BLOCK + BLOCK / 8),
            notes: Vec::new(),
        };
        let block = std::mem::replace(&mut self.block, room);
        (self.give)(Message::Block(block))
    }

    /// Gives out what is left: the last row too, where it is whole.
    fn finish(mut self, whole: bool) {
        match whole {
            true => self.end_row(),
            // the row in which it went wrong is not all there
            false => self.block.rows.truncate(self.start),
        }
        self.block.notes.retain(|note| whole || note.row <= u64::from(self.row));
        // whoever takes no more is told no end either
        let _ = self.hand_over();
    }
}
