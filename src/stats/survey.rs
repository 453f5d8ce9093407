//! One walk through a ledger, in which all that is told of it is counted.
//!
//! No token is kept but the few that were checked most: memory grows with what is counted by, not with the tokens.

use super::count::{Count, CountedToken, Counts};
use super::group::{self, By, ByClaim, Group, Key};
use super::returns::{Returns, RunReturn};
use super::top::{Top, TopToken};
use crate::ledger::{Checks, Ledger, LedgerError, QUARTER, TokenRecord, Uses};
use crate::moment::{Day, Hour, UnixTime, Zone};
use crate::token::Status;
use std::collections::HashMap;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Query {
    /// What to count by.
    pub by: By,
    /// How many of the tokens that were checked most are named.
    pub top: usize,
    /// Which checks count.
    pub span: Span,
    /// The zone of days, hours and times.
    pub zone: Zone,
    /// When it is asked.
    pub now: UnixTime,
    /// Only tokens with these claims count, and no runs, which may have made others; none is all.
    pub only: Vec<(String, String)>,
}

impl Query {
    /// Whether a token counts at all.
    fn has(&self, token: &TokenRecord<'_>) -> bool {
        let has = |(name, value): &(String, String)| {
            let own = token.claims.and_then(|claims| claims.value(name));
            own.is_some_and(|own| own.to_string() == *value)
        };
        self.only.iter().all(has)
    }
}

/// From when until before when; both begin a quarter of an hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The first time that counts.
    pub since: Option<UnixTime>,
    /// The first one that no longer does.
    pub until: Option<UnixTime>,
}

impl Span {
    fn has(&self, checks: &Checks) -> bool {
        self.since.is_none_or(|since| checks.first >= since.0) && self.until.is_none_or(|until| checks.first < until.0)
    }
}

/// Whether a span can begin or end at a time.
#[must_use]
pub fn is_edge(time: UnixTime) -> bool {
    time.0.is_multiple_of(QUARTER)
}

/// What came of it.
#[derive(Debug)]
pub struct Survey {
    /// What was asked.
    pub query: Query,
    /// All checks and tokens.
    pub total: Count,
    /// What was counted by, in its order.
    pub groups: Vec<Group>,
    /// By days, whatever was asked for.
    pub days: Counts<Day>,
    /// By hours.
    pub hours: Counts<Hour>,
    /// Checks in each hour of the day.
    pub hours_of_day: [u64; 24],
    /// By the answers that were given.
    pub statuses: Counts<Status>,
    /// The tokens that were checked most, the most first.
    pub top: Vec<TopToken>,
    /// In the order in which they were made.
    pub runs: Vec<RunReturn>,
    /// How many tokens known runs made, and how many of them were checked.
    pub returns: Option<(u64, u64)>,
}

impl Survey {
    /// What is said where there are no checks.
    #[must_use]
    pub fn nothing(&self) -> &'static str {
        match self.query.span == Span::default() {
            true => "nothing was counted yet",
            false => "nothing was counted in that time",
        }
    }

    /// The checks of the group that has most.
    #[must_use]
    pub fn most(&self) -> u64 {
        let counts = self.groups.iter().map(|group| group.count.uses.count);
        counts.max().unwrap_or(0)
    }

    /// Whether it is known of any group how many tokens were made for it.
    #[must_use]
    pub fn has_rate(&self) -> bool {
        self.groups.iter().any(|group| group.minted.is_some())
    }
}

/// Counts all that is asked. `read` is told now and then how many tokens were looked at.
///
/// # Errors
/// When the ledger can't be read.
pub fn take(ledger: &Ledger, query: Query, read: &dyn Fn(u64)) -> Result<Survey, LedgerError> {
    const BETWEEN: u64 = 10_000;
    let mut tokens = 0;
    let runs = match query.only.is_empty() {
        true => ledger.runs()?,
        false => Vec::new(),
    };
    let mut walk = Walk::new(query, Returns::new(runs));
    ledger.tokens(|token| {
        tokens += 1;
        if tokens % BETWEEN == 0 {
            read(tokens);
        }
        match walk.survey.query.has(token) {
            true => walk.add(token),
            false => Ok(()),
        }
    })?;
    Ok(walk.end())
}

struct Walk {
    /// So far without groups, top and runs.
    survey: Survey,
    /// The day, the hour and the hour's number on the clock, of each quarter of an hour.
    times: HashMap<u32, (Day, Hour, u8)>,
    /// Where it is counted by.
    claim: Option<ByClaim>,
    top: Top,
    returns: Returns,
    /// Of one token; their room is used again.
    checks: Vec<Checks>,
}

impl Walk {
    fn new(query: Query, returns: Returns) -> Self {
        Self {
            times: HashMap::new(),
            claim: match &query.by {
                By::Claim(name) => Some(ByClaim::of(name)),
                By::Day | By::Hour | By::Status => None,
            },
            top: Top::new(query.top),
            survey: Survey {
                query,
                total: Count::default(),
                groups: Vec::new(),
                days: Counts::new(),
                hours: Counts::new(),
                hours_of_day: [0; 24],
                statuses: Counts::new(),
                top: Vec::new(),
                runs: Vec::new(),
                returns: None,
            },
            returns,
            checks: Vec::new(),
        }
    }

    fn add(&mut self, token: &TokenRecord<'_>) -> Result<(), LedgerError> {
        self.checks.clear();
        let mut uses = Uses::default();
        for checks in token.checks() {
            let checks = checks?;
            if self.survey.query.span.has(&checks) {
                uses.add(&checks);
                self.checks.push(checks);
            }
        }
        let counts = !self.checks.is_empty();
        let is_of_run = self.returns.add(token, counts);
        if !counts {
            return Ok(());
        }
        let survey = &mut self.survey;
        let number = survey.total.tokens + 1;
        let counted = CountedToken { number, is_of_run };
        for checks in &self.checks {
            let quarter = checks.first / QUARTER;
            let (day, hour, hour_of_day) = *self.times.entry(quarter).or_insert_with(|| {
                let (time, zone) = (UnixTime(quarter * QUARTER), &survey.query.zone);
                (Day::of(time, zone), Hour::of(time, zone), zone.hour_of_day(time))
            });
            survey.total.add(counted, checks);
            survey.days.entry(day).or_default().add(counted, checks);
            survey.hours.entry(hour).or_default().add(counted, checks);
            survey.hours_of_day[usize::from(hour_of_day)] += checks.count;
            survey.statuses.entry(checks.status).or_default().add(counted, checks);
        }
        if let Some(claim) = &mut self.claim {
            claim.add(counted, token.claims, &self.checks);
        }
        self.top.add(token, uses);
        Ok(())
    }

    fn end(self) -> Survey {
        let survey = self.survey;
        let minted = match survey.query.by.is_campaign() {
            true => self.returns.minted(),
            false => Default::default(),
        };
        let groups = match (self.claim, &survey.query.by) {
            (Some(claim), _) => claim.into_rows(&minted),
            (None, By::Hour) => group::rows(&survey.hours, Key::Hour),
            (None, By::Status) => {
                let mut rows = group::rows(&survey.statuses, Key::Status);
                group::sort(&mut rows);
                rows
            }
            (None, _) => group::rows(&survey.days, Key::Day),
        };
        Survey {
            groups,
            top: self.top.into_list(),
            returns: self.returns.total(),
            runs: self.returns.runs,
            ..survey
        }
    }
}
