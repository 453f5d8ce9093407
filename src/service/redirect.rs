//! `GET /r/{token}`: a link that leads on to the campaign's page, and is counted on the way.

use super::check::{Click, told};
use super::leads::Redirects;
use super::metrics::Uncounted;
use super::page;
use super::problem::Problem;
use super::state::Service;
use crate::pages;
use crate::token::Status;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Follow a link. A valid one leads on to its campaign's page, which `--redirect-to` or `--redirect-file` names.
#[utoipa::path(get, path = "/r/{token}", tag = "links", security(()),
    params(("token" = String, Path, description = "the token")),
    responses(
        (status = 200, description = "valid, where a button is asked for: a page with it", body = String, content_type = "text/html"),
        (status = 302, description = "valid: on to its page"),
        (status = 404, description = "not valid, or the service has no pages to lead to"),
        (status = 410, description = "expired or revoked"),
    ))]
pub(super) async fn get_redirect(
    State(service): State<Arc<Service>>,
    click: Click,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let redirects = service.redirects().ok_or_else(Problem::not_found)?;
    let uncounted = match redirects.confirm {
        true => Some(Uncounted::NotAsked),
        false => click.uncounted(true),
    };
    let asks = redirects.confirm;
    Ok(service.lead(&redirects, path, uncounted, asks).await)
}

/// Follow a link after its button was pressed.
#[utoipa::path(post, path = "/r/{token}", tag = "links", security(()),
    params(("token" = String, Path, description = "the token")),
    responses(
        (status = 303, description = "valid: on to its page"),
        (status = 404, description = "not valid, or the service has no pages to lead to"),
        (status = 405, description = "it needs no button"),
        (status = 410, description = "expired or revoked"),
    ))]
pub(super) async fn post_redirect(
    State(service): State<Arc<Service>>,
    click: Click,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let redirects = service.redirects().ok_or_else(Problem::not_found)?;
    if !redirects.confirm {
        let allowed = [(header::ALLOW, "GET,HEAD")];
        return Ok((allowed, Problem::method()).into_response());
    }
    let uncounted = click.uncounted(true);
    let mut response = service.lead(&redirects, path, uncounted, false).await;
    if response.status() == StatusCode::FOUND {
        *response.status_mut() = StatusCode::SEE_OTHER;
    }
    Ok(response)
}

impl Service {
    async fn lead(
        &self,
        redirects: &Redirects,
        path: Result<Path<String>, PathRejection>,
        uncounted: Option<Uncounted>,
        asks: bool,
    ) -> Response {
        let token = path.map(|Path(token)| token).unwrap_or_default();
        let Ok(answer) = self.verdict(&token, self.rules(Vec::new()), uncounted).await else {
            return page::html(StatusCode::SERVICE_UNAVAILABLE, pages::link::undecided());
        };
        let mut response = match (answer.status(), redirects.target(&answer)) {
            (Status::Valid, None) => page::html(StatusCode::NOT_FOUND, pages::link::no_target()),
            (Status::Valid, Some(target)) if asks => page::leading_on(pages::link::confirm(&target.host)),
            (Status::Valid, Some(target)) => {
                let location = [(header::LOCATION, target.address.clone())];
                (StatusCode::FOUND, location).into_response()
            }
            (status @ (Status::Expired | Status::Revoked), _) => {
                page::html(StatusCode::GONE, pages::link::refused(Some(status)))
            }
            (status, _) => page::html(StatusCode::NOT_FOUND, pages::link::refused(Some(status))),
        };
        response.extensions_mut().insert(told(&answer));
        response
    }
}
