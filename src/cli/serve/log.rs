//! The log's lines on standard error, many in one write.
//!
//! A write for each request would take longer than its check. A thread writes what has come in since it last did: a line
//! that comes alone is written at once, many that come together a few milliseconds later.

use crate::cli::exit::report_line;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long lines are gathered after a write.
const PAUSE: Duration = Duration::from_millis(5);
/// So many bytes may wait, as where nobody reads; then those who have more wait too.
const MOST: usize = 1 << 20;

/// Writes lines until it is dropped.
pub(super) struct LogWriter {
    lines: Lines,
    thread: Option<JoinHandle<()>>,
}

/// Where lines are put.
#[derive(Clone, Default)]
pub(super) struct Lines(Arc<Shared>);

#[derive(Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    moved: Condvar,
}

#[derive(Default)]
struct Waiting {
    text: String,
    /// Nothing is to be written, and the thread waits for that to change.
    is_idle: bool,
    ended: bool,
}

impl LogWriter {
    pub(super) fn start() -> Self {
        let lines = Lines::default();
        let own = lines.clone();
        Self {
            lines,
            thread: Some(std::thread::spawn(move || own.write())),
        }
    }

    pub(super) fn lines(&self) -> Lines {
        self.lines.clone()
    }
}

/// What was put there is written first.
impl Drop for LogWriter {
    fn drop(&mut self) {
        self.lines.lock().ended = true;
        self.lines.0.moved.notify_all();
        if let Some(thread) = self.thread.take() {
            // a panic of the thread has been told by itself
            let _ = thread.join();
        }
    }
}

impl Lines {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_while(&self, waits: impl FnMut(&mut Waiting) -> bool) -> MutexGuard<'_, Waiting> {
        let waited = self.0.moved.wait_while(self.lock(), waits);
        waited.unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a line, which has no line break yet.
    pub(super) fn add(&self, line: &str) {
        let mut waiting = self.lock();
        if waiting.text.len() >= MOST {
            drop(waiting);
            waiting = self.wait_while(|waiting| waiting.text.len() >= MOST && !waiting.ended);
        }
        waiting.text += line;
        waiting.text.push('\n');
        let was_idle = std::mem::take(&mut waiting.is_idle);
        drop(waiting);
        if was_idle {
            self.0.moved.notify_all();
        }
    }

    /// Writes what is put there, to the end.
    fn write(&self) {
        let mut text = String::new();
        loop {
            let mut waiting = self.wait_while(|waiting| {
                waiting.is_idle = waiting.text.is_empty();
                waiting.is_idle && !waiting.ended
            });
            if waiting.text.is_empty() {
                return;
            }
            text.clear();
            let was_full = waiting.text.len() >= MOST;
            let ended = waiting.ended;
            std::mem::swap(&mut waiting.text, &mut text);
            drop(waiting);
            if was_full {
                self.0.moved.notify_all();
            }
            report_line(&text);
            if !ended {
                std::thread::sleep(PAUSE);
            }
        }
    }
}
