//! The service's own description, from its code.

use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi, ResponseBuilder, SecurityRequirement};
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

/// What any request may be answered with, by its status.
const PROBLEMS: [(&str, &str); 10] = [
    ("400", "the request can't be understood"),
    ("401", "the API key is missing, wrong or has expired"),
    ("403", "the API key or the page that sends the request may not do this"),
    ("404", "there is no such thing"),
    ("413", "the request is too large"),
    ("415", "the body is of another kind"),
    ("421", "the request is for another host"),
    ("429", "too many wrong API keys from this address"),
    ("500", "the service failed"),
    ("503", "nothing could be decided"),
];

/// Adds the problems that every address may answer with, where it does not tell them itself.
pub(super) fn with_problems(mut document: OpenApi) -> OpenApi {
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            for (status, description) in PROBLEMS {
                let problem = || ResponseBuilder::new().description(description).build().into();
                let responses = &mut operation.responses.responses;
                responses.entry(status.to_owned()).or_insert_with(problem);
            }
        }
    }
    document
}
