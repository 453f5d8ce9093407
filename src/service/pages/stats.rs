//! `/stats`: the report of what the ledger has counted, as it is now.

use super::answer::{PageResult, admit, done, shown};
use super::session::Signed;
use crate::pages;
use crate::service::api_key::Scope;
use crate::service::problem::Problem;
use crate::service::reports::StatsQuery as Question;
use crate::service::state::Service;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;

/// What is asked.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(in crate::service) struct StatsQuery {
    /// What to count by: a claim's name, day, hour or status.
    by: String,
    /// From this day on.
    since: String,
    /// Until the end of this day.
    until: String,
}

/// The statistics as a page.
#[utoipa::path(get, path = "/stats", tag = "pages", security(()), params(StatsQuery),
    responses(
        (status = 200, description = "a page", body = String, content_type = "text/html"),
        (status = 303, description = "not signed in: on to where one does"),
        (status = 400, description = "no such question can be asked", body = String, content_type = "text/html"),
        (status = 403, description = "the API key lacks the scope stats", body = String, content_type = "text/html"),
        (status = 503, description = "the ledger does not answer", body = String, content_type = "text/html"),
    ))]
pub(in crate::service) async fn get_stats(
    State(service): State<Arc<Service>>,
    signed: Signed,
    query: Result<Query<StatsQuery>, QueryRejection>,
) -> PageResult {
    admit(&signed, Scope::Stats, None)?;
    let Query(query) = done(
        &signed,
        query.map_err(|_| Problem::bad_request("the question can't be read")),
    )?;
    let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let question = Question {
        by: filled(&query.by),
        since: filled(&query.since),
        until: filled(&query.until),
        // days are those of the people here
        timezone: Some("local".to_owned()),
    };
    let survey = done(&signed, question.survey(&service, &signed.caller).await)?;
    let asked = pages::stats::Asked {
        by: &query.by,
        since: &query.since,
        until: &query.until,
    };
    Ok(shown(pages::stats::live(&signed.visitor(), &survey, &asked)))
}
