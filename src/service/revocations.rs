//! `/v1/revocations`: what `revoke`, `revoked` and `unrevoke` do.

use super::api_key::Scope;
use super::body::JsonBody;
use super::caller::Caller;
use super::log::Told;
use super::member::bad;
use super::problem::Problem;
use super::state::Service;
use super::value;
use crate::check::Facts;
use crate::claims::{ClaimName, MAX_VALUE};
use crate::ledger::{How, Ledger, LedgerError, MAX_REASON, Revoked, Sightings, Target};
use crate::moment::UnixTime;
use crate::stats::RevokedJson;
use crate::token::{Refusal, Revocation, Status, TokenId, Trace, UntrustedToken};
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Extension, Json, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// So many entries are given at once.
const MOST: usize = 1_000;
/// And so many unless it is said.
const USUAL: usize = 100;
/// Apart from every other hash that this program makes.
const CONTEXT: &[u8] = b"linkmint v1 revoked claim";

/// What is to be revoked: a token, or all tokens with a claim.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RevokeRequest {
    /// The token, exactly as it was in the link.
    token: Option<String>,
    /// A claim's name; all tokens with it and this value are revoked, those that nobody has seen yet too.
    claim: Option<String>,
    /// Its value: a text, or a whole number.
    #[serde(default, deserialize_with = "value::optional")]
    value: Option<String>,
    /// Why, for whoever checks them: one line of at most 512 bytes.
    reason: Option<String>,
}

/// What was revoked.
#[derive(Debug, Serialize, ToSchema)]
struct RevokedAnswer {
    /// What `DELETE /v1/revocations/{id}` undoes it by.
    revocation_id: String,
    /// Whether it was revoked before, which stays as it was.
    already: bool,
    #[schema(value_type = String)]
    revoked_at: UnixTime,
    reason: Option<String>,
}

/// Which entries are given.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// How many at most: 100 unless it is said, 1,000 at most.
    #[param(minimum = 1, maximum = 1_000)]
    limit: Option<usize>,
    /// Those after this entry: `next` of the page before.
    after: Option<String>,
}

#[derive(Serialize)]
struct Page<'a> {
    revocations: Vec<Entry<'a>>,
    next: Option<String>,
}

#[derive(Serialize)]
struct Entry<'a> {
    revocation_id: String,
    #[serde(flatten)]
    entry: RevokedJson<'a>,
}

impl<'a> Entry<'a> {
    fn of(entry: &'a Revoked) -> Self {
        Self {
            revocation_id: Name::of(&entry.target).to_string(),
            entry: RevokedJson::from(entry),
        }
    }
}

/// What is meant by an entry's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    /// A claim, by a hash of its name and value: addresses end up in logs, and no claim belongs there.
    Claim([u8; Trace::LENGTH]),
    /// A token, by its trace.
    Token(Trace),
}

impl Name {
    fn of(target: &Target) -> Self {
        match target {
            Target::Claim { name, value } => Self::of_claim(name, value),
            Target::Token { trace, .. } => Self::Token(*trace),
        }
    }

    fn of_claim(name: &str, value: &str) -> Self {
        let hash = Sha256::new()
            .chain_update(CONTEXT)
            .chain_update((name.len() as u64).to_be_bytes());
        let hash = hash.chain_update(name).chain_update(value).finalize();
        Self::Claim(std::array::from_fn(|index| hash[index]))
    }

    fn parse(text: &str) -> Option<Self> {
        let (kind, hex) = text.split_at_checked(1)?;
        let bytes = HEXLOWER.decode(hex.as_bytes()).ok()?.try_into().ok()?;
        match kind {
            "c" => Some(Self::Claim(bytes)),
            "t" => Some(Self::Token(Trace(bytes))),
            _ => None,
        }
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (kind, bytes) = match self {
            Self::Claim(bytes) => ('c', bytes),
            Self::Token(Trace(bytes)) => ('t', bytes),
        };
        write!(f, "{kind}{}", HEXLOWER.encode_display(bytes))
    }
}

/// Where an entry stands among all: claims first, each kind in the order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    at: u32,
    name: Name,
}

impl Place {
    fn of(entry: &Revoked) -> Self {
        Self {
            at: entry.revocation.at,
            name: Name::of(&entry.target),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (at, name) = text.split_at_checked(8)?;
        Some(Self {
            at: u32::from_str_radix(at, 16).ok()?,
            name: Name::parse(name)?,
        })
    }

    fn is_after(&self, other: &Self) -> bool {
        let is_token = |name: &Name| matches!(name, Name::Token(_));
        (is_token(&self.name), self.at, self.name) > (is_token(&other.name), other.at, other.name)
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:08x}{}", self.at, self.name)
    }
}

/// What an entry is called, what it was revoked with before, and the id of a token.
type Named = (Name, Option<Revocation>, Option<TokenId>);

impl RevokeRequest {
    fn reason(&self) -> Result<Option<String>, Problem> {
        let Some(reason) = self.reason.as_deref().map(str::trim) else {
            return Ok(None);
        };
        match reason.len() {
            1..=MAX_REASON if !reason.contains(char::is_control) => Ok(Some(reason.to_owned())),
            _ => Err(Problem::bad_request(format!(
                "reason: one line of 1 to {MAX_REASON} bytes"
            ))),
        }
    }
}

impl Service {
    async fn revoke_token(&self, caller: &Caller, text: &str, because: Revocation) -> Result<Named, Problem> {
        let (tokens, trace, facts) = self.token_of(text).map_err(|refusal| {
            Problem::bad_request(format!(
                "token: {refusal}: only a token that a key of the keyring made can be meant"
            ))
        })?;
        if !is_own(caller, Some(&facts.claims)) {
            return Err(Problem::forbidden("this API key is bound to other tokens"));
        }
        let revoke = move |ledger: &mut Ledger| ledger.revoke(&tokens, How::Token, &because);
        let before = self.with_ledger(revoke).await?;
        Ok((Name::Token(trace), before.into_iter().next().flatten(), facts.id))
    }

    async fn revoke_claim(
        &self,
        caller: &Caller,
        name: &str,
        value: &str,
        because: Revocation,
    ) -> Result<Named, Problem> {
        let name = ClaimName::parse(name).map_err(|error| bad("claim", error))?;
        // as cells are when a token is made
        let value = value.trim_ascii().to_owned();
        if !(1..=MAX_VALUE).contains(&value.len()) {
            return Err(Problem::bad_request(format!("value: it has 1 to {MAX_VALUE} bytes")));
        }
        may_name_claims(caller)?;
        let entry = Name::of_claim(name.as_str(), &value);
        let revoke = move |ledger: &mut Ledger| ledger.revoke_claim(name.as_str(), &value, &because);
        Ok((entry, self.with_ledger(revoke).await?, None))
    }

    /// A token that a key of the keyring made, with what its ledger keeps of it; when it is valid does not matter.
    pub(super) fn token_of(&self, text: &str) -> Result<(Sightings, Trace, Facts), Refusal> {
        let (rules, mut buffer) = (self.rules(Vec::new()), Vec::new());
        let token = UntrustedToken::read(text, &mut buffer)?.authenticate(&rules.keys)?;
        let keep_sealed = self.ledger.as_ref().is_some_and(|ledger| ledger.keep_sealed);
        let mut sightings = Sightings::default();
        sightings.add(&token, token.trace(), Status::Valid, keep_sealed);
        Ok((sightings, token.trace(), Facts::of(&token)))
    }
}

/// Whether a caller that is bound to claims may know of a token with these.
pub(super) fn is_own(caller: &Caller, claims: Option<&[(String, String)]>) -> bool {
    let has = |own: (String, String)| claims.is_some_and(|claims| claims.contains(&own));
    caller.expected().all(has)
}

/// That a caller may revoke by claims, and undo that.
fn may_name_claims(caller: &Caller) -> Result<(), Problem> {
    match caller.is_bound() {
        true => Err(Problem::forbidden(
            "this API key is bound to a claim, and revokes tokens one by one",
        )),
        false => Ok(()),
    }
}

/// Revoke a token, or all tokens with a claim.
#[utoipa::path(post, path = "/v1/revocations", tag = "revoke", request_body = RevokeRequest,
    responses(
        (status = 201, description = "revoked", body = RevokedAnswer),
        (status = 200, description = "revoked before, which stays as it was", body = RevokedAnswer),
        (status = 400, description = "nothing that can be revoked is meant"),
        (status = 403, description = "the API key may not revoke it"),
        (status = 404, description = "there is no ledger"),
        (status = 503, description = "the ledger does not answer"),
    ))]
pub(super) async fn post_revocation(
    State(service): State<Arc<Service>>,
    caller: Caller,
    body: Result<JsonBody<RevokeRequest>, Problem>,
) -> Result<Response, Problem> {
    caller.needs(Scope::Revoke)?;
    service.written_ledger()?;
    let JsonBody(request) = body?;
    let because = Revocation {
        at: service.now().0,
        reason: request.reason()?,
    };
    let why = because.clone();
    let (name, before, token_id) = match (&request.token, &request.claim, &request.value) {
        (Some(token), None, None) => service.revoke_token(&caller, token, why).await?,
        (None, Some(name), Some(value)) => service.revoke_claim(&caller, name, value, why).await?,
        _ => return Err(Problem::bad_request("give a token, or a claim and its value")),
    };
    let already = before.is_some();
    let status = if already { StatusCode::OK } else { StatusCode::CREATED };
    let Revocation { at, reason } = before.unwrap_or(because);
    let answer = RevokedAnswer {
        revocation_id: name.to_string(),
        already,
        revoked_at: UnixTime(at),
        reason,
    };
    let told = Told {
        token_id,
        ..Told::default()
    };
    Ok((status, Extension(told), Json(answer)).into_response())
}

/// What is revoked: claims first, then tokens, each in the order of time.
#[utoipa::path(get, path = "/v1/revocations", tag = "revoke", params(ListQuery),
    responses(
        (status = 200, description = "entries, and `next` where there are more", body = serde_json::Value,
            headers(("Link" = String, description = "the next page, where there is one"))),
        (status = 400, description = "the query can't be used"),
        (status = 403, description = "the API key lacks the scope revoke"),
        (status = 404, description = "there is no ledger"),
        (status = 503, description = "the ledger does not answer"),
    ))]
pub(super) async fn get_revocations(
    State(service): State<Arc<Service>>,
    caller: Caller,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    caller.needs(Scope::Revoke)?;
    let Query(query) = query.map_err(|_| Problem::bad_request("the query takes limit and after"))?;
    let limit = query.limit.unwrap_or(USUAL);
    if limit == 0 || limit > MOST {
        return Err(Problem::bad_request(format!("limit: 1 to {MOST}")));
    }
    let after = query
        .after
        .as_deref()
        .map(|text| Place::parse(text).ok_or_else(|| Problem::bad_request("after: `next` of the page before")));
    let after = after.transpose()?;
    let (mut entries, more) = service
        .read_ledger(move |ledger| {
            entries(ledger, limit, after, |entry| {
                let claims = match &entry.target {
                    Target::Token { claims, .. } => claims.as_deref(),
                    Target::Claim { .. } => None,
                };
                is_own(&caller, claims)
            })
        })
        .await?;
    entries.truncate(limit);
    let page = Page {
        next: entries
            .last()
            .filter(|_| more)
            .map(|entry| Place::of(entry).to_string()),
        revocations: entries.iter().map(Entry::of).collect(),
    };
    let link = |next| format!("</v1/revocations?limit={limit}&after={next}>; rel=\"next\"");
    let link = page.next.as_ref().map(|next| [(header::LINK, link(next))]);
    Ok((link, Json(page)).into_response())
}

/// The entries after a place that may be shown, and whether there are more than `limit`.
fn entries(
    ledger: &Ledger,
    limit: usize,
    after: Option<Place>,
    may_see: impl Fn(&Revoked) -> bool,
) -> Result<(Vec<Revoked>, bool), LedgerError> {
    // claims are few, and those of one second have no order of their own
    let (mut claims, mut tokens) = (Vec::new(), Vec::new());
    let mut more = false;
    ledger.revoked(|entry| {
        let is_new = after.is_none_or(|after| Place::of(&entry).is_after(&after));
        if !is_new || !may_see(&entry) {
            return true;
        }
        match entry.target {
            Target::Claim { .. } => claims.push(entry),
            _ => tokens.push(entry),
        }
        more = claims.len() + tokens.len() > limit;
        // all claims come before the first token
        !more || tokens.is_empty()
    })?;
    claims.sort_by_key(|entry| (entry.revocation.at, Name::of(&entry.target)));
    claims.append(&mut tokens);
    Ok((claims, more))
}

/// Undo a revocation.
#[utoipa::path(delete, path = "/v1/revocations/{id}", tag = "revoke",
    params(("id" = String, Path, description = "`revocation_id` of an entry")),
    responses(
        (status = 204, description = "no longer revoked; tokens may still be by a claim"),
        (status = 403, description = "the API key may not undo it"),
        (status = 404, description = "nothing is revoked under this id, or there is no ledger"),
        (status = 503, description = "the ledger does not answer"),
    ))]
pub(super) async fn delete_revocation(
    State(service): State<Arc<Service>>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Problem> {
    caller.needs(Scope::Revoke)?;
    service.written_ledger()?;
    let Path(id) = path.map_err(|_| Problem::bad_request("the path is no text"))?;
    let name = Name::parse(&id).ok_or_else(Problem::no_revocation)?;
    if let Name::Claim(_) = name {
        may_name_claims(&caller)?;
    }
    let undone = service.with_ledger(move |ledger| undo(ledger, name, &caller)).await?;
    match undone {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::no_revocation()),
    }
}

/// Undoes what has this name, where the caller may know of it.
fn undo(ledger: &mut Ledger, wanted: Name, caller: &Caller) -> Result<bool, LedgerError> {
    let mut tokens = Sightings::default();
    // nobody but a bound caller needs to know what the token says
    if let Name::Token(trace) = wanted
        && !caller.is_bound()
    {
        tokens.add_trace(trace);
    } else {
        let mut found = None;
        ledger.revoked(|entry| {
            if Name::of(&entry.target) == wanted {
                found = Some(entry.target);
            }
            found.is_none()
        })?;
        match found {
            Some(Target::Claim { name, value }) => return ledger.unrevoke_claim(&name, &value),
            Some(Target::Token { trace, claims, .. }) if is_own(caller, claims.as_deref()) => tokens.add_trace(trace),
            _ => return Ok(false),
        }
    }
    Ok(ledger.unrevoke(&tokens)?.contains(&true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_known_by_a_name_that_tells_no_claim() {
        let name = Name::of_claim("campaign_id", "spring26");
        assert_eq!(Name::parse(&name.to_string()), Some(name));
        assert_ne!(name, Name::of_claim("campaign_i", "dspring26"));
        let token = Name::Token(Trace([7; Trace::LENGTH]));
        assert_eq!(Name::parse(&token.to_string()), Some(token));
        for text in ["", "c", "x00", "t0g", "é", "T07070707070707070707070707070707"] {
            assert_eq!(Name::parse(text), None, "{text}");
        }
        let place = Place { at: 5, name: token };
        assert_eq!(Place::parse(&place.to_string()), Some(place));
        assert!(place.is_after(&Place { at: 9, name }) && !place.is_after(&place));
        for text in ["", "0000000", "zzzzzzzzc", "é0000000"] {
            assert_eq!(Place::parse(text), None, "{text}");
        }
    }
}
