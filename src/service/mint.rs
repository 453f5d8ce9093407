//! `POST /v1/tokens`: one token, and the link that carries it.

use super::api_key::Scope;
use super::body::JsonBody;
use super::caller::Caller;
use super::member::{bad, named};
use super::problem::Problem;
use super::state::Service;
use super::value;
use crate::batch::generate::{Expiry, ExpiryPlan};
use crate::claims::ClaimSet;
use crate::keyring::KeyringError;
use crate::link::LinkPattern;
use crate::moment::{DayEdge, TimeFormat, TimeReader, UnixTime, Zone, duration};
use crate::token::wire::Alphabet;
use crate::token::{Form, Minter, TokenId, Validity};
use axum::extract::{Json, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;

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
    /// `base32` survives being typed and upper-cased.
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
    let validity = request.times().validity(issued_at)?;
    let pattern = request.pattern(&service)?;
    let id = TokenId::draw().map_err(|_| Problem::internal())?;
    let keyring = service.keyring();
    let key = keyring.signing_key(None).map_err(|error| no_key(&error))?;
    let mut minter = Minter::new(key, request.form()?);
    let token = minter
        .mint_claims(&validity, id, &claims)
        .map_err(|error| bad("claims", error))?;
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

/// The form of tokens that a request asks for.
pub(super) fn form(seal: bool, public: bool, text: Option<&str>, format: Option<&str>) -> Result<Form, Problem> {
    let alphabet = match text {
        None | Some("base64url") => Alphabet::Base64Url,
        Some("base32") => Alphabet::Base32,
        Some(_) => return Err(Problem::bad_request("text is base64url or base32")),
    };
    if seal && public {
        return Err(Problem::bad_request(
            "a public token can't be sealed: who checks it reads it",
        ));
    }
    match (format, seal, text.is_some()) {
        (None, true, _) => Ok(Form::Sealed(alphabet)),
        (None, false, _) if public => Ok(Form::Public(alphabet)),
        (None, false, _) => Ok(Form::Signed(alphabet)),
        (Some("jwt"), false, false) if public => Ok(Form::PublicJwt),
        (Some("jwt"), false, false) => Ok(Form::Jwt),
        (Some("jwt"), ..) => Err(Problem::bad_request("a JWT has neither seal nor text")),
        (Some(_), ..) => Err(Problem::bad_request("format is jwt, or left out")),
    }
}

fn link(pattern: &LinkPattern, token: &str, claims: &ClaimSet) -> Result<String, Problem> {
    if let Some(name) = pattern.columns().find(|name| claims.value(name).is_none()) {
        return Err(Problem::bad_request(format!("url: there is no claim{}", named(name))));
    }
    let cells: Vec<&str> = pattern.columns().filter_map(|name| claims.value(name)).collect();
    let mut out = Vec::new();
    let push_token = |out: &mut Vec<u8>| out.extend_from_slice(token.as_bytes());
    let push_cell = |index: usize, out: &mut Vec<u8>| out.extend_from_slice(cells[index].as_bytes());
    let written = pattern.write(push_token, push_cell, &mut out);
    written.map_err(|error| bad("url", error.error))?;
    String::from_utf8(out).map_err(|_| Problem::internal())
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

    fn times(&self) -> Times<'_> {
        Times {
            duration: self.duration.as_deref(),
            expires_at: self.expires_at.as_deref(),
            never_expires: self.never_expires,
            not_before: self.not_before.as_deref(),
            timezone: self.timezone.as_deref(),
            date_format: None,
        }
    }

    fn form(&self) -> Result<Form, Problem> {
        form(self.seal, self.public, self.text.as_deref(), self.format.as_deref())
    }

    fn pattern(&self, service: &Service) -> Result<Option<LinkPattern>, Problem> {
        let own = service.settings.base_url.as_deref();
        let base = self.base_url.as_deref().or(own.filter(|_| self.url.is_none()));
        match pattern(base, self.param.as_deref(), self.url.as_deref())? {
            None if self.param.is_some() => Err(Problem::bad_request("param needs base_url")),
            pattern => Ok(pattern),
        }
    }
}

/// The links that a request asks for; a parameter by itself is for rows' own addresses.
pub(super) fn pattern(
    base: Option<&str>,
    param: Option<&str>,
    url: Option<&str>,
) -> Result<Option<LinkPattern>, Problem> {
    let (member, pattern) = match (base, param, url) {
        (Some(base), None, None) => ("base_url", LinkPattern::from_base(base)),
        (Some(base), Some(name), None) => ("base_url", LinkPattern::from_base_and_param(base, name)),
        (None, None, Some(template)) => ("url", LinkPattern::from_template(template)),
        (None, _, None) => return Ok(None),
        (_, _, Some(_)) => return Err(bad("url", "it excludes base_url and param")),
    };
    pattern.map(Some).map_err(|error| bad(member, error))
}

/// When tokens are to be valid, as a request says it.
#[derive(Default)]
pub(super) struct Times<'a> {
    pub(super) duration: Option<&'a str>,
    pub(super) expires_at: Option<&'a str>,
    pub(super) never_expires: bool,
    pub(super) not_before: Option<&'a str>,
    pub(super) timezone: Option<&'a str>,
    pub(super) date_format: Option<&'a str>,
}

impl Times<'_> {
    /// Those of one token.
    pub(super) fn validity(&self, issued_at: UnixTime) -> Result<Validity, Problem> {
        let plan = self.plan(issued_at, "duration")?;
        plan.of_all().ok_or_else(|| give_one("duration"))
    }

    /// Those of a list, as far as no column says them; `name` is that of the member with the duration.
    pub(super) fn plan(&self, issued_at: UnixTime, name: &str) -> Result<ExpiryPlan, Problem> {
        let zone = self.timezone.map_or_else(|| Ok(Zone::utc()), Zone::parse);
        let mut reader = TimeReader::new(zone.map_err(|error| bad("timezone", error))?);
        if let Some(format) = self.date_format {
            reader = reader.with_format(TimeFormat::for_dates(format).map_err(|error| bad("date_format", error))?);
        }
        let read = |member, text: Option<&str>, edge| {
            let time = text.map(|text| reader.read(text, edge));
            time.transpose().map_err(|error| bad(member, error))
        };
        let not_before = read("not_before", self.not_before, DayEdge::First)?;
        let expires_at = read("expires_at", self.expires_at, DayEdge::AfterLast)?;
        let expiry = match (self.duration, expires_at, self.never_expires) {
            (Some(text), None, false) => {
                let seconds = duration(text).map_err(|error| bad(name, error))?;
                let time = issued_at.after(seconds);
                Some(Expiry::At(time.ok_or_else(|| bad(name, "it ends after 2106"))?))
            }
            (None, Some(time), false) => Some(Expiry::At(time)),
            (None, None, true) => Some(Expiry::Never),
            (None, None, false) => None,
            _ => return Err(give_one(name)),
        };
        let plan = ExpiryPlan::new(issued_at, not_before, expiry, reader);
        plan.map_err(|error| bad("expires_at", error))
    }
}

fn give_one(name: &str) -> Problem {
    Problem::bad_request(format!("give one of {name}, expires_at and never_expires"))
}
