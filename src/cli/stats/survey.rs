//! One walk through a ledger, in which all that is told of it is counted.
//!
//! No token is kept but the few that were checked most: memory grows with what is counted by, not with the tokens.

use super::calendar::Calendar;
use super::count::{Count, Counts, Seen};
use super::group::{self, By, ByClaim, Group, Key};
use super::returns::{Return, Returns};
use super::top::{Often, Top};
use linkmint::ledger::{Checks, Ledger, LedgerError, QUARTER, TokenRecord, Uses};
use linkmint::moment::{Day, Hour, UnixTime, Zone};
use linkmint::token::Status;

/// What is asked.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) by: By,
    pub(super) top: usize,
    pub(super) span: Span,
    pub(super) zone: Zone,
    pub(super) now: UnixTime,
}

/// From when until before when; both begin a quarter of an hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) since: Option<UnixTime>,
    pub(super) until: Option<UnixTime>,
}

impl Span {
    fn has(&self, checks: &Checks) -> bool {
        self.since.is_none_or(|since| checks.first >= since.0) && self.until.is_none_or(|until| checks.first < until.0)
    }
}

/// Whether a span can begin or end at a time.
pub(super) fn is_edge(time: UnixTime) -> bool {
    time.0.is_multiple_of(QUARTER)
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) query: Query,
    pub(super) total: Count,
    pub(super) groups: Vec<Group>,
    pub(super) days: Counts<Day>,
    pub(super) hours: Counts<Hour>,
    /// Checks in each hour of the day.
    pub(super) hours_of_day: [u64; 24],
    pub(super) statuses: Counts<Status>,
    pub(super) top: Vec<Often>,
    /// In the order in which they were made.
    pub(super) runs: Vec<Return>,
    /// How many tokens known runs made, and how many of them were checked.
    pub(super) returns: Option<(u64, u64)>,
}

impl Survey {
    /// What is said where there are no checks.
    pub(super) fn nothing(&self) -> &'static str {
        match self.query.span == Span::default() {
            true => "nothing was counted yet",
            false => "nothing was counted in that time",
        }
    }

    /// The checks of the group that has most.
    pub(super) fn most(&self) -> u64 {
        let counts = self.groups.iter().map(|group| group.count.uses.count);
        counts.max().unwrap_or(0)
    }

    /// Whether it is known of any group how many tokens were made for it.
    pub(super) fn has_rate(&self) -> bool {
        self.groups.iter().any(|group| group.minted.is_some())
    }
}

/// Counts all that is asked.
pub(super) fn take(ledger: &Ledger, query: Query) -> Result<Survey, LedgerError> {
    let mut walk = Walk::new(&query, Returns::new(ledger.runs()?));
    let mut failed = None;
    ledger.tokens(|token| {
        if failed.is_none() {
            failed = walk.add(token).err();
        }
    })?;
    match failed {
        Some(error) => Err(error),
        None => Ok(walk.end(query)),
    }
}

struct Walk {
    span: Span,
    calendar: Calendar,
    total: Count,
    /// Where it is counted by.
    claim: Option<ByClaim>,
    days: Counts<Day>,
    hours: Counts<Hour>,
    hours_of_day: [u64; 24],
    statuses: Counts<Status>,
    top: Top,
    returns: Returns,
    /// Of one token; their room is used again.
    checks: Vec<Checks>,
}

impl Walk {
    fn new(query: &Query, returns: Returns) -> Self {
        Self {
            span: query.span,
            calendar: Calendar::new(&query.zone),
            total: Count::default(),
            claim: match &query.by {
                By::Claim(name) => Some(ByClaim::of(name)),
                By::Day | By::Hour | By::Status => None,
            },
            days: Counts::new(),
            hours: Counts::new(),
            hours_of_day: [0; 24],
            statuses: Counts::new(),
            top: Top::new(query.top),
            returns,
            checks: Vec::new(),
        }
    }

    fn add(&mut self, token: &TokenRecord<'_>) -> Result<(), LedgerError> {
        self.checks.clear();
        let mut uses = Uses::default();
        for checks in token.checks() {
            let checks = checks?;
            if self.span.has(&checks) {
                uses.add(&checks);
                self.checks.push(checks);
            }
        }
        let counts = !self.checks.is_empty();
        let is_of_run = self.returns.add(token, counts);
        if !counts {
            return Ok(());
        }
        let number = self.total.tokens + 1;
        let seen = Seen { number, is_of_run };
        for checks in &self.checks {
            let place = self.calendar.place(checks.first);
            self.total.add(seen, checks);
            self.days.entry(place.day).or_default().add(seen, checks);
            self.hours.entry(place.hour).or_default().add(seen, checks);
            self.hours_of_day[usize::from(place.hour_of_day)] += checks.count;
            self.statuses.entry(checks.status).or_default().add(seen, checks);
        }
        if let Some(claim) = &mut self.claim {
            claim.add(seen, token.claims, &self.checks);
        }
        self.top.add(token, uses);
        Ok(())
    }

    fn end(self, query: Query) -> Survey {
        let minted = match query.by.is_campaign() {
            true => self.returns.minted(),
            false => Default::default(),
        };
        let groups = match (self.claim, &query.by) {
            (Some(claim), _) => claim.into_rows(&minted),
            (None, By::Hour) => group::rows(&self.hours, Key::Hour),
            (None, By::Status) => {
                let mut rows = group::rows(&self.statuses, Key::Status);
                group::sort(&mut rows);
                rows
            }
            (None, _) => group::rows(&self.days, Key::Day),
        };
        Survey {
            groups,
            total: self.total,
            days: self.days,
            hours: self.hours,
            hours_of_day: self.hours_of_day,
            statuses: self.statuses,
            top: self.top.into_list(),
            returns: self.returns.total(),
            runs: self.returns.runs,
            query,
        }
    }
}
