//! Workbooks among the lists: told by their first bytes, so that one may also come through a pipe.

use super::reader::{READER, reader};
use super::sheets::{OtherSheets, SheetFlags};
use super::{List, table_failure};
use crate::cli::args::ListArgs;
use crate::cli::exit::{Exit, Failure, plain};
use crate::cli::hint;
use linkmint::table::workbook::{self, Book, Disguise, SheetOptions, WorkbookError};
use linkmint::table::{ReadOptions, RecordReader};
use std::ffi::OsString;
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

/// The largest workbook that is kept in memory, in bytes.
const MOST_PIPED: u64 = 256 << 20;

/// A list's bytes, once it is known what they are.
pub(super) enum Sorted {
    Workbook(Book),
    Plain(Box<dyn Read + Send>),
}

/// Tells a workbook from other lists. `file` is the path again where the source is that file as it lies.
pub(super) fn sort(
    path: Option<&Path>,
    file: Option<&Path>,
    mut source: Box<dyn Read + Send>,
    args: &ListArgs,
    name: &str,
) -> Result<Sorted, Failure> {
    let unreadable = |error: std::io::Error| table_failure(error.into(), name);
    let (head, is_workbook) = workbook::head(&mut source).map_err(unreadable)?;
    if is_workbook {
        let book = match file {
            Some(path) => Book::File(File::open(path).map_err(unreadable)?),
            None => piped(head, source, name)?,
        };
        return Ok(Sorted::Workbook(book));
    }
    if path.is_some_and(workbook::is_named_like_workbook) {
        return Err(failure(WorkbookError::NoWorkbook(Disguise::Name), name));
    }
    if !args.sheet.is_empty() {
        return Err(Failure::usage(format_args!("{name} is no workbook, it has no sheets"))
            .at("--sheet")
            .hint("leave --sheet out for a CSV file"));
    }
    Ok(Sorted::Plain(Box::new(Cursor::new(head).chain(source))))
}

fn piped(mut bytes: Vec<u8>, source: Box<dyn Read + Send>, name: &str) -> Result<Book, Failure> {
    let most = MOST_PIPED + 1 - bytes.len() as u64;
    let read = source.take(most).read_to_end(&mut bytes);
    read.map_err(|error| Failure::undecided(plain(error)).at(name))?;
    if bytes.len() as u64 > MOST_PIPED {
        return Err(failure(WorkbookError::LargePipe(MOST_PIPED), name));
    }
    Ok(Book::Memory(bytes))
}

/// Opens a sheet as a list.
pub(super) fn open(
    book: Book,
    path: Option<&Path>,
    name: String,
    args: &ListArgs,
    options: ReadOptions,
) -> Result<List, Failure> {
    if args.encoding.is_some() {
        return Err(
            Failure::usage(format_args!("{name} is a workbook, which has no encoding"))
                .at("--encoding")
                .hint("leave it out; CSV made of a workbook is UTF-8"),
        );
    }
    let delimiter = options.delimiter.unwrap_or(b',');
    let sheet = SheetOptions {
        sheet: SheetFlags::of(args)?.name,
        delimiter,
    };
    let sheet = workbook::open(book, sheet, &reader()).map_err(|error| failure(error, &name))?;
    let options = ReadOptions {
        delimiter: Some(delimiter),
        sheet_row: Some(sheet.first_row),
        ..options
    };
    let opened = RecordReader::open(sheet.rows, options);
    let (mut reader, preamble) = opened.map_err(|error| table_failure(error, &name))?;
    reader.notes = Some(sheet.notes);
    Ok(List {
        name,
        size: None,
        sheet: Some(sheet.name),
        other_sheets: OtherSheets::of(path.map(Path::to_owned), sheet.others),
        is_guessed: false,
        reader,
        preamble,
    })
}

/// The sheet that another process of this program wants to be read.
#[derive(Debug)]
pub(crate) struct SheetWanted {
    delimiter: u8,
    sheet: Option<String>,
}

impl SheetWanted {
    /// Reads the arguments that [`reader`] makes. They stand beside those that people type, so that
    /// neither help nor completions have them.
    pub(crate) fn of(arguments: &[OsString]) -> Option<Self> {
        let [_, command, delimiter, sheet @ ..] = arguments else {
            return None;
        };
        if command != READER {
            return None;
        }
        let sheet = match sheet {
            [] => None,
            [sheet] => Some(sheet.to_str()?.strip_prefix("--sheet=")?.to_owned()),
            _ => return None,
        };
        let delimiter = delimiter.to_str()?.parse().ok()?;
        Some(Self { delimiter, sheet })
    }

    pub(crate) fn serve(&self) -> Result<Exit, Failure> {
        let options = SheetOptions {
            sheet: self.sheet.as_deref(),
            delimiter: self.delimiter,
        };
        let served = workbook::serve(options);
        served.map(|()| Exit::Done).map_err(Failure::undecided)
    }
}

/// A workbook's failure with its place.
pub(super) fn failure(error: WorkbookError, name: &str) -> Failure {
    let place = match error.place() {
        Some(place) => format!("{name}: {place}"),
        None => name.to_owned(),
    };
    let hint = hint::of_workbook(&error);
    let failure = match error {
        WorkbookError::UnknownSheet { .. } => Failure::usage(error),
        error => Failure::undecided(error),
    };
    failure.at(place).hint(hint)
}
