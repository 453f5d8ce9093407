//! `GET /v1/auth`: whether a proxy may let a visitor through, as nginx's `auth_request` and `forward_auth` ask it.
//!
//! nginx makes a 500 of any answer but 2xx, 401 and 403, and other proxies hand the answer on to the visitor. So there
//! are three: 200, 403, and 503 where nothing could be decided. The token is the last segment of the path that the
//! visitor asked for, or one query parameter; nothing else is searched, and one header alone is read.

use super::api_key::Scope;
use super::caller::Caller;
use super::check::{Click, told};
use super::page::html;
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
    let (parts, _) = request.into_parts();
    let (answer, seen, undecided) = match service.admits(&parts).await {
        Ok((answer, sees_claims)) => (Some(answer), sees_claims, false),
        Err(problem) => (None, false, problem.is_server_error()),
    };
    let valid = answer.as_ref().filter(|answer| answer.is_valid());
    // the words that a visitor sees, where the proxy hands them on
    let mut response = match valid {
        Some(_) => StatusCode::OK.into_response(),
        None if undecided => html(StatusCode::SERVICE_UNAVAILABLE, pages::link::undecided()),
        None => {
            let page = pages::link::refused(answer.as_ref().map(Answer::status));
            html(StatusCode::FORBIDDEN, page)
        }
    };
    service
        .settings
        .auth
        .tell(valid.filter(|_| seen), response.headers_mut());
    if let Some(answer) = &answer {
        response.extensions_mut().insert(told(answer));
    }
    response
}

impl Service {
    /// The verdict about the visitor's token, and whether the one who asks may see its claims.
    async fn admits(&self, parts: &Parts) -> Result<(Answer, bool), Problem> {
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
