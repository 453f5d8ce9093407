//! The report of what a ledger has counted.

mod chart;
#[cfg(feature = "serve")]
mod live;
mod tables;
mod times;

use super::shown::Shown;
use super::{POLICY, whole};
use crate::moment::UnixTime;
use crate::number::{counted, grouped, percent};
use crate::stats::{By, Survey};
use crate::token::Status;
use chart::chart;
#[cfg(feature = "serve")]
pub(crate) use live::{Asked, live};
use maud::{Markup, html};

/// The report as a page by itself.
#[must_use]
pub fn report(survey: &Survey) -> String {
    let title = title(survey);
    whole(&title, Some(POLICY), &body(survey, &title, &html! {}))
}

fn body(survey: &Survey, title: &str, form: &Markup) -> Markup {
    html! {
        (opening(title, survey))
        (form)
        @if survey.total.uses.count > 0 {
            (cards(survey))
            (note())
        }
        @if !survey.groups.is_empty() {
            (section(&heading(&survey.query.by), &tables::groups(survey)))
        }
        @if survey.total.uses.count > 0 {
            (charts(survey))
            (section("What the checks said", &tables::statuses(survey)))
        }
        @if !survey.top.is_empty() {
            (section("Links checked most", &tables::top(survey)))
        }
        @if !survey.runs.is_empty() {
            (section("Links made", &tables::runs(survey)))
        }
        (foot(survey))
    }
}

fn section(heading: &str, body: &Markup) -> Markup {
    html! {
        section {
            h2 { (Shown(heading)) }
            (body)
        }
        "\n"
    }
}

/// The checks in the course of time, and by the hour of the day.
fn charts(survey: &Survey) -> Markup {
    let (step, columns) = times::course(survey);
    let course = format!("Checks per {step}");
    let head = step[..1].to_uppercase() + &step[1..];
    let hours = "Checks by the hour of the day";
    html! {
        (section(&course, &chart("course", &course, &head, &columns)))
        (section(hours, &chart("hours", hours, "Hour", &times::hours_of_day(survey))))
    }
}

fn title(survey: &Survey) -> String {
    match survey.groups.as_slice() {
        [only] if survey.query.by.is_campaign() => {
            format!("{}: links that came back", only.key.label(&survey.query.zone))
        }
        _ => "Campaign links that came back".to_owned(),
    }
}

fn opening(title: &str, survey: &Survey) -> Markup {
    let (query, total) = (&survey.query, &survey.total);
    let minute = |seconds| query.zone.minute(UnixTime(seconds));
    let bounds = [("from", query.span.since), ("until", query.span.until)];
    let bounds: Vec<_> = bounds
        .iter()
        .filter_map(|(word, time)| time.map(|time| format!("{word} {}", minute(time.0))))
        .collect();
    html! {
        header {
            h1 { (Shown(title)) }
            @if let Some((first, last)) = total.uses.first.zip(total.uses.last) {
                p { "Checked from " (minute(first)) " to " (minute(last)) "." }
            } @else {
                p { (survey.nothing()[..1].to_uppercase()) (survey.nothing()[1..]) "." }
            }
            @if !bounds.is_empty() {
                p { "Only checks " (bounds.join(" ")) " are counted." }
            }
        }
        "\n"
    }
}

/// The numbers that matter most.
fn cards(survey: &Survey) -> Markup {
    let total = &survey.total;
    let each = total.uses.count as f64 / total.tokens.max(1) as f64;
    let valid = survey.statuses.get(&Status::Valid).map_or(0, |count| count.uses.count);
    let card = |name: &str, number: &str, words: &str| {
        html! { div { dt { (name) } dd { b { (number) } small { (words) } } } }
    };
    html! {
        dl.cards {
            @if let Some((minted, returned)) = survey.returns {
                @let of = format!("{} of {}", grouped(returned), counted(minted, "link"));
                (card("Return rate", &percent(returned, minted), &of))
            }
            (card("Links that came back", &grouped(total.tokens), "checked at least once"))
            (card("Checks", &grouped(total.uses.count), &format!("{each:.1} for each of these links")))
            (card("Good when checked", &percent(valid, total.uses.count), "of all checks"))
        }
        "\n"
    }
}

fn note() -> Markup {
    html! {
        p.note {
            b { "A check is not a click by a person." }
            " Mail scanners and the previews of messengers open links too, often within seconds of the mail’s arrival, and \
            one person may open a link many times. The number of links that came back says more than the number of checks."
        }
        "\n"
    }
}

fn heading(by: &By) -> String {
    match by {
        by if by.is_campaign() => "Campaigns".to_owned(),
        By::Claim(name) => format!("By {name}"),
        By::Day => "Days".to_owned(),
        By::Hour => "Hours".to_owned(),
        By::Status => "Statuses".to_owned(),
    }
}

fn foot(survey: &Survey) -> Markup {
    let query = &survey.query;
    html! {
        footer {
            p {
                "As of " (query.zone.minute(query.now)) ". Times are in " (Shown(&query.zone.to_string())) "."
                @if survey.returns.is_some() {
                    " A link came back when it was checked at least once, whatever the answer; the return rate is that \
                    part of the links of the recorded runs."
                }
            }
            p { "Made by linkmint " (env!("CARGO_PKG_VERSION")) "." }
        }
    }
}
