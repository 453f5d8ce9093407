//! From a text to the answers about the tokens in it.

use super::super::args::VerifyArgs;
use super::super::exit::Failure;
use super::super::ledger::Book;
use super::super::meaning::{claims, pair, time};
use super::super::report::answer::{Answer, Damage, Facts, Mismatch};
use super::super::{clock, ring};
use linkmint::key::Key;
use linkmint::keyring::Keyring;
use linkmint::moment::UnixTime;
use linkmint::paste::{self, Candidate};
use linkmint::repair;
use linkmint::token::{Authentic, Malformed, Refusal, Revocation, UntrustedToken};

/// What a token is checked against.
pub(super) struct Checker {
    pub(super) ring: Keyring,
    pub(super) now: UnixTime,
    pub(super) leeway: u64,
    pub(super) expected: Vec<(String, String)>,
    pub(super) book: Option<Book>,
    buffer: Vec<u8>,
}

impl Checker {
    pub(super) fn new(args: &VerifyArgs) -> Result<Self, Failure> {
        let now = clock::now_or(args.now.as_deref())?;
        let leeway = time::duration("--leeway", &args.leeway)?;
        let expected = args.expect.iter().map(|text| {
            let (name, value) = pair("--expect", text)?;
            Ok((
                claims::claim_name("--expect", name)?.as_str().to_owned(),
                value.to_owned(),
            ))
        });
        Ok(Self {
            expected: expected.collect::<Result<_, Failure>>()?,
            ring: ring::locate(&args.keyring)?.load(args.files.quiet)?,
            book: Book::open(&args.ledger, args.files.quiet)?,
            now,
            leeway,
            buffer: Vec::new(),
        })
    }

    /// The answers about all tokens in a text; there is always one. With `repair`, a lone token that is not genuine is
    /// held against all that are one slip away.
    pub(super) fn check_text(&mut self, text: &str, repair: bool) -> Result<Vec<Answer>, Failure> {
        let candidates = paste::candidates(text);
        let keys = self.ring.keys();
        let candidates = paste::settle(candidates, &mut |text| is_authentic(text, keys));
        let mut answers = match candidates.as_slice() {
            [] => vec![Answer::refused(Malformed::Empty.into())],
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

    /// Looks for the token one slip away, in the text as it was given first: what was cleaned away may be part of it.
    fn find_damage(&mut self, text: &str, lone: Option<&Candidate>, answer: &mut Answer) -> Result<(), Failure> {
        let text = text.trim();
        let is_one = !text.contains(char::is_whitespace);
        let whole = is_one.then_some(text);
        // as the last part of a link
        let last = whole.and_then(|text| text.rsplit(['/', '=', '?', '&', '#']).next());
        let readings = lone
            .into_iter()
            .flat_map(|lone| std::iter::once(lone).chain(&lone.other_readings));
        let mut tried: Vec<&str> = Vec::new();
        for reading in whole
            .into_iter()
            .chain(last)
            .chain(readings.map(|reading| &*reading.text))
        {
            if tried.contains(&reading) {
                continue;
            }
            tried.push(reading);
            answer.damaged = self.find_slip(reading)?;
            if answer.damaged.is_some() {
                if reading == text {
                    answer.cleaned.clear();
                }
                break;
            }
        }
        Ok(())
    }

    fn find_slip(&mut self, text: &str) -> Result<Option<Damage>, Failure> {
        let keys = self.ring.keys();
        let Some(slip) = repair::one_slip_from_authentic(text, keys) else {
            return Ok(None);
        };
        let undamaged = Box::new(self.check_one(&slip.repaired)?);
        Ok(Some(Damage { slip, undamaged }))
    }

    pub(super) fn check(&mut self, candidate: &Candidate) -> Result<Answer, Failure> {
        Ok(Answer {
            cleaned: candidate.cleaned.clone(),
            ..self.check_one(&candidate.text)?
        })
    }

    /// The answer about a token's exact text.
    fn check_one(&mut self, text: &str) -> Result<Answer, Failure> {
        let token = match UntrustedToken::read(text, &mut self.buffer) {
            Err(refusal) => return Ok(Answer::refused(refusal)),
            Ok(token) => token,
        };
        let (key_id, form) = (token.key_id(), token.form());
        let mut answer = match token.authenticate(self.ring.keys()) {
            Err(refusal) => Answer::refused(refusal),
            Ok(token) => {
                let book = self.book.as_ref();
                let revoked = book.map_or(Ok(None), |book| book.revocation(&token))?;
                let mut answer = judge(&token, revoked, self.now, self.leeway, &self.expected);
                if let Some(book) = book {
                    book.see(&token, &mut answer)?;
                }
                answer
            }
        };
        (answer.key_id, answer.format) = (key_id, Some(form.as_str()));
        Ok(answer)
    }

    /// So many answers may wait for each other, to be counted together.
    pub(super) fn answers_at_a_time(&self) -> usize {
        if self.book.is_some() { 1_000 } else { 1 }
    }

    /// Counts the answers that are about to be given.
    pub(super) fn count(&mut self, answers: &mut [Answer]) -> Result<(), Failure> {
        match &mut self.book {
            Some(book) => book.count(answers, self.now),
            None => Ok(()),
        }
    }
}

pub(in crate::cli) fn is_authentic(text: &str, keys: &[Key]) -> bool {
    let mut buffer = Vec::new();
    UntrustedToken::read(text, &mut buffer).is_ok_and(|token| token.authenticate(keys).is_ok())
}

/// Holds a token to what is asked, and tells all claims that are not as expected.
fn judge(
    token: &Authentic<'_>,
    revoked: Option<Revocation>,
    now: UnixTime,
    leeway: u64,
    expected: &[(String, String)],
) -> Answer {
    let pairs = expected.iter().map(|(name, value)| (&**name, &**value));
    let refusal = token.judge(revoked.as_ref(), u64::from(now.0), leeway, pairs).err();
    let facts = Facts::of(token);
    let mismatch = |(name, value): &(String, String)| {
        let claim = facts.claim(name);
        (claim != Some(value)).then(|| Mismatch {
            name: name.clone(),
            token: claim.map(str::to_owned),
            expected: value.clone(),
        })
    };
    let mismatches = match &refusal {
        Some(Refusal::ClaimMismatch { .. }) => expected.iter().filter_map(mismatch).collect(),
        _ => Vec::new(),
    };
    Answer {
        refusal,
        mismatches,
        facts: Some(facts),
        ..Answer::default()
    }
}
