//! `GET /key/validatetoken`: the check as scan services have it, for backends that ask it so already.

use super::api_key::Scope;
use super::caller::Caller;
use super::check::{Click, told};
use super::problem::Problem;
use super::state::Service;
use super::tracker::Tracker;
use crate::check::Answer;
use crate::moment::UnixTime;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Json, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// What is checked.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct TokenQuery {
    /// The token.
    token: String,
}

/// A valid token.
#[derive(Debug, Serialize, ToSchema)]
struct Validated {
    #[serde(rename = "tokenData")]
    token_data: TokenData,
}

/// What a valid token says.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TokenData {
    /// When it was made, with milliseconds.
    creation_date: Option<String>,
    tracker_label: Option<String>,
    tracker_name: Option<String>,
}

/// A token that is not valid.
#[derive(Debug, Serialize, ToSchema)]
struct NotValidated {
    #[schema(examples("token expired"))]
    message: String,
}

/// What is said of a token.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
enum Answered {
    /// It is valid.
    Valid(Validated),
    /// It is not, where the service answers as ubiqod.
    Unknown(NotValidated),
}

/// Check a token as scan services do. Counted, where there is a ledger.
#[utoipa::path(get, path = "/key/validatetoken", tag = "check", params(TokenQuery),
    responses(
        (status = 200, description = "valid; also one that is not, where the service answers as ubiqod", body = Answered),
        (status = 400, description = "no token"),
        (status = 403, description = "not valid, or the API key lacks the scope check", body = NotValidated),
    ))]
pub(super) async fn get_validate_token(
    State(service): State<Arc<Service>>,
    caller: Caller,
    click: Click,
    query: Result<Query<TokenQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    caller.needs(Scope::Check)?;
    let query = query.ok().filter(|Query(query)| !query.token.is_empty());
    let Query(query) = query.ok_or_else(|| Problem::bad_request("the query takes token, once"))?;
    let rules = service.rules(caller.expected().collect());
    let answer = service.verdict(&query.token, rules, click.uncounted(true)).await?;
    let told = Extension(told(&answer));
    let answer = caller.seen(answer);
    let tracker = &service.settings.tracker;
    Ok(match (answer.is_valid(), tracker.always_ok) {
        (true, _) => (told, Json(Answered::Valid(validated(&answer, tracker)))).into_response(),
        (false, true) => {
            let message = "Token not found for this account".to_owned();
            (told, Json(Answered::Unknown(NotValidated { message }))).into_response()
        }
        (false, false) => {
            let message = answer.message();
            (StatusCode::FORBIDDEN, told, Json(NotValidated { message })).into_response()
        }
    })
}

fn validated(answer: &Answer, tracker: &Tracker) -> Validated {
    let facts = answer.facts.as_ref();
    let claim = |name: &str| facts.and_then(|facts| facts.claim(name)).map(str::to_owned);
    let issued_at = facts.and_then(|facts| facts.times.issued_at);
    Validated {
        token_data: TokenData {
            creation_date: issued_at.map(|seconds| UnixTime(seconds).to_string().replace('Z', ".000Z")),
            tracker_label: claim(&tracker.label),
            tracker_name: claim(&tracker.name),
        },
    }
}
