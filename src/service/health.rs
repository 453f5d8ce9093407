//! Whether the service lives, and whether it can decide.

use super::host;
use super::state::Service;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// The process answers.
#[utoipa::path(get, path = "/livez", tag = "health", responses((status = 200, description = "it lives", body = String)))]
pub(super) async fn livez() -> &'static str {
    "ok\n"
}

/// Requests can be decided. `stale`: with keys from before a reload that failed.
#[utoipa::path(get, path = "/readyz", tag = "health", responses(
    (status = 200, description = "ready, or `stale`", body = String),
    (status = 503, description = "the ledger does not answer", body = String),
))]
pub(super) async fn readyz(State(service): State<Arc<Service>>) -> Response {
    let healthy = match &service.ledger {
        Some(ledger) => ledger.is_healthy(&service.settings.limits).await,
        None => true,
    };
    match (healthy, service.is_stale()) {
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "the ledger does not answer\n").into_response(),
        (true, true) => "stale\n".into_response(),
        (true, false) => "ok\n".into_response(),
    }
}

/// What Prometheus reads, at an address of its own.
pub(super) fn metrics(service: Arc<Service>) -> axum::Router {
    let answer = |State(service): State<Arc<Service>>| async move {
        let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
        ([(axum::http::header::CONTENT_TYPE, kind)], service.metrics.text())
    };
    axum::Router::new()
        .route("/metrics", axum::routing::get(answer))
        .layer(axum::middleware::map_request(host::let_through))
        .with_state(service)
}
