//! `linkmint reissue --file`: a list whose expired links are renewed.
//!
//! The ledger is told after the list is in its place, as it is of a run of `generate`: what replaces an old token must
//! exist.

mod plan;
mod summary;

use crate::cli::args::ReissueArgs;
use crate::cli::exit::{Exit, Failure};
use crate::cli::meaning::{link, time};
use crate::cli::report::run::Run;
use crate::cli::report::summary_file;
use crate::cli::rows::RowFiles;
use crate::cli::verify::file::unmatched::warn_of_unmatched;
use crate::cli::{clock, ledger, list, ring, rows, signals};
use linkmint::batch::reissue::Replaced;
use linkmint::batch::run;
use linkmint::check::CheckLedger;
use linkmint::ledger::How;
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
    summary.run = Run::named(Some(path), args.files.output.as_deref());
    let result = reissue(path, args, &mut summary);
    summary.run.failed(&result);
    summary.run.seconds = started.elapsed().as_secs_f64();
    if !args.files.quiet && summary.run.began {
        summary.tell();
    }
    let written = place(args).map_or(Ok(()), |place| summary_file::write(place, &summary.to_json()));
    summary_file::end(result, written)
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
    rows::check_files(Some(path), &args.files, &[], summary, &args.keyring)
}

fn reissue(path: &Path, args: &ReissueArgs, summary: &mut Summary) -> Result<Exit, Failure> {
    let times = time::times(&args.time, clock::now()?)?;
    let source = ring::locate(&args.keyring)?;
    let ring = source.load(args.files.quiet)?;
    let key = source.key_of(&ring, None)?;
    let mut ledger = super::open(args)?;
    let list = list::open(Some(path), &args.list)?;
    let mut plan = plan::plan(args, &list, &times, ring.keys(), key.clone())?;
    if let Some((ledger, path)) = &ledger {
        let outputs = [&args.files.output, &args.files.rejects, &args.rows.summary_file];
        ledger::check_apart(path, &outputs.map(|output| output.as_deref()))?;
        let revocations = ledger.ledger.revocations();
        plan.check.revocations = revocations.map_err(|error| ledger::failure(error, path))?;
    }
    signals::watch()?;
    let mut files = RowFiles::open(&args.files, list.form())?;
    summary.begin(&plan, &times, &list, &files, args);
    let plan = Arc::new(plan);
    let (report, result) = files.drive(list, None, Path::new(""), |list, outputs| {
        run::reissue(list, &plan, outputs)
    });
    summary.run.report = report;
    summary.run.partial = result.is_err();
    if !args.files.quiet {
        link::warn_of_route(&args.link);
        warn_of_unmatched(&plan.check, &summary.run.report.tally);
    }
    let replaced = result?;
    let report = &summary.run.report;
    if let Some(why) = files.withheld(report, &summary.run.input, args.list.allow_empty)? {
        summary.run.error = Some(why);
        return Ok(Exit::Refused);
    }
    files.tell_collected(report, None);
    files.commit(|| summary.run.complete = true)?;
    if let Some((ledger, path)) = &mut ledger {
        record(args, ledger, path, &replaced).map_err(|failure| failure.hint(summary.again()))?;
        summary.recorded = true;
    }
    Ok(match summary.run.report.rejected {
        0 => Exit::Done,
        _ => Exit::Refused,
    })
}

/// Notes in the ledger which token replaces which, and revokes the old ones where that is meant.
fn record(args: &ReissueArgs, checks: &mut CheckLedger, path: &Path, replaced: &Replaced) -> Result<(), Failure> {
    let failure = |error| {
        ledger::failure(error, path).after("and it does not say which link replaces which; the list is complete")
    };
    let ledger = &mut checks.ledger;
    ledger.replace(&replaced.by).map_err(failure)?;
    if let Some((_, by)) = replaced.by.first().filter(|_| args.revoke_old) {
        let revocation = Revocation {
            at: by.at,
            reason: Some(REASON.to_owned()),
        };
        ledger.revoke(&replaced.old, How::List, &revocation).map_err(failure)?;
    }
    ledger::fold(ledger, path, args.files.quiet);
    Ok(())
}
