//! `linkmint verify --file`: every row of a list, before it is sent.

pub(in crate::cli) mod plan;
mod summary;
pub(in crate::cli) mod unmatched;

use super::checker::Checks;
use super::misplaced;
use crate::cli::args::VerifyArgs;
use crate::cli::exit::{Exit, Failure, tell, warn};
use crate::cli::list::{self, Destination, List, RowForm};
use crate::cli::rows::RowFiles;
use crate::cli::{ledger, signals};
use linkmint::batch::verify::{RowOutput, VerifyPlan};
use linkmint::batch::{Counter, LintCount, Report, run};
use linkmint::number::counted;
use linkmint::token::Status;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

pub(super) fn run(path: &Path, args: &VerifyArgs) -> Result<Exit, Failure> {
    let started = Instant::now();
    list::check_distinct(Some(path), &args.files)?;
    if args.json && args.files.rejects.is_some() {
        return Err(Failure::usage("--json and --rejects exclude each other")
            .hint("--only-invalid keeps the rows that are not valid"));
    }
    if misplaced::is_mail(path) {
        return Err(Failure::usage("it is a mail and no list")
            .at_path(path)
            .hint("linkmint verify --scan FILE checks each link in it"));
    }
    let mut checks = Checks::new(args)?;
    let list = list::open(Some(path), &args.list)?;
    let token_cell = plan::token_among_cells(&list);
    let (list, mut plan) = plan::plan(args, list, &checks)?;
    let headless = token_cell.filter(|_| plan.columns.is_empty() && !args.rows.matches.no_match);
    if let Some(ledger) = &checks.checker.ledger {
        let outputs = [args.files.output.as_deref(), args.files.rejects.as_deref()];
        ledger::check_apart(&checks.ledger_path, &outputs)?;
        let revocations = ledger.ledger.revocations();
        plan.revocations = revocations.map_err(|error| ledger::failure(error, &checks.ledger_path))?;
    }
    let form = match &plan.output {
        // its own, whatever the list was
        RowOutput::Lines => RowForm::of_cells(b','),
        _ => list.form(),
    };
    signals::watch()?;
    let mut files = RowFiles::open(&args.files, form)?;
    if args.json && matches!(files.output, Destination::Workbook(..)) {
        return Err(Failure::usage("it writes lines of JSON, which are no workbook")
            .at("--json")
            .hint("write them to a .json file"));
    }
    let name = list.name.clone();
    let done = drive(args, list, plan, &mut checks, &mut files)?;
    let result = finish(args, &name, &done, files);
    if !args.files.quiet {
        if let Some(column) = headless {
            warn(
                "the list has several columns and no header: whether a token stands in its own row was not checked",
                Some(&format!(
                    "--no-header --column {column} --match NAME=NUMBER pairs a claim with a column, --no-match says that it is meant so"
                )),
            );
        }
        done.warn();
        summary::tell(&name, &done, started.elapsed().as_secs_f64());
    }
    result
}

/// What became of the list.
struct Done {
    report: Report,
    result: Option<Failure>,
    plan: Arc<VerifyPlan>,
    /// The encoding, where it is only the likeliest.
    guessed: Option<&'static str>,
}

impl Done {
    fn count(&self, status: Status) -> u64 {
        let mut statuses = self.report.tally.statuses();
        statuses
            .find(|(other, _)| *other == status)
            .map_or(0, |(_, count)| count)
    }

    fn warn(&self) {
        let LintCount { count, first_row } = self.report.repeated_tokens;
        if count > 0 {
            let rows = if count == 1 { "row has" } else { "rows have" };
            warn(
                &format!("{count} {rows} a token that an earlier row has already (the first is row {first_row})"),
                Some("each customer needs a link of their own"),
            );
        }
        let rewritten = self.report.tally.rewritten;
        if rewritten > 0 {
            let rows = if rewritten == 1 { "row differs" } else { "rows differ" };
            warn(
                &format!(
                    "{rewritten} {rows} from the token in zeros, sign or exponent only: a spreadsheet may have changed the cells"
                ),
                Some("check the list as it was written, or import the column as text"),
            );
        }
        let authentic = self.count(Status::Valid)
            + self.count(Status::Revoked)
            + self.count(Status::Expired)
            + self.count(Status::NotYetValid);
        unmatched::warn_of_unmatched(&self.plan, &self.report.tally);
        if !self.plan.matches.is_empty() && authentic > 0 && self.report.tally.compared == 0 {
            warn(
                "no claim has the name of a column: whether a token stands in its own row was not checked",
                Some("--match NAME=COLUMN pairs a claim with a column, --no-match says that it is meant so"),
            );
        }
    }
}

fn drive(
    args: &VerifyArgs,
    list: List,
    plan: VerifyPlan,
    checks: &mut Checks,
    files: &mut RowFiles<'_>,
) -> Result<Done, Failure> {
    let Checks { checker, ledger_path } = checks;
    let now = checker.rules.now;
    let streams = files.output.is_stream() || files.rejects.as_ref().is_some_and(Destination::is_stream);
    let counter = match &mut checker.ledger {
        Some(ledger) => {
            let counter = Counter::of(ledger, now, args.json, streams);
            counter.map_err(|error| ledger::failure(error, ledger_path))?
        }
        None => None,
    };
    let guessed = list.is_guessed.then(|| list.reader.encoding().name());
    let plan = Arc::new(plan);
    let (report, result) = files.drive(list, Some(&plan.columns), ledger_path, |list, outputs| {
        run::verify(list, &plan, counter, outputs)
    });
    if let Some(ledger) = &mut checker.ledger {
        ledger.end_list();
    }
    Ok(Done {
        report,
        result: result.err(),
        plan,
        guessed,
    })
}

fn finish(args: &VerifyArgs, list: &str, done: &Done, files: RowFiles<'_>) -> Result<Exit, Failure> {
    let report = &done.report;
    let valid = done.count(Status::Valid) == report.rows;
    if let Some(failure) = &done.result {
        return Err(failure.again(|exit| match exit {
            // a closed pipe: what is known so far
            Exit::Done if !valid => Exit::Refused,
            Exit::Done if report.is_whole && report.rows > 0 => Exit::Done,
            Exit::Done => Exit::Undecided,
            other => other,
        }));
    }
    if files.withheld(report, list, args.list.allow_empty)?.is_some() {
        return Ok(Exit::Refused);
    }
    files.commit(|| ())?;
    if report.rejected > 0 {
        tell(
            &format!("{list}: {} can't be read", counted(report.rejected, "row")),
            None,
        );
    }
    Ok(if valid { Exit::Done } else { Exit::Refused })
}
