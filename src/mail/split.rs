//! The parts of a multipart body (RFC 2046, section 5.1.1), in one pass.
//!
//! A delimiter is a whole line: a boundary may begin with another one, as an inner one often does. Where there is no such
//! line at all, one that only begins so is taken.

use super::head::{line_end, without_break};
use memchr::memmem;
use std::ops::Range;

/// A body in its parts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Multipart<'b> {
    pub(super) parts: Vec<&'b [u8]>,
    /// What stands before and behind them, which mail programs don't show.
    pub(super) outside: [&'b [u8]; 2],
}

/// The parts by the first of these boundaries that there is.
pub(super) fn split<'b>(body: &'b [u8], boundaries: &[String]) -> Option<Multipart<'b>> {
    let by = |is_whole: bool| {
        let each = boundaries.iter().map(|boundary| boundary.trim_end());
        each.filter(|boundary| !boundary.is_empty())
            .find_map(|boundary| split_by(body, boundary, is_whole))
    };
    by(true)
        .filter(|multipart| !multipart.parts.is_empty())
        .or_else(|| by(false))
}

fn split_by<'b>(body: &'b [u8], boundary: &str, is_whole: bool) -> Option<Multipart<'b>> {
    let delimiter = format!("--{boundary}");
    let mut found = Multipart::default();
    let mut open: Option<usize> = None;
    for at in memmem::find_iter(body, delimiter.as_bytes()) {
        let Some((line, is_last)) = line_at(body, at, delimiter.len(), is_whole) else {
            continue;
        };
        // the line break before a delimiter belongs to it
        let start = open.unwrap_or(0);
        let before = without_break(&body[start..line.start.max(start)]);
        match open {
            Some(_) => found.parts.push(before),
            None => found.outside[0] = before,
        }
        if is_last {
            found.outside[1] = &body[line.end..];
            return Some(found);
        }
        open = Some(line.end);
    }
    // without a last one, the last part goes on to the end
    found.parts.push(&body[open?..]);
    Some(found)
}

/// The delimiter's line, and whether it says to be the last.
fn line_at(body: &[u8], at: usize, length: usize, is_whole: bool) -> Option<(Range<usize>, bool)> {
    if at > 0 && body[at - 1] != b'\n' {
        return None;
    }
    let end = line_end(body, at);
    let rest = &body[at + length..end];
    let (rest, is_last) = match rest.strip_prefix(b"--") {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    (!is_whole || rest.trim_ascii().is_empty()).then_some((at..end, is_last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(body: &str, boundaries: &[&str]) -> Option<(Vec<String>, [String; 2])> {
        let boundaries: Vec<String> = boundaries.iter().map(|text| (*text).to_owned()).collect();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let found = split(body.as_bytes(), &boundaries)?;
        Some((found.parts.into_iter().map(text).collect(), found.outside.map(text)))
    }

    #[test]
    fn parts_stand_between_whole_lines() {
        let table: [(&str, &[&str], [&str; 2]); 10] = [
            ("--b\na\n--b\nc\n--b--\n", &["a", "c"], ["", ""]),
            ("--b\r\na\r\n\r\n--b \t\r\nc\r\n--b-- \r\nz", &["a\r\n", "c"], ["", "z"]),
            ("x\n--b\na\n--b1\nc\n--b\nd", &["a\n--b1\nc", "d"], ["x", ""]),
            ("--b\na --b\n--b--", &["a --b"], ["", ""]),
            ("--b\na\n", &["a\n"], ["", ""]),
            ("--b\n--b\n--b--", &["", ""], ["", ""]),
            ("--b", &[""], ["", ""]),
            ("--b--\nx", &[], ["", "x"]),
            ("--b junk\na\n--b--\n", &["a"], ["", ""]),
            ("--b\na\n--b--\n--b\nz", &["a"], ["", "--b\nz"]),
        ];
        for (body, parts, outside) in table {
            let expected = Some((
                parts.iter().map(|part| (*part).to_owned()).collect(),
                outside.map(str::to_owned),
            ));
            assert_eq!(told(body, &["b"]), expected, "{body:?}");
        }
        assert_eq!(told("a\n-- \nb", &["b", ""]), None);
        let second = told("--c\na\n", &["b", "c"]).expect("parts");
        assert_eq!(second.0, ["a\n"]);
    }
}
