//! `GET /.well-known/jwks.json`: the public keys, for whoever is to check and not to make.

use super::problem::Problem;
use super::state::Service;
use crate::keyring::KeyringError;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// A backend asks again after so long, so a new key should be on standby for five minutes before it signs.
const CACHED: &str = "max-age=300";

/// The public keys, which check public tokens and EdDSA JWTs and make none.
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "keys", security(()), responses(
    (status = 200, description = "a JWK Set (RFC 7517)", content_type = "application/jwk-set+json"),
    (status = 503, description = "two keys share an id, and a backend could not tell which is meant"),
))]
pub(super) async fn jwks(State(service): State<Arc<Service>>) -> Result<Response, Problem> {
    let public = service.keyring().to_public();
    if let Some(id) = public.shared_id() {
        return Err(Problem::unavailable(KeyringError::Ambiguous(id).to_string()));
    }
    let headers = [
        (header::CONTENT_TYPE, "application/jwk-set+json"),
        (header::CACHE_CONTROL, CACHED),
    ];
    Ok((headers, public.to_json().to_string()).into_response())
}
