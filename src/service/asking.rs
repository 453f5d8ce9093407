//! The ledger for requests that are no check of one token.

use super::ledger::LedgerThread;
use super::problem::Problem;
use super::state::Service;
use crate::check::CheckLedger;
use crate::ledger::{Ledger, LedgerError};
use std::sync::Arc;
use tokio::time::timeout;

impl Service {
    /// The ledger, where it may be written.
    pub(super) fn written_ledger(&self) -> Result<&LedgerThread, Problem> {
        let ledger = self.ledger.as_ref().ok_or_else(Problem::no_ledger)?;
        ledger.counts.then_some(ledger).ok_or_else(Problem::read_only_ledger)
    }

    /// Does something with the ledger, in its turn.
    pub(super) async fn with_ledger<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Ledger) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, Problem> {
        self.with_checks(|ledger| work(&mut ledger.ledger)).await
    }

    /// The same with what checks have of it.
    pub(super) async fn with_checks<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut CheckLedger) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, Problem> {
        let ledger = self.ledger.as_ref().ok_or_else(Problem::no_ledger)?;
        let asked = ledger.ask(work);
        let done = timeout(self.settings.limits.ledger, asked).await;
        done.ok().and_then(Result::ok).ok_or_else(silent)
    }

    /// Reads what may be all of a ledger, beside those who count in it.
    pub(super) async fn read_ledger<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Ledger) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, Problem> {
        let Some(open) = self.reader.clone() else {
            return self.with_ledger(|ledger| work(ledger)).await;
        };
        let place = Arc::clone(&self.readers).try_acquire_owned();
        let place = place.map_err(|_| Problem::busy("as many reports are made as there is room for"))?;
        let read = tokio::task::spawn_blocking(move || {
            let _place = place;
            work(&open()?)
        });
        match timeout(self.settings.limits.report, read).await {
            Ok(Ok(Ok(done))) => Ok(done),
            Ok(Ok(Err(error))) => {
                self.log.tell(self.now(), None, &format!("the ledger: {error}"));
                Err(silent())
            }
            _ => Err(silent()),
        }
    }
}

fn silent() -> Problem {
    Problem::unavailable("the ledger does not answer")
}
