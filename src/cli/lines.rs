//! Texts from standard input: the one reader for all commands that take them, so that each is bounded alike.

use super::exit::{Failure, plain};
use linkmint::mail;
use linkmint::table::DecodingReader;
use std::io::{self, BufRead, BufReader, Read};

/// The most of one text that is read, in bytes.
pub(crate) const MOST_TEXT: usize = 1 << 20;

/// A line of standard input, without its end.
pub(crate) enum Line {
    /// What stands there; what is no UTF-8 in it is replaced.
    Text(String),
    /// It has more than [`MOST_TEXT`] bytes, which were read and dropped.
    TooLong,
}

/// Standard input, line by line, in memory for one line. PowerShell writes UTF-16, with a mark at the beginning.
pub(crate) struct Lines<R> {
    input: BufReader<LineEnds<DecodingReader<R>>>,
    is_first: bool,
    line: Vec<u8>,
}

impl Lines<io::StdinLock<'static>> {
    pub(crate) fn of_standard_input() -> Result<Self, Failure> {
        Self::of(io::stdin().lock())
    }
}

impl<R: Read> Lines<R> {
    /// Waits for the first bytes.
    fn of(input: R) -> Result<Self, Failure> {
        let (text, _) = DecodingReader::new(input, None).map_err(unreadable)?;
        let text = LineEnds {
            input: text,
            after_cr: false,
        };
        Ok(Self {
            input: BufReader::with_capacity(64 << 10, text),
            is_first: true,
            line: Vec::new(),
        })
    }

    /// The next line, the last one also without its end.
    pub(crate) fn next(&mut self) -> Result<Option<Line>, Failure> {
        self.line.clear();
        // the line's end comes on top
        let mut part = (&mut self.input).take(MOST_TEXT as u64 + 1);
        part.read_until(b'\n', &mut self.line).map_err(unreadable)?;
        let is_cut = part.limit() == 0 && !self.line.ends_with(b"\n");
        let more = match is_cut {
            true => self.input.skip_until(b'\n').map_err(unreadable)?,
            false => 0,
        };
        let mark = "\u{feff}".as_bytes();
        let is_first = std::mem::take(&mut self.is_first);
        if self.line.is_empty() || is_first && self.line == mark {
            return Ok(None);
        }
        let text = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        let text = text.strip_prefix(mark).filter(|_| is_first).unwrap_or(text);
        Ok(Some(match more > 0 || text.len() > MOST_TEXT {
            true => Line::TooLong,
            false => Line::Text(String::from_utf8_lossy(text).into_owned()),
        }))
    }

    /// Whether more was read than was asked for by now.
    pub(crate) fn has_more_at_hand(&self) -> bool {
        !self.input.buffer().is_empty()
    }

    /// Whether something follows; waits for it.
    pub(crate) fn has_more(&mut self) -> bool {
        self.input.fill_buf().is_ok_and(|rest| !rest.is_empty())
    }
}

/// A text with LF at the end of each line, whether that was LF, CRLF or, as old spreadsheets write it, CR alone. No CR
/// waits for what may follow it.
struct LineEnds<R> {
    input: R,
    after_cr: bool,
}

impl<R: Read> Read for LineEnds<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.input.read(out)?;
            let mut kept = 0;
            for place in 0..read {
                let byte = out[place];
                if !(self.after_cr && byte == b'\n') {
                    out[kept] = if byte == b'\r' { b'\n' } else { byte };
                    kept += 1;
                }
                self.after_cr = byte == b'\r';
            }
            if kept > 0 || read == 0 {
                return Ok(kept);
            }
        }
    }
}

/// All of standard input as one text.
pub(crate) fn all_of_standard_input() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let mut input = io::stdin().lock().take(MOST_TEXT as u64 + 1);
    input.read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > MOST_TEXT {
        let error = anyhow::anyhow!("the text is longer than {} MiB", MOST_TEXT >> 20);
        let failure = Failure::undecided(error).at("standard input");
        return Err(failure.hint("`-` takes one text per line"));
    }
    // PowerShell writes UTF-16
    Ok(mail::text(&bytes).unwrap_or_else(|| String::from_utf8_lossy(&bytes).into_owned()))
}

pub(crate) fn unreadable(error: io::Error) -> Failure {
    Failure::undecided(plain(error)).at("standard input")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(input: &[u8]) -> Vec<Option<usize>> {
        let mut lines = Lines::of(input).expect("read");
        let mut lengths = Vec::new();
        while let Some(line) = lines.next().expect("read") {
            lengths.push(match line {
                Line::Text(text) => Some(text.len()),
                Line::TooLong => None,
            });
        }
        assert!(lines.line.capacity() <= 3 * MOST_TEXT, "{}", lines.line.capacity());
        lengths
    }

    #[test]
    fn lines_of_powershell_are_read_as_what_they_say() {
        for text in ["a\r\nzwei ü\r\n", "\r\nb", ""] {
            let units: Vec<u16> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).collect();
            let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
            let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
            for bytes in [little, big, format!("\u{feff}{text}").into_bytes()] {
                assert_eq!(lengths(&bytes), lengths(text.as_bytes()), "{text:?}");
            }
        }
    }

    #[test]
    fn a_line_ends_at_one_mebibyte_and_the_next_is_read_as_it_is() {
        let line = |length: usize, end: &str| [&vec![b'a'; length], end.as_bytes()].concat();
        assert_eq!(lengths(b""), []);
        assert_eq!(
            lengths(b"\n\r\nab\r\n\rc"),
            [Some(0), Some(0), Some(2), Some(0), Some(1)]
        );
        assert_eq!(lengths(b"a\rbc\r\rd\r"), [Some(1), Some(2), Some(0), Some(1)]);
        for end in ["\n", "\r\n", "\r", ""] {
            assert_eq!(lengths(&line(MOST_TEXT, end)), [Some(MOST_TEXT)], "{end:?}");
            assert_eq!(lengths(&line(MOST_TEXT + 1, end)), [None], "{end:?}");
            assert_eq!(lengths(&line(MOST_TEXT + 2, end)), [None], "{end:?}");
        }
        let three = [line(3, "\n"), line(5 * MOST_TEXT, "\n"), line(7, "\n")].concat();
        assert_eq!(lengths(&three), [Some(3), None, Some(7)]);
    }
}
