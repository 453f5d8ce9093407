//! What the commands over lists share: threads, and telling of bad rows.

use super::args::{FileArgs, ListArgs};
use super::exit::{Failure, tell};
use super::{hint, list};
use linkmint::batch::Report;
use std::num::NonZeroUsize;

/// More threads than this have nothing to do, and cost memory each.
const MOST_THREADS: NonZeroUsize = NonZeroUsize::new(1024).expect("it is not 0");

/// As many threads as were asked for, else one for each core.
pub(crate) fn threads(asked: Option<NonZeroUsize>) -> NonZeroUsize {
    let asked = asked.unwrap_or_else(|| std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN));
    asked.min(MOST_THREADS)
}

/// Flags about lists mean nothing without one; `others` are those that a command has besides.
pub(crate) fn refuse_list_flags(list: &ListArgs, others: &[(bool, &str)]) -> Result<(), Failure> {
    let shared = [
        (list.delimiter.is_some(), "--delimiter"),
        (list.encoding.is_some(), "--encoding"),
        (list.no_header, "--no-header"),
        (list.header, "--header"),
        (!list.sheet.is_empty(), "--sheet"),
    ];
    match shared.iter().chain(others).find(|(given, _)| *given) {
        Some((_, flag)) => Err(Failure::usage("it is about a list, and no list is given")
            .at(flag)
            .hint("name the list with --file FILE")),
        None => Ok(()),
    }
}

/// The same of flags about its results; `is_long` is other work whose progress is told.
pub(crate) fn refuse_file_flags(list: &ListArgs, files: &FileArgs, is_long: bool) -> Result<(), Failure> {
    let others = [
        (files.output.is_some(), "--output"),
        (files.rejects.is_some(), "--rejects"),
        (files.force, "--force"),
        (files.sync, "--sync"),
        (files.threads.is_some(), "--threads"),
        (files.progress.progress.is_some() && !is_long, "--progress"),
    ];
    refuse_list_flags(list, &others)
}

/// A list without rows, where that is a failure.
pub(crate) fn none(list: &str) -> Failure {
    let failure = Failure::undecided(anyhow::anyhow!("the list has no rows")).at(list);
    failure.hint("--allow-empty makes this no failure")
}

/// What a summary says whose run ended before its list did: a pipe that was closed, a fault in the list.
pub(crate) const PARTIAL: &str = "the run ended before the list did: this counts a part of it";

/// The first bad rows in words, each hint once.
pub(crate) fn tell_rejects(report: &Report, list: &str, columns: &[String]) {
    for (index, told) in report.told.iter().enumerate() {
        let column = told
            .reject
            .column
            .and_then(|column| columns.get(column))
            .map(String::as_str);
        let place = list::at(list, told.place, column);
        let hint = hint::of_row(&told.reject.problem);
        let again = report.told[index + 1..]
            .iter()
            .any(|later| hint::is_same(&later.reject.problem, &told.reject.problem));
        let hint = hint.filter(|_| !again);
        tell(&format!("{place}: {}", told.reject.problem), hint.as_deref());
    }
}

/// Says what became of a list with bad rows when they were not to be collected.
pub(crate) fn tell_withheld(report: &Report, list: &str, streamed: bool) {
    let what = match streamed {
        true => "the rows before the first bad one were written, none after it",
        false => "nothing was written",
    };
    let rest = report.rejected - report.told.len() as u64;
    let more = if rest > 0 {
        format!(" ({rest} more than are told here)")
    } else {
        String::new()
    };
    let are = if report.rejected == 1 { "is" } else { "are" };
    tell(
        &format!(
            "{list}: {} of {} rows {are} bad{more}: {what}",
            report.rejected, report.rows
        ),
        Some("mend them, or add --rejects FILE to go on with the good rows and collect the bad ones"),
    );
}
