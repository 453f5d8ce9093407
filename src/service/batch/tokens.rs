//! `POST /v1/tokens/batch`: a link for each row of a list.

use super::broken::{self, LastLine, Why};
use super::list::{Kind, List, told_encoding};
use super::plan::Wanted;
use super::query::Query as Members;
use super::spool::SpoolWriter;
use super::{threads, wants_objects, work};
use crate::batch::Report;
use crate::batch::generate::Plan;
use crate::batch::run::{self, Outputs, Sink};
use crate::key::Key;
use crate::ledger::Run;
use crate::moment::UnixTime;
use crate::service::api_key::Scope;
use crate::service::caller::{Caller, Visit};
use crate::service::ledger::LedgerThread;
use crate::service::log::RequestId;
use crate::service::mint::no_key;
use crate::service::problem::Problem;
use crate::service::state::Service;
use crate::token::Minter;
use axum::body::Body;
use axum::extract::{Extension, Query, State, rejection::QueryRejection};
use axum::http::HeaderMap;
use axum::response::{IntoResponseParts, Response};
use serde::Serialize;
use std::io::{self, Write};
use std::sync::Arc;

/// What the last line of an answer of objects tells.
#[derive(Serialize)]
struct Summary {
    rows: u64,
    written: u64,
    rejected: u64,
    blank: u64,
    key_id: String,
    issued_at: UnixTime,
    first_id: String,
    expires_first: Option<UnixTime>,
    expires_last: Option<UnixTime>,
    never_expires: u64,
    shared_token: u64,
    recorded: bool,
}

/// Make a link for each row of a list.
///
/// The body is CSV, objects of JSON (one a line), or a workbook. The answer is the same list with `token`, `url_link`
/// and `expires_at`, as it is made; a bad row stays in its place with an `error`. An answer that breaks off without its
/// last chunk is not whole.
#[utoipa::path(post, path = "/v1/tokens/batch", tag = "mint",
    request_body(description = "a list",
        content((String = "text/csv"), (String = "application/x-ndjson"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    params(
        ("base_url" = Option<String>, Query, description = "the address; the token becomes its last path segment"),
        ("param" = Option<String>, Query, description = "the token becomes this query parameter instead"),
        ("url" = Option<String>, Query, description = "the whole link, with {token} and {column} in it"),
        ("base_url_column" = Option<String>, Query, description = "a column with addresses of rows' own"),
        ("no_link" = Option<bool>, Query, description = "tokens only"),
        ("claims" = Option<String>, Query, description = "A,B,NAME=COLUMN; else customer_id, campaign_id, product_id"),
        ("no_claims" = Option<bool>, Query, description = "tokens without claims"),
        ("set" = Option<String>, Query, description = "NAME=VALUE: a claim of all rows; may stand more often"),
        ("optional" = Option<String>, Query, description = "A,B: claims that empty cells leave out"),
        ("dedupe" = Option<bool>, Query, description = "rows with equal claims get one token"),
        ("expires_in" = Option<String>, Query, description = "24h, 7d"),
        ("expires_at" = Option<String>, Query, description = "an instant, or the last day"),
        ("never_expires" = Option<bool>, Query, description = "valid without end"),
        ("not_before" = Option<String>, Query, description = "an instant, or the first day"),
        ("timezone" = Option<String>, Query, description = "what dates are meant in; UTC unless it is said"),
        ("date_format" = Option<String>, Query, description = "%d.%m.%Y"),
        ("issued_at" = Option<String>, Query, description = "to repeat a run"),
        ("duration_column" = Option<String>, Query, description = "a column with durations of rows' own, or none"),
        ("duration_unit" = Option<String>, Query, description = "what bare numbers in it count: s, m, h, d or w"),
        ("expiry_column" = Option<String>, Query, description = "a column with expiries of rows' own"),
        ("expires_format" = Option<String>, Query, description = "how expires_at is written"),
        ("seal" = Option<bool>, Query, description = "hide the claims"),
        ("public" = Option<bool>, Query, description = "signed so that others can check and not make them"),
        ("text" = Option<String>, Query, description = "base64url, base32 or base32-upper"),
        ("format" = Option<String>, Query, description = "jwt"),
        ("key_id" = Option<String>, Query, description = "the key to sign with"),
        ("first_id" = Option<String>, Query, description = "to repeat a run"),
        ("token_column" = Option<String>, Query, description = "another name for token"),
        ("url_column" = Option<String>, Query, description = "another name for url_link"),
        ("expires_column" = Option<String>, Query, description = "another name for expires_at"),
        ("replace" = Option<bool>, Query, description = "overwrite filled cells of these columns"),
        ("strict" = Option<bool>, Query, description = "reject rows that are most likely a mistake"),
        ("rejects" = Option<String>, Query, description = "inline, or stop: the answer ends before the first bad row"),
        ("delimiter" = Option<String>, Query, description = "what stands between cells, or tab"),
        ("encoding" = Option<String>, Query, description = "windows-1252"),
        ("header" = Option<bool>, Query, description = "the first line names the columns, whatever it looks like"),
        ("header_row" = Option<u64>, Query, description = "the row that names the columns"),
        ("no_header" = Option<bool>, Query, description = "there is no header: columns are 1, 2, …"),
        ("sheet" = Option<String>, Query, description = "of a workbook"),
    ),
    responses(
        (status = 200, description = "the list with its links", content((String = "text/csv"), (String = "application/x-ndjson")),
            headers(
                ("Linkmint-Issued-At" = String, description = "with Linkmint-First-Id, what makes the same links again"),
                ("Linkmint-First-Id" = String, description = "the id of the first row's token"),
                ("Linkmint-Run" = String, description = "what the run is called, where there is a ledger that records it"),
            )),
        (status = 400, description = "the list or the query can't be used"),
        (status = 403, description = "the API key may not make these"),
        (status = 413, description = "the list is too long"),
        (status = 503, description = "too many lists at once, or the ledger does not answer"),
    ))]
pub(in crate::service) async fn post_token_batch(
    State(service): State<Arc<Service>>,
    caller: Caller,
    Extension(visit): Extension<Arc<Visit>>,
    query: Result<Query<Vec<(String, String)>>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    caller.needs(Scope::Mint)?;
    let Query(pairs) = query.map_err(|_| Problem::bad_request("the query can't be read"))?;
    make(&service, &headers, body, (caller, visit.id), pairs, Part::All).await
}

/// The query of a list that is to get links; also where a form has sent it.
pub(super) fn members(pairs: Vec<(String, String)>) -> Result<Members, Problem> {
    Members::of::<__path_post_token_batch>(pairs, &["set"])
}

/// Which rows are given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::service) enum Part {
    /// All, bad ones in their places or none after the first of them.
    All,
    /// Those that got a link.
    Good,
    /// Those that got none, each with its number and error before it.
    Bad,
}

/// The links of a list, or its bad rows: a form sends a table, and wants one of them.
pub(in crate::service) async fn make(
    service: &Arc<Service>,
    headers: &HeaderMap,
    body: Body,
    (caller, request_id): (Caller, RequestId),
    mut pairs: Vec<(String, String)>,
    part: Part,
) -> Result<Response, Problem> {
    let (mut kind, mut objects) = (Kind::Table, false);
    if part == Part::All {
        kind = Kind::of(headers)?;
        objects = kind == Kind::JsonLines || wants_objects(headers);
        told_encoding(headers, &mut pairs);
    }
    let wanted = Wanted::parse(members(pairs)?, service.now(), objects)?;
    let keyring = service.keyring();
    let key = keyring.signing_key(wanted.key_id).map_err(|error| no_key(&error))?;
    let job = Job {
        service: Arc::clone(service),
        caller,
        wanted,
        kind,
        part,
        key: key.clone(),
        request_id,
    };
    work(service, headers, body, move |upload| {
        let list = job.wanted.open(upload, job.kind, &job.service)?;
        let plan = Arc::new(job.wanted.plan(&list, &job.caller, &job.service)?);
        Ok((job.head(&list), move |writer| job.write(list, &plan, writer)))
    })
    .await
}

/// What a thread is to do.
struct Job {
    service: Arc<Service>,
    caller: Caller,
    wanted: Wanted,
    kind: Kind,
    part: Part,
    key: Key,
    request_id: RequestId,
}

impl Job {
    fn write(&self, list: List, plan: &Arc<Plan>, mut writer: SpoolWriter) {
        let minter = Minter::new(&self.key, self.wanted.form);
        let (mut nowhere, mut elsewhere) = (io::sink(), io::sink());
        let (output, rejects): (&mut (dyn Write + Send), Option<&mut (dyn Write + Send)>) = match self.part {
            Part::All => (&mut writer, None),
            Part::Good => (&mut writer, Some(&mut nowhere)),
            Part::Bad => (&mut elsewhere, Some(&mut writer)),
        };
        let outputs = Outputs {
            output: Sink::text(output),
            rejects: rejects.map(Sink::text),
            progress: &|_, _| {},
        };
        let rows = run::List::new(list.reader, &list.preamble, threads());
        let (report, result) = run::generate(rows, plan, &minter, outputs);
        let stopped = report.rejected > 0 && !self.wanted.inline && self.part == Part::All;
        let written = match result {
            Err(error) => Err(Why::of(error)),
            Ok(()) if stopped => Err(stopped_at(&report)),
            Ok(()) => self.finish(&report, plan, &mut writer),
        };
        broken::end(&self.service, self.request_id, writer, self.wanted.objects, written);
    }

    /// What the head of the answer says.
    fn head(&self, list: &List) -> impl IntoResponseParts + use<> {
        let kind = match self.wanted.objects {
            true => "application/x-ndjson".to_owned(),
            false => format!(
                "text/csv; charset={}",
                list.reader.cell_encoding().name().to_ascii_lowercase()
            ),
        };
        let run = ("linkmint-run", self.request_id.as_str().to_owned());
        (
            [
                ("content-type", kind),
                ("linkmint-issued-at", self.wanted.issued_at.to_string()),
                ("linkmint-first-id", self.wanted.first_id.to_string()),
            ],
            self.run_ledger().is_some().then_some([run]),
        )
    }

    /// The ledger that the run is recorded in, where it makes a link.
    fn run_ledger(&self) -> Option<&LedgerThread> {
        self.service.written_ledger().ok().filter(|_| self.part != Part::Bad)
    }

    /// Records the run once the client has all of its rows but the last, and says what became of it; else why not.
    fn finish(&self, report: &Report, plan: &Plan, writer: &mut SpoolWriter) -> Result<(), Why> {
        let written = report.rows - report.rejected;
        let recorded = match self.run_ledger() {
            Some(ledger) if written > 0 => {
                writer.drain().map_err(|_| Why::gone())?;
                let run = self.record(report, plan, written);
                ledger
                    .wait_for(move |ledger| ledger.ledger.record(&run))
                    .map_err(Why::ledger)?;
                true
            }
            _ => false,
        };
        if self.wanted.objects {
            let (first, last) = report.tally.expiries.bounds().unzip();
            let summary = Summary {
                rows: report.rows,
                written,
                rejected: report.rejected,
                blank: report.blanks,
                key_id: self.key.id().to_string(),
                issued_at: self.wanted.issued_at,
                first_id: self.wanted.first_id.to_string(),
                expires_first: first.map(UnixTime),
                expires_last: last.map(UnixTime),
                never_expires: report.tally.never,
                shared_token: report.tally.shared,
                recorded,
            };
            LastLine::Summary(summary).write(writer)?;
        }
        Ok(())
    }

    fn record(&self, report: &Report, plan: &Plan, rows: u64) -> Run {
        let tally = &report.tally;
        let (issued_at, first_id) = (self.wanted.issued_at, self.wanted.first_id);
        Run {
            at: self.service.now().0,
            key_id: self.key.id(),
            rows,
            issued_at: issued_at.0,
            first_id,
            expiries: tally.expiries.bounds(),
            never: tally.never,
            campaigns: plan.campaigns(tally, rows),
            input: format!("HTTP request {}", self.request_id.as_str()),
            repeat: format!("issued_at={issued_at}&first_id={first_id}"),
            pruned_at: None,
        }
    }
}

/// Where an answer ends that has no bad row.
fn stopped_at(report: &Report) -> Why {
    let row = report.told.first().map_or(0, |told| told.place.row);
    let why = format!("the list: row {row} is bad, and with rejects=stop the answer ends before it");
    why.as_str().into()
}
