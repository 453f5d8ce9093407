//! The front door of a whole list: customers in, the same customers with their links out.
//!
//! [`batch`] can do more, and asks for a plan of everything; a program that has a list, a keyring and a shop's address
//! wants the plan that `linkmint generate` makes of them.

use crate::batch::duplicates;
use crate::batch::generate::{Checks, ClaimPlan, ClaimSource, Expiry, ExpiryPlan, Generate, LinkPlan, Plan};
use crate::batch::lint::Lint;
use crate::batch::{self, BatchError, Place, Places, RejectForm, Report, Sinks};
use crate::claims::{ClaimError, ClaimName, MAX_CLAIMS, MAX_VALUE};
use crate::link::LinkPattern;
use crate::moment::{UnixTime, Zone};
use crate::table::{ColumnError, Header, ReadOptions, RecordReader, TableError};
use crate::token::{Form, Minter, TokenId, Validity, jwt};
use std::io::{Read, Write};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

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
/// Columns with rows' own times or addresses are read by [`batch::generate`] alone.
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

impl From<TableError> for CampaignError {
    fn from(error: TableError) -> Self {
        CampaignError::Batch(BatchError::Table(error))
    }
}

/// The column that a list must have unless claims are chosen.
const CUSTOMER: &str = "customer_id";
/// Those that become claims where they exist.
const OTHERS: [&str; 2] = ["campaign_id", "product_id"];
/// What is appended.
const NEW_COLUMNS: [&str; 3] = ["token", "url_link", "expires_at"];

impl Campaign {
    /// Tokens without links, over `customer_id` and, where the list has them, `campaign_id` and `product_id`. The row
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
        mut rejects: Option<&mut (dyn Write + Send)>,
    ) -> Result<Report, CampaignError> {
        let (reader, preamble) = RecordReader::open(list, self.reading)?;
        let (header, delimiter) = (&preamble.header, reader.dialect().delimiter);
        let plan = Arc::new(self.plan(header, delimiter)?);
        let mut first = preamble.bytes.clone();
        let mut first_bad = preamble.bytes.clone();
        if header.is_present() {
            first.extend_from_slice(&plan.places.header(header, reader.encoding()));
        }
        first_bad.extend_from_slice(&batch::reject_header(header.raw(), header.line_break(), delimiter));
        links.write_all(&first).map_err(BatchError::Output)?;
        if let Some(rejects) = &mut rejects {
            rejects.write_all(&first_bad).map_err(BatchError::Rejects)?;
        }
        let sinks = Sinks {
            output: &mut links,
            rejects: rejects.map(|file| file as &mut (dyn Write + Send)),
            reject_form: RejectForm::Before,
            counter: None,
            progress: &|_, _| {},
        };
        let fingerprints = Arc::<Mutex<Vec<_>>>::default();
        let rule = || Generate::new(Arc::clone(&plan), self.minter.clone(), &fingerprints);
        let one_a_core = || std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let threads = self.threads.unwrap_or_else(one_a_core);
        let (mut report, result) = batch::run(reader, header.names(), threads, None, rule, sinks);
        result?;
        links.flush().map_err(BatchError::Output)?;
        let fingerprints = fingerprints.lock().unwrap_or_else(PoisonError::into_inner);
        report.tally.lint(Lint::Duplicate, duplicates::find(&fingerprints));
        Ok(report)
    }

    fn plan(&self, header: &Header, delimiter: u8) -> Result<Plan, CampaignError> {
        let claims = self.claim_plans(header)?;
        let link = self.link_plan(header)?;
        let of_columns = |claim: &ClaimPlan| matches!(claim.source, ClaimSource::Column { .. });
        Ok(Plan {
            width: header.len(),
            checks: Checks {
                strict: false,
                sealed: matches!(self.minter.form(), Form::Sealed(_)),
                duplicates: claims.iter().any(of_columns),
                campaigns: None,
            },
            claims,
            expiry: self.expiry(),
            places: Places::new(places(header, link.is_some())?, delimiter, false),
            link,
            first_id: self.first_id,
        })
    }

    fn expiry(&self) -> ExpiryPlan {
        let time = |seconds: u32| UnixTime(seconds);
        let expiry = self
            .validity
            .expires_at()
            .map_or(Expiry::Never, |at| Expiry::At(time(at)));
        let not_before = self.validity.not_before().map(time);
        ExpiryPlan::new(time(self.validity.issued_at()), not_before, Some(expiry), Zone::utc())
            .expect("a validity keeps the rules of the times")
    }

    fn claim_plans(&self, header: &Header) -> Result<Vec<ClaimPlan>, CampaignError> {
        let mut plans = match &self.claims {
            Some(chosen) => chosen
                .iter()
                .map(|(name, column)| Ok(of_column(name.clone(), header.column(column)?)))
                .collect::<Result<_, ColumnError>>()?,
            None => customary(header)?,
        };
        plans.extend(self.constants.iter().map(|(name, value)| ClaimPlan {
            name: name.clone(),
            source: ClaimSource::Constant(value.clone()),
        }));
        plans.sort_by(|a, b| a.name.cmp(&b.name));
        let count = plans.len();
        let fault = |index: usize, plan: &ClaimPlan| {
            let own = jwt::reserved(plan.name.as_str()).filter(|_| self.minter.form() == Form::Jwt);
            let twice = index > 0 && plans[index - 1].name == plan.name;
            match own {
                Some(name) => Some(ClaimError::Reserved(name)),
                None if twice => Some(ClaimError::Twice),
                None => (index == MAX_CLAIMS).then_some(ClaimError::TooMany(count)),
            }
        };
        let found = plans.iter().enumerate().find_map(|(index, plan)| {
            let name = plan.name.clone();
            fault(index, plan).map(|error| CampaignError::Claim { name, error })
        });
        found.map_or(Ok(plans), Err)
    }

    fn link_plan(&self, header: &Header) -> Result<Option<LinkPlan>, ColumnError> {
        let Some(pattern) = &self.link else {
            return Ok(None);
        };
        let columns: Result<_, _> = pattern.columns().map(|column| header.column(column)).collect();
        Ok(Some(LinkPlan {
            pattern: Some((pattern.clone(), columns?)),
            base_url_column: None,
            param: None,
        }))
    }
}

fn of_column(name: ClaimName, column: usize) -> ClaimPlan {
    let source = ClaimSource::Column {
        column,
        optional: false,
    };
    ClaimPlan { name, source }
}

fn customary(header: &Header) -> Result<Vec<ClaimPlan>, ColumnError> {
    let name = |text| ClaimName::parse(text).expect("a registered name");
    let mut plans = vec![of_column(name(CUSTOMER), header.column(CUSTOMER)?)];
    for other in OTHERS {
        plans.extend(header.find(other)?.map(|column| of_column(name(other), column)));
    }
    Ok(plans)
}

/// New cells are appended, or filled into the empty cells of columns that have their names already.
fn places(header: &Header, with_link: bool) -> Result<[Place; 3], ColumnError> {
    let place = |name: &str| Ok(Place::of(name, header.find(name)?));
    let [token, link, expiry] = NEW_COLUMNS;
    Ok([
        place(token)?,
        if with_link { place(link)? } else { Place::None },
        place(expiry)?,
    ])
}
