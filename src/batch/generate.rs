//! The rule of `generate`: a row gets a token over its claims, and a link that carries it.

mod claims;
mod draft;
mod expiry;
mod form;
mod header;
mod keep;
mod link;
mod plan;
mod unused;

pub use claims::{
    ClaimPlan, ClaimPlanError, ClaimSource, campaign_source, customary_claims, forgotten_claims, make_optional,
    settle_claims,
};
pub use expiry::{Expiry, ExpiryPlan};
pub use form::{Objects, OwnMembers, RowForm, Values};
pub use header::looks_like_data;
pub use link::LinkPlan;
pub(in crate::batch) use link::write_link;
use link::write_link_with;
pub use plan::{Checks, Keep, Plan};
pub use unused::{BASE_URL_COLUMN, Chosen, DURATION_COLUMN, ExactName, Unused, unused_columns};

use super::duplicates::{Collecting, Collector, Fingerprint};
use super::expiry_text::ExpiryText;
use super::lint::{self, Lint};
use super::work::GROUP;
use super::{Reject, RowNumber, RowRule, Tally, Written, values};
use crate::link::LinkPattern;
use crate::table::{Row, push_cell};
use crate::token::Minter;
use draft::{Draft, DraftOutcome, Drafted, push_token};
use keep::Keeper;
use std::sync::{Arc, Mutex};

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
    /// Nothing is drawn, as the row is counted only.
    only_counts: bool,
    collecting: Collecting,
    keeper: Keeper,
}

impl Generate {
    /// A rule for one worker.
    #[must_use]
    pub fn new(plan: Arc<Plan>, minter: Minter, fingerprints: &Arc<Mutex<Vec<Collector>>>) -> Self {
        let format = plan.expiry_format.clone();
        let scratch = Scratch {
            minter,
            token: Vec::new(),
            link: Vec::new(),
            expiry: ExpiryText::new(format.map(|format| (format, plan.expiry.times.zone().clone()))),
            own_link: None,
            quotes_links: plan
                .link
                .as_ref()
                // a code is drawn of the link as it is
                .is_some_and(|link| plan.drawings.any() || link.may_need_quotes(&plan.places)),
            first_is_label: !plan.claims.iter().any(|claim| claim.column() == Some(0)),
            claims: Vec::new(),
            drafts: Vec::with_capacity(GROUP),
            written: 0,
            only_counts: false,
            collecting: Collecting::into(fingerprints),
            keeper: Keeper::default(),
        };
        Self { plan, scratch }
    }

    /// What `row`, the one that was written last, has been given: its token, its link, which is empty where there are tokens
    /// only, and its expiry as a cell says it, empty for never. The link is put together again, as `write` puts it straight
    /// into its row and keeps no copy.
    ///
    /// # Errors
    /// When the row can't have a link.
    pub fn given(&mut self, row: &Row<'_>) -> Result<[String; 3], Reject> {
        let mut link = Vec::new();
        if let Some(plan) = &self.plan.link {
            write_link(&self.scratch.token, &mut self.scratch.own_link, row, plan, &mut link)?;
        }
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok([text(&self.scratch.token), text(&link), self.scratch.expiry.text.clone()])
    }
}

impl Scratch {
    /// Appends the row with its new cells.
    #[inline]
    fn write_cells(
        &mut self,
        plan: &Plan,
        row: &Row<'_>,
        number: u64,
        draft: &Draft,
        tally: &mut Tally,
        out: &mut Vec<u8>,
    ) -> Result<(), Reject> {
        self.take_token(draft, plan);
        let mut own = false;
        let mut length = self.token.len();
        let expiry = self.expiry.of(draft.expires_at);
        plan.places.write(row, out, |index, out| {
            match (index, &plan.link) {
                (0, _) => plan.places.push_plain(&self.token, out),
                (1, Some(link)) if self.quotes_links => {
                    self.link.clear();
                    own = write_link(&self.token, &mut self.own_link, row, link, &mut self.link)?;
                    length = self.link.len();
                    push_cell(&self.link, plan.places.delimiter, out);
                }
                (1, Some(link)) => {
                    let start = out.len();
                    own = write_link(&self.token, &mut self.own_link, row, link, out)?;
                    length = out.len() - start;
                }
                (3, _) if plan.drawings.codes.is_some() => {
                    let name = plan.drawings.name(number);
                    push_cell(&row.encoding().encode(&name), plan.places.delimiter, out);
                }
                (3.., _) => {}
                _ if plan.expiry_format.is_some() => {
                    push_cell(&row.encoding().encode(expiry), plan.places.delimiter, out)
                }
                _ => plan.places.push_plain(expiry.as_bytes(), out),
            }
            Ok::<_, Reject>(())
        })?;
        if plan.drawings.any() && !self.only_counts {
            plan.drawings.draw(number, row, &self.token, &self.link)?;
        }
        self.settle(plan, own, length, tally)
    }

    /// Appends the row as an object.
    fn write_object(
        &mut self,
        plan: &Plan,
        objects: &Objects,
        row: &Row<'_>,
        draft: &Draft,
        tally: &mut Tally,
        out: &mut Vec<u8>,
    ) -> Result<(), Reject> {
        self.take_token(draft, plan);
        let mut own = false;
        self.link.clear();
        if let Some(link) = &plan.link {
            own = write_link(&self.token, &mut self.own_link, row, link, &mut self.link)?;
        }
        let expiry = draft.expires_at.map(|_| self.expiry.of(draft.expires_at));
        objects.write(row, [&self.token, &self.link], expiry, out);
        let length = if plan.link.is_some() { &self.link } else { &self.token }.len();
        self.settle(plan, own, length, tally)
    }

    /// Appends what the row is given by itself.
    #[inline]
    fn write_values(
        &mut self,
        plan: &Plan,
        row: &Row<'_>,
        draft: &Draft,
        tally: &mut Tally,
        out: &mut Vec<u8>,
    ) -> Result<(), Reject> {
        let token = values::push_token(draft.expires_at, out, |out| push_token(&self.minter, draft, plan, out));
        let Some(link) = &plan.link else {
            values::push_no_link(out);
            return self.settle(plan, false, token, tally);
        };
        let (own, around) = values::push_link(out, |token, out| {
            write_link_with(token, &mut self.own_link, row, link, out)
        })?;
        self.settle(plan, own, around + token, tally)
    }

    /// Where equal claims would be told only, notes them; else whoever writes the rows looks for them.
    #[inline]
    fn marked(&mut self, plan: &Plan, fingerprint: Option<Fingerprint>, at: RowNumber) -> Written {
        match fingerprint {
            Some(fingerprint) if plan.checks.strict => return Written::Marked(fingerprint),
            Some(fingerprint) => self.collecting.own.take(fingerprint, at.row),
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
            checks.found(Lint::LongLink, None, tally)?;
        }
        let Some((_, pattern)) = self.own_link.as_ref().filter(|_| own) else {
            return Ok(());
        };
        // that of the flag is told once, by whoever knows the flag
        if pattern.is_plain_http() {
            checks.found(Lint::PlainHttp, None, tally)?;
        }
        if plan.first_host.get().is_some_and(|first| first != pattern.host()) {
            checks.found(Lint::OtherHost, plan.base_url_column, tally)?;
            tally.other_hosts.count(pattern.host());
        }
        Ok(())
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
        if let Err(reject) = scratch.draft(plan, row, at, tally) {
            scratch.take_draft(DraftOutcome::Rejected(Box::new(reject)), tally);
        }
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
        scratch.written += 1;
        tally.put_found(drafted.found);
        let draft = match &drafted.outcome {
            DraftOutcome::Token(draft) => draft.clone(),
            DraftOutcome::Kept => return scratch.write_kept(plan, row, at, tally, out),
            DraftOutcome::Rejected(reject) => return Err(Reject::clone(reject)),
        };
        match &plan.form {
            RowForm::Values(_) => scratch.write_values(plan, row, &draft, tally, out)?,
            RowForm::Objects(objects) => scratch.write_object(plan, objects, row, &draft, tally, out)?,
            RowForm::Cells | RowForm::CellsAndErrors { .. } => {
                scratch.write_cells(plan, row, at.row, &draft, tally, out)?;
            }
        }
        tally.count_expiry(draft.expires_at);
        tally.own_expiry += u64::from(draft.has_own_expiry);
        if let Some(column) = plan.checks.campaigns {
            let campaign = row.text(column).unwrap_or_default();
            tally.campaigns.count(campaign.trim_ascii());
        }
        Ok(scratch.marked(plan, draft.fingerprint, at))
    }

    fn count_again(&mut self, row: &Row<'_>, at: RowNumber, tally: &mut Tally) {
        self.scratch.only_counts = true;
        let written = self.write(row, at, tally, &mut Vec::new());
        self.scratch.only_counts = false;
        tally.settle(at.row, written.is_ok());
    }

    fn customer(&self) -> Option<(&[u8], Option<u32>)> {
        let scratch = &self.scratch;
        let drafted = scratch.written.checked_sub(1).and_then(|last| scratch.drafts.get(last));
        match drafted.map(|drafted| &drafted.outcome) {
            Some(DraftOutcome::Token(draft)) if self.plan.checks.dedupe => {
                Some((&scratch.claims[draft.claims.clone()], draft.expires_at))
            }
            _ => None,
        }
    }

    fn write_blank(&self, row: &Row<'_>, out: &mut Vec<u8>) {
        if self.plan.form.is_of_cells() {
            self.plan.places.write_blank(row, self.plan.width, out);
        }
    }

    fn write_rejected(&self, row: &Row<'_>, at: RowNumber, reject: &Reject, out: &mut Vec<u8>) {
        let plan = &*self.plan;
        if plan.drawings.any() {
            plan.drawings.forget(at.row);
        }
        plan.form.write_rejected(&plan.places, plan.width, row, reject, out);
    }
}
