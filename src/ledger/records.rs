//! What a ledger knows, as it is handed out.

use crate::claims::Claims;
use crate::key::KeyId;
use crate::token::{Revocation, Status, TokenId, Trace, Validity};
use serde::Serialize;
use std::fmt;

/// How often a token was checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// All checks, whatever their status.
    pub count: u64,
    /// The time of the first one, in seconds since 1970.
    pub first: Option<u32>,
    /// The time of the last one.
    pub last: Option<u32>,
}

impl Uses {
    /// Takes some more in.
    #[inline]
    pub fn add(&mut self, checks: &Checks) {
        self.count += checks.count;
        self.first = Some(self.first.map_or(checks.first, |first| first.min(checks.first)));
        self.last = Some(self.last.map_or(checks.last, |last| last.max(checks.last)));
    }
}

/// The checks of a token that came out alike in one quarter of an hour: the finest time that all zones' days and hours
/// can be put together from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checks {
    /// How they came out.
    pub status: Status,
    /// How many there were.
    pub count: u64,
    /// The time of the first one, in seconds since 1970.
    pub first: u32,
    /// The time of the last one, in the same quarter.
    pub last: u32,
}

/// What is asked about a token before its check is counted.
#[derive(Clone, Copy, Debug)]
pub struct Question<'t> {
    /// What identifies it.
    pub trace: Trace,
    /// Its claims, which may be revoked.
    pub claims: Claims<'t>,
    /// Whether it is asked how often it was checked.
    pub uses: bool,
}

/// What a ledger knows of a token before its check is counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Why it is revoked, if it is: by itself first, then by its claims in their order.
    pub revocation: Option<Revocation>,
    /// The token that was made in its place.
    pub replaced_by: Option<Replacement>,
    /// How often it was checked, where that was asked.
    pub uses: Option<Uses>,
}

/// A token that was made in the place of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The key that made it.
    pub key_id: KeyId,
    /// Its id.
    pub id: TokenId,
    /// When it was made, in seconds since 1970.
    pub at: u32,
    /// When it ends; `None` is never.
    pub expires_at: Option<u32>,
}

impl Replacement {
    /// A token that this key has made with these times.
    #[must_use]
    pub fn new(key_id: KeyId, id: TokenId, validity: &Validity) -> Self {
        Self {
            key_id,
            id,
            at: validity.issued_at(),
            expires_at: validity.expires_at(),
        }
    }
}

/// What people name it by.
impl fmt::Display for Replacement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.key_id, self.id)
    }
}

/// All that is known of a token.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct TokenRecord<'a> {
    /// What identifies it.
    pub trace: Trace,
    /// The key that made it.
    pub key_id: KeyId,
    /// Its id; only a JWT that others made has none of ours.
    pub id: Option<TokenId>,
    /// When it was minted, if it says so.
    pub issued_at: Option<u32>,
    /// When it ends; `None` is never.
    pub expires_at: Option<u32>,
    /// Its claims; those of a sealed token only where they were to be kept.
    pub claims: Option<Claims<'a>>,
    /// Its checks, as they stand.
    pub(super) checks: &'a [u8],
}

/// What is revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target {
    /// One token.
    Token {
        /// What identifies it.
        trace: Trace,
        /// The key that made it.
        key_id: KeyId,
        /// Its id; only a JWT that others made has none of ours.
        id: Option<TokenId>,
        /// When it was minted, if it says so.
        issued_at: Option<u32>,
        /// When it ends; `None` is never.
        expires_at: Option<u32>,
        /// Its claims; those of a sealed token are not kept.
        claims: Option<Vec<(String, String)>>,
    },
    /// All tokens with this claim.
    Claim {
        /// The claim's name.
        name: String,
        /// Its value.
        value: String,
    },
}

/// By what tokens were revoked; in JSON it is the word in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum How {
    /// Each by its own text.
    Token,
    /// As rows of a list.
    List,
    /// All that make a claim.
    Claim,
}

/// An entry in the list of what is revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Revoked {
    /// What.
    pub target: Target,
    /// By what.
    pub how: How,
    /// When and why.
    pub revocation: Revocation,
}

/// The claim whose values a run is recorded by: how many rows of each.
pub const CAMPAIGN: &str = "campaign_id";

/// A run of `generate`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// When, in seconds since 1970.
    pub at: u32,
    /// The key that signed.
    pub key_id: KeyId,
    /// How many rows got a token.
    pub rows: u64,
    /// The time of issue of all.
    pub issued_at: u32,
    /// The id of the first row, those that were rejected counted.
    pub first_id: TokenId,
    /// The first and the last expiry, of those that expire.
    pub expiries: Option<(u32, u32)>,
    /// How many never expire.
    pub never: u64,
    /// The campaigns with the number of their rows, in the order in which they came; empty where tokens carry none, or
    /// more than can be campaigns.
    pub campaigns: Vec<(String, u64)>,
    /// What was read, as messages name it.
    pub input: String,
    /// The flags that make the same tokens again.
    pub repeat: String,
    /// When tokens that had expired were forgotten, if some of these may have been among them: then nobody knows any
    /// more how many came back. A run is taken in without.
    pub pruned_at: Option<u32>,
}
