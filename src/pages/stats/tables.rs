//! The tables of the report.

use crate::moment::UnixTime;
use crate::number::{counted, grouped, percent};
use crate::pages::shown::Shown;
use crate::stats::{Group, Key, RunReturn, Survey, TopToken};
use crate::token::Status;
use maud::{Markup, html};
use std::cmp::Reverse;

/// So many rows of what is counted by are on the page; `--csv` and `--json` have all.
const ROWS: usize = 60;
/// So many runs are.
const RUNS: usize = 30;
/// The longest value on the page, in characters: a token carries longer ones, and none should fill a phone's screen.
const LONGEST: usize = 64;
/// So many campaigns of a run are named.
const CAMPAIGNS: usize = 5;

/// A part of a whole as a percentage for a style, to two places.
pub(super) fn share(part: u64, whole: u64) -> String {
    match whole {
        0 => "0".to_owned(),
        whole => format!("{:.2}", part as f64 * 100.0 / whole as f64),
    }
}

/// A text of at most [`LONGEST`] characters.
fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some(_) => text.chars().take(LONGEST - 1).chain(['…']).collect(),
        None => text.to_owned(),
    }
}

/// A table under the names of its columns, each with its class.
fn table(heads: &[(&str, &str)], rows: impl Iterator<Item = Markup>) -> Markup {
    html! {
        div.scroll {
            table {
                thead { tr { @for (name, class) in heads { th scope="col" class=(class) { (Shown(name)) } } } }
                tbody { @for row in rows { (row) "\n" } }
            }
        }
    }
}

/// What was counted by, with a bar in each row.
pub(super) fn groups(survey: &Survey) -> Markup {
    let has_rate = survey.has_rate();
    let mut heads = vec![(survey.query.by.name(), ""), ("Checks", "number"), ("Links", "number")];
    if has_rate {
        heads.push(("Return rate", "number"));
    }
    heads.extend([("First check", "wide"), ("Last check", "wide")]);
    let most = survey.most();
    let rows = survey.groups.iter().take(ROWS);
    let rest = survey.groups.get(ROWS..).unwrap_or_default();
    let checks = rest.iter().map(|group| group.count.uses.count).sum();
    html! {
        (table(&heads, rows.map(|group| group_row(group, survey, most, has_rate))))
        @if !rest.is_empty() {
            p.quiet { "And " (grouped(rest.len() as u64)) " more with " (counted(checks, "check")) "." }
        }
    }
}

fn group_row(group: &Group, survey: &Survey, most: u64, has_rate: bool) -> Markup {
    let (count, zone) = (&group.count, &survey.query.zone);
    let time = |seconds: Option<u32>| seconds.map_or_else(|| "–".to_owned(), |time| zone.minute(UnixTime(time)));
    let label = match &group.key {
        Key::None => "without this claim".to_owned(),
        Key::Sealed => "sealed, not readable here".to_owned(),
        key => key.label(zone),
    };
    html! {
        tr {
            th scope="row" {
                span.name { (Shown(&cut(&label))) }
                span.track aria-hidden="true" { i style={ "width:" (share(count.uses.count, most)) "%" } {} }
            }
            td.number { (grouped(count.uses.count)) }
            td.number { (grouped(count.tokens)) }
            @if has_rate {
                td.number {
                    @if let Some(minted) = group.minted {
                        b { (percent(count.returned, minted)) }
                        small { (grouped(count.returned)) " of " (grouped(minted)) }
                    } @else { "–" }
                }
            }
            td.wide { (time(count.uses.first)) }
            td.wide { (time(count.uses.last)) }
        }
    }
}

/// A status in the words of the page.
fn meaning(status: Status) -> &'static str {
    match status {
        Status::Valid => "the link was good",
        Status::Expired => "it came too late",
        Status::Revoked => "it had been revoked",
        Status::NotYetValid => "it came too early",
        Status::ClaimMismatch => "it was for something else than was expected",
        Status::RowMismatch => "it stood in another customer's row",
        _ => "it was not accepted",
    }
}

/// How checks came out: one bar, and its parts by name.
pub(super) fn statuses(survey: &Survey) -> Markup {
    let all = survey.total.uses.count;
    let mut counts: Vec<_> = survey.statuses.iter().collect();
    counts.sort_by_key(|(status, count)| (Reverse(count.uses.count), **status));
    let heads = [
        ("Answer", ""),
        ("Checks", "number"),
        ("Links", "number"),
        ("Share", "number"),
    ];
    let rows = counts.iter().map(|(status, count)| {
        let word = status.as_str();
        html! {
            tr {
                th scope="row" {
                    span.name { i.dot.(word) aria-hidden="true" {} (word.replace('_', " ")) }
                    small { (meaning(**status)) }
                }
                td.number { (grouped(count.uses.count)) }
                td.number { (grouped(count.tokens)) }
                td.number { (percent(count.uses.count, all)) }
            }
        }
    });
    html! {
        div.stack aria-hidden="true" {
            @for (status, count) in &counts {
                i.(status.as_str()) style={ "width:" (share(count.uses.count, all)) "%" } {}
            }
        }
        (table(&heads, rows))
    }
}

/// The tokens that were checked most.
pub(super) fn top(survey: &Survey) -> Markup {
    let zone = &survey.query.zone;
    let heads = [
        ("Link", ""),
        ("Checks", "number"),
        ("First check", "wide"),
        ("Last check", "wide"),
    ];
    let time = |seconds: Option<u32>| seconds.map(|time| zone.minute(UnixTime(time))).unwrap_or_default();
    let rows = survey.top.iter().map(|token| {
        html! {
            tr {
                th scope="row" { span.claims { (claims(token)) } " " small { (token.abbreviated()) } }
                td.number { (grouped(token.uses.count)) }
                td.wide { (time(token.uses.first)) }
                td.wide { (time(token.uses.last)) }
            }
        }
    });
    table(&heads, rows)
}

fn claims(token: &TopToken) -> Markup {
    html! {
        @match token.claims.as_deref() {
            None => "sealed, not readable here",
            Some([]) => "without claims",
            Some(claims) => {
                @for (name, value) in claims {
                    span.claim { small { (Shown(name)) } " " (Shown(&cut(value))) } " "
                }
            }
        }
    }
}

/// The runs that made links, the newest first.
pub(super) fn runs(survey: &Survey) -> Markup {
    let zone = &survey.query.zone;
    let heads = [
        ("Made", ""),
        ("Campaigns", ""),
        ("Links", "number"),
        ("Return rate", "number"),
        ("Expire", "wide"),
        ("Key", "wide"),
    ];
    let rows = survey.runs.iter().rev().take(RUNS).map(|one| {
        html! {
            tr {
                th scope="row" { (zone.minute(UnixTime(one.run.at))) }
                td.name { (campaigns(&one.run.campaigns)) }
                td.number { (grouped(one.run.rows)) }
                td.number { (came_back(one)) }
                td.wide { (one.expiry(zone)) }
                td.wide { (one.run.key_id) }
            }
        }
    });
    html! {
        (table(&heads, rows))
        @if survey.runs.len() > RUNS {
            p.quiet { "And " (grouped((survey.runs.len() - RUNS) as u64)) " earlier." }
        }
    }
}

fn came_back(one: &RunReturn) -> Markup {
    html! {
        @match (one.is_known(), one.is_repeated) {
            (true, _) => { b { (percent(one.returned, one.run.rows)) } small { (grouped(one.returned)) } }
            (false, true) => small { "made again later" },
            (false, false) => small { "no longer known" },
        }
    }
}

fn campaigns(all: &[(String, u64)]) -> Markup {
    html! {
        @if all.is_empty() { "–" }
        @for (index, (name, _)) in all.iter().take(CAMPAIGNS).enumerate() {
            @if index > 0 { ", " }
            (Shown(&cut(name)))
        }
        @if all.len() > CAMPAIGNS {
            " and " (grouped((all.len() - CAMPAIGNS) as u64)) " more"
        }
    }
}
