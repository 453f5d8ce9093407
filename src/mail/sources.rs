//! Where the sources of mails stand in a pasted text: each header begins one, whatever stands above it, quoted or
//! indented too. The text between them is handed on as well, so that nothing of a paste is passed over.

use super::is_telling;
use super::transfer::Transfer;

/// Quotes within quotes are opened so deep.
const MOST_MARKS: usize = 4;

/// A stretch of a pasted text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    /// Whether it begins with the header of a mail, or of a part of one.
    pub(super) is_source: bool,
}

/// All of a text in pieces, in the order they stand; none where there is no source in it.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    // old Macs, and what is copied out of some lists
    match text.contains('\r') && !text.contains('\n') {
        true => split(&text.replace('\r', "\n"), MOST_MARKS, &mut pieces),
        false => split(text, MOST_MARKS, &mut pieces),
    }
    match pieces.iter().any(|piece| piece.is_source) {
        true => pieces,
        false => Vec::new(),
    }
}

/// Whether one of the fields in a text, if there are any, says how something is encoded for its way.
pub(super) fn names_transfer(text: &[u8]) -> bool {
    const NAME: &[u8] = b"content-transfer-encoding";
    let is_mark = |byte: &u8| matches!(byte, b' ' | b'\t' | b'>' | b'|');
    text.split(|byte| *byte == b'\n').any(|line| {
        let marks = line.iter().take_while(|byte| is_mark(byte)).count();
        let name = line.get(marks..marks + NAME.len());
        name.is_some_and(|name| name.eq_ignore_ascii_case(NAME))
    })
}

fn split(text: &str, levels: usize, pieces: &mut Vec<Piece>) {
    // most texts are no mails
    if !text.split_inclusive('\n').any(|line| encoding_field(line).is_some()) {
        push(&[text], false, pieces);
        return;
    }
    let mut split = Split {
        lines: text.split_inclusive('\n').collect(),
        pieces,
        from: 0,
        is_source: false,
        delimiter: None,
        floor: 0,
    };
    let mut at = 0;
    while at < split.lines.len() {
        at = split.pass(at, levels);
    }
    split.begin(at, false);
}

struct Split<'t, 'p> {
    lines: Vec<&'t str>,
    pieces: &'p mut Vec<Piece>,
    /// Where the open piece begins, and what it is.
    from: usize,
    is_source: bool,
    /// The line above its header, which also ends it.
    delimiter: Option<&'t str>,
    /// No header begins above this line.
    floor: usize,
}

impl Split<'_, '_> {
    /// Passes a line, and the header or the quote that it belongs to.
    fn pass(&mut self, at: usize, levels: usize) -> usize {
        if self.is_own_delimiter(at) {
            self.begin(at, false);
            return at + 1;
        }
        match self.marks(at) {
            Some("") => self.pass_header(at),
            Some(marks) if levels > 0 => {
                let marks = marks.to_owned();
                self.pass_quote(at, &marks, levels)
            }
            _ => at + 1,
        }
    }

    fn pass_header(&mut self, at: usize) -> usize {
        let start = self.header_start(at);
        let above = start.checked_sub(1).filter(|&above| above >= self.floor);
        let above = above.filter(|&above| is_delimiter(self.lines[above]));
        if let Some(above) = above {
            self.begin(above, false);
        }
        self.begin(start, true);
        self.delimiter = above.map(|above| self.lines[above].trim_end());
        let length = self.lines[at..].iter().take_while(|line| !is_blank(line)).count();
        self.floor = at + length;
        self.floor
    }

    /// What stands behind the same marks is a text by itself.
    fn pass_quote(&mut self, at: usize, marks: &str, levels: usize) -> usize {
        let is_in = |line: &&&str| line.starts_with(marks) || line.trim_end() == marks.trim_end();
        let start = at - self.lines[self.floor..at].iter().rev().take_while(is_in).count();
        let end = at + self.lines[at..].iter().take_while(is_in).count();
        self.begin(start, false);
        let quoted = self.lines[start..end].iter();
        let quoted: String = quoted.map(|line| line.strip_prefix(marks).unwrap_or("\n")).collect();
        split(&quoted, levels - 1, self.pieces);
        (self.from, self.floor) = (end, end);
        end
    }

    /// Ends the open piece and begins another.
    fn begin(&mut self, at: usize, is_source: bool) {
        push(&self.lines[self.from..at], self.is_source, self.pieces);
        (self.from, self.is_source, self.delimiter) = (at, is_source, None);
        self.floor = self.floor.max(at);
    }

    fn is_own_delimiter(&self, at: usize) -> bool {
        let line = self.lines[at].trim_end();
        self.delimiter
            .is_some_and(|delimiter| line == delimiter || line.strip_suffix("--") == Some(delimiter))
    }

    /// The first line of the header that this line is in: fields, folded ones too, and lines between them that are none.
    fn header_start(&self, at: usize) -> usize {
        let is_part = |line: &str| !is_blank(line) && !is_delimiter(line) && (is_field(line) || is_folded(line));
        let is_between = |line: &str| !is_blank(line) && !is_delimiter(line);
        let mut start = at;
        while start > self.floor {
            let above = self.lines[start - 1];
            let is_first = start - 1 == self.floor;
            let is_in = is_part(above) || (is_between(above) && !is_first && is_part(self.lines[start - 2]));
            if !is_in {
                break;
            }
            start -= 1;
        }
        start
    }

    /// What stands before a field that says how something is encoded, if this line is one.
    fn marks(&self, at: usize) -> Option<&str> {
        let line = self.lines[at];
        if !is_encoding(line, self.lines.get(at + 1).copied()) {
            return None;
        }
        let marks = &line[..line.len() - unmarked(line).len()];
        let above = at.checked_sub(1).filter(|&above| above >= self.floor);
        let goes_on = |above: usize| {
            let above = self.lines[above];
            !is_blank(above) && !above.starts_with(marks)
        };
        // a field that is folded
        let is_folded = !marks.is_empty() && is_blank(marks) && above.is_some_and(goes_on);
        (!is_folded).then_some(marks)
    }
}

fn push(lines: &[&str], is_source: bool, pieces: &mut Vec<Piece>) {
    if lines.iter().all(|line| is_blank(line)) {
        return;
    }
    // copied blank lines may have spaces in them
    let lines = lines.iter().map(|line| if is_blank(line) { "\n" } else { line });
    let text = lines.collect();
    pieces.push(Piece { text, is_source });
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

fn is_delimiter(line: &str) -> bool {
    line.starts_with("--") && line.trim_end().len() > 2
}

fn is_folded(line: &str) -> bool {
    line.starts_with([' ', '\t'])
}

fn unmarked(line: &str) -> &str {
    line.trim_start_matches([' ', '\t', '>', '|'])
}

/// Whether a line is a field of a header. An address such as `https://` is none.
fn is_field(line: &str) -> bool {
    line.split_once(':').is_some_and(|(name, value)| {
        let name = name.trim_end().as_bytes();
        let is_name = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
        is_name && (value.is_empty() || value.starts_with(char::is_whitespace) || is_telling(name))
    })
}

/// The name and value of a field that says how a mail or a part is encoded, by its name.
fn encoding_field(line: &str) -> Option<(&'static str, &str)> {
    let (name, value) = unmarked(line).split_once(':')?;
    let known = ["content-type", "content-transfer-encoding", "mime-version"];
    let name = known
        .into_iter()
        .find(|known| name.trim_end().eq_ignore_ascii_case(known))?;
    Some((name, value.trim()))
}

/// Whether such a field has a value, folded or not: signatures name these fields too.
fn is_encoding(line: &str, next: Option<&str>) -> bool {
    let Some((name, value)) = encoding_field(line) else {
        return false;
    };
    let value = match value {
        "" => next.map_or("", |next| unmarked(next).trim()),
        value => value,
    };
    let first = value.split([';', ' ', '\t']).next().unwrap_or_default();
    match name {
        "content-type" => first.contains('/'),
        "mime-version" => first.starts_with(|letter: char| letter.is_ascii_digit() || letter == '('),
        _ => !first.is_empty() && Transfer::parse(value).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_a_text_is_in_its_pieces() {
        let lines = [
            "",
            "--b",
            "--b--",
            "Content-Type: text/plain",
            "MIME-Version: 1.0",
            "  Content-Type: text/plain",
            "> Content-Type: text/plain",
            ">> MIME-Version: 1.0",
            "> x",
            ">",
            "a: b",
            " folded",
            "x",
        ];
        let told = |text: &str| -> Vec<String> {
            let lines = text.lines().map(unmarked).filter(|line| !is_blank(line));
            lines.map(str::to_owned).collect()
        };
        let mut seed = 1u64;
        for _ in 0..5_000 {
            let mut text = String::new();
            for _ in 0..10 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                text += lines[(seed >> 33) as usize % lines.len()];
                text.push('\n');
            }
            let pieces = pieces(&text);
            let all: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
            assert!(pieces.is_empty() || told(&all) == told(&text), "{text}\n{pieces:#?}");
        }
    }

    #[test]
    fn signatures_name_fields_and_are_no_header() {
        let folded = "X: a\n Content-Type: text/plain\n\nb\n";
        let signed = "DKIM-Signature: h=From:\n  Content-Type:Content-Transfer-Encoding:MIME-Version;\n b=a/b\n";
        for text in [folded, signed, "Content-Type of what?\n", "MIME-Version:\n", ""] {
            assert_eq!(pieces(text), [], "{text}");
        }
    }
}
