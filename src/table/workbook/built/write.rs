//! CSV as a sheet whose every cell is text, so that leading zeros and `+49…` survive.
//!
//! Written as a stream, without a second temporary file. rust_xlsxwriter, which needs one to save memory, panics when
//! the disk is full; the few parts of a plain sheet are no reason for that. A link is a text like any other: Excel
//! opens no workbook with more than 65,530 hyperlinks.

use super::parts::{AFTER_ROWS, BEFORE_ROWS, FIXED, SHEET};
use super::{MAX_COLUMNS, MAX_ROWS, MAX_TEXT, WorkbookError, push_letters};
use crate::table::{Encoding, Page, RecordIndex, Row, scan, unquote};
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use zip::result::ZipError;
use zip::write::{SimpleFileOptions, StreamWriter, ZipWriter};

/// Takes rows of CSV and writes a workbook. Dropped without [`SheetWriter::finish`], it leaves an unfinished one.
#[derive(Debug)]
pub struct SheetWriter<W: Write> {
    /// There until it is finished.
    zip: Option<ZipWriter<StreamWriter<Gate<W>>>>,
    gate: Arc<AtomicBool>,
    delimiter: u8,
    encoding: Encoding,
    /// What does not end a row yet.
    rest: Vec<u8>,
    index: RecordIndex,
    /// The rows there are.
    rows: u32,
    xml: Vec<u8>,
    /// Of the sheet's part, unpacked.
    length: u64,
}

impl<W: Write> SheetWriter<W> {
    /// Begins a workbook, of CSV in that form.
    ///
    /// # Errors
    /// When the output can't be written.
    pub fn new(output: W, delimiter: u8, encoding: Encoding) -> io::Result<Self> {
        let gate = Arc::new(AtomicBool::new(false));
        let output = Gate {
            output,
            shut: Arc::clone(&gate),
        };
        let mut zip = ZipWriter::new_stream(output);
        // without a time of its own: the same list makes the same workbook
        let options = SimpleFileOptions::DEFAULT;
        for (name, text) in FIXED {
            zip.start_file(name, options).map_err(plain)?;
            zip.write_all(text.as_bytes())?;
        }
        zip.start_file(SHEET, options).map_err(plain)?;
        zip.write_all(BEFORE_ROWS.as_bytes())?;
        Ok(Self {
            zip: Some(zip),
            gate,
            delimiter,
            encoding,
            rest: Vec::new(),
            index: RecordIndex::default(),
            rows: 0,
            xml: Vec::new(),
            length: BEFORE_ROWS.len() as u64,
        })
    }

    /// Completes the workbook and gives the output back.
    ///
    /// # Errors
    /// When the last row does not fit into a sheet, or the output can't be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.take_rows(true)?;
        self.write_part(AFTER_ROWS.as_bytes())?;
        let zip = self.zip.take().expect("it is taken here alone");
        let output = zip.finish().map_err(plain)?.into_inner();
        Ok(output.output)
    }

    /// Writes the whole rows of `rest`; at the end, what is left is a row too.
    fn take_rows(&mut self, last: bool) -> io::Result<()> {
        let rest = scan(&self.rest, self.delimiter, last, &mut self.index);
        self.xml.clear();
        for row in Page::of(&self.rest, &self.index, self.encoding).rows() {
            if self.rows == MAX_ROWS {
                return Err(WorkbookError::ManyRows.into());
            }
            self.rows += 1;
            push_row(row, self.rows, &mut self.xml)?;
        }
        self.rest.drain(..rest.start);
        let xml = std::mem::take(&mut self.xml);
        self.write_part(&xml)?;
        self.xml = xml;
        Ok(())
    }

    fn write_part(&mut self, xml: &[u8]) -> io::Result<()> {
        self.length += xml.len() as u64;
        // a part of more would need ZIP64, which Excel refuses in an archive that is written as a stream
        if self.length > u64::from(u32::MAX) {
            return Err(WorkbookError::LargeSheet.into());
        }
        self.zip.as_mut().expect("it is there until the end").write_all(xml)
    }
}

impl<W: Write> Write for SheetWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.rest.extend_from_slice(bytes);
        self.take_rows(false)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<W: Write> Drop for SheetWriter<W> {
    fn drop(&mut self) {
        self.gate.store(true, Ordering::Relaxed);
    }
}

/// The system's own error, without the archive's words about it.
fn plain(error: ZipError) -> io::Error {
    match error {
        ZipError::Io(error) => error,
        error => io::Error::other(error),
    }
}

/// Lets nothing through once shut, by a failure or by hand: an archive that is dropped would complete itself, and tell
/// on stderr why it can't.
#[derive(Debug)]
struct Gate<W> {
    output: W,
    shut: Arc<AtomicBool>,
}

impl<W: Write> Write for Gate<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.shut.load(Ordering::Relaxed) {
            return Ok(bytes.len());
        }
        let result = self.output.write(bytes);
        if result
            .as_ref()
            .is_err_and(|error| error.kind() != io::ErrorKind::Interrupted)
        {
            self.shut.store(true, Ordering::Relaxed);
        }
        result
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

/// White space of XML.
const WHITE: [char; 4] = [' ', '\t', '\r', '\n'];

/// A row's XML; none for a row without filled cells, which its number alone passes over.
fn push_row(cells: Row<'_>, row: u32, out: &mut Vec<u8>) -> io::Result<()> {
    let columns = cells.len();
    if columns > MAX_COLUMNS {
        return Err(WorkbookError::ManyColumns { row, columns }.into());
    }
    let empty = out.len();
    let number = row.to_string();
    out.extend_from_slice(b"<row r=\"");
    out.extend_from_slice(number.as_bytes());
    out.extend_from_slice(b"\">");
    let filled = out.len();
    for column in 0..columns {
        // bytes that are no text come with rejected rows alone
        let lossy = || {
            String::from_utf8_lossy(&unquote(cells.cell(column)))
                .into_owned()
                .into()
        };
        let text = cells.text(column).unwrap_or_else(lossy);
        if text.is_empty() {
            continue;
        }
        check_length(&text, row, column)?;
        out.extend_from_slice(b"<c r=\"");
        push_letters(column, out);
        out.extend_from_slice(number.as_bytes());
        out.extend_from_slice(b"\" s=\"1\" t=\"inlineStr\"><is><t");
        // without it, readers trim the text
        if text.starts_with(WHITE) || text.ends_with(WHITE) {
            out.extend_from_slice(b" xml:space=\"preserve\"");
        }
        out.push(b'>');
        push_xml(&text, out);
        out.extend_from_slice(b"</t></is></c>");
    }
    match out.len() == filled {
        true => out.truncate(empty),
        false => out.extend_from_slice(b"</row>"),
    }
    Ok(())
}

fn check_length(text: &str, row: u32, column: usize) -> io::Result<()> {
    // as many bytes or more than units of UTF-16
    if text.len() <= MAX_TEXT {
        return Ok(());
    }
    match text.encode_utf16().count() {
        length if length > MAX_TEXT => Err(WorkbookError::LongText { row, column, length }.into()),
        _ => Ok(()),
    }
}

/// Escapes a text for XML, and characters that XML has none for as Excel does: `_x0007_` (ECMA-376 part 1, section
/// 22.9.2.19). A text that looks like such an escape gets its underscore escaped.
fn push_xml(text: &str, out: &mut Vec<u8>) {
    for (place, letter) in text.char_indices() {
        match letter {
            '&' => out.extend_from_slice(b"&amp;"),
            '<' => out.extend_from_slice(b"&lt;"),
            '>' => out.extend_from_slice(b"&gt;"),
            '\t' | '\n' => out.push(letter as u8),
            '_' if is_escape(&text.as_bytes()[place..]) => push_escape(letter, out),
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => push_escape(letter, out),
            letter => out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

fn is_escape(bytes: &[u8]) -> bool {
    matches!(bytes, [b'_', b'x', digits @ .., ] if digits.len() >= 5
        && digits[..4].iter().all(u8::is_ascii_hexdigit) && digits[4] == b'_')
}

fn push_escape(letter: char, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("_x{:04X}_", u32::from(letter)).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(csv: &[u8]) -> String {
        let mut writer = SheetWriter::new(Vec::new(), b';', Encoding::default()).expect("begun");
        writer.rest.extend_from_slice(csv);
        writer.take_rows(true).expect("written");
        String::from_utf8(writer.xml.clone()).expect("UTF-8")
    }

    #[test]
    fn every_cell_is_text() {
        let cell =
            |place: &str, text: &str| format!("<c r=\"{place}\" s=\"1\" t=\"inlineStr\"><is><t{text}</t></is></c>");
        let expected = format!(
            "<row r=\"1\">{}{}</row><row r=\"3\">{}</row>",
            cell("A1", ">0042"),
            cell("C1", " xml:space=\"preserve\">a;\"b\"\n"),
            cell("B3", ">&lt;_x0007_&gt;_x005F_x0007_é")
        );
        let csv = "0042;;\"a;\"\"b\"\"\n\"\r\n;;\r\n;<\u{7}>_x0007_é;\r\n";
        assert_eq!(rows(csv.as_bytes()), expected);
    }

    #[test]
    fn what_does_not_fit_into_a_sheet_is_told_with_its_place() {
        let mut writer = SheetWriter::new(Vec::new(), b',', Encoding::default()).expect("begun");
        let fits = "😀".repeat(MAX_TEXT / 2);
        writer.write_all(format!("a,{fits}x\n").as_bytes()).expect("it fits");
        let error = writer
            .write_all(format!("a,{fits}xx\n").as_bytes())
            .expect_err("it is too long");
        let error: WorkbookError = error.downcast().expect("a workbook's own");
        assert_eq!(error.place().as_deref(), Some("row 2, column B"));
        let mut writer = SheetWriter::new(Vec::new(), b',', Encoding::default()).expect("begun");
        writer.rows = MAX_ROWS - 1;
        writer.write_all(b"the last\n").expect("it fits");
        let error = writer.write_all(b"one more\n").expect_err("there is no room");
        assert!(matches!(error.downcast(), Ok(WorkbookError::ManyRows)));
    }

    #[test]
    fn rows_may_come_in_pieces() {
        let csv = b"a;b\r\n\"c\n\";d\r\n";
        let whole = |pieces: &mut dyn Iterator<Item = &[u8]>| {
            let mut writer = SheetWriter::new(Vec::new(), b';', Encoding::default()).expect("begun");
            pieces.for_each(|piece| writer.write_all(piece).expect("written"));
            writer.finish().expect("finished")
        };
        assert_eq!(whole(&mut csv.chunks(1)), whole(&mut csv.chunks(100)));
    }
}
