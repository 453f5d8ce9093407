//! `POST /v1/introspect`: whether a token is active, as RFC 7662 asks it.

use super::api_key::Scope;
use super::caller::Caller;
use super::check::told;
use super::metrics::Uncounted;
use super::problem::Problem;
use super::state::Service;
use crate::check::{Answer, ClaimsJson};
use axum::extract::rejection::FormRejection;
use axum::extract::{Extension, Form, Json, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use utoipa::ToSchema;

/// The form of RFC 7662, section 2.1.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct IntrospectRequest {
    /// The token.
    token: String,
    /// Whether this check is counted, where there is a ledger.
    #[serde(default)]
    count: bool,
    /// Taken, and of no use: there is one kind of token.
    #[serde(default, rename = "token_type_hint")]
    _hint: Option<String>,
}

/// A token that is active. No claim stands at the top but `sub`: one named `active` must not rule.
#[derive(Serialize)]
struct Active<'a> {
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nbf: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<String>,
    claims: ClaimsJson<'a>,
}

/// Ask whether a token is active, as RFC 7662 has it.
#[utoipa::path(post, path = "/v1/introspect", tag = "check",
    request_body(content = IntrospectRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "`active`, and what an active token says", body = serde_json::Value)))]
pub(super) async fn post_introspect(
    State(service): State<Arc<Service>>,
    caller: Caller,
    body: Result<Form<IntrospectRequest>, FormRejection>,
) -> Result<Response, Problem> {
    caller.needs(Scope::Check)?;
    let Form(request) = body.map_err(|rejection| form_problem(&rejection))?;
    let uncounted = (!request.count).then_some(Uncounted::NotAsked);
    let rules = service.rules(caller.expected().collect());
    let answer = service.verdict(&request.token, rules, uncounted).await?;
    let told = Extension(told(&answer));
    Ok(match (&answer.facts, answer.is_valid()) {
        (Some(_), true) => (told, Json(active(&answer, &caller))).into_response(),
        // nothing more about it (RFC 7662, section 2.2)
        _ => (told, Json(json!({ "active": false }))).into_response(),
    })
}

fn active<'a>(answer: &'a Answer, caller: &Caller) -> Active<'a> {
    let facts = answer.facts.as_ref();
    // a key that stands in a web page sees no claims
    let seen = facts.filter(|_| caller.key.origin.is_none());
    Active {
        active: true,
        sub: seen.and_then(|facts| facts.claim("customer_id")),
        iat: facts.and_then(|facts| facts.times.issued_at),
        exp: facts.and_then(|facts| facts.times.expires_at),
        nbf: facts.and_then(|facts| facts.times.not_before),
        jti: facts.and_then(|facts| facts.id).map(|id| id.to_string()),
        claims: ClaimsJson(seen.map_or(&[], |facts| &facts.claims)),
    }
}

/// Why a form can't be taken.
pub(super) fn form_problem(rejection: &FormRejection) -> Problem {
    match rejection {
        FormRejection::InvalidFormContentType(_) => Problem::media_type("send application/x-www-form-urlencoded"),
        FormRejection::BytesRejection(error) if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::too_large("the body is too long")
        }
        _ => Problem::bad_request("the body is no form, or a field of it is missing: see /openapi.json"),
    }
}
