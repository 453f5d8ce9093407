//! `GET /`: where one signs in, and where one goes from there.

use super::answer::{PageResult, shown, too_old};
use super::session::{self, Signed};
use crate::pages::site::{self, SignInTrouble};
use crate::service::api_key::KeyRefusal;
use crate::service::caller::client_of;
use crate::service::page::{html, see};
use crate::service::state::Service;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query, Request, State};
use axum::http::{Extensions, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// The form for an API key.
#[derive(Deserialize, ToSchema)]
pub(in crate::service) struct SignInForm {
    key: String,
}

/// The form that ends a session.
#[derive(Deserialize, ToSchema)]
pub(in crate::service) struct SignOutForm {
    #[serde(default)]
    form_token: String,
}

#[derive(Default, Deserialize)]
struct Start {
    key: Option<String>,
}

/// Sign in, or see what there is.
///
/// The address that a start without API keys prints has its key in it: that one signs in, and leads on without it.
#[utoipa::path(get, path = "/", tag = "pages", security(()),
    params(("key" = Option<String>, Query, description = "the key that this start has printed")),
    responses(
        (status = 200, description = "a page", body = String, content_type = "text/html"),
        (status = 303, description = "signed in: on to the page"),
        (status = 401, description = "the key is not known", body = String, content_type = "text/html"),
        (status = 429, description = "too many wrong keys", body = String, content_type = "text/html"),
    ))]
pub(in crate::service) async fn get_home(State(service): State<Arc<Service>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let start = Query::<Start>::try_from_uri(&parts.uri).map(|Query(start)| start);
    if let Some(key) = start.unwrap_or_default().key
        && !service.settings.any_host
    {
        return begin(&service, &key, &parts.extensions);
    }
    match Signed::find(&parts, &service) {
        Some(signed) => shown(site::home(&signed.visitor())),
        None => shown(site::sign_in(None, !service.settings.any_host)),
    }
}

/// Whoever loads again what the form has led to is led back to the form.
#[utoipa::path(get, path = "/sign-in", tag = "pages", security(()),
    responses((status = 303, description = "on to where one signs in")))]
pub(in crate::service) async fn get_sign_in() -> Response {
    see("/")
}

/// Sign in with an API key.
#[utoipa::path(post, path = "/sign-in", tag = "pages", security(()),
    request_body(content = SignInForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 303, description = "signed in"),
        (status = 401, description = "the key is not known", body = String, content_type = "text/html"),
        (status = 429, description = "too many wrong keys", body = String, content_type = "text/html"),
    ))]
pub(in crate::service) async fn post_sign_in(
    State(service): State<Arc<Service>>,
    extensions: Extensions,
    form: Result<Form<SignInForm>, FormRejection>,
) -> Response {
    let key = form.map(|Form(form)| form.key).unwrap_or_default();
    begin(&service, &key, &extensions)
}

fn begin(service: &Service, key: &str, extensions: &Extensions) -> Response {
    let now = service.now();
    let keys = service.api_keys();
    let refused = |status, trouble| html(status, site::sign_in(Some(trouble), !service.settings.any_host));
    match keys.find(key.trim().as_bytes(), now) {
        Ok(key) if key.origin.is_some() => refused(StatusCode::UNAUTHORIZED, SignInTrouble::OfAPage),
        Ok(key) => {
            let cookie = service.sessions.begin(key, now);
            match cookie.and_then(|cookie| session::cookie(service, Some(&cookie))) {
                Some(cookie) => ([(header::SET_COOKIE, cookie)], see("/")).into_response(),
                None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            }
        }
        Err(refusal) => match (service.failures.count(client_of(extensions), now), refusal) {
            (Some(seconds), _) => {
                let later = [(header::RETRY_AFTER, seconds.to_string())];
                (later, refused(StatusCode::TOO_MANY_REQUESTS, SignInTrouble::TooMany)).into_response()
            }
            (None, KeyRefusal::Expired) => refused(StatusCode::UNAUTHORIZED, SignInTrouble::Expired),
            (None, _) => refused(StatusCode::UNAUTHORIZED, SignInTrouble::Unknown),
        },
    }
}

/// Sign out.
#[utoipa::path(post, path = "/sign-out", tag = "pages", security(()),
    request_body(content = SignOutForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 303, description = "signed out"),
        (status = 403, description = "not signed in, or the form is too old", body = String, content_type = "text/html"),
    ))]
pub(in crate::service) async fn post_sign_out(
    State(service): State<Arc<Service>>,
    signed: Signed,
    form: Result<Form<SignOutForm>, FormRejection>,
) -> PageResult {
    let form_token = form.map(|Form(form)| form.form_token).unwrap_or_default();
    if !signed.sent(&form_token) {
        return Err(too_old(&signed));
    }
    service.sessions.end(&signed.name);
    let cookie = session::cookie(&service, None).map(|cookie| [(header::SET_COOKIE, cookie)]);
    Ok((cookie, see("/")).into_response())
}
