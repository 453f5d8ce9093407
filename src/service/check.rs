//! `/v1/check`: is this token good?

use super::api_key::Scope;
use super::body::JsonBody;
use super::caller::Caller;
use super::json;
use super::log::Told;
use super::metrics::Uncounted;
use super::problem::Problem;
use super::state::Service;
use super::value;
use crate::check::{Answer, Rules};
use crate::token::Status;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use tokio::time::timeout;
use utoipa::{IntoParams, ToSchema};

/// The header with the status of a verdict.
const STATUS: HeaderName = HeaderName::from_static("linkmint-status");

/// What browsers and proxies say of a request's purpose and method.
const SEC_PURPOSE: HeaderName = HeaderName::from_static("sec-purpose");
const PURPOSE: HeaderName = HeaderName::from_static("purpose");
const FORWARDED_METHOD: HeaderName = HeaderName::from_static("x-forwarded-method");
/// Most answers are shorter.
const USUAL_LENGTH: usize = 800;
/// With those that every answer has.
const USUAL_HEADERS: usize = 12;

/// A token to check.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckRequest {
    /// The token, exactly as it was in the link.
    token: String,
    /// Claims that it must have, with these values.
    #[serde(default, deserialize_with = "value::claims")]
    expect: BTreeMap<String, String>,
    /// Whether this check is counted, where there is a ledger.
    #[serde(default = "yes")]
    count: bool,
}

fn yes() -> bool {
    true
}

/// How a token in an address is checked.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CheckQuery {
    /// The token.
    token: String,
    /// Whether this check is counted, where there is a ledger.
    #[serde(default)]
    count: bool,
}

/// How a token in a path is checked.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CountQuery {
    /// Whether this check is counted, where there is a ledger.
    #[serde(default)]
    count: bool,
}

impl Service {
    /// The verdict about a token's exact text. It is given only when it is counted, where it is to be.
    pub(super) async fn verdict(
        &self,
        text: &str,
        rules: Rules,
        uncounted: Option<Uncounted>,
    ) -> Result<Answer, Problem> {
        let mut buffer = Vec::new();
        let (answer, uncounted) = match (rules.authentic(text, &mut buffer), &self.ledger) {
            // what is not authentic needs no ledger, and must not make others wait for it
            (Err(answer), _) => (*answer, Some(Uncounted::NotAuthentic)),
            (Ok(token), None) => (
                rules.answer_alone(token),
                Some(uncounted.unwrap_or(Uncounted::NoLedger)),
            ),
            (Ok(token), Some(ledger)) => {
                let token = token.into_owned();
                let asked = ledger.check(rules, token, uncounted.is_none());
                // what waits is large: who asks no ledger need not make room for it
                let answered = Box::pin(timeout(self.settings.limits.ledger, asked)).await;
                let answer = answered.ok().and_then(Result::ok);
                let answer = answer.ok_or_else(|| Problem::unavailable("the ledger does not answer"))?;
                (answer, uncounted)
            }
        };
        self.metrics.add(answer.status().as_str(), 1, uncounted);
        Ok(answer)
    }
}

/// The status of a verdict's response.
fn code(status: Status) -> StatusCode {
    match status {
        Status::Valid => StatusCode::OK,
        Status::Malformed => StatusCode::BAD_REQUEST,
        _ => StatusCode::FORBIDDEN,
    }
}

/// What the log tells of an answer.
pub(super) fn told(answer: &Answer) -> Told {
    let id = answer.facts.as_ref().and_then(|facts| facts.id);
    Told {
        verdict: Some(answer.status().as_str()),
        token_id: id,
    }
}

/// An answer, as much of it as this caller may see.
pub(super) fn respond(answer: Answer, caller: &Caller) -> Response {
    let told = told(&answer);
    let answer = caller.seen(answer);
    let status = answer.status();
    let mut body = Vec::with_capacity(USUAL_LENGTH);
    json::write(&mut body, &answer).expect("it has text keys");
    let mut response = Response::new(body.into());
    *response.status_mut() = code(status);
    let headers = response.headers_mut();
    headers.reserve(USUAL_HEADERS);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(STATUS, HeaderValue::from_static(status.as_str()));
    response.extensions_mut().insert(told);
    response
}

async fn check(
    service: &Service,
    caller: &Caller,
    token: &str,
    expect: BTreeMap<String, String>,
    uncounted: Option<Uncounted>,
) -> Result<Response, Problem> {
    caller.needs(Scope::Check)?;
    let expected = caller.expected().chain(expect).collect();
    let answer = service.verdict(token, service.rules(expected), uncounted).await?;
    Ok(respond(answer, caller))
}

/// Whether a request stands for a click.
pub(super) struct Click(bool);

impl FromRequestParts<Arc<Service>> for Click {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Service>) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

impl Click {
    /// Looking ahead is none.
    pub(super) fn of(parts: &Parts) -> Self {
        let says = |name: HeaderName, word: &str| {
            let values = parts.headers.get_all(name).iter();
            values
                .filter_map(|value| value.to_str().ok())
                .any(|value| value.to_ascii_lowercase().contains(word))
        };
        let ahead = says(SEC_PURPOSE, "prefetch") || says(PURPOSE, "prefetch");
        Self(parts.method != Method::HEAD && !ahead && !says(FORWARDED_METHOD, "head"))
    }

    /// Why a check is not counted.
    pub(super) fn uncounted(&self, count: bool) -> Option<Uncounted> {
        match (count, self.0) {
            (false, _) => Some(Uncounted::NotAsked),
            (true, false) => Some(Uncounted::NoClick),
            (true, true) => None,
        }
    }
}

/// Check a token.
#[utoipa::path(post, path = "/v1/check", tag = "check", request_body = CheckRequest,
    responses(
        (status = 200, description = "valid", body = crate::service::openapi::AnswerSchema),
        (status = 400, description = "malformed, or the request can't be understood"),
        (status = 403, description = "not valid, or the API key lacks the scope check"),
    ))]
pub(super) async fn post_check(
    State(service): State<Arc<Service>>,
    caller: Caller,
    click: Click,
    body: Result<JsonBody<CheckRequest>, Problem>,
) -> Result<Response, Problem> {
    let JsonBody(request) = body?;
    let uncounted = click.uncounted(request.count);
    check(&service, &caller, &request.token, request.expect, uncounted).await
}

/// Check a token in the query. Addresses end up in logs: the body is the better place.
#[utoipa::path(get, path = "/v1/check", tag = "check", params(CheckQuery),
    responses(
        (status = 200, description = "valid", body = crate::service::openapi::AnswerSchema),
        (status = 400, description = "malformed, or the request can't be understood"),
        (status = 403, description = "not valid, or the API key lacks the scope check"),
    ))]
pub(super) async fn get_check(
    State(service): State<Arc<Service>>,
    caller: Caller,
    click: Click,
    query: Result<Query<CheckQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(query) =
        query.map_err(|_| Problem::bad_request("the query takes token, and count=true or count=false"))?;
    let uncounted = click.uncounted(query.count);
    check(&service, &caller, &query.token, BTreeMap::new(), uncounted).await
}

/// Check a token in the path. Addresses end up in logs: the body is the better place.
#[utoipa::path(get, path = "/v1/check/{token}", tag = "check",
    params(("token" = String, Path, description = "the token"), CountQuery),
    responses(
        (status = 200, description = "valid", body = crate::service::openapi::AnswerSchema),
        (status = 400, description = "malformed, or the request can't be understood"),
        (status = 403, description = "not valid, or the API key lacks the scope check"),
    ))]
pub(super) async fn get_check_path(
    State(service): State<Arc<Service>>,
    caller: Caller,
    click: Click,
    path: Result<Path<String>, PathRejection>,
    query: Result<Query<CountQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let Path(token) = path.map_err(|_| Problem::bad_request("the path is no text"))?;
    let Query(query) = query.map_err(|_| Problem::bad_request("the query takes count=true or count=false"))?;
    let uncounted = click.uncounted(query.count);
    check(&service, &caller, &token, BTreeMap::new(), uncounted).await
}
