//! `POST /v1/tokens/reissue`: a new token for whoever has one that ran out.
//!
//! Whether the old one was revoked is asked, the new one made and the ledger told in one turn of the thread that owns the
//! ledger; without a ledger nobody knows, and nothing is made.

use super::api_key::Scope;
use super::body::JsonBody;
use super::caller::Caller;
use super::check::respond;
use super::metrics::Uncounted;
use super::mint::{no_key, validity};
use super::problem::Problem;
use super::state::Service;
use super::value;
use crate::batch::reissue::own_address;
use crate::check::{Answer, Rules};
use crate::key::Key;
use crate::ledger::Replacement;
use crate::link::LinkPattern;
use crate::moment::UnixTime;
use crate::options::TimeOptions;
use crate::token::{TokenId, Validity};
use axum::extract::{Json, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;

/// A token that is to be replaced.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ReissueRequest {
    /// The token, or whatever was pasted with it: a link, a mail. It may have expired; no slip is looked for.
    text: String,
    /// Claims that it must have, with these values.
    #[serde(deserialize_with = "value::claims")]
    expect: BTreeMap<String, String>,
    /// Valid for so long: `24h`, `7d`.
    duration: Option<String>,
    /// Valid until this instant, or to the end of this day.
    expires_at: Option<String>,
    /// Valid without end.
    never_expires: bool,
    /// Not valid before this instant, or the start of this day.
    not_before: Option<String>,
    /// The zone that dates are meant in; UTC unless it is said.
    timezone: Option<String>,
    /// Revoke the old token; it takes the scope revoke as well.
    revoke_old: bool,
}

/// A token that was made in the place of another.
#[derive(Debug, Serialize, ToSchema)]
struct ReissuedAnswer {
    token: String,
    /// In the address of the service, or in the pasted one where its host is allowed.
    url_link: Option<String>,
    #[schema(value_type = Option<String>)]
    expires_at: Option<UnixTime>,
    id: String,
    replaces: Replaced,
}

/// The old token.
#[derive(Debug, Serialize, ToSchema)]
struct Replaced {
    key_id: Option<String>,
    id: Option<String>,
    /// What it was when it was replaced.
    #[schema(examples("expired", "valid"))]
    status: &'static str,
    revoked: bool,
}

/// What is made of an old token.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// When the new one is valid.
    pub(super) validity: Validity,
    /// What link it gets.
    pub(super) pattern: Option<LinkPattern>,
    /// Whether the old one is revoked.
    pub(super) revoke_old: bool,
}

/// A token that was made.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) token: String,
    pub(super) link: Option<String>,
    pub(super) by: Replacement,
    /// The old one.
    pub(super) old: Answer,
}

/// Make a token in the place of one that has expired, with the same claims and form.
#[utoipa::path(post, path = "/v1/tokens/reissue", tag = "mint", request_body = ReissueRequest,
    responses(
        (status = 201, description = "made; the ledger notes which token it replaces", body = ReissuedAnswer),
        (status = 400, description = "there is no token in the text, or several"),
        (status = 403, description = "the old token is not authentic, is revoked or has other claims; or the API key may not do this",
            body = crate::service::openapi::AnswerSchema),
        (status = 404, description = "there is no ledger, so that nobody knows what was revoked"),
        (status = 503, description = "the ledger does not answer, or no key can sign"),
    ))]
pub(super) async fn post_reissue(
    State(service): State<Arc<Service>>,
    caller: Caller,
    body: Result<JsonBody<ReissueRequest>, Problem>,
) -> Result<Response, Problem> {
    caller.needs(Scope::Mint)?;
    let JsonBody(request) = body?;
    if request.revoke_old {
        caller.needs(Scope::Revoke)?;
    }
    let times = TimeOptions {
        expires_in: request.duration.as_deref(),
        expires_at: request.expires_at.as_deref(),
        never_expires: request.never_expires,
        not_before: request.not_before.as_deref(),
        ..TimeOptions::default()
    };
    let validity = validity(&times, request.timezone.as_deref(), service.now())?;
    let rules = service.rules(caller.expected().chain(request.expect).collect());
    let (text, keys) = (request.text.clone(), rules.clone());
    let found = tokio::task::spawn_blocking(move || keys.find(&text)).await;
    let mut found = found.map_err(|_| Problem::internal())?;
    if found.len() > 1 {
        return Err(Problem::bad_request(
            "text: there are several tokens in it, and one is replaced at a time",
        ));
    }
    let token = found.pop().map(|candidate| candidate.text).unwrap_or_default();
    let wanted = Wanted {
        validity,
        pattern: service.address_for(&request.text, &token)?,
        revoke_old: request.revoke_old,
    };
    match service.reissue(token, rules, wanted).await? {
        Ok(made) => Ok((StatusCode::CREATED, Json(made.told(request.revoke_old))).into_response()),
        Err(answer) => {
            let may_read = caller.needs(Scope::Check).is_ok();
            let answer = if may_read { answer } else { answer.without_claims() };
            Ok(respond(answer, &caller))
        }
    }
}

impl Made {
    fn told(self, revoked: bool) -> ReissuedAnswer {
        let old = self.old;
        ReissuedAnswer {
            token: self.token,
            url_link: self.link,
            expires_at: self.by.expires_at.map(UnixTime),
            id: self.by.id.to_string(),
            replaces: Replaced {
                key_id: old.key_id.map(|id| id.to_string()),
                id: old.facts.as_ref().and_then(|facts| facts.id).map(|id| id.to_string()),
                status: old.status().as_str(),
                revoked,
            },
        }
    }
}

impl Service {
    /// Where a new link leads: where the old one did, if its host is allowed, else where the service says.
    pub(super) fn address_for(&self, text: &str, token: &str) -> Result<Option<LinkPattern>, Problem> {
        if let Ok(Some(own)) = own_address(text, [token], &self.settings.allow_hosts) {
            return Ok(Some(own));
        }
        let base = self.settings.base_url.as_deref().map(LinkPattern::from_base);
        base.transpose().map_err(|_| Problem::internal())
    }

    /// The token in the place of an old one, or the answer about an old one that gets no successor.
    pub(super) async fn reissue(
        &self,
        text: String,
        rules: Rules,
        wanted: Wanted,
    ) -> Result<Result<Made, Answer>, Problem> {
        self.written_ledger()?;
        let key = self
            .keyring()
            .signing_key(None)
            .map_err(|error| no_key(&error))?
            .clone();
        let id = TokenId::draw().map_err(|_| Problem::internal())?;
        let done = self.with_checks(move |ledger| {
            // no check of it is counted
            let old = rules.answer(&text, Some(ledger), &mut Vec::new())?;
            if let Err(refusal) = old.replaceable(&rules.expected) {
                return Ok(Err(old.refused_for(refusal)));
            }
            let Some(made) = made(old, &key, id, &wanted) else {
                return Ok(Ok(None));
            };
            ledger.replace(&made.old, made.by, wanted.revoke_old)?;
            Ok(Ok(Some(made)))
        });
        match done.await? {
            Ok(made) => made.map(Ok).ok_or_else(|| {
                Problem::bad_request("no token carries the claims of the old one: another program made it")
            }),
            Err(answer) => {
                self.metrics.add(answer.status().as_str(), 1, Some(Uncounted::NotAsked));
                Ok(Err(answer))
            }
        }
    }
}

fn made(old: Answer, key: &Key, id: TokenId, wanted: &Wanted) -> Option<Made> {
    let token = old.reissue(key, &wanted.validity, id).ok()?;
    let link = wanted.pattern.as_ref().map(|pattern| pattern.link(token.as_bytes()));
    let by = Replacement::new(key.id(), id, &wanted.validity);
    Some(Made { token, link, by, old })
}
