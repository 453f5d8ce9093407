//! The token of every row of a table, checked and held against its row.

use crate::columns::{batches, check_free, fault, named};
use crate::fault::{Fault, Kind};
use crate::generate::{threads, warn_of};
use crate::interrupt::Interrupt;
use crate::keyring::PyKeyring;
use crate::table::{Rows, Table, TextColumn, text_array, text_field, time_array, time_field};
use crate::verifier::{RulesAsk, rules};
use arrow_array::{ArrayRef, StringArray};
use arrow_buffer::{Buffer, NullBuffer};
use linkmint::batch::Report;
use linkmint::batch::columns::{self, Checked};
use linkmint::batch::verify::{Match, RowOutput, TokenColumns, VerifyPlan};
use linkmint::check::Rules;
use linkmint::excerpt::Excerpt;
use linkmint::excerpt::Harmless;
use linkmint::number::counted;
use linkmint::table::Header;
use linkmint::token::Status;
use pyo3::prelude::*;
use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::Arc;

#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Ask {
    column: Option<String>,
    show: Vec<String>,
    matches: Vec<(String, String)>,
    no_match: bool,
    replace: bool,
    status_column: String,
    expires_column: String,
    threads: Option<usize>,
}

#[pyfunction]
pub(crate) fn verify(
    py: Python<'_>,
    stream: &Bound<'_, PyAny>,
    keyring: &PyKeyring,
    ask: &Bound<'_, PyAny>,
) -> PyResult<Table> {
    let rows = Rows::read(py, stream)?;
    let (rules_ask, ask): (RulesAsk, Ask) = (ask.extract()?, ask.extract()?);
    let header = rows.header();
    let tokens = token_columns(ask.column.as_deref(), &header)?;
    let near = near_names(ask.column.as_deref(), &header);
    let matches = matches(&ask, &rows, &header, &tokens)?;
    let names = new_names(&ask, &rows, &header)?;
    let interrupt = Interrupt::new();
    let check = Check {
        interrupt: &interrupt,
        rules: rules(keyring, &rules_ask)?,
        columns: header.names(),
        show: &ask.show,
        tokens,
        matches,
        threads: threads(ask.threads)?,
    };
    let checks_claims = !ask.no_match;
    let checked = py.detach(|| {
        let (checked, report) = check.run(&rows)?;
        let mut warnings = near;
        let repeated = report.repeated_tokens;
        if repeated.count > 0 {
            let rows = counted(repeated.count, "row");
            warnings.push(format!(
                "{rows}: an earlier row has the same token (the first is row {})",
                repeated.first_row
            ));
        }
        if checks_claims
            && report.tally.compared == 0
            && report.tally.statuses().any(|(status, _)| status == Status::Valid)
        {
            warnings.push("no claim could be held against its row: no column has the name of one".to_owned());
        }
        if checks_claims && report.tally.compared > 0 {
            let unmatched = report.tally.claims.unmatched(report.tally.compared);
            warnings.extend(unmatched.map(|name| {
                format!(
                    "the claim {} was held against no column: none has its name, or several do; match pairs it with one",
                    Excerpt(name)
                )
            }));
        }
        Ok::<_, Fault>((table(rows, checked, &names)?, warnings))
    });
    let (table, warnings) = checked.map_err(|fault| interrupt.or(fault))?;
    warn_of(py, warnings)?;
    Ok(table)
}

/// So many rows tell which columns are most likely asked for.
const SAMPLE: usize = 256;

/// A check of all rows.
struct Check<'a> {
    interrupt: &'a Interrupt,
    rules: Rules,
    columns: &'a [String],
    show: &'a [String],
    tokens: TokenColumns,
    matches: Vec<Match>,
    threads: NonZeroUsize,
}

impl Check<'_> {
    /// Checks all rows, and reads of them what is needed: the columns of tokens, and those that claims are held against. The
    /// first rows tell which; where a later one asks for another, all is done again with every column.
    fn run(&self, rows: &Rows) -> Result<(Vec<Part>, Report), Fault> {
        let pairs = |needed: bool| self.matches.iter().filter(move |pair| pair.needed || !needed);
        let tokens = [Some(self.tokens.first), self.tokens.second].into_iter().flatten();
        let of = |needed: bool| tokens.clone().chain(pairs(needed).map(|pair| pair.column)).collect();
        let all: BTreeSet<usize> = of(false);
        let mut read = all.clone();
        if rows.count() > SAMPLE {
            let (_, _, asked) = self.run_over(&rows.first(SAMPLE), &all)?;
            read = of(true);
            read.extend(asked);
        }
        let (checked, report, asked) = self.run_over(rows, &read)?;
        if asked.is_subset(&read) {
            return Ok((checked, report));
        }
        self.run_over(rows, &all).map(|(checked, report, _)| (checked, report))
    }

    /// The same with these columns alone; and which of all were asked for.
    fn run_over(&self, rows: &Rows, read: &BTreeSet<usize>) -> Result<(Vec<Part>, Report, BTreeSet<usize>), Fault> {
        // one that says nothing stands for all others
        let other = self
            .matches
            .iter()
            .map(|pair| pair.column)
            .find(|column| !read.contains(column));
        let all: Vec<usize> = read.iter().copied().chain(other).collect();
        let place = |column: usize| all.iter().position(|own| *own == column).unwrap_or(read.len());
        let columns = all.iter().map(|column| self.columns[*column].clone()).collect();
        let tokens = TokenColumns {
            first: place(self.tokens.first),
            second: self.tokens.second.map(place),
        };
        let of_pair = |pair: &Match| Match {
            column: place(pair.column),
            ..pair.clone()
        };
        let output = RowOutput::Values(self.show.to_vec());
        let plan = VerifyPlan {
            matches: self.matches.iter().map(of_pair).collect(),
            ..VerifyPlan::new(self.rules.clone(), tokens, Some(&Header::of_names(columns)), output)
        };
        let texts = |column: &usize| match read.contains(column) {
            true => rows.texts(*column),
            false => Ok(rows.batches.iter().map(|_| TextColumn::Null).collect()),
        };
        let texts: Vec<_> = all.iter().map(texts).collect::<Result<_, Fault>>()?;
        let batches = batches(rows, &texts);
        let goes_on = || self.interrupt.goes_on();
        let made = columns::verify(&batches, &Arc::new(plan), self.threads, &goes_on, new_columns);
        let (parts, report) = made.map_err(|error| Fault::new(Kind::Table, error))?;
        let asked = report.tally.asked.iter().map(|place| all[*place]).collect();
        Ok((parts.into_iter().collect::<Result<_, _>>()?, report, asked))
    }
}

fn token_columns(column: Option<&str>, header: &Header) -> Result<TokenColumns, Fault> {
    if let Some(name) = column {
        let first = named(header, "column", name)?;
        return Ok(TokenColumns::only(first));
    }
    let unclear = |error| fault(&error, header, "column names the one that is meant");
    TokenColumns::of(header).map_err(unclear)?.ok_or_else(|| {
        let fault = Fault::new(Kind::Column, "there is neither a column token nor a column url_link");
        match header.names().is_empty() {
            true => fault.hint("the table has no columns"),
            false => fault.hint(format_args!("column names it; the table has {}", header.listed())),
        }
    })
}

/// Columns that are not read, though their name is like one of those that are.
fn near_names(column: Option<&str>, header: &Header) -> Vec<String> {
    let names = TokenColumns::NAMES.into_iter().filter(|_| column.is_none());
    let near = names.filter_map(|name| Some((name, header.near(name).ok()??)));
    let sentence = |(name, column): (&str, usize)| {
        let column = Excerpt(&header.names()[column]);
        format!(
            "the column {column} is not taken for {name}, whose name must be exactly that; column={column} reads that one"
        )
    };
    near.map(sentence).collect()
}

/// The pairs that were given, and the columns that may have claims' names.
fn matches(ask: &Ask, rows: &Rows, header: &Header, tokens: &TokenColumns) -> Result<Vec<Match>, Fault> {
    if ask.no_match {
        return Ok(Vec::new());
    }
    let pair = |(name, column): &(String, String)| {
        Ok(Match {
            name: name.clone(),
            column: named(header, "match", column)?,
            needed: true,
        })
    };
    let given = ask.matches.iter().map(pair).collect::<Result<_, Fault>>()?;
    Ok(tokens.matches(given, header.names(), |column| rows.has_texts(column)))
}

/// The names of status, expiry and the claims that are shown.
fn new_names(ask: &Ask, rows: &Rows, header: &Header) -> Result<Vec<String>, Fault> {
    let shown = ask.show.iter().map(|name| format!("verified_{name}"));
    let names: Vec<_> = [ask.status_column.clone(), ask.expires_column.clone()]
        .into_iter()
        .chain(shown)
        .collect();
    for (place, name) in names.iter().enumerate() {
        if names[..place].contains(name) {
            let fault = Fault::new(
                Kind::Usage,
                format_args!("two of the new columns have the name {}", Harmless(name)),
            );
            return Err(fault.hint("give each a name of its own, and show each claim once"));
        }
        check_free(rows, header, name, ask.replace)?;
    }
    Ok(names)
}

/// The new columns of some rows.
type Part = Vec<ArrayRef>;

fn new_columns(checked: Checked) -> Result<Part, Fault> {
    let statuses = match checked.statuses.as_slice() {
        // almost always all are valid
        [first, others @ ..] if others.iter().all(|other| other == first) => {
            StringArray::new_repeated(first.as_str(), 1 + others.len())
        }
        all => StringArray::from_iter_values(all.iter().map(|status| status.as_str())),
    };
    let mut columns: Part = vec![Arc::new(statuses), time_array(&checked.expires_at)];
    for (texts, is_there) in checked.shown {
        let bytes = Buffer::from_vec(texts.bytes);
        columns.push(text_array(texts.ends, bytes, Some(NullBuffer::from(is_there)))?);
    }
    Ok(columns)
}

fn table(rows: Rows, parts: Vec<Part>, names: &[String]) -> Result<Table, Fault> {
    let mut fields: Vec<_> = names.iter().map(|name| text_field(name)).collect();
    fields[1] = time_field(&names[1]);
    rows.with(fields, parts)
}
