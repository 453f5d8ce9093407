//! What a check has to do with a ledger: revocations are asked before the verdict, and it is counted before it is given.

use super::answer::Answer;
use super::rules::Rules;
use crate::ledger::{Ledger, LedgerError, Question, Sightings};
use crate::moment::UnixTime;
use crate::token::Authentic;

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

/// A check of one authentic token that a ledger is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Check<'c> {
    /// What the token is held against.
    pub rules: &'c Rules,
    /// The token.
    pub token: Authentic<'c>,
    /// Whether it is counted, where the ledger counts at all.
    pub counts: bool,
}

/// A ledger, with what is to be done with it.
#[derive(Debug)]
pub struct CheckLedger {
    /// The ledger.
    pub ledger: Ledger,
    /// Whether it counts, or is only asked.
    pub counts: bool,
    /// Whether the claims of sealed tokens are kept in it.
    pub keep_sealed: bool,
}

impl CheckLedger {
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

    /// The answers to these checks, with the ledger asked once about all of their tokens. None of them may be given before
    /// it is [counted](Self::count).
    ///
    /// # Errors
    /// When the ledger can't be asked.
    pub fn answers(&self, checks: &[Check<'_>]) -> Result<Vec<Answer>, LedgerError> {
        if checks.is_empty() {
            return Ok(Vec::new());
        }
        let questions = checks.iter().map(|check| Question {
            trace: check.token.trace(),
            claims: check.token.claims(),
            uses: !self.is_counted(check),
        });
        let questions: Vec<_> = questions.collect();
        let known = self.ledger.known(&questions)?;
        let each = checks.iter().zip(questions).zip(known);
        let answers = each.map(|((check, question), known)| {
            let (rules, trace) = (check.rules, question.trace);
            let verdict = rules.judge_authentic(rules.now, check.token, known.revocation.as_ref(), Some(trace));
            let mut answer = Answer::of(&verdict, rules);
            answer.replaced_by = known.replaced_by;
            answer.uses = known.uses;
            if self.is_counted(check) {
                let status = verdict.status();
                answer.seen.add(&check.token, trace, status, self.keep_sealed);
            }
            answer
        });
        Ok(answers.collect())
    }

    fn is_counted(&self, check: &Check<'_>) -> bool {
        check.counts && self.counts
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
