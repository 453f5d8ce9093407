//! A row before it is written: its token is there but for the signature, which those of a group get at once.

use super::{Plan, Scratch};
use crate::batch::duplicates::Fingerprint;
use crate::batch::{Reject, RowNumber, Tally};
use crate::table::Row;
use crate::token::Minter;
use std::ops::Range;

/// A row before it is written.
#[derive(Debug)]
pub(super) struct Drafted {
    /// What was found in it.
    pub(super) found: u16,
    pub(super) outcome: DraftOutcome,
}

#[derive(Debug)]
pub(super) enum DraftOutcome {
    Token(Draft),
    /// It has its token.
    Kept,
    /// In a box, as almost no row is.
    Rejected(Box<Reject>),
}

/// A token that is not signed yet.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    /// With the minter.
    pub(super) number: usize,
    pub(super) expires_at: Option<u32>,
    pub(super) has_own_expiry: bool,
    pub(super) fingerprint: Option<Fingerprint>,
    /// Its claims, of the bytes of all.
    pub(super) claims: Range<usize>,
}

impl Scratch {
    /// Drafts all of a row's token but its signature.
    #[inline]
    pub(super) fn draft(&mut self, plan: &Plan, row: &Row<'_>, at: RowNumber, tally: &mut Tally) -> Result<(), Reject> {
        plan.form.check_source(row, |column| plan.needs(column))?;
        plan.form
            .check_mended(&plan.places, plan.width, row, |column| plan.needs(column))?;
        plan.check_form(row)?;
        plan.check_calculated(row, tally)?;
        if plan.keeps(row) {
            self.take_draft(DraftOutcome::Kept, tally);
            return Ok(());
        }
        let of_cells;
        let (validity, has_own_expiry) = match plan.expiry.of_every_row() {
            Some(validity) => (validity, false),
            None => {
                of_cells = plan.expiry.of_cells(row)?;
                (&of_cells.0, of_cells.1)
            }
        };
        let mut fingerprint = None;
        let claims = self.claims.len();
        let id = plan.first_id.plus(plan.form.id_of(at.filled));
        let number = self.minter.draft(validity, id, |map| {
            plan.claims(row, tally, map)?;
            if plan.checks.duplicates {
                fingerprint = Some(Fingerprint::of(map.entries()));
            }
            if plan.checks.dedupe {
                self.claims.extend_from_slice(map.entries());
            }
            Ok::<_, Reject>(())
        })?;
        if self.first_is_label {
            plan.checks.check_label(row, tally)?;
        }
        let draft = Draft {
            number,
            expires_at: validity.expires_at(),
            has_own_expiry,
            fingerprint,
            claims: claims..self.claims.len(),
        };
        self.take_draft(DraftOutcome::Token(draft), tally);
        Ok(())
    }

    /// Keeps what became of a row until it is written, with what was found in it.
    #[inline]
    pub(super) fn take_draft(&mut self, outcome: DraftOutcome, tally: &mut Tally) {
        let found = tally.take_found();
        self.drafts.push(Drafted { found, outcome });
    }

    /// The token of a draft, once it is signed.
    #[inline]
    pub(super) fn take_token(&mut self, draft: &Draft, plan: &Plan) {
        self.token.clear();
        push_token(&self.minter, draft, plan, &mut self.token);
    }
}

/// Appends the token of a draft, once it is signed.
#[inline]
pub(super) fn push_token(minter: &Minter, draft: &Draft, plan: &Plan, out: &mut Vec<u8>) {
    let start = out.len();
    minter.write(draft.number, out);
    if plan.capitals {
        out[start..].make_ascii_uppercase();
    }
}
