//! An OpenDocument spreadsheet, cell by cell.
//!
//! Read by ourselves: white space between its elements means nothing, a row or cell may say how often it is repeated,
//! and only its style tells a time of day from a duration (OpenDocument 1.3 part 3, sections 9.1 and 16.29).

use super::archive::{Archive, Xml, each_start, push_entity, raw, skip, text_of, unreadable, unreadable_at};
use super::cell::{Cell, Going, SheetName};
use super::value::{self, Value};
use super::{MAX_COLUMNS, MAX_ROWS, WorkbookError};
use crate::table::MAX_ROW;
use quick_xml::events::{BytesStart, Event};
use std::collections::HashMap;
use std::ops::Range;

const CONTENT: &str = "content.xml";
/// Cells, and those that a merged one covers.
const CELLS: [&str; 2] = ["table:table-cell", "table:covered-table-cell"];

pub(super) struct Ods {
    archive: Archive,
    pub(super) sheets: Vec<SheetName>,
    styles: Styles,
}

/// What styles say of times and tables.
#[derive(Default)]
struct Styles {
    /// Data styles: how a date or a time is shown.
    shown: HashMap<String, Shown>,
    /// The data styles of cell styles.
    data: HashMap<String, String>,
    /// The styles of tables that are hidden.
    hidden: Vec<String>,
}

#[derive(Clone, Copy, Default)]
struct Shown {
    /// A date with its time of day.
    with_time: bool,
    /// A time that goes on past 24 hours.
    elapsed: bool,
}

impl Styles {
    fn shown(&self, cell_style: Option<&str>) -> Shown {
        let data = cell_style.and_then(|style| self.data.get(style));
        data.and_then(|style| self.shown.get(style))
            .copied()
            .unwrap_or_default()
    }
}

impl Ods {
    pub(super) fn open(mut archive: Archive) -> Result<Self, WorkbookError> {
        if let Some(xml) = archive.xml("META-INF/manifest.xml")? {
            each_start(xml, |_, e| match e.name().as_ref() {
                "manifest:encryption-data" => Err(WorkbookError::Password),
                _ => Ok(()),
            })?;
        }
        let mut styles = Styles::default();
        let mut sheets = Vec::new();
        if let Some(xml) = archive.xml("styles.xml")? {
            survey(xml, &mut styles, &mut sheets)?;
        }
        sheets.clear();
        survey(archive.needed(CONTENT)?, &mut styles, &mut sheets)?;
        Ok(Self {
            archive,
            sheets,
            styles,
        })
    }

    pub(super) fn each_cell(
        &mut self,
        sheet: usize,
        visit: &mut dyn FnMut(Cell<'_>) -> Going,
    ) -> Result<(), WorkbookError> {
        let mut xml = self.archive.needed(CONTENT)?;
        let (mut buffer, mut number) = (Vec::new(), 0);
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer).map_err(unreadable)? {
                Event::Start(e) if e.name().as_ref() == "table:table" => {
                    if number == sheet {
                        break;
                    }
                    number += 1;
                    skip(&mut xml, "table:table")?;
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
        let rows = Rows {
            xml,
            styles: &self.styles,
            columns: Vec::new(),
            row: 0,
            repeated: 0,
            cells: Vec::new(),
            text: String::new(),
            buffer: Vec::new(),
        };
        rows.go_over(visit)
    }
}

/// Finds the styles and the sheets.
fn survey(xml: Xml<'_>, styles: &mut Styles, sheets: &mut Vec<SheetName>) -> Result<(), WorkbookError> {
    let (mut style, mut data_style) = (String::new(), String::new());
    each_start(xml, |xml, e| {
        match e.name().as_ref() {
            "style:style" => {
                style = text_of(e, "style:name").unwrap_or_default();
                if let Some(data) = text_of(e, "style:data-style-name") {
                    styles.data.insert(style.clone(), data);
                }
            }
            "style:table-properties" if raw(e, "table:display") == Some("false") => styles.hidden.push(style.clone()),
            "number:date-style" | "number:time-style" => {
                data_style = text_of(e, "style:name").unwrap_or_default();
                let shown = Shown {
                    with_time: false,
                    elapsed: raw(e, "number:truncate-on-overflow") == Some("false"),
                };
                styles.shown.insert(data_style.clone(), shown);
            }
            "number:hours" => {
                if let Some(shown) = styles.shown.get_mut(&data_style) {
                    shown.with_time = true;
                }
            }
            "table:table" => {
                let style = text_of(e, "table:style-name").unwrap_or_default();
                sheets.push(SheetName {
                    name: text_of(e, "table:name").unwrap_or_default(),
                    visible: !styles.hidden.contains(&style),
                });
                skip(xml, "table:table")?;
            }
            _ => {}
        }
        Ok(())
    })
}

/// A cell of the row that is read, which may be given out more than once.
struct Kept {
    columns: Range<usize>,
    value: KeptValue,
}

enum KeptValue {
    /// This part of the row's text.
    Text(Range<usize>),
    Other(Value<'static>),
}

/// The rows of a table.
struct Rows<'a> {
    xml: Xml<'a>,
    styles: &'a Styles,
    /// Up to which column cells without a style have this one.
    columns: Vec<(usize, Option<String>)>,
    row: u32,
    /// How many cells repetition has made.
    repeated: u64,
    cells: Vec<Kept>,
    text: String,
    buffer: Vec<u8>,
}

/// The most cells that are made by repeating others: what a sheet of a million rows may have, and no bomb.
const MOST_REPEATED: u64 = 20_000_000;

impl Rows<'_> {
    fn go_over(mut self, visit: &mut dyn FnMut(Cell<'_>) -> Going) -> Result<(), WorkbookError> {
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            let last_row = Some(u64::from(self.row)).filter(|row| *row > 0);
            let event = self.xml.read_event_into(&mut buffer);
            match event.map_err(|error| unreadable_at(last_row, error))? {
                Event::Start(e) => match e.name().as_ref() {
                    "table:table-column" => {
                        let last = self.columns.last().map_or(0, |(end, _)| *end);
                        let end = last.saturating_add(times(&e, "table:number-columns-repeated"));
                        self.columns.push((end, text_of(&e, "table:default-cell-style-name")));
                    }
                    "table:table-row" => {
                        let repeats = times(&e, "table:number-rows-repeated");
                        let row = Some(u64::from(self.row) + 1);
                        self.read_row().map_err(|error| match error {
                            WorkbookError::Unreadable { reason, .. } => unreadable_at(row, reason),
                            error => error,
                        })?;
                        if !self.give_row(repeats, visit)? {
                            return Ok(());
                        }
                    }
                    // tables within pictures and charts
                    "table:shapes" => skip(&mut self.xml, "table:shapes")?,
                    _ => {}
                },
                Event::End(e) if e.name().as_ref() == "table:table" => return Ok(()),
                Event::Eof => return Err(unreadable_at(last_row, "the sheet ends too early")),
                _ => {}
            }
        }
    }

    fn give_row(&mut self, repeats: usize, visit: &mut dyn FnMut(Cell<'_>) -> Going) -> Going {
        let repeats = u32::try_from(repeats).unwrap_or(u32::MAX);
        let filled = if self.cells.is_empty() { 0 } else { repeats };
        for row in (self.row..self.row.saturating_add(filled)).take(MAX_ROWS as usize + 1) {
            for cell in &self.cells {
                // one beyond the sheet's end is enough to be told
                for column in cell.columns.clone().take(MAX_COLUMNS + 1) {
                    self.repeated += 1;
                    if self.repeated > MOST_REPEATED {
                        return Err(unreadable_at(Some(u64::from(row)), "it repeats its cells too often"));
                    }
                    let value = match &cell.value {
                        KeptValue::Text(text) => Value::Text(&self.text[text.clone()]),
                        KeptValue::Other(value) => *value,
                    };
                    if !visit(Cell::plain(row, column, value))? {
                        return Ok(false);
                    }
                }
            }
        }
        self.row = self.row.saturating_add(repeats);
        Ok(true)
    }

    fn read_row(&mut self) -> Result<(), WorkbookError> {
        self.cells.clear();
        self.text.clear();
        let mut column = 0_usize;
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match self.xml.read_event_into(&mut buffer).map_err(unreadable)? {
                Event::Start(e) if CELLS.contains(&e.name().as_ref()) => {
                    let end = column.saturating_add(times(&e, "table:number-columns-repeated"));
                    if let Some(value) = self.read_cell(&e, column)? {
                        let columns = column..end;
                        self.cells.push(Kept { columns, value });
                    }
                    column = end;
                    if self.text.len() > MAX_ROW {
                        let row = u64::from(self.row) + 1;
                        return Err(WorkbookError::LongRow { row });
                    }
                }
                Event::End(e) if e.name().as_ref() == "table:table-row" => return Ok(()),
                Event::Eof => return Err(unreadable("the sheet ends too early")),
                _ => {}
            }
        }
    }

    /// Reads a cell to its end; nothing of an empty one.
    fn read_cell(&mut self, cell: &BytesStart<'_>, column: usize) -> Result<Option<KeptValue>, WorkbookError> {
        let start = self.text.len();
        self.read_paragraphs(cell.name().as_ref())?;
        let kind = raw(cell, "office:value-type").unwrap_or_default();
        let own = |name| text_of(cell, name).filter(|value| !value.is_empty());
        let other = |value| Ok(Some(KeptValue::Other(value)));
        if raw(cell, "calcext:value-type") == Some("error") {
            let error = value::error_named(self.text[start..].trim_ascii());
            return other(Value::Error(error));
        }
        let value = match kind {
            "float" | "currency" | "percentage" => own("office:value"),
            "date" => own("office:date-value"),
            "time" => own("office:time-value"),
            "boolean" => own("office:boolean-value"),
            _ => own("office:string-value"),
        };
        let number = value
            .as_deref()
            .filter(|_| matches!(kind, "float" | "currency" | "percentage"));
        if let Some(number) = number.and_then(value::number) {
            return other(Value::Number(number));
        }
        if let Some(value) = value {
            self.text.truncate(start);
            let shown = || {
                let own = raw(cell, "table:style-name");
                let columns = self.columns.iter().find(|(end, _)| column < *end);
                self.styles
                    .shown(own.or_else(|| columns.and_then(|(_, style)| style.as_deref())))
            };
            match kind {
                "boolean" => return other(Value::Bool(value.eq_ignore_ascii_case("true"))),
                "time" => {
                    let elapsed = shown().elapsed;
                    value::push_iso_time(&value, elapsed, &mut self.text);
                }
                "date" => {
                    let with_time = shown().with_time;
                    value::push_iso_date(&value, with_time, &mut self.text);
                }
                _ => self.text.push_str(&value),
            }
        }
        let text = start..self.text.len();
        let is_text = kind == "string" || !text.is_empty();
        match is_text {
            false if raw(cell, "table:formula").is_some() => other(Value::Uncalculated),
            _ => Ok((!text.is_empty()).then_some(KeptValue::Text(text))),
        }
    }

    /// Appends a cell's paragraphs, each a line.
    fn read_paragraphs(&mut self, end: &str) -> Result<(), WorkbookError> {
        let mut paragraphs = Paragraphs {
            depth: 0,
            count: 0,
            start: self.text.len(),
            space: false,
        };
        loop {
            self.buffer.clear();
            let text = &mut self.text;
            match self.xml.read_event_into(&mut self.buffer).map_err(unreadable)? {
                Event::Text(piece) => paragraphs.push(&piece.xml10_content(), text),
                Event::CData(piece) => paragraphs.push(&piece.xml10_content(), text),
                Event::GeneralRef(entity) => {
                    let mut piece = String::new();
                    push_entity(&entity, &mut piece)?;
                    paragraphs.push(&piece, text);
                }
                Event::Start(e) => match e.name().as_ref() {
                    "text:p" | "text:h" => paragraphs.begin(text),
                    "text:s" => paragraphs.push_letter(' ', times(&e, "text:c"), text),
                    "text:tab" => paragraphs.push_letter('\t', 1, text),
                    "text:line-break" => paragraphs.push_letter('\n', 1, text),
                    name @ ("office:annotation" | "table:table" | "draw:frame") => {
                        let name = name.to_owned();
                        skip(&mut self.xml, &name)?;
                    }
                    _ => {}
                },
                Event::End(e) => match e.name().as_ref() {
                    "text:p" | "text:h" => paragraphs.depth = paragraphs.depth.saturating_sub(1),
                    name if name == end => return Ok(()),
                    _ => {}
                },
                Event::Eof => return Err(unreadable("the sheet ends too early")),
                _ => {}
            }
            if self.text.len() > 2 * MAX_ROW {
                let row = u64::from(self.row) + 1;
                return Err(WorkbookError::LongRow { row });
            }
        }
    }
}

/// Where a cell's text has got to. White space in a paragraph is one space, and none at its ends; what is more has
/// elements of its own (section 6.1.2).
struct Paragraphs {
    /// Within how many paragraphs: text outside of any is white space between elements.
    depth: usize,
    count: usize,
    /// Where the last one begins.
    start: usize,
    /// Whether white space waits for what follows it.
    space: bool,
}

impl Paragraphs {
    fn begin(&mut self, text: &mut String) {
        if self.depth == 0 && self.count > 0 {
            text.push('\n');
        }
        self.depth += 1;
        self.count += 1;
        (self.start, self.space) = (text.len(), false);
    }

    fn push(&mut self, piece: &str, text: &mut String) {
        if self.depth == 0 {
            return;
        }
        for letter in piece.chars() {
            match letter {
                ' ' | '\t' | '\r' | '\n' => self.space = true,
                letter => self.push_letter(letter, 1, text),
            }
        }
    }

    fn push_letter(&mut self, letter: char, times: usize, text: &mut String) {
        if self.depth == 0 {
            return;
        }
        if std::mem::take(&mut self.space) && text.len() > self.start {
            text.push(' ');
        }
        text.extend(std::iter::repeat_n(letter, times.min(MAX_ROW)));
    }
}

/// How often, once where nothing is said.
fn times(element: &BytesStart<'_>, name: &str) -> usize {
    raw(element, name).map_or(1, |count| count.trim_ascii().parse().unwrap_or(usize::MAX))
}
