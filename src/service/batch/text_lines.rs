//! One text a line as the records of a list, whatever stands in it: a stranger's text must not take those of others for
//! its own, as an open quote would, nor name the columns.

use crate::table::{MAX_ROW, push_cell};
use std::io::{self, BufRead, BufReader, Read};

/// What would stand between the cells.
pub(super) const DELIMITER: u8 = b',';
/// So much is read at once.
const READ: usize = 64 << 10;
/// Before text of UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// The records.
pub(super) struct TextLines<R> {
    lines: BufReader<R>,
    line: Vec<u8>,
    out: Vec<u8>,
    taken: usize,
}

/// A line is longer than a row may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a line is longer than {} MiB", MAX_ROW >> 20)]
pub(super) struct LongLine;

/// Reads the next line, without its break and white space at its end; false at the end.
pub(super) fn read_line(lines: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let mut limited = lines.take(MAX_ROW as u64 + 1);
    let read = limited.read_until(b'\n', line)?;
    if line.len() > MAX_ROW {
        return Err(io::Error::other(LongLine));
    }
    line.truncate(line.trim_ascii_end().len());
    Ok(read > 0)
}

/// Passes over a byte order mark, which some programs put before text.
pub(super) fn skip_mark(lines: &mut impl BufRead) -> io::Result<()> {
    if lines.fill_buf()?.starts_with(MARK) {
        lines.consume(MARK.len());
    }
    Ok(())
}

impl<R: Read> TextLines<R> {
    pub(super) fn open(source: R) -> io::Result<Self> {
        let mut lines = BufReader::with_capacity(READ, source);
        skip_mark(&mut lines)?;
        Ok(Self {
            lines,
            line: Vec::new(),
            out: Vec::new(),
            taken: 0,
        })
    }

    fn push_record(&mut self) {
        // a whole text in quotes, as programs write cells, is that cell
        let inner = self.line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\""));
        match inner.filter(|inner| !inner.contains(&b'"')) {
            Some(_) => self.out.extend_from_slice(&self.line),
            None => push_cell(&self.line, DELIMITER, &mut self.out),
        }
        self.out.push(b'\n');
    }
}

impl<R: Read> Read for TextLines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.out.len() {
            self.out.clear();
            self.taken = 0;
            // rows go on as they come: only what is at hand is waited for
            while read_line(&mut self.lines, &mut self.line)? {
                self.push_record();
                if !self.lines.buffer().contains(&b'\n') {
                    break;
                }
            }
        }
        let length = (self.out.len() - self.taken).min(buffer.len());
        buffer[..length].copy_from_slice(&self.out[self.taken..self.taken + length]);
        self.taken += length;
        Ok(length)
    }
}
