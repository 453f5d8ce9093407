//! Which address is answered by what.

use super::finish::Finish;
use super::limits::Limits;
use super::problem::Problem;
use super::state::Service;
use super::{
    auth, batch, check, health, introspect, jwks, mint, openapi, page, pages, redirect, reissue, reports, revocations,
    validate,
};
use crate::pages::{link, site};
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use tower::layer::layer_fn;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The document of all routes.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    openapi::with_problems(described(Limits::default()).into_openapi())
}

/// All routes, with their descriptions.
pub(super) fn described(limits: Limits) -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::with_openapi(openapi::frame())
        .routes(routes!(check::post_check, check::get_check))
        .routes(routes!(check::get_check_path))
        .routes(routes!(auth::get_auth))
        .routes(routes!(introspect::post_introspect))
        .routes(routes!(validate::get_validate_token))
        .routes(routes!(redirect::get_redirect, redirect::post_redirect))
        .routes(routes!(mint::post_token))
        .routes(routes!(reissue::post_reissue))
        .routes(routes!(jwks::jwks))
        .routes(routes!(batch::tokens::post_token_batch))
        .routes(routes!(batch::check::post_check_batch))
        .routes(routes!(revocations::post_revocation, revocations::get_revocations))
        .routes(routes!(revocations::delete_revocation))
        .routes(routes!(reports::get_stats))
        .routes(routes!(reports::get_runs))
        .merge(pages::routes(limits.paste))
        .routes(routes!(health::livez))
        .routes(routes!(health::readyz))
}

/// All of them, with what every answer has round it.
pub(super) fn router(service: Arc<Service>) -> Router {
    let (router, document) = described(service.settings.limits).split_for_parts();
    let document = openapi::with_problems(document).to_json().expect("it has text keys");
    let json = [(header::CONTENT_TYPE, "application/json")];
    let longest = DefaultBodyLimit::max(service.settings.limits.body);
    let own = Arc::clone(&service);
    let finish = move |inner| Finish {
        service: Arc::clone(&own),
        inner,
    };
    router
        .route(
            "/openapi.json",
            axum::routing::get(move || async move { (json, document) }),
        )
        .fallback(nowhere)
        .method_not_allowed_fallback(|| async { Problem::method() })
        // as one layer: each makes a request's way longer
        .layer((layer_fn(finish), longest))
        .with_state(service)
}

/// The answer at an address that is none: in words for whoever followed a link, as a problem for a program.
async fn nowhere(State(service): State<Arc<Service>>, uri: Uri, headers: HeaderMap) -> Response {
    let is_link = service.redirects().is_some() && uri.path().starts_with("/r/");
    let wanted = headers.get(header::ACCEPT).and_then(|kinds| kinds.to_str().ok());
    match wanted.is_some_and(|kinds| kinds.contains("text/html")) {
        _ if is_link => page::html(StatusCode::NOT_FOUND, link::refused(None)),
        true => page::html(StatusCode::NOT_FOUND, site::nowhere()),
        false => Problem::not_found().into_response(),
    }
}
