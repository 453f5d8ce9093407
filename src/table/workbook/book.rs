//! Opening a workbook of any kind, choosing a sheet, and going over its cells.
//!
//! A sheet of an .xlsx or .xlsm is read as a stream, and so is an .xlsb: only the texts that its cells share are in
//! memory. The other kinds are read whole. Of other kinds than .xlsx and .xlsm, number formats are not known.

use super::format::Format;
use super::value::Value;
use super::{Disguise, MAX_COLUMNS, MAX_ROWS, Source, WorkbookError};
use crate::excerpt::Excerpt;
use calamine::{Data, Error, Ods, OdsError, Range, Reader, Sheets, Xls, XlsError, Xlsb, XlsbError, Xlsx, XlsxError};
use calamine::{SheetType, SheetVisible};
use std::io::{Read, SeekFrom};
use zip::ZipArchive;
use zip::result::ZipError;

type Input = Box<dyn Source>;

/// A sheet whose cells can be gone over, more than once.
pub(super) enum OpenSheet {
    Stream(Box<Xlsx<Input>>, String),
    Binary(Box<Xlsb<Input>>, String),
    Whole(Range<Data>),
}

/// A cell, from 0.
pub(super) struct Cell<'a> {
    pub(super) row: u32,
    pub(super) column: usize,
    pub(super) value: Value<'a>,
    pub(super) format: Option<&'a Format>,
    /// The last column of the sheet as the file declares it, where it does.
    pub(super) declared: Option<usize>,
}

/// Whether to go on.
pub(super) type Going = Result<bool, WorkbookError>;

/// Opens the workbook and chooses a sheet: its name, and the names of the others.
pub(super) fn open(input: Input, sheet: Option<&str>) -> Result<(OpenSheet, String, Vec<String>), WorkbookError> {
    let mut book = open_book(input)?;
    let (name, others) = choose(&book, sheet)?;
    let open = match book {
        Sheets::Xlsx(xlsx) => OpenSheet::Stream(Box::new(xlsx), name.clone()),
        Sheets::Xlsb(xlsb) => OpenSheet::Binary(Box::new(xlsb), name.clone()),
        _ => OpenSheet::Whole(book.worksheet_range(&name).map_err(failure)?),
    };
    Ok((open, name, others))
}

fn open_book(mut input: Input) -> Result<Sheets<Input>, WorkbookError> {
    let mut mark = [0; 4];
    let read = input
        .read_exact(&mut mark)
        .and_then(|()| input.seek(SeekFrom::Start(0)));
    read.map_err(|error| unreadable(None, error))?;
    if mark != super::ZIP {
        // the compound file that a password makes of a workbook has no sheets to be found
        if let Err(XlsxError::Password) = Xlsx::new(&mut input) {
            return Err(WorkbookError::Password);
        }
        return Xls::new(input).map(Sheets::Xls).map_err(|error| failure(error.into()));
    }
    match kind_of_zip(&mut input)? {
        ZipKind::Xlsx => Xlsx::new(input)
            .map(Sheets::Xlsx)
            .map_err(|error| failure(error.into())),
        ZipKind::Xlsb => Xlsb::new(input)
            .map(Sheets::Xlsb)
            .map_err(|error| failure(error.into())),
        ZipKind::Ods => Ods::new(input).map(Sheets::Ods).map_err(|error| failure(error.into())),
    }
}

enum ZipKind {
    Xlsx,
    Xlsb,
    Ods,
}

fn kind_of_zip(input: &mut Input) -> Result<ZipKind, WorkbookError> {
    let mut archive = ZipArchive::new(&mut *input).map_err(|error| unreadable(None, error))?;
    let mut kind = String::new();
    match archive.by_name("mimetype") {
        Ok(part) => drop(part.take(100).read_to_string(&mut kind)),
        Err(ZipError::FileNotFound) => {}
        Err(error) => return Err(unreadable(None, error)),
    }
    let has = |end: &str| {
        let mut names = archive.file_names().flatten();
        names.any(|name| name.to_ascii_lowercase().replace('\\', "/").ends_with(end))
    };
    let found = if kind.starts_with("application/vnd.oasis.opendocument.spreadsheet") {
        ZipKind::Ods
    } else if has("workbook.bin") {
        ZipKind::Xlsb
    } else if has("_rels/.rels") && has(".xml") && !has("word/document.xml") {
        ZipKind::Xlsx
    } else {
        return Err(WorkbookError::NoWorkbook(Disguise::Archive));
    };
    drop(archive);
    input
        .seek(SeekFrom::Start(0))
        .map_err(|error| unreadable(None, error))?;
    Ok(found)
}

/// The sheet of that name, in any case, as Excel compares them; else the first that is seen in Excel.
fn choose(book: &Sheets<Input>, asked: Option<&str>) -> Result<(String, Vec<String>), WorkbookError> {
    let sheets = book.sheets_metadata();
    let sheets: Vec<_> = sheets
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .collect();
    let names = || sheets.iter().map(|sheet| sheet.name.as_str());
    let found = match asked {
        Some(asked) => names()
            .find(|name| *name == asked)
            .or_else(|| names().find(|name| name.to_lowercase() == asked.trim().to_lowercase())),
        None => {
            let seen = sheets.iter().find(|sheet| sheet.visible == SheetVisible::Visible);
            seen.or(sheets.first()).map(|sheet| sheet.name.as_str())
        }
    };
    let Some(name) = found else {
        return Err(match asked {
            Some(asked) => WorkbookError::UnknownSheet {
                name: Excerpt(asked).to_string(),
                names: listed(names()),
            },
            None => WorkbookError::NoWorkbook(Disguise::Beginning),
        });
    };
    let others = names().filter(|other| *other != name).map(str::to_owned).collect();
    Ok((name.to_owned(), others))
}

/// Names for a message, the first 20 of them.
pub(super) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const MOST: usize = 20;
    let mut names: Vec<String> = names.take(MOST + 1).map(|name| Excerpt(name).to_string()).collect();
    if names.len() > MOST {
        names[MOST] = "…".to_owned();
    }
    names.join(", ")
}

impl OpenSheet {
    /// Shows `visit` every cell in the order of the rows, until it has seen enough.
    pub(super) fn each_cell(&mut self, mut visit: impl FnMut(Cell<'_>) -> Going) -> Result<(), WorkbookError> {
        let mut visit = |cell: Cell<'_>| {
            if cell.row >= MAX_ROWS || cell.column >= MAX_COLUMNS {
                let reason =
                    format!("a cell lies beyond the {MAX_ROWS} rows and {MAX_COLUMNS} columns that a sheet has");
                return Err(unreadable(None, reason));
            }
            visit(cell)
        };
        match self {
            OpenSheet::Stream(book, name) => each_streamed(book, name, visit),
            OpenSheet::Binary(book, name) => each_binary(book, name, visit),
            OpenSheet::Whole(range) => {
                let (top, left) = range.start().unwrap_or_default();
                for (row, column, data) in range.used_cells() {
                    let cell = Cell {
                        row: top + row as u32,
                        column: left as usize + column,
                        value: data.into(),
                        format: None,
                        declared: None,
                    };
                    if !visit(cell)? {
                        break;
                    }
                }
                Ok(())
            }
        }
    }
}

fn each_streamed(
    book: &mut Xlsx<Input>,
    name: &str,
    mut visit: impl FnMut(Cell<'_>) -> Going,
) -> Result<(), WorkbookError> {
    let mut cells = book
        .worksheet_cells_reader(name)
        .map_err(|error| failure(error.into()))?;
    let (bottom, right) = cells.dimensions().end;
    // many programs write none, or that of an empty sheet
    let declared = (bottom > 0).then_some(right as usize);
    let codes = cells.styles().iter().map(|style| style.number_format.as_ref());
    let formats: Vec<Option<Format>> = codes.map(|code| Some(Format::parse(&code?.format_code))).collect();
    let mut last_row = None;
    loop {
        let cell = cells.next_cell_with_style_id();
        let Some((cell, style)) = cell.map_err(|error| unreadable(last_row, error))? else {
            return Ok(());
        };
        let (row, column) = cell.get_position();
        last_row = Some(u64::from(row) + 1);
        let cell = Cell {
            row,
            column: column as usize,
            value: cell.get_value().into(),
            format: formats.get(style).and_then(Option::as_ref),
            declared,
        };
        if !visit(cell)? {
            return Ok(());
        }
    }
}

fn each_binary(
    book: &mut Xlsb<Input>,
    name: &str,
    mut visit: impl FnMut(Cell<'_>) -> Going,
) -> Result<(), WorkbookError> {
    let mut cells = book
        .worksheet_cells_reader(name)
        .map_err(|error| failure(error.into()))?;
    let mut last_row = None;
    while let Some(cell) = cells.next_cell().map_err(|error| unreadable(last_row, error))? {
        let (row, column) = cell.get_position();
        last_row = Some(u64::from(row) + 1);
        let cell = Cell {
            row,
            column: column as usize,
            value: cell.get_value().into(),
            format: None,
            declared: None,
        };
        if !visit(cell)? {
            break;
        }
    }
    Ok(())
}

fn unreadable(row: Option<u64>, error: impl std::fmt::Display) -> WorkbookError {
    let reason = crate::excerpt::Harmless(&error.to_string()).to_string();
    WorkbookError::Unreadable { row, reason }
}

fn failure(error: Error) -> WorkbookError {
    match error {
        Error::Xlsx(XlsxError::Password) | Error::Xls(XlsError::Password) | Error::Ods(OdsError::Password) => {
            WorkbookError::Password
        }
        Error::Xlsb(XlsbError::Password) => WorkbookError::Password,
        Error::Xlsx(XlsxError::RelationshipNotFound | XlsxError::FileNotFound(_)) => {
            WorkbookError::NoWorkbook(Disguise::Archive)
        }
        error => unreadable(None, error),
    }
}
