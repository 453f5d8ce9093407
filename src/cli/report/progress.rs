//! How far long work is: a bar on a terminal, once it takes longer than half a second, or a line of JSON a second for programs.

use crate::cli::args::ProgressForm;
use crate::cli::exit::report_line;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, stderr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_millis(500);
const BETWEEN_LINES: Duration = Duration::from_secs(1);

/// Shows how far something is done.
pub(crate) struct Progress {
    /// In bytes, where it is known.
    size: Option<u64>,
    /// What is counted: rows, links or tokens.
    unit: &'static str,
    form: Option<ProgressForm>,
    started: Instant,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    bar: Option<ProgressBar>,
    /// When the last line was written.
    line: Option<Instant>,
    bytes: u64,
    count: u64,
}

/// A line for programs.
#[derive(serde::Serialize)]
struct Line {
    /// Of the input, so far.
    bytes: u64,
    of_bytes: Option<u64>,
    /// What is counted.
    unit: &'static str,
    count: u64,
    seconds: f64,
    per_second: f64,
    seconds_left: Option<f64>,
    done: bool,
}

impl Progress {
    /// `asked` is what the flag says: a bar on a terminal, unless it says otherwise.
    pub(crate) fn new(size: Option<u64>, unit: &'static str, asked: Option<ProgressForm>, quiet: bool) -> Self {
        let usual = (!quiet && stderr().is_terminal()).then_some(ProgressForm::Bar);
        Self {
            size,
            unit,
            form: asked.or(usual).filter(|form| *form != ProgressForm::None),
            started: Instant::now(),
            state: Mutex::default(),
        }
    }

    /// What all of it is, in bytes: found out only where anything is shown at all.
    pub(crate) fn of(self, size: impl FnOnce() -> u64) -> Self {
        let size = self.form.map(|_| size());
        Self { size, ..self }
    }

    /// So many bytes and rows are done.
    pub(crate) fn tell(&self, bytes: u64, count: u64) {
        let Some(form) = self.form else { return };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        (state.bytes, state.count) = (bytes, count);
        match form {
            ProgressForm::None => {}
            ProgressForm::Bar if self.started.elapsed() < PATIENCE => {}
            ProgressForm::Bar => {
                let rate = self.rate(count);
                let bar = state.bar.get_or_insert_with(|| self.bar());
                bar.set_position(bytes);
                bar.set_message(format!("{count} {unit}, {rate:.0} {unit}/s", unit = self.unit));
            }
            ProgressForm::Json => {
                let last = state.line.unwrap_or(self.started);
                if last.elapsed() >= BETWEEN_LINES {
                    state.line = Some(Instant::now());
                    self.write_line(&state, false);
                }
            }
        }
    }

    fn rate(&self, count: u64) -> f64 {
        count as f64 / self.started.elapsed().as_secs_f64().max(f64::MIN_POSITIVE)
    }

    fn write_line(&self, state: &State, done: bool) {
        let seconds = self.started.elapsed().as_secs_f64();
        let rounded = |number: f64| (number * 1e3).round() / 1e3;
        let left = |size: u64| seconds * size.saturating_sub(state.bytes) as f64 / state.bytes.max(1) as f64;
        let line = Line {
            bytes: state.bytes,
            of_bytes: self.size,
            unit: self.unit,
            count: state.count,
            seconds: rounded(seconds),
            per_second: self.rate(state.count).round(),
            seconds_left: self.size.map(|size| rounded(left(size))).filter(|_| !done),
            done,
        };
        report_line(&(serde_json::to_string(&line).expect("it has text keys alone") + "\n"));
    }

    fn bar(&self) -> ProgressBar {
        let (size, template) = match self.size {
            Some(size) => (Some(size), "{bar:30} {percent:>3} %  {msg}, {eta} left"),
            None => (None, "{spinner} {bytes}  {msg}"),
        };
        let bar = ProgressBar::with_draw_target(size, ProgressDrawTarget::stderr_with_hz(10));
        bar.with_style(ProgressStyle::with_template(template).expect("the template is well formed"))
    }

    /// Takes the bar away, or writes the last line.
    pub(crate) fn finish(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bar) = state.bar.take() {
            bar.finish_and_clear();
        }
        if self.form == Some(ProgressForm::Json) {
            self.write_line(&state, true);
        }
    }
}
