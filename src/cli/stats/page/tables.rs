//! The tables of the page.

use super::markup::{Escaped, share};
use crate::cli::stats::group::{Group, Key};
use crate::cli::stats::survey::Survey;
use crate::cli::stats::text::{abbreviated, cut, expiry, name, percent};
use linkmint::moment::{InZone, UnixTime};
use linkmint::number::{counted, grouped};
use linkmint::token::Status;
use std::fmt::Write;

/// So many rows of what is counted by are on the page; `--csv` and `--json` have all.
const ROWS: usize = 60;
/// So many runs are.
const RUNS: usize = 30;
/// The longest value on the page, in characters: a token carries longer ones, and none should fill a phone's screen.
const LONGEST: usize = 64;
/// So many campaigns of a run are named.
const CAMPAIGNS: usize = 5;

fn heads(names: &[(&str, &str)]) -> String {
    let head = |(name, class): &(&str, &str)| format!("<th scope=\"col\" class=\"{class}\">{name}</th>");
    let all: String = names.iter().map(head).collect();
    format!("<div class=\"scroll\"><table>\n<thead><tr>{all}</tr></thead>\n<tbody>\n")
}

const END: &str = "</tbody>\n</table></div>\n";

/// What was counted by, with a bar in each row.
pub(super) fn groups(survey: &Survey) -> String {
    let has_rate = survey.has_rate();
    let by = Escaped(survey.query.by.name()).to_string();
    let mut names = vec![(by.as_str(), ""), ("Checks", "number"), ("Links", "number")];
    if has_rate {
        names.push(("Return rate", "number"));
    }
    names.extend([("First check", "wide"), ("Last check", "wide")]);
    let mut text = heads(&names);
    let most = survey.most();
    for group in survey.groups.iter().take(ROWS) {
        text += &row(group, survey, most, has_rate);
    }
    text += END;
    if let Some(rest) = survey.groups.get(ROWS..).filter(|rest| !rest.is_empty()) {
        let checks = rest.iter().map(|group| group.count.uses.count).sum();
        let (rows, checks) = (grouped(rest.len() as u64), counted(checks, "check"));
        let _ = writeln!(text, "<p class=\"quiet\">And {rows} more with {checks}.</p>");
    }
    text
}

fn row(group: &Group, survey: &Survey, most: u64, has_rate: bool) -> String {
    let (count, zone) = (&group.count, &survey.query.zone);
    let time = |seconds: Option<u32>| seconds.map_or_else(|| "–".to_owned(), |time| UnixTime(time).to_minute(zone));
    let label = match &group.key {
        Key::None => "without this claim".to_owned(),
        Key::Sealed => "sealed, not readable here".to_owned(),
        key => name(key, zone),
    };
    let mut text = format!(
        "<tr><th scope=\"row\"><span class=\"name\">{}</span><span class=\"track\" aria-hidden=\"true\">\
         <i style=\"width:{}%\"></i></span></th><td class=\"number\">{}</td><td class=\"number\">{}</td>",
        Escaped(&cut(&label, LONGEST)),
        share(count.uses.count, most),
        grouped(count.uses.count),
        grouped(count.tokens)
    );
    if has_rate {
        let rate = group.minted.map_or_else(
            || "–".to_owned(),
            |minted| {
                let (rate, of) = (percent(count.returned, minted), grouped(minted));
                format!("<b>{rate}</b><small>{} of {of}</small>", grouped(count.returned))
            },
        );
        let _ = write!(text, "<td class=\"number\">{rate}</td>");
    }
    let (first, last) = (time(count.uses.first), time(count.uses.last));
    let _ = writeln!(
        text,
        "<td class=\"wide\">{first}</td><td class=\"wide\">{last}</td></tr>"
    );
    text
}

/// A status in the words of the page.
fn meaning(status: Status) -> &'static str {
    match status {
        Status::Valid => "the link was good",
        Status::Expired => "it came too late",
        Status::Revoked => "it had been called off",
        Status::NotYetValid => "it came too early",
        Status::ClaimMismatch => "it was for something else than was expected",
        Status::RowMismatch => "it stood in another customer's row",
        _ => "it was not accepted",
    }
}

/// How checks came out: one bar, and its parts by name.
pub(super) fn statuses(survey: &Survey) -> String {
    let all = survey.total.uses.count;
    let mut counts: Vec<_> = survey.statuses.iter().collect();
    counts.sort_by_key(|(status, count)| (std::cmp::Reverse(count.uses.count), **status));
    let mut text = "<div class=\"stack\" aria-hidden=\"true\">".to_owned();
    for (status, count) in &counts {
        let part = share(count.uses.count, all);
        let _ = write!(text, "<i class=\"{}\" style=\"width:{part}%\"></i>", status.as_str());
    }
    text += "</div>\n";
    text += &heads(&[
        ("Answer", ""),
        ("Checks", "number"),
        ("Links", "number"),
        ("Share", "number"),
    ]);
    for (status, count) in counts {
        let word = status.as_str();
        let _ = writeln!(
            text,
            "<tr><th scope=\"row\"><span class=\"name\"><i class=\"dot {word}\" aria-hidden=\"true\"></i>{}</span>\
             <small>{}</small></th><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>",
            word.replace('_', " "),
            meaning(*status),
            grouped(count.uses.count),
            grouped(count.tokens),
            percent(count.uses.count, all)
        );
    }
    text + END
}

/// The tokens that were checked most.
pub(super) fn top(survey: &Survey) -> String {
    let zone = &survey.query.zone;
    let mut text = heads(&[
        ("Link", ""),
        ("Checks", "number"),
        ("First check", "wide"),
        ("Last check", "wide"),
    ]);
    for often in &survey.top {
        let claims = match &often.claims {
            None => "sealed, not readable here".to_owned(),
            Some(claims) if claims.is_empty() => "without claims".to_owned(),
            Some(claims) => {
                let claim = |(name, value): &(String, String)| {
                    format!(
                        "<span class=\"claim\"><small>{}</small> {}</span>",
                        Escaped(name),
                        Escaped(&cut(value, LONGEST))
                    )
                };
                claims.iter().map(claim).collect::<Vec<_>>().join(" ")
            }
        };
        let time = |seconds: Option<u32>| seconds.map(|time| UnixTime(time).to_minute(zone)).unwrap_or_default();
        let _ = writeln!(
            text,
            "<tr><th scope=\"row\"><span class=\"claims\">{claims}</span> <small>{}</small></th>\
             <td class=\"number\">{}</td><td class=\"wide\">{}</td><td class=\"wide\">{}</td></tr>",
            abbreviated(often),
            grouped(often.uses.count),
            time(often.uses.first),
            time(often.uses.last)
        );
    }
    text + END
}

/// The runs that made links, the newest first.
pub(super) fn runs(survey: &Survey) -> String {
    let zone = &survey.query.zone;
    let names = [
        ("Made", ""),
        ("Campaigns", ""),
        ("Links", "number"),
        ("Return rate", "number"),
        ("Expire", "wide"),
        ("Key", "wide"),
    ];
    let mut text = heads(&names);
    for one in survey.runs.iter().rev().take(RUNS) {
        let back = match (one.is_known(), one.is_repeated) {
            (true, _) => format!(
                "<b>{}</b><small>{}</small>",
                percent(one.returned, one.run.rows),
                grouped(one.returned)
            ),
            (false, true) => "<small>made again later</small>".to_owned(),
            (false, false) => "<small>no longer known</small>".to_owned(),
        };
        let _ = writeln!(
            text,
            "<tr><th scope=\"row\">{}</th><td class=\"name\">{}</td><td class=\"number\">{}</td>\
             <td class=\"number\">{back}</td><td class=\"wide\">{}</td><td class=\"wide\">{}</td></tr>",
            UnixTime(one.run.at).to_minute(zone),
            campaigns(&one.run.campaigns),
            grouped(one.run.rows),
            expiry(one, zone),
            one.run.key_id
        );
    }
    text += END;
    if survey.runs.len() > RUNS {
        let more = grouped((survey.runs.len() - RUNS) as u64);
        let _ = writeln!(text, "<p class=\"quiet\">And {more} earlier.</p>");
    }
    text
}

fn campaigns(all: &[(String, u64)]) -> String {
    if all.is_empty() {
        return "–".to_owned();
    }
    let named = all
        .iter()
        .take(CAMPAIGNS)
        .map(|(name, _)| Escaped(&cut(name, LONGEST)).to_string());
    let mut text = named.collect::<Vec<_>>().join(", ");
    if all.len() > CAMPAIGNS {
        let _ = write!(text, " and {} more", grouped((all.len() - CAMPAIGNS) as u64));
    }
    text
}
