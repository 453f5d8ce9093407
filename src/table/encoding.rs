//! The characters of a list: UTF-8, UTF-16 by its byte order mark, or an older encoding by its name.
//!
//! Encodings that write ASCII as ASCII are left as they are and decoded cell by cell; UTF-16 is turned into UTF-8 as
//! it is read. Nothing is ever replaced: bytes that are not in the encoding stay what they are, and reject their row.

use super::code_page::CodePage;
use encoding_rs::{Decoder, DecoderResult, Encoding as Charset, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;
use std::io::{self, Chain, Cursor, Read};

/// How a list's bytes stand for characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Charset(&'static Charset),
    Page(&'static CodePage),
}

impl Default for Encoding {
    fn default() -> Self {
        Self::of(UTF_8)
    }
}

impl Encoding {
    /// The encoding of that name or label, as the WHATWG Encoding Standard lists them. `None` for those that don't
    /// write ASCII as ASCII and are not UTF-16.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        let name = name.trim();
        // what Windows and its editors call its own
        let name = if name.eq_ignore_ascii_case("ansi") {
            "windows-1252"
        } else {
            name
        };
        if let Some(page) = CodePage::by_name(name) {
            return Some(Self(Kind::Page(page)));
        }
        let charset = Charset::for_label_no_replacement(name.as_bytes())?;
        (charset.is_ascii_compatible() || charset == UTF_16LE || charset == UTF_16BE).then_some(Self::of(charset))
    }

    pub(super) const fn of(charset: &'static Charset) -> Self {
        Self(Kind::Charset(charset))
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self.0 {
            Kind::Charset(charset) => charset.name(),
            Kind::Page(page) => page.name,
        }
    }

    /// Whether it is UTF-8.
    #[inline]
    #[must_use]
    pub(crate) fn is_utf8(self) -> bool {
        self.0 == Kind::Charset(UTF_8)
    }

    /// Whether a byte of ASCII can be part of another character, so that it can't be looked for.
    pub(crate) fn hides(self, byte: u8) -> bool {
        let is_single_byte = match self.0 {
            Kind::Charset(charset) => charset.is_single_byte(),
            Kind::Page(_) => true,
        };
        // cells of UTF-16 are UTF-8 by the time they are looked at
        !self.is_utf8() && !is_single_byte && self.utf16().is_none() && byte >= b'@'
    }

    pub(super) fn utf16(self) -> Option<&'static Charset> {
        match self.0 {
            Kind::Charset(charset) if charset == UTF_16LE || charset == UTF_16BE => Some(charset),
            _ => None,
        }
    }

    /// The text of some bytes; `None` when they are not in the encoding.
    pub(crate) fn decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        match self.0 {
            Kind::Charset(charset) => charset.decode_without_bom_handling_and_without_replacement(bytes),
            Kind::Page(_) if bytes.is_ascii() => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Kind::Page(page) => Some(Cow::Owned(page.decode(bytes))),
        }
    }

    /// Whether it has all characters of a text.
    #[must_use]
    pub fn can_write(self, text: &str) -> bool {
        text.chars().all(|character| self.encode_one(character).is_some())
    }

    /// The bytes of a character, if it has any.
    fn encode_one(self, character: char) -> Option<Vec<u8>> {
        let mut utf8 = [0; 4];
        let text = &*character.encode_utf8(&mut utf8);
        match self.0 {
            Kind::Charset(charset) => {
                let (bytes, _, failed) = charset.encode(text);
                (!failed).then(|| bytes.into_owned())
            }
            Kind::Page(page) => page.byte(character).map(|byte| vec![byte]),
        }
    }

    /// The bytes of a text; `?` for characters that the encoding does not have.
    #[must_use]
    pub fn encode(self, text: &str) -> Cow<'_, [u8]> {
        if self.is_utf8() || text.is_ascii() {
            return Cow::Borrowed(text.as_bytes());
        }
        let mut bytes = Vec::with_capacity(text.len());
        for character in text.chars() {
            bytes.extend(self.encode_one(character).unwrap_or_else(|| b"?".to_vec()));
        }
        Cow::Owned(bytes)
    }
}

/// So much is read with the byte order mark.
const AHEAD: usize = 8 << 10;

/// A text's bytes with UTF-16 turned into UTF-8; all others are passed on.
#[derive(Debug)]
pub struct DecodingReader<R> {
    /// What was read to look for a byte order mark, then the rest.
    input: Chain<Cursor<Vec<u8>>, Counted<R>>,
    utf16: Option<Utf16>,
}

impl<R: Read> DecodingReader<R> {
    /// Looks for a byte order mark, which may arrive in several reads. A mark rules over a name, that of UTF-8
    /// too: what was read by the name of UTF-16 is written with one, and fed again. Of UTF-16 it is given out as that of
    /// UTF-8.
    ///
    /// # Errors
    /// When the input can't be read.
    pub fn new(input: R, named: Option<Encoding>) -> io::Result<(Self, Encoding)> {
        let mut input = Counted { input, count: 0 };
        let mut ahead = Vec::new();
        input.by_ref().take(3).read_to_end(&mut ahead)?;
        let charset = match ahead.as_slice() {
            [0xff, 0xfe, ..] => Some(UTF_16LE),
            [0xfe, 0xff, ..] => Some(UTF_16BE),
            super::dialect::BOM => Some(UTF_8),
            _ => None,
        };
        let encoding = charset.map(Encoding::of).or(named).unwrap_or_default();
        if charset.is_some_and(|charset| charset != UTF_8) {
            ahead.drain(..2);
        }
        // what comes with the header is looked through where it is none: a short one would come alone
        if ahead.len() == 3 {
            let start = ahead.len();
            ahead.resize(start + AHEAD, 0);
            let read = read_some(&mut input, &mut ahead[start..])?;
            ahead.truncate(start + read);
        }
        let utf16 = encoding.utf16().map(Utf16::new);
        let input = Cursor::new(ahead).chain(input);
        Ok((Self { input, utf16 }, encoding))
    }

    /// How many bytes were read, as they came.
    pub(super) fn count(&self) -> u64 {
        self.input.get_ref().1.count
    }
}

/// An input whose bytes are counted.
#[derive(Debug)]
struct Counted<R> {
    input: R,
    count: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(out)?;
        self.count += read as u64;
        Ok(read)
    }
}

impl<R: Read> Read for DecodingReader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match &mut self.utf16 {
            Some(utf16) => utf16.read(&mut self.input, out),
            None => self.input.read(out),
        }
    }
}

/// Three bytes that are never UTF-8 (a surrogate): they stand for what is no UTF-16 and reject the row.
pub(super) const NOT_UTF16: &[u8] = b"\xed\xa0\x80";

/// UTF-16 on its way to UTF-8, beginning with UTF-8's own mark.
struct Utf16 {
    decoder: Decoder,
    source: Vec<u8>,
    /// Decoded, not given out yet.
    ready: Vec<u8>,
    given: usize,
    ended: bool,
}

impl std::fmt::Debug for Utf16 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Utf16")
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

impl Utf16 {
    fn new(charset: &'static Charset) -> Self {
        Self {
            decoder: charset.new_decoder_without_bom_handling(),
            source: vec![0; 64 << 10],
            ready: super::dialect::BOM.to_vec(),
            given: 0,
            ended: false,
        }
    }

    fn read(&mut self, input: &mut impl Read, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() && !self.ended {
            self.ready.clear();
            self.given = 0;
            let read = read_some(input, &mut self.source)?;
            self.ended = read == 0;
            self.decode(read);
        }
        let count = (self.ready.len() - self.given).min(out.len());
        out[..count].copy_from_slice(&self.ready[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }

    fn decode(&mut self, read: usize) {
        let mut source = &self.source[..read];
        loop {
            // each unit of two bytes becomes three at most
            let filled = self.ready.len();
            self.ready.resize(filled + source.len() * 3 / 2 + 16, 0);
            let (result, taken, given) =
                self.decoder
                    .decode_to_utf8_without_replacement(source, &mut self.ready[filled..], self.ended);
            self.ready.truncate(filled + given);
            source = &source[taken..];
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.ready.extend_from_slice(NOT_UTF16),
            }
        }
    }
}

/// Reads what there is, whatever interrupts.
pub(super) fn read_some(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match input.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        "\u{feff}"
            .encode_utf16()
            .chain(text.encode_utf16())
            .flat_map(bytes)
            .collect()
    }

    fn read(bytes: &[u8], named: Option<Encoding>) -> (Vec<u8>, Encoding) {
        let (mut reader, encoding) = DecodingReader::new(bytes, named).expect("memory");
        let mut out = Vec::new();
        reader.read_to_end(&mut out).expect("memory");
        (out, encoding)
    }

    #[test]
    fn utf16_is_told_by_its_mark_and_read_as_utf8() {
        let text = "id,näme 😀\r\n1,\"é\"\r\n".repeat(5_000);
        for bytes in [utf16(&text, u16::to_le_bytes), utf16(&text, u16::to_be_bytes)] {
            let (out, encoding) = read(&bytes, None);
            assert!(encoding.name().starts_with("UTF-16"));
            assert_eq!(out, format!("\u{feff}{text}").into_bytes());
        }
    }

    #[test]
    fn what_is_no_utf16_becomes_no_utf8() {
        let mut bytes = utf16("a", u16::to_le_bytes);
        bytes.extend_from_slice(&[0x00, 0xd8, 0x62, 0x00, 0x63]);
        let (out, _) = read(&bytes, None);
        assert!(out.starts_with("\u{feff}a".as_bytes()));
        assert!(std::str::from_utf8(&out).is_err());
    }

    #[test]
    fn other_bytes_are_passed_on() {
        for bytes in [&b""[..], b"\xff", b"\xfe", b"a", b"\xef\xbb\xbfabc", b"\xffabc"] {
            assert_eq!(read(bytes, None), (bytes.to_vec(), Encoding::default()));
        }
    }

    #[test]
    fn names_are_those_of_the_standard() {
        assert_eq!(Encoding::by_name("latin1").map(Encoding::name), Some("windows-1252"));
        assert_eq!(Encoding::by_name(" Shift_JIS ").map(Encoding::name), Some("Shift_JIS"));
        assert!(Encoding::by_name("iso-2022-jp").is_none());
        assert!(Encoding::by_name("utf-7").is_none());
        let latin = Encoding::by_name("windows-1252").expect("a name");
        assert_eq!(latin.decode(b"M\xfcller").as_deref(), Some("Müller"));
        assert_eq!(&*latin.encode("Mü→"), b"M\xfc?");
        assert!(Encoding::by_name("gbk").expect("a name").hides(b'|'));
        assert!(!latin.hides(b'|'));
    }
}
