//! What was counted as one JSON object.

use super::group::{Group, Key};
use super::returns::Return;
use super::survey::Survey;
use super::top::Often;
use crate::cli::report::answer::claims_json;
use linkmint::moment::UnixTime;
use serde_json::{Map, Value, json};

fn time(seconds: Option<u32>) -> Value {
    Value::from(seconds.map(|seconds| UnixTime(seconds).to_string()))
}

/// The part of those minted that came back, to four places; the division is for people, `minted` and `returned` are
/// exact.
fn rate(minted: Option<u64>, returned: u64) -> Value {
    let rate = minted.filter(|minted| *minted > 0);
    let rate = rate.map(|minted| (returned as f64 / minted as f64 * 10_000.0).round() / 10_000.0);
    rate.into()
}

/// All of it, in one line.
pub(super) fn render(survey: &Survey) -> String {
    let (query, total) = (&survey.query, &survey.total);
    let (minted, returned) = survey.returns.unzip();
    let object = json!({
        "as_of": query.now.to_string(),
        "timezone": query.zone.to_string(),
        "since": query.span.since.map(|time| time.to_string()),
        "until": query.span.until.map(|time| time.to_string()),
        "checks": total.uses.count,
        "tokens": total.tokens,
        "first": time(total.uses.first),
        "last": time(total.uses.last),
        "minted": minted,
        "returned": returned,
        "return_rate": rate(minted, returned.unwrap_or(0)),
        "statuses": statuses(survey),
        "by": query.by.name(),
        "groups": survey.groups.iter().map(group).collect::<Vec<_>>(),
        "top": survey.top.iter().map(often).collect::<Vec<_>>(),
        "runs": survey.runs.iter().rev().map(run).collect::<Vec<_>>(),
    });
    format!("{object}\n")
}

fn statuses(survey: &Survey) -> Map<String, Value> {
    let all = survey.statuses.iter();
    all.map(|(status, count)| (status.as_str().to_owned(), count.uses.count.into()))
        .collect()
}

fn group(group: &Group) -> Value {
    let value = match &group.key {
        Key::Day(day) => Some(day.to_string()),
        Key::Hour(hour) => Some(hour.to_string()),
        Key::Status(status) => Some(status.as_str().to_owned()),
        Key::Value(value) => Some(value.clone()),
        Key::None | Key::Sealed => None,
    };
    let count = &group.count;
    json!({
        "value": value,
        "sealed": group.key == Key::Sealed,
        "checks": count.uses.count,
        "tokens": count.tokens,
        "first": time(count.uses.first),
        "last": time(count.uses.last),
        "minted": group.minted,
        "returned": group.minted.map(|_| count.returned),
        "return_rate": rate(group.minted, count.returned),
    })
}

fn often(often: &Often) -> Value {
    json!({
        "trace": often.trace.to_string(),
        "checks": often.uses.count,
        "first": time(often.uses.first),
        "last": time(often.uses.last),
        "key_id": often.key_id.to_string(),
        "expires_at": time(often.expires_at),
        "claims": often.claims.as_deref().map(claims_json),
    })
}

fn run(one: &Return) -> Value {
    let run = &one.run;
    let (first, last) = run.expiries.unzip();
    let campaigns = run.campaigns.iter();
    let campaigns = campaigns.map(|(campaign, tokens)| json!({"campaign_id": campaign, "minted": tokens}));
    json!({
        "at": time(Some(run.at)),
        "input": run.input,
        "key_id": run.key_id.to_string(),
        "issued_at": time(Some(run.issued_at)),
        "first_id": run.first_id.to_string(),
        "minted": run.rows,
        "campaigns": campaigns.collect::<Vec<_>>(),
        "first_expiry": time(first),
        "last_expiry": time(last),
        "never_expire": run.never,
        "repeated": one.is_repeated,
        "pruned_at": time(run.pruned_at),
        "returned": one.is_known().then_some(one.returned),
        "return_rate": rate(one.is_known().then_some(run.rows), one.returned),
        "repeat": run.repeat,
    })
}
