//! The rule of `generate`: a row gets a token over its claims, and a link that carries it.

mod claims;
mod expiry;
mod form;
mod header;
mod keep;

pub use claims::{
    ClaimPlan, ClaimPlanError, ClaimSource, campaign_source, customary_claims, forgotten_claims, settle_claims,
};
pub use expiry::{Expiry, ExpiryPlan};
pub use form::{Objects, OwnMembers, RowForm, Values};
pub use header::looks_like_data;
pub use keep::Keep;

use super::NewCells;
use super::codes::Codes;
use super::duplicates::{Collecting, Collector, Fingerprint};
use super::expiry_text::ExpiryText;
use super::lint::{self, Lint};
use super::problem::{RowProblem, check_form, excerpt};
use super::work::GROUP;
use super::{Reject, RowNumber, RowRule, Tally, Written, values};
use crate::claims::{ClaimError, ClaimsEncoder};
use crate::link::{CellError, LinkPattern};
use crate::moment::TimeFormat;
use crate::table::{Chunk, Row, push_cell};
use crate::token::{Minter, TokenId, Validity};
use keep::Keeper;
use std::sync::{Arc, Mutex, OnceLock};

/// What link a row gets.
#[derive(Clone, Debug)]
pub struct LinkPlan {
    /// The pattern for all rows that have none of their own, with the columns its placeholders name.
    pub pattern: Option<(LinkPattern, Vec<usize>)>,
    /// The column with base URLs of rows' own.
    pub base_url_column: Option<usize>,
    /// The query parameter that the token becomes in those.
    pub param: Option<String>,
    /// The host that links are expected to lead to: that of the pattern, else of the first row.
    first_host: Arc<OnceLock<String>>,
}

impl LinkPlan {
    /// Links by a pattern with the columns that its placeholders name, by rows' own addresses, or by both.
    #[must_use]
    pub fn new(
        pattern: Option<(LinkPattern, Vec<usize>)>,
        base_url_column: Option<usize>,
        param: Option<String>,
    ) -> Self {
        let first_host = Arc::new(OnceLock::new());
        if let Some((pattern, _)) = &pattern {
            first_host.get_or_init(|| pattern.host().to_owned());
        }
        Self {
            pattern,
            base_url_column,
            param,
            first_host,
        }
    }

    /// Looks for the first row with an address of its own. Each chunk must come by here before a worker has it: workers
    /// run ahead of each other, and must not take different hosts for the first.
    pub fn look_ahead(&self, chunk: &Chunk) {
        let Some(column) = self.base_url_column.filter(|_| self.first_host.get().is_none()) else {
            return;
        };
        let host = |row: Row<'_>| {
            let pattern = own_pattern(&mut None, &row, column, self.param.as_deref())
                .ok()??
                .host()
                .to_owned();
            Some(pattern)
        };
        if let Some(host) = chunk.page().rows().find_map(host) {
            self.first_host.get_or_init(|| host);
        }
    }

    /// Whether a link may need quotes in a cell.
    fn may_need_quotes(&self, places: &NewCells) -> bool {
        let mut text = Vec::new();
        match &self.pattern {
            Some((pattern, _)) if self.base_url_column.is_none() => {
                // what a cell becomes needs no quotes
                let _ = pattern.write(|_| {}, |_, out| out.push(b'x'), &mut text);
            }
            // rows' own addresses may hold anything that a URL may
            _ => return true,
        }
        places.may_quote(&text)
    }
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
    pub codes: Option<Arc<Codes>>,
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

/// The rule, with a worker's own buffers.
#[derive(Debug)]
pub struct Generate {
    plan: Arc<Plan>,
    scratch: Scratch,
}

/// What a worker uses again for every row.
#[derive(Debug)]
struct Scratch {
    minter: Minter,
    token: Vec<u8>,
    link: Vec<u8>,
    expiry: ExpiryText,
    own_link: Option<(String, LinkPattern)>,
    quotes_links: bool,
    /// Whether the first column is no claim, and may label a row that adds up the others.
    first_is_label: bool,
    /// The bytes of the rows' claims, where rows with equal ones share a token.
    claims: Vec<u8>,
    /// The rows that come next, in their order.
    drafts: Vec<Drafted>,
    /// Which of them are written.
    written: usize,
    collecting: Collecting,
    keeper: Keeper,
}

/// A row before it is written.
#[derive(Debug)]
struct Drafted {
    at: RowNumber,
    /// What was found in it.
    found: u16,
    outcome: DraftOutcome,
}

#[derive(Debug)]
enum DraftOutcome {
    Token(Draft),
    /// It has its token.
    Kept,
    /// In a box, as almost no row is.
    Rejected(Box<Reject>),
}

/// A token that is not signed yet.
#[derive(Clone, Debug)]
struct Draft {
    /// With the minter.
    number: usize,
    validity: Validity,
    has_own_expiry: bool,
    fingerprint: Option<Fingerprint>,
    /// Its claims, of the bytes of all.
    claims: std::ops::Range<usize>,
}

impl Generate {
    /// A rule for one worker.
    #[must_use]
    pub fn new(plan: Arc<Plan>, minter: Minter, fingerprints: &Arc<Mutex<Vec<Collector>>>) -> Self {
        let scratch = Scratch {
            minter,
            token: Vec::new(),
            link: Vec::new(),
            expiry: match &plan.expiry_format {
                Some(format) => ExpiryText::in_format(format.clone(), plan.expiry.times.zone().clone()),
                None => ExpiryText::default(),
            },
            own_link: None,
            quotes_links: plan
                .link
                .as_ref()
                // a code is drawn of the link as it is
                .is_some_and(|link| plan.codes.is_some() || link.may_need_quotes(&plan.places)),
            first_is_label: !plan.claims.iter().any(ClaimPlan::is_first_column),
            claims: Vec::new(),
            drafts: Vec::with_capacity(GROUP),
            written: 0,
            collecting: Collecting::into(fingerprints),
            keeper: Keeper::default(),
        };
        Self { plan, scratch }
    }

    /// What `row`, the one that was written last, has been given. Its link is put together again, as `write` puts it
    /// straight into its row and keeps no copy.
    ///
    /// # Errors
    /// When the row can't have a link.
    pub fn given(&mut self, row: &Row<'_>) -> Result<Given, Reject> {
        let mut link = Vec::new();
        if let Some(plan) = &self.plan.link {
            write_link(&self.scratch.token, &mut self.scratch.own_link, row, plan, &mut link)?;
        }
        Ok(Given {
            token: self.scratch.token.clone(),
            link,
            expires_at: self.scratch.expiry.time(),
            expiry: self.scratch.expiry.text().to_owned(),
        })
    }
}

impl Plan {
    #[inline]
    fn check_form(&self, row: &Row<'_>) -> Result<(), Reject> {
        check_form(row, self.width)?;
        match self.keeps(row) {
            true => Ok(()),
            false => self.places.check_empty(row).map_err(minted),
        }
    }

    /// Rejects a formula that was never calculated where its value is needed, and counts it elsewhere.
    #[inline]
    fn check_calculated(&self, row: &Row<'_>, tally: &mut Tally) -> Result<(), Reject> {
        for column in row.uncalculated() {
            if self.needs(column) {
                return Err(RowProblem::Uncalculated.in_column(column));
            }
            let found = self.checks.found(Lint::Uncalculated, tally);
            found.map_err(|()| RowProblem::Lint(Lint::Uncalculated).in_column(column))?;
            tally.uncalculated.insert(column);
        }
        Ok(())
    }

    /// Whether a claim, a link or a time is made of this column.
    #[must_use]
    pub fn needs(&self, column: usize) -> bool {
        let of_claims = self.claims.iter().any(|claim| match claim.source {
            ClaimSource::Column { column: own, .. } => own == column,
            ClaimSource::Constant(_) => false,
        });
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

    /// Pushes the row's claims in their order.
    #[inline]
    fn claims(&self, row: &Row<'_>, tally: &mut Tally, map: &mut ClaimsEncoder<'_>) -> Result<(), ClaimReject> {
        let mut unquoted = String::new();
        for claim in &self.claims {
            match &claim.source {
                ClaimSource::Constant(value) => {
                    map.push(&claim.name, value).map_err(ClaimReject::Row)?;
                }
                ClaimSource::Column { column, optional } => {
                    let text = row.text_in(*column, &mut unquoted).trim_ascii();
                    if text.is_empty() && *optional && claim.only.is_none() {
                        continue;
                    }
                    if claim.only.as_ref().is_some_and(|only| only != text) {
                        return Err(ClaimReject::Other(*column));
                    }
                    map.push(&claim.name, text)
                        .map_err(|error| ClaimReject::Cell(error, *column))?;
                    let shown = row.is_shown_with_more(*column).then_some(Lint::ShownWithMore);
                    let value = || lint::of_value(text, map.last_form(), self.checks.sealed);
                    if let Some(lint) = shown.or_else(value) {
                        let found = self.checks.found(lint, tally);
                        found.map_err(|()| ClaimReject::Lint(lint, *column))?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Scratch {
    /// All of a row's token but its signature.
    #[inline]
    fn draft(&mut self, plan: &Plan, row: &Row<'_>, at: RowNumber, tally: &mut Tally) -> Result<DraftOutcome, Reject> {
        plan.form.check_source(row, |column| plan.needs(column))?;
        plan.check_form(row)?;
        plan.check_calculated(row, tally)?;
        if plan.keeps(row) {
            return Ok(DraftOutcome::Kept);
        }
        let (validity, has_own_expiry) = plan.expiry.of(row)?;
        let mut fingerprint = None;
        let claims = self.claims.len();
        let id = plan.first_id.plus(plan.form.id_of(at.filled));
        let number = self.minter.draft(&validity, id, |map| {
            plan.claims(row, tally, map)?;
            if plan.checks.duplicates {
                fingerprint = Some(Fingerprint::of(map.entries()));
            }
            if plan.checks.dedupe {
                self.claims.extend_from_slice(map.entries());
            }
            Ok::<_, ClaimReject>(())
        });
        let number = number.map_err(ClaimReject::told)?;
        if self.first_is_label {
            plan.checks.check_label(row, tally)?;
        }
        Ok(DraftOutcome::Token(Draft {
            number,
            validity,
            has_own_expiry,
            fingerprint,
            claims: claims..self.claims.len(),
        }))
    }

    /// The token of a draft, once it is signed.
    #[inline]
    fn take_token(&mut self, draft: usize, plan: &Plan) {
        self.token.clear();
        self.minter.write(draft, &mut self.token);
        if plan.capitals {
            self.token.make_ascii_uppercase();
        }
    }

    /// Appends the row with its new cells.
    #[inline]
    fn write_cells(
        &mut self,
        plan: &Plan,
        row: &Row<'_>,
        number: u64,
        expires_at: Option<u32>,
        tally: &mut Tally,
        out: &mut Vec<u8>,
    ) -> Result<(), Reject> {
        if !plan.form.is_of_cells() {
            return self.write_apart(plan, row, expires_at, tally, out);
        }
        let mut own = false;
        let mut length = self.token.len();
        let expiry = self.expiry.of(expires_at);
        plan.places.write(row, out, |index, out| {
            match (index, &plan.link) {
                (0, _) => plan.places.push_plain(&self.token, out),
                (1, Some(link)) if self.quotes_links => {
                    self.link.clear();
                    own = write_link(&self.token, &mut self.own_link, row, link, &mut self.link)?;
                    length = self.link.len();
                    push_cell(&self.link, plan.places.delimiter(), out);
                }
                (1, Some(link)) => {
                    let start = out.len();
                    own = write_link(&self.token, &mut self.own_link, row, link, out)?;
                    length = out.len() - start;
                }
                (3, _) if plan.codes.is_some() => {
                    let name = plan.codes.as_ref().map(|codes| codes.name(number)).unwrap_or_default();
                    push_cell(&row.encoding().encode(&name), plan.places.delimiter(), out);
                }
                (3.., _) => {}
                _ if plan.expiry_format.is_some() => {
                    push_cell(&row.encoding().encode(expiry), plan.places.delimiter(), out)
                }
                _ => plan.places.push_plain(expiry.as_bytes(), out),
            }
            Ok::<_, Reject>(())
        })?;
        if let Some(codes) = &plan.codes {
            let link = if plan.link.is_some() { &self.link } else { &self.token };
            codes.draw(number, link)?;
        }
        self.settle(plan, own, length, tally)
    }

    /// Appends the row as an object, or what it is given by itself.
    fn write_apart(
        &mut self,
        plan: &Plan,
        row: &Row<'_>,
        expires_at: Option<u32>,
        tally: &mut Tally,
        out: &mut Vec<u8>,
    ) -> Result<(), Reject> {
        self.link.clear();
        let (mut own, mut length) = (false, self.token.len());
        if let Some(link) = &plan.link {
            own = write_link(&self.token, &mut self.own_link, row, link, &mut self.link)?;
            length = self.link.len();
        }
        let expiry = self.expiry.of(expires_at);
        match &plan.form {
            RowForm::Objects(objects) => {
                objects.write(row, [&self.token, &self.link], expires_at.map(|_| expiry), out);
            }
            _ => values::push_given(&self.token, &self.link, expires_at, out),
        }
        self.settle(plan, own, length, tally)
    }

    /// Where equal claims would be told only, notes them; else whoever writes the rows looks for them.
    #[inline]
    fn marked(&mut self, plan: &Plan, fingerprint: Option<Fingerprint>, at: RowNumber) -> Written {
        match fingerprint {
            Some(fingerprint) if plan.checks.strict => return Written::Marked(fingerprint),
            Some(fingerprint) => self.collecting.take(fingerprint, at.row),
            None => {}
        }
        Written::Row
    }

    /// Looks at what was written, and counts it.
    #[inline]
    fn settle(&mut self, plan: &Plan, own: bool, length: usize, tally: &mut Tally) -> Result<(), Reject> {
        if let Some(link) = &plan.link {
            self.check_link(plan.checks, link, own, length, tally)?;
            tally.own_base_url += u64::from(own);
        }
        tally.lengths.take(length as u32);
        Ok(())
    }

    #[inline]
    fn check_link(
        &self,
        checks: Checks,
        plan: &LinkPlan,
        own: bool,
        length: usize,
        tally: &mut Tally,
    ) -> Result<(), Reject> {
        if length > lint::LONG_LINK {
            let found = checks.found(Lint::LongLink, tally);
            found.map_err(|()| RowProblem::Lint(Lint::LongLink).in_row())?;
        }
        let Some((_, pattern)) = self.own_link.as_ref().filter(|_| own) else {
            return Ok(());
        };
        // that of the flag is told once, by whoever knows the flag
        if pattern.is_plain_http() {
            let found = checks.found(Lint::PlainHttp, tally);
            found.map_err(|()| RowProblem::Lint(Lint::PlainHttp).in_row())?;
        }
        if plan.first_host.get().is_some_and(|first| first != pattern.host()) {
            let found = checks.found(Lint::OtherHost, tally);
            let reject = |column| RowProblem::Lint(Lint::OtherHost).in_column(column);
            found.map_err(|()| reject(plan.base_url_column.unwrap_or_default()))?;
            tally.other_hosts.add(pattern.host());
        }
        Ok(())
    }
}

/// What is filled already was most likely minted already.
#[cold]
fn minted(mut reject: Reject) -> Reject {
    if let RowProblem::Filled(text) = reject.problem {
        reject.problem = RowProblem::Minted(text);
    }
    reject
}

/// Appends the row's link; whether its address is the row's own.
#[inline]
pub(super) fn write_link(
    token: &[u8],
    own_link: &mut Option<(String, LinkPattern)>,
    row: &Row<'_>,
    link: &LinkPlan,
    out: &mut Vec<u8>,
) -> Result<bool, Reject> {
    let push_token = |out: &mut Vec<u8>| out.extend_from_slice(token);
    if let Some(column) = link.base_url_column
        && let Some(pattern) = own_pattern(own_link, row, column, link.param.as_deref())?
    {
        // a base URL has no cells that could be wrong
        let _ = pattern.write(push_token, |_, _| {}, out);
        return Ok(true);
    }
    match (&link.pattern, link.base_url_column) {
        (Some((pattern, columns)), _) => {
            let cell = |index: usize, out: &mut Vec<u8>| {
                let text = row.text(columns[index]).unwrap_or_default();
                out.extend_from_slice(text.trim_ascii().as_bytes());
            };
            let written = pattern.write(push_token, cell, out);
            written.map_err(|CellError { cell, error }| RowProblem::PathCell(error).in_column(columns[cell]))?;
            Ok(false)
        }
        (None, Some(column)) => Err(RowProblem::NoBaseUrl.in_column(column)),
        (None, None) => Err(RowProblem::NoBaseUrl.in_row()),
    }
}

/// The pattern of a row's own address, parsed again only where it is another than the last one.
fn own_pattern<'a>(
    last: &'a mut Option<(String, LinkPattern)>,
    row: &Row<'_>,
    column: usize,
    param: Option<&str>,
) -> Result<Option<&'a LinkPattern>, Reject> {
    let text = row.text(column).unwrap_or_default();
    let text = text.trim_ascii();
    if text.is_empty() {
        return Ok(None);
    }
    if last.as_ref().is_none_or(|(last, _)| last != text) {
        let pattern = match param {
            Some(name) => LinkPattern::from_base_and_param(text, name),
            None => LinkPattern::from_base(text),
        };
        let pattern = pattern.map_err(|error| {
            let text = excerpt(text);
            RowProblem::BaseUrl { text, error }.in_column(column)
        })?;
        *last = Some((text.to_owned(), pattern));
    }
    Ok(last.as_ref().map(|(_, pattern)| pattern))
}

impl Checks {
    /// Counts a row that is most likely a mistake; an error where such rows are rejected.
    #[cold]
    fn found(self, lint: Lint, tally: &mut Tally) -> Result<(), ()> {
        if self.strict {
            return Err(());
        }
        tally.note(lint);
        Ok(())
    }

    /// Looks whether the first cell says that the row is no customer.
    #[inline]
    fn check_label(self, row: &Row<'_>, tally: &mut Tally) -> Result<(), Reject> {
        let text = row.text(0).unwrap_or_default();
        match lint::of_first_cell(text.trim_ascii()) {
            Some(lint) => self
                .found(lint, tally)
                .map_err(|()| RowProblem::Lint(lint).in_column(0)),
            None => Ok(()),
        }
    }
}

/// What a row is given.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Given {
    /// The token's text.
    pub token: Vec<u8>,
    /// The link; empty where there are tokens only.
    pub link: Vec<u8>,
    /// Seconds since 1970; `None` is never.
    pub expires_at: Option<u32>,
    /// That as its cell says it; empty for never.
    pub expiry: String,
}

enum ClaimReject {
    Cell(ClaimError, usize),
    Other(usize),
    Row(ClaimError),
    Lint(Lint, usize),
}

impl ClaimReject {
    #[cold]
    fn told(self) -> Reject {
        match self {
            ClaimReject::Cell(error @ ClaimError::TooMany(_), _) | ClaimReject::Row(error) => {
                RowProblem::Claims(error).in_row()
            }
            ClaimReject::Cell(error, column) => RowProblem::Claim(error).in_column(column),
            ClaimReject::Other(column) => RowProblem::OtherClaim.in_column(column),
            ClaimReject::Lint(lint, column) => RowProblem::Lint(lint).in_column(column),
        }
    }
}

impl From<ClaimError> for ClaimReject {
    fn from(error: ClaimError) -> Self {
        ClaimReject::Row(error)
    }
}

impl RowRule for Generate {
    #[inline]
    fn foresee(&mut self, row: &Row<'_>, at: RowNumber, tally: &mut Tally) {
        let (plan, scratch) = (&*self.plan, &mut self.scratch);
        if scratch.written == scratch.drafts.len() {
            scratch.minter.clear();
            scratch.drafts.clear();
            scratch.claims.clear();
            scratch.written = 0;
        }
        let outcome = scratch.draft(plan, row, at, tally);
        scratch.drafts.push(Drafted {
            at,
            found: tally.take_found(),
            outcome: outcome.unwrap_or_else(|reject| DraftOutcome::Rejected(Box::new(reject))),
        });
    }

    fn foreseen(&mut self) {
        self.scratch.minter.sign();
    }

    #[inline]
    fn write(&mut self, row: &Row<'_>, at: RowNumber, tally: &mut Tally, out: &mut Vec<u8>) -> Result<Written, Reject> {
        if self.scratch.written == self.scratch.drafts.len() {
            // a row by itself
            self.foresee(row, at, tally);
            self.foreseen();
        }
        let (plan, scratch) = (&*self.plan, &mut self.scratch);
        let drafted = &scratch.drafts[scratch.written];
        debug_assert_eq!((drafted.at.filled, drafted.at.row), (at.filled, at.row));
        scratch.written += 1;
        tally.put_found(drafted.found);
        let draft = match &drafted.outcome {
            DraftOutcome::Token(draft) => draft.clone(),
            DraftOutcome::Kept => return scratch.write_kept(plan, row, at, tally, out),
            DraftOutcome::Rejected(reject) => return Err(Reject::clone(reject)),
        };
        scratch.take_token(draft.number, plan);
        let expires_at = draft.validity.expires_at();
        scratch.write_cells(plan, row, at.row, expires_at, tally, out)?;
        tally.count_expiry(expires_at);
        tally.own_expiry += u64::from(draft.has_own_expiry);
        if let Some(column) = plan.checks.campaigns {
            let campaign = row.text(column).unwrap_or_default();
            tally.campaigns.count(campaign.trim_ascii());
        }
        Ok(scratch.marked(plan, draft.fingerprint, at))
    }

    fn customer(&self) -> Option<(&[u8], Option<u32>)> {
        let scratch = &self.scratch;
        let drafted = scratch.written.checked_sub(1).and_then(|last| scratch.drafts.get(last));
        match drafted.map(|drafted| &drafted.outcome) {
            Some(DraftOutcome::Token(draft)) if self.plan.checks.dedupe => {
                Some((&scratch.claims[draft.claims.clone()], scratch.expiry.time()))
            }
            _ => None,
        }
    }

    fn write_blank(&self, row: &Row<'_>, out: &mut Vec<u8>) {
        if self.plan.form.is_of_cells() {
            self.plan.places.write_blank(row, self.plan.width, out);
        }
    }

    fn write_rejected(&self, row: &Row<'_>, _at: RowNumber, reject: &Reject, out: &mut Vec<u8>) {
        let plan = &*self.plan;
        plan.form.write_rejected(&plan.places, plan.width, row, reject, out);
    }
}
