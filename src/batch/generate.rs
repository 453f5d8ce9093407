//! The rule of `generate`: a row gets a token over its claims, and a link that carries it.

mod expiry;
mod write;

pub use expiry::{Expiry, ExpiryPlan};
pub use write::{Place, Places};

use super::problem::{RowProblem, excerpt};
use super::{Reject, RowRule, Tally};
use crate::claims::{ClaimError, ClaimName};
use crate::link::LinkPattern;
use crate::table::Row;
use crate::token::{Minter, TokenId};
use expiry::ExpiryText;
use std::sync::Arc;

/// Where a claim comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimPlan {
    /// Its name.
    pub name: ClaimName,
    /// Its value.
    pub source: ClaimSource,
}

/// Where a claim's value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimSource {
    /// A cell, trimmed; `optional` leaves the claim out where the cell is empty.
    Column {
        /// From 0.
        column: usize,
        /// Whether an empty cell is no fault.
        optional: bool,
    },
    /// The same for all rows.
    Constant(String),
}

/// What link a row gets.
#[derive(Clone, Debug)]
pub struct LinkPlan {
    /// The pattern for all rows that have none of their own, with the columns its placeholders name.
    pub pattern: Option<(LinkPattern, Vec<usize>)>,
    /// The column with base URLs of rows' own.
    pub base_url_column: Option<usize>,
    /// The query parameter that the token becomes in those.
    pub param: Option<String>,
}

/// All that a run decides before its first row.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many columns the header has.
    pub width: usize,
    /// In the order of their names.
    pub claims: Vec<ClaimPlan>,
    /// When tokens expire.
    pub expiry: ExpiryPlan,
    /// What links they get; none for tokens only.
    pub link: Option<LinkPlan>,
    /// Where the new cells go.
    pub places: Places,
    /// The id of row 0.
    pub first_id: TokenId,
}

/// A worker's copy of the rule, with buffers that are used again.
#[derive(Debug)]
pub struct Generate {
    plan: Arc<Plan>,
    minter: Minter,
    token: Vec<u8>,
    link: Vec<u8>,
    expiry: ExpiryText,
    own_link: Option<(String, LinkPattern)>,
}

impl Generate {
    /// A rule for one worker.
    #[must_use]
    pub fn new(plan: Arc<Plan>, minter: Minter) -> Self {
        Self {
            plan,
            minter,
            token: Vec::new(),
            link: Vec::new(),
            expiry: ExpiryText::default(),
            own_link: None,
        }
    }

    fn check_form(&self, row: &Row<'_>) -> Result<(), Reject> {
        if row.len() != self.plan.width {
            let (has, wants) = (row.len(), self.plan.width);
            return Err(RowProblem::Cells { has, wants }.in_row());
        }
        if !row.is_decodable() {
            return Err(RowProblem::Encoding(row.encoding().name()).in_row());
        }
        self.plan.places.check_empty(row)
    }

    fn mint(&mut self, row: &Row<'_>, validity: &crate::token::Validity, number: u64) -> Result<(), Reject> {
        self.token.clear();
        let plan = &*self.plan;
        let id = plan.first_id.plus(number);
        let minted = self.minter.mint(validity, id, &mut self.token, |map| {
            for claim in &plan.claims {
                match &claim.source {
                    ClaimSource::Constant(value) => map.push(&claim.name, value).map_err(ClaimReject::Row)?,
                    ClaimSource::Column { column, optional } => {
                        let text = row.text(*column).unwrap_or_default();
                        let text = text.trim_ascii();
                        if text.is_empty() && *optional {
                            continue;
                        }
                        map.push(&claim.name, text)
                            .map_err(|error| ClaimReject::Cell(error, *column))?;
                    }
                }
            }
            Ok::<_, ClaimReject>(())
        });
        minted.map_err(|reject| match reject {
            ClaimReject::Cell(error @ ClaimError::TooMany(_), _) | ClaimReject::Row(error) => {
                RowProblem::Claims(error).in_row()
            }
            ClaimReject::Cell(error, column) => RowProblem::Claim(error).in_column(column),
        })
    }

    /// The row's link into `self.link`; whether it is the row's own.
    fn write_link(&mut self, row: &Row<'_>, link: &LinkPlan) -> Result<bool, Reject> {
        self.link.clear();
        let own = match link.base_url_column {
            Some(column) => self.own_pattern(row, column, link.param.as_deref())?,
            None => false,
        };
        let (token, out) = (&self.token, &mut self.link);
        let push_token = |out: &mut Vec<u8>| out.extend_from_slice(token);
        if own {
            if let Some((_, pattern)) = &self.own_link {
                pattern.write(push_token, |_, _| {}, out);
            }
            return Ok(true);
        }
        match (&link.pattern, link.base_url_column) {
            (Some((pattern, columns)), _) => {
                let cell = |index: usize, out: &mut Vec<u8>| {
                    let text = row.text(columns[index]).unwrap_or_default();
                    out.extend_from_slice(text.trim_ascii().as_bytes());
                };
                pattern.write(push_token, cell, out);
                Ok(false)
            }
            (None, Some(column)) => Err(RowProblem::NoBaseUrl.in_column(column)),
            (None, None) => Err(RowProblem::NoBaseUrl.in_row()),
        }
    }

    /// Whether the row has a base URL of its own, parsed again only where it is another than the last one.
    fn own_pattern(&mut self, row: &Row<'_>, column: usize, param: Option<&str>) -> Result<bool, Reject> {
        let text = row.text(column).unwrap_or_default();
        let text = text.trim_ascii();
        if text.is_empty() {
            return Ok(false);
        }
        if self.own_link.as_ref().is_none_or(|(last, _)| last != text) {
            let pattern = match param {
                Some(name) => LinkPattern::from_base_and_param(text, name),
                None => LinkPattern::from_base(text),
            };
            let pattern = pattern.map_err(|error| {
                let text = excerpt(text);
                RowProblem::BaseUrl { text, error }.in_column(column)
            })?;
            self.own_link = Some((text.to_owned(), pattern));
        }
        Ok(true)
    }
}

enum ClaimReject {
    Cell(ClaimError, usize),
    Row(ClaimError),
}

impl From<ClaimError> for ClaimReject {
    fn from(error: ClaimError) -> Self {
        ClaimReject::Row(error)
    }
}

impl RowRule for Generate {
    fn write(&mut self, row: &Row<'_>, number: u64, tally: &mut Tally, out: &mut Vec<u8>) -> Result<(), Reject> {
        self.check_form(row)?;
        let plan = Arc::clone(&self.plan);
        let (validity, own_expiry) = plan.expiry.of(row)?;
        self.mint(row, &validity, number)?;
        let mut length = self.token.len();
        if let Some(link) = &plan.link {
            tally.own_base_url += u64::from(self.write_link(row, link)?);
            length = self.link.len();
        }
        let expires_at = validity.expires_at();
        match expires_at {
            Some(time) => tally.expiries.take(time),
            None => tally.never += 1,
        }
        tally.own_expiry += u64::from(own_expiry);
        tally.lengths.take(length as u32);
        plan.places
            .write(row, [&self.token, &self.link, self.expiry.of(expires_at)], out);
        Ok(())
    }

    fn write_blank(&self, row: &Row<'_>, out: &mut Vec<u8>) {
        self.plan.places.write_blank(row, self.plan.width, out);
    }
}
