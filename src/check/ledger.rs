//! What a check has to do with a ledger: revocations are asked before the verdict, and it is counted before it is given.

use super::answer::Answer;
use super::rules::{Rules, Verdict};
use crate::key::KeyId;
use crate::ledger::{Known, Ledger, LedgerError, Question, Sightings};
use crate::moment::UnixTime;
use crate::token::{Authentic, Form, Refusal, Revocations, UntrustedToken};
use std::convert::Infallible;

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

/// A check of one token that a ledger is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Check<'c> {
    /// What the token is held against.
    pub rules: &'c Rules,
    /// The token's exact text.
    pub text: &'c str,
    /// Whether it is counted, where the ledger counts at all.
    pub counts: bool,
}

/// A token whose signature was looked at.
type Read<'b> = Result<(Option<KeyId>, Form, Result<Authentic<'b>, Refusal>), Refusal>;

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

    /// The answers to these checks, with the ledger asked once about all of their tokens. None of them may be given before
    /// it is [counted](Self::count).
    ///
    /// # Errors
    /// When the ledger can't be asked.
    pub fn answers(&self, checks: &[Check<'_>]) -> Result<Vec<Answer>, LedgerError> {
        let mut buffers = vec![Vec::new(); checks.len()];
        let counted = checks.iter().map(|check| Check {
            counts: check.counts && self.counts,
            ..*check
        });
        let counted: Vec<_> = counted.collect();
        let read = counted.iter().zip(&mut buffers);
        let read: Vec<_> = read.map(|(check, buffer)| (check, check.read(buffer))).collect();
        let questions = read.iter().filter_map(|(check, read)| check.question(read));
        let questions: Vec<_> = questions.collect();
        let mut known = match questions.is_empty() {
            true => Vec::new(),
            false => self.ledger.known(&questions)?,
        }
        .into_iter();
        let answers = read.into_iter().map(|(check, read)| {
            let known = check.question(&read).and_then(|_| known.next());
            check.answer(read, known.unwrap_or_default(), self.keep_sealed)
        });
        Ok(answers.collect())
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

impl Check<'_> {
    fn read<'b>(&'b self, buffer: &'b mut Vec<u8>) -> Read<'b> {
        let token = UntrustedToken::read(self.text, buffer)?;
        let (key_id, form) = (token.key_id(), token.form());
        Ok((key_id, form, token.authenticate(&self.rules.keys)))
    }

    fn question<'b>(&self, read: &Read<'b>) -> Option<Question<'b>> {
        let (_, _, Ok(token)) = read.as_ref().ok()? else {
            return None;
        };
        Some(Question {
            trace: token.trace(),
            claims: token.claims(),
            uses: !self.counts,
        })
    }

    /// The answer, with what is to be counted of it.
    fn answer(&self, read: Read<'_>, known: Known, keep_sealed: bool) -> Answer {
        let verdict = match read {
            Err(refusal) => Verdict::refused(refusal),
            Ok((key_id, form, token)) => {
                let revocation = |_: &_, _: &_| Ok::<_, Infallible>(known.revocation);
                let Ok(verdict) = self.rules.judge(self.rules.now, key_id, form, token, Some(revocation));
                verdict
            }
        };
        let mut answer = Answer::of(&verdict, self.rules);
        answer.replaced_by = known.replaced_by;
        answer.uses = known.uses;
        if let (true, Some(token), Some(trace)) = (self.counts, &verdict.token, verdict.trace) {
            answer.seen.add(token, trace, verdict.status(), keep_sealed);
        }
        answer
    }
}
