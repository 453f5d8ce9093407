//! A request's body as a list: a table, a workbook, or objects of JSON.

use super::json_lines;
use super::query::Query;
use super::text_lines::{self, LineError};
use super::upload::{Upload, UploadError};
use crate::service::body::{media_type, refuse_encoded};
use crate::service::member::{Unquoted, bad};
use crate::service::problem::Problem;
use crate::service::state::Service;
use crate::table::workbook::{self, Book, SheetOptions, WorkbookError};
use crate::table::{Encoding, Likely, Preamble, ReadOptions, RecordReader, TableError, is_delimiter};
use axum::http::HeaderMap;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::num::NonZeroU64;

/// Members of a query that say how a list is read.
const LIST_MEMBERS: [&str; 6] = ["delimiter", "encoding", "header", "header_row", "no_header", "sheet"];

/// What a body says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text or a workbook: the first bytes tell.
    Table,
    /// Objects of JSON, one a line.
    JsonLines,
    /// One text a line.
    Lines,
}

impl Kind {
    /// Of a body of tokens: plain text is one a line, unless the query says how it is a table.
    pub(super) fn of_tokens(headers: &HeaderMap, query: &Query) -> Result<Self, Problem> {
        let kind = Self::of(headers)?;
        let is_table = LIST_MEMBERS
            .iter()
            .chain(&["column", "match"])
            .any(|member| query.has(member));
        Ok(
            match media_type(headers).0.eq_ignore_ascii_case("text/plain") && !is_table {
                true => Kind::Lines,
                false => kind,
            },
        )
    }

    pub(super) fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let wanted = "send text/csv, application/x-ndjson, or a workbook's type";
        refuse_encoded(headers)?;
        match media_type(headers).0.to_ascii_lowercase().as_str() {
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/x-jsonlines" => {
                Ok(Kind::JsonLines)
            }
            "text/csv"
            | "text/plain"
            | "text/tab-separated-values"
            | "application/csv"
            | "application/octet-stream"
            | "application/vnd.ms-excel"
            | "application/vnd.ms-excel.sheet.binary.macroenabled.12"
            | "application/vnd.ms-excel.sheet.macroenabled.12"
            | "application/vnd.oasis.opendocument.spreadsheet"
            | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => Ok(Kind::Table),
            _ => Err(Problem::media_type(wanted)),
        }
    }
}

/// What a table of text says of its encoding, as the query would say it, unless that says it itself.
pub(super) fn told_encoding(headers: &HeaderMap, pairs: &mut Vec<(String, String)>) {
    let (kind, parameters) = media_type(headers);
    let tables = ["text/csv", "text/tab-separated-values"];
    let is_table = tables.iter().any(|own| kind.eq_ignore_ascii_case(own));
    let charset = parameters
        .split(';')
        .filter_map(|parameter| parameter.trim().split_once('='))
        .find(|(name, _)| name.eq_ignore_ascii_case("charset"));
    let charset = charset.map(|(_, value)| value.trim_matches('"'));
    // a list in UTF-8 or with a mark is known without it, and one that is ASCII whatever a label says that nobody knows
    let charset = charset.filter(|charset| !charset.to_ascii_lowercase().starts_with("utf-"));
    let charset = charset.filter(|charset| Encoding::by_name(charset).is_some());
    if let Some(charset) = charset.filter(|_| is_table && pairs.iter().all(|(name, _)| name != "encoding")) {
        pairs.push(("encoding".to_owned(), charset.to_owned()));
    }
}

/// An opened list.
pub(super) struct List {
    pub(super) reader: RecordReader<Box<dyn Read + Send>>,
    pub(super) preamble: Preamble,
    /// Of objects: how many columns are members. Two of their own follow: the object, and what is wrong with it.
    pub(super) members: Option<usize>,
    /// Of a workbook.
    pub(super) sheet: Option<SheetNames>,
}

/// Which sheet of a workbook is read, and which others have cells.
pub(super) struct SheetNames {
    pub(super) name: String,
    pub(super) others: Vec<String>,
}

impl List {
    /// Reads the body as far as its header. `own` names members of objects that are not given back.
    pub(super) fn open(
        upload: Upload,
        kind: Kind,
        own: Vec<String>,
        query: &Query,
        service: &Service,
    ) -> Result<Self, Problem> {
        let options = read_options(query)?;
        match kind {
            Kind::JsonLines => open_objects(upload, own, query),
            Kind::Table => open_table(upload, options, query, service),
            Kind::Lines => open_lines(upload),
        }
    }

    fn of_records(source: impl Read + Send + 'static, options: ReadOptions) -> Result<Self, Problem> {
        let source: Box<dyn Read + Send> = Box::new(source);
        let (reader, preamble) = RecordReader::open(source, options).map_err(table_problem)?;
        Ok(Self {
            reader,
            preamble,
            members: None,
            sheet: None,
        })
    }
}

fn read_options(query: &Query) -> Result<ReadOptions, Problem> {
    let delimiter = |text: &str| {
        let byte = match text {
            "tab" => Some(b'\t'),
            text if text.len() == 1 => text.bytes().next(),
            _ => None,
        };
        let byte = byte.filter(|byte| is_delimiter(*byte));
        byte.ok_or_else(|| Problem::bad_request("delimiter: one of , ; | or tab"))
    };
    let encoding = |name: &str| {
        Encoding::by_name(name)
            .ok_or_else(|| Problem::bad_request("encoding: lists can be in none of that name, such as windows-1252"))
    };
    let row = |text: &str| {
        let row = text.parse::<NonZeroU64>().map(NonZeroU64::get);
        row.map_err(|_| Problem::bad_request("header_row: the number of a row, from 1"))
    };
    let (header, no_header) = (query.flag("header")?, query.flag("no_header")?);
    if no_header && (header || query.text("header_row").is_some()) {
        return Err(Problem::bad_request("no_header excludes header and header_row"));
    }
    Ok(ReadOptions {
        delimiter: query.text("delimiter").map(delimiter).transpose()?,
        encoding: query.text("encoding").map(encoding).transpose()?,
        no_header,
        header,
        header_row: query.text("header_row").map(row).transpose()?,
        drop_reject_columns: !no_header,
        sheet_row: None,
    })
}

fn open_objects(upload: Upload, own: Vec<String>, query: &Query) -> Result<List, Problem> {
    if let Some(member) = LIST_MEMBERS.iter().find(|member| query.has(member)) {
        return Err(Problem::bad_request(format!(
            "{member}: objects of JSON have no such thing"
        )));
    }
    let (lines, members) = json_lines::open(upload, own).map_err(|error| io_problem(error, None))?;
    let options = ReadOptions {
        delimiter: Some(json_lines::DELIMITER),
        header: true,
        // so that the first object is row 1
        sheet_row: Some(0),
        ..ReadOptions::default()
    };
    Ok(List {
        members: Some(members),
        ..List::of_records(lines, options)?
    })
}

fn open_lines(upload: Upload) -> Result<List, Problem> {
    let lines = text_lines::open(upload).map_err(|error| io_problem(error, None))?;
    let options = ReadOptions {
        delimiter: Some(text_lines::DELIMITER),
        no_header: true,
        // whatever the first text looks like, it is row 1
        sheet_row: Some(1),
        ..ReadOptions::default()
    };
    List::of_records(lines, options)
}

fn open_table(mut upload: Upload, options: ReadOptions, query: &Query, service: &Service) -> Result<List, Problem> {
    let (head, is_workbook) = workbook::head(&mut upload).map_err(|error| io_problem(error, None))?;
    let source = Cursor::new(head).chain(upload);
    if is_workbook {
        return open_workbook(source, options, query, service);
    }
    if query.has("sheet") {
        return Err(bad("sheet", "the list is no workbook"));
    }
    List::of_records(source, options)
}

/// A workbook's parts lie anywhere in it, so all of it is waited for, in a file without a name.
fn open_workbook(
    mut source: impl Read,
    options: ReadOptions,
    query: &Query,
    service: &Service,
) -> Result<List, Problem> {
    let Some(by) = &service.settings.workbooks else {
        return Err(Problem::media_type("workbooks are not read here: send text/csv"));
    };
    if options.encoding.is_some() {
        return Err(bad("encoding", "a workbook has none"));
    }
    let mut stored = || {
        let mut file = tempfile::tempfile()?;
        io::copy(&mut source, &mut file)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    };
    let file = stored().map_err(|error| io_problem(error, None))?;
    let delimiter = options.delimiter.unwrap_or(b',');
    let sheet = SheetOptions {
        sheet: query.text("sheet"),
        delimiter,
    };
    let sheet = workbook::open(Book::File(file), sheet, by).map_err(|error| workbook_problem(&error))?;
    let options = ReadOptions {
        delimiter: Some(delimiter),
        sheet_row: Some(sheet.first_row),
        ..options
    };
    let mut list = List::of_records(sheet.rows, options)?;
    list.reader.notes = Some(sheet.notes);
    Ok(List {
        sheet: Some(SheetNames {
            name: sheet.name,
            others: sheet.others,
        }),
        ..list
    })
}

/// Why a list can't be read.
pub(super) fn table_problem(error: TableError) -> Problem {
    let row = error.place().map(|place| place.row);
    match error {
        TableError::Io(error) => io_problem(error, row),
        TableError::HeaderEncoding(_, ref likely) => {
            let what = format!("{}: name its encoding, or save it as UTF-8", error.unquoted());
            let likely = likely.as_deref().map(|likely| {
                let Likely { name, reads } = likely;
                format!("; most likely it is {name}, in which it reads {reads}")
            });
            let words = error.unquoted().into_owned() + &likely.unwrap_or_default();
            Problem::bad_request(at_row(row, &what)).about("encoding", words)
        }
        error => Problem::bad_request(at_row(row, &error.unquoted())),
    }
}

fn at_row(row: Option<u64>, what: &str) -> String {
    match row {
        Some(row) => format!("the list: row {row}: {what}"),
        None => format!("the list: {what}"),
    }
}

fn io_problem(error: io::Error, row: Option<u64>) -> Problem {
    match UploadError::of(&error) {
        Some(UploadError::TooLarge) => return Problem::too_large("the list is too long"),
        Some(error @ UploadError::CutOff) => return Problem::bad_request(error.to_string()),
        None => {}
    }
    if error.get_ref().is_some_and(|inner| inner.is::<LineError>()) {
        return Problem::bad_request(at_row(row, &error.to_string()));
    }
    match error.downcast::<WorkbookError>() {
        Ok(error) => workbook_problem(&error),
        Err(_) => Problem::unavailable("the list can't be kept while it is read"),
    }
}

fn workbook_problem(error: &WorkbookError) -> Problem {
    let what = error.unquoted();
    match (error, error.place()) {
        (WorkbookError::NoReader(_) | WorkbookError::NotBuilt, _) => {
            Problem::unavailable("workbooks can't be read here: send text/csv")
        }
        (_, Some(place)) => Problem::bad_request(format!("the workbook: {place}: {what}")),
        (_, None) => Problem::bad_request(what),
    }
}
