//! Texts as an .xlsx keeps them: the table that cells share, and the runs of letters of one text.

use super::WorkbookError;
use super::archive::{Xml, each_start, push_entity, raw, unreadable};
use quick_xml::events::Event;

/// The texts that cells share, one after another. How many there are is not believed but seen.
#[derive(Default)]
pub(super) struct SharedTexts {
    all: String,
    ends: Vec<usize>,
}

impl SharedTexts {
    pub(super) fn read(xml: Xml<'_>) -> Result<Self, WorkbookError> {
        let mut texts = Self::default();
        each_start(xml, |xml, e| {
            if e.local_name().as_ref() == "si" {
                read_rich(xml, "si", &mut texts.all)?;
                texts.ends.push(texts.all.len());
            }
            Ok(())
        })?;
        Ok(texts)
    }

    pub(super) fn at(&self, number: usize) -> Option<&str> {
        let end = *self.ends.get(number)?;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.all[start..end])
    }
}

/// Appends the text of an element up to its end: all runs of it, without how it is spoken.
pub(super) fn read_rich(xml: &mut Xml<'_>, end: &str, out: &mut String) -> Result<(), WorkbookError> {
    let (mut spoken, mut buffer) = (false, Vec::new());
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(unreadable)? {
            Event::Start(e) => match e.local_name().as_ref() {
                "rPh" => spoken = true,
                "t" if !spoken => {
                    let keeps = raw(&e, "xml:space") == Some("preserve");
                    read_run(xml, keeps, out)?;
                }
                _ => {}
            },
            Event::End(e) => match e.local_name().as_ref() {
                "rPh" => spoken = false,
                name if name == end => return Ok(()),
                _ => {}
            },
            Event::Eof => return Err(unreadable("a text of it has no end")),
            _ => {}
        }
    }
}

/// The text of a `t`, trimmed unless it says that it is to be kept.
fn read_run(xml: &mut Xml<'_>, keeps: bool, out: &mut String) -> Result<(), WorkbookError> {
    const WHITE: [char; 4] = [' ', '\t', '\r', '\n'];
    let start = out.len();
    read_text(xml, "t", &mut Vec::new(), out)?;
    if !keeps {
        out.truncate(start + out[start..].trim_end_matches(WHITE).len());
        let white = out.len() - start - out[start..].trim_start_matches(WHITE).len();
        out.drain(start..start + white);
    }
    unescape(out, start);
    Ok(())
}

/// Appends all text up to the end of an element, or of the part: who reads on finds that too.
pub(super) fn read_text(
    xml: &mut Xml<'_>,
    end: &str,
    buffer: &mut Vec<u8>,
    out: &mut String,
) -> Result<(), WorkbookError> {
    loop {
        buffer.clear();
        match xml.read_event_into(buffer).map_err(unreadable)? {
            Event::Text(text) => out.push_str(&text.xml10_content()),
            Event::CData(text) => out.push_str(&text.xml10_content()),
            Event::GeneralRef(entity) => push_entity(&entity, out)?,
            Event::End(e) if e.local_name().as_ref() == end => return Ok(()),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// Undoes `_x000D_`, from `start` on: a unit of UTF-16 that XML has no character for (ECMA-376 part 1, section
/// 22.9.2.19).
pub(super) fn unescape(text: &mut String, start: usize) {
    if !text[start..].contains("_x") {
        return;
    }
    let escaped = text.split_off(start);
    let mut rest = escaped.as_str();
    while let Some(place) = rest.find("_x") {
        text.push_str(&rest[..place]);
        rest = &rest[place..];
        let Some(unit) = unit_of(rest) else {
            text.push_str("_x");
            rest = &rest[2..];
            continue;
        };
        let mut units = vec![unit];
        rest = &rest[7..];
        // two units are one character beyond the first 65,536
        if (0xd800..0xdc00).contains(&unit)
            && let Some(low) = unit_of(rest).filter(|low| (0xdc00..0xe000).contains(low))
        {
            units.push(low);
            rest = &rest[7..];
        }
        text.push_str(&String::from_utf16_lossy(&units));
    }
    text.push_str(rest);
}

fn unit_of(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("_x")?.get(..4)?;
    let is_whole = text.as_bytes().get(6) == Some(&b'_') && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_whole.then(|| u16::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone() {
        let table = [
            ("plain", "plain"),
            ("a_x000D_b", "a\rb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_xD83D__xDE00_!", "😀!"),
            ("_xD83D_", "\u{fffd}"),
            ("_x00_", "_x00_"),
            ("_x000G_", "_x000G_"),
            ("é_x_xé_x00é0_", "é_x_xé_x00é0_"),
        ];
        for (escaped, expected) in table {
            let mut text = format!("_x000D_{escaped}");
            unescape(&mut text, 7);
            assert_eq!(text, format!("_x000D_{expected}"));
        }
    }
}
