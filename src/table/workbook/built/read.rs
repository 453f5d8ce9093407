//! A sheet as the CSV that it would be, as it comes from who reads it.
//!
//! What reads a sheet goes over the workbook as long as it reads, so it is a process or a thread of its own, which
//! hands blocks of rows over; a few at most, so that memory does not grow with the sheet.

use super::process::ReaderProcess;
use super::rows::{Block, Message, give_sheet};
use super::{Book, Sheet, SheetOptions, WorkbookError, WorkbookReader};
use crate::table::SheetNotes;
use std::collections::VecDeque;
use std::io::{self, BufReader, Cursor, Read};
use std::sync::mpsc::{Receiver, sync_channel};

/// How many blocks may wait.
const BLOCKS: usize = 4;

/// Opens a workbook's sheet and finds its first row.
///
/// # Errors
/// When it is no workbook or can't be read, the sheet is not there, or it is empty.
pub fn open(book: Book, options: SheetOptions<'_>, reader: &WorkbookReader) -> Result<Sheet, WorkbookError> {
    let mut messages = match reader {
        WorkbookReader::InProcess => Messages::Thread(on_thread(book, options)?),
        WorkbookReader::Process { program, arguments } => {
            Messages::Process(ReaderProcess::start(program, arguments, book, options)?)
        }
    };
    match messages.next() {
        Message::Opened {
            name,
            others,
            first_row,
        } => {
            let notes = SheetNotes::default();
            let rows = Rows {
                messages,
                notes: notes.clone(),
                block: VecDeque::new(),
                ended: false,
            };
            Ok(Sheet {
                name,
                others,
                first_row,
                rows: Box::new(rows),
                notes,
            })
        }
        Message::End(Err(error)) => Err(error),
        Message::Block(_) | Message::End(Ok(())) => Err(WorkbookError::ReaderEnded),
    }
}

fn on_thread(book: Book, options: SheetOptions<'_>) -> Result<Receiver<Message>, WorkbookError> {
    let (sender, messages) = sync_channel(BLOCKS);
    let (sheet, delimiter) = (options.sheet.map(str::to_owned), options.delimiter);
    let thread = std::thread::Builder::new().name("workbook".into());
    let started = thread.spawn(move || {
        let options = SheetOptions {
            sheet: sheet.as_deref(),
            delimiter,
        };
        let mut give = |message| sender.send(message).is_ok();
        match book {
            Book::File(file) => give_sheet(Box::new(BufReader::new(file)), options, &mut give),
            Book::Memory(bytes) => give_sheet(Box::new(Cursor::new(bytes)), options, &mut give),
        }
    });
    match started {
        Ok(_) => Ok(messages),
        Err(error) => Err(WorkbookError::NoReader(error.to_string())),
    }
}

/// Where a sheet comes from.
enum Messages {
    Thread(Receiver<Message>),
    Process(ReaderProcess),
}

impl Messages {
    fn next(&mut self) -> Message {
        match self {
            // a thread that hangs up without an end has panicked
            Messages::Thread(receiver) => receiver.recv().unwrap_or(Message::End(Err(WorkbookError::ReaderEnded))),
            Messages::Process(process) => process.next(),
        }
    }
}

/// The receiving end.
struct Rows {
    messages: Messages,
    notes: SheetNotes,
    /// What of its block was not read yet.
    block: VecDeque<u8>,
    ended: bool,
}

impl Read for Rows {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.block.is_empty() && !self.ended {
            match self.messages.next() {
                Message::Block(Block { rows, notes }) => {
                    notes.into_iter().for_each(|note| self.notes.push(note));
                    self.block = rows.into();
                }
                Message::End(Ok(())) => self.ended = true,
                Message::End(Err(error)) => return Err(error.into()),
                Message::Opened { .. } => return Err(WorkbookError::ReaderEnded.into()),
            }
        }
        self.block.read(buffer)
    }
}
