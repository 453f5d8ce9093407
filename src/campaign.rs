//! The front door of a whole list: customers in, the same customers with their links out.
//!
//! [`batch`] can do more, and asks for a plan of everything; a program that has a list, a keyring and a shop's address
//! wants the plan that `linkmint generate` makes of them.

use crate::batch::generate::{
    ClaimPlan, ClaimPlanError, Expiry, ExpiryPlan, LinkPlan, Plan, customary_claims, settle_claims,
};
use crate::batch::run::{self, List, Outputs, Sink};
use crate::batch::{BatchError, NewCell, NewCells, Report};
use crate::claims::{ClaimError, ClaimName, MAX_VALUE};
use crate::link::LinkPattern;
use crate::moment::{TimeReader, UnixTime, Zone};
use crate::table::{ColumnError, Header, ReadOptions, RecordReader};
use crate::token::{Minter, TokenId, Validity};
use std::io::{Read, Write};
use std::num::NonZeroUsize;
use std::sync::Arc;

/// What all links of a run share. Each row becomes itself with a `token`, its `url_link` and `expires_at` appended.
///
/// ```
/// use linkmint::{Campaign, Form, Keyring, LinkPattern, Minter, Secret, TokenId, UnixTime, Validity, Verifier};
///
/// let ring = Keyring::of(Secret::draw()?);
/// let now = UnixTime(1_790_000_000);
/// let minter = Minter::new(ring.signing_key(None)?, Form::default());
/// let campaign = Campaign::new(minter, Validity::lasting(now, 86_400)?, TokenId::draw()?)
///     .link(LinkPattern::from_base("https://shop.example/p")?)
///     .constant("campaign_id", "spring26")?;
///
/// let list = "customer_id;name\n1234567;Ann\n1234568;Bob\n";
/// let mut links = Vec::new();
/// let report = campaign.generate(list.as_bytes(), &mut links)?;
/// assert_eq!(report.rows, 2);
///
/// let links = String::from_utf8(links)?;
/// let mut lines = links.lines();
/// assert_eq!(lines.next(), Some("customer_id;name;token;url_link;expires_at"));
/// let cells: Vec<&str> = lines.next().unwrap().split(';').collect();
/// assert_eq!(cells[..2], ["1234567", "Ann"]);
/// assert_eq!(cells[3], format!("https://shop.example/p/{}", cells[2]));
/// assert!(Verifier::new(&ring).verify(cells[2], now).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Columns with rows' own times or addresses are read by [`batch::generate`](crate::batch::generate) alone.
#[derive(Clone, Debug)]
pub struct Campaign {
    minter: Minter,
    validity: Validity,
    first_id: TokenId,
    link: Option<LinkPattern>,
    /// Names and columns; none: those that lists have by custom.
    claims: Option<Vec<(ClaimName, String)>>,
    constants: Vec<(ClaimName, String)>,
    threads: Option<NonZeroUsize>,
    reading: ReadOptions,
}

/// Why a list did not become links.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CampaignError {
    /// The list can't be read, or the links can't be written.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// The list lacks a column that is needed.
    #[error(transparent)]
    Column(#[from] ColumnError),
    /// The first line looks like a customer, and would be lost: say [`ReadOptions::no_header`], or
    /// [`ReadOptions::header`] where it does name the columns.
    #[error("the first line looks like a customer, and no column of it is used")]
    NoHeader,
    /// The claims are none that a token of this form can carry.
    #[error("the claim {name}: {error}")]
    Claim {
        /// Its name.
        name: ClaimName,
        /// Why.
        #[source]
        error: ClaimError,
    },
    /// There are bad rows, and nowhere to put them: the links end before the first.
    #[error("{} of {} rows are bad", .0.rejected, .0.rows)]
    Rejected(Box<Report>),
}

impl From<ClaimPlanError> for CampaignError {
    fn from(ClaimPlanError { name, error }: ClaimPlanError) -> Self {
        CampaignError::Claim { name, error }
    }
}

impl Campaign {
    /// Tokens without links, over `customer_id` and, where the list has them, `campaign_id` and `product_id`, also as
    /// exports write them (`Customer ID`). The row
    /// n, from 0, has the id `first_id` + n: draw another for each run.
    #[must_use]
    pub fn new(minter: Minter, validity: Validity, first_id: TokenId) -> Self {
        Self {
            minter,
            validity,
            first_id,
            link: None,
            claims: None,
            constants: Vec::new(),
            threads: None,
            reading: ReadOptions {
                drop_reject_columns: true,
                ..ReadOptions::default()
            },
        }
    }

    /// Gives every row a link.
    #[must_use]
    pub fn link(mut self, pattern: LinkPattern) -> Self {
        self.link = Some(pattern);
        self
    }

    /// Makes a claim of a column, in place of the customary ones.
    ///
    /// # Errors
    /// When no claim can have this name, or one has it already.
    pub fn claim(mut self, name: &str, column: &str) -> Result<Self, ClaimError> {
        let name = self.new_name(name)?;
        self.claims.get_or_insert_default().push((name, column.to_owned()));
        Ok(self)
    }

    /// Leaves the customary claims out: bare unique tokens, unless others are chosen.
    #[must_use]
    pub fn without_claims(mut self) -> Self {
        self.claims = Some(Vec::new());
        self
    }

    /// Gives all rows the same claim.
    ///
    /// # Errors
    /// When no claim can have this name or value, or one has the name already.
    pub fn constant(mut self, name: &str, value: &str) -> Result<Self, ClaimError> {
        let name = self.new_name(name)?;
        match value.len() {
            0 => return Err(ClaimError::EmptyValue),
            1..=MAX_VALUE => self.constants.push((name, value.to_owned())),
            length => return Err(ClaimError::LongValue(length)),
        }
        Ok(self)
    }

    /// Works with so many threads instead of one a core; the links are the same.
    #[must_use]
    pub fn threads(mut self, threads: NonZeroUsize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Says how the list is written, where that is not to be found out.
    #[must_use]
    pub fn reading(mut self, options: ReadOptions) -> Self {
        self.reading = options;
        self
    }

    fn new_name(&self, name: &str) -> Result<ClaimName, ClaimError> {
        let name = ClaimName::parse(name)?;
        let chosen = self.claims.iter().flatten();
        match chosen.chain(&self.constants).any(|(other, _)| *other == name) {
            true => Err(ClaimError::Twice),
            false => Ok(name),
        }
    }

    /// Reads `list` and writes it with its links to `links`, as the rows come. A campaign makes one run: a second one
    /// would give the same ids again.
    ///
    /// # Errors
    /// When the list can't be used or the links can't be written; and [`CampaignError::Rejected`] when a row is bad:
    /// what was written then ends before it.
    pub fn generate(self, list: impl Read + Send, links: impl Write + Send) -> Result<Report, CampaignError> {
        let report = self.run(list, links, None)?;
        match report.rejected {
            0 => Ok(report),
            _ => Err(CampaignError::Rejected(Box::new(report))),
        }
    }

    /// The same, with the bad rows in a list of their own: each as it was, its row number and what is wrong before it.
    ///
    /// # Errors
    /// When the list can't be used, or the links or the bad rows can't be written.
    pub fn generate_with_rejects(
        self,
        list: impl Read + Send,
        links: impl Write + Send,
        mut rejects: impl Write + Send,
    ) -> Result<Report, CampaignError> {
        self.run(list, links, Some(&mut rejects))
    }

    fn run(
        self,
        list: impl Read + Send,
        mut links: impl Write + Send,
        rejects: Option<&mut (dyn Write + Send)>,
    ) -> Result<Report, CampaignError> {
        let (reader, preamble) = RecordReader::open(list, self.reading).map_err(BatchError::from)?;
        let plan = self.plan(&preamble.header, reader.dialect().delimiter)?;
        let one_a_core = || std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let list = List::new(reader, &preamble, self.threads.unwrap_or_else(one_a_core));
        let outputs = Outputs {
            output: Sink::text(&mut links),
            rejects: rejects.map(|file| Sink::text(&mut *file)),
            progress: &|_, _| {},
        };
        let (report, result) = run::generate(list, &Arc::new(plan), &self.minter, outputs);
        result?;
        links.flush().map_err(BatchError::Output)?;
        Ok(report)
    }

    fn plan(&self, header: &Header, delimiter: u8) -> Result<Plan, CampaignError> {
        let claims = self.claim_plans(header)?;
        let link = self.link_plan(header)?;
        let places = places(header, link.is_some())?;
        let token = (self.minter.form(), self.first_id);
        let plan = Plan {
            places: NewCells::new(places, delimiter, false),
            ..Plan::new(header, claims, self.expiry(), link, token)
        };
        match plan.may_lose_first_row(header) && !self.reading.header {
            true => Err(CampaignError::NoHeader),
            false => Ok(plan),
        }
    }

    fn expiry(&self) -> ExpiryPlan {
        let (issued_at, expires_at) = (self.validity.issued_at(), self.validity.expires_at());
        let expiry = expires_at.map_or(Expiry::Never, |at| Expiry::At(UnixTime(at)));
        let not_before = self.validity.not_before().map(UnixTime);
        let reader = TimeReader::new(Zone::utc());
        let plan = ExpiryPlan::new(UnixTime(issued_at), not_before, Some(expiry), reader);
        plan.expect("a validity keeps the rules of the times")
    }

    fn claim_plans(&self, header: &Header) -> Result<Vec<ClaimPlan>, CampaignError> {
        let mut plans = match &self.claims {
            Some(chosen) => {
                let plan = |(name, column): &(ClaimName, String)| {
                    Ok(ClaimPlan::of_column(name.clone(), header.column_alike(column)?))
                };
                chosen.iter().map(plan).collect::<Result<_, ColumnError>>()?
            }
            None => customary_claims(header)?,
        };
        let constants = self.constants.iter().cloned();
        plans.extend(constants.map(|(name, value)| ClaimPlan::constant(name, value)));
        Ok(settle_claims(plans, self.minter.form())?)
    }

    fn link_plan(&self, header: &Header) -> Result<Option<LinkPlan>, ColumnError> {
        let plan = |pattern: &LinkPattern| LinkPlan::of(Some(pattern.clone()), header, None, None);
        self.link.as_ref().map(plan).transpose()
    }
}

/// New cells are appended, or filled into the empty cells of columns that have their names already.
fn places(header: &Header, with_link: bool) -> Result<[NewCell; 3], ColumnError> {
    let place = |name: &str| NewCell::of(name, header);
    Ok([
        place("token")?,
        if with_link { place("url_link")? } else { NewCell::None },
        place("expires_at")?,
    ])
}
