//! What a token is held against, and what came of it.

use crate::claims::Claims;
use crate::key::{CheckingKey, KeyId};
use crate::mail;
use crate::moment::UnixTime;
use crate::paste::{self, Candidate};
use crate::token::{
    self, Authentic, Form, Refusal, Revocation, Revocations, Status, TokenGroup, Trace, UntrustedToken,
};
use serde::Serialize;
use std::sync::Arc;

/// What tokens are checked against.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The keys there are.
    pub keys: Arc<[CheckingKey]>,
    /// The time of the check.
    pub now: UnixTime,
    /// How far clocks may be apart, in seconds.
    pub leeway: u64,
    /// Claims that every token must have, by name.
    pub expected: Vec<(String, String)>,
}

/// What a check found out about a token, which it borrows from.
#[derive(Debug)]
pub struct Verdict<'b> {
    /// Why it is not valid.
    pub refusal: Option<Refusal>,
    /// The key that it names, whether or not that one made it.
    pub key_id: Option<KeyId>,
    /// Its form; none of a text that is no token.
    pub form: Option<Form>,
    /// The token, where it is authentic.
    pub token: Option<Authentic<'b>>,
    /// What a ledger knows an authentic token by, where one was asked.
    pub trace: Option<Trace>,
}

/// A claim that is not what was expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mismatch {
    /// Its name.
    pub name: String,
    /// What the token has.
    pub token: Option<String>,
    /// What it should be.
    pub expected: String,
}

impl Verdict<'_> {
    /// The verdict about a text that is no token.
    pub(crate) fn refused(refusal: Refusal) -> Self {
        Self {
            refusal: Some(refusal),
            key_id: None,
            form: None,
            token: None,
            trace: None,
        }
    }

    /// The verdict about a token that none of the keys has made.
    pub(super) fn not_authentic(refusal: Refusal, key_id: Option<KeyId>, form: Form) -> Self {
        Self {
            key_id,
            form: Some(form),
            ..Self::refused(refusal)
        }
    }

    /// The first status that holds.
    #[must_use]
    pub fn status(&self) -> Status {
        self.refusal.as_ref().map_or(Status::Valid, Refusal::status)
    }

    /// The first second at which an authentic token is no longer valid; `None` is never, or not known.
    #[must_use]
    pub fn expires_at(&self) -> Option<u32> {
        self.token.as_ref().and_then(|token| token.times().expires_at)
    }
}

impl Rules {
    /// Rules without leeway that expect no claim.
    #[must_use]
    pub fn new(keys: impl Into<Arc<[CheckingKey]>>, now: UnixTime) -> Self {
        Self {
            keys: keys.into(),
            now,
            leeway: 0,
            expected: Vec::new(),
        }
    }

    /// The signature, then what the token is held to at a time, as whoever checks one token a request keeps the rules.
    /// `revocations` say what is revoked; without them no ledger is asked.
    #[inline]
    pub fn verdict_at<'b>(
        &self,
        now: UnixTime,
        token: UntrustedToken<'b>,
        revocations: Option<&Revocations>,
    ) -> Verdict<'b> {
        let (key_id, form) = (token.key_id(), token.form());
        self.judge(now, key_id, form, token.authenticate(&self.keys), revocations)
    }

    /// The same of a token of a group that was checked with the keys of these rules, at their time.
    #[inline]
    pub(crate) fn verdict_in_group<'b>(
        &self,
        group: &'b TokenGroup,
        token: usize,
        revocations: Option<&Revocations>,
    ) -> Verdict<'b> {
        let (key_id, form) = (Some(group.key_id(token)), group.form(token));
        self.judge(self.now, key_id, form, group.authenticate(token), revocations)
    }

    /// The same of a token whose signature was looked at already.
    #[inline(always)]
    fn judge<'b>(
        &self,
        now: UnixTime,
        key_id: Option<KeyId>,
        form: Form,
        token: Result<Authentic<'b>, Refusal>,
        revocations: Option<&Revocations>,
    ) -> Verdict<'b> {
        let token = match token {
            Err(refusal) => return Verdict::not_authentic(refusal, key_id, form),
            Ok(token) => token,
        };
        let Some(revocations) = revocations else {
            return self.judge_authentic(now, token, None, None);
        };
        let trace = token.trace();
        let revoked = revocations.find(&trace, token.claims());
        self.judge_authentic(now, token, revoked, Some(trace))
    }

    /// The same of an authentic token of which is known whether it is revoked; `trace` where a ledger was asked.
    #[inline(always)]
    pub(super) fn judge_authentic<'b>(
        &self,
        now: UnixTime,
        token: Authentic<'b>,
        revocation: Option<&Revocation>,
        trace: Option<Trace>,
    ) -> Verdict<'b> {
        let expected = self.expected.iter().map(|(name, value)| (&**name, &**value));
        let judged = token.judge(revocation, u64::from(now.0), self.leeway, expected);
        Verdict {
            refusal: judged.err(),
            key_id: Some(token.key_id()),
            form: Some(token.form()),
            token: Some(token),
            trace,
        }
    }

    /// All claims that are not what is expected, where that is what a token was refused for.
    pub(super) fn mismatches(&self, refusal: Option<&Refusal>, claims: Claims<'_>) -> Vec<Mismatch> {
        if !matches!(refusal, Some(Refusal::ClaimMismatch { .. })) {
            return Vec::new();
        }
        let mismatch = |(name, expected): &(String, String)| {
            let token = claims.value(name).map(|value| value.to_string());
            (token.as_ref() != Some(expected)).then(|| Mismatch {
                name: name.clone(),
                token,
                expected: expected.clone(),
            })
        };
        self.expected.iter().filter_map(mismatch).collect()
    }

    /// The tokens in a text that somebody pasted, in the reading that the keys made, where there are several. The source
    /// of a mail is opened first.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Candidate> {
        let mut authentic = |text: &str| self.is_authentic(text);
        let starts = || self.keys.iter().flat_map(|key| token::starts(key.id())).collect();
        let of_mail = mail::pasted(text, starts, &mut authentic);
        of_mail.unwrap_or_else(|| paste::settle(paste::candidates(text), &mut authentic))
    }

    /// Whether one of the keys has made a token of exactly this text.
    #[must_use]
    pub fn is_authentic(&self, text: &str) -> bool {
        let mut buffer = Vec::new();
        UntrustedToken::read(text, &mut buffer).is_ok_and(|token| token.authenticate(&self.keys).is_ok())
    }
}
