//! What the web pages of others may send: only those whose origin an API key is for, and only questions.
//!
//! A browser asks first, without the key (Fetch, section 3.2): so that question is answered for the origins of all keys,
//! and which key it is for shows later.

use super::caller::Visit;
use super::state::Service;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// What a page may send besides what any may.
const SENT: HeaderValue = HeaderValue::from_static("authorization, content-type, x-api-key");
/// What it may read of an answer besides what any may.
const READ: HeaderValue = HeaderValue::from_static("linkmint-status, x-request-id, retry-after");
const METHODS: HeaderValue = HeaderValue::from_static("GET, POST");
/// A browser need not ask again for ten minutes.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// What is known of a request that a page has sent.
pub(super) struct Page {
    origin: Option<HeaderValue>,
    visit: Option<Arc<Visit>>,
    is_question: bool,
}

impl Page {
    pub(super) fn of(service: &Service, request: &Request) -> Self {
        let path = request.uri().path();
        let is_question = path.starts_with("/v1/check") || matches!(path, "/v1/introspect" | "/key/validatetoken");
        let origin = request.headers().get(header::ORIGIN).filter(|origin| {
            let keys = service.api_keys();
            let mut origins = keys.keys().iter().filter_map(|key| key.origin.as_deref());
            is_question && origins.any(|own| own.as_bytes() == origin.as_bytes())
        });
        Self {
            origin: origin.cloned(),
            visit: request.extensions().get().cloned(),
            is_question,
        }
    }

    /// Whether a key is for the page.
    pub(super) fn is_known(&self) -> bool {
        self.origin.is_some()
    }

    /// The answer to a browser that asks whether it may ask.
    pub(super) fn preflight(&self, request: &Request) -> Option<Response> {
        let headers = request.headers();
        let asks = headers.contains_key(header::ORIGIN) && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        if request.method() != Method::OPTIONS || !asks || !self.is_question {
            return None;
        }
        let allowed = self.origin.clone().map(|origin| {
            [
                (header::ACCESS_CONTROL_ALLOW_ORIGIN, origin),
                (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
                (header::ACCESS_CONTROL_ALLOW_HEADERS, SENT),
                (header::ACCESS_CONTROL_MAX_AGE, MAX_AGE),
            ]
        });
        Some((StatusCode::NO_CONTENT, [(header::VARY, "Origin")], allowed, ()).into_response())
    }

    /// Lets the page read an answer: one that was given to a key for it, or to none.
    pub(super) fn release(&self, response: &mut Response) {
        if !self.is_question {
            return;
        }
        let headers = response.headers_mut();
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
        let caller = self.visit.as_ref().and_then(|visit| visit.caller.get());
        let Some(origin) = &self.origin else { return };
        let is_for_page = caller.is_none_or(|caller| caller.origin().map(str::as_bytes) == Some(origin.as_bytes()));
        if is_for_page {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, READ);
        }
    }
}
