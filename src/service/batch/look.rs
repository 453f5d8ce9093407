//! A list looked at before its links are made: what was understood, the first rows, and what is wrong with others.
//!
//! All of it is minted, with a key that is thrown away: nothing of it can be sent by mistake.

use super::list::{Kind, List, table_problem};
use super::plan::Wanted;
use super::spool::SpoolWriter;
use super::tokens::members;
use super::upload::Upload;
use super::{threads, work};
use crate::batch::generate::{ClaimSource, Plan};
use crate::batch::run::{self, Outputs, Sink};
use crate::batch::{BatchError, Report};
use crate::check::Facts;
use crate::key::{Key, Secret};
use crate::pages::lists::{self, Looked};
use crate::service::caller::Caller;
use crate::service::problem::Problem;
use crate::service::state::Service;
use crate::table::{Chunk, Encoding, ReadOptions, RecordReader};
use crate::token::{Minter, UntrustedToken};
use axum::body::Body;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use std::io::{self, Cursor, Write};
use std::sync::Arc;

/// So many rows are shown.
const ROWS: usize = 5;
/// So much of the links is kept to show them.
const KEPT: usize = 256 << 10;

/// The page about a list: see [`lists::looked`].
pub(in crate::service) async fn look(
    service: &Arc<Service>,
    headers: &HeaderMap,
    body: Body,
    caller: Caller,
    pairs: Vec<(String, String)>,
) -> Result<Response, Problem> {
    let wanted = Wanted::parse(members(pairs)?, service.now(), false)?;
    let key = Key::new(Secret::draw().map_err(|_| Problem::internal())?);
    let own = Arc::clone(service);
    work(service, headers, body, move |upload| {
        let page = page(upload, &own, &caller, &wanted, &key)?;
        let head = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
        Ok((head, move |mut writer: SpoolWriter| {
            if writer.write_all(page.as_bytes()).is_ok() {
                writer.finish();
            }
        }))
    })
    .await
}

/// Keeps the beginning of what is written, and counts all of it.
#[derive(Default)]
struct Beginning {
    bytes: Vec<u8>,
    length: u64,
}

impl Write for Beginning {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = KEPT.saturating_sub(self.bytes.len()).min(bytes.len());
        self.bytes.extend_from_slice(&bytes[..room]);
        self.length += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn page(upload: Upload, service: &Service, caller: &Caller, wanted: &Wanted, key: &Key) -> Result<String, Problem> {
    let list = wanted.open(upload, Kind::Table, service)?;
    let plan = Arc::new(wanted.plan(&list, caller, service)?);
    let dialect = list.reader.dialect();
    let understood = understood(&list);
    let columns = list.preamble.header.names().to_vec();
    let claims = claims(&plan, &columns);
    let encoding = list.reader.encoding();
    let (mut beginning, mut nowhere) = (Beginning::default(), io::sink());
    let outputs = Outputs {
        output: Sink {
            file: &mut beginning,
            keeps_marks: false,
        },
        rejects: Some(Sink::text(&mut nowhere)),
        progress: &|_, _| {},
    };
    let rows = run::List::new(list.reader, &list.preamble, threads());
    let minter = Minter::new(key, wanted.form);
    let (report, result) = run::generate(rows, &plan, &minter, outputs);
    result.map_err(|error| match error {
        BatchError::Table(error) => table_problem(error),
        _ => Problem::internal(),
    })?;
    if report.rows == 0 {
        return Err(Problem::bad_request("the list has no rows"));
    }
    let has_header = list.preamble.header.is_present();
    let (names, rows) = first_rows(
        beginning.bytes,
        dialect.delimiter,
        encoding,
        has_header,
        &list.preamble.above,
    );
    let cell = |name: &str| {
        let place = names.iter().position(|other| other == name)?;
        rows.first()?.get(place).cloned()
    };
    let token = cell("token");
    Ok(lists::looked(&Looked {
        understood,
        claims,
        link: cell("url_link").or_else(|| token.clone()),
        readable: token.as_deref().and_then(readable),
        names,
        rows,
        good: report.rows - report.rejected,
        bad: report.rejected,
        length: beginning.length,
        problems: problems(&report, &columns),
        notes: notes(&report),
    }))
}

/// What kind of list it is, in words.
fn understood(list: &List) -> String {
    let columns = list.preamble.header.len();
    let columns = format!("{columns} {}", if columns == 1 { "column" } else { "columns" });
    match &list.sheet {
        Some(sheet) if sheet.others.is_empty() => format!("A workbook with {columns}"),
        Some(sheet) => format!(
            "The sheet {} of a workbook, with {columns}; it has others: {}",
            sheet.name,
            sheet.others.join(", ")
        ),
        None => format!(
            "Text in {} with {} between {columns}",
            list.reader.encoding().name(),
            list.reader.dialect().delimiter_name()
        ),
    }
}

/// Each claim with where it comes from.
fn claims(plan: &Plan, columns: &[String]) -> Vec<(String, String)> {
    let from = |source: &ClaimSource| match source {
        ClaimSource::Column { column, .. } => format!("column {}", columns[*column]),
        ClaimSource::Constant(value) => format!("{value} in every link"),
    };
    let claims = plan.claims.iter();
    claims
        .map(|claim| (claim.name.as_str().to_owned(), from(&claim.source)))
        .collect()
}

/// The names and the first rows of what was written.
fn first_rows(
    bytes: Vec<u8>,
    delimiter: u8,
    encoding: Encoding,
    has_header: bool,
    above: &[u8],
) -> (Vec<String>, Vec<Vec<String>>) {
    let options = ReadOptions {
        delimiter: Some(delimiter),
        encoding: Some(encoding).filter(|encoding| !encoding.is_utf8()),
        no_header: !has_header,
        header: has_header,
        ..ReadOptions::default()
    };
    let table = bytes.get(above.len()..).unwrap_or_default().to_vec();
    let Ok((mut reader, preamble)) = RecordReader::open(Cursor::new(table), options) else {
        return Default::default();
    };
    let mut chunk = Chunk::default();
    let mut rows = Vec::new();
    while rows.len() < ROWS && reader.fill(&mut chunk).unwrap_or(false) {
        let page = chunk.page();
        let filled = page.rows().filter(|row| !row.is_blank()).take(ROWS - rows.len());
        rows.extend(filled.map(|row| {
            let text = |place| row.text(place).unwrap_or_default().into_owned();
            (0..row.len()).map(text).collect::<Vec<_>>()
        }));
    }
    (preamble.header.names().to_vec(), rows)
}

/// What whoever sees a link can read in its token; nothing of a sealed one.
fn readable(token: &str) -> Option<Vec<(String, String)>> {
    let mut buffer = Vec::new();
    let seen = UntrustedToken::read(token, &mut buffer).ok()?.peek().ok()??;
    Some(Facts::unverified(&seen).claims)
}

fn problems(report: &Report, columns: &[String]) -> Vec<String> {
    let told = report.told.iter();
    told.map(|told| format!("Row {}: {}", told.place.row, told.reject.told(columns)))
        .collect()
}

/// What is most likely a mistake, though every such row has a link.
fn notes(report: &Report) -> Vec<String> {
    let told = report.tally.lints().map(|(lint, found)| {
        let word = lint.as_str().replace('_', " ");
        let rows = if found.count == 1 { "row" } else { "rows" };
        let (count, first) = (found.count, found.first_row);
        format!("{word} in {count} {rows}, first in row {first}: {}", lint.hint())
    });
    told.collect()
}
