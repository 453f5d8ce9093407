//! `POST /v1/tokens`: one token, and the link that carries it.

use super::api_key::Scope;
use super::body::JsonBody;
use super::caller::Caller;
use super::member::{bad, named};
use super::problem::Problem;
use super::state::Service;
use super::value;
use crate::batch::generate::ExpiryPlan;
use crate::claims::ClaimSet;
use crate::keyring::KeyringError;
use crate::link::{FillError, LinkPattern};
use crate::moment::{TimeReader, UnixTime, Zone};
use crate::options::{Cause, FormOptions, LinkOptions, OptionError, TimeOptions};
use crate::token::{Form, Minter, TokenId, Validity};
use axum::extract::{Json, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;

/// What a duration is called in requests for one token.
const DURATION: &str = "duration";

/// What a token is to say.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct MintRequest {
    /// The address; the token becomes its last path segment. Else the server's own, if it has one; else no link is made.
    base_url: Option<String>,
    /// The token becomes this query parameter instead.
    param: Option<String>,
    /// The whole link, with `{token}` and claims in it.
    url: Option<String>,
    #[serde(deserialize_with = "value::optional")]
    customer_id: Option<String>,
    #[serde(deserialize_with = "value::optional")]
    campaign_id: Option<String>,
    #[serde(deserialize_with = "value::optional")]
    product_id: Option<String>,
    /// Other claims, by their names: texts, or whole numbers, which become their decimal text.
    #[serde(deserialize_with = "value::claims")]
    claims: BTreeMap<String, String>,
    /// That a token without any claim is meant.
    no_claims: bool,
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
    /// Hide the claims from everybody without the key.
    seal: bool,
    /// Sign with the public-key form: who has the public keys checks it and makes none.
    public: bool,
    /// `jwt` for a JSON Web Token.
    format: Option<String>,
    /// `base32` survives being typed and upper-cased; `base32-upper` is it in capitals.
    text: Option<String>,
}

/// A token that was made.
#[derive(Debug, Serialize, ToSchema)]
struct Minted {
    token: String,
    url_link: Option<String>,
    #[schema(value_type = Option<String>)]
    expires_at: Option<UnixTime>,
    id: String,
    repeat: Repeat,
}

/// What makes the same token again.
#[derive(Debug, Serialize, ToSchema)]
struct Repeat {
    #[schema(value_type = String)]
    issued_at: UnixTime,
    first_id: String,
}

/// Make a token, and a link with it.
#[utoipa::path(post, path = "/v1/tokens", tag = "mint", request_body = MintRequest,
    responses(
        (status = 201, description = "made", body = Minted),
        (status = 400, description = "no such token can be made"),
        (status = 403, description = "the API key may not make it"),
    ))]
pub(super) async fn post_token(
    State(service): State<Arc<Service>>,
    caller: Caller,
    body: Result<JsonBody<MintRequest>, Problem>,
) -> Result<Response, Problem> {
    caller.needs(Scope::Mint)?;
    let JsonBody(request) = body?;
    let claims = request.claims()?;
    hold_to(&caller, &claims)?;
    let issued_at = service.now();
    let validity = validity(&request.times(), request.timezone.as_deref(), issued_at)?;
    let pattern = request.pattern(&service)?;
    let id = TokenId::draw().map_err(|_| Problem::internal())?;
    let keyring = service.keyring();
    let key = keyring.signing_key(None).map_err(|error| no_key(&error))?;
    let (form, capitals) = request.form()?;
    let token = Minter::new(key, form).mint_claims(&validity, id, &claims);
    let mut token = token.map_err(|error| bad("claims", error))?;
    if capitals {
        token.make_ascii_uppercase();
    }
    let url_link = pattern.map(|pattern| link(&pattern, &token, &claims)).transpose()?;
    if claims.is_empty() != request.no_claims {
        return Err(bad(
            "no_claims",
            "give claims, or no_claims=true for a token that says of nobody whose it is",
        ));
    }
    let minted = Minted {
        url_link,
        token,
        expires_at: validity.expires_at().map(UnixTime),
        id: id.to_string(),
        repeat: Repeat {
            issued_at,
            first_id: id.to_string(),
        },
    };
    Ok((StatusCode::CREATED, Json(minted)).into_response())
}

/// Why there is no key to sign with: the request has named another than there is, or the keyring has none at all.
pub(super) fn no_key(error: &KeyringError) -> Problem {
    match error {
        KeyringError::Unknown(_)
        | KeyringError::Retired(_)
        | KeyringError::PublicKey(_)
        | KeyringError::Ambiguous(_) => Problem::bad_request(format!("key_id: {error}")),
        _ => Problem::unavailable(error.to_string()),
    }
}

/// That a key which is bound to claims makes no others.
fn hold_to(caller: &Caller, claims: &ClaimSet) -> Result<(), Problem> {
    let differs = |(name, value): &(String, String)| claims.value(name) != Some(value);
    match caller.expected().find(differs) {
        Some((name, _)) => Err(bound_to_another(&name)),
        None => Ok(()),
    }
}

pub(super) fn bound_to_another(name: &str) -> Problem {
    Problem::forbidden(format!("this API key is bound to another {name}, or to one"))
}

/// Says which option of a request can't be used, and why; `duration` is what its duration is called.
pub(super) fn bad_option(OptionError { option, cause }: OptionError, duration: &str) -> Problem {
    match (cause, option) {
        (Cause::SeveralExpiries, _) => give_one(duration),
        (Cause::OfJwt(_), _) => Problem::bad_request("a JWT has neither seal nor text"),
        (cause, "expires_in") => bad(duration, cause),
        (cause, option) => bad(option, cause),
    }
}

fn link(pattern: &LinkPattern, token: &str, claims: &ClaimSet) -> Result<String, Problem> {
    pattern
        .filled(token, |name| claims.value(name))
        .map_err(|error| match error {
            FillError::NoClaim(name) => Problem::bad_request(format!("url: there is no claim{}", named(&name))),
            FillError::Path(_, error) => bad("url", error),
        })
}

impl MintRequest {
    fn claims(&self) -> Result<ClaimSet, Problem> {
        let usual = [
            ("customer_id", &self.customer_id),
            ("campaign_id", &self.campaign_id),
            ("product_id", &self.product_id),
        ];
        let usual = usual
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_ref()?)));
        let others = self.claims.iter().map(|(name, value)| (name.as_str(), value));
        let mut claims = ClaimSet::new();
        for (name, value) in usual.chain(others) {
            // as cells and the claims of the command line
            let added = claims.add(name, value.trim_ascii());
            added.map_err(|error| bad(&format!("the claim{}", named(name)), error))?;
        }
        Ok(claims)
    }

    fn times(&self) -> TimeOptions<'_> {
        TimeOptions {
            expires_in: self.duration.as_deref(),
            expires_at: self.expires_at.as_deref(),
            never_expires: self.never_expires,
            not_before: self.not_before.as_deref(),
            ..TimeOptions::default()
        }
    }

    fn form(&self) -> Result<(Form, bool), Problem> {
        let options = FormOptions {
            seal: self.seal,
            public: self.public,
            format: self.format.as_deref(),
            text: self.text.as_deref(),
        };
        options.form().map_err(|error| bad_option(error, DURATION))
    }

    fn pattern(&self, service: &Service) -> Result<Option<LinkPattern>, Problem> {
        let own = service.settings.base_url.as_deref();
        let options = LinkOptions {
            base_url: self.base_url.as_deref().or(own.filter(|_| self.url.is_none())),
            param: self.param.as_deref(),
            url: self.url.as_deref(),
        };
        match options.pattern().map_err(|error| bad_option(error, DURATION))? {
            None if self.param.is_some() => Err(Problem::bad_request("param needs base_url")),
            pattern => Ok(pattern),
        }
    }
}

/// When one token is valid; `timezone` is the one of dates, UTC unless it is said.
pub(super) fn validity(
    times: &TimeOptions<'_>,
    timezone: Option<&str>,
    issued_at: UnixTime,
) -> Result<Validity, Problem> {
    let plan = expiry_plan(times, timezone, issued_at, DURATION)?;
    plan.of_all().ok_or_else(|| give_one(DURATION))
}

/// When tokens of a list are valid, as far as no column says it; `duration` is what its duration is called.
pub(super) fn expiry_plan(
    times: &TimeOptions<'_>,
    timezone: Option<&str>,
    issued_at: UnixTime,
    duration: &str,
) -> Result<ExpiryPlan, Problem> {
    let zone = timezone.map_or_else(|| Ok(Zone::utc()), Zone::parse);
    let reader = TimeReader::new(zone.map_err(|error| bad("timezone", error))?);
    let times = times.read(issued_at, reader);
    let plan = times.map_err(|error| bad_option(error, duration))?.plan();
    plan.map_err(|error| bad("expires_at", error))
}

fn give_one(name: &str) -> Problem {
    Problem::bad_request(format!("give one of {name}, expires_at and never_expires"))
}
