//! An answer in words: one sentence that says all, and the details under it.
//!
//! They are handed out as parts, so that a terminal can colour and align them and a page can mark them up.

use super::answer::{Answer, Damage, claim_lines};
use crate::excerpt::Harmless;
use crate::ledger::Uses;
use crate::moment::{UnixTime, Words, Zone};
use crate::number::grouped;
use crate::repair::Loss;
use crate::token::{Cut, Refusal, Revocation};
use std::fmt;

/// What an answer's word means, for whoever gives it a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// The token holds.
    Good,
    /// It does not.
    Bad,
    /// It does not, and the genuine one is known.
    Doubtful,
}

/// An answer in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headline {
    /// What its word means.
    pub tone: Tone,
    /// The status in capitals: `VALID`, `NOT YET VALID`, `DAMAGED`.
    pub word: String,
    /// What that means for this token.
    pub sentence: String,
}

/// What there is to say besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// Names and values: the claims, when and with which key it was issued.
    pub facts: Vec<(String, String)>,
    /// Sentences.
    pub notes: Vec<String>,
    /// What a token says that nobody can check, under a line that says so.
    pub unverified: Vec<(String, String)>,
}

/// A status in a few words.
pub(super) struct Message<'a>(pub(super) Option<&'a Refusal>);

impl fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str("token valid"),
            Some(refusal) => refusal.fmt(f),
        }
    }
}

impl Answer {
    /// Its status in a few words, for programs.
    #[must_use]
    pub fn message(&self) -> String {
        Message(self.refusal.as_ref()).to_string()
    }

    /// What `--print` asks for; empty unless the token is valid, but for the status itself.
    #[must_use]
    pub fn printed(&self, name: &str) -> String {
        match (name, &self.facts) {
            ("status", _) => self.status().as_str().to_owned(),
            (_, Some(facts)) if self.is_valid() => match name {
                "expires_at" => {
                    let expiry = facts.times.expires_at;
                    expiry.map(|seconds| UnixTime(seconds).to_string()).unwrap_or_default()
                }
                name => Harmless(facts.claim(name).unwrap_or_default()).to_string(),
            },
            _ => String::new(),
        }
    }

    /// The answer in one line, times in UTC with those of `zone` beside them. Where leeway decided, it is told.
    #[must_use]
    pub fn headline(&self, zone: &Zone) -> Headline {
        let (tone, word, sentence) = match (&self.damaged, &self.refusal) {
            (Some(damage), _) => (Tone::Doubtful, "DAMAGED".to_owned(), damage.sentence(zone)),
            (None, None) => (Tone::Good, "VALID".to_owned(), self.validity(zone)),
            (None, Some(refusal)) => {
                let word = refusal.status().as_str().to_uppercase().replace('_', " ");
                let loss = self.loss.as_ref().map(ToString::to_string);
                (Tone::Bad, word, loss.unwrap_or_else(|| self.refused(refusal, zone)))
            }
        };
        Headline { tone, word, sentence }
    }

    /// All else that is known.
    #[must_use]
    pub fn details(&self, zone: &Zone) -> Details {
        if let Some(damage) = &self.damaged {
            let why = self.refusal.as_ref().map(ToString::to_string).unwrap_or_default();
            let why = Harmless(&why);
            return Details {
                facts: damage.undamaged.details(zone).facts,
                notes: vec![format!("not valid as it stands: {why}")],
                ..Details::default()
            };
        }
        let mut details = Details::default();
        if let Some(Loss::End(cut)) = &self.loss {
            details.unverified = unverified(cut, zone);
        }
        if let Some(facts) = &self.facts {
            details.facts = facts.claim_lines();
            let key = self.key_id.map(|id| format!("with key {id}")).unwrap_or_default();
            let issued = match facts.times.issued_at {
                Some(time) => format!("{} {key}", zone.minute_beside_utc(UnixTime(time))),
                None => format!("{key}, it does not say when"),
            };
            details.facts.push(("issued".into(), issued));
        }
        if !self.cleaned.is_empty() {
            let undone: Vec<String> = self.cleaned.iter().map(ToString::to_string).collect();
            details.notes.push(format!("undone: {}", undone.join(", ")));
        }
        details.notes.extend(self.search_stopped.map(|limit| {
            format!(
                "the search for a slip was stopped after {} s, so there may be one",
                limit.as_secs()
            )
        }));
        details.notes.extend(self.replaced_by.map(|by| {
            let ago = Words(u64::from(self.checked_at.0.saturating_sub(by.at)));
            format!("replaced by {by}, made {ago} ago")
        }));
        details.notes.extend(self.uses.map(|uses| self.used(&uses, zone)));
        details.notes.extend(self.mismatches.iter().map(|mismatch| {
            let token = mismatch.token.as_deref();
            let is = token.map_or("missing".into(), |value| Harmless(value).to_string());
            let (name, expected) = (Harmless(&mismatch.name), Harmless(&mismatch.expected));
            format!("{name} is {is}, expected {expected}")
        }));
        details
    }

    /// How often the token was checked before this time.
    fn used(&self, uses: &Uses, zone: &Zone) -> String {
        let first = uses.first.map(|first| zone.minute_beside_utc(UnixTime(first)));
        let first = first.unwrap_or_default();
        match self.uses_before().unwrap_or_default() {
            0 => "not checked before".to_owned(),
            1 => format!("checked once before, at {first}"),
            before => format!("checked {} times before, first {first}", grouped(before)),
        }
    }

    fn validity(&self, zone: &Zone) -> String {
        let Some(facts) = &self.facts else { return String::new() };
        let (now, leeway) = (self.checked_at.0, self.leeway);
        let words = match facts.times.expires_at {
            None => "without end".to_owned(),
            Some(time) => {
                let until = zone.minute_beside_utc(UnixTime(time));
                match time.checked_sub(now) {
                    Some(left) if left > 0 => format!("for another {}, until {until}", Words(u64::from(left))),
                    _ => format!(
                        "expired {} ago, at {until}: within the leeway of {leeway} s",
                        Words(u64::from(now - time))
                    ),
                }
            }
        };
        match facts.times.not_before {
            Some(start) if now < start => format!(
                "{words}; its time comes in {}, within the leeway of {leeway} s",
                Words(u64::from(start - now))
            ),
            _ => words,
        }
    }

    pub(super) fn refused(&self, refusal: &Refusal, zone: &Zone) -> String {
        match refusal {
            Refusal::Revoked(Revocation { at, reason }) => {
                let reason = reason.as_ref().map(|reason| format!(": \"{}\"", Harmless(reason)));
                format!("revoked {}{}", self.ago(*at, zone), reason.unwrap_or_default())
            }
            Refusal::Expired { expires_at } => format!("{refusal} {}", self.ago(*expires_at, zone)),
            Refusal::NotYetValid { not_before } => format!("{refusal}: {}", self.to_come(*not_before, zone)),
            Refusal::InvalidSignature => {
                format!("{refusal}: it was changed since it was made, or made with another key")
            }
            _ => Harmless(&refusal.to_string()).to_string(),
        }
    }

    /// `2 days ago, at 2026-11-21 16:00 UTC`
    pub(super) fn ago(&self, time: u32, zone: &Zone) -> String {
        let ago = Words(u64::from(self.checked_at.0.saturating_sub(time)));
        format!("{ago} ago, at {}", zone.minute_beside_utc(UnixTime(time)))
    }

    /// As [`Answer::ago`], of a time that is still to come.
    pub(super) fn to_come(&self, time: u32, zone: &Zone) -> String {
        let left = Words(u64::from(time.saturating_sub(self.checked_at.0)));
        format!(
            "its time comes in {left}, at {}",
            zone.minute_beside_utc(UnixTime(time))
        )
    }
}

/// What a token that is cut short says.
fn unverified(cut: &Cut, zone: &Zone) -> Vec<(String, String)> {
    let mut lines = claim_lines(&cut.claims);
    let minute = |time: u32| zone.minute_beside_utc(UnixTime(time));
    if let Some(times) = &cut.times {
        lines.extend(times.issued_at.map(|time| ("issued".into(), minute(time))));
        let expires = times.expires_at.map_or_else(|| "never".to_owned(), minute);
        lines.push(("expires".into(), expires));
    }
    lines
}

impl Damage {
    /// The place of the damage first, then what the token without it is worth.
    fn sentence(&self, zone: &Zone) -> String {
        let undamaged = &self.undamaged;
        let is = match &undamaged.refusal {
            None => format!("is valid {}", undamaged.validity(zone)),
            Some(refusal) => format!("is not valid: {}", undamaged.refused(refusal, zone)),
        };
        format!("{}; the undamaged token {is}", self.slip)
    }
}
