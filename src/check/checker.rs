//! From a text to the answers about the tokens in it.

use super::answer::{Answer, Damage};
use super::ledger::{Check, CheckLedger};
use super::rules::{Rules, Verdict};
use crate::ledger::LedgerError;
use crate::paste::Candidate;
use crate::repair::{self, Loss, Stopped};
use crate::token::{Authentic, Malformed, UntrustedToken};
use std::time::Duration;

/// Checks texts against rules, and asks a ledger where there is one.
#[derive(Debug)]
pub struct Checker {
    /// What tokens are checked against.
    pub rules: Rules,
    /// The ledger that is asked, if any.
    pub ledger: Option<CheckLedger>,
    buffer: Vec<u8>,
    patience: Option<Patience>,
}

/// Texts of so many characters are searched to the end, whatever patience there is: that is done in less than a second.
const LONG: usize = 200;

/// Of what may be read in so many ways, the likeliest are searched.
const MOST_READINGS: usize = 16;

/// How long to look for the token one slip away from a long text, by a clock that is not this module's.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// The time since some moment.
    pub clock: fn() -> Duration,
    /// How much of it a text may take.
    pub limit: Duration,
}

impl Checker {
    /// A checker by these rules; with a ledger, revoked tokens are refused and checks are counted.
    #[must_use]
    pub fn new(rules: Rules, ledger: Option<CheckLedger>) -> Self {
        Self {
            rules,
            ledger,
            buffer: Vec::new(),
            patience: None,
        }
    }

    /// Stops the search for the token one slip away from a long text after a while; without this it goes on to its end.
    #[must_use]
    pub fn patience(mut self, patience: Patience) -> Self {
        self.patience = Some(patience);
        self
    }

    /// The answers about all tokens in a text; there is always one. With `repair`, a lone token that is not genuine is
    /// held against all that are one slip away. None of them may be given before [`Checker::count`].
    ///
    /// # Errors
    /// When the ledger can't be asked.
    pub fn check_text(&mut self, text: &str, repair: bool) -> Result<Vec<Answer>, LedgerError> {
        let candidates = self.rules.find(text);
        let mut answers = match candidates.as_slice() {
            [] => vec![self.refused(Malformed::Empty)],
            all => all.iter().map(|one| self.check(one)).collect::<Result<_, _>>()?,
        };
        if let [answer] = answers.as_mut_slice()
            && repair
            && answer.facts.is_none()
        {
            self.find_damage(text, candidates.first(), answer)?;
        }
        Ok(answers)
    }

    /// The answer about a text that no token can be read from.
    #[must_use]
    pub fn refused(&self, flaw: Malformed) -> Answer {
        Answer::of(&Verdict::refused(flaw.into()), &self.rules)
    }

    /// Looks for the token one slip away, in the text as it was given first: what was cleaned away may be part of it.
    fn find_damage(&mut self, text: &str, lone: Option<&Candidate>, answer: &mut Answer) -> Result<(), LedgerError> {
        let text = text.trim();
        let is_one = !text.contains(char::is_whitespace);
        let whole = is_one.then_some(text);
        // as the last part of a link
        let last = whole.and_then(|text| text.rsplit(['/', '=', '?', '&', '#']).next());
        let readings = lone
            .into_iter()
            .flat_map(|lone| [lone].into_iter().chain(&lone.other_readings));
        let readings = readings.map(|reading| &*reading.text).take(MOST_READINGS);
        let mut tried: Vec<&str> = Vec::new();
        let until = self.patience.map(|Patience { clock, limit }| (clock, clock() + limit));
        for reading in whole.into_iter().chain(last).chain(readings) {
            if tried.contains(&reading) {
                continue;
            }
            tried.push(reading);
            let until = until.filter(|_| reading.len() > LONG);
            let mut is_over = || until.is_some_and(|(clock, end)| clock() >= end);
            match repair::one_slip_until(reading, &self.rules.keys, &mut is_over) {
                Ok(None) => {}
                Ok(Some(slip)) => {
                    let undamaged = Box::new(self.check_exact(&slip.repaired)?);
                    answer.damaged = Some(Damage {
                        text: reading.to_owned(),
                        slip,
                        undamaged,
                    });
                    if reading == text {
                        answer.cleaned.clear();
                    }
                    break;
                }
                Err(Stopped) => {
                    answer.search_stopped = self.patience.map(|patience| patience.limit);
                    break;
                }
            }
        }
        if answer.damaged.is_none() {
            answer.loss = tried.into_iter().find_map(Loss::of);
        }
        Ok(())
    }

    /// The answer about a token that was found in a text.
    ///
    /// # Errors
    /// When the ledger can't be asked.
    pub fn check(&mut self, candidate: &Candidate) -> Result<Answer, LedgerError> {
        Ok(Answer {
            cleaned: candidate.cleaned.clone(),
            ..self.check_exact(&candidate.text)?
        })
    }

    /// The answer about a token's exact text.
    ///
    /// # Errors
    /// When the ledger can't be asked.
    pub fn check_exact(&mut self, text: &str) -> Result<Answer, LedgerError> {
        self.rules.answer(text, self.ledger.as_ref(), &mut self.buffer)
    }

    /// Counts the answers that are about to be given.
    ///
    /// # Errors
    /// When the ledger can't count; then none of them is counted.
    pub fn count(&mut self, answers: &mut [Answer]) -> Result<(), LedgerError> {
        match &mut self.ledger {
            Some(ledger) => ledger.count(answers, self.rules.now),
            None => Ok(()),
        }
    }
}

impl Rules {
    /// The authentic token of exactly this text, in a buffer that can be used again.
    ///
    /// # Errors
    /// The answer, where there is none.
    pub fn authentic<'b>(&self, text: &str, buffer: &'b mut Vec<u8>) -> Result<Authentic<'b>, Box<Answer>> {
        let refused = |verdict| Box::new(Answer::of(&verdict, self));
        let token = UntrustedToken::read(text, buffer).map_err(|refusal| refused(Verdict::refused(refusal)))?;
        let (key_id, form) = (token.key_id(), token.form());
        let token = token.authenticate(&self.keys);
        token.map_err(|refusal| refused(Verdict::not_authentic(refusal, key_id, form)))
    }

    /// The answer about an authentic token that no ledger is asked about.
    #[must_use]
    pub fn answer_alone(&self, token: Authentic<'_>) -> Answer {
        Answer::of(&self.judge_authentic(self.now, token, None, None), self)
    }

    /// The answer about a token's exact text, in a buffer that can be used again. It must not be given before it is
    /// [counted](super::CheckLedger::count).
    ///
    /// # Errors
    /// When the ledger can't be asked.
    pub fn answer(
        &self,
        text: &str,
        ledger: Option<&CheckLedger>,
        buffer: &mut Vec<u8>,
    ) -> Result<Answer, LedgerError> {
        match (self.authentic(text, buffer), ledger) {
            (Err(answer), _) => Ok(*answer),
            (Ok(token), None) => Ok(self.answer_alone(token)),
            (Ok(token), Some(ledger)) => {
                let (rules, counts) = (self, true);
                let mut answers = ledger.answers(&[Check { rules, token, counts }])?;
                Ok(answers.pop().expect("each check has its answer"))
            }
        }
    }
}
