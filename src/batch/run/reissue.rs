//! The run that renews what has expired.

use super::{Drive, List, Outputs, drive, taken};
use crate::batch::reissue::{Reissue, ReissuePlan, Replaced};
use crate::batch::shared::FirstRows;
use crate::batch::{BatchError, Report};
use std::io::Read;
use std::sync::Arc;

/// Gives every row whose token has expired a new one. Bad rows go to the rejects as they were, with their row number and
/// error before them.
///
/// The report tells of everything that was read, also when the run ended early; the tokens that were replaced are told
/// where it reached its end.
///
/// # Errors
/// When the list can't be read on or the results can't be written.
pub fn reissue(
    list: List<'_, impl Read + Send>,
    plan: &Arc<ReissuePlan>,
    mut outputs: Outputs<'_>,
) -> (Report, Result<Replaced, BatchError>) {
    if let Err(error) = outputs.begin_table(&list, &plan.cells.places) {
        return (Report::default(), Err(error));
    }
    let how = Drive {
        firsts: Some(FirstRows::default()),
        ..Drive::default()
    };
    let all = Arc::default();
    let rule = || Reissue::new(Arc::clone(plan), &all);
    let (report, result) = drive(list, how, rule, outputs);
    (report, result.map(|()| taken(&all)))
}
