//! Which claims the tokens of a list carry, and which columns give them.

use crate::claims::{ClaimError, ClaimName, MAX_CLAIMS};
use crate::ledger::CAMPAIGN;
use crate::table::{ColumnError, Header, is_alike};
use crate::token::{Form, jwt};

/// The column that a list must have unless claims are chosen.
const CUSTOMER: &str = "customer_id";
/// Those that become claims where they exist.
const OTHERS: [&str; 2] = ["campaign_id", "product_id"];

/// Where a claim comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimPlan {
    /// Its name.
    pub name: ClaimName,
    /// Its value.
    pub source: ClaimSource,
    /// The one value that it may have in all rows, where there is one.
    pub only: Option<String>,
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

impl ClaimPlan {
    /// A claim that each row's cell gives.
    #[must_use]
    pub fn of_column(name: ClaimName, column: usize) -> Self {
        let source = ClaimSource::Column {
            column,
            optional: false,
        };
        Self::of(name, source)
    }

    /// A claim that is the same for all rows.
    #[must_use]
    pub fn constant(name: ClaimName, value: String) -> Self {
        Self::of(name, ClaimSource::Constant(value))
    }

    fn of(name: ClaimName, source: ClaimSource) -> Self {
        let only = None;
        Self { name, source, only }
    }

    /// The column whose cells give it, unless it is the same for all rows.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        self.source.column()
    }
}

impl ClaimSource {
    /// The column, from 0, unless it is the same for all rows.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        match self {
            ClaimSource::Column { column, .. } => Some(*column),
            ClaimSource::Constant(_) => None,
        }
    }
}

/// A claim that no token of the form can carry.
#[derive(Debug, thiserror::Error)]
#[error("the claim {name}: {error}")]
pub struct ClaimPlanError {
    /// Its name.
    pub name: ClaimName,
    /// Why.
    #[source]
    pub error: ClaimError,
}

/// The claims of a list where none are chosen: `customer_id` and, where there are such columns, `campaign_id` and
/// `product_id`, each also under a name that is [alike](crate::table::is_alike).
///
/// # Errors
/// When there is no column `customer_id` or more than one could be meant, or one of them stands twice.
pub fn customary_claims(header: &Header) -> Result<Vec<ClaimPlan>, ColumnError> {
    let name = |text| ClaimName::parse(text).expect("a registered name");
    let mut plans = vec![ClaimPlan::of_column(name(CUSTOMER), header.column_alike(CUSTOMER)?)];
    for other in OTHERS {
        let column = header.find_alike(other)?;
        plans.extend(column.map(|column| ClaimPlan::of_column(name(other), column)));
    }
    Ok(plans)
}

/// The columns that look like a customary claim which no token gets, with its name.
#[must_use]
pub fn forgotten_claims(header: &Header, plans: &[ClaimPlan]) -> Vec<(&'static str, usize)> {
    let is_used = |column: usize| plans.iter().any(|plan| plan.column() == Some(column));
    let mut forgotten = Vec::new();
    for claim in [CUSTOMER].into_iter().chain(OTHERS) {
        if plans.iter().any(|plan| plan.name.as_str() == claim) {
            continue;
        }
        let names = header.names().iter().enumerate();
        let found = names.filter(|(column, name)| looks_like(claim, name) && !is_used(*column));
        forgotten.extend(found.map(|(column, _)| (claim, column)));
    }
    forgotten
}

/// `Campaign`, `campaign code` and `Campaign IDs` look like `campaign_id`, `Campaign Name` does not.
fn looks_like(claim: &str, column: &str) -> bool {
    const IDS: [&str; 8] = ["", "id", "ids", "no", "nr", "number", "code", "key"];
    let stem = claim.trim_end_matches("_id");
    let letters = column.chars().filter(|letter| letter.is_alphanumeric());
    let plain: String = letters.flat_map(char::to_lowercase).collect();
    plain.strip_prefix(stem).is_some_and(|end| IDS.contains(&end))
}

/// Has a claim left out where its cell is empty: that of this name, or of the column of this name, each also where the
/// only one that fits is [alike](crate::table::is_alike). Whether a column gives one.
#[must_use]
pub fn make_optional(plans: &mut [ClaimPlan], header: &Header, name: &str) -> bool {
    let plan = optional_plan(plans, header, name).map(|place| &mut plans[place]);
    match plan.map(|plan| &mut plan.source) {
        Some(ClaimSource::Column { optional, .. }) => {
            *optional = true;
            true
        }
        _ => false,
    }
}

fn optional_plan(plans: &[ClaimPlan], header: &Header, name: &str) -> Option<usize> {
    let exact = plans.iter().position(|plan| plan.name.as_str() == name);
    let of_column = || {
        let column = header.column_alike(name).ok()?;
        plans.iter().position(|plan| plan.column() == Some(column))
    };
    let alike = || {
        let mut fitting = (0..plans.len()).filter(|&place| is_alike(plans[place].name.as_str(), name));
        fitting.next().filter(|_| fitting.next().is_none())
    };
    exact.or_else(of_column).or_else(alike)
}

/// Claims in the order of their names, held to what a token of this form can carry.
///
/// # Errors
/// With the first that none can.
pub fn settle_claims(mut plans: Vec<ClaimPlan>, form: Form) -> Result<Vec<ClaimPlan>, ClaimPlanError> {
    plans.sort_by(|a, b| a.name.cmp(&b.name));
    let count = plans.len();
    let fault = |index: usize, plan: &ClaimPlan| {
        let own = jwt::reserved(plan.name.as_str()).filter(|_| form.is_jwt());
        let twice = index > 0 && plans[index - 1].name == plan.name;
        match own {
            Some(name) => Some(ClaimError::Reserved(name)),
            None if twice => Some(ClaimError::Twice),
            None => (index == MAX_CLAIMS).then_some(ClaimError::TooMany(count)),
        }
    };
    let found = plans.iter().enumerate().find_map(|(index, plan)| {
        let name = plan.name.clone();
        fault(index, plan).map(|error| ClaimPlanError { name, error })
    });
    found.map_or(Ok(plans), Err)
}

/// Where the campaign of a row comes from, for a ledger; nowhere where tokens are `sealed`: what is sealed in them is not
/// told in a ledger either.
#[must_use]
pub fn campaign_source(claims: &[ClaimPlan], sealed: bool) -> Option<&ClaimSource> {
    let claim = claims.iter().find(|claim| claim.name.as_str() == CAMPAIGN);
    claim.filter(|_| !sealed).map(|claim| &claim.source)
}
