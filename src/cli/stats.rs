//! `linkmint stats`: what a ledger has counted, for people, scripts, spreadsheets and as a page.

mod bars;
mod csv;
mod prune;
mod text;

use super::args::StatsArgs;
use super::exit::{Exit, Failure, plain, say};
use super::list::{self, Destination, RowForm};
use super::meaning::time;
use super::report::look::Look;
use super::report::progress::Progress;
use super::{clock, ledger};
use linkmint::moment::{DayEdge, UnixTime, Zone};
use linkmint::stats::{self, By, Query, Span};
use linkmint::table::workbook::is_written_as_workbook;
use linkmint::{output, pages};
use std::io::{self, Write};
use std::path::Path;

pub(crate) fn run(args: &StatsArgs) -> Result<Exit, Failure> {
    let path = ledger::place(&args.ledger)?;
    let now = clock::now_or(args.now.as_deref())?;
    if args.prune {
        return prune::run(&path, now, args);
    }
    let query = query(args, now)?;
    let delimiter = args.delimiter.as_deref().map_or(Ok(b','), list::delimiter)?;
    let output = args.html.as_deref().or(args.output.as_deref());
    let output = output.filter(|output| *output != Path::new("-"));
    ledger::check_apart(&path, &[output])?;
    check_workbook(output, args.csv)?;
    let book = ledger::open(&path, ledger::READING, args.quiet)?;
    let progress = Progress::new(None, "tokens", args.progress.progress, args.quiet);
    let survey = stats::take(&book, query, &|tokens| progress.tell(0, tokens));
    progress.finish();
    let survey = survey.map_err(|error| ledger::failure(error, &path))?;
    let text = match (args.json, args.csv, &args.html) {
        (true, ..) => serde_json::to_string(&survey).expect("it has text keys alone") + "\n",
        (_, true, _) => csv::render(&survey, delimiter),
        (.., Some(_)) => pages::stats::report(&survey),
        // bars where it goes to a terminal
        _ => text::render(&survey, Look::of_stdout().width.filter(|_| output.is_none())),
    };
    give(&text, output, delimiter, args)?;
    if survey.total.uses.count == 0 && (args.json || args.csv || args.html.is_some()) {
        say(args.quiet, survey.nothing());
    }
    Ok(Exit::Done)
}

fn query(args: &StatsArgs, now: UnixTime) -> Result<Query, Failure> {
    let zone = time::zone("--timezone", &args.timezone)?;
    let since = edge("--since", args.since.as_deref(), &zone, DayEdge::First)?;
    let until = edge("--until", args.until.as_deref(), &zone, DayEdge::AfterLast)?;
    if since.zip(until).is_some_and(|(since, until)| since >= until) {
        return Err(Failure::usage("it is not later than --since")
            .at("--until")
            .hint("choose a later one; a date includes its whole day"));
    }
    Ok(Query {
        by: By::parse(&args.by).map_err(|error| {
            Failure::usage(error)
                .at("--by")
                .hint("a claim's name has 1 to 64 bytes and no control characters")
        })?,
        top: args.top,
        span: Span { since, until },
        zone,
        only: Vec::new(),
        now,
    })
}

/// A time that quarters of an hour can be counted from.
fn edge(flag: &str, text: Option<&str>, zone: &Zone, edge: DayEdge) -> Result<Option<UnixTime>, Failure> {
    let Some(text) = text else {
        return Ok(None);
    };
    let time = time::instant_or_date(flag, text, zone, edge)?;
    match stats::is_edge(time) {
        true => Ok(Some(time)),
        false => Err(
            Failure::usage("a ledger counts by quarters of an hour, and this time is within one")
                .at(flag)
                .hint("end it with :00, :15, :30 or :45 and no seconds, or write a date"),
        ),
    }
}

/// Only a table becomes a workbook.
fn check_workbook(output: Option<&Path>, is_table: bool) -> Result<(), Failure> {
    match output {
        Some(output) if !is_table && is_written_as_workbook(output).unwrap_or(false) => {
            let failure = Failure::usage("this is no table for a workbook").at_path(output);
            Err(failure.hint("add --csv, or name another file"))
        }
        _ => Ok(()),
    }
}

fn give(text: &str, output: Option<&Path>, delimiter: u8, args: &StatsArgs) -> Result<(), Failure> {
    let options = output::Options::replacing(args.force);
    let mut destination = Destination::open(output, options, RowForm::of_cells(delimiter), args.quiet)?;
    match destination.write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::undecided(plain(error)).at(destination.name())),
        Ok(()) => destination.commit(),
    }
}
