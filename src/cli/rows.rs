//! What the commands over lists share: threads, the places of good and bad rows, and telling of these.

use super::args::{FileArgs, KeyringArg, ListArgs};
use super::exit::{Failure, given, shown, tell, warn};
use super::list::{self, Destination, List, RowForm};
use super::report::progress::Progress;
use super::report::summary_file;
use super::{apart, hint, ledger, ring};
use linkmint::batch::pool::MOST_THREADS;
use linkmint::batch::run::{self, Outputs};
use linkmint::batch::{BatchError, Report};
use linkmint::number::counted;
use std::io::Read;
use std::num::NonZeroUsize;
use std::path::Path;

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
        (list.header_row.is_some(), "--header-row"),
        (!list.sheet.is_empty(), "--sheet"),
    ];
    match given(&shared).or(given(others)) {
        Some(flag) => Err(Failure::usage("it is about a list, and no list is given")
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

/// Refuses files of a run that would take the place of the keyring, of the input or of each other. `drawn` is what it
/// makes besides rows.
pub(crate) fn check_files(
    input: Option<&Path>,
    files: &FileArgs,
    drawn: &[apart::Role<'_>],
    summary: Option<&Path>,
    keyring: &KeyringArg,
) -> Result<(), Failure> {
    // an environment that names no keyring is told later
    let source = ring::locate(keyring).ok();
    let keyring = source.as_ref().and_then(|source| source.file().ok());
    let output = files.output.as_deref();
    let rows = [
        ("the output", apart::output(output)),
        ("the rejected rows", files.rejects.as_deref()),
    ];
    let summary_file = ("the summary", summary.filter(|path| *path != Path::new("-")));
    let outputs = [&rows, drawn, &[summary_file]].concat();
    apart::check(
        &outputs,
        &[("the keyring", keyring), ("the input", apart::input(input))],
    )?;
    summary.map_or(Ok(()), |path| summary_file::check_place(path, output, files.quiet))
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
fn tell_withheld(report: &Report, list: &str, streamed: bool) -> String {
    let what = match streamed {
        true => "the rows before the first bad one were written, none after it",
        false => "nothing was written",
    };
    let rest = report.rejected - report.told.len() as u64;
    let more = (rest > 0).then(|| format!(" ({rest} more than are told here)"));
    let are = if report.rejected == 1 { "is" } else { "are" };
    let why = format!(
        "{list}: {} of {} rows {are} bad{}: {what}",
        report.rejected,
        report.rows,
        more.unwrap_or_default()
    );
    tell(
        &why,
        Some("mend them, or add --rejects FILE to go on with the good rows and collect the bad ones"),
    );
    why
}

/// Where the rows of a run go.
pub(crate) struct RowFiles<'a> {
    args: &'a FileArgs,
    pub(crate) output: Destination,
    pub(crate) rejects: Option<Destination>,
}

impl<'a> RowFiles<'a> {
    /// Makes the files, for rows in that form.
    pub(crate) fn open(args: &'a FileArgs, form: RowForm) -> Result<Self, Failure> {
        let open = |path| Destination::of_list(path, args.options(), form, args.quiet);
        Ok(Self {
            args,
            output: open(args.output.as_deref())?,
            rejects: args.rejects.as_deref().map(|path| open(Some(path))).transpose()?,
        })
    }

    /// Where bad rows go, for a summary.
    pub(crate) fn rejects_name(&self) -> Option<String> {
        self.args.rejects.as_deref().map(shown)
    }

    /// Has a list go through a run, shows how far it is, and tells of the first bad rows. The names of the columns are
    /// those of its header, unless that is none.
    pub(crate) fn drive<T>(
        &mut self,
        list: List,
        columns: Option<&[String]>,
        ledger: &Path,
        run: impl FnOnce(run::List<'_, Box<dyn Read + Send>>, Outputs<'_>) -> (Report, Result<T, BatchError>),
    ) -> (Report, Result<T, Failure>) {
        let columns = columns.unwrap_or(list.preamble.header.names());
        let progress = Progress::new(list.size, "rows", self.args.progress.progress, self.args.quiet);
        let output_name = self.output.name();
        let mut reader = list.reader;
        reader.for_sheet = matches!(self.output, Destination::Workbook(..));
        let outputs = Outputs {
            output: self.output.sink(),
            rejects: self.rejects.as_mut().map(Destination::sink),
            progress: &|bytes, rows| progress.tell(bytes, rows),
        };
        let rows = run::List {
            columns,
            ..run::List::new(reader, &list.preamble, threads(self.args.threads))
        };
        let (report, result) = run(rows, outputs);
        progress.finish();
        tell_rejects(&report, &list.name, columns);
        let failure = |error| match error {
            BatchError::Ledger { counted, source } => ledger::batch_failure(counted, source, ledger),
            error => list::batch_failure(error, &list.name, &output_name, self.args.rejects.as_deref()),
        };
        (report, result.map_err(failure))
    }

    /// Tells why the rows may not go to their places, where they may not.
    pub(crate) fn withheld(&self, report: &Report, list: &str, allow_empty: bool) -> Result<Option<String>, Failure> {
        if report.rows == 0 && !allow_empty {
            return Err(none(list));
        }
        let is_withheld = report.rejected > 0 && self.rejects.is_none();
        Ok(is_withheld.then(|| tell_withheld(report, list, self.output.is_stream())))
    }

    /// Says where the bad rows are.
    pub(crate) fn tell_collected(&self, report: &Report, hint: Option<&str>) {
        if let Some(file) = self.rejects.as_ref().filter(|_| report.rejected > 0) {
            let were = if report.rejected == 1 { "was" } else { "were" };
            let rejected = counted(report.rejected, "row");
            warn(&format!("{rejected} {were} rejected, see {}", file.name()), hint);
        }
    }

    /// Puts the files into their places; `done` is told when the good rows are in theirs.
    pub(crate) fn commit(self, done: impl FnOnce()) -> Result<(), Failure> {
        let place = self.output.name();
        self.output.commit()?;
        done();
        // of two files one comes first
        let stays = |failure: Failure| {
            failure.hint(format_args!(
                "the good rows are complete in {place}; run it again for these"
            ))
        };
        self.rejects.map_or(Ok(()), Destination::commit).map_err(stays)
    }
}
