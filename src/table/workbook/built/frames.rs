//! What passes from the process that reads a workbook to the one that wants its rows: frames of a kind, a length and
//! that many bytes. Nothing that comes so is believed: what breaks a rule here ends the list.

use super::rows::{Block, Message};
use super::{MAX_COLUMNS, MAX_ROWS, WorkbookError};
use crate::table::{CellNote, MAX_ROW, Note};
use std::io::{self, Read, Write};

const OPENED: u8 = b'O';
const BLOCK: u8 = b'B';
const END: u8 = b'E';
const FAILED: u8 = b'F';

/// More than the longest row with a note for every cell of it has.
const MOST: u32 = 4 * MAX_ROW as u32;
/// The bytes of a note: its row, its column, what it is.
const NOTE: usize = 4 + 2 + 1;
/// What stands for a number that is shown with more; what is less is the place of an error's name.
const SHOWN_WITH_MORE: u8 = 0xff;
/// What stands for a formula that was never calculated.
const UNCALCULATED: u8 = 0xfe;

/// Writes one message.
pub(super) fn write(message: Message, out: &mut impl Write) -> io::Result<()> {
    match message {
        Message::Opened {
            name,
            others,
            first_row,
        } => {
            let first_row = first_row.to_le_bytes();
            frame(OPENED, &[&first_row, &serde_json::to_vec(&(name, others))?], out)
        }
        Message::Block(Block { rows, notes }) => {
            let count = (notes.len() as u32).to_le_bytes();
            let notes: Vec<u8> = notes.iter().flat_map(note_bytes).collect();
            frame(BLOCK, &[&count, &notes, &rows], out)
        }
        Message::End(Ok(())) => frame(END, &[], out),
        Message::End(Err(error)) => frame(FAILED, &[&serde_json::to_vec(&error)?], out),
    }
}

fn frame(kind: u8, parts: &[&[u8]], out: &mut impl Write) -> io::Result<()> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let length = u32::try_from(length).map_err(io::Error::other)?;
    let mut head = [kind; 5];
    head[1..].copy_from_slice(&length.to_le_bytes());
    out.write_all(&head)?;
    parts.iter().try_for_each(|part| out.write_all(part))
}

fn note_bytes(note: &CellNote) -> [u8; NOTE] {
    let what = match note.note {
        Note::Error(error) => crate::table::CELL_ERRORS
            .iter()
            .position(|known| *known == error)
            .map_or(0, |place| place as u8),
        Note::ShownWithMore => SHOWN_WITH_MORE,
        Note::Uncalculated | Note::OutOfRange | Note::LongRow => UNCALCULATED,
    };
    let mut bytes = [what; NOTE];
    bytes[..4].copy_from_slice(&(note.row as u32).to_le_bytes());
    bytes[4..6].copy_from_slice(&(note.column as u16).to_le_bytes());
    bytes
}

/// Reads the next message; nothing where there is none that makes sense.
pub(super) fn read(input: &mut impl Read) -> Option<Message> {
    let mut head = [0; 5];
    input.read_exact(&mut head).ok()?;
    let [kind, length @ ..] = head;
    let length = u32::from_le_bytes(length);
    if length > MOST {
        return None;
    }
    let mut bytes = Vec::new();
    // no room is made for what does not come
    let read = input.take(u64::from(length)).read_to_end(&mut bytes).ok()?;
    if read != length as usize {
        return None;
    }
    match kind {
        OPENED => {
            let (row, names) = bytes.split_first_chunk()?;
            let first_row = u64::from_le_bytes(*row);
            let (name, others) = serde_json::from_slice(names).ok()?;
            (1..=u64::from(MAX_ROWS))
                .contains(&first_row)
                .then_some(Message::Opened {
                    name,
                    others,
                    first_row,
                })
        }
        BLOCK => block(bytes).map(Message::Block),
        END => bytes.is_empty().then_some(Message::End(Ok(()))),
        FAILED => {
            let error: WorkbookError = serde_json::from_slice(&bytes).ok()?;
            Some(Message::End(Err(error.harmless())))
        }
        _ => None,
    }
}

fn block(mut bytes: Vec<u8>) -> Option<Block> {
    let count = u32::from_le_bytes(*bytes.first_chunk()?) as usize;
    let end = count.checked_mul(NOTE)?.checked_add(4)?;
    let notes: Option<Vec<CellNote>> = bytes.get(4..end)?.chunks_exact(NOTE).map(note).collect();
    let notes = notes.filter(|notes| notes.is_sorted_by_key(|note| note.row))?;
    bytes.drain(..end);
    Some(Block { rows: bytes, notes })
}

fn note(bytes: &[u8]) -> Option<CellNote> {
    let row = u32::from_le_bytes(*bytes.first_chunk()?);
    let column = usize::from(u16::from_le_bytes([bytes[4], bytes[5]]));
    let note = match bytes[6] {
        SHOWN_WITH_MORE => Note::ShownWithMore,
        UNCALCULATED => Note::Uncalculated,
        place => Note::Error(crate::table::CELL_ERRORS.get(usize::from(place))?),
    };
    let on_sheet = (1..=MAX_ROWS).contains(&row) && column < MAX_COLUMNS;
    on_sheet.then_some(CellNote {
        row: u64::from(row),
        column,
        note,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(message: Message) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(message, &mut bytes).expect("memory");
        bytes
    }

    fn noted(row: u64, column: usize, note: Note) -> CellNote {
        CellNote { row, column, note }
    }

    #[test]
    fn messages_come_as_they_were_sent() {
        let notes = vec![
            noted(2, 0, Note::Error("#N/A")),
            noted(2, 16_383, Note::ShownWithMore),
            noted(3, 1, Note::Uncalculated),
            noted(1_048_576, 7, Note::Error("#REF!")),
        ];
        let sent = || {
            [
                Message::Opened {
                    name: "Übersicht".into(),
                    others: vec!["Kunden".into()],
                    first_row: 3,
                },
                Message::Block(Block {
                    rows: b"a,b\n".to_vec(),
                    notes: notes.clone(),
                }),
                Message::End(Ok(())),
                Message::End(Err(WorkbookError::LongRow { row: 7 })),
            ]
        };
        let bytes: Vec<u8> = sent().into_iter().flat_map(written).collect();
        let mut bytes = bytes.as_slice();
        for message in sent() {
            let read = read(&mut bytes).expect("a message");
            assert_eq!(format!("{read:?}"), format!("{message:?}"));
        }
        assert!(read(&mut bytes).is_none());
    }

    #[test]
    fn nonsense_is_no_message() {
        let block = |notes: Vec<CellNote>| {
            written(Message::Block(Block {
                rows: Vec::new(),
                notes,
            }))
        };
        let table: [&[u8]; 9] = [
            b"",
            b"E\0\0\0",
            b"E\x01\0\0\0x",
            b"X\0\0\0\0",
            b"B\xff\xff\xff\xff",
            b"B\x04\0\0\0\x02\0\0\0",
            b"O\x09\0\0\0\0\0\0\0\0\0\0\0A",
            b"O\x09\0\0\0\x01\0\0\0\0\0\0\0\xff",
            b"F\x02\0\0\0{}",
        ];
        for bytes in table {
            assert!(read(&mut &bytes[..]).is_none(), "{bytes:?}");
        }
        let backwards = block(vec![noted(3, 0, Note::ShownWithMore), noted(2, 0, Note::ShownWithMore)]);
        let beside = block(vec![noted(3, 16_384, Note::ShownWithMore)]);
        let below = block(vec![noted(1_048_577, 0, Note::ShownWithMore)]);
        for bytes in [backwards, beside, below] {
            assert!(read(&mut bytes.as_slice()).is_none(), "{bytes:?}");
        }
    }

    #[test]
    fn a_message_has_nothing_for_a_terminal() {
        let reason = "\u{1b}[31mred".to_owned();
        let error = WorkbookError::Unreadable { row: None, reason };
        let bytes = written(Message::End(Err(error)));
        let Some(Message::End(Err(error))) = read(&mut bytes.as_slice()) else {
            panic!("it is a message");
        };
        assert!(!error.to_string().contains('\u{1b}'), "{error}");
    }
}
