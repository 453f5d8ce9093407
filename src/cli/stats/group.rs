//! What is counted by: the values of a claim, days, hours or statuses.

use super::count::{Count, Counts, Seen};
use crate::cli::exit::Failure;
use crate::cli::generate::CAMPAIGN;
use crate::cli::meaning::claims::claim_name;
use linkmint::claims::Claims;
use linkmint::ledger::Checks;
use linkmint::moment::{Day, Hour};
use linkmint::token::Status;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt::Write;

/// What to count by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum By {
    Claim(String),
    Day,
    Hour,
    Status,
}

impl By {
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        Ok(match text {
            "day" => By::Day,
            "hour" => By::Hour,
            "status" => By::Status,
            text => {
                let name = text.strip_prefix("claim:").unwrap_or(text);
                By::Claim(claim_name("--by", name)?.as_str().to_owned())
            }
        })
    }

    /// Its name, as it heads a column.
    pub(super) fn name(&self) -> &str {
        match self {
            By::Claim(name) => name,
            By::Day => "day",
            By::Hour => "hour",
            By::Status => "status",
        }
    }

    /// Whether it is the claim that runs are recorded by, so that there is a return rate.
    pub(super) fn is_campaign(&self) -> bool {
        *self == By::Claim(CAMPAIGN.to_owned())
    }
}

/// One of what is counted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Day(Day),
    Hour(Hour),
    Status(Status),
    Value(String),
    /// The tokens that have no such claim.
    None,
    /// The tokens whose claims the ledger does not keep.
    Sealed,
}

/// A row of what was counted.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) key: Key,
    pub(super) count: Count,
    /// How many tokens recorded runs made of it.
    pub(super) minted: Option<u64>,
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

    pub(super) fn add(&mut self, seen: Seen, claims: Option<Claims<'_>>, all: &[Checks]) {
        let count = self.count_of(claims);
        all.iter().for_each(|checks| count.add(seen, checks));
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

impl ByClaim {
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

/// By checks, and equal ones by their names, so that the order is the same each time.
pub(super) fn sort(rows: &mut [Group]) {
    rows.sort_by(|one, other| {
        (Reverse(one.count.uses.count), &one.key).cmp(&(Reverse(other.count.uses.count), &other.key))
    });
}
