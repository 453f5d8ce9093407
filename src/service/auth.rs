//! `GET /v1/auth`: whether a proxy may let a visitor through, as nginx's `auth_request` and `forward_auth` ask it.
//!
//! nginx makes a 500 of any answer but 2xx, 401 and 403, and other proxies hand the answer on to the visitor. So there
//! are three: 200, 403, and 503 where nothing could be decided. The token is the last segment of the path that the
//! visitor asked for, or one query parameter; nothing else is searched, and one header alone is read.

use super::api_key::Scope;
use super::caller::Caller;
use super::check::{Click, told};
use super::problem::Problem;
use super::proxy;
use super::state::Service;
use crate::check::Answer;
use crate::pages;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Let a visitor of a proxy through, or not: for `auth_request` of nginx and `forward_auth` of Caddy and Traefik.
///
/// The visitor's address is read from the one header that the service was given. A trusted proxy needs no API key.
#[utoipa::path(get, path = "/v1/auth", tag = "check",
    responses(
        (status = 200, description = "a valid token; the claims that were chosen, in headers `X-Linkmint-…`"),
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
        let uncounted = Click::of(parts).uncounted(true);
        let answer = self.verdict(&token, self.rules(expected), uncounted).await?;
        Ok((answer, sees_claims))
    }
}

/// A proxy needs no API key, so no web page may pose as one: only who is trusted is let past the check of the host.
pub(super) fn is_asked_by_proxy(service: &Service, request: &Request) -> bool {
    request.uri().path() == "/v1/auth" && proxy::is_trusted(&service.settings.proxies, request.extensions())
}
