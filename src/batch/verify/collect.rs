//! The rule of lists whose tokens are all meant: each row's token must be authentic, whatever its time.

use super::{Refusal, Scratch, VerifyPlan};
use crate::batch::pool::lock;
use crate::batch::problem::RowProblem;
use crate::batch::{Reject, RowNumber, RowRule, Tally, Written};
use crate::ledger::Sightings;
use crate::table::Row;
use crate::token::Status;
use std::sync::{Arc, Mutex};

/// Collects the tokens of a list, and writes nothing.
#[derive(Debug)]
pub struct Collect {
    plan: Arc<VerifyPlan>,
    scratch: Scratch,
    found: Sightings,
    all: Arc<Mutex<Sightings>>,
}

impl Collect {
    /// A rule for one worker; its tokens join those of the others in `all` when it is done.
    pub(crate) fn into(plan: Arc<VerifyPlan>, all: &Arc<Mutex<Sightings>>) -> Self {
        Self {
            plan,
            scratch: Scratch::default(),
            found: Sightings::default(),
            all: Arc::clone(all),
        }
    }
}

impl RowRule for Collect {
    fn write(
        &mut self,
        row: &Row<'_>,
        _at: RowNumber,
        tally: &mut Tally,
        _out: &mut Vec<u8>,
    ) -> Result<Written, Reject> {
        self.plan.check_row(row)?;
        let verdict = self.scratch.verdict(&self.plan, row, tally);
        let (token, trace) = (verdict.token, verdict.trace);
        match (token.zip(trace), verdict.refusal) {
            (None, Some(refusal)) | (Some(_), Some(refusal @ Refusal::RowMismatch { .. })) => {
                Err(RowProblem::Token(refusal).in_column(self.plan.tokens.first))
            }
            (Some((token, trace)), _) => {
                self.found.add(&token, trace, Status::Valid, false);
                Ok(Written::Row)
            }
            (None, None) => unreachable!("a token that is not authentic is refused"),
        }
    }

    fn write_blank(&self, _row: &Row<'_>, _out: &mut Vec<u8>) {}
}

impl Drop for Collect {
    fn drop(&mut self) {
        let mut all = lock(&self.all);
        all.extend(&self.found, self.found.len());
    }
}
