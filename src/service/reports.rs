//! `/v1/stats` and `/v1/runs`: what a ledger has counted, and what came back of what was made.

use super::api_key::Scope;
use super::caller::Caller;
use super::member::bad;
use super::problem::Problem;
use super::state::Service;
use crate::ledger::CAMPAIGN;
use crate::moment::{DayEdge, UnixTime, Zone, instant_or_date};
use crate::stats::{self, By, Query as Question, RunsJson, Span, Survey};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Json, Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;

/// How many of the tokens that were checked most are named.
const TOP: usize = 10;

/// What is asked.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StatsQuery {
    /// A claim's name, `day`, `hour` or `status`; `campaign_id` unless it is said.
    pub(super) by: Option<String>,
    /// From this instant, or the start of this day.
    pub(super) since: Option<String>,
    /// Before this instant, or to the end of this day.
    pub(super) until: Option<String>,
    /// The zone that days and hours are meant in; UTC unless it is said.
    pub(super) timezone: Option<String>,
}

impl StatsQuery {
    fn question(&self, caller: &Caller, now: UnixTime) -> Result<Question, Problem> {
        let zone = self.timezone.as_deref().map_or_else(|| Ok(Zone::utc()), Zone::parse);
        let zone = zone.map_err(|error| bad("timezone", error))?;
        let edge = |member: &str, text: &Option<String>, edge| {
            let Some(text) = text else { return Ok(None) };
            let time = instant_or_date(text, &zone, edge).map_err(|error| bad(member, error))?;
            match stats::is_edge(time) {
                true => Ok(Some(time)),
                false => Err(bad(
                    member,
                    "a ledger counts by quarters of an hour, and this time is within one",
                )),
            }
        };
        let span = Span {
            since: edge("since", &self.since, DayEdge::First)?,
            until: edge("until", &self.until, DayEdge::AfterLast)?,
        };
        if span.since.zip(span.until).is_some_and(|(since, until)| since >= until) {
            return Err(bad("until", "it is not after since"));
        }
        let by = By::parse(self.by.as_deref().unwrap_or(CAMPAIGN));
        Ok(Question {
            by: by.map_err(|error| bad("by", error))?,
            top: TOP,
            span,
            zone,
            now,
            only: caller.expected().collect(),
        })
    }

    /// What the ledger has counted, as much of it as this caller may see.
    pub(super) async fn survey(&self, service: &Service, caller: &Caller) -> Result<Survey, Problem> {
        service.answer_to(self.question(caller, service.now())?).await
    }
}

impl Service {
    async fn answer_to(&self, question: Question) -> Result<Survey, Problem> {
        self.read_ledger(move |ledger| stats::take(ledger, question, &|_| {}))
            .await
    }
}

/// What was counted.
#[utoipa::path(get, path = "/v1/stats", tag = "stats", params(StatsQuery),
    responses(
        (status = 200, description = "as JSON; for an API key bound to a claim, of its own tokens alone",
            body = serde_json::Value),
        (status = 400, description = "the query can't be used"),
        (status = 403, description = "the API key lacks the scope stats"),
        (status = 404, description = "there is no ledger"),
        (status = 503, description = "the ledger does not answer"),
    ))]
pub(super) async fn get_stats(
    State(service): State<Arc<Service>>,
    caller: Caller,
    query: Result<Query<StatsQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    caller.needs(Scope::Stats)?;
    let Query(query) = query.map_err(|_| Problem::bad_request("the query takes by, since, until and timezone"))?;
    Ok(Json(query.survey(&service, &caller).await?).into_response())
}

/// The runs that made lists, and what came back of them, also by campaign.
#[utoipa::path(get, path = "/v1/runs", tag = "stats",
    responses(
        (status = 200, description = "`campaigns` and `runs`", body = serde_json::Value),
        (status = 403, description = "the API key lacks the scope stats, or is bound to a claim"),
        (status = 404, description = "there is no ledger"),
        (status = 503, description = "the ledger does not answer"),
    ))]
pub(super) async fn get_runs(State(service): State<Arc<Service>>, caller: Caller) -> Result<Response, Problem> {
    caller.needs(Scope::Stats)?;
    if caller.is_bound() {
        return Err(Problem::forbidden(
            "this API key is bound to a claim, and runs are of many",
        ));
    }
    let question = Question {
        by: By::Claim(CAMPAIGN.to_owned()),
        top: 0,
        span: Span::default(),
        zone: Zone::utc(),
        now: service.now(),
        only: Vec::new(),
    };
    let survey = service.answer_to(question).await?;
    Ok(Json(RunsJson(&survey)).into_response())
}
