//! The run that renews what has expired.

use super::super::reissue::{Reissue, ReissuePlan, Replaced};
use super::super::rejects::{RejectForm, reject_header};
use super::super::shared::FirstRows;
use super::super::{BatchError, Report};
use super::{Drive, List, Outputs, drive, taken};
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
    let preamble = list.preamble;
    let (header, delimiter) = (&preamble.header, list.reader.dialect().delimiter);
    let lines = match header.is_present() {
        true => [
            plan.cells.places.header(header, list.reader.encoding()),
            reject_header(header.raw(), header.line_break(), delimiter),
        ],
        false => Default::default(),
    };
    if let Err(error) = outputs.begin(&preamble.bytes, &preamble.above, &lines[0], &lines[1]) {
        return (Report::default(), Err(error));
    }
    let how = Drive {
        in_place: false,
        reject_form: RejectForm::Before,
        turnstile: None,
        firsts: Some(FirstRows::default()),
        counter: None,
        links: None,
        codes: None,
    };
    let all = Arc::default();
    let rule = || Reissue::new(Arc::clone(plan), &all);
    let (report, result) = drive(list, how, rule, outputs);
    (report, result.map(|()| taken(&all)))
}
