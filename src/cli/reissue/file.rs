//! `linkmint reissue --file`: a list whose expired links are renewed.
//!
//! The ledger is told after the list is in its place, as it is of a run of `generate`: what replaces an old token must
//! exist.

mod plan;
mod summary;

use super::super::args::ReissueArgs;
use super::super::exit::{Exit, Failure, shown, warn};
use super::super::ledger;
use super::super::list::{self, Destination, List};
use super::super::meaning::time;
use super::super::report::progress::Progress;
use super::super::report::summary_file;
use super::super::{apart, clock, ring, rows, signals};
use linkmint::batch::Report;
use linkmint::batch::reissue::{ReissuePlan, Replaced};
use linkmint::batch::run::{self, Outputs};
use linkmint::check::CheckLedger;
use linkmint::ledger::How;
use linkmint::number::counted;
use linkmint::token::Revocation;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use summary::Summary;

/// What a revocation says of a token that `--revoke-old` revokes.
const REASON: &str = "replaced by a new link";

pub(super) fn run(path: &Path, args: &ReissueArgs) -> Result<Exit, Failure> {
    let started = Instant::now();
    check_files(path, args)?;
    let mut summary = Summary::default();
    let result = reissue(path, args, &mut summary);
    summary.seconds = started.elapsed().as_secs_f64();
    if !args.files.quiet && summary.began {
        summary.tell();
    }
    let written = match place(args) {
        Some(place) => summary_file::write(place, &summary.to_json()),
        None => Ok(()),
    };
    match (result, written) {
        (Ok(exit), Ok(())) => Ok(exit),
        (Ok(_), Err(failure)) | (Err(failure), Ok(())) => Err(failure),
        (Err(first), Err(second)) => {
            second.tell();
            Err(first)
        }
    }
}

/// Where the summary goes as JSON.
fn place(args: &ReissueArgs) -> Option<&Path> {
    let place = args.rows.summary_file.as_deref();
    place.or(args.json.then_some(Path::new("-")))
}

/// Neither the keyring nor the list is overwritten, and no output by another.
fn check_files(path: &Path, args: &ReissueArgs) -> Result<(), Failure> {
    let is_stdout = |path: Option<&Path>| path.is_none_or(|path| path == Path::new("-"));
    let (output, summary) = (args.files.output.as_deref(), place(args));
    if args.json && is_stdout(output) {
        return Err(Failure::usage("the list goes to standard output already")
            .at("--json")
            .hint("write the list to a file with -o FILE, or the summary with --summary-file FILE"));
    }
    list::check_distinct(Some(path), &args.files)?;
    let source = ring::locate(&args.keyring).ok();
    let keyring = source.as_ref().and_then(|source| source.file().ok());
    let outputs = [
        ("the output", apart::output(output)),
        ("the rejected rows", args.files.rejects.as_deref()),
        ("the summary", summary.filter(|path| *path != Path::new("-"))),
    ];
    apart::check(
        &outputs,
        &[("the keyring", keyring), ("the input", apart::input(Some(path)))],
    )?;
    summary.map_or(Ok(()), |path| summary_file::check_place(path, output, args.files.quiet))
}

fn reissue(path: &Path, args: &ReissueArgs, summary: &mut Summary) -> Result<Exit, Failure> {
    let times = time::times(&args.time, clock::now()?)?;
    let source = ring::locate(&args.keyring)?;
    let ring = source.load(args.files.quiet)?;
    let key = ring.signing_key(None);
    let key = key.map_err(|error| ring::refusal(&error).at(source.place()))?;
    let mut ledger = super::open(args)?;
    let list = list::open(Some(path), &args.list)?;
    let mut plan = plan::plan(args, &list, &times, ring.keys(), key.clone())?;
    if let Some((ledger, path)) = &ledger {
        let outputs = [&args.files.output, &args.files.rejects, &args.rows.summary_file];
        ledger::check_apart(path, &outputs.map(|output| output.as_deref()))?;
        let revocations = ledger.revocations();
        plan.check.revocations = revocations.map_err(|error| ledger::failure(error, path))?;
    }
    signals::watch()?;
    let file = |path| Destination::of_list(path, args.files.options(), list.form(), args.files.quiet);
    let mut output = file(args.files.output.as_deref())?;
    let rejects = args.files.rejects.as_deref();
    let mut rejects = rejects.map(|path| file(Some(path))).transpose()?;
    summary.begin(&plan, &times, &list, &output, args);
    let (report, result) = drive(args, list, plan, &mut output, rejects.as_mut());
    summary.report = report;
    summary.partial = result.is_err();
    let replaced = result?;
    if !finish(args, summary, output, rejects)? {
        return Ok(Exit::Refused);
    }
    if let Some((ledger, path)) = &mut ledger {
        record(args, ledger, path, &replaced).map_err(|failure| failure.hint(summary.again()))?;
        summary.recorded = true;
    }
    Ok(match summary.report.rejected {
        0 => Exit::Done,
        _ => Exit::Refused,
    })
}

fn drive(
    args: &ReissueArgs,
    list: List,
    plan: ReissuePlan,
    output: &mut Destination,
    rejects: Option<&mut Destination>,
) -> (Report, Result<Replaced, Failure>) {
    let output_name = output.name();
    let failure = |error| list::batch_failure(error, &list.name, &output_name, args.files.rejects.as_deref());
    let progress = Progress::new(list.size, "rows", args.files.progress.progress, args.files.quiet);
    let outputs = Outputs {
        output: output.sink(),
        rejects: rejects.map(Destination::sink),
        progress: &|bytes, rows| progress.tell(bytes, rows),
    };
    let rows = run::List::new(list.reader, &list.preamble, rows::threads(args.files.threads));
    let (report, result) = run::reissue(rows, &Arc::new(plan), outputs);
    progress.finish();
    rows::tell_rejects(&report, &list.name, list.preamble.header.names());
    (report, result.map_err(failure))
}

/// Puts the files into their places; whether the rows are there.
fn finish(
    args: &ReissueArgs,
    summary: &mut Summary,
    output: Destination,
    rejects: Option<Destination>,
) -> Result<bool, Failure> {
    let (report, list) = (&summary.report, &summary.input);
    if report.rows == 0 && !args.list.allow_empty {
        return Err(rows::none(list));
    }
    if report.rejected > 0 && rejects.is_none() {
        rows::tell_withheld(report, list, output.is_stream());
        return Ok(false);
    }
    if let Some(file) = rejects.as_ref().filter(|_| report.rejected > 0) {
        let were = if report.rejected == 1 { "was" } else { "were" };
        let rejected = counted(report.rejected, "row");
        warn(&format!("{rejected} {were} rejected, see {}", file.name()), None);
    }
    output.commit()?;
    summary.complete = true;
    rejects.map_or(Ok(()), Destination::commit)?;
    Ok(true)
}

/// Notes in the ledger which token replaces which, and revokes the old ones where that is meant.
fn record(args: &ReissueArgs, checks: &mut CheckLedger, path: &Path, replaced: &Replaced) -> Result<(), Failure> {
    let failure = |error| {
        ledger::failure(error, path).after("and it does not say which link replaces which; the list is complete")
    };
    let ledger = checks.ledger();
    ledger.replace(&replaced.by).map_err(failure)?;
    if let Some((_, by)) = replaced.by.first().filter(|_| args.ledger.revoke_old) {
        let revocation = Revocation {
            at: by.at,
            reason: Some(REASON.to_owned()),
        };
        ledger.revoke(&replaced.old, How::List, &revocation).map_err(failure)?;
    }
    ledger::fold(ledger, path, args.files.quiet);
    Ok(())
}

/// A path for the summary.
fn path_text(path: Option<&Path>) -> Option<String> {
    path.map(shown)
}
