//! What is counted by: the values of a claim, days, hours or statuses.

use super::calendar::Calendar;
use super::count::{Count, Counts, Seen};
use crate::cli::exit::Failure;
use crate::cli::meaning::claims::claim_name;
use linkmint::claims::Claims;
use linkmint::ledger::Checks;
use linkmint::moment::{Day, Hour};
use linkmint::token::Status;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt::Write;

/// The claim that runs are recorded by.
pub(super) const CAMPAIGN: &str = "campaign_id";

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

/// The counts so far.
#[derive(Debug)]
pub(super) enum Groups {
    Claim(ByClaim),
    Days(Counts<Day>),
    Hours(Counts<Hour>),
    Statuses(Counts<Status>),
}

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

impl Groups {
    pub(super) fn new(by: &By) -> Self {
        match by {
            By::Day => Groups::Days(Counts::new()),
            By::Hour => Groups::Hours(Counts::new()),
            By::Status => Groups::Statuses(Counts::new()),
            By::Claim(name) => Groups::Claim(ByClaim {
                name: name.clone(),
                ..ByClaim::default()
            }),
        }
    }

    pub(super) fn add(&mut self, seen: Seen, claims: Option<Claims<'_>>, all: &[Checks], calendar: &mut Calendar) {
        match self {
            Groups::Claim(claim) => {
                let count = claim.count_of(claims);
                all.iter().for_each(|checks| count.add(seen, checks));
            }
            Groups::Days(days) => all.iter().for_each(|checks| {
                let key = calendar.place(checks.first).day;
                days.entry(key).or_default().add(seen, checks);
            }),
            Groups::Hours(hours) => all.iter().for_each(|checks| {
                let key = calendar.place(checks.first).hour;
                hours.entry(key).or_default().add(seen, checks);
            }),
            Groups::Statuses(statuses) => all.iter().for_each(|checks| {
                statuses.entry(checks.status).or_default().add(seen, checks);
            }),
        }
    }

    /// The rows: days and hours in their order, all else with the most checks first. What runs made and nobody showed
    /// is a row too.
    pub(super) fn into_rows(self, minted: &HashMap<String, u64>) -> Vec<Group> {
        let row = |key, count| Group {
            key,
            count,
            minted: None,
        };
        let mut rows: Vec<Group> = match self {
            Groups::Days(days) => days.into_iter().map(|(day, count)| row(Key::Day(day), count)).collect(),
            Groups::Hours(hours) => hours
                .into_iter()
                .map(|(hour, count)| row(Key::Hour(hour), count))
                .collect(),
            Groups::Statuses(statuses) => statuses
                .into_iter()
                .map(|(status, count)| row(Key::Status(status), count))
                .collect(),
            Groups::Claim(claim) => return claim.into_rows(minted),
        };
        if matches!(
            rows.first(),
            Some(Group {
                key: Key::Status(_),
                ..
            })
        ) {
            sort(&mut rows);
        }
        rows
    }
}

impl ByClaim {
    fn into_rows(mut self, minted: &HashMap<String, u64>) -> Vec<Group> {
        for value in minted.keys() {
            self.values.entry(value.clone()).or_default();
        }
        let others = [(Key::None, self.none), (Key::Sealed, self.sealed)];
        let others = others.into_iter().filter(|(_, count)| count.checks > 0);
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
fn sort(rows: &mut [Group]) {
    rows.sort_by(|one, other| (Reverse(one.count.checks), &one.key).cmp(&(Reverse(other.count.checks), &other.key)));
}
