//! The report as one page: it needs no network and no script, and reads well on a phone, on paper and in the dark.

mod chart;
mod markup;
mod tables;
mod times;

use super::group::By;
use super::survey::Survey;
use super::text::percent;
use linkmint::moment::{InZone, UnixTime};
use linkmint::number::{counted, grouped};
use linkmint::token::Status;
use markup::Escaped;
use std::fmt::Write;

const STYLE: &str = include_str!("page/style.css");
/// Nothing is loaded and nothing runs, whatever a claim's value is.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The whole page.
pub(super) fn render(survey: &Survey) -> String {
    let mut page = head(&title(survey));
    page += &opening(survey);
    if survey.total.uses.count > 0 {
        page += &cards(survey);
        page += NOTE;
    }
    if !survey.groups.is_empty() {
        page += &section(&heading(&survey.query.by), &tables::groups(survey));
    }
    if survey.total.uses.count > 0 {
        let (step, columns) = times::course(survey);
        let title = format!("Checks per {step}");
        let head = step[..1].to_uppercase() + &step[1..];
        page += &section(&title, &chart::columns("course", &title, &head, &columns));
        let title = "Checks by the hour of the day";
        let hours = times::hours_of_day(survey);
        page += &section(title, &chart::columns("hours", title, "Hour", &hours));
        page += &section("What the checks said", &tables::statuses(survey));
    }
    if !survey.top.is_empty() {
        page += &section("Links checked most", &tables::top(survey));
    }
    if !survey.runs.is_empty() {
        page += &section("Links made", &tables::runs(survey));
    }
    page + &foot(survey)
}

fn section(heading: &str, body: &str) -> String {
    format!("<section>\n<h2>{heading}</h2>\n{body}</section>\n")
}

fn title(survey: &Survey) -> String {
    match survey.query.by.is_campaign() && survey.groups.len() == 1 {
        true => format!(
            "{}: links that came back",
            super::text::name(&survey.groups[0].key, &survey.query.zone)
        ),
        false => "Campaign links that came back".to_owned(),
    }
}

fn head(title: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n",
        Escaped(title)
    )
}

fn opening(survey: &Survey) -> String {
    let (query, total) = (&survey.query, &survey.total);
    let minute = |seconds| UnixTime(seconds).to_minute(&query.zone);
    let mut text = format!("<header>\n<h1>{}</h1>\n", Escaped(&title(survey)));
    let _ = match total.uses.first.zip(total.uses.last) {
        Some((first, last)) => writeln!(text, "<p>Checked from {} to {}.</p>", minute(first), minute(last)),
        None => {
            let nothing = survey.nothing();
            writeln!(text, "<p>{}{}.</p>", nothing[..1].to_uppercase(), &nothing[1..])
        }
    };
    let bounds = [("from", query.span.since), ("until", query.span.until)];
    let bounds: Vec<_> = bounds
        .iter()
        .filter_map(|(word, time)| time.map(|time| format!("{word} {}", minute(time.0))))
        .collect();
    if !bounds.is_empty() {
        let _ = writeln!(text, "<p>Only checks {} are counted.</p>", bounds.join(" "));
    }
    text + "</header>\n"
}

/// The numbers that matter most.
fn cards(survey: &Survey) -> String {
    let total = &survey.total;
    let mut cards = Vec::new();
    if let Some((minted, returned)) = survey.returns {
        let of = format!("{} of {}", grouped(returned), counted(minted, "link"));
        cards.push(("Return rate", percent(returned, minted), of));
    }
    let links = (
        "Links that came back",
        grouped(total.tokens),
        "checked at least once".to_owned(),
    );
    let each = format!(
        "{:.1} for each of these links",
        total.uses.count as f64 / total.tokens.max(1) as f64
    );
    let checks = ("Checks", grouped(total.uses.count), each);
    let valid = survey.statuses.get(&Status::Valid).map_or(0, |count| count.uses.count);
    let good = (
        "Good when checked",
        percent(valid, total.uses.count),
        "of all checks".to_owned(),
    );
    cards.extend([links, checks, good]);
    let mut text = "<dl class=\"cards\">\n".to_owned();
    for (name, number, words) in cards {
        let _ = writeln!(
            text,
            "<div><dt>{name}</dt><dd><b>{number}</b><small>{words}</small></dd></div>"
        );
    }
    text + "</dl>\n"
}

const NOTE: &str = "<p class=\"note\"><b>A check is not a click by a person.</b> Mail scanners and the previews of messengers \
    open links too, often within seconds of the mail’s arrival, and one person may open a link many times. The number of \
    links that came back says more than the number of checks.</p>\n";

fn heading(by: &By) -> String {
    match by {
        by if by.is_campaign() => "Campaigns".to_owned(),
        By::Claim(name) => format!("By {}", Escaped(name)),
        By::Day => "Days".to_owned(),
        By::Hour => "Hours".to_owned(),
        By::Status => "Statuses".to_owned(),
    }
}

fn foot(survey: &Survey) -> String {
    let query = &survey.query;
    let mut text = format!(
        "<footer>\n<p>As of {}. Times are in {}.",
        query.now.to_minute(&query.zone),
        Escaped(&query.zone.to_string())
    );
    if survey.returns.is_some() {
        text += " A link came back when it was checked at least once, whatever the answer; the return rate is that part \
                 of the links of the recorded runs.";
    }
    let _ = writeln!(text, "</p>\n<p>Made by linkmint {}.</p>", env!("CARGO_PKG_VERSION"));
    text + "</footer>\n</main>\n</body>\n</html>\n"
}
