//! Who asks, and what they may do.

use super::api_key::{ApiKey, KeyRefusal, Scope};
use super::log::RequestId;
use super::problem::Problem;
use super::state::Service;
use crate::check::Answer;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, header};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, OnceLock};

/// A header for an API key besides `Authorization`.
const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
/// What browsers say of the page that sends a request.
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Who was let in.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) key: Arc<ApiKey>,
}

impl Caller {
    /// Who asks, by the key that the request shows.
    pub(super) fn find(parts: &Parts, service: &Service) -> Result<Self, Problem> {
        let Some(text) = shown(&parts.headers)? else {
            let detail = "send it as `Authorization: Bearer lmk_…` or `X-API-KEY: lmk_…`";
            return Err(Problem::unauthorized(detail));
        };
        let now = service.now();
        let refusal = match service.api_keys().find(text, now).cloned() {
            Ok(key) => {
                let caller = Self { key };
                KnownCaller::ByKey(caller.clone()).tell(&parts.extensions);
                return caller.held_to_page(&parts.headers);
            }
            Err(refusal) => refusal,
        };
        let address = client_of(&parts.extensions);
        match (service.failures.count(address, now), refusal) {
            (Some(seconds), _) => Err(Problem::too_many(seconds)),
            (None, KeyRefusal::Expired) => Err(Problem::unauthorized("this API key has expired")),
            (None, _) => Err(Problem::unauthorized("this API key is not known")),
        }
    }

    /// That it may do so.
    pub(super) fn needs(&self, scope: Scope) -> Result<(), Problem> {
        // a key that stands in a web page is everybody's
        let is_open = self.key.origin.is_none() || scope == Scope::Check;
        match is_open && self.key.scopes.contains(&scope) {
            true => Ok(()),
            false => Err(Problem::scope(scope.as_str())),
        }
    }

    /// That its key is one of the web page which sends the request, where one of another site does.
    fn held_to_page(self, headers: &HeaderMap) -> Result<Self, Problem> {
        let sent_by = headers.get(header::ORIGIN).map(|origin| origin.as_bytes());
        match (&self.key.origin, sent_by) {
            (Some(own), Some(origin)) if own.as_bytes() != origin => {
                Err(Problem::forbidden("this API key is for another web page"))
            }
            (None, _) if is_of_other_site(headers) => Err(Problem::forbidden("another web page has sent this request")),
            _ => Ok(self),
        }
    }

    /// Claims that it is bound to.
    pub(super) fn expected(&self) -> impl Iterator<Item = (String, String)> {
        self.key
            .expect
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()))
    }

    /// As much of an answer as it may see.
    pub(super) fn seen(&self, answer: Answer) -> Answer {
        let own: Vec<_> = self.expected().collect();
        let answer = answer.held_to(&own);
        match self.key.origin {
            Some(_) => answer.without_claims(),
            None => answer,
        }
    }

    /// Whether it sees only tokens of its own claims.
    pub(super) fn is_bound(&self) -> bool {
        !self.key.expect.is_empty()
    }
}

/// The text of the key that a request shows.
fn shown(headers: &HeaderMap) -> Result<Option<&[u8]>, Problem> {
    let own = headers.get_all(API_KEY).iter().map(|value| value.as_bytes());
    // another scheme is that of a proxy before this
    let bearer = headers.get_all(header::AUTHORIZATION).iter().filter_map(|value| {
        let (scheme, key) = value.as_bytes().split_at_checked(7)?;
        scheme.eq_ignore_ascii_case(b"bearer ").then(|| key.trim_ascii())
    });
    let mut keys = own.chain(bearer);
    match (keys.next(), keys.next()) {
        (key, None) => Ok(key),
        _ => Err(Problem::unauthorized("more than one API key was sent")),
    }
}

impl FromRequestParts<Arc<Service>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Problem> {
        Self::find(parts, service)
    }
}

/// Whether a page of another site has sent a request, as browsers tell it.
pub(super) fn is_of_other_site(headers: &HeaderMap) -> bool {
    let site = headers.get(SITE).map(HeaderValue::as_bytes);
    site.is_some_and(|site| site != b"same-origin" && site != b"none")
}

/// What is known of a request beside what it says, for all who answer it.
#[derive(Debug)]
pub(super) struct Visit {
    pub(super) id: RequestId,
    /// Where it comes from in the end; not known over a unix socket.
    pub(super) client: Option<IpAddr>,
    /// It is told once, and one request has one caller.
    pub(super) caller: OnceLock<KnownCaller>,
}

/// Where a request comes from, as wrong API keys are counted.
pub(super) fn client_of(extensions: &Extensions) -> IpAddr {
    let visit = extensions.get::<Arc<Visit>>();
    let client = visit.and_then(|visit| visit.client);
    client.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))
}

/// Who sent a request, for the log and for browsers.
#[derive(Clone, Debug)]
pub(super) enum KnownCaller {
    /// Whoever has an API key.
    ByKey(Caller),
    /// Somebody who is signed in with one.
    BySession(Caller),
}

impl KnownCaller {
    /// Notes it with the request.
    pub(super) fn tell(self, extensions: &Extensions) {
        if let Some(visit) = extensions.get::<Arc<Visit>>() {
            let _ = visit.caller.set(self);
        }
    }

    pub(super) fn name(&self) -> &str {
        let (Self::ByKey(caller) | Self::BySession(caller)) = self;
        &caller.key.name
    }

    /// The web page that the key is for.
    pub(super) fn origin(&self) -> Option<&str> {
        match self {
            Self::ByKey(caller) => caller.key.origin.as_deref(),
            Self::BySession(_) => None,
        }
    }
}
