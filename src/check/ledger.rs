//! What a check has to do with a ledger: revocations are asked before the verdict, and it is counted before it is given.

use super::answer::Answer;
use super::rules::Verdict;
use crate::ledger::{Ledger, LedgerError, Sightings};
use crate::moment::UnixTime;
use crate::token::{Authentic, Revocation, Revocations, Trace};

/// Which checks of a list are counted, or at least looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// None.
    None,
    /// Those of all authentic tokens.
    Authentic {
        /// With the claims of sealed ones.
        keep_sealed: bool,
    },
}

/// A ledger that is asked about one token.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'l> {
    ledger: &'l CheckLedger,
    counts: bool,
}

/// A ledger, with what is to be done with it.
#[derive(Debug)]
pub struct CheckLedger {
    ledger: Ledger,
    counts: bool,
    keep_sealed: bool,
}

impl CheckLedger {
    /// A ledger that is asked and, where `counts` says so, counts; the claims of sealed tokens are kept in it only with
    /// `keep_sealed`.
    #[must_use]
    pub fn new(ledger: Ledger, counts: bool, keep_sealed: bool) -> Self {
        Self {
            ledger,
            counts,
            keep_sealed,
        }
    }

    /// Whether it counts, or is only asked.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.counts
    }

    /// Whether the claims of sealed tokens are kept in it.
    #[must_use]
    pub fn keeps_sealed(&self) -> bool {
        self.keep_sealed
    }

    /// The ledger itself.
    pub fn ledger(&mut self) -> &mut Ledger {
        &mut self.ledger
    }

    /// The ledger for one check, which is counted only where `counts` says so and the ledger counts at all.
    #[must_use]
    pub fn asked(&self, counts: bool) -> Asked<'_> {
        Asked {
            ledger: self,
            counts: counts && self.counts,
        }
    }

    /// All that is revoked, for many tokens.
    ///
    /// # Errors
    /// When the store fails or is damaged.
    pub fn revocations(&self) -> Result<Revocations, LedgerError> {
        self.ledger.revocations()
    }

    /// What is counted of the rows of a list, or looked up for answers that tell it.
    #[must_use]
    pub fn list_count(&self, tells: bool) -> Count {
        match self.counts || tells {
            true => Count::Authentic {
                keep_sealed: self.keep_sealed,
            },
            false => Count::None,
        }
    }

    /// Tidies up after the rows of a list. All is counted by now: whoever opens the ledger next can do the rest.
    pub fn end_list(&mut self) {
        if self.counts {
            let _ = self.ledger.end_bulk();
        }
    }

    /// Counts all answers that are to be counted, in one transaction, and tells each how often its token was checked by
    /// then. When it returns, they may be given.
    ///
    /// # Errors
    /// When the ledger can't count; then none of them is counted.
    pub fn count(&mut self, answers: &mut [Answer], now: UnixTime) -> Result<(), LedgerError> {
        let mut all = Sightings::default();
        answers.iter().for_each(|answer| all.extend(&answer.seen, 1));
        if all.is_empty() {
            return Ok(());
        }
        let mut counted = self.ledger.count(&all, now)?.into_iter();
        for answer in answers.iter_mut().filter(|answer| !answer.seen.is_empty()) {
            answer.uses = counted.next();
        }
        Ok(())
    }
}

impl Asked<'_> {
    /// Why a token is revoked, if it is.
    pub(super) fn revocation(&self, token: &Authentic<'_>, trace: &Trace) -> Result<Option<Revocation>, LedgerError> {
        self.ledger.ledger.revocation(trace, token.claims())
    }

    /// Notes in the answer about a token what is to be counted or, where nothing is, what was.
    pub(super) fn see(&self, verdict: &Verdict<'_>, answer: &mut Answer) -> Result<(), LedgerError> {
        if let (Some(token), Some(trace)) = (&verdict.token, verdict.trace) {
            answer.replaced_by = self.ledger.ledger.replacement(&trace)?;
            match self.counts {
                true => answer.seen.add(token, trace, verdict.status(), self.ledger.keep_sealed),
                false => answer.uses = Some(self.ledger.ledger.uses(&trace)?),
            }
        }
        Ok(())
    }
}
