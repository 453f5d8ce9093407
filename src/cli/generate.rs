//! `linkmint generate`: a link for each row.

mod summary;

use super::args::GenerateArgs;
use super::exit::{Exit, Failure, shown, tell, warn};
use super::list::{self, Destination, List};
use super::meaning::columns::Columns;
use super::meaning::time::Times;
use super::meaning::token::TokenPlan;
use super::meaning::{claims, link, time, token};
use super::report::progress::Progress;
use super::{clock, ring, signals};
use linkmint::batch::generate::{ExpiryPlan, Generate, Place, Places, Plan};
use linkmint::batch::{self, BatchError, Report, Sinks};
use linkmint::key::KeyId;
use linkmint::token::Minter;
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use summary::Summary;

/// The column with rows' own durations, unless another is named.
const DURATION_COLUMN: &str = "duration";

pub(crate) fn run(args: GenerateArgs) -> Result<Exit, Failure> {
    let started = Instant::now();
    let mut summary = Summary::default();
    let result = generate(&args, &mut summary);
    summary.seconds = started.elapsed().as_secs_f64();
    summary.complete = matches!(result, Ok(Exit::Done | Exit::Refused));
    if !args.file.quiet && summary.began {
        summary.tell();
    }
    if let Some(path) = &args.summary_file {
        summary.write(path)?;
    }
    result
}

/// What is decided before the first row.
struct Prepared {
    plan: Plan,
    times: Times,
    token: TokenPlan,
}

fn generate(args: &GenerateArgs, summary: &mut Summary) -> Result<Exit, Failure> {
    let input = args.input.as_deref().filter(|path| *path != Path::new("-"));
    list::check_distinct(input, &args.file)?;
    let now = clock::now()?;
    let times = time::times(&args.time, now)?;
    let token = token::token_plan(&args.token)?;
    let source = ring::locate(&args.keyring)?;
    // a bad address is told before the list is looked at
    link::pattern(&args.link)?;
    let list = list::open(args.input.as_deref(), &args.list)?;
    let plan = plan(args, &list, &times, &token)?;
    let prepared = Prepared { plan, times, token };
    let mut output = Destination::open(args.file.output.as_deref(), &args.file)?;
    let mut rejects = match &args.file.rejects {
        Some(path) => Some(Destination::open(Some(path), &args.file)?),
        None => None,
    };
    let key = ring::signing_key(&source, token.key_id, args.file.quiet)?;
    signals::watch()?;
    summary.begin(&prepared.times, &prepared.token, key.id(), &list, &output, args);
    let minter = Minter::new(&key, token.kind, token.alphabet);
    let (report, result) = drive(args, list, &prepared, minter, &mut output, rejects.as_mut())?;
    summary.report = report;
    finish(args, summary, result, output, rejects)
}

fn plan(args: &GenerateArgs, list: &List, times: &Times, token: &TokenPlan) -> Result<Plan, Failure> {
    let header = &list.preamble.header;
    let columns = Columns::new(header, &list.name);
    let claims = claims::claim_plans(&args.claims, &columns)?;
    let link = link::link_plan(&args.link, &columns)?;
    let expiry = expiry_plan(args, &columns, times)?;
    let mut link_text = Vec::new();
    if let Some(link) = &link {
        match &link.pattern {
            Some((pattern, _)) if link.base_url_column.is_none() => {
                pattern.write(|_| {}, |_, _| {}, &mut link_text);
            }
            // rows' own addresses may hold anything that a URL may
            _ => link_text.push(list.reader.dialect().delimiter),
        }
    }
    let places = [
        place(&columns, &args.columns.token_column)?,
        match link {
            Some(_) => place(&columns, &args.columns.url_column)?,
            None => Place::None,
        },
        place(&columns, &args.columns.expires_column)?,
    ];
    check_names(&places)?;
    Ok(Plan {
        width: header.len(),
        claims,
        expiry,
        link,
        places: Places::new(
            places,
            list.reader.dialect().delimiter,
            args.columns.replace,
            &link_text,
        ),
        first_id: token.first_id,
    })
}

fn place(columns: &Columns<'_>, name: &str) -> Result<Place, Failure> {
    let found = match columns.header().is_present() {
        true => columns.find(name)?,
        false => None,
    };
    Ok(found.map_or_else(|| Place::Appended(name.to_owned()), Place::Column))
}

fn check_names(places: &[Place; 3]) -> Result<(), Failure> {
    let twice = (0..3).any(|one| (0..one).any(|other| places[one] != Place::None && places[one] == places[other]));
    match twice {
        true => Err(Failure::usage("two of the new columns have the same name")
            .hint("choose others with --token-column, --url-column and --expires-column")),
        false => Ok(()),
    }
}

fn expiry_plan(args: &GenerateArgs, columns: &Columns<'_>, times: &Times) -> Result<ExpiryPlan, Failure> {
    let own = &args.own_time;
    let plan = ExpiryPlan::new(times.issued_at, times.not_before, times.expiry, times.zone.clone());
    let mut plan = plan.map_err(|error| time::contradiction(times, error))?;
    plan.duration_column = match own.duration_column.as_deref() {
        Some("none") => None,
        Some(name) => Some(columns.of_flag("--duration-column", name)?),
        None => columns.find(DURATION_COLUMN)?,
    };
    plan.duration_unit = match own.duration_unit.as_deref() {
        Some(_) if plan.duration_column.is_none() => {
            return Err(Failure::usage("the list has no column with durations")
                .at("--duration-unit")
                .hint("name it with --duration-column"));
        }
        Some(unit) => Some(time::duration("--duration-unit", &format!("1{unit}"))?),
        None => None,
    };
    plan.expiry_column = match own.expiry_column.as_deref() {
        Some(name) => Some(columns.of_flag("--expiry-column", name)?),
        None => None,
    };
    if plan.of_all().is_none() && plan.duration_column.is_none() && plan.expiry_column.is_none() {
        return Err(Failure::usage("nothing says when the links expire")
            .hint("add --expires-in 24h, --expires-at 2026-11-30 or --never-expires"));
    }
    Ok(plan)
}

fn drive(
    args: &GenerateArgs,
    list: List,
    prepared: &Prepared,
    minter: Minter,
    output: &mut Destination,
    mut rejects: Option<&mut Destination>,
) -> Result<(Report, Result<(), Failure>), Failure> {
    let header = &list.preamble.header;
    let delimiter = list.reader.dialect().delimiter;
    let rejects_path = args.file.rejects.as_deref();
    let output_name = output.name();
    let failure = |error| list::batch_failure(error, &list.name, &output_name, rejects_path);
    let mut first = list.preamble.bytes.clone();
    if header.is_present() {
        first.extend_from_slice(&prepared.plan.places.header(header, list.reader.encoding()));
    }
    if let Err(error) = output.write_all(&first) {
        return Ok((Report::default(), Err(failure(BatchError::Output(error)))));
    }
    if let Some(file) = &mut rejects {
        let mut first = list.preamble.bytes.clone();
        first.extend_from_slice(&batch::reject_header(header.raw(), header.line_break(), delimiter));
        file.write_all(&first)
            .map_err(|error| failure(BatchError::Rejects(error)))?;
    }
    let progress = Progress::new(list.size, args.file.quiet);
    let sinks = Sinks {
        output,
        rejects: rejects.map(|file| file as &mut (dyn Write + Send)),
        progress: &|bytes, rows| progress.tell(bytes, rows),
    };
    let plan = Arc::new(prepared.plan.clone());
    let rule = || Generate::new(Arc::clone(&plan), minter.clone());
    let (report, result) = batch::run(list.reader, header.names(), threads(args.file.threads), rule, sinks);
    progress.finish();
    tell_rejects(&report, &list.name, header.names());
    Ok((report, result.map_err(failure)))
}

fn threads(asked: Option<NonZeroUsize>) -> NonZeroUsize {
    asked.unwrap_or_else(|| std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
}

/// The first bad rows in words, each hint once.
fn tell_rejects(report: &Report, list: &str, columns: &[String]) {
    for (index, told) in report.told.iter().enumerate() {
        let column = told
            .reject
            .column
            .and_then(|column| columns.get(column))
            .map(String::as_str);
        let place = list::at(list, told.place, column);
        let hint = told.reject.problem.hint();
        let again = report.told[index + 1..]
            .iter()
            .any(|later| later.reject.problem.hint() == hint);
        tell(&format!("{place}: {}", told.reject.problem), hint.filter(|_| !again));
    }
}

fn finish(
    args: &GenerateArgs,
    summary: &mut Summary,
    result: Result<(), Failure>,
    output: Destination,
    rejects: Option<Destination>,
) -> Result<Exit, Failure> {
    result?;
    let report = &summary.report;
    let list = &summary.input;
    if report.rows == 0 && !args.list.allow_empty {
        let error = anyhow::anyhow!("the list has no rows");
        return Err(Failure::undecided(error)
            .at(list)
            .hint("--allow-empty makes this no failure"));
    }
    if report.rejected == 0 || rejects.is_some() {
        let refused = report.rejected > 0;
        if let (true, Some(file)) = (refused, &rejects) {
            let place = file.name();
            warn(&format!("{} rows were rejected, see {place}", report.rejected), None);
        }
        output.commit()?;
        rejects.map_or(Ok(()), Destination::commit)?;
        summary.written = report_written(&summary.report);
        return Ok(if refused { Exit::Refused } else { Exit::Done });
    }
    let what = match output.is_stream() {
        true => "the rows before the first bad one were written, none after it",
        false => "nothing was written",
    };
    let rest = report.rejected - report.told.len() as u64;
    let more = if rest > 0 {
        format!(" ({rest} more than are told here)")
    } else {
        String::new()
    };
    tell(
        &format!(
            "{list}: {} of {} rows are bad{more}: {what}",
            report.rejected, report.rows
        ),
        Some("mend them, or add --rejects FILE to go on with the good rows and collect the bad ones"),
    );
    Ok(Exit::Refused)
}

fn report_written(report: &Report) -> u64 {
    report.rows - report.rejected
}

/// The id of a key as JSON wants it.
fn id_text(id: Option<KeyId>) -> Option<String> {
    id.map(|id| id.to_string())
}

/// A path for the summary.
fn path_text(path: Option<&Path>) -> Option<String> {
    path.map(shown)
}
