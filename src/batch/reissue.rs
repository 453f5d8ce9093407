//! The rule of a list whose expired links are to be renewed: a row whose token ran out gets a new one, the others stay.
//!
//! Nothing of a row is believed, as in a check: a token that is not authentic, is revoked, or stands in another's row has
//! no successor, and its row is rejected. Two rows with one old token share the new one.

use super::expiry_text::ExpiryText;
use super::generate::{LinkPlan, write_link};
use super::pool::lock;
use super::problem::{RowProblem, excerpt};
use super::verify::{Scratch, VerifyPlan};
use super::{LintCount, NewCell, NewCells, Reject, RowNumber, RowRule, Tally, Written};
use crate::claims::{Claim, ClaimSet};
use crate::excerpt::Excerpt;
use crate::key::Key;
use crate::ledger::{Replacement, Sightings};
use crate::link::{LinkError, LinkPattern};
use crate::moment::{self, TimeFormat, UnixTime, Zone};
use crate::paste;
use crate::table::{Row, push_cell};
use crate::token::shape::has_shape;
use crate::token::{Authentic, Form, Minter, Refusal, Status, TokenId, Trace, Validity};
use std::sync::{Arc, Mutex};

/// All that a run decides before its first row.
#[derive(Clone, Debug)]
pub struct ReissuePlan {
    /// How old tokens are found and checked; of its rules, the times don't matter.
    pub check: VerifyPlan,
    /// When tokens count as expired.
    pub now: UnixTime,
    /// The key of the new ones.
    pub key: Key,
    /// When they are valid.
    pub validity: Validity,
    /// The id of row 0.
    pub first_id: TokenId,
    /// Where new links lead.
    pub address: Address,
    /// Where the new cells go.
    pub cells: ReissuedCells,
    /// Write only the rows that get a new token.
    pub only_new: bool,
}

/// Where new links lead.
#[derive(Clone, Debug)]
pub enum Address {
    /// Nowhere: there are tokens only.
    None,
    /// To these addresses.
    Plan(LinkPlan),
    /// To that of the row's old link, where its host, in lower case, is one of these.
    Own(Vec<String>),
}

/// Where the new cells go: token, link, expiry, then status and expiry as a check has left them.
#[derive(Clone, Debug)]
pub struct ReissuedCells {
    /// In that order.
    pub places: NewCells,
    /// How the expiry is written where not in RFC 3339.
    pub expiry_format: Option<(TimeFormat, Zone)>,
}

const TOKEN: usize = 0;
const LINK: usize = 1;
const EXPIRES: usize = 2;
const STATUS: usize = 3;

/// The tokens that were replaced.
#[derive(Debug, Default)]
pub struct Replaced {
    /// What each was replaced by; of a token that stands twice, the last one counts.
    pub by: Vec<(Trace, Replacement)>,
    /// The old tokens, to be revoked.
    pub old: Sightings,
}

/// The rule, with a worker's own buffers.
#[derive(Debug)]
pub(super) struct Reissue {
    plan: Arc<ReissuePlan>,
    scratch: Scratch,
    minters: Vec<Minter>,
    cells: Cells,
    replaced: Replaced,
    all: Arc<Mutex<Replaced>>,
    /// What tells the old token of the row that was written last, where it got a new one.
    old: Option<[u8; 16]>,
}

/// Why an address is not taken over: a stranger's must not become ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// It leads to another host.
    #[error("its host is {}", Excerpt(.0))]
    Host(String),
    /// No link has it.
    #[error(transparent)]
    Link(#[from] LinkError),
}

/// The address round one of these tokens in a text, for another token in its place, where its host is allowed.
///
/// # Errors
/// Why none of those that are there is.
pub fn own_address<'t>(
    text: &str,
    tokens: impl IntoIterator<Item = &'t str>,
    hosts: &[String],
) -> Result<Option<LinkPattern>, AddressError> {
    let (mut other, mut bad) = (None, None);
    let found = tokens.into_iter().flat_map(|token| paste::addresses_round(text, token));
    for address in found {
        match LinkPattern::from_address(&address.before, &address.after) {
            Ok(pattern) if pattern.leads_to(hosts) => return Ok(Some(pattern)),
            Ok(pattern) => _ = other.get_or_insert(AddressError::Host(pattern.host().to_owned())),
            Err(error) => _ = bad.get_or_insert(error.into()),
        }
    }
    other.or(bad).map_or(Ok(None), Err)
}

/// What a worker uses again for every row.
#[derive(Debug)]
struct Cells {
    token: Vec<u8>,
    link: Vec<u8>,
    own_link: Option<(String, LinkPattern)>,
    expiry: ExpiryText,
    checked_expiry: ExpiryText,
}

/// The minter of a form that an old token has, which may be made already.
fn minter_of<'m>(minters: &'m mut Vec<Minter>, key: &Key, form: Form) -> &'m mut Minter {
    let place = minters.iter().position(|minter| minter.form() == form);
    let place = place.unwrap_or_else(|| {
        minters.push(Minter::new(key, form));
        minters.len() - 1
    });
    &mut minters[place]
}

impl Reissue {
    /// A rule for one worker; what it replaced joins that of the others in `all` when it is done.
    pub(super) fn new(plan: Arc<ReissuePlan>, all: &Arc<Mutex<Replaced>>) -> Self {
        Self {
            scratch: Scratch::default(),
            minters: Vec::new(),
            cells: Cells {
                token: Vec::new(),
                link: Vec::new(),
                own_link: None,
                expiry: ExpiryText::new(plan.cells.expiry_format.clone()),
                checked_expiry: ExpiryText::default(),
            },
            plan,
            replaced: Replaced::default(),
            all: Arc::clone(all),
            old: None,
        }
    }
}

/// A cell in which the old token was looked for.
struct Held {
    column: usize,
    /// The token, where there is one.
    text: Option<String>,
    /// Where it stands in a link, whose pattern may be taken over or not.
    link: Option<Option<LinkPattern>>,
}

impl RowRule for Reissue {
    fn write(&mut self, row: &Row<'_>, at: RowNumber, tally: &mut Tally, out: &mut Vec<u8>) -> Result<Written, Reject> {
        let plan = &*self.plan;
        self.old = None;
        plan.check.check_row(row)?;
        let verdict = self.scratch.verdict(&plan.check, row, tally);
        let column = plan.check.tokens.first;
        let (token, trace) = match (verdict.token, verdict.trace, verdict.refusal) {
            (Some(token), Some(trace), None) => (token, trace),
            (_, _, refusal) => {
                let refusal = refusal.unwrap_or(Refusal::InvalidSignature);
                return Err(RowProblem::Replaced(refusal).in_column(column));
            }
        };
        let status = token.check(plan.now.0.into(), 0).err();
        let status = status.as_ref().map_or(Status::Valid, Refusal::status);
        let expires_at = token.times().expires_at;
        if status != Status::Expired {
            if !plan.only_new {
                self.cells.write_kept(plan, row, status, expires_at, out)?;
            }
            tally.kept += 1;
            return Ok(Written::Row);
        }
        let id = plan.first_id.plus(at.filled);
        let (length, left_old) = self.cells.write_new(plan, &mut self.minters, row, &token, id, out)?;
        if left_old {
            tally.left_old.add(LintCount {
                count: 1,
                first_row: at.row,
            });
        }
        tally.count_expiry(plan.validity.expires_at());
        tally.lengths.take(u32::try_from(length).unwrap_or(u32::MAX));
        let by = Replacement::new(plan.key.id(), id, &plan.validity);
        self.old = Some(*token.tag());
        self.replaced.by.push((trace, by));
        self.replaced.old.add(&token, trace, status, false);
        Ok(Written::Row)
    }

    /// A row with the token of an earlier one gets its successor too.
    fn customer(&self) -> Option<(&[u8], Option<u32>)> {
        let old = self.old.as_ref()?;
        Some((old, self.plan.validity.expires_at()))
    }

    fn write_blank(&self, row: &Row<'_>, out: &mut Vec<u8>) {
        if !self.plan.only_new {
            self.plan.cells.places.write_blank(row, self.plan.check.width, out);
        }
    }
}

impl Drop for Reissue {
    fn drop(&mut self) {
        let mut all = lock(&self.all);
        all.by.append(&mut self.replaced.by);
        all.old.extend(&self.replaced.old, self.replaced.old.len());
    }
}

impl Cells {
    /// Appends the row with a new token in the place of the old one. Says how long its link is, or its token where it has no
    /// link, and whether a cell that is not renewed has the old token.
    fn write_new(
        &mut self,
        plan: &ReissuePlan,
        minters: &mut Vec<Minter>,
        row: &Row<'_>,
        old: &Authentic<'_>,
        id: TokenId,
        out: &mut Vec<u8>,
    ) -> Result<(usize, bool), Reject> {
        let places = &plan.cells.places;
        let tokens = &plan.check.tokens;
        let mut held = vec![plan.held(row, tokens.first)?];
        held.extend(tokens.second.map(|column| plan.held(row, column)).transpose()?);
        let text = held.iter().find_map(|cell| cell.text.as_deref());
        self.mint(minter_of(minters, &plan.key, old.form()), plan, old, id, text)?;
        self.link.clear();
        match &plan.address {
            Address::None => {}
            Address::Plan(link) => drop(write_link(&self.token, &mut self.own_link, row, link, &mut self.link)?),
            Address::Own(_) => {
                let own = held.iter().find_map(|cell| cell.link.as_ref()?.as_ref());
                let link = own.map(|pattern| pattern.link(&self.token)).unwrap_or_default();
                self.link.extend_from_slice(link.as_bytes());
            }
        }
        if let Some(cell) = held.iter().find(|cell| cell.link.is_some() && self.link.is_empty()) {
            return Err(RowProblem::NoAddress.in_column(cell.column));
        }
        plan.check_expiry_form(row)?;
        let (issued_at, not_before) = (plan.validity.issued_at(), plan.validity.not_before());
        let status = match not_before.is_some_and(|start| start > issued_at) {
            true => Status::NotYetValid,
            false => Status::Valid,
        };
        let expires_at = plan.validity.expires_at();
        let (expiry, checked) = (self.expiry.of(expires_at), self.checked_expiry.of(expires_at));
        places.write(row, out, |place, out| {
            // a cell gets what it had; only an empty one is filled by its name
            let own = held
                .iter()
                .find(|cell| places.places[place] == NewCell::Column(cell.column));
            let had_link = own.filter(|cell| cell.text.is_some()).map(|cell| cell.link.is_some());
            match place {
                TOKEN | LINK if had_link.unwrap_or(place == LINK) => push_cell(&self.link, places.delimiter, out),
                TOKEN | LINK => places.push_plain(&self.token, out),
                EXPIRES => push_cell(&row.encoding().encode(expiry), places.delimiter, out),
                STATUS => places.push_plain(status.as_str().as_bytes(), out),
                _ => places.push_plain(checked.as_bytes(), out),
            }
            Ok::<_, Reject>(())
        })?;
        let is_other = |column: &usize| held.iter().all(|cell| cell.column != *column);
        let has_old = |column| row.text(column).zip(text).is_some_and(|(cell, old)| cell.contains(old));
        let length = if self.link.is_empty() { &self.token } else { &self.link }.len();
        Ok((length, (0..row.len()).filter(is_other).any(has_old)))
    }

    /// The new token, as the old one is written: perhaps in capitals.
    fn mint(
        &mut self,
        minter: &mut Minter,
        plan: &ReissuePlan,
        old: &Authentic<'_>,
        id: TokenId,
        text: Option<&str>,
    ) -> Result<(), Reject> {
        let claims: Vec<_> = old.claims().iter().map(Claim::to_texts).collect();
        let refused = |error| RowProblem::Claims(error).in_row();
        let claims = claims.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let claims = ClaimSet::of(claims).map_err(refused)?;
        let token = minter.mint_claims(&plan.validity, id, &claims).map_err(refused)?;
        self.token.clear();
        self.token.extend_from_slice(token.as_bytes());
        let is_lower = token.bytes().all(|byte| !byte.is_ascii_uppercase());
        if is_lower && text.is_some_and(|old| old.bytes().all(|byte| !byte.is_ascii_lowercase())) {
            self.token.make_ascii_uppercase();
        }
        Ok(())
    }

    /// Appends a row that stays as it is; a cell that is appended to all rows tells of its own token.
    fn write_kept(
        &mut self,
        plan: &ReissuePlan,
        row: &Row<'_>,
        status: Status,
        expires_at: Option<u32>,
        out: &mut Vec<u8>,
    ) -> Result<(), Reject> {
        let places = &plan.cells.places;
        if places.width(row.len()) == row.len() {
            out.extend_from_slice(row.raw());
            out.extend_from_slice(row.line_break());
            return Ok(());
        }
        self.link.clear();
        if let (Address::Plan(link), Some(text)) = (&plan.address, plan.held(row, plan.check.tokens.first)?.text) {
            write_link(text.as_bytes(), &mut self.own_link, row, link, &mut self.link)?;
        }
        let (expiry, checked) = (self.expiry.of(expires_at), self.checked_expiry.of(expires_at));
        places.write(row, out, |place, out| {
            match (&places.places[place], place) {
                (NewCell::Column(column), _) => out.extend_from_slice(row.cell(*column)),
                (_, LINK) => push_cell(&self.link, places.delimiter, out),
                (_, EXPIRES) => push_cell(&row.encoding().encode(expiry), places.delimiter, out),
                (_, STATUS) => places.push_plain(status.as_str().as_bytes(), out),
                _ => places.push_plain(checked.as_bytes(), out),
            }
            Ok::<_, Reject>(())
        })
    }
}

impl ReissuePlan {
    /// That the expiry which is overwritten was written as the new one is: one list has one way.
    fn check_expiry_form(&self, row: &Row<'_>) -> Result<(), Reject> {
        let filled = self.cells.places.text(EXPIRES, row);
        match filled.filter(|_| self.cells.expiry_format.is_none()) {
            Some((column, text)) if moment::instant(text.trim_ascii()).is_err() => {
                Err(RowProblem::ExpiryForm(excerpt(&text)).in_column(column))
            }
            _ => Ok(()),
        }
    }

    /// The token in a cell, and its link.
    fn held(&self, row: &Row<'_>, column: usize) -> Result<Held, Reject> {
        let cell = row.text(column).unwrap_or_default();
        let cell = cell.trim_ascii();
        let held = |text: Option<&str>, link| Held {
            column,
            text: text.map(str::to_owned),
            link,
        };
        if cell.is_empty() {
            return Ok(held(None, None));
        }
        if has_shape(cell) {
            return Ok(held(Some(cell), None));
        }
        let candidates = paste::candidates(cell);
        let [candidate] = candidates.as_slice() else {
            return Err(RowProblem::NoLink.in_column(column));
        };
        let text = candidate.text.as_str();
        let own = paste::addresses_round(cell, text).into_iter().find_map(|address| {
            let whole = address.before.len() + text.len() + address.after.len() == cell.len();
            let pattern = LinkPattern::from_address(&address.before, &address.after);
            pattern.ok().filter(|_| whole)
        });
        let own = own.ok_or_else(|| RowProblem::NoLink.in_column(column))?;
        let pattern = match &self.address {
            Address::Own(hosts) if own.leads_to(hosts) => Some(own),
            Address::Own(_) => {
                let host = Excerpt(own.host()).to_string();
                return Err(RowProblem::OwnHost(host).in_column(column));
            }
            _ => None,
        };
        Ok(held(Some(text), Some(pattern)))
    }
}
