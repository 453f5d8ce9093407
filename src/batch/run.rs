//! One run over a list: its first lines, its rows, its bad rows, its duplicates.
//!
//! Whoever mints for a list or checks one comes here, so that a header, a file of rejects and a row given twice mean the
//! same to the program, the library and a service.

mod reissue;

pub use reissue::reissue;

use super::codes::Codes;
use super::counting::{self, Counter};
use super::duplicates::{self, Collector, Turnstile};
use super::generate::{Generate, LinkPlan, Plan, RowForm};
use super::labels::MOST_LABELS;
use super::lint::Lint;
use super::pool::{self, lock};
use super::rejects::{RejectForm, Rejects, reject_header};
use super::shared::FirstRows;
use super::verify::{Collect, RowOutput, Verify, VerifyPlan};
use super::work::{ChunkWorker, Outcome};
use super::{BatchError, NewCells, Report, RowRule};
use crate::ledger::Sightings;
use crate::table::{Chunk, Preamble, RecordReader};
use crate::token::Minter;
use std::io::{self, Read, Write};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// A list that was opened, and how many threads are to work on it.
pub struct List<'a, R> {
    /// Its rows.
    pub reader: RecordReader<R>,
    /// What stood before them.
    pub preamble: &'a Preamble,
    /// Names of the columns, for messages.
    pub columns: &'a [String],
    /// How many threads work on it.
    pub threads: NonZeroUsize,
}

impl<'a, R> List<'a, R> {
    /// A list as [`RecordReader::open`] gives it.
    #[must_use]
    pub fn new(reader: RecordReader<R>, preamble: &'a Preamble, threads: NonZeroUsize) -> Self {
        Self {
            reader,
            preamble,
            columns: preamble.header.names(),
            threads,
        }
    }
}

/// A place for rows.
pub struct Sink<'a> {
    /// Where they are written.
    pub file: &'a mut (dyn Write + Send),
    /// Whether a byte order mark and a `sep=` line have a meaning there.
    pub keeps_marks: bool,
}

impl<'a> Sink<'a> {
    /// A text file, or what takes the place of one.
    #[must_use]
    pub fn text(file: &'a mut (dyn Write + Send)) -> Self {
        Self {
            file,
            keeps_marks: true,
        }
    }

    /// Writes what stands before the rows.
    fn begin(&mut self, marks: &[u8], line: &[u8]) -> io::Result<()> {
        if self.keeps_marks {
            self.file.write_all(marks)?;
        }
        self.file.write_all(line)
    }
}

/// Where the rows go.
pub struct Outputs<'a> {
    /// Rows that are good.
    pub output: Sink<'a>,
    /// Bad rows. Without it, the output ends before the first bad row, and the rest is only read and counted; unless the
    /// plan keeps them in the output.
    pub rejects: Option<Sink<'a>>,
    /// Called now and then with the bytes and rows that are done.
    pub progress: &'a (dyn Fn(u64, u64) + Sync),
}

impl Outputs<'_> {
    /// Writes what stands before the rows of a list, and of its bad rows with their numbers and errors.
    fn begin_table<R: Read>(&mut self, list: &List<'_, R>, places: &NewCells) -> Result<(), BatchError> {
        let Preamble { bytes, above, header } = list.preamble;
        let [line, rejects_line] = match header.is_present() {
            true => [
                places.header(header, list.reader.encoding()),
                reject_header(header, list.reader.dialect().delimiter),
            ],
            false => Default::default(),
        };
        self.begin(bytes, above, &line, &rejects_line)
    }

    fn begin(&mut self, marks: &[u8], above: &[u8], line: &[u8], rejects_line: &[u8]) -> Result<(), BatchError> {
        // what stands above the header would be in the way when bad rows are fed again
        self.output
            .begin(marks, &[above, line].concat())
            .map_err(BatchError::Output)?;
        let rejects = self.rejects.as_mut();
        rejects.map_or(Ok(()), |sink| {
            sink.begin(marks, rejects_line).map_err(BatchError::Rejects)
        })
    }

    fn write(&mut self, good: &[u8], bad: &[u8]) -> Result<(), BatchError> {
        self.output.file.write_all(good).map_err(BatchError::Output)?;
        match &mut self.rejects {
            Some(sink) => sink.file.write_all(bad).map_err(BatchError::Rejects),
            None => Ok(()),
        }
    }
}

/// Mints a token for every row. Bad rows go to the rejects as they were, with their row number and error before them.
///
/// The report tells of everything that was read, also when the run ended early.
///
/// # Errors
/// When the list can't be read on or the results can't be written.
pub fn generate(
    list: List<'_, impl Read + Send>,
    plan: &Arc<Plan>,
    minter: &Minter,
    mut outputs: Outputs<'_>,
) -> (Report, Result<(), BatchError>) {
    if !matches!(plan.form, RowForm::Objects(_))
        && let Err(error) = outputs.begin_table(&list, &plan.places)
    {
        return (Report::default(), Err(error));
    }
    let how = Drive {
        in_place: plan.form.keeps_rejected(),
        turnstile: (plan.checks.strict && plan.checks.duplicates).then(Turnstile::default),
        firsts: plan.checks.dedupe.then(FirstRows::default),
        links: plan.link.as_ref(),
        codes: plan.drawings.codes.as_deref(),
        most: plan.drawings.labels.as_ref().map(|_| MOST_LABELS as u64),
        ..Drive::default()
    };
    let fingerprints = Arc::default();
    let rule = || Generate::new(Arc::clone(plan), minter.clone(), &fingerprints);
    let (mut report, result) = drive(list, how, rule, outputs);
    report
        .tally
        .lint(Lint::Duplicate, duplicates::find(&taken(&fingerprints)));
    (report, result)
}

/// Checks the token of every row. Rows that can't be read go to the rejects with `unreadable` beside them.
///
/// The report tells of everything that was read, also when the run ended early.
///
/// # Errors
/// When the list can't be read on, the checks can't be counted or the results can't be written.
pub fn verify(
    list: List<'_, impl Read + Send>,
    plan: &Arc<VerifyPlan>,
    counter: Option<Counter<'_>>,
    mut outputs: Outputs<'_>,
) -> (Report, Result<(), BatchError>) {
    let (marks, line) = plan.output.first_line(list.preamble, list.reader.encoding());
    let above = match plan.output {
        RowOutput::Cells(_) => list.preamble.above.as_slice(),
        _ => &[],
    };
    if let Err(error) = outputs.begin(marks, above, &line, &line) {
        return (Report::default(), Err(error));
    }
    let how = Drive {
        in_place: plan.keep_rejected,
        reject_form: RejectForm::After(plan.output.appended()),
        counter,
        ..Drive::default()
    };
    let tags: Arc<Mutex<Vec<Collector>>> = Arc::default();
    let rule = || Verify::new(Arc::clone(plan), &tags);
    let (mut report, result) = drive(list, how, rule, outputs);
    report.repeated_tokens = duplicates::find(&taken(&tags));
    (report, result)
}

/// Collects the authentic tokens of all rows, whatever their times, and writes nothing. `progress` is told as in
/// [`Outputs`].
///
/// # Errors
/// When the list can't be read on.
pub fn collect(
    list: List<'_, impl Read + Send>,
    plan: &Arc<VerifyPlan>,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> (Report, Result<Sightings, BatchError>) {
    let all = Arc::default();
    let rule = || Collect::into(Arc::clone(plan), &all);
    let (mut nowhere, mut rejects) = (io::sink(), io::sink());
    let outputs = Outputs {
        output: Sink::text(&mut nowhere),
        // so that the rows after a bad one are read as well
        rejects: Some(Sink::text(&mut rejects)),
        progress,
    };
    let (report, result) = drive(list, Drive::default(), rule, outputs);
    (report, result.map(|()| taken(&all)))
}

/// What the workers have put together.
pub(super) fn taken<T: Default>(shared: &Mutex<T>) -> T {
    std::mem::take(&mut *lock(shared))
}

/// How the rows of a run are driven.
#[derive(Default)]
struct Drive<'a> {
    /// Bad rows stand in the output.
    in_place: bool,
    reject_form: RejectForm,
    /// A row that shares its fingerprint with an earlier one is rejected.
    turnstile: Option<Turnstile>,
    /// Where rows with equal claims get one token.
    firsts: Option<FirstRows>,
    /// Where checks are counted before their answers are written.
    counter: Option<Counter<'a>>,
    /// Links that need to see each chunk in the order of the list, before any worker has it.
    links: Option<&'a LinkPlan>,
    /// Codes that need to see them as well, to name their files.
    codes: Option<&'a Codes>,
    /// So many good rows there may be.
    most: Option<u64>,
}

/// What is known of the rows that are done.
struct Done<'a> {
    report: Report,
    chunks: u64,
    /// The output goes on after a bad row.
    goes_on: bool,
    /// So many good rows there may be.
    most: Option<u64>,
    progress: &'a (dyn Fn(u64, u64) + Sync),
}

impl Done<'_> {
    /// Takes in the chunk that follows, and says how much of its bytes is to be written; none where the output has ended.
    fn take(&mut self, outcome: &mut Outcome) -> Result<Option<usize>, BatchError> {
        let ended = self.report.rejected > 0 && !self.goes_on;
        self.report.add(&mut outcome.report);
        self.chunks += 1;
        (self.progress)(outcome.read, self.report.rows);
        let good = self.report.rows - self.report.rejected;
        if let Some(most) = self.most.filter(|most| good > *most) {
            return Err(BatchError::TooManyLabels(most));
        }
        let good = outcome.good.filter(|_| !self.goes_on).unwrap_or(outcome.bytes.len());
        Ok((!ended).then_some(good))
    }
}

/// Drives every row of a list through the rule that `rule` makes for each thread. The report tells of everything that was
/// read, also when the run ended early.
fn drive<Rule: RowRule>(
    list: List<'_, impl Read + Send>,
    how: Drive<'_>,
    rule: impl Fn() -> Rule + Sync,
    mut outputs: Outputs<'_>,
) -> (Report, Result<(), BatchError>) {
    let mut reader = list.reader;
    let line_break = reader.line_break;
    let progress = outputs.progress;
    let worker = ChunkWorker {
        rejects: outputs.rejects.as_ref().map(|sink| Rejects {
            columns: list.columns,
            in_sheet: !sink.keeps_marks,
            delimiter: reader.dialect().delimiter,
            line_break,
            form: how.reject_form,
        }),
        turnstile: how.turnstile.as_ref(),
        firsts: how.firsts.as_ref(),
    };
    let mut done = Done {
        report: Report::default(),
        chunks: 0,
        goes_on: outputs.rejects.is_some() || how.in_place,
        most: how.most,
        progress,
    };
    let given = AtomicU64::new(0);
    let source = |chunk: &mut Chunk| {
        let more = reader.fill(chunk).map_err(BatchError::Table)?;
        given.fetch_add(u64::from(more), Ordering::Relaxed);
        how.links.into_iter().for_each(|links| links.look_ahead(chunk));
        how.codes.into_iter().for_each(|codes| codes.look_ahead(chunk));
        Ok(more)
    };
    let worker = || {
        let mut rule = rule();
        move |chunk: &mut Chunk, outcome: &mut Outcome| worker.work(chunk, &mut rule, outcome)
    };
    let result = match how.counter {
        None => pool::run(list.threads.get(), source, worker, |outcome| {
            match done.take(outcome)? {
                Some(good) => outputs.write(&outcome.bytes[..good], &outcome.rejects),
                None => Ok(()),
            }
        }),
        Some(counter) => run_counted(counter, list.threads, source, worker, &mut done, outputs),
    };
    let Done { mut report, chunks, .. } = done;
    progress(reader.bytes_read(), report.rows);
    report.is_whole = match &result {
        Ok(()) => true,
        // the last rows may have been those that nobody wanted to read
        Err(BatchError::Output(_)) => given.into_inner() == chunks && is_at_end(&mut reader),
        Err(_) => false,
    };
    (report, result)
}

fn is_at_end(reader: &mut RecordReader<impl Read>) -> bool {
    matches!(reader.fill(&mut Chunk::default()), Ok(false))
}

/// The run with checks that are counted before their answers are written.
fn run_counted<Worker: FnMut(&mut Chunk, &mut Outcome)>(
    counter: Counter<'_>,
    threads: NonZeroUsize,
    mut source: impl FnMut(&mut Chunk) -> Result<bool, BatchError> + Send,
    worker: impl Fn() -> Worker + Sync,
    done: &mut Done<'_>,
    outputs: Outputs<'_>,
) -> Result<(), BatchError> {
    let (holds, outputs) = (counter.holds, Mutex::new(outputs));
    let write = |good: &[u8], bad: &[u8]| lock(&outputs).write(good, bad);
    counting::through(counter, write, |slot| {
        let source = |chunk: &mut Chunk| source(chunk).map_err(Some);
        let sink = |outcome: &mut Outcome| {
            let Some(good) = done.take(outcome).map_err(Some)? else {
                return Ok(());
            };
            if holds {
                return slot.put(&outcome.bytes[..good], &outcome.rejects, &mut outcome.seen, good);
            }
            write(&outcome.bytes[..good], &outcome.rejects).map_err(Some)?;
            slot.put(&[], &[], &mut outcome.seen, good)
        };
        pool::run(threads.get(), source, worker, sink)
    })
}
