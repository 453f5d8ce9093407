//! Of all columns of a table, those that a plan needs: the others are never read.

use crate::batch::generate::{ClaimSource, Plan, RowForm};

/// The plan over the columns that it needs, and which of all those are. The first one is always among them, as it may say
/// that a row adds up the others. Where nothing else needs it, nothing else of it is read, and where it holds no texts,
/// [`Blank`](super::Blank) may stand for it.
#[must_use]
pub fn narrow(mut plan: Plan) -> (Plan, Vec<usize>) {
    let is_needed = |column: &usize| *column == 0 || plan.reads(*column);
    let needed: Vec<usize> = (0..plan.width).filter(is_needed).collect();
    let place = |column: &mut usize| {
        *column = needed.binary_search(column).expect("a column that the plan names");
    };
    for claim in &mut plan.claims {
        if let ClaimSource::Column { column, .. } = &mut claim.source {
            place(column);
        }
    }
    if let Some(link) = &mut plan.link {
        link.pattern.iter_mut().flat_map(|(_, columns)| columns).for_each(place);
        link.base_url_column.iter_mut().for_each(place);
    }
    let times = [&mut plan.expiry.duration_column, &mut plan.expiry.expiry_column];
    times.into_iter().flatten().for_each(place);
    plan.checks.campaigns.iter_mut().for_each(place);
    if let RowForm::Values(values) = &mut plan.form {
        values.columns = needed.iter().map(|column| values.columns[*column].clone()).collect();
    }
    // a row has a cell, if only an empty one
    plan.width = needed.len().max(1);
    (plan, needed)
}
