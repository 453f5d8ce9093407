//! What is counted by: the values of a claim, days, hours or statuses.

use super::count::{Count, CountedToken, Counts};
use crate::claims::{ClaimError, ClaimName, Claims};
use crate::excerpt::{Excerpt, Harmless};
use crate::ledger::{CAMPAIGN, Checks};
use crate::moment::{Day, Hour, Zone};
use crate::token::Status;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt::Write;

/// What to count by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// The values of a claim.
    Claim(String),
    /// Days of the zone.
    Day,
    /// Hours of the zone.
    Hour,
    /// How checks came out.
    Status,
}

/// What can't be counted by.
#[derive(Debug, thiserror::Error)]
#[error("{}: {error}", Excerpt(name))]
pub struct ByError {
    name: String,
    error: ClaimError,
}

impl By {
    /// Reads `day`, `hour`, `status` or the name of a claim; `claim:day` is the claim of that name.
    ///
    /// # Errors
    /// When it can't be the name of a claim.
    pub fn parse(text: &str) -> Result<Self, ByError> {
        Ok(match text {
            "day" => By::Day,
            "hour" => By::Hour,
            "status" => By::Status,
            text => {
                let name = text.strip_prefix("claim:").unwrap_or(text);
                let name = ClaimName::parse(name).map_err(|error| ByError {
                    name: name.to_owned(),
                    error,
                })?;
                By::Claim(name.as_str().to_owned())
            }
        })
    }

    /// Its name, as it heads a column.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            By::Claim(name) => name,
            By::Day => "day",
            By::Hour => "hour",
            By::Status => "status",
        }
    }

    /// Whether it is the claim that runs are recorded by, so that there is a return rate.
    #[must_use]
    pub fn is_campaign(&self) -> bool {
        *self == By::Claim(CAMPAIGN.to_owned())
    }
}

/// One of what is counted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A day.
    Day(Day),
    /// An hour.
    Hour(Hour),
    /// A status.
    Status(Status),
    /// A claim's value, as whoever minted wrote it.
    Value(String),
    /// The tokens that have no such claim.
    None,
    /// The tokens whose claims the ledger does not keep.
    Sealed,
}

/// A row of what was counted.
#[derive(Clone, Debug)]
pub struct Group {
    /// What it is of.
    pub key: Key,
    /// Its checks and tokens.
    pub count: Count,
    /// How many tokens recorded runs made of it.
    pub minted: Option<u64>,
}

impl Key {
    /// It as programs read it; none where there is no value.
    #[must_use]
    pub fn value(&self) -> Option<Cow<'_, str>> {
        Some(match self {
            Key::Day(day) => day.to_string().into(),
            Key::Hour(hour) => hour.to_string().into(),
            Key::Status(status) => status.as_str().into(),
            Key::Value(value) => value.into(),
            Key::None | Key::Sealed => return None,
        })
    }

    /// It as people read it, with nothing in it that steers a terminal.
    #[must_use]
    pub fn label(&self, zone: &Zone) -> String {
        match self {
            // with its zone: an hour may come twice
            Key::Hour(hour) => zone.minute(hour.start()),
            Key::None => "(none)".to_owned(),
            Key::Sealed => "(sealed)".to_owned(),
            key => Harmless(&key.value().unwrap_or_default()).to_string(),
        }
    }
}

/// The counts of a claim's values so far.
#[derive(Debug, Default)]
pub(super) struct ByClaim {
    name: String,
    values: HashMap<String, Count>,
    none: Count,
    sealed: Count,
    /// A value as text; its room is used again.
    text: String,
}

impl ByClaim {
    pub(super) fn of(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    pub(super) fn add(&mut self, token: CountedToken, claims: Option<Claims<'_>>, all: &[Checks]) {
        let count = self.count_of(claims);
        all.iter().for_each(|checks| count.add(token, checks));
    }

    fn count_of(&mut self, claims: Option<Claims<'_>>) -> &mut Count {
        let Some(claims) = claims else {
            return &mut self.sealed;
        };
        let Some(value) = claims.value(&self.name) else {
            return &mut self.none;
        };
        self.text.clear();
        write!(self.text, "{value}").expect("a text takes all");
        // only a value that was not there before needs a text of its own
        if !self.values.contains_key(&self.text) {
            self.values.insert(self.text.clone(), Count::default());
        }
        self.values.get_mut(&self.text).expect("it is there by now")
    }

    /// The rows, those with the most checks first. What runs made and nobody showed is a row too.
    pub(super) fn into_rows(mut self, minted: &HashMap<String, u64>) -> Vec<Group> {
        for value in minted.keys() {
            self.values.entry(value.clone()).or_default();
        }
        let others = [(Key::None, self.none), (Key::Sealed, self.sealed)];
        let others = others.into_iter().filter(|(_, count)| count.uses.count > 0);
        let values = self.values.into_iter().map(|(value, count)| (Key::Value(value), count));
        let row = |(key, count)| Group {
            minted: match &key {
                Key::Value(value) => minted.get(value).copied(),
                _ => None,
            },
            key,
            count,
        };
        let mut rows: Vec<Group> = values.chain(others).map(row).collect();
        sort(&mut rows);
        rows
    }
}

/// The rows of days, hours or statuses, in their order.
pub(super) fn rows<K: Copy>(counts: &Counts<K>, key: impl Fn(K) -> Key) -> Vec<Group> {
    let row = |(one, count): (&K, &Count)| Group {
        key: key(*one),
        count: *count,
        minted: None,
    };
    counts.iter().map(row).collect()
}

/// By checks, and equal ones by their names, so that the order is the same each time.
pub(super) fn sort(rows: &mut [Group]) {
    rows.sort_by(|one, other| {
        (Reverse(one.count.uses.count), &one.key).cmp(&(Reverse(other.count.uses.count), &other.key))
    });
}
