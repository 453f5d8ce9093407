//! A token, and a link, for every row of a table.

use crate::columns::{batches, check_free, fault, named, row_numbers};
use crate::fault::{Fault, Kind, classes};
use crate::interrupt::Interrupt;
use crate::keyring::PyKeyring;
use crate::meaning::{FormAsk, LinkAsk, TimesAsk, id, of_moment};
use crate::spare;
use crate::table::{Rows, Table, TextColumn, text_array, text_field, time_array, time_field};
use arrow_array::{ArrayRef, StringArray};
use arrow_buffer::NullBuffer;
use linkmint::batch::Report;
use linkmint::batch::columns::{self, Minted, Texts};
use linkmint::batch::duplicates::MOST_ROWS;
use linkmint::batch::generate::{
    BASE_URL_COLUMN, Checks, Chosen, ClaimPlan, ClaimSource, DURATION_COLUMN, ExactName, ExpiryPlan, LinkPlan, Plan,
    RowForm, Unused, Values, campaign_source, customary_claims, make_optional, settle_claims, unused_columns,
};
use linkmint::batch::lint::{self, Lint};
use linkmint::batch::pool::MOST_THREADS;
use linkmint::claims::{ClaimName, MAX_VALUE, ValueForm};
use linkmint::excerpt::{Excerpt, Harmless};
use linkmint::moment;
use linkmint::table::Header;
use linkmint::token::Form;
use linkmint::{Minter, TokenId};
use pyo3::prelude::*;
use std::num::NonZeroUsize;
use std::sync::Arc;

/// What is wrong with a row, where bad rows stay in the table.
const ERROR: &str = "error";

/// What is asked for.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Ask {
    base_url_column: Option<String>,
    no_link: bool,
    claims: Option<Vec<(String, String)>>,
    optional: Vec<String>,
    constants: Vec<(String, String)>,
    duration_column: Option<String>,
    duration_unit: Option<String>,
    expiry_column: Option<String>,
    key_id: Option<String>,
    first_id: Option<String>,
    strict: bool,
    dedupe: bool,
    row: Option<String>,
    /// Rows with equal claims have equal numbers, and so equal tokens.
    row_may_repeat: bool,
    /// The rows of all batches are there at once, and are counted as they stand.
    is_whole: bool,
    /// Other rows are elsewhere: what is most likely a mistake is not told.
    is_part: bool,
    keep_rejected: bool,
    /// Rows of each campaign, for a ledger.
    counts_campaigns: bool,
    replace: bool,
    token_column: String,
    url_column: String,
    expires_column: String,
    threads: Option<usize>,
}

/// What a run has made, or a part of one, for its entry in a ledger.
#[derive(Clone, Debug, FromPyObject, IntoPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Made {
    pub(crate) key_id: String,
    /// Those that got a token.
    pub(crate) rows: u64,
    pub(crate) expiries: Option<(u32, u32)>,
    pub(crate) never: u64,
    /// With the number of their rows; none where there are too many to be campaigns.
    pub(crate) campaigns: Option<Vec<(String, u64)>>,
}

impl Made {
    fn of(report: &Report, plan: &Plan, minter: &Minter) -> Self {
        let rows = report.rows - report.rejected;
        let tally = &report.tally;
        Self {
            key_id: minter.key().id().to_string(),
            rows,
            expiries: tally.expiries.bounds(),
            never: tally.never,
            campaigns: (!tally.campaigns.has_more()).then(|| plan.campaigns(tally, rows)),
        }
    }
}

#[pyfunction]
pub(crate) fn generate(
    py: Python<'_>,
    stream: &Bound<'_, PyAny>,
    keyring: &PyKeyring,
    ask: &Bound<'_, PyAny>,
) -> PyResult<Table> {
    let rows = Rows::read(py, stream)?;
    let (form_ask, times, links): (FormAsk, TimesAsk, LinkAsk) = (ask.extract()?, ask.extract()?, ask.extract()?);
    let ask: Ask = ask.extract()?;
    let (form, capitals) = form_ask.form()?;
    let minter = Minter::new(keyring.signing_key(ask.key_id.as_deref())?, form);
    let mut run = Run {
        ask: &ask,
        rows: &rows,
        header: rows.header(),
        form,
        warnings: Vec::new(),
    };
    let plan = run.plan(&times, &links, capitals)?;
    let (has_link, warnings) = (plan.link.is_some(), std::mem::take(&mut run.warnings));
    let threads = self::threads(ask.threads)?;
    let interrupt = Interrupt::new();
    let finish = |minted| Part::of(minted, &ask, has_link);
    let minted = py.detach(|| mint(&rows, plan, &minter, threads, &interrupt, finish));
    let (parts, report, made) = minted.map_err(|fault| interrupt.or(fault))?;
    if report.rejected > 0 && !ask.keep_rejected {
        return Err(rejected(py, &report, &parts));
    }
    if !ask.is_part {
        warn(py, warnings, &report)?;
    }
    let table = py.detach(|| table(rows, parts, &ask, has_link))?;
    Ok(table.of_run(made))
}

/// What is known of a run before its rows are.
#[derive(IntoPyObject)]
pub(crate) struct Outline {
    /// The columns that give claims, in the order of these.
    claims: Vec<String>,
    /// All columns of which anything is made.
    used: Vec<String>,
    /// What all rows have, where they differ in nothing but their tokens.
    alike: Option<Alike>,
}

/// What rows have beside their tokens.
#[derive(IntoPyObject)]
struct Alike {
    /// What their links have before and behind the token; none for tokens only.
    link: Option<(String, String)>,
    /// Seconds since 1970; none for never.
    expires_at: Option<u32>,
}

impl Alike {
    fn of(plan: &Plan) -> Option<Self> {
        let expires_at = plan.expiry.of_every_row()?.expires_at();
        let link = match &plan.link {
            Some(link) => {
                let (before, behind) = link.around()?;
                Some((before.to_owned(), behind.to_owned()))
            }
            None => None,
        };
        Some(Self { link, expires_at })
    }
}

/// What a run over this table will do; what is most likely a mistake in an argument or in a name is told.
#[pyfunction]
pub(crate) fn outline(py: Python<'_>, stream: &Bound<'_, PyAny>, ask: &Bound<'_, PyAny>) -> PyResult<Outline> {
    let rows = Rows::read(py, stream)?;
    let (form_ask, times, links): (FormAsk, TimesAsk, LinkAsk) = (ask.extract()?, ask.extract()?, ask.extract()?);
    let ask: Ask = ask.extract()?;
    let (form, capitals) = form_ask.form()?;
    let mut run = Run {
        ask: &ask,
        rows: &rows,
        header: rows.header(),
        form,
        warnings: Vec::new(),
    };
    let plan = run.plan(&times, &links, capitals)?;
    warn_of(py, std::mem::take(&mut run.warnings))?;
    let names = run.header.names();
    let of_claim = |claim: &ClaimPlan| Some(names[claim.column()?].clone());
    let used = (0..names.len()).filter(|column| plan.needs(*column));
    Ok(Outline {
        claims: plan.claims.iter().filter_map(of_claim).collect(),
        used: used.map(|column| names[column].clone()).collect(),
        alike: Alike::of(&plan),
    })
}

/// As many threads as are asked for, else one a core.
pub(crate) fn threads(asked: Option<usize>) -> Result<NonZeroUsize, Fault> {
    match asked {
        Some(threads) => {
            NonZeroUsize::new(threads.min(MOST_THREADS.get())).ok_or_else(|| Fault::of("threads", "at least 1"))
        }
        None => Ok(std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)),
    }
}

fn mint(
    rows: &Rows,
    plan: Plan,
    minter: &Minter,
    threads: NonZeroUsize,
    interrupt: &Interrupt,
    finish: impl Fn(Minted) -> Result<Part, Fault> + Send,
) -> Result<(Vec<Part>, Report, Made), Fault> {
    let is_used: Vec<bool> = (0..plan.width).map(|column| plan.needs(column)).collect();
    let (plan, needed) = columns::narrow(plan);
    let texts = |column: &usize| match is_used[*column] || rows.has_texts(*column) {
        true => rows.texts(*column),
        false => Ok(rows.batches.iter().map(|_| TextColumn::Null).collect()),
    };
    let texts: Vec<Vec<TextColumn>> = needed.iter().map(texts).collect::<Result<_, _>>()?;
    let plan = Arc::new(plan);
    let batches = batches(rows, &texts);
    let goes_on = || interrupt.goes_on();
    let minted = columns::mint(&batches, &plan, minter, threads, &goes_on, spare::take(), finish);
    let (parts, report) = minted.map_err(|error| Fault::new(Kind::Table, error))?;
    let made = Made::of(&report, &plan, minter);
    Ok((parts.into_iter().collect::<Result<_, _>>()?, report, made))
}

struct Run<'a> {
    ask: &'a Ask,
    rows: &'a Rows,
    header: Header,
    form: Form,
    warnings: Vec<String>,
}

impl Run<'_> {
    fn plan(&mut self, times: &TimesAsk, links: &LinkAsk, capitals: bool) -> Result<Plan, Fault> {
        let ask = self.ask;
        let claims = self.claims()?;
        let of_columns = claims.iter().any(|claim| claim.column().is_some());
        if ask.dedupe && !of_columns {
            return Err(Fault::of(
                "dedupe",
                "no column gives a claim, so that all rows would get one token",
            ));
        }
        let link = self.link(links)?;
        self.lint_of_all(link.as_ref(), &claims)?;
        self.check_names(link.is_some())?;
        let (expiry, token) = (self.expiry(times)?, (self.form, self.first_id()?));
        let mut plan = Plan {
            form: RowForm::Values(Values {
                columns: self.header.names().to_vec(),
                ids: self.ids()?,
            }),
            capitals,
            ..Plan::new(&self.header, claims, expiry, link, token)
        };
        let campaigns = campaign_source(&plan.claims, plan.checks.sealed).filter(|_| ask.counts_campaigns);
        plan.checks = Checks {
            strict: ask.strict,
            duplicates: of_columns && !ask.dedupe && !ask.is_part,
            dedupe: ask.dedupe,
            campaigns: campaigns.and_then(ClaimSource::column),
            ..plan.checks
        };
        self.tell_unused(&plan);
        Ok(plan)
    }

    fn first_id(&self) -> Result<TokenId, Fault> {
        id("first_id", self.ask.first_id.as_deref())
    }

    fn ids(&self) -> Result<Option<Arc<[u64]>>, Fault> {
        match &self.ask.row {
            Some(name) => {
                let column = named(&self.header, "row", name)?;
                Ok(Some(
                    row_numbers(self.rows, column, name, self.ask.row_may_repeat)?.into(),
                ))
            }
            None if self.rows.came_in > 1 && !self.ask.is_whole => {
                let message = "a stream of several batches has no row numbers: an engine may hand out the same batches in \
                    another order or on several threads, and each would count from 0 and give ids twice";
                let fault = Fault::new(Kind::RowNumbers, message);
                Err(fault.hint("add a column of row numbers, and name it: row=\"row\"; or make one table of it"))
            }
            None => Ok(None),
        }
    }

    fn claims(&self) -> Result<Vec<ClaimPlan>, Fault> {
        let header = &self.header;
        let mut plans = match &self.ask.claims {
            None => {
                let how = "name the column, as claims={\"customer_id\": \"COLUMN\"}";
                customary_claims(header).map_err(|error| fault(&error, header, how))?
            }
            Some(chosen) => {
                let plan = |(name, column): &(String, String)| {
                    let place = header.column_alike(column.trim_ascii());
                    let place = place.map_err(|error| fault(&error, header, "claims names it"))?;
                    Ok(ClaimPlan::of_column(claim_name("claims", name)?, place))
                };
                chosen.iter().map(plan).collect::<Result<_, Fault>>()?
            }
        };
        for (name, value) in &self.ask.constants {
            let (name, value) = (claim_name("set", name)?, value.trim_ascii());
            if value.is_empty() || value.len() > MAX_VALUE {
                return Err(Fault::of(
                    "set",
                    format_args!("a claim's value has 1 to {MAX_VALUE} bytes"),
                ));
            }
            if plans.iter().any(|plan| plan.name == name) {
                let fault = Fault::of("set", format_args!("the claim {name} is given twice"));
                return Err(fault.hint("a column of the table gives it already; choose the columns with claims"));
            }
            plans.push(ClaimPlan::constant(name, value.to_owned()));
        }
        for name in &self.ask.optional {
            if !make_optional(&mut plans, header, name) {
                let message = format_args!("no column gives a claim {}", Excerpt(name));
                return Err(Fault::of("optional", message).hint("name one of the claims that columns give"));
            }
        }
        settle_claims(plans, self.form).map_err(|error| Fault::of("claims", error))
    }

    fn link(&self, links: &LinkAsk) -> Result<Option<LinkPlan>, Fault> {
        let pattern = links.pattern()?;
        let own = self.ask.base_url_column.as_deref();
        if self.ask.no_link {
            return match pattern.is_some() || own.is_some() || links.param.is_some() {
                true => Err(Fault::of("no_link", "it excludes all that makes a link")),
                false => Ok(None),
            };
        }
        let header = &self.header;
        let column = match (own, &pattern) {
            (Some(name), _) => Some(named(header, "base_url_column", name)?),
            (None, Some(_)) => None,
            (None, None) => header
                .find(BASE_URL_COLUMN)
                .map_err(|error| fault(&error, header, "rename one"))?,
        };
        if pattern.is_none() && column.is_none() {
            let message = "no address for the links: neither an argument gives one nor has the table a column base_url";
            let fault = Fault::new(Kind::Usage, message);
            return Err(fault.hint("add base_url=\"https://…\", or no_link=True for tokens only"));
        }
        let plan = LinkPlan::of(pattern, header, column, links.param.clone());
        plan.map(Some).map_err(|error| fault(&error, header, "url names it"))
    }

    /// What is most likely a mistake in an argument, and so in all rows.
    fn lint_of_all(&mut self, link: Option<&LinkPlan>, claims: &[ClaimPlan]) -> Result<(), Fault> {
        let pattern = link.and_then(|link| link.pattern.as_ref());
        let mut found = Vec::new();
        if pattern.is_some_and(|(pattern, _)| pattern.is_plain_http()) {
            found.push(("base_url".to_owned(), Lint::PlainHttp));
        }
        let sealed = matches!(self.form, Form::Sealed(_));
        for claim in claims {
            if let ClaimSource::Constant(value) = &claim.source
                && let Some(lint) = lint::of_value(value, ValueForm::of(value), sealed)
            {
                found.push((format!("set {}", claim.name), lint));
            }
        }
        for (place, lint) in found {
            if self.ask.strict {
                return Err(Fault::of(&place, lint).hint(lint.hint()));
            }
            self.warnings.push(format!("{place}: {lint}"));
        }
        Ok(())
    }

    /// Columns that are taken for nothing, and look as if they were meant for something.
    fn tell_unused(&mut self, plan: &Plan) {
        let (ask, header) = (self.ask, &self.header);
        let chosen = Chosen {
            claims: ask.claims.is_some(),
            duration: ask.duration_column.is_some(),
            base_url: ask.base_url_column.is_some(),
            new: [&ask.token_column, &ask.url_column, &ask.expires_column],
        };
        // names that two columns have are told where they are used
        let unused = unused_columns(header, plan, &chosen).unwrap_or_default();
        let told = unused.into_iter().map(|unused| match unused {
            Unused::Forgotten { claim, column } => forgotten(plan, header, claim, column),
            Unused::Near { of, name, column } => near(of, name, &header.names()[column]),
        });
        self.warnings.extend(told);
    }

    fn expiry(&self, times: &TimesAsk) -> Result<ExpiryPlan, Fault> {
        let (ask, header) = (self.ask, &self.header);
        let times = times.times()?;
        let plan = times.plan();
        let mut plan = plan.map_err(|error| Fault::new(Kind::Usage, error))?;
        plan.duration_column = match ask.duration_column.as_deref() {
            Some("none") => None,
            Some(name) => Some(named(header, "duration_column", name)?),
            None => header
                .find(DURATION_COLUMN)
                .map_err(|error| fault(&error, header, "rename one"))?,
        };
        plan.duration_unit = match ask.duration_unit.as_deref() {
            Some(_) if plan.duration_column.is_none() => {
                return Err(Fault::of("duration_unit", "the table has no column with durations"));
            }
            Some(unit @ ("s" | "m" | "h" | "d" | "w")) => {
                let seconds = moment::duration(&format!("1{unit}"));
                Some(seconds.map_err(|error| of_moment("duration_unit", &error))?)
            }
            Some(_) => return Err(Fault::of("duration_unit", "one of s, m, h, d and w")),
            None => None,
        };
        let column = ask
            .expiry_column
            .as_deref()
            .map(|name| named(header, "expiry_column", name));
        plan.expiry_column = column.transpose()?;
        match plan.of_all().is_none() && plan.duration_column.is_none() && plan.expiry_column.is_none() {
            true => {
                let fault = Fault::new(Kind::Usage, "nothing says when the links expire");
                Err(fault.hint("add expires_in=\"24h\", expires_at=\"2026-11-30\" or never_expires=True"))
            }
            false => Ok(plan),
        }
    }

    fn check_names(&self, has_link: bool) -> Result<(), Fault> {
        let ask = self.ask;
        let mut names = vec![ask.token_column.as_str(), ask.expires_column.as_str()];
        names.extend(has_link.then_some(ask.url_column.as_str()));
        names.extend(ask.keep_rejected.then_some(ERROR));
        for (place, name) in names.iter().enumerate() {
            if names[..place].contains(name) {
                return Err(Fault::new(Kind::Usage, "two of the new columns have the same name"));
            }
            check_free(self.rows, &self.header, name, ask.replace)?;
        }
        Ok(())
    }
}

/// That a column looks like a claim, with the argument that takes it besides those that are taken.
fn forgotten(plan: &Plan, header: &Header, claim: &str, column: usize) -> String {
    let names = header.names();
    let taken = plan
        .claims
        .iter()
        .filter_map(|plan| Some((plan.name.as_str(), plan.column()?)));
    let entry = |(claim, column): (&str, usize)| format!("\"{claim}\": {}", Excerpt(&names[column]));
    let entries: Vec<_> = taken.chain([(claim, column)]).map(entry).collect();
    format!(
        "the column {} looks like {claim}, and no token has it; claims={{{}}} takes it",
        Excerpt(&names[column]),
        entries.join(", ")
    )
}

/// That a column is not taken for one of an exact name, with the argument that takes it.
fn near(of: ExactName, name: &str, column: &str) -> String {
    const FILLS: &str = "fills that one in place of a new one";
    let (argument, what) = match of {
        ExactName::Duration => ("duration_column", "takes its cells for how long each link is valid"),
        ExactName::BaseUrl => ("base_url_column", "takes its cells for the addresses of rows' own"),
        ExactName::Token => ("token_column", FILLS),
        ExactName::Link => ("url_column", FILLS),
        ExactName::Expiry => ("expires_column", FILLS),
    };
    let column = Excerpt(column);
    format!(
        "the column {column} is not taken for {}, whose name must be exactly that; {argument}={column} {what}",
        Harmless(name)
    )
}

fn claim_name(argument: &str, text: &str) -> Result<ClaimName, Fault> {
    ClaimName::parse(text.trim_ascii()).map_err(|error| Fault::of(argument, error))
}

/// The exception about bad rows: how many, and the first of them in words.
fn rejected(py: Python<'_>, report: &Report, parts: &[Part]) -> PyErr {
    let mut told = Vec::new();
    let mut first = 0;
    for part in parts {
        let bad = part.rejects.iter().map(|(row, error)| (first + row, error.clone()));
        told.extend(bad.take(linkmint::batch::MOST_TOLD - told.len()));
        first += part.rows;
    }
    let hint = report.told.first().and_then(|told| told.reject.problem.hint());
    let rows = (report.rejected, report.rows);
    let made = classes(py).and_then(|classes| classes.getattr("RowsRejected")?.call1((rows.0, rows.1, told, hint)));
    made.map_or_else(|error| error, PyErr::from_value)
}

/// What was most likely a mistake, as warnings: one a kind, with its count and first row.
fn warn(py: Python<'_>, arguments: Vec<String>, report: &Report) -> PyResult<()> {
    let mut all = arguments;
    for (lint, found) in report.tally.lints() {
        let rows = linkmint::number::counted(found.count, "row");
        all.push(format!(
            "{rows}: {lint} (the first is row {}); {}",
            found.first_row,
            lint.hint()
        ));
    }
    if report.rows > MOST_ROWS && report.tally.shared == 0 {
        all.push(format!(
            "duplicates were looked for in the first {MOST_ROWS} rows only; strict=True looks for them in all"
        ));
    }
    warn_of(py, all)
}

/// These, as of the line that called.
pub(crate) fn warn_of(py: Python<'_>, all: Vec<String>) -> PyResult<()> {
    all.into_iter()
        .try_for_each(|text| crate::fault::warn(py, "TableWarning", text, 1))
}

/// Rows of one batch with their new columns.
struct Part {
    rows: usize,
    columns: Vec<ArrayRef>,
    rejects: Vec<(usize, String)>,
}

impl Part {
    fn of(minted: Minted, ask: &Ask, has_link: bool) -> Result<Self, Fault> {
        let (rows, rejects) = (minted.expires_at.len(), minted.rejects);
        let nulls = (!rejects.is_empty()).then(|| {
            let mut is_there = vec![true; rows];
            rejects.iter().for_each(|(row, _)| is_there[*row] = false);
            NullBuffer::from(is_there)
        });
        let texts = |Texts { bytes, ends }, kind| text_array(ends, spare::lend(bytes, kind), nulls.clone());
        let mut columns = vec![texts(minted.tokens, spare::Kind::Tokens)?];
        if has_link {
            columns.push(texts(minted.links, spare::Kind::Links)?);
        }
        columns.push(time_array(&minted.expires_at));
        if ask.keep_rejected {
            let mut errors = vec![None; rows];
            rejects
                .iter()
                .for_each(|(row, error)| errors[*row] = Some(error.as_str()));
            columns.push(Arc::new(StringArray::from(errors)));
        }
        Ok(Self { rows, columns, rejects })
    }
}

fn table(rows: Rows, parts: Vec<Part>, ask: &Ask, has_link: bool) -> Result<Table, Fault> {
    let mut fields = vec![text_field(&ask.token_column)];
    fields.extend(has_link.then(|| text_field(&ask.url_column)));
    fields.push(time_field(&ask.expires_column));
    fields.extend(ask.keep_rejected.then(|| text_field(ERROR)));
    rows.with(fields, parts.into_iter().map(|part| part.columns).collect())
}
