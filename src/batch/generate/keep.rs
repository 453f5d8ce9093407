//! Rows that have their token and link already: they stay as they are, once both are checked.
//!
//! A finished list gets new customers. Their rows are minted, and the links that others were sent are not touched. What
//! stands in a kept row was perhaps sorted or pasted there, so nothing of it is believed: its token must be authentic and
//! in its time, for the claims of its row, and the one that its link holds.

use super::{ClaimSource, Keep, Plan, Scratch, write_link};
use crate::batch::duplicates::Fingerprint;
use crate::batch::problem::RowProblem;
use crate::batch::verify::{Finder, same_token};
use crate::batch::{Reject, RowNumber, Tally, Written};
use crate::claims::{Claims, ClaimsEncoder};
use crate::table::{Row, push_cell};
use crate::token::{Refusal, Status, UntrustedToken};
use std::borrow::Cow;

/// What a worker uses again for every kept row.
#[derive(Debug, Default)]
pub(super) struct Keeper {
    cells: [Finder; 2],
    buffers: [Vec<u8>; 2],
    claims: Vec<u8>,
}

/// The places of the token, the link and the expiry among a row's new cells.
const TOKEN: usize = 0;
const LINK: usize = 1;

impl Plan {
    /// Whether the row has a token or a link, and such rows are kept.
    #[inline]
    pub(super) fn keeps(&self, row: &Row<'_>) -> bool {
        self.keep.is_some()
            && [TOKEN, LINK]
                .iter()
                .any(|&place| self.places.text(place, row).is_some())
    }

    /// Whether a token is for the claims that the row would get.
    fn is_for(&self, claims: Claims<'_>, row: &Row<'_>) -> bool {
        let mut count = 0;
        let same = self.claims.iter().all(|claim| {
            let text = match &claim.source {
                ClaimSource::Constant(value) => Cow::Borrowed(value.as_str()),
                ClaimSource::Column { column, .. } => row.text(*column).unwrap_or_default(),
            };
            let text = text.trim_ascii();
            let value = claims.value(claim.name.as_str());
            count += usize::from(value.is_some());
            value.map_or(text.is_empty(), |value| value.is(text))
        });
        same && count == claims.len()
    }
}

impl Scratch {
    /// Appends a kept row; of token and link, the one that it lacks is filled in.
    pub(super) fn write_kept(
        &mut self,
        plan: &Plan,
        row: &Row<'_>,
        at: RowNumber,
        tally: &mut Tally,
        out: &mut Vec<u8>,
    ) -> Result<Written, Reject> {
        let keep = plan.keep.as_ref().expect("rows are kept where the plan says so");
        let kept = self.keeper.check(plan, keep, row, tally)?;
        self.token.clear();
        self.token.extend_from_slice(kept.text.as_bytes());
        self.write_kept_cells(plan, row, kept.expires_at, out)?;
        tally.kept += 1;
        Ok(self.marked(plan, kept.fingerprint, at))
    }

    fn write_kept_cells(
        &mut self,
        plan: &Plan,
        row: &Row<'_>,
        expires_at: Option<u32>,
        out: &mut Vec<u8>,
    ) -> Result<(), Reject> {
        let expiry = self.expiry.of(expires_at);
        plan.places.write(row, out, |place, out| {
            match (plan.places.filled(place, row), place, &plan.link) {
                (Some(cell), ..) => out.extend_from_slice(cell),
                (None, TOKEN, _) => plan.places.push_plain(&self.token, out),
                (None, LINK, Some(link)) => {
                    self.link.clear();
                    write_link(&self.token, &mut self.own_link, row, link, &mut self.link)?;
                    push_cell(&self.link, plan.places.delimiter, out);
                }
                _ if plan.expiry_format.is_some() => {
                    push_cell(&row.encoding().encode(expiry), plan.places.delimiter, out);
                }
                _ => plan.places.push_plain(expiry.as_bytes(), out),
            }
            Ok::<_, Reject>(())
        })
    }
}

/// A token that stays.
struct Kept {
    text: String,
    expires_at: Option<u32>,
    fingerprint: Option<Fingerprint>,
}

impl Keeper {
    fn check(&mut self, plan: &Plan, keep: &Keep, row: &Row<'_>, tally: &mut Tally) -> Result<Kept, Reject> {
        let places = [TOKEN, LINK].map(|place| plan.places.text(place, row));
        let [token_cell, link_cell] = &places;
        let column = token_cell.as_ref().or(link_cell.as_ref()).map(|(column, _)| *column);
        let refused = |refusal: Refusal| Reject {
            column,
            problem: RowProblem::Token(refusal),
        };
        let [in_token, in_link] = &mut self.cells;
        let first = token_cell.as_ref().map(|(_, cell)| in_token.token_in(cell));
        let second = link_cell.as_ref().map(|(_, cell)| in_link.token_in(cell));
        let found = first.as_ref().or(second.as_ref());
        let found = found.ok_or_else(|| RowProblem::NoToken.in_row())?;
        let text = found.clone().map_err(refused)?.into_owned();
        let [buffer, beside] = &mut self.buffers;
        let untrusted = UntrustedToken::read(&text, buffer).map_err(refused)?;
        let rules = &keep.rules;
        let verdict = rules.verdict_at(rules.now, untrusted, Some(&keep.revocations));
        let token = match (verdict.token, verdict.refusal) {
            (Some(token), None) => token,
            // it begins later, as it may have been meant to
            (Some(token), Some(refusal)) if refusal.status() == Status::NotYetValid => token,
            (_, refusal) => return Err(refused(refusal.unwrap_or(Refusal::InvalidSignature))),
        };
        if let (Some(first), Some(second)) = (&first, &second)
            && !same_token(first, second, &token, &keep.rules.keys, beside)
        {
            let name = "the link".to_owned();
            return Err(refused(Refusal::RowMismatch { name }));
        }
        if !plan.is_for(token.claims(), row) {
            return Err(Reject {
                column,
                problem: RowProblem::OtherClaims,
            });
        }
        if let (Some(id), true) = (token.id(), token.times().issued_at == Some(plan.expiry.issued_at.0)) {
            let rows = id.since(plan.first_id);
            tally.kept_of_run = Some(tally.kept_of_run.map_or(rows, |least| least.min(rows)));
        }
        self.claims.clear();
        let mut encoder = ClaimsEncoder::new(None, &mut self.claims);
        plan.claims(row, tally, &mut encoder)?;
        let fingerprint = plan.checks.duplicates.then(|| Fingerprint::of(encoder.entries()));
        Ok(Kept {
            text,
            expires_at: token.times().expires_at,
            fingerprint,
        })
    }
}
