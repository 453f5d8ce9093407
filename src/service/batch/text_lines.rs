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

/// Lines as the records of a list, each of them as `push` writes it.
pub(super) struct LineRecords<R, Push> {
    lines: BufReader<R>,
    push: Push,
    line: Vec<u8>,
    out: Vec<u8>,
    taken: usize,
}

/// Why lines are no list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum LineError {
    #[error("a line is longer than {} MiB", MAX_ROW >> 20)]
    Long,
    /// It does not say what the columns are.
    #[error("the first line is no JSON object with members that differ")]
    NoMembers,
    #[error("the first line is a row that was rejected as a text: mend it, or begin with another")]
    Rejected,
}

/// Reads the next line, without its break and white space at its end; false at the end.
pub(super) fn read_line(lines: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let mut limited = lines.take(MAX_ROW as u64 + 1);
    let read = limited.read_until(b'\n', line)?;
    if line.len() > MAX_ROW {
        return Err(io::Error::other(LineError::Long));
    }
    line.truncate(line.trim_ascii_end().len());
    Ok(read > 0)
}

/// The lines of a text, without the byte order mark that some programs put before it.
pub(super) fn lines<R: Read>(source: R) -> io::Result<BufReader<R>> {
    let mut lines = BufReader::with_capacity(READ, source);
    if lines.fill_buf()?.starts_with(MARK) {
        lines.consume(MARK.len());
    }
    Ok(lines)
}

/// One text a line.
pub(super) fn open(source: impl Read) -> io::Result<impl Read> {
    Ok(LineRecords::new(lines(source)?, Vec::new(), push_text))
}

fn push_text(line: &[u8], out: &mut Vec<u8>) {
    // a whole text in quotes, as programs write cells, is that cell
    let inner = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\""));
    match inner.filter(|inner| !inner.contains(&b'"')) {
        Some(_) => out.extend_from_slice(line),
        None => push_cell(line, DELIMITER, out),
    }
    out.push(b'\n');
}

impl<R: Read, Push: FnMut(&[u8], &mut Vec<u8>)> LineRecords<R, Push> {
    /// What is in `out` comes first.
    pub(super) fn new(lines: BufReader<R>, out: Vec<u8>, push: Push) -> Self {
        Self {
            lines,
            push,
            line: Vec::new(),
            out,
            taken: 0,
        }
    }
}

impl<R: Read, Push: FnMut(&[u8], &mut Vec<u8>)> Read for LineRecords<R, Push> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.out.len() {
            self.out.clear();
            self.taken = 0;
            // rows go on as they come: only what is at hand is waited for
            while read_line(&mut self.lines, &mut self.line)? {
                (self.push)(&self.line, &mut self.out);
                if self.out.len() >= READ || !self.lines.buffer().contains(&b'\n') {
                    break;
                }
            }
        }
        let length = (&self.out[self.taken..]).read(buffer)?;
        self.taken += length;
        Ok(length)
    }
}
