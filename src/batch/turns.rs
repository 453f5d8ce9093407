//! What is decided in the order of the list, though workers run ahead of each other: each waits for its turn.

use super::pool::lock;
use std::sync::{Condvar, Mutex, PoisonError};

/// What the rows that have passed left behind.
#[derive(Debug, Default)]
pub(super) struct Turns<T> {
    /// How many rows have passed, and that.
    passed: Mutex<(u64, T)>,
    moved: Condvar,
}

impl<T> Turns<T> {
    /// Waits until all rows before `first` have passed, then has `rows` of them pass.
    pub(super) fn pass<R>(&self, first: u64, rows: u64, decide: impl FnOnce(&mut T) -> R) -> R {
        let passed = lock(&self.passed);
        let passed = self.moved.wait_while(passed, |(passed, _)| *passed < first);
        let mut passed = passed.unwrap_or_else(PoisonError::into_inner);
        let decided = decide(&mut passed.1);
        passed.0 += rows;
        self.moved.notify_all();
        decided
    }
}
