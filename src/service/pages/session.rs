//! Who is signed in, by the cookie of a request.

use crate::pages::site::{self, SignInTrouble, Visitor};
use crate::service::api_key::{Scope, is_same};
use crate::service::caller::{Caller, KnownCaller};
use crate::service::page::{html, see};
use crate::service::sessions::LASTS;
use crate::service::state::Service;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use std::sync::Arc;

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub(super) struct Signed {
    pub(super) caller: Caller,
    form_token: String,
    /// What the session is called.
    pub(super) name: String,
}

impl Signed {
    /// Who is signed in, by the cookie of a request, if anybody is.
    pub(super) fn find(parts: &Parts, service: &Service) -> Option<Self> {
        let name = service.settings.cookie();
        let (_, cookie) = cookies(&parts.headers).find(|(other, _)| *other == name)?;
        let found = service.sessions.find(cookie, &service.api_keys(), service.now())?;
        let signed = Self {
            caller: Caller { key: found.key },
            form_token: found.form_token,
            name: found.name,
        };
        KnownCaller::BySession(signed.caller.clone()).tell(&parts.extensions);
        Some(signed)
    }

    pub(super) fn may(&self, scope: Scope) -> bool {
        self.caller.needs(scope).is_ok()
    }

    /// Whether a form comes from a page of this session.
    pub(super) fn sent(&self, form_token: &str) -> bool {
        is_same(self.form_token.as_bytes(), form_token.as_bytes())
    }

    /// As its pages see it.
    pub(super) fn visitor(&self) -> Visitor {
        Visitor {
            name: self.caller.key.name.clone(),
            checks: self.may(Scope::Check),
            mints: self.may(Scope::Mint),
            counts: self.may(Scope::Stats),
            form_token: self.form_token.clone(),
        }
    }
}

impl FromRequestParts<Arc<Service>> for Signed {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Response> {
        Self::find(parts, service).ok_or_else(|| signed_out(service, &parts.method))
    }
}

fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let values = headers.get_all(header::COOKIE).iter();
    let pairs = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'));
    pairs.filter_map(|pair| pair.trim().split_once('='))
}

/// The header that gives a browser the cookie, or takes it back.
pub(super) fn cookie(service: &Service, value: Option<&str>) -> Option<HeaderValue> {
    let settings = &service.settings;
    let (name, secure) = (settings.cookie(), if settings.https { "; Secure" } else { "" });
    let age = if value.is_some() { LASTS } else { 0 };
    let value = value.unwrap_or_default();
    let text = format!("{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::try_from(text).ok()
}

/// What a page or form answers to who is not signed in.
fn signed_out(service: &Service, method: &Method) -> Response {
    match *method {
        Method::GET | Method::HEAD => see("/"),
        _ => {
            let page = site::sign_in(Some(SignInTrouble::Session), !service.settings.any_host);
            html(StatusCode::FORBIDDEN, page)
        }
    }
}
