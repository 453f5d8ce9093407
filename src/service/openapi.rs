//! The service's own description, from its code.

use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi, SecurityRequirement};
use utoipa::{OpenApi as _, ToSchema};

/// The answer about a token; members that are not known are null.
#[derive(Serialize, ToSchema)]
#[schema(as = Answer)]
pub(super) struct AnswerSchema {
    valid: bool,
    #[schema(examples("valid", "expired", "invalid_signature"))]
    status: String,
    #[schema(examples("token valid", "token expired", "invalid signature"))]
    message: String,
    checked_at: String,
    key_id: Option<String>,
    id: Option<String>,
    format: Option<String>,
    /// Of a JWT: HS256 or EdDSA.
    alg: Option<String>,
    issued_at: Option<String>,
    expires_at: Option<String>,
    not_before: Option<String>,
    claims: BTreeMap<String, String>,
    cleaned: Vec<String>,
}

#[derive(utoipa::OpenApi)]
#[openapi(info(
    title = "linkmint serve",
    description = "Check, make and count signed campaign links"
))]
struct Description;

/// The document without its routes.
pub(super) fn frame() -> OpenApi {
    let mut document = Description::openapi();
    let components = document.components.get_or_insert_default();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    let header = ApiKey::Header(ApiKeyValue::new("X-API-KEY"));
    components.add_security_scheme("api_key", SecurityScheme::ApiKey(header));
    let needed = |name: &str| SecurityRequirement::new::<_, [&str; 0], _>(name, []);
    document.security = Some(vec![needed("bearer"), needed("api_key")]);
    document
}
