//! All that a run decides before its first row, and what of a row is held against it.

use super::{ClaimPlan, ClaimSource, ExpiryPlan, LinkPlan, RowForm, campaign_source};
use crate::batch::drawings::Drawings;
use crate::batch::lint::{self, Lint};
use crate::batch::problem::{RowProblem, check_form};
use crate::batch::{NewCells, Reject, Tally};
use crate::check::Rules;
use crate::claims::{ClaimError, ClaimsEncoder};
use crate::moment::TimeFormat;
use crate::table::{Header, Row};
use crate::token::{Form, Revocations, TokenId};

/// All that a run decides before its first row.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many columns the header has.
    pub width: usize,
    /// In the order of their names.
    pub claims: Vec<ClaimPlan>,
    /// When tokens expire.
    pub expiry: ExpiryPlan,
    /// How the cell with the expiry is written where not in RFC 3339: in the zone of `expiry.times`.
    pub expiry_format: Option<TimeFormat>,
    /// What links they get; none for tokens only.
    pub link: Option<LinkPlan>,
    /// Where the new cells go: token, link, expiry, name of the code; and what is wrong with a row, where its form says so.
    pub places: NewCells,
    /// What is written for each row.
    pub form: RowForm,
    /// Whether tokens are written in capitals: base32 alone may be.
    pub capitals: bool,
    /// Where each row gets a QR code.
    pub drawings: Drawings,
    /// The id of row 0.
    pub first_id: TokenId,
    /// What is looked for besides errors.
    pub checks: Checks,
    /// Where rows with a token or link stay as they are.
    pub keep: Option<Keep>,
}

/// What is looked for besides errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checks {
    /// Reject rows that are most likely a mistake, instead of counting them.
    pub strict: bool,
    /// Whether nobody without the key can read the claims.
    pub sealed: bool,
    /// Whether rows have claims of their own at all, so that equal ones mean something.
    pub duplicates: bool,
    /// Whether rows with equal claims get the token of the first of them.
    pub dedupe: bool,
    /// The column whose values are counted as campaigns.
    pub campaigns: Option<usize>,
}

/// What kept tokens are held against.
#[derive(Clone, Debug)]
pub struct Keep {
    /// The keys there are, and the time of the check.
    pub rules: Rules,
    /// Tokens that are revoked.
    pub revocations: Revocations,
}

impl Plan {
    /// A plan that gives rows of this header tokens of this form, and links where `link` says so, appends nothing and looks
    /// for nothing besides errors.
    #[must_use]
    pub fn new(
        header: &Header,
        claims: Vec<ClaimPlan>,
        expiry: ExpiryPlan,
        link: Option<LinkPlan>,
        (form, first_id): (Form, TokenId),
    ) -> Self {
        Self {
            width: header.len(),
            checks: Checks {
                strict: false,
                sealed: matches!(form, Form::Sealed(_)),
                duplicates: claims.iter().any(|claim| claim.column().is_some()),
                dedupe: false,
                campaigns: None,
            },
            claims,
            expiry,
            expiry_format: None,
            link,
            places: NewCells::new([], b',', false),
            form: RowForm::default(),
            capitals: false,
            drawings: Drawings::default(),
            first_id,
            keep: None,
        }
    }

    #[inline]
    pub(super) fn check_form(&self, row: &Row<'_>) -> Result<(), Reject> {
        check_form(row, self.width)?;
        match self.keeps(row) {
            true => Ok(()),
            // what is filled already was most likely minted already
            false => self.places.check_empty(row, RowProblem::Minted),
        }
    }

    /// Rejects a formula that was never calculated where its value is needed, and counts it elsewhere.
    #[inline]
    pub(super) fn check_calculated(&self, row: &Row<'_>, tally: &mut Tally) -> Result<(), Reject> {
        for column in row.uncalculated() {
            if self.needs(column) {
                return Err(RowProblem::Uncalculated.in_column(column));
            }
            self.checks.found(Lint::Uncalculated, Some(column), tally)?;
            tally.uncalculated.insert(column);
        }
        Ok(())
    }

    /// The campaigns of a run of so many rows, each with its rows; none when there are too many to be campaigns.
    #[must_use]
    pub fn campaigns(&self, tally: &Tally, rows: u64) -> Vec<(String, u64)> {
        match campaign_source(&self.claims, self.checks.sealed) {
            Some(ClaimSource::Constant(value)) => vec![(value.clone(), rows)],
            _ => {
                let all = tally.campaigns.all().iter();
                all.filter(|(name, _)| !name.is_empty()).cloned().collect()
            }
        }
    }

    /// Whether a claim, a link or a time is made of this column.
    #[must_use]
    pub fn needs(&self, column: usize) -> bool {
        let of_claims = self.claims.iter().any(|claim| claim.column() == Some(column));
        let of_link = self.link.as_ref().is_some_and(|link| {
            let of_pattern = link
                .pattern
                .as_ref()
                .is_some_and(|(_, columns)| columns.contains(&column));
            of_pattern || link.base_url_column == Some(column)
        });
        let of_times = [self.expiry.duration_column, self.expiry.expiry_column].contains(&Some(column));
        of_claims || of_link || of_times
    }

    /// Whether the cells of this column are read for more than the word that a sum is labelled with.
    pub(in crate::batch) fn reads(&self, column: usize) -> bool {
        self.needs(column) || self.checks.campaigns == Some(column)
    }

    /// Pushes the row's claims in their order.
    #[inline]
    pub(super) fn claims(&self, row: &Row<'_>, tally: &mut Tally, map: &mut ClaimsEncoder<'_>) -> Result<(), Reject> {
        let mut unquoted = String::new();
        for claim in &self.claims {
            match &claim.source {
                ClaimSource::Constant(value) => {
                    map.push(&claim.name, value)?;
                }
                ClaimSource::Column { column, optional } => {
                    let text = row.text_in(*column, &mut unquoted).trim_ascii();
                    if text.is_empty() && *optional && claim.only.is_none() {
                        continue;
                    }
                    if claim.only.as_ref().is_some_and(|only| only != text) {
                        return Err(RowProblem::OtherClaim.in_column(*column));
                    }
                    map.push(&claim.name, text).map_err(|error| of_cell(error, *column))?;
                    let shown = row.is_shown_with_more(*column).then_some(Lint::ShownWithMore);
                    let value = || lint::of_value(text, map.last_form(), self.checks.sealed);
                    if let Some(lint) = shown.or_else(value) {
                        self.checks.found(lint, Some(*column), tally)?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Checks {
    /// Counts a row that is most likely a mistake; an error where such rows are rejected.
    #[cold]
    pub(super) fn found(self, lint: Lint, column: Option<usize>, tally: &mut Tally) -> Result<(), Reject> {
        let problem = RowProblem::Lint(lint);
        match self.strict {
            true => Err(Reject { column, problem }),
            false => {
                tally.note(lint);
                Ok(())
            }
        }
    }

    /// Looks whether the first cell says that the row is no customer.
    #[inline]
    pub(super) fn check_label(self, row: &Row<'_>, tally: &mut Tally) -> Result<(), Reject> {
        let text = row.text(0).unwrap_or_default();
        match lint::is_total(text.trim_ascii()) {
            true => self.found(Lint::TotalRow, Some(0), tally),
            false => Ok(()),
        }
    }
}

/// No claim of a cell, or one too many for the row.
#[cold]
fn of_cell(error: ClaimError, column: usize) -> Reject {
    match error {
        ClaimError::TooMany(_) => error.into(),
        error => RowProblem::Claim(error).in_column(column),
    }
}

impl From<ClaimError> for Reject {
    #[cold]
    fn from(error: ClaimError) -> Self {
        RowProblem::Claims(error).in_row()
    }
}
