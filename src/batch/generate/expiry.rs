//! When a row's token expires: its own cell, else what was said for all.

use super::Reject;
use crate::batch::problem::{RowProblem, excerpt};
use crate::moment::{self, DayEdge, MomentError, TimeReader, UnixTime};
use crate::table::Row;
use crate::token::{Validity, ValidityError};

/// When tokens expire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// At this second.
    At(UnixTime),
    /// Never.
    Never,
}

impl Expiry {
    fn seconds(self) -> Option<u32> {
        match self {
            Expiry::At(time) => Some(time.0),
            Expiry::Never => None,
        }
    }
}

/// The times of a run.
#[derive(Clone, Debug)]
pub struct ExpiryPlan {
    /// When all tokens are issued.
    pub(super) issued_at: UnixTime,
    not_before: Option<UnixTime>,
    /// For rows without a time of their own, checked.
    all: Option<Validity>,
    /// A column with durations, counted from `issued_at`.
    pub duration_column: Option<usize>,
    /// The seconds that a bare number in it counts.
    pub duration_unit: Option<u64>,
    /// A column with instants or dates.
    pub expiry_column: Option<usize>,
    /// How those are meant.
    pub times: TimeReader,
}

impl ExpiryPlan {
    /// A plan without columns.
    ///
    /// # Errors
    /// When the times that are the same for all contradict each other.
    pub fn new(
        issued_at: UnixTime,
        not_before: Option<UnixTime>,
        all: Option<Expiry>,
        times: TimeReader,
    ) -> Result<Self, ValidityError> {
        let start = not_before.map(|time| time.0);
        let all = all
            .map(|expiry| Validity::new(issued_at.0, expiry.seconds(), start))
            .transpose()?;
        Ok(Self {
            issued_at,
            not_before,
            all,
            duration_column: None,
            duration_unit: None,
            expiry_column: None,
            times,
        })
    }

    /// What holds for rows without a time of their own.
    #[must_use]
    pub fn of_all(&self) -> Option<Validity> {
        self.all
    }

    /// What holds for every row, where none can have a time of its own.
    #[inline]
    #[must_use]
    pub fn of_every_row(&self) -> Option<&Validity> {
        let has_columns = self.duration_column.is_some() || self.expiry_column.is_some();
        self.all.as_ref().filter(|_| !has_columns)
    }

    /// The times of a row's token, and whether they are the row's own.
    pub(super) fn of_cells(&self, row: &Row<'_>) -> Result<(Validity, bool), Reject> {
        let filled = |column: Option<usize>| {
            let text = row.text(column?)?.trim_ascii().to_owned();
            (!text.is_empty()).then_some((column?, text))
        };
        let (column, expires_at) = match (filled(self.duration_column), filled(self.expiry_column)) {
            (Some((column, _)), Some(_)) => return Err(RowProblem::TwoExpiries.in_column(column)),
            (Some((column, text)), None) => (column, self.after(&text)),
            (None, Some((column, text))) => {
                let time = self.times.read(&text, DayEdge::AfterLast);
                (column, time.map_err(RowProblem::Moment))
            }
            (None, None) => {
                let all = self.all.map(|all| (all, false));
                let column = self.duration_column.or(self.expiry_column);
                return all.ok_or(Reject {
                    column,
                    problem: RowProblem::NoExpiry,
                });
            }
        };
        let not_before = self.not_before.map(|time| time.0);
        let validity = expires_at.and_then(|expires_at| {
            let validity = Validity::new(self.issued_at.0, Some(expires_at.0), not_before);
            validity.map_err(RowProblem::Validity)
        });
        Ok((validity.map_err(|problem| problem.in_column(column))?, true))
    }

    fn after(&self, text: &str) -> Result<UnixTime, RowProblem> {
        let seconds = match (self.duration_unit, text.parse::<u64>()) {
            (Some(unit), Ok(number)) => number
                .checked_mul(unit)
                .ok_or_else(|| MomentError::LongDuration(excerpt(text))),
            _ => moment::duration(text),
        };
        self.issued_at
            .after(seconds.map_err(RowProblem::Moment)?)
            .ok_or(RowProblem::FarExpiry)
    }
}
