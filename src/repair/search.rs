//! The search itself: every text one slip away, each once, kind by kind.

use super::trial::{FOREIGN, Trial};
use super::{Slip, SlipKind};
use crate::token::shape::Spelling;

/// A JWT has two dots; a slip makes one more or one less.
const MOST_DOTS: usize = 3;

type Genuine<'g> = &'g mut dyn FnMut(&str) -> bool;

/// The genuine token one slip away from a text that is not genuine itself:
/// a character wrong, lost, doubled or added, two neighbours swapped, upper for
/// lower, the end cut by up to two. None if there is none, or if there are two.
///
/// `genuine` is asked about texts with a token's shape only.
///
/// ```
/// use linkmint::repair::one_slip_away;
///
/// let genuine = "LOKOarE7gGqyjQABAgMEBQagJh_R13v_Lh9y8WhRSAa_0A";
/// let damaged = "LOKOarE7gGqyjQABAgMEBQagJhR13v_Lh9y8WhRSAa_0A";
/// let slip = one_slip_away(damaged, &mut |text| text == genuine).expect("a slip");
/// assert_eq!(slip.to_string(), "a character is missing after character 26: _");
/// ```
pub fn one_slip_away(text: &str, genuine: &mut dyn FnMut(&str) -> bool) -> Option<Slip> {
    let mut found = Findings::default();
    for form in [Spelling::Base64url, Spelling::Base32, Spelling::Jwt] {
        if let Some(mut search) = Search::of(text, form) {
            search.run(genuine, &mut found);
        }
    }
    // of two it is open which was meant
    found.slip.filter(|_| !found.are_several)
}

/// What was found so far.
#[derive(Default)]
struct Findings {
    slip: Option<Slip>,
    are_several: bool,
}

impl Findings {
    fn add(&mut self, slip: Slip) {
        match &self.slip {
            None => self.slip = Some(slip),
            Some(known) if known.repaired == slip.repaired => {}
            Some(_) => self.are_several = true,
        }
    }
}

/// The search for a token of one form.
struct Search {
    form: Spelling,
    /// The damaged text, a byte for each character.
    given: Vec<u8>,
    alphabet: &'static [u8],
    trial: Trial,
}

impl Search {
    /// None if no text of this form is one slip away.
    fn of(text: &str, form: Spelling) -> Option<Self> {
        if text.is_empty() || text.len() > form.longest() + 4 {
            return None;
        }
        let byte = |c: char| u8::try_from(c).ok().filter(u8::is_ascii).unwrap_or(FOREIGN);
        let given: Vec<u8> = text.chars().map(byte).collect();
        let foreign = given.iter().filter(|&&byte| form.value(byte).is_none()).count();
        let dots = given.iter().filter(|&&byte| byte == b'.').count();
        let has_dots = (1..=MOST_DOTS).contains(&dots);
        if foreign > 1 || (form == Spelling::Jwt && !has_dots) {
            return None;
        }
        let alphabet = alphabet(form, &given);
        Some(Self {
            form,
            given,
            alphabet,
            trial: Trial::of(form),
        })
    }

    fn run(&mut self, genuine: Genuine<'_>, found: &mut Findings) {
        let mut attempt = Attempt { genuine, found };
        let length = self.given.len();
        if self.form.fits(length) {
            self.try_case(&mut attempt);
            self.try_swaps(&mut attempt);
            self.try_substitutes(&mut attempt);
        }
        if self.form.fits(length + 1) {
            self.try_missing(&mut attempt);
        }
        if length > 1 && self.form.fits(length - 1) {
            self.try_surplus(&mut attempt);
        }
        if self.form.fits(length + 2) {
            self.try_cut_end(&mut attempt);
        }
    }

    /// Upper for lower; base32 has no case to get wrong.
    fn try_case(&mut self, attempt: &mut Attempt<'_>) {
        if self.form == Spelling::Base32 {
            return;
        }
        self.trial.fill(&self.given);
        for at in 0..self.given.len() {
            let given = self.given[at];
            let other = given ^ 0x20;
            if given.is_ascii_alphabetic() {
                self.trial.set(at, other);
                attempt.make(&self.trial, || slip(at + 1, SlipKind::Case, &[other]));
                self.trial.set(at, given);
            }
        }
    }

    fn try_swaps(&mut self, attempt: &mut Attempt<'_>) {
        self.trial.fill(&self.given);
        for at in 1..self.given.len() {
            let (left, right) = (self.given[at - 1], self.given[at]);
            if left != right {
                self.trial.set(at - 1, right);
                self.trial.set(at, left);
                let kind = SlipKind::Swapped;
                attempt.make(&self.trial, || slip(at, kind, &[right, left]));
                self.trial.set(at - 1, left);
                self.trial.set(at, right);
            }
        }
    }

    fn try_substitutes(&mut self, attempt: &mut Attempt<'_>) {
        self.trial.fill(&self.given);
        for at in 0..self.given.len() {
            let given = self.given[at];
            for &other in self.alphabet {
                // A change of case was tried before, or is none.
                if !other.eq_ignore_ascii_case(&given) {
                    self.trial.set(at, other);
                    let kind = SlipKind::Substituted;
                    attempt.make(&self.trial, || slip(at + 1, kind, &[other]));
                }
            }
            self.trial.set(at, given);
        }
    }

    /// A character lost: a new one wanders from the end to the start.
    fn try_missing(&mut self, attempt: &mut Attempt<'_>) {
        let length = self.given.len();
        let mut longer = self.given.clone();
        longer.push(FOREIGN);
        self.trial.fill(&longer);
        for at in (0..=length).rev() {
            let next = self.given.get(at).copied();
            if let Some(next) = next {
                self.trial.set(at + 1, next);
            }
            for &new in self.alphabet {
                // Before its like it gives the same text as after it.
                if next != Some(new) {
                    self.trial.set(at, new);
                    let kind = if at == length { SlipKind::CutEnd } else { SlipKind::Lost };
                    attempt.make(&self.trial, || slip(at, kind, &[new]));
                }
            }
        }
    }

    /// A character too many: the gap wanders from the end to the start.
    fn try_surplus(&mut self, attempt: &mut Attempt<'_>) {
        let last = self.given.len() - 1;
        self.trial.fill(&self.given[..last]);
        for at in (0..=last).rev() {
            if at < last {
                self.trial.set(at, self.given[at + 1]);
            }
            let is_again = at > 0 && self.given[at - 1] == self.given[at];
            let is_doubled = self.given.get(at + 1) == Some(&self.given[at]);
            let kind = if is_doubled { SlipKind::Doubled } else { SlipKind::Added };
            // Of equal neighbours it does not matter which goes.
            if !is_again {
                attempt.make(&self.trial, || slip(at + 1, kind, &[]));
            }
        }
    }

    /// The end cut by two; by one is a character lost.
    fn try_cut_end(&mut self, attempt: &mut Attempt<'_>) {
        let length = self.given.len();
        let mut longer = self.given.clone();
        longer.extend([FOREIGN; 2]);
        self.trial.fill(&longer);
        for &first in self.alphabet {
            self.trial.set(length, first);
            for &second in self.alphabet {
                self.trial.set(length + 1, second);
                let missing = [first, second];
                attempt.make(&self.trial, || slip(length, SlipKind::CutEnd, &missing));
            }
        }
    }
}

/// One question to the caller.
struct Attempt<'a> {
    genuine: Genuine<'a>,
    found: &'a mut Findings,
}

impl Attempt<'_> {
    fn make(&mut self, trial: &Trial, slip: impl FnOnce() -> Slip) {
        if self.found.are_several || !trial.has_shape() {
            return;
        }
        if (self.genuine)(trial.text()) {
            self.found.add(Slip {
                repaired: trial.text().to_owned(),
                ..slip()
            });
        }
    }
}

fn slip(position: usize, kind: SlipKind, right: &[u8]) -> Slip {
    let right = String::from_utf8_lossy(right).into_owned();
    let should_be = Some(right).filter(|right| !right.is_empty());
    Slip {
        position,
        kind,
        should_be,
        repaired: String::new(),
    }
}

/// The characters to try; base32 in the case that most of the text is in.
fn alphabet(form: Spelling, given: &[u8]) -> &'static [u8] {
    let lower = given.iter().filter(|byte| byte.is_ascii_lowercase()).count();
    let upper = given.iter().filter(|byte| byte.is_ascii_uppercase()).count();
    match form {
        Spelling::Base64url => b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
        Spelling::Base32 if lower < upper => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
        Spelling::Base32 => b"abcdefghijklmnopqrstuvwxyz234567",
        Spelling::Jwt => b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.",
    }
}
