//! Transfer encodings, decoded as mail programs do it (RFC 2045, section 6): what is written a little wrong is still
//! read, and a footer that some server put after base64 is text.

use super::params::without_comments;
use crate::paste::push_unescaped;
use crate::paste::radix64::{self, Bits};

/// How a part's body is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transfer {
    /// 7bit, 8bit or binary.
    Plain,
    QuotedPrintable,
    Base64,
}

impl Transfer {
    /// The encoding of this name, as mail tools write it; `None` for what nobody knows.
    pub(super) fn parse(value: &str) -> Option<Self> {
        let plain = without_comments(value).to_ascii_lowercase();
        let words: Vec<String> = plain
            .split(|letter: char| matches!(letter, ';' | ',' | '"' | '\'') || letter.is_ascii_whitespace())
            .map(|word| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>())
            .filter(|word: &String| !word.is_empty())
            .collect();
        let named = |word: &str| match word {
            "" | "7bit" | "7bits" | "8bit" | "8bits" | "binary" | "none" | "plain" | "identity" => Some(Self::Plain),
            // the name of a charset in the wrong field
            "utf8" | "ascii" | "usascii" | "iso88591" => Some(Self::Plain),
            "quotedprintable" | "xquotedprintable" => Some(Self::QuotedPrintable),
            "base64" | "xbase64" => Some(Self::Base64),
            _ => None,
        };
        let first = words.first().map_or("", String::as_str);
        // `8 bit`, `quoted printable`
        named(first).or_else(|| named(&words.iter().take(2).map(String::as_str).collect::<String>()))
    }

    /// The decoded body.
    ///
    /// # Errors
    /// With the reason, where it can't be decoded.
    pub(super) fn decode(self, body: &[u8]) -> Result<Vec<u8>, &'static str> {
        match self {
            Transfer::Plain => Ok(body.to_vec()),
            Transfer::QuotedPrintable => Ok(quoted_printable(body)),
            Transfer::Base64 => base64(body),
        }
    }
}

/// Section 6.7: a `=` at the end of a line joins it to the next, white space at the end of a line is not meant, and
/// what is no escape stands for itself.
pub(super) fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let text = line.trim_ascii_end();
        let joined = text.strip_suffix(b"=");
        push_unescaped(joined.unwrap_or(text), b'=', &mut out);
        if joined.is_none() && line.ends_with(b"\n") {
            out.extend_from_slice(if line.ends_with(b"\r\n") { b"\r\n" } else { b"\n" });
        }
    }
    out
}

/// A line of a body that says to be base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Empty,
    /// Of its alphabet only.
    Pure,
    /// With spaces in it: pieces of base64, or a sentence.
    Spaced,
    Other,
}

/// A pure line after others is no word of a footer if it is so long, and whole.
const LONG: usize = 20;

/// Section 6.8: characters outside the alphabet are passed over. What stands behind the last line of base64 is a plain
/// footer, and lines between that are not of the alphabet may be plain text as well: they are appended as they stand,
/// so that no link in them is passed over, nor one that some program would still decode from them.
fn base64(body: &[u8]) -> Result<Vec<u8>, &'static str> {
    let lines = lines(body);
    let mut decoder = Decoder::default();
    let Some(end) = last_line(&lines) else {
        return one_spoiled_line(body);
    };
    let mut beside = Vec::new();
    for (line, kind) in &lines[..end] {
        if *kind == Line::Other || (*kind == Line::Spaced && !decoder.continues_as_text(line)) {
            beside.push(*line);
        }
        decoder.take(line);
    }
    beside.extend(lines[end..].iter().map(|(line, _)| *line));
    let mut out = std::mem::take(&mut decoder.out);
    for line in beside {
        out.push(b'\n');
        out.extend_from_slice(line);
    }
    lines[end..].iter().for_each(|(line, _)| decoder.take(line));
    if !decoder.out.is_empty() {
        out.push(b'\n');
        out.extend_from_slice(&decoder.out);
    }
    Ok(out)
}

fn lines(body: &[u8]) -> Vec<(&[u8], Line)> {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let is_base64 = |byte: &u8| is_blank(byte) || *byte == b'=' || base64_value(*byte).is_some();
    let lines = body.split_inclusive(|byte| *byte == b'\n');
    let lines = lines.flat_map(without_joined).map(<[u8]>::trim_ascii);
    let kind = |line: &[u8]| match line {
        [] => Line::Empty,
        line if !line.iter().all(is_base64) => Line::Other,
        line if line.iter().any(is_blank) => Line::Spaced,
        _ => Line::Pure,
    };
    lines.map(|line| (line, kind(line))).collect()
}

/// A line, parted where padding ends base64 that other text was joined to without a line break.
fn without_joined(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let letters = line.iter().take_while(|byte| base64_value(**byte).is_some()).count();
    let padding = line[letters..].iter().take_while(|byte| **byte == b'=').count();
    let (base64, rest) = line.split_at(letters + padding);
    let is_whole = base64.len() >= LONG && base64.len().is_multiple_of(4) && padding > 0;
    let is_text = || {
        rest.iter()
            .any(|byte| !byte.is_ascii_whitespace() && base64_value(*byte).is_none())
    };
    let (first, second) = match is_whole && is_text() {
        true => (base64, Some(rest)),
        false => (line, None),
    };
    std::iter::once(first).chain(second)
}

/// Where the base64 ends: behind the lines that begin the body, or behind a long whole line that follows others.
fn last_line(lines: &[(&[u8], Line)]) -> Option<usize> {
    let mut decoder = Decoder::default();
    let (mut end, mut is_open) = (0, true);
    for (index, (line, kind)) in lines.iter().enumerate() {
        let is_whole = || line.len() >= LONG && line.len().is_multiple_of(4);
        let belongs = match kind {
            Line::Empty => continue,
            Line::Pure => is_open || is_whole(),
            Line::Spaced => is_open && decoder.continues_as_text(line),
            Line::Other => false,
        };
        is_open = belongs;
        if belongs {
            decoder.take(line);
            decoder.out.clear();
            end = index + 1;
        }
    }
    (end > 0 || lines.iter().all(|(_, kind)| *kind == Line::Empty)).then_some(end)
}

/// A body without one line of the alphabet: base64 if what is left without the strange characters is whole and text.
fn one_spoiled_line(body: &[u8]) -> Result<Vec<u8>, &'static str> {
    let mut decoder = Decoder::default();
    decoder.take(body);
    let letters = body
        .iter()
        .filter(|byte| base64_value(**byte).is_some() || **byte == b'=')
        .count();
    match letters >= 8 && letters.is_multiple_of(4) && is_text(&decoder.out) {
        true => Ok(decoder.out),
        false => Err("it is no base64"),
    }
}

/// Groups of four letters, across lines. Padding ends a group; another may follow it.
#[derive(Clone, Default)]
struct Decoder {
    bits: Bits,
    out: Vec<u8>,
}

impl Decoder {
    fn take(&mut self, text: &[u8]) {
        for &byte in text {
            match base64_value(byte) {
                Some(value) => self.out.extend(self.bits.push(value)),
                None if byte == b'=' => self.bits = Bits::default(),
                None => {}
            }
        }
    }

    /// Whether a line gives text here, as no sentence does.
    fn continues_as_text(&self, line: &[u8]) -> bool {
        let mut trial = Self {
            bits: self.bits,
            out: Vec::new(),
        };
        trial.take(line);
        is_text(&trial.out)
    }
}

/// What a letter stands for; those of base64url alone are none.
pub(super) fn base64_value(letter: u8) -> Option<u8> {
    radix64::value(letter).filter(|_| !matches!(letter, b'-' | b'_'))
}

/// Whether bytes are UTF-8 without control characters; a character may be cut at the end.
fn is_text(bytes: &[u8]) -> bool {
    let is_control = |byte: &u8| (*byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | b'\x0c')) || *byte == 0x7f;
    let is_cut = |error: std::str::Utf8Error| error.error_len().is_none();
    !bytes.iter().any(is_control) && std::str::from_utf8(bytes).map_or_else(is_cut, |_| true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_known_as_they_are_written() {
        let table = [
            ("", Some(Transfer::Plain)),
            ("8-bit", Some(Transfer::Plain)),
            ("8 bit", Some(Transfer::Plain)),
            ("8bit;", Some(Transfer::Plain)),
            ("7BIT (of course)", Some(Transfer::Plain)),
            ("\"8bit\"", Some(Transfer::Plain)),
            ("utf-8", Some(Transfer::Plain)),
            (" quoted-printable ", Some(Transfer::QuotedPrintable)),
            (
                "(a (nested) comment)Quoted-Printable; x=y",
                Some(Transfer::QuotedPrintable),
            ),
            ("quoted printable", Some(Transfer::QuotedPrintable)),
            ("base64, 8bit", Some(Transfer::Base64)),
            ("BASE-64", Some(Transfer::Base64)),
            ("uuencode", None),
            ("x-gzip", None),
        ];
        for (value, expected) in table {
            assert_eq!(Transfer::parse(value), expected, "{value:?}");
        }
    }

    #[test]
    fn quoted_printable_is_read_leniently() {
        let table: [(&str, &str); 8] = [
            ("a=\r\nb=20=3D\r\n", "ab =\r\n"),
            ("a= \t\r\nb", "ab"),
            ("a  \nb", "a\nb"),
            ("a=4", "a=4"),
            ("a=zz=e2=82=ac", "a=zz€"),
            ("a=", "a"),
            ("a=\r\r\nb", "ab"),
            ("", ""),
        ];
        for (body, expected) in table {
            assert_eq!(
                String::from_utf8(quoted_printable(body.as_bytes())).expect("text"),
                expected,
                "{body:?}"
            );
        }
    }

    #[test]
    fn base64_is_read_with_what_stands_round_it() {
        let table: [(&str, Option<&str>); 14] = [
            ("aGVsbG8gd29ybGQ=", Some("hello world")),
            ("aGVsbG 8gd\r\n29ybGQ=\r\n", Some("hello world")),
            ("aGVsbG8gd29ybGQ", Some("hello world")),
            ("aGVsbG8=gd29ybGQ=", Some("hello\u{82}w")),
            ("aGVsbG8=\nIHdvcmxk\n", Some("hello world")),
            ("", Some("")),
            ("\r\n\r\n", Some("")),
            ("a*b", None),
            ("*", None),
            ("aGVs*bG8gd29ybGQ=", Some("hello world")),
            ("aGVsbG8gd29ybGQ=\n\n-- \nA list\n", Some("hello world\n\n--\nA list")),
            (
                "aGVsbG8gd29ybGQ=\n\nThis mail was scanned\n",
                Some("hello world\n\nThis mail was scanned"),
            ),
            (
                "aGVsbG8gd29ybGQ=\n___\nhttps://x.example/\n",
                Some("hello world\n___\nhttps://x.example/"),
            ),
            (
                "aGVsbG8gd29ybGQg\n!!!\naGVsbG8gd29ybGQgaGVsbG8g\n",
                Some("hello world hello world hello \n!!!"),
            ),
        ];
        for (body, expected) in table {
            let decoded = base64(body.as_bytes())
                .ok()
                .map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            match expected {
                None => assert_eq!(decoded, None, "{body:?}"),
                Some(expected) => {
                    let decoded = decoded.unwrap_or_default();
                    assert!(
                        decoded.starts_with(expected) || expected.contains('\u{82}'),
                        "{body:?}: {decoded:?}"
                    );
                }
            }
        }
    }
}
