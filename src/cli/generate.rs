//! `linkmint generate`: a link for each row.

mod codes;
mod columns;
mod lints;
mod plan;
mod preview;
mod record;
mod sheet;
mod summary;

use super::apart;
use super::args::{GenerateArgs, ListArgs};
use super::exit::{Exit, Failure, shown, warn};
use super::list::{self, Destination, List};
use super::meaning::time::Times;
use super::meaning::token::TokenPlan;
use super::meaning::{link, time, token};
use super::report::progress::Progress;
use super::report::summary_file;
use super::{clock, qr, ring, rows, signals};
use linkmint::batch::Report;
use linkmint::batch::drawings::Drawings;
use linkmint::batch::generate::{Keep, Plan};
use linkmint::batch::run::{self, Outputs};
use linkmint::check::Rules;
use linkmint::key::KeyId;
use linkmint::number::counted;
use linkmint::token::{Minter, Revocations};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use summary::Summary;
pub(super) use summary::span;

pub(crate) fn run(args: GenerateArgs) -> Result<Exit, Failure> {
    let started = Instant::now();
    check_files(&args)?;
    let mut summary = Summary::default();
    let result = generate(&args, &mut summary);
    summary.seconds = started.elapsed().as_secs_f64();
    let all_told = summary.report.rejected == 0 || args.file.rejects.is_some();
    summary.complete = all_told && matches!(result, Ok(Exit::Done | Exit::Refused));
    if !args.file.quiet && summary.began {
        lints::tell(&summary.report, &summary.columns, args.dedupe);
        summary.tell();
    }
    // a preview writes nothing
    let file = args.summary_file.as_deref().filter(|_| args.preview.is_none());
    let written = file.map_or(Ok(()), |path| summary.write(path));
    match (result, written) {
        (Ok(exit), Ok(())) => Ok(exit),
        (Ok(_), Err(failure)) | (Err(failure), Ok(())) => Err(failure),
        (Err(first), Err(second)) => {
            second.tell();
            Err(first)
        }
    }
}

/// The keyring is never overwritten, and the summary overwrites nothing of this run.
fn check_files(args: &GenerateArgs) -> Result<(), Failure> {
    // an environment that names no keyring is told later
    let source = ring::locate(&args.keyring).ok();
    let keyring = source.as_ref().and_then(|source| source.file().ok());
    let (output, summary) = (args.file.output.as_deref(), args.summary_file.as_deref());
    let page = list::SheetFlags::of(&args.list)?.page;
    let outputs = [
        ("the output", apart::output(output)),
        ("the rejected rows", args.file.rejects.as_deref()),
        ("the labels", page),
        ("the summary", summary.filter(|path| *path != Path::new("-"))),
    ];
    let input = apart::input(args.input.as_deref());
    apart::check(&outputs, &[("the keyring", keyring), ("the input", input)])?;
    summary.map_or(Ok(()), |path| summary_file::check_place(path, output, args.file.quiet))
}

/// How the list is read, without the page of labels that is made of it.
fn without_page(args: &ListArgs) -> ListArgs {
    let name = list::SheetFlags::of(args).ok().and_then(|flags| flags.name);
    ListArgs {
        sheet: name.map(str::to_owned).into_iter().collect(),
        ..args.clone()
    }
}

/// What is decided before the first row.
struct Prepared {
    plan: Plan,
    times: Times,
    token: TokenPlan,
}

fn generate(args: &GenerateArgs, summary: &mut Summary) -> Result<Exit, Failure> {
    list::check_distinct(args.input.as_deref(), &args.file)?;
    let ledger = record::place(args)?;
    let now = clock::now()?;
    let times = time::times(&args.time, now)?;
    let token = token::token_plan(&args.token)?;
    let source = ring::locate(&args.keyring)?;
    // a bad address is told before the list is looked at
    link::pattern(&args.link)?;
    let list = list::open(args.input.as_deref(), &without_page(&args.list))?;
    let plan = plan::plan(args, &list, &times, &token)?;
    lints::of_flags(args, &plan)?;
    columns::tell_unused(args, &list, &plan)?;
    let mut prepared = Prepared { plan, times, token };
    if args.columns.keep {
        let rules = Rules::new(ring::known_keys(&source, args.file.quiet)?, now);
        let revocations = Revocations::default();
        prepared.plan.keep = Some(Keep { rules, revocations });
    }
    if let Some(rows) = args.preview {
        return preview::run(list, &prepared, rows, qr::level(args.qr.draw.qr_level));
    }
    signals::watch()?;
    let mut output = Destination::of_list(
        args.file.output.as_deref(),
        args.file.options(),
        list.form(),
        args.file.quiet,
    )?;
    let codes = codes::Folder::of(args, &list)?;
    let sheet = sheet::Sheet::of(args, &list)?;
    prepared.plan.drawings = Drawings {
        codes: codes.as_ref().map(|folder| Arc::clone(&folder.codes)),
        labels: sheet.as_ref().map(|sheet| Arc::clone(&sheet.labels)),
    };
    let mut rejects = match &args.file.rejects {
        Some(path) => Some(Destination::of_list(
            Some(path),
            args.file.options(),
            list.form(),
            args.file.quiet,
        )?),
        None => None,
    };
    let record = match ledger {
        Some(path) => Some(record::open(path, &mut prepared, now, args.file.quiet)?),
        None => None,
    };
    if let (Some(keep), Some(record)) = (&mut prepared.plan.keep, &record) {
        keep.revocations = record.revocations()?;
    }
    let key = ring::signing_key(&source, token.key_id, args.file.quiet)?;
    summary.begin(&prepared, key.id(), &list, &output, args);
    let minter = Minter::new(&key, token.form);
    let (report, result) = drive(args, list, &prepared, &minter, &mut output, rejects.as_mut());
    summary.report = report;
    summary.partial = result.is_err();
    let exit = finish(args, summary, result, Pictures { codes, sheet }, output, rejects)?;
    if let Some(record) = record.filter(|_| summary.written > 0) {
        record.write(&prepared, key.id(), summary)?;
    }
    Ok(exit)
}

/// What is drawn of the links besides the list.
struct Pictures<'a> {
    codes: Option<codes::Folder<'a>>,
    sheet: Option<sheet::Sheet<'a>>,
}

fn drive(
    args: &GenerateArgs,
    list: List,
    prepared: &Prepared,
    minter: &Minter,
    output: &mut Destination,
    rejects: Option<&mut Destination>,
) -> (Report, Result<(), Failure>) {
    let rejects_path = args.file.rejects.as_deref();
    let output_name = output.name();
    let failure = |error| list::batch_failure(error, &list.name, &output_name, rejects_path);
    let progress = Progress::new(list.size, "rows", args.file.progress.progress, args.file.quiet);
    let outputs = Outputs {
        output: output.sink(),
        rejects: rejects.map(Destination::sink),
        progress: &|bytes, rows| progress.tell(bytes, rows),
    };
    let rows = run::List::new(list.reader, &list.preamble, rows::threads(args.file.threads));
    let plan = Arc::new(prepared.plan.clone());
    let (report, result) = run::generate(rows, &plan, minter, outputs);
    progress.finish();
    rows::tell_rejects(&report, &list.name, list.preamble.header.names());
    (report, result.map_err(failure))
}

fn finish(
    args: &GenerateArgs,
    summary: &mut Summary,
    result: Result<(), Failure>,
    pictures: Pictures<'_>,
    output: Destination,
    rejects: Option<Destination>,
) -> Result<Exit, Failure> {
    result?;
    let report = &summary.report;
    let list = &summary.input;
    if report.tally.kept_of_run.is_some_and(|before| before < report.rows) {
        let failure = Failure::usage("the list has a token of this very run, whose id another row would get again");
        return Err(failure
            .at(list)
            .hint("leave out --issued-at and --first-id, or mint the list without --keep"));
    }
    if report.rows == 0 && !args.list.allow_empty {
        return Err(rows::none(list));
    }
    if report.rejected == 0 || rejects.is_some() {
        let refused = report.rejected > 0;
        if let (true, Some(file)) = (refused, &rejects) {
            let place = file.name();
            let were = if report.rejected == 1 { "was" } else { "were" };
            let rejected = counted(report.rejected, "row");
            // a list without header can't say which of its columns are the list's own
            let hint = "its rows begin with their number and error: take these two columns off to feed them again";
            let hint = args.list.no_header.then_some(hint);
            warn(&format!("{rejected} {were} rejected, see {place}"), hint);
        }
        let place = output.name();
        let Pictures { codes, sheet } = pictures;
        let written = report_written(report);
        sheet.as_ref().map_or(Ok(()), |sheet| sheet.check(written))?;
        codes.map_or(Ok(()), |codes| codes.commit(args.file.quiet))?;
        sheet.map_or(Ok(()), sheet::Sheet::commit)?;
        output.commit()?;
        summary.written = report_written(&summary.report);
        // of two files one comes first
        let stays = |failure: Failure| {
            failure.hint(format_args!(
                "the good rows are complete in {place}; run it again for these"
            ))
        };
        rejects.map_or(Ok(()), Destination::commit).map_err(stays)?;
        return Ok(if refused { Exit::Refused } else { Exit::Done });
    }
    rows::tell_withheld(report, list, output.is_stream());
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
