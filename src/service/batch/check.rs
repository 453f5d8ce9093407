//! `POST /v1/check/batch`: a verdict for each row of a list.

use super::broken::{self, LastLine, Why};
use super::list::{Kind, List, told_encoding};
use super::query::Query as Members;
use super::spool::SpoolWriter;
use super::{json_lines, threads, work};
use crate::batch::run::{self, Outputs, Sink};
use crate::batch::verify::{Match, RowOutput, TokenColumns, VerifyPlan};
use crate::batch::{Counter, Counting, Report};
use crate::check::{Count, Rules};
use crate::ledger::{LedgerError, Sightings, Uses};
use crate::moment::UnixTime;
use crate::paste;
use crate::service::api_key::Scope;
use crate::service::caller::{Caller, Visit};
use crate::service::check::Click;
use crate::service::ledger::LedgerThread;
use crate::service::log::RequestId;
use crate::service::member::bad;
use crate::service::metrics::Uncounted;
use crate::service::problem::Problem;
use crate::service::state::Service;
use crate::table::ColumnError;
use crate::token::Revocations;
use axum::body::Body;
use axum::extract::{Extension, Query, State, rejection::QueryRejection};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// So many checks are counted at once: single ones of others wait no longer than for these.
const AT_ONCE: usize = 8_192;

/// What the last line tells.
#[derive(Serialize)]
struct Summary {
    rows: u64,
    blank: u64,
    unreadable: u64,
    repeated_tokens: u64,
    /// The claims that were held against cells.
    compared: Vec<String>,
    /// Those that differ from row to row and have no column: by them, nothing that slipped to another row is found.
    not_compared: Vec<String>,
    /// How many have each status.
    statuses: BTreeMap<&'static str, u64>,
    counted: bool,
}

/// Check the token of each row of a list.
///
/// The body is CSV with a column `token` or `url_link`, objects of JSON (one a line) with such a member, a workbook, or
/// one token a line (plain text, whatever its first line says). The answer has a verdict a line, in order, and ends with a summary. A claim with the name of a
/// column must equal its cell.
#[utoipa::path(post, path = "/v1/check/batch", tag = "check",
    request_body(description = "a list",
        content((String = "text/csv"), (String = "text/plain"), (String = "application/x-ndjson"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    params(
        ("column" = Option<String>, Query, description = "the column with the tokens or links"),
        ("count" = Option<bool>, Query, description = "count these checks, where there is a ledger"),
        ("expect" = Option<String>, Query, description = "NAME=VALUE: a claim that all must have; may stand more often"),
        ("match" = Option<String>, Query, description = "NAME=COLUMN: a claim that must equal a cell; may stand more often"),
        ("no_match" = Option<bool>, Query, description = "hold no claims against columns of their names"),
        ("only_invalid" = Option<bool>, Query, description = "leave valid rows out"),
        ("delimiter" = Option<String>, Query, description = "what stands between cells, or tab"),
        ("encoding" = Option<String>, Query, description = "windows-1252"),
        ("header" = Option<bool>, Query, description = "the first line names the columns, whatever it looks like"),
        ("header_row" = Option<u64>, Query, description = "the row that names the columns"),
        ("no_header" = Option<bool>, Query, description = "there is no header: columns are 1, 2, …"),
        ("sheet" = Option<String>, Query, description = "of a workbook"),
    ),
    responses(
        (status = 200, description = "a verdict a line", body = String, content_type = "application/x-ndjson"),
        (status = 400, description = "the list or the query can't be used"),
        (status = 403, description = "the API key lacks the scope check"),
        (status = 413, description = "the list is too long"),
        (status = 503, description = "too many lists at once, or the ledger does not answer"),
    ))]
pub(in crate::service) async fn post_check_batch(
    State(service): State<Arc<Service>>,
    caller: Caller,
    click: Click,
    Extension(visit): Extension<Arc<Visit>>,
    query: Result<Query<Vec<(String, String)>>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    caller.needs(Scope::Check)?;
    let Query(mut pairs) = query.map_err(|_| Problem::bad_request("the query can't be read"))?;
    told_encoding(&headers, &mut pairs);
    let query = Members::of::<__path_post_check_batch>(pairs, &["expect", "match"])?;
    let kind = Kind::of_tokens(&headers, &query)?;
    let expected = query.all("expect").map(|text| {
        let (name, value) = Members::pair("expect", text)?;
        Ok((name.to_owned(), value.to_owned()))
    });
    let expected: Vec<_> = expected.collect::<Result<_, Problem>>()?;
    let rules = service.rules(caller.expected().chain(expected).collect());
    let no_ledger = service.ledger.is_none().then_some(Uncounted::NoLedger);
    let uncounted = click.uncounted(query.flag("count")?).or(no_ledger);
    let revocations = match &service.ledger {
        Some(_) => service.with_ledger(|ledger| ledger.revocations()).await?,
        None => Revocations::default(),
    };
    let job = Job {
        service: Arc::clone(&service),
        caller,
        query,
        kind,
        rules,
        revocations,
        uncounted,
        request_id: visit.id,
    };
    work(&service, &headers, body, move |upload| {
        let list = List::open(upload, job.kind, Vec::new(), &job.query, &job.service)?;
        let (list, plan) = job.plan(list)?;
        let head = [(header::CONTENT_TYPE, "application/x-ndjson")];
        Ok((head, move |writer| job.write(list, &Arc::new(plan), writer)))
    })
    .await
}

/// What a thread is to do.
struct Job {
    service: Arc<Service>,
    caller: Caller,
    query: Members,
    kind: Kind,
    rules: Rules,
    revocations: Revocations,
    uncounted: Option<Uncounted>,
    request_id: RequestId,
}

/// The way to a ledger that others use as well.
struct Remote<'a>(&'a LedgerThread);

impl Remote<'_> {
    fn ask<T: Send + 'static>(
        &self,
        sightings: &Sightings,
        work: impl FnOnce(&mut crate::ledger::Ledger, &Sightings) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let own = sightings.clone();
        let done = self.0.wait_for(move |ledger| work(&mut ledger.ledger, &own));
        done.map_err(|error| LedgerError::Store(error.into()))
    }
}

impl Counting for Remote<'_> {
    fn count(&mut self, sightings: &Sightings, now: UnixTime) -> Result<Vec<Uses>, LedgerError> {
        self.ask(sightings, move |ledger, sightings| ledger.count(sightings, now))
    }

    fn uses_of(&mut self, sightings: &Sightings) -> Result<Vec<Uses>, LedgerError> {
        self.ask(sightings, |ledger, sightings| ledger.uses_of(sightings))
    }
}

impl Job {
    fn write(&self, list: List, plan: &Arc<VerifyPlan>, mut writer: SpoolWriter) {
        let outputs = Outputs {
            output: Sink::text(&mut writer),
            rejects: None,
            progress: &|_, _| {},
        };
        let mut remote = self.service.ledger.as_ref().map(Remote);
        let counter = remote.as_mut().map(|remote| Counter {
            ledger: remote,
            now: self.rules.now,
            read_only: self.uncounted.is_some(),
            holds: true,
            tells: true,
            enough: AT_ONCE,
        });
        let rows = run::List {
            columns: &plan.columns,
            ..run::List::new(list.reader, &list.preamble, threads())
        };
        let (report, result) = run::verify(rows, plan, counter, outputs);
        for (status, count) in report.tally.statuses() {
            self.service.metrics.checks(status, count, self.uncounted);
        }
        let last = LastLine::Summary(self.summary(plan, &report));
        let written = result.map_err(Why::of).and_then(|()| last.write(&mut writer));
        broken::end(&self.service, self.request_id, writer, true, written);
    }

    fn summary(&self, plan: &VerifyPlan, report: &Report) -> Summary {
        let tally = &report.tally;
        let names = |names: &mut dyn Iterator<Item = &str>| match plan.hides_claims || plan.matches.is_empty() {
            true => Vec::new(),
            false => names.map(str::to_owned).collect(),
        };
        let statuses = tally.statuses().map(|(status, count)| (status.as_str(), count));
        Summary {
            rows: report.rows,
            blank: report.blanks,
            unreadable: report.rejected,
            repeated_tokens: report.repeated_tokens.count,
            compared: names(&mut tally.claims.matched()),
            not_compared: names(&mut tally.claims.unmatched(tally.compared)),
            statuses: statuses.collect(),
            counted: self.uncounted.is_none(),
        }
    }

    /// The list, perhaps to be read in another way, and the plan for it.
    fn plan(&self, mut list: List) -> Result<(List, VerifyPlan), Problem> {
        let header = &list.preamble.header;
        let first = String::from_utf8_lossy(header.raw());
        // of lines, each is a cell already
        let is_lines = self.kind == Kind::Lines;
        let is_plain = !is_lines
            && list.members.is_none()
            && !["column", "header", "header_row", "no_header"]
                .iter()
                .any(|member| self.query.has(member))
            && paste::candidates(&first).iter().any(paste::Candidate::has_shape);
        let (tokens, matches, table) = match is_plain || is_lines {
            true => (TokenColumns::only(0), Vec::new(), None),
            false => {
                let tokens = self.token_columns(&list)?;
                let matches = self.matches(&list, &tokens)?;
                (tokens, matches, Some(header))
            }
        };
        let plan = VerifyPlan {
            revocations: self.revocations.clone(),
            matches,
            only_invalid: self.query.flag("only_invalid")?,
            keep_rejected: true,
            faults: list.members.map(|members| members + json_lines::FAULT),
            // the ledger's own setting rules over sealed ones when they are counted
            count: match &self.service.ledger {
                Some(ledger) => Count::Authentic {
                    keep_sealed: ledger.keep_sealed,
                },
                None => Count::None,
            },
            hides_claims: self.caller.key.origin.is_some(),
            hides_mismatched: self.caller.is_bound(),
            ..VerifyPlan::new(self.rules.clone(), tokens, table, RowOutput::Json)
        };
        if is_plain {
            list.reader = list.reader.into_lines(&list.preamble.header);
        }
        Ok((list, plan))
    }

    fn token_columns(&self, list: &List) -> Result<TokenColumns, Problem> {
        let header = &list.preamble.header;
        let unusable = |error: ColumnError| bad("column", error);
        if let Some(name) = self.query.text("column") {
            let first = header.column(name).map_err(unusable)?;
            return Ok(TokenColumns::only(first));
        }
        TokenColumns::of(header).map_err(unusable)?.ok_or_else(|| {
            Problem::bad_request(
                "column: the list has neither token nor url_link: name another, or send one token a line as text/plain",
            )
        })
    }

    fn matches(&self, list: &List, tokens: &TokenColumns) -> Result<Vec<Match>, Problem> {
        let header = &list.preamble.header;
        if self.query.flag("no_match")? {
            return Ok(Vec::new());
        }
        let mut matches = Vec::new();
        for text in self.query.all("match") {
            let (name, column) = Members::pair("match", text)?;
            let column = header.column_alike(column);
            matches.push(Match {
                name: name.to_owned(),
                column: column.map_err(|error| bad("match", error))?,
                needed: true,
            });
        }
        let own = list.members.unwrap_or(header.len());
        Ok(tokens.matches(matches, header.names(), |column| column < own))
    }
}
