//! The log's lines on standard error, many in one write.
//!
//! A write for each request would take longer than its check. A thread writes what has come in since it last did: a line
//! that comes alone is written at once, many that come together a few milliseconds later.

use crate::cli::exit::report_line;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long lines are gathered after a write.
const PAUSE: Duration = Duration::from_millis(5);
/// So many bytes may wait; then those who have more wait too, for a while.
const MOST: usize = 1 << 20;
/// Where nothing is taken for so long, nobody reads: neither a request nor the end of the service waits for that.
const PATIENCE: Duration = Duration::from_secs(1);

/// Writes lines until it is dropped.
pub(super) struct LogWriter {
    lines: Arc<Lines>,
}

/// Where lines are put.
#[derive(Default)]
pub(super) struct Lines {
    waiting: Mutex<Waiting>,
    moved: Condvar,
}

#[derive(Default)]
struct Waiting {
    text: String,
    /// Nothing is to be written, and the thread waits for that to change.
    is_idle: bool,
    ended: bool,
    /// Nobody takes what is written.
    is_stuck: bool,
    /// Lines that were given up since.
    lost: u64,
    /// All is written.
    is_done: bool,
}

impl LogWriter {
    pub(super) fn start() -> Self {
        let lines = Arc::<Lines>::default();
        let own = Arc::clone(&lines);
        std::thread::spawn(move || own.write());
        Self { lines }
    }

    pub(super) fn lines(&self) -> Arc<Lines> {
        Arc::clone(&self.lines)
    }
}

/// What was put there is written first, as far as somebody takes it.
impl Drop for LogWriter {
    fn drop(&mut self) {
        self.lines.lock().ended = true;
        self.lines.moved.notify_all();
        let is_open = |waiting: &mut Waiting| !waiting.is_done;
        let moved = &self.lines.moved;
        drop(moved.wait_timeout_while(self.lines.lock(), PATIENCE, is_open));
    }
}

impl Lines {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a line, which has no line break yet.
    pub(super) fn add(&self, line: &str) {
        let mut waiting = self.lock();
        if waiting.text.len() >= MOST {
            let is_full = |waiting: &mut Waiting| waiting.text.len() >= MOST && !waiting.ended && !waiting.is_stuck;
            let waited = self.moved.wait_timeout_while(waiting, PATIENCE, is_full);
            waiting = waited.unwrap_or_else(PoisonError::into_inner).0;
            if waiting.text.len() >= MOST {
                waiting.is_stuck = true;
                waiting.lost += 1;
                return;
            }
        }
        waiting.text += line;
        waiting.text.push('\n');
        let was_idle = std::mem::take(&mut waiting.is_idle);
        drop(waiting);
        if was_idle {
            self.moved.notify_all();
        }
    }

    /// Writes what is put there, to the end.
    fn write(&self) {
        let mut text = String::new();
        loop {
            let waited = self.moved.wait_while(self.lock(), |waiting| {
                waiting.is_idle = waiting.text.is_empty();
                waiting.is_idle && !waiting.ended
            });
            let mut waiting = waited.unwrap_or_else(PoisonError::into_inner);
            if waiting.text.is_empty() {
                waiting.is_done = true;
                drop(waiting);
                self.moved.notify_all();
                return;
            }
            text.clear();
            if waiting.lost > 0 {
                text = format!("linkmint: nobody took the log, and {} lines are lost\n", waiting.lost);
                waiting.lost = 0;
            }
            let was_full = waiting.text.len() >= MOST;
            let ended = waiting.ended;
            std::mem::swap(&mut waiting.text, &mut text);
            drop(waiting);
            if was_full {
                self.moved.notify_all();
            }
            report_line(&text);
            self.lock().is_stuck = false;
            if !ended {
                std::thread::sleep(PAUSE);
            }
        }
    }
}
