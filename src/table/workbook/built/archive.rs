//! The parts of a workbook that is a ZIP archive, as XML.
//!
//! An archive says of each part how large it is unpacked, and need not say the truth: so what comes out is counted,
//! and ends where no real workbook's part would have got from a file of that size.

use super::{Disguise, Source, WorkbookError};
use crate::excerpt::Excerpt;
use crate::table::encoding::DecodingReader;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::QName;
use std::collections::HashMap;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use zip::ZipArchive;
use zip::read::ZipFile;

pub(super) type Input = Box<dyn Source>;

/// A part that is read as it comes.
pub(super) type Xml<'a> = Reader<BufReader<DecodingReader<Capped<ZipFile<'a, Input>>>>>;

/// The most that one part of a workbook of that many bytes may have unpacked: sheets of little else than repeated
/// cells are packed to a hundredth.
fn most_unpacked(size: u64) -> u64 {
    size.saturating_mul(256).saturating_add(64 << 20)
}

const TOO_LARGE: &str = "a part of it is too large, unpacked, for a file of its size";

pub(super) struct Archive {
    zip: ZipArchive<Input>,
    /// The parts by their names in small letters: some programs write others than they refer to.
    parts: HashMap<String, usize>,
    most: u64,
}

impl Archive {
    pub(super) fn open(mut input: Input) -> Result<Self, WorkbookError> {
        let size = input.seek(SeekFrom::End(0)).map_err(unreadable)?;
        let mut zip = ZipArchive::new(input).map_err(unreadable)?;
        let mut parts = HashMap::new();
        for number in 0..zip.len() {
            let part = zip.by_index_raw(number).map_err(unreadable)?;
            let name = part.name().map_err(unreadable)?;
            parts.insert(normal(&name), number);
        }
        let most = most_unpacked(size);
        Ok(Self { zip, parts, most })
    }

    /// Whether there is a part whose name ends so.
    pub(super) fn has(&self, end: &str) -> bool {
        self.parts.keys().any(|name| name.ends_with(end))
    }

    /// A part, unpacked as it is read.
    fn unpacked(&mut self, name: &str) -> Result<Option<Capped<ZipFile<'_, Input>>>, WorkbookError> {
        let Some(number) = self.parts.get(&normal(name)) else {
            return Ok(None);
        };
        let part = self.zip.by_index(*number).map_err(unreadable)?;
        if part.size() > self.most {
            return Err(unreadable(TOO_LARGE));
        }
        Ok(Some(Capped { part, left: self.most }))
    }

    /// The beginning of a part, as text.
    pub(super) fn beginning(&mut self, name: &str) -> Result<String, WorkbookError> {
        let mut bytes = Vec::new();
        if let Some(part) = self.unpacked(name)? {
            part.take(100).read_to_end(&mut bytes).map_err(unreadable)?;
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// A part as XML, in UTF-8 or UTF-16.
    pub(super) fn xml(&mut self, name: &str) -> Result<Option<Xml<'_>>, WorkbookError> {
        let Some(part) = self.unpacked(name)? else {
            return Ok(None);
        };
        let (decoded, _) = DecodingReader::new(part, None).map_err(unreadable)?;
        let mut xml = Reader::from_reader(BufReader::with_capacity(64 << 10, decoded));
        let config = xml.config_mut();
        // as lenient as the programs that made these parts are careless
        config.check_end_names = false;
        config.check_comments = false;
        config.expand_empty_elements = true;
        Ok(Some(xml))
    }

    /// A part that no workbook of this kind lacks.
    pub(super) fn needed(&mut self, name: &str) -> Result<Xml<'_>, WorkbookError> {
        let lacks = WorkbookError::NoWorkbook(Disguise::Archive);
        self.xml(name)?.ok_or(lacks)
    }

    /// Unpacks every part once, to see that none is too large, and gives the bytes back.
    pub(super) fn checked(mut self) -> Result<Input, WorkbookError> {
        let names: Vec<String> = self.parts.keys().cloned().collect();
        for name in names {
            if let Some(mut part) = self.unpacked(&name)? {
                io::copy(&mut part, &mut io::sink()).map_err(unreadable)?;
            }
        }
        let mut input = self.zip.into_inner();
        input.seek(SeekFrom::Start(0)).map_err(unreadable)?;
        Ok(input)
    }
}

fn normal(name: &str) -> String {
    name.trim_start_matches('/').replace('\\', "/").to_ascii_lowercase()
}

/// Ends with an error where too much comes out.
pub(super) struct Capped<R> {
    part: R,
    left: u64,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.part.read(buffer)?;
        let left = self.left.checked_sub(read as u64);
        self.left = left.ok_or_else(|| io::Error::other(TOO_LARGE))?;
        Ok(read)
    }
}

/// What can't be read, before its first row.
pub(super) fn unreadable(error: impl std::fmt::Display) -> WorkbookError {
    unreadable_at(None, error)
}

/// What can't be read in that row, or after it.
pub(super) fn unreadable_at(row: Option<u64>, error: impl std::fmt::Display) -> WorkbookError {
    let reason = error.to_string();
    WorkbookError::Unreadable { row, reason }.harmless()
}

/// Shows `visit` the beginning of each element of a part; what `visit` reads of the part itself is passed over.
pub(super) fn each_start(
    mut xml: Xml<'_>,
    mut visit: impl FnMut(&mut Xml<'_>, &BytesStart<'_>) -> Result<(), WorkbookError>,
) -> Result<(), WorkbookError> {
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(unreadable)? {
            Event::Start(element) => visit(&mut xml, &element)?,
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// Reads over the rest of an element, with those of its name within it.
pub(super) fn skip(xml: &mut Xml<'_>, name: &str) -> Result<(), WorkbookError> {
    let end = xml.read_to_end_into(QName(name), &mut Vec::new());
    end.map(drop).map_err(unreadable)
}

/// An attribute by its name, as it stands there.
pub(super) fn raw<'a>(element: &'a BytesStart<'_>, name: &str) -> Option<&'a str> {
    attributes(element).find_map(|(key, value)| (key == name).then_some(value))
}

/// An attribute's text.
pub(super) fn text_of(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let value = raw(element, name)?;
    Some(match quick_xml::escape::unescape(value) {
        Ok(text) => text.into_owned(),
        Err(_) => value.to_owned(),
    })
}

/// The attributes of an element, as they stand there. Ends where they are none.
pub(super) fn attributes<'a>(element: &'a BytesStart<'_>) -> impl Iterator<Item = (&'a str, &'a str)> {
    let mut rest = element.attributes_raw();
    std::iter::from_fn(move || {
        let (key, value) = rest.split_once('=')?;
        let value = value.trim_ascii_start();
        let quote = value.chars().next().filter(|letter| matches!(letter, '"' | '\''))?;
        let (value, after) = value[1..].split_once(quote)?;
        rest = after;
        Some((key.trim_ascii(), value))
    })
}

/// Appends what an entity stands for. One that is unknown is an error: left out, it would make another customer of a cell.
pub(super) fn push_entity(entity: &BytesRef<'_>, out: &mut String) -> Result<(), WorkbookError> {
    let known = quick_xml::escape::resolve_xml_entity(entity);
    match (known, entity.resolve_char_ref()) {
        (Some(text), _) => out.push_str(text),
        (None, Ok(Some(letter))) => out.push(letter),
        _ => {
            return Err(unreadable(format_args!(
                "a text has {}, which stands for nothing",
                Excerpt(&format!("&{};", &**entity))
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_out_is_counted_whatever_was_claimed() {
        let capped = |left| Capped {
            part: io::repeat(7).take(1000),
            left,
        };
        let mut bytes = Vec::new();
        assert_eq!(capped(1000).read_to_end(&mut bytes).expect("as many"), 1000);
        let error = capped(999).read_to_end(&mut bytes).expect_err("one too many");
        assert_eq!(error.to_string(), TOO_LARGE);
        assert_eq!(most_unpacked(0), 64 << 20);
        assert_eq!(most_unpacked(u64::MAX), u64::MAX);
    }
}
