//! The time that a statement may take.
//!
//! A damaged file, or one that a stranger made, can hold a tree that never ends; whoever waits for an answer about a
//! token must not wait for it.

use crate::ledger::{Clock, LedgerError, PATIENCE};
use rusqlite::Connection;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// So many steps of a statement are done between two looks at the clock: some tenths of a millisecond.
const STEPS: i32 = 10_000;

/// When a statement began, where a clock is there to tell.
#[derive(Clone, Debug)]
pub(super) struct Patience {
    clock: Option<Clock>,
    began: Arc<AtomicU64>,
}

impl Patience {
    /// Has the connection end what takes too long.
    pub(super) fn of(connection: &mut Connection, clock: Option<Clock>) -> Result<Self, LedgerError> {
        let patience = Self {
            clock,
            began: Arc::default(),
        };
        if let Some(clock) = clock {
            let began = Arc::clone(&patience.began);
            let most = milliseconds(|| PATIENCE);
            let is_over = move || milliseconds(clock).saturating_sub(began.load(Ordering::Relaxed)) > most;
            connection.progress_handler(STEPS, Some(is_over))?;
            patience.restart();
        }
        Ok(patience)
    }

    /// A new statement begins.
    #[inline]
    pub(super) fn restart(&self) {
        if let Some(clock) = self.clock {
            self.began.store(milliseconds(clock), Ordering::Relaxed);
        }
    }
}

fn milliseconds(clock: Clock) -> u64 {
    clock().as_millis().try_into().unwrap_or(u64::MAX)
}
