//! `linkmint generate`: a link for each row.

mod codes;
mod columns;
mod lints;
mod plan;
mod preview;
mod record;
mod sheet;
mod summary;

use super::args::{GenerateArgs, ListArgs};
use super::exit::{Exit, Failure};
use super::meaning::token::TokenPlan;
use super::meaning::{link, time, token};
use super::report::run::Run;
use super::report::summary_file;
use super::rows::RowFiles;
use super::{clock, list, ring, rows, signals};
use linkmint::batch::drawings::Drawings;
use linkmint::batch::generate::{Keep, Plan};
use linkmint::batch::run;
use linkmint::check::Rules;
use linkmint::options::Times;
use linkmint::token::{Minter, Revocations};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use summary::Summary;

pub(crate) fn run(args: GenerateArgs) -> Result<Exit, Failure> {
    let started = Instant::now();
    check_files(&args)?;
    let mut summary = Summary::default();
    summary.run = Run::named(args.input.as_deref(), args.file.output.as_deref());
    let result = generate(&args, &mut summary);
    let run = &mut summary.run;
    run.failed(&result);
    run.seconds = started.elapsed().as_secs_f64();
    let all_told = run.report.rejected == 0 || args.file.rejects.is_some();
    run.complete = all_told && matches!(result, Ok(Exit::Done | Exit::Refused));
    if !args.file.quiet && run.began {
        lints::tell(&summary.run.report, &summary.columns, args.dedupe);
        summary.tell();
    }
    // a preview writes nothing
    let file = args.summary_file.as_deref().filter(|_| args.preview.is_none());
    let written = file.map_or(Ok(()), |path| summary_file::write(path, &summary.to_json()));
    summary_file::end(result, written)
}

/// The keyring is never overwritten, and the summary overwrites nothing of this run.
fn check_files(args: &GenerateArgs) -> Result<(), Failure> {
    let drawn = [
        ("the labels", list::SheetFlags::of(&args.list)?.page),
        ("the codes", args.qr.qr.as_deref()),
    ];
    let (input, summary) = (args.input.as_deref(), args.summary_file.as_deref());
    rows::check_files(input, &args.file, &drawn, summary, &args.keyring)
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
        return preview::run(list, &prepared, rows, args.qr.draw.qr_level);
    }
    signals::watch()?;
    // before the list, which may go into the same empty folder
    let pictures = Pictures {
        codes: codes::Folder::of(args, &list)?,
        sheet: sheet::Sheet::of(args, &list)?,
    };
    let mut files = RowFiles::open(&args.file, list.form())?;
    prepared.plan.drawings = pictures.drawings();
    let record = ledger.map(|path| record::open(path, &mut prepared, now, args.file.quiet));
    let record = record.transpose()?;
    if let (Some(keep), Some(record)) = (&mut prepared.plan.keep, &record) {
        keep.revocations = record.revocations()?;
    }
    let key = ring::signing_key(&source, token.key_id, args.file.quiet)?;
    summary.begin(&prepared, key.id(), &list, &files, &pictures, args);
    let minter = Minter::new(&key, token.form);
    let plan = Arc::new(prepared.plan.clone());
    let (report, result) = files.drive(list, None, Path::new(""), |list, outputs| {
        run::generate(list, &plan, &minter, outputs)
    });
    summary.run.report = report;
    summary.run.partial = result.is_err();
    let exit = finish(args, summary, result, pictures, files)?;
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

impl Pictures<'_> {
    fn drawings(&self) -> Drawings {
        Drawings {
            codes: self.codes.as_ref().map(|folder| Arc::clone(&folder.codes)),
            labels: self.sheet.as_ref().map(|sheet| Arc::clone(&sheet.labels)),
        }
    }

    /// Puts them into their places.
    fn commit(self, args: &GenerateArgs) -> Result<(), Failure> {
        self.codes.map_or(Ok(()), |codes| codes.commit(args))?;
        self.sheet.map_or(Ok(()), sheet::Sheet::commit)
    }
}

fn finish(
    args: &GenerateArgs,
    summary: &mut Summary,
    result: Result<(), Failure>,
    pictures: Pictures<'_>,
    files: RowFiles<'_>,
) -> Result<Exit, Failure> {
    result?;
    let (report, list) = (&summary.run.report, &summary.run.input);
    if report.tally.kept_of_run.is_some_and(|before| before < report.rows) {
        let failure = Failure::usage("the list has a token of this very run, whose id another row would get again");
        return Err(failure
            .at(list)
            .hint("leave out --issued-at and --first-id, or mint the list without --keep"));
    }
    if let Some(why) = files.withheld(report, list, args.list.allow_empty)? {
        summary.run.error = Some(why);
        return Ok(Exit::Refused);
    }
    // a list without header can't say which of its columns are the list's own
    let hint = "its rows begin with their number and error: take these two columns off to feed them again";
    files.tell_collected(report, args.list.no_header.then_some(hint));
    let written = report.rows - report.rejected;
    pictures.commit(args)?;
    files.commit(|| summary.written = written)?;
    Ok(match summary.run.report.rejected {
        0 => Exit::Done,
        _ => Exit::Refused,
    })
}
