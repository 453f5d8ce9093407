//! A progress bar: on a terminal, and only when it takes longer than half a second.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, stderr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_millis(500);

/// Shows how far a list is done.
pub(crate) struct Progress {
    /// In bytes, where it is known.
    size: Option<u64>,
    shown: bool,
    started: Instant,
    bar: Mutex<Option<ProgressBar>>,
}

impl Progress {
    pub(crate) fn new(size: Option<u64>, quiet: bool) -> Self {
        Self {
            size,
            shown: !quiet && stderr().is_terminal(),
            started: Instant::now(),
            bar: Mutex::new(None),
        }
    }

    /// So many bytes and rows are done.
    pub(crate) fn tell(&self, bytes: u64, rows: u64) {
        if !self.shown || self.started.elapsed() < PATIENCE {
            return;
        }
        let mut bar = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        let bar = bar.get_or_insert_with(|| self.bar());
        let rate = rows as f64 / self.started.elapsed().as_secs_f64();
        bar.set_position(bytes);
        bar.set_message(format!("{rows} rows, {rate:.0} rows/s"));
    }

    fn bar(&self) -> ProgressBar {
        let (size, template) = match self.size {
            Some(size) => (Some(size), "{bar:30} {percent:>3} %  {msg}, {eta} left"),
            None => (None, "{spinner} {bytes}  {msg}"),
        };
        let bar = ProgressBar::with_draw_target(size, ProgressDrawTarget::stderr_with_hz(10));
        bar.with_style(ProgressStyle::with_template(template).expect("the template is well formed"))
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = self.bar.lock().unwrap_or_else(PoisonError::into_inner).take() {
            bar.finish_and_clear();
        }
    }
}
