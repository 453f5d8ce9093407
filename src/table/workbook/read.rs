//! A sheet as the CSV that it would be.
//!
//! What reads a sheet borrows the workbook as long as it reads, so it has a thread of its own, which hands blocks of
//! rows over; a few at most, so that memory does not grow with the sheet.

use super::book::{self, Cell, Going, OpenSheet};
use super::value::Value;
use super::{Sheet, SheetOptions, Source, WorkbookError};
use crate::excerpt::Excerpt;
use crate::table::{CellNote, Note, SheetNotes, push_cell};
use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// How much CSV is handed over at once, and how many of such blocks may wait.
const BLOCK: usize = 128 << 10;
const BLOCKS: usize = 4;

/// Opens a workbook's sheet and finds its first row.
///
/// # Errors
/// When it is no workbook or can't be read, the sheet is not there, or it is empty.
pub fn open(source: Box<dyn Source>, options: SheetOptions<'_>) -> Result<Sheet, WorkbookError> {
    let (mut sheet, name, others) = book::open(source, options.sheet)?;
    let Some(shape) = survey(&mut sheet)? else {
        return Err(WorkbookError::EmptySheet {
            name: Excerpt(&name).to_string(),
            others: book::listed(others.iter().map(String::as_str)),
        });
    };
    let notes = SheetNotes::default();
    let rows = Rows::of(sheet, shape, options.delimiter, notes.clone());
    Ok(Sheet {
        name,
        first_row: u64::from(shape.first_row) + 1,
        rows: Box::new(rows.map_err(|error| WorkbookError::Unreadable {
            row: None,
            reason: error.to_string(),
        })?),
        notes,
    })
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
        if !text.trim_ascii().is_empty() {
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

enum Message {
    Block(Vec<u8>),
    End(Result<(), WorkbookError>),
}

/// The receiving end.
struct Rows {
    messages: Receiver<Message>,
    block: Vec<u8>,
    taken: usize,
    ended: bool,
}

impl Rows {
    fn of(mut sheet: OpenSheet, shape: Shape, delimiter: u8, notes: SheetNotes) -> io::Result<Self> {
        let (sender, messages) = sync_channel(BLOCKS);
        let thread = std::thread::Builder::new().name("workbook".into());
        thread.spawn(move || {
            let mut csv = CsvRows::new(shape, delimiter, notes, sender);
            let result = sheet.each_cell(|cell| csv.take(&cell));
            csv.finish(result);
        })?;
        Ok(Self {
            messages,
            block: Vec::new(),
            taken: 0,
            ended: false,
        })
    }
}

impl Read for Rows {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.block.len() && !self.ended {
            match self.messages.recv() {
                Ok(Message::Block(block)) => (self.block, self.taken) = (block, 0),
                Ok(Message::End(Ok(()))) => self.ended = true,
                Ok(Message::End(Err(error))) => return Err(error.into()),
                Err(_) => {
                    let reason = "its reader failed".to_owned();
                    return Err(WorkbookError::Unreadable { row: None, reason }.into());
                }
            }
        }
        let read = (&self.block[self.taken..]).read(buffer)?;
        self.taken += read;
        Ok(read)
    }
}

/// Puts cells into rows of CSV.
struct CsvRows {
    shape: Shape,
    delimiter: u8,
    notes: SheetNotes,
    sender: SyncSender<Message>,
    /// The row that is being written, from 0.
    row: u32,
    /// The column after the row's last cell; 0 in a row without any.
    column: usize,
    text: String,
    block: Vec<u8>,
}

impl CsvRows {
    fn new(shape: Shape, delimiter: u8, notes: SheetNotes, sender: SyncSender<Message>) -> Self {
        Self {
            shape,
            delimiter,
            notes,
            sender,
            row: shape.first_row,
            column: 0,
            text: String::new(),
            block: Vec::with_capacity(BLOCK + BLOCK / 8),
        }
    }

    fn take(&mut self, cell: &Cell<'_>) -> Going {
        self.text.clear();
        cell.value.push(cell.format, &mut self.text);
        let beside = cell.row < self.shape.first_row || cell.column >= self.shape.width;
        if self.text.is_empty() || (beside && self.text.trim_ascii().is_empty()) {
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
        push_cell(self.text.as_bytes(), self.delimiter, &mut self.block);
        self.column = cell.column + 1;
        Ok(true)
    }

    fn note(&self, cell: &Cell<'_>) {
        let note = match (cell.value, cell.format) {
            (Value::Error(error), _) => Note::Error(error),
            (Value::Number(number), Some(format)) if format.shows_more_than(number) => Note::ShownWithMore,
            _ => return,
        };
        self.notes.push(CellNote {
            row: u64::from(cell.row) + 1,
            column: cell.column,
            note,
        });
    }

    fn pad(&mut self, delimiters: usize) {
        self.block.resize(self.block.len() + delimiters, self.delimiter);
    }

    /// Ends the rows before that one, those without cells as empty lines. Whether anybody still reads.
    fn go_to(&mut self, row: u32) -> bool {
        self.end_row();
        let blank = row - self.row - 1;
        self.block.resize(self.block.len() + blank as usize, b'\n');
        (self.row, self.column) = (row, 0);
        self.block.len() < BLOCK || self.hand_over()
    }

    fn end_row(&mut self) {
        if self.column > 0 {
            self.pad(self.shape.width.saturating_sub(self.column));
        }
        self.block.push(b'\n');
    }

    fn hand_over(&mut self) -> bool {
        let block = std::mem::replace(&mut self.block, Vec::with_capacity(BLOCK + BLOCK / 8));
        self.sender.send(Message::Block(block)).is_ok()
    }

    fn finish(mut self, result: Result<(), WorkbookError>) {
        if result.is_ok() {
            self.end_row();
        }
        if self.hand_over() {
            // nobody who reads any more needs to be told the end
            let _ = self.sender.send(Message::End(result));
        }
    }
}
