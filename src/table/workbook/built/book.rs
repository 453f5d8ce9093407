//! Opening a workbook of any kind, choosing a sheet, and going over its cells.
//!
//! All but an .xls are read as streams: only the texts that cells share are in memory. Number formats are known of .xlsx
//! and .xlsm alone.

use super::archive::{Archive, Input, unreadable, unreadable_at};
use super::cell::{Cell, Going, SheetName};
use super::ods::Ods;
use super::value::Value;
use super::xlsx::Xlsx;
use super::{Disguise, MAX_COLUMNS, MAX_ROWS, WorkbookError};
use crate::excerpt::Excerpt;
use crate::table::columns::listed;
use calamine::{Data, Error, Range, Reader, Sheet, SheetType, SheetVisible, Xls, XlsError, Xlsb, XlsbError, XlsxError};
use std::io::{Read, Seek, SeekFrom};

/// A sheet whose cells can be gone over, more than once.
pub(super) enum OpenSheet {
    Xlsx(Box<Xlsx>, usize),
    Ods(Box<Ods>, usize),
    Xlsb(Box<Xlsb<Input>>, String),
    Whole(Range<Data>),
}

/// Opens the workbook and chooses a sheet: its name, and the names of the others.
pub(super) fn open(mut input: Input, sheet: Option<&str>) -> Result<(OpenSheet, String, Vec<String>), WorkbookError> {
    let mut mark = [0; 4];
    let read = input
        .read_exact(&mut mark)
        .and_then(|()| input.seek(SeekFrom::Start(0)));
    read.map_err(unreadable)?;
    if mark != super::ZIP {
        return open_xls(input, sheet);
    }
    let mut archive = Archive::open(input)?;
    let kind = archive.beginning("mimetype")?;
    if kind.starts_with("application/vnd.oasis.opendocument.spreadsheet") {
        let ods = Ods::open(archive)?;
        let (number, name, others) = choose(&ods.sheets, sheet)?;
        return Ok((OpenSheet::Ods(Box::new(ods), number), name, others));
    }
    if archive.has("workbook.bin") {
        let book = Xlsb::new(archive.checked()?).map_err(failure)?;
        let (_, name, others) = choose(&names(book.sheets_metadata()), sheet)?;
        return Ok((OpenSheet::Xlsb(Box::new(book), name.clone()), name, others));
    }
    if !archive.has("_rels/.rels") || archive.has("word/document.xml") {
        return Err(WorkbookError::NoWorkbook(Disguise::Archive));
    }
    let xlsx = Xlsx::open(archive)?;
    let (number, name, others) = choose(&xlsx.sheets, sheet)?;
    Ok((OpenSheet::Xlsx(Box::new(xlsx), number), name, others))
}

fn open_xls(mut input: Input, sheet: Option<&str>) -> Result<(OpenSheet, String, Vec<String>), WorkbookError> {
    // the compound file that a password makes of a workbook has no sheets to be found
    if let Err(XlsxError::Password) = calamine::Xlsx::new(&mut input) {
        return Err(WorkbookError::Password);
    }
    let mut book = Xls::new(input).map_err(failure)?;
    let (_, name, others) = choose(&names(book.sheets_metadata()), sheet)?;
    let range = book.worksheet_range(&name).map_err(failure)?;
    Ok((OpenSheet::Whole(range), name, others))
}

/// The sheets with cells.
fn names(sheets: &[Sheet]) -> Vec<SheetName> {
    let with_cells = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let name = |sheet: &Sheet| SheetName {
        name: sheet.name.clone(),
        visible: sheet.visible == SheetVisible::Visible,
    };
    with_cells.map(name).collect()
}

/// The sheet of that name, in any case, as Excel compares them; else the first that is seen in Excel.
fn choose(sheets: &[SheetName], asked: Option<&str>) -> Result<(usize, String, Vec<String>), WorkbookError> {
    let names = || sheets.iter().map(|sheet| sheet.name.as_str());
    let found = match asked {
        Some(asked) => names()
            .position(|name| name == asked)
            .or_else(|| names().position(|name| name.to_lowercase() == asked.trim().to_lowercase())),
        None => {
            let seen = sheets.iter().position(|sheet| sheet.visible);
            seen.or((!sheets.is_empty()).then_some(0))
        }
    };
    let Some(found) = found else {
        return Err(match asked {
            Some(asked) => WorkbookError::UnknownSheet {
                name: Excerpt(asked).to_string(),
                names: listed(names()),
            },
            None => WorkbookError::NoWorkbook(Disguise::Beginning),
        });
    };
    let name = sheets[found].name.clone();
    let others = names().filter(|other| *other != name).map(str::to_owned).collect();
    Ok((found, name, others))
}

impl OpenSheet {
    /// Shows `visit` every cell in the order of the rows, until it has seen enough.
    pub(super) fn each_cell(&mut self, mut visit: impl FnMut(Cell<'_>) -> Going) -> Result<(), WorkbookError> {
        let mut visit = |cell: Cell<'_>| {
            if cell.row >= MAX_ROWS || cell.column >= MAX_COLUMNS {
                let reason =
                    format!("a cell lies beyond the {MAX_ROWS} rows and {MAX_COLUMNS} columns that a sheet has");
                return Err(unreadable_at(Some(u64::from(cell.row) + 1), reason));
            }
            visit(cell)
        };
        match self {
            OpenSheet::Xlsx(book, sheet) => book.each_cell(*sheet, &mut visit),
            OpenSheet::Ods(book, sheet) => book.each_cell(*sheet, &mut visit),
            OpenSheet::Xlsb(book, name) => each_binary(book, name, &mut visit),
            OpenSheet::Whole(range) => {
                let (top, left) = range.start().unwrap_or_default();
                for (row, column, data) in range.used_cells() {
                    let cell = Cell::plain(top + row as u32, left as usize + column, Value::of(data));
                    if !visit(cell)? {
                        break;
                    }
                }
                Ok(())
            }
        }
    }
}

fn each_binary(
    book: &mut Xlsb<Input>,
    name: &str,
    visit: &mut dyn FnMut(Cell<'_>) -> Going,
) -> Result<(), WorkbookError> {
    let mut cells = book.worksheet_cells_reader(name).map_err(failure)?;
    let mut last_row = None;
    while let Some(cell) = cells.next_cell().map_err(|error| unreadable_at(last_row, error))? {
        let (row, column) = cell.get_position();
        last_row = Some(u64::from(row) + 1);
        if !visit(Cell::plain(row, column as usize, Value::of(cell.get_value())))? {
            break;
        }
    }
    Ok(())
}

fn failure(error: impl Into<Error>) -> WorkbookError {
    match error.into() {
        Error::Xls(XlsError::Password) | Error::Xlsb(XlsbError::Password) => WorkbookError::Password,
        error => unreadable(error),
    }
}
