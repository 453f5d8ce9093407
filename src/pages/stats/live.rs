//! The report as a page of a running service.

use super::{body, title};
use crate::pages::shown::Shown;
use crate::pages::site::{self, Visitor};
use crate::stats::Survey;
use maud::{Markup, html};

/// What was asked of a report, as it stands in its form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    /// What is counted by.
    pub(crate) by: &'a str,
    /// The first day.
    pub(crate) since: &'a str,
    /// The last day.
    pub(crate) until: &'a str,
}

/// The report as a page of a running service, with a form that asks for another.
pub(crate) fn live(visitor: &Visitor, survey: &Survey, asked: &Asked<'_>) -> String {
    let title = title(survey);
    site::page(visitor, "/stats", &title, &body(survey, &title, &form(asked)))
}

fn form(asked: &Asked<'_>) -> Markup {
    let by = if asked.by.is_empty() { "campaign_id" } else { asked.by };
    let known = [
        ("campaign_id", "campaign"),
        ("product_id", "product"),
        ("day", "day"),
        ("hour", "hour"),
        ("status", "status"),
    ];
    let other = known.iter().all(|(value, _)| *value != by).then_some((by, by));
    html! {
        form.fields method="get" action="/stats" {
            div {
                label for="by" { "By" }
                select #by name="by" {
                    @for (value, name) in known.into_iter().chain(other) {
                        option value=(Shown(value)) selected[value == by] { (Shown(name)) }
                    }
                }
            }
            div {
                label for="since" { "From" }
                input #since type="date" name="since" value=(Shown(asked.since));
            }
            div {
                label for="until" { "Until" }
                input #until type="date" name="until" value=(Shown(asked.until));
            }
            button { "Show" }
        }
    }
}
