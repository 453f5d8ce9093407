//! An .xlsx or .xlsm: its sheets, its number formats, and the cells of a sheet as they come.
//!
//! Read by ourselves, as we need to know which formula was never calculated, and believe nothing that a file says of
//! its own size. ECMA-376 part 1, section 18.

use super::archive::{Archive, Xml, attributes, each_start, raw, skip, text_of, unreadable, unreadable_at};
use super::cell::{Cell, Going, SheetName};
use super::format::{Format, Kind};
use super::shared::{self, SharedTexts};
use super::value::{self, Value};
use super::{Disguise, WorkbookError};
use calamine::{ExcelDateTime, ExcelDateTimeType};
use quick_xml::events::{BytesStart, Event};
use std::collections::HashMap;

pub(super) struct Xlsx {
    archive: Archive,
    pub(super) sheets: Vec<SheetName>,
    /// Where the sheets are, in the same order.
    paths: Vec<String>,
    texts: SharedTexts,
    formats: Vec<Option<Format>>,
    is_1904: bool,
}

impl Xlsx {
    pub(super) fn open(mut archive: Archive) -> Result<Self, WorkbookError> {
        let main = relations(&mut archive, "_rels/.rels", "")?;
        let main = main.into_values().find(|(kind, _)| kind.ends_with("/officeDocument"));
        let (_, main) = main.ok_or(WorkbookError::NoWorkbook(Disguise::Archive))?;
        let (folder, name) = main.rsplit_once('/').unwrap_or(("", &main));
        let relations = relations(&mut archive, &format!("{folder}/_rels/{name}.rels"), folder)?;
        let (sheets, is_1904) = read_main(archive.needed(&main)?)?;
        let of_kind = |end: &str, usual: &str| {
            let found = relations.values().find(|(kind, _)| kind.ends_with(end));
            found.map_or(format!("{folder}/{usual}"), |(_, path)| path.clone())
        };
        let formats = archive.xml(&of_kind("/styles", "styles.xml"))?;
        let formats = formats.map(read_formats).transpose()?.unwrap_or_default();
        let texts = archive.xml(&of_kind("/sharedStrings", "sharedStrings.xml"))?;
        let texts = texts.map(SharedTexts::read).transpose()?.unwrap_or_default();
        let placed = sheets.into_iter().filter_map(|(sheet, id)| {
            let (kind, path) = relations.get(&id)?;
            // other sheets are charts, dialogs and macros
            kind.ends_with("/worksheet").then(|| (sheet, path.clone()))
        });
        let (sheets, paths) = placed.unzip();
        Ok(Self {
            archive,
            sheets,
            paths,
            texts,
            formats,
            is_1904,
        })
    }

    pub(super) fn each_cell(
        &mut self,
        sheet: usize,
        visit: &mut dyn FnMut(Cell<'_>) -> Going,
    ) -> Result<(), WorkbookError> {
        let cells = Cells {
            xml: self.archive.needed(&self.paths[sheet])?,
            texts: &self.texts,
            formats: &self.formats,
            is_1904: self.is_1904,
            declared: None,
            at: (0, 0),
            text: String::new(),
            buffer: Vec::new(),
        };
        cells.go_over(visit)
    }
}

/// The relations that a part has by their ids: of which kind, and to which part.
fn relations(
    archive: &mut Archive,
    name: &str,
    folder: &str,
) -> Result<HashMap<String, (String, String)>, WorkbookError> {
    let xml = archive.needed(name.trim_start_matches('/'))?;
    let mut found = HashMap::new();
    each_start(xml, |_, e| {
        if e.local_name().as_ref() == "Relationship" {
            let [id, kind, target] = ["Id", "Type", "Target"].map(|name| text_of(e, name).unwrap_or_default());
            let path = match target.strip_prefix('/') {
                Some(path) => path.to_owned(),
                None => format!("{folder}/{target}"),
            };
            found.insert(id, (kind, path.trim_start_matches('/').to_owned()));
        }
        Ok(())
    })?;
    Ok(found)
}

/// The sheets with the ids of their relations, and whether days are counted from 1904.
fn read_main(xml: Xml<'_>) -> Result<(Vec<(SheetName, String)>, bool), WorkbookError> {
    let (mut sheets, mut is_1904) = (Vec::new(), false);
    each_start(xml, |_, e| {
        match e.local_name().as_ref() {
            "sheet" => {
                let id = attributes(e).find(|(key, _)| *key == "id" || key.ends_with(":id"));
                let sheet = SheetName {
                    name: text_of(e, "name").unwrap_or_default(),
                    visible: raw(e, "state").is_none_or(|state| state == "visible"),
                };
                sheets.push((sheet, id.map_or("", |(_, id)| id).to_owned()));
            }
            "workbookPr" => is_1904 |= matches!(raw(e, "date1904"), Some("1" | "true")),
            _ => {}
        }
        Ok(())
    })?;
    Ok((sheets, is_1904))
}

/// The number formats of the cells' styles.
fn read_formats(mut xml: Xml<'_>) -> Result<Vec<Option<Format>>, WorkbookError> {
    let (mut codes, mut formats) = (HashMap::new(), Vec::new());
    let mut in_cells = false;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(unreadable)? {
            Event::Start(e) => match e.local_name().as_ref() {
                "numFmt" => {
                    if let (Some(id), Some(code)) = (raw(&e, "numFmtId"), text_of(&e, "formatCode")) {
                        codes.insert(id.to_owned(), code);
                    }
                }
                "cellXfs" => in_cells = true,
                "xf" if in_cells => {
                    let id = raw(&e, "numFmtId").unwrap_or_default();
                    let own = codes.get(id).map(|code| Format::parse(code));
                    formats.push(own.or_else(|| Format::built_in(id.parse().ok()?)));
                }
                _ => {}
            },
            Event::End(e) if e.local_name().as_ref() == "cellXfs" => in_cells = false,
            Event::Eof => return Ok(formats),
            _ => {}
        }
    }
}

/// A sheet's part, read cell by cell.
struct Cells<'a> {
    xml: Xml<'a>,
    texts: &'a SharedTexts,
    formats: &'a [Option<Format>],
    is_1904: bool,
    declared: Option<usize>,
    /// The row and the column of a cell that doesn't say where it is, from 0.
    at: (u32, u32),
    text: String,
    buffer: Vec<u8>,
}

/// What a cell's elements say.
#[derive(Default)]
struct Content {
    has_formula: bool,
    has_value: bool,
}

impl Cells<'_> {
    fn go_over(mut self, visit: &mut dyn FnMut(Cell<'_>) -> Going) -> Result<(), WorkbookError> {
        let (mut last_row, mut buffer, mut has_data) = (None, Vec::new(), false);
        loop {
            buffer.clear();
            let event = self.xml.read_event_into(&mut buffer);
            match event.map_err(|error| unreadable_at(last_row, error))? {
                Event::Start(e) => match e.local_name().as_ref() {
                    "c" if has_data => {
                        let goes_on = self.take_cell(&e, last_row, visit)?;
                        last_row = Some(u64::from(self.at.0) + 1);
                        self.at.1 = self.at.1.saturating_add(1);
                        if !goes_on {
                            return Ok(());
                        }
                    }
                    "row" => {
                        if let Some(row) = raw(&e, "r") {
                            let row: Option<u32> = row.trim_ascii().parse().ok();
                            let row = row.and_then(|row| row.checked_sub(1));
                            self.at.0 = row.ok_or_else(|| unreadable_at(last_row, "a row has no number"))?;
                        }
                        self.at.1 = 0;
                    }
                    "sheetData" => has_data = true,
                    // many programs write none, or that of an empty sheet
                    "dimension" => {
                        let end = raw(&e, "ref").and_then(|area| place_of(area.rsplit(':').next()?));
                        self.declared = end.and_then(|(row, column)| (row > 0).then_some(column as usize));
                    }
                    _ => {}
                },
                Event::End(e) => match e.local_name().as_ref() {
                    "row" => self.at = (self.at.0.saturating_add(1), 0),
                    "sheetData" => return Ok(()),
                    _ => {}
                },
                Event::Eof => return Err(unreadable_at(last_row, "the sheet ends too early")),
                _ => {}
            }
        }
    }

    fn take_cell(
        &mut self,
        cell: &BytesStart<'_>,
        last_row: Option<u64>,
        visit: &mut dyn FnMut(Cell<'_>) -> Going,
    ) -> Going {
        let (mut kind, mut format) = ("", None);
        for (key, value) in attributes(cell) {
            match key {
                "r" => self.at = place_of(value).ok_or_else(|| unreadable_at(last_row, "a cell has no place"))?,
                "s" => {
                    format = value
                        .parse()
                        .ok()
                        .and_then(|style: usize| self.formats.get(style)?.as_ref())
                }
                "t" => kind = value,
                _ => {}
            }
        }
        let here = Some(u64::from(self.at.0) + 1);
        let content = self.read_content(kind).map_err(|error| match error {
            WorkbookError::Unreadable { reason, .. } => unreadable_at(here, reason),
            error => error,
        })?;
        let ((row, column), declared) = (self.at, self.declared);
        let value = match self.value(kind, &content, format) {
            Some(value) => value,
            None => return Err(unreadable_at(here, "a cell's text is not there")),
        };
        visit(Cell {
            row,
            column: column as usize,
            value,
            format,
            declared,
        })
    }

    /// Reads to the end of the cell; what it says is in `text` then.
    fn read_content(&mut self, kind: &str) -> Result<Content, WorkbookError> {
        let mut content = Content::default();
        self.text.clear();
        loop {
            self.buffer.clear();
            let event = self.xml.read_event_into(&mut self.buffer).map_err(unreadable)?;
            match event {
                Event::Start(e) => match e.local_name().as_ref() {
                    "v" => {
                        content.has_value = true;
                        let start = self.text.len();
                        shared::read_text(&mut self.xml, "v", &mut self.buffer, &mut self.text)?;
                        // a cell whose text stands in it repeats it here
                        if kind == "inlineStr" {
                            self.text.truncate(start);
                        }
                    }
                    "is" => {
                        content.has_value = true;
                        self.text.clear();
                        shared::read_rich(&mut self.xml, "is", &mut self.text)?;
                    }
                    name => {
                        content.has_formula |= name == "f";
                        skip(&mut self.xml, e.name().into_inner())?;
                    }
                },
                Event::End(e) if e.local_name().as_ref() == "c" => return Ok(content),
                Event::Eof => return Err(unreadable("the sheet ends too early")),
                _ => {}
            }
        }
    }

    /// Nothing where it refers to a text that is not there.
    fn value(&mut self, kind: &str, content: &Content, format: Option<&Format>) -> Option<Value<'_>> {
        // a formula whose result is an empty text has a value, and this kind
        if content.has_formula && self.text.is_empty() && !(content.has_value && kind == "str") {
            return Some(Value::Uncalculated);
        }
        if self.text.is_empty() {
            return Some(Value::Empty);
        }
        Some(match kind {
            "s" => Value::Text(self.texts.at(self.text.trim_ascii().parse().ok()?)?),
            "inlineStr" | "is" => Value::Text(&self.text),
            "b" => match self.text.trim_ascii() {
                truth if truth == "1" || truth.eq_ignore_ascii_case("true") => Value::Bool(true),
                truth if truth == "0" || truth.eq_ignore_ascii_case("false") => Value::Bool(false),
                _ => Value::Text(&self.text),
            },
            "e" => Value::Error(value::error_named(&self.text)),
            "str" | "d" => {
                shared::unescape(&mut self.text, 0);
                Value::Text(&self.text)
            }
            _ => match value::number(&self.text) {
                Some(number) => of_number(number, format, self.is_1904),
                None => Value::Text(&self.text),
            },
        })
    }
}

fn of_number(number: f64, format: Option<&Format>, is_1904: bool) -> Value<'static> {
    let moment = |kind| Value::Moment(ExcelDateTime::new(number, kind, is_1904));
    match format.map(|format| format.kind) {
        Some(Kind::Moment) => moment(ExcelDateTimeType::DateTime),
        Some(Kind::Elapsed) => moment(ExcelDateTimeType::TimeDelta),
        Some(Kind::Number) | None => Value::Number(number),
    }
}

/// `AZ17` is row 16 and column 51, both from 0.
fn place_of(text: &str) -> Option<(u32, u32)> {
    let (mut row, mut column) = (0_u32, 0_u32);
    for byte in text.trim_ascii().bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' if row == 0 => {
                let letter = u32::from(byte.to_ascii_uppercase() - b'A') + 1;
                column = column.saturating_mul(26).saturating_add(letter);
            }
            b'0'..=b'9' => row = row.saturating_mul(10).saturating_add(u32::from(byte - b'0')),
            b'$' => {}
            _ => return None,
        }
    }
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_row_and_a_column() {
        let table = [
            ("A1", Some((0, 0))),
            ("AZ17", Some((16, 51))),
            ("$B$2", Some((1, 1))),
            ("XFD1048576", Some((1_048_575, 16_383))),
            ("A99999999999", Some((u32::MAX - 1, 0))),
            ("A0", None),
            ("17", None),
            ("A", None),
            ("", None),
            ("A1B", None),
        ];
        for (text, place) in table {
            assert_eq!(place_of(text), place, "{text}");
        }
    }
}
