//! The JSON of a survey: the one schema of `stats --json` and of whoever else gives it.

use super::count::{Count, Counts};
use super::group::{Group, Key};
use super::returns::RunReturn;
use super::survey::Survey;
use super::top::TopToken;
use crate::check::ClaimsJson;
use crate::moment::UnixTime;
use crate::token::Status;
use serde::ser::{Serialize, Serializer};
use std::borrow::Cow;

#[derive(serde::Serialize)]
struct SurveyJson<'a> {
    as_of: UnixTime,
    timezone: String,
    since: Option<UnixTime>,
    until: Option<UnixTime>,
    #[serde(flatten)]
    count: CountJson,
    #[serde(serialize_with = "by_name")]
    statuses: &'a Counts<Status>,
    by: &'a str,
    groups: Vec<GroupJson<'a>>,
    top: Vec<TopJson<'a>>,
    /// The newest first.
    runs: Vec<RunJson<'a>>,
}

/// Checks and tokens, and what came back of those that recorded runs made.
#[derive(serde::Serialize)]
struct CountJson {
    checks: u64,
    tokens: u64,
    first: Option<UnixTime>,
    last: Option<UnixTime>,
    minted: Option<u64>,
    returned: Option<u64>,
    return_rate: Option<f64>,
}

impl CountJson {
    fn of(count: &Count, minted: Option<u64>, returned: u64) -> Self {
        Self {
            checks: count.uses.count,
            tokens: count.tokens,
            first: count.uses.first.map(UnixTime),
            last: count.uses.last.map(UnixTime),
            minted,
            returned: minted.map(|_| returned),
            return_rate: rate(minted, returned),
        }
    }
}

#[derive(serde::Serialize)]
struct GroupJson<'a> {
    value: Option<Cow<'a, str>>,
    sealed: bool,
    #[serde(flatten)]
    count: CountJson,
}

#[derive(serde::Serialize)]
struct TopJson<'a> {
    trace: String,
    checks: u64,
    first: Option<UnixTime>,
    last: Option<UnixTime>,
    key_id: String,
    expires_at: Option<UnixTime>,
    claims: Option<ClaimsJson<'a>>,
}

#[derive(serde::Serialize)]
struct RunJson<'a> {
    at: UnixTime,
    input: &'a str,
    key_id: String,
    issued_at: UnixTime,
    first_id: String,
    minted: u64,
    campaigns: Vec<CampaignJson<'a>>,
    first_expiry: Option<UnixTime>,
    last_expiry: Option<UnixTime>,
    never_expire: u64,
    repeated: bool,
    pruned_at: Option<UnixTime>,
    returned: Option<u64>,
    return_rate: Option<f64>,
    repeat: &'a str,
}

#[derive(serde::Serialize)]
struct CampaignJson<'a> {
    campaign_id: &'a str,
    minted: u64,
}

/// The runs of a survey by campaign, and what came back of them.
pub struct RunsJson<'a>(pub &'a Survey);

impl Serialize for RunsJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(serde::Serialize)]
        struct Runs<'a> {
            as_of: UnixTime,
            campaigns: Vec<GroupJson<'a>>,
            runs: Vec<RunJson<'a>>,
        }
        let Self(survey) = self;
        let runs = Runs {
            as_of: survey.query.now,
            campaigns: survey.groups.iter().map(GroupJson::of).collect(),
            runs: survey.runs.iter().rev().map(RunJson::of).collect(),
        };
        runs.serialize(serializer)
    }
}

/// The checks of each status by its name.
fn by_name<S: Serializer>(statuses: &Counts<Status>, serializer: S) -> Result<S::Ok, S::Error> {
    let checks = |(status, count): (&Status, &Count)| (status.as_str(), count.uses.count);
    serializer.collect_map(statuses.iter().map(checks))
}

impl Serialize for Survey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let query = &self.query;
        let (minted, returned) = self.returns.unzip();
        let survey = SurveyJson {
            as_of: query.now,
            timezone: query.zone.to_string(),
            since: query.span.since,
            until: query.span.until,
            count: CountJson::of(&self.total, minted, returned.unwrap_or(0)),
            statuses: &self.statuses,
            by: query.by.name(),
            groups: self.groups.iter().map(GroupJson::of).collect(),
            top: self.top.iter().map(TopJson::of).collect(),
            runs: self.runs.iter().rev().map(RunJson::of).collect(),
        };
        survey.serialize(serializer)
    }
}

/// The part of those minted that came back, to four places; the division is for people, `minted` and `returned` are
/// exact.
fn rate(minted: Option<u64>, returned: u64) -> Option<f64> {
    let minted = minted.filter(|minted| *minted > 0)?;
    Some((returned as f64 / minted as f64 * 10_000.0).round() / 10_000.0)
}

impl<'a> GroupJson<'a> {
    fn of(group: &'a Group) -> Self {
        Self {
            value: group.key.value(),
            sealed: group.key == Key::Sealed,
            count: CountJson::of(&group.count, group.minted, group.count.returned),
        }
    }
}

impl<'a> TopJson<'a> {
    fn of(token: &'a TopToken) -> Self {
        Self {
            trace: token.trace.to_string(),
            checks: token.uses.count,
            first: token.uses.first.map(UnixTime),
            last: token.uses.last.map(UnixTime),
            key_id: token.key_id.to_string(),
            expires_at: token.expires_at.map(UnixTime),
            claims: token.claims.as_deref().map(ClaimsJson),
        }
    }
}

impl<'a> RunJson<'a> {
    fn of(one: &'a RunReturn) -> Self {
        let run = &one.run;
        let (first, last) = run.expiries.unzip();
        let campaign = |(name, minted): &'a (String, u64)| CampaignJson {
            campaign_id: name,
            minted: *minted,
        };
        Self {
            at: UnixTime(run.at),
            input: &run.input,
            key_id: run.key_id.to_string(),
            issued_at: UnixTime(run.issued_at),
            first_id: run.first_id.to_string(),
            minted: run.rows,
            campaigns: run.campaigns.iter().map(campaign).collect(),
            first_expiry: first.map(UnixTime),
            last_expiry: last.map(UnixTime),
            never_expire: run.never,
            repeated: one.is_repeated,
            pruned_at: run.pruned_at.map(UnixTime),
            returned: one.is_known().then_some(one.returned),
            return_rate: rate(one.is_known().then_some(run.rows), one.returned),
            repeat: &run.repeat,
        }
    }
}
