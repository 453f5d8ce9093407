//! The answer about one token, in words and as JSON.

use super::count::grouped;
use super::look::{Look, Tone};
use linkmint::excerpt::Harmless;
use linkmint::key::{KeyId, TAG_LENGTH};
use linkmint::ledger::{Sightings, Uses};
use linkmint::moment::{UnixTime, Words};
use linkmint::paste::Cleaning;
use linkmint::repair::Slip;
use linkmint::token::{Authentic, Refusal, Revocation, Status, Times, TokenId, Unverified};
use serde::Serialize;
use serde_json::{Map, Value};

/// What is known of a token after its check. Of one that is not authentic, its header alone.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) refusal: Option<Refusal>,
    pub(crate) key_id: Option<KeyId>,
    pub(crate) format: Option<&'static str>,
    pub(crate) facts: Option<Facts>,
    pub(crate) mismatches: Vec<Mismatch>,
    pub(crate) cleaned: Vec<Cleaning>,
    pub(crate) damaged: Option<Damage>,
    /// What is to be counted of it.
    pub(crate) seen: Sightings,
    /// How often its token was checked; this check is among them if it was seen.
    pub(crate) uses: Option<Uses>,
}

/// The genuine token one slip away from this one.
#[derive(Debug)]
pub(crate) struct Damage {
    pub(crate) slip: Slip,
    /// The answer about it.
    pub(crate) undamaged: Box<Answer>,
}

/// What an authentic token says.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// What identifies an authentic token among all: its name, the id, need not.
    pub(crate) tag: Option<[u8; TAG_LENGTH]>,
    /// None of a JWT that others made.
    pub(crate) id: Option<TokenId>,
    pub(crate) times: Times,
    pub(crate) claims: Vec<(String, String)>,
}

/// A claim that is not what was expected.
#[derive(Debug, Serialize)]
pub(crate) struct Mismatch {
    pub(crate) name: String,
    pub(crate) token: Option<String>,
    pub(crate) expected: String,
}

impl Facts {
    pub(crate) fn of(token: &Authentic<'_>) -> Self {
        Self {
            tag: Some(*token.tag()),
            id: token.id(),
            times: token.times(),
            claims: owned(token.claims()),
        }
    }

    pub(crate) fn unverified(token: &Unverified<'_>) -> Self {
        Self {
            tag: None,
            id: token.id,
            times: token.times,
            claims: owned(token.claims),
        }
    }

    pub(crate) fn id_text(&self) -> Option<String> {
        self.id.map(|id| id.to_string())
    }

    pub(crate) fn claim(&self, name: &str) -> Option<&str> {
        self.claims
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    /// The members that checked and unchecked tokens share in JSON.
    pub(crate) fn members(&self) -> (Value, Value, Value, Map<String, Value>) {
        let time = |seconds: Option<u32>| Value::from(seconds.map(|seconds| UnixTime(seconds).to_string()));
        (
            time(self.times.issued_at()),
            time(self.times.expires_at()),
            time(self.times.not_before()),
            claims_json(&self.claims),
        )
    }

    /// Indented lines, one a claim.
    pub(crate) fn claim_lines(&self) -> Vec<(String, String)> {
        let line = |(name, value): &(String, String)| (Harmless(name).to_string(), Harmless(value).to_string());
        self.claims.iter().map(line).collect()
    }
}

/// Times and number of checks, as JSON.
pub(crate) fn uses_json(uses: &Uses) -> Value {
    let time = |seconds: Option<u32>| seconds.map(|seconds| UnixTime(seconds).to_string());
    serde_json::json!({"count": uses.count, "first": time(uses.first), "last": time(uses.last)})
}

/// Claims as members of an object.
pub(crate) fn claims_json(claims: &[(String, String)]) -> Map<String, Value> {
    let member = |(name, value): &(String, String)| (name.clone(), value.clone().into());
    claims.iter().map(member).collect()
}

fn owned(claims: linkmint::claims::Claims<'_>) -> Vec<(String, String)> {
    claims
        .iter()
        .map(|claim| (claim.name.to_owned(), claim.value.to_string()))
        .collect()
}

impl Answer {
    /// An answer about a token that is not authentic.
    pub(crate) fn refused(refusal: Refusal) -> Self {
        Self {
            refusal: Some(refusal),
            ..Self::default()
        }
    }

    /// With all claims that are not what was expected, where that is what it was refused for.
    pub(crate) fn with_mismatches(mut self, expected: &[(String, String)]) -> Self {
        if let (Some(Refusal::ClaimMismatch { .. }), Some(facts)) = (&self.refusal, &self.facts) {
            let differs = |(name, value): &&(String, String)| facts.claim(name) != Some(value);
            let mismatch = |(name, value): &(String, String)| Mismatch {
                name: name.clone(),
                token: facts.claim(name).map(str::to_owned),
                expected: value.clone(),
            };
            self.mismatches = expected.iter().filter(differs).map(mismatch).collect();
        }
        self
    }

    pub(crate) fn status(&self) -> Status {
        self.refusal.as_ref().map_or(Status::Valid, Refusal::status)
    }

    pub(crate) fn is_valid(&self) -> bool {
        self.refusal.is_none()
    }

    fn message(&self) -> String {
        self.refusal
            .as_ref()
            .map_or_else(|| "token valid".to_owned(), ToString::to_string)
    }

    /// The answer as one JSON object; what is not known is null.
    pub(crate) fn to_json(&self, checked_at: UnixTime) -> Value {
        let members = self.facts.as_ref().map(Facts::members);
        let (issued_at, expires_at, not_before, claims) = members.unwrap_or_default();
        let mut object = serde_json::json!({
            "valid": self.is_valid(),
            "status": self.status().as_str(),
            "message": self.message(),
            "checked_at": checked_at.to_string(),
            "key_id": self.key_id.map(|id| id.to_string()),
            "id": self.facts.as_ref().and_then(Facts::id_text),
            "format": self.format,
            "issued_at": issued_at,
            "expires_at": expires_at,
            "not_before": not_before,
            "claims": claims,
            "cleaned": self.cleaned.iter().map(|cleaning| cleaning.as_str()).collect::<Vec<_>>(),
            "uses": self.uses.map(|uses| uses_json(&uses)),
        });
        if let Some(Refusal::Revoked(Revocation { at, reason })) = &self.refusal {
            object["revoked"] = serde_json::json!({"at": UnixTime(*at).to_string(), "reason": reason});
        }
        if let Some(Damage { slip, undamaged }) = &self.damaged {
            object["damaged"] = serde_json::json!({
                "position": slip.position,
                "kind": slip.kind.as_str(),
                "should_be": slip.should_be,
                "undamaged_status": undamaged.status().as_str(),
            });
        }
        if !self.mismatches.is_empty() {
            object["mismatch"] = serde_json::json!(self.mismatches);
        }
        object
    }

    /// What `--print` asks for; empty unless the token is valid, but for the status itself.
    pub(crate) fn printed(&self, name: &str) -> String {
        match (name, &self.facts) {
            ("status", _) => self.status().as_str().to_owned(),
            (_, Some(facts)) if self.is_valid() => match name {
                "expires_at" => {
                    let expiry = facts.times.expires_at();
                    expiry.map(|seconds| UnixTime(seconds).to_string()).unwrap_or_default()
                }
                name => Harmless(facts.claim(name).unwrap_or_default()).to_string(),
            },
            _ => String::new(),
        }
    }

    /// The answer in lines for people, `leeway` told where it decided.
    pub(crate) fn to_text(&self, now: UnixTime, leeway: u64, look: &Look) -> String {
        if let Some(damage) = &self.damaged {
            return self.damage_text(damage, now, leeway, look);
        }
        let head = match &self.refusal {
            None => format!(
                "{}  {}",
                look.word("VALID", Tone::Good),
                self.validity_words(now, leeway, look)
            ),
            Some(refusal) => {
                let word = refusal.status().as_str().to_uppercase().replace('_', " ");
                format!(
                    "{}  {}",
                    look.word(&word, Tone::Bad),
                    self.refusal_words(refusal, now, look)
                )
            }
        };
        let mut text = head + "\n";
        if let Some(facts) = &self.facts {
            let mut lines = facts.claim_lines();
            let key = self.key_id.map(|id| format!("with key {id}")).unwrap_or_default();
            let issued = match facts.times.issued_at() {
                Some(time) => format!("{} {key}", look.minute(time)),
                None => format!("{key}, it does not say when"),
            };
            lines.push(("issued".into(), issued));
            text += &look.aligned(&lines);
        }
        if !self.cleaned.is_empty() {
            let undone: Vec<String> = self.cleaned.iter().map(ToString::to_string).collect();
            text += &format!("  undone: {}\n", undone.join(", "));
        }
        if let Some(uses) = &self.uses {
            text += &format!("  {}\n", self.uses_words(uses, look));
        }
        for mismatch in &self.mismatches {
            let is = mismatch
                .token
                .as_deref()
                .map_or("missing".into(), |value| format!("{}", Harmless(value)));
            text += &format!(
                "  {} is {is}, expected {}\n",
                Harmless(&mismatch.name),
                Harmless(&mismatch.expected)
            );
        }
        text
    }

    /// How often the token was checked before this time.
    fn uses_words(&self, uses: &Uses, look: &Look) -> String {
        let before = uses.count - u64::from(!self.seen.is_empty());
        let first = uses.first.map(|first| look.minute(first)).unwrap_or_default();
        match before {
            0 => "not checked before".to_owned(),
            1 => format!("checked once before, at {first}"),
            _ => format!("checked {} times before, first {first}", grouped(before)),
        }
    }

    /// The place of the damage first, then why it is not valid as it stands.
    fn damage_text(&self, damage: &Damage, now: UnixTime, leeway: u64, look: &Look) -> String {
        let undamaged = &damage.undamaged;
        let is = match &undamaged.refusal {
            None => format!("is valid {}", undamaged.validity_words(now, leeway, look)),
            Some(refusal) => format!("is not valid: {}", undamaged.refusal_words(refusal, now, look)),
        };
        let why = self.refusal.as_ref().map(ToString::to_string).unwrap_or_default();
        format!(
            "{}  {}; the undamaged token {is}\n  not valid as it stands: {why}\n",
            look.word("DAMAGED", Tone::Doubtful),
            damage.slip
        )
    }

    fn validity_words(&self, now: UnixTime, leeway: u64, look: &Look) -> String {
        let Some(facts) = &self.facts else { return String::new() };
        let late = |time: u32| now.0 >= time;
        let words = match facts.times.expires_at() {
            None => "without end".to_owned(),
            Some(time) => {
                let until = look.minute(time);
                match late(time) {
                    false => format!("for another {}, until {until}", Words(u64::from(time - now.0))),
                    true => format!(
                        "expired {} ago, at {until}: within the leeway of {leeway} s",
                        Words(u64::from(now.0 - time))
                    ),
                }
            }
        };
        match facts.times.not_before() {
            Some(start) if now.0 < start => format!(
                "{words}; its time comes in {}, within the leeway of {leeway} s",
                Words(u64::from(start - now.0))
            ),
            _ => words,
        }
    }

    fn refusal_words(&self, refusal: &Refusal, now: UnixTime, look: &Look) -> String {
        match refusal {
            Refusal::Revoked(Revocation { at, reason }) => {
                let reason = reason.as_ref().map(|reason| format!(": \"{}\"", Harmless(reason)));
                format!(
                    "called off {} ago, at {}{}",
                    Words(u64::from(now.0.saturating_sub(*at))),
                    look.minute(*at),
                    reason.unwrap_or_default()
                )
            }
            Refusal::Expired { expires_at } => format!(
                "{refusal} {} ago, at {}",
                Words(u64::from(now.0.saturating_sub(*expires_at))),
                look.minute(*expires_at)
            ),
            Refusal::NotYetValid { not_before } => format!(
                "{refusal}: its time comes in {}, at {}",
                Words(u64::from(not_before.saturating_sub(now.0))),
                look.minute(*not_before)
            ),
            Refusal::InvalidSignature => {
                format!("{refusal}: it was changed since it was made, or made with another key")
            }
            _ => refusal.to_string(),
        }
    }
}
