//! The JSON of an answer: the one schema of `verify --json`, of lists and of mails.

use super::answer::{Answer, Facts};
use super::rules::Mismatch;
use super::words::Message;
use crate::key::KeyId;
use crate::moment::UnixTime;
use crate::repair::SlipKind;
use crate::token::{Form, Refusal, Revocation, TokenId};
use serde::ser::{Serialize, Serializer};
use std::fmt::Display;

/// Members that are not known are null; those that are about one kind of answer are there in that kind alone.
#[derive(serde::Serialize)]
struct Schema<'a> {
    valid: bool,
    status: &'static str,
    message: Shown<Message<'a>>,
    checked_at: UnixTime,
    #[serde(flatten)]
    token: TokenJson<'a>,
    cleaned: Vec<&'static str>,
    uses: Option<UsesJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked: Option<RevokedJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replaced_by: Option<ReplacementJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    damaged: Option<DamageJson<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    mismatch: &'a [Mismatch],
}

/// What a token says, whether or not that was checked.
#[derive(Debug, serde::Serialize)]
pub struct TokenJson<'a> {
    key_id: Option<Shown<KeyId>>,
    id: Option<Shown<TokenId>>,
    format: Option<&'static str>,
    /// Of a JWT that a public key checks.
    #[serde(skip_serializing_if = "Option::is_none")]
    alg: Option<&'static str>,
    issued_at: Option<UnixTime>,
    expires_at: Option<UnixTime>,
    not_before: Option<UnixTime>,
    claims: ClaimsJson<'a>,
}

impl<'a> TokenJson<'a> {
    /// What is known of it: the key that it names, its form and its facts.
    #[must_use]
    pub fn of(key_id: Option<KeyId>, form: Option<Form>, facts: Option<&'a Facts>) -> Self {
        let time = |of: fn(&Facts) -> Option<u32>| facts.and_then(of).map(UnixTime);
        Self {
            key_id: key_id.map(Shown),
            id: facts.and_then(|facts| facts.id).map(Shown),
            format: form.map(Form::as_str),
            alg: form.filter(|form| form.is_public()).and_then(Form::algorithm),
            issued_at: time(|facts| facts.times.issued_at),
            expires_at: time(|facts| facts.times.expires_at),
            not_before: time(|facts| facts.times.not_before),
            claims: ClaimsJson(facts.map_or(&[], |facts| &facts.claims)),
        }
    }
}

#[derive(serde::Serialize)]
struct UsesJson {
    count: u64,
    first: Option<UnixTime>,
    last: Option<UnixTime>,
}

#[derive(serde::Serialize)]
struct RevokedJson<'a> {
    at: UnixTime,
    reason: Option<&'a str>,
}

#[derive(serde::Serialize)]
struct ReplacementJson {
    key_id: Shown<KeyId>,
    id: Shown<TokenId>,
    at: UnixTime,
    expires_at: Option<UnixTime>,
}

#[derive(serde::Serialize)]
struct DamageJson<'a> {
    position: usize,
    kind: SlipKind,
    should_be: Option<&'a str>,
    undamaged_status: &'static str,
}

/// Something as its text.
#[derive(Debug)]
pub(crate) struct Shown<T>(pub(crate) T);

impl<T: Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Claims as the members of an object, in their order.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClaimsJson<'a>(pub &'a [(String, String)]);

impl Serialize for ClaimsJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let schema = Schema {
            valid: self.is_valid(),
            status: self.status().as_str(),
            message: Shown(Message(self.refusal.as_ref())),
            checked_at: self.checked_at,
            token: TokenJson::of(self.key_id, self.form, self.facts.as_ref()),
            cleaned: self.cleaned.iter().map(|cleaning| cleaning.as_str()).collect(),
            uses: self.uses.map(|uses| UsesJson {
                count: uses.count,
                first: uses.first.map(UnixTime),
                last: uses.last.map(UnixTime),
            }),
            revoked: match &self.refusal {
                Some(Refusal::Revoked(Revocation { at, reason })) => Some(RevokedJson {
                    at: UnixTime(*at),
                    reason: reason.as_deref(),
                }),
                _ => None,
            },
            replaced_by: self.replaced_by.map(|by| ReplacementJson {
                key_id: Shown(by.key_id),
                id: Shown(by.id),
                at: UnixTime(by.at),
                expires_at: by.expires_at.map(UnixTime),
            }),
            damaged: self.damaged.as_ref().map(|damage| DamageJson {
                position: damage.slip.position,
                kind: damage.slip.kind,
                should_be: damage.slip.should_be.as_deref(),
                undamaged_status: damage.undamaged.status().as_str(),
            }),
            mismatch: &self.mismatches,
        };
        schema.serialize(serializer)
    }
}
