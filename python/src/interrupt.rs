//! Ctrl-C while a table is worked on: Python's handlers of signals run between two parts, on the thread that asked.

use crate::fault::{Fault, Kind};
use crate::verifier::lock;
use pyo3::prelude::*;
use std::sync::Mutex;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

/// So often is looked for signals: whoever holds the interpreter's lock may be waited for.
const EVERY: Duration = Duration::from_millis(100);

/// What `work` gives, which may wait for others without an end: it is left to a thread that nobody waits for once a handler
/// has raised.
pub(crate) fn unless_interrupted<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce() -> T + Send + 'static,
) -> PyResult<T> {
    let (send, receive) = mpsc::channel();
    thread::Builder::new().spawn(move || drop(send.send(work())))?;
    let receive = Mutex::new(receive);
    loop {
        match py.detach(|| lock(&receive).recv_timeout(EVERY)) {
            Ok(made) => return Ok(made),
            Err(RecvTimeoutError::Timeout) => py.check_signals()?,
            Err(RecvTimeoutError::Disconnected) => return Err(Fault::new(Kind::Internal, "a thread has ended").into()),
        }
    }
}

/// What a handler has raised.
pub(crate) struct Interrupt {
    thread: ThreadId,
    looked: Mutex<Instant>,
    raised: Mutex<Option<PyErr>>,
}

impl Interrupt {
    pub(crate) fn new() -> Self {
        Self {
            thread: thread::current().id(),
            looked: Mutex::new(Instant::now()),
            raised: Mutex::default(),
        }
    }

    /// Whether the work goes on.
    pub(crate) fn goes_on(&self) -> bool {
        if thread::current().id() == self.thread {
            let mut looked = lock(&self.looked);
            if looked.elapsed() >= EVERY {
                *looked = Instant::now();
                // an interpreter that has closed has no handlers
                if let Some(Err(error)) = Python::try_attach(|py| py.check_signals()) {
                    *lock(&self.raised) = Some(error);
                }
            }
        }
        lock(&self.raised).is_none()
    }

    /// Why the work has ended: what a handler has raised, else the fault.
    pub(crate) fn or(&self, fault: Fault) -> PyErr {
        lock(&self.raised).take().unwrap_or_else(|| fault.into())
    }
}
