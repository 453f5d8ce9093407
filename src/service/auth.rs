//! `GET /v1/auth`: whether a proxy may let a visitor through, as nginx's `auth_request` and `forward_auth` ask it.
//!
//! nginx makes a 500 of any answer but 2xx, 401 and 403, and other proxies hand the answer on to the visitor. So there
//! are three: 200, 403, and 503 where nothing could be decided. The token is the last segment of the path that the
//! visitor asked for, or one query parameter; nothing else is searched, and one header alone is read.

use super::api_key::Scope;
use super::caller::Caller;
use super::check::{told, uncounted};
use super::problem::Problem;
use super::proxy;
use super::state::Service;
use crate::check::Answer;
use crate::pages;
use axum::extract::{Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use std::fmt::Write;
use std::sync::Arc;

/// What the headers with claims begin with.
const PREFIX: &str = "x-linkmint-";

/// Where a proxy puts the address that a visitor asked for, and what it is told of the token.
#[derive(Clone, Debug, Default)]
pub struct ForwardAuth {
    uri_header: Option<HeaderName>,
    param: Option<String>,
    claims: Vec<(String, HeaderName)>,
}

/// What can't be asked of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ForwardAuthError {
    /// The header with the address has no name that a header can have.
    #[error("it is no name of a header")]
    UriHeader,
    /// A claim would stand in a header of no name that a header can have.
    #[error("the claim {0} can't be the name of a header")]
    Claim(String),
    /// Two claims would stand in the same header.
    #[error("the claim {0} has the header of another one")]
    ClaimTwice(String),
}

impl ForwardAuth {
    /// The address is in the header `uri_header`; without `param`, the token is the last segment of its path. `claims`
    /// are told in headers.
    ///
    /// # Errors
    /// When a name is none that a header can have.
    pub fn new(
        uri_header: Option<&str>,
        param: Option<String>,
        claims: impl IntoIterator<Item = String>,
    ) -> Result<Self, ForwardAuthError> {
        let uri_header = uri_header.map(|name| HeaderName::try_from(name).map_err(|_| ForwardAuthError::UriHeader));
        let mut headers: Vec<(String, HeaderName)> = Vec::new();
        for claim in claims {
            let name = HeaderName::try_from(format!("{PREFIX}{}", claim.replace('_', "-")));
            let name = name.map_err(|_| ForwardAuthError::Claim(claim.clone()))?;
            if headers.iter().any(|(_, other)| *other == name) {
                return Err(ForwardAuthError::ClaimTwice(claim));
            }
            headers.push((claim, name));
        }
        Ok(Self {
            uri_header: uri_header.transpose()?,
            param,
            claims: headers,
        })
    }

    /// The token in the address that the visitor asked for: one header, once.
    fn token(&self, headers: &HeaderMap) -> Option<String> {
        let mut values = headers.get_all(self.uri_header.as_ref()?).iter();
        let (value, None) = (values.next()?, values.next()) else {
            return None;
        };
        let uri = Uri::try_from(value.as_bytes()).ok()?;
        let Some(name) = &self.param else {
            return uri.path().rsplit('/').next().map(str::to_owned);
        };
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&uri).ok()?;
        let mut values = pairs.into_iter().filter(|(other, _)| other == name);
        match (values.next(), values.next()) {
            (Some((_, token)), None) => Some(token),
            _ => None,
        }
    }

    /// Every header is always there, so that none which a visitor has sent stays.
    fn tell(&self, answer: Option<&Answer>, headers: &mut HeaderMap) {
        for (claim, name) in &self.claims {
            let facts = answer.and_then(|answer| answer.facts.as_ref());
            let value = encoded(facts.and_then(|facts| facts.claim(claim)).unwrap_or_default());
            let value = HeaderValue::try_from(value).expect("it is percent-encoded");
            headers.insert(name, value);
        }
    }
}

/// All but letters, digits and `-._~` percent-encoded (RFC 3986, section 2.3): headers are no place for other text.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => out.push(char::from(byte)),
            byte => write!(out, "%{byte:02X}").expect("a text takes all"),
        }
    }
    out
}

/// Let a visitor of a proxy through, or not: for `auth_request` of nginx and `forward_auth` of Caddy and Traefik.
///
/// The visitor's address is read from the header that `--auth-uri-header` names. A trusted proxy needs no API key.
#[utoipa::path(get, path = "/v1/auth", tag = "check",
    responses(
        (status = 200, description = "a valid token; claims that `--auth-claims` names in headers `X-Linkmint-…`"),
        (status = 403, description = "no token, one that is not valid, or no API key for the scope check"),
        (status = 503, description = "nothing could be decided: do not let the visitor through"),
    ))]
pub(super) async fn get_auth(State(service): State<Arc<Service>>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    match service.admits(&mut parts).await {
        Ok((answer, sees_claims)) => {
            let mut response = match answer.is_valid() {
                true => StatusCode::OK.into_response(),
                false => refused(Some(&answer)),
            };
            let seen = Some(&answer).filter(|answer| sees_claims && answer.is_valid());
            service.settings.auth.tell(seen, response.headers_mut());
            response.extensions_mut().insert(told(&answer));
            response
        }
        Err(problem) if problem.is_server_error() => {
            let mut response = super::page::html(StatusCode::SERVICE_UNAVAILABLE, pages::link::undecided(), "");
            service.settings.auth.tell(None, response.headers_mut());
            response
        }
        Err(_) => {
            let mut response = refused(None);
            service.settings.auth.tell(None, response.headers_mut());
            response
        }
    }
}

/// The words that a visitor sees, where the proxy hands them on.
fn refused(answer: Option<&Answer>) -> Response {
    let page = pages::link::refused(answer.map(Answer::status));
    super::page::html(StatusCode::FORBIDDEN, page, "")
}

impl Service {
    /// The verdict about the visitor's token, and whether the one who asks may see its claims.
    async fn admits(&self, parts: &mut Parts) -> Result<(Answer, bool), Problem> {
        let (mut expected, mut sees_claims) = (Vec::new(), true);
        if !proxy::is_trusted(&self.settings.proxies, &parts.extensions) {
            let caller = Caller::find(parts, self)?;
            caller.needs(Scope::Check)?;
            expected = caller.expected().collect();
            sees_claims = caller.key.origin.is_none();
        }
        let token = self.settings.auth.token(&parts.headers).unwrap_or_default();
        let uncounted = uncounted(&parts.method, &parts.headers, true);
        let answer = self.verdict(&token, self.rules(expected), uncounted).await?;
        Ok((answer, sees_claims))
    }
}

/// A proxy needs no API key, so no web page may pose as one: only who is trusted is let past the check of the host.
pub(super) fn is_asked_by_proxy(service: &Service, request: &Request) -> bool {
    request.uri().path() == "/v1/auth" && proxy::is_trusted(&service.settings.proxies, request.extensions())
}
