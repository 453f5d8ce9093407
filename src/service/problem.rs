//! Errors that are no verdict, as RFC 9457 has them.

use axum::body::Body;
use axum::extract::Extension;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::borrow::Cow;

/// A status, the last part of the type `urn:linkmint:problem:…` and the title.
type Kind = (StatusCode, &'static str, &'static str);

const REQUEST: Kind = (StatusCode::BAD_REQUEST, "request", "The request can't be understood");
const API_KEY: Kind = (StatusCode::UNAUTHORIZED, "api-key", "An API key is needed");
const SCOPE: Kind = (StatusCode::FORBIDDEN, "scope", "The API key may not do this");
const FORBIDDEN: Kind = (StatusCode::FORBIDDEN, "forbidden", "This is not allowed");
const NOT_FOUND: Kind = (StatusCode::NOT_FOUND, "not-found", "There is no such address");
const METHOD: Kind = (StatusCode::METHOD_NOT_ALLOWED, "method", "The method is not allowed");
const TOO_LARGE: Kind = (StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The request is too large");
const CONTENT_TYPE: Kind = (
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    "content-type",
    "The content type is not one of this address",
);
const HOST: Kind = (
    StatusCode::MISDIRECTED_REQUEST,
    "host",
    "The request is for another host",
);
const TOO_MANY: Kind = (StatusCode::TOO_MANY_REQUESTS, "too-many", "Too many requests");
const UNAVAILABLE: Kind = (
    StatusCode::SERVICE_UNAVAILABLE,
    "unavailable",
    "Nothing could be decided",
);
const BUSY: Kind = (StatusCode::SERVICE_UNAVAILABLE, "busy", "Too much is going on");
const NO_LEDGER: Kind = (StatusCode::NOT_FOUND, "no-ledger", "There is no ledger");
const READ_ONLY_LEDGER: Kind = (StatusCode::FORBIDDEN, "read-only-ledger", "The ledger is only read");
const NO_REVOCATION: Kind = (StatusCode::NOT_FOUND, "no-revocation", "There is no such revocation");
const INTERNAL: Kind = (StatusCode::INTERNAL_SERVER_ERROR, "internal", "The service failed");

/// Why a request got no answer of its own.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    kind: Kind,
    detail: Cow<'static, str>,
    retry_after: Option<u64>,
    /// Which member of the request it is about, for a page that has a label for it.
    member: Option<Box<Member>>,
}

/// A member that can't be used.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) name: String,
    /// What is wrong with it, in words that may quote what was sent: they are for who sent it and nobody else.
    pub(super) words: String,
}

/// Its body.
#[derive(Serialize)]
struct Body9457<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: &'a str,
    request_id: &'a str,
}

impl Problem {
    fn new(kind: Kind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            retry_after: None,
            member: None,
        }
    }

    fn retry_after(self, seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..self
        }
    }

    /// The same about a member, with words for a page.
    pub(super) fn about(self, name: &str, words: impl Into<String>) -> Self {
        let member = Member {
            name: name.to_owned(),
            words: words.into(),
        };
        Self {
            member: Some(Box::new(member)),
            ..self
        }
    }

    pub(super) fn member(&self) -> Option<&Member> {
        self.member.as_deref()
    }

    pub(super) fn bad_request(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(REQUEST, detail)
    }

    pub(super) fn unauthorized(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(API_KEY, detail)
    }

    pub(super) fn scope(scope: &str) -> Self {
        Self::new(SCOPE, format!("this API key has no scope {scope}"))
    }

    pub(super) fn forbidden(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(FORBIDDEN, detail)
    }

    pub(super) fn not_found() -> Self {
        Self::new(NOT_FOUND, "/openapi.json lists those there are")
    }

    pub(super) fn method() -> Self {
        Self::new(METHOD, "the address is right, the method is not: see the header Allow")
    }

    pub(super) fn too_large(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(TOO_LARGE, detail)
    }

    pub(super) fn media_type(wanted: &'static str) -> Self {
        Self::new(CONTENT_TYPE, wanted)
    }

    pub(super) fn misdirected() -> Self {
        Self::new(HOST, "the header Host names another server")
    }

    pub(super) fn too_many(seconds: u64) -> Self {
        let detail = "too many wrong API keys came from this address";
        Self::new(TOO_MANY, detail).retry_after(seconds)
    }

    pub(super) fn unavailable(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(UNAVAILABLE, detail).retry_after(1)
    }

    pub(super) fn busy(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(BUSY, detail).retry_after(10)
    }

    pub(super) fn no_ledger() -> Self {
        let detail = "the service was started without a ledger; whoever runs it can name one";
        Self::new(NO_LEDGER, detail)
    }

    pub(super) fn read_only_ledger() -> Self {
        let detail = "the service was started with a ledger that it only reads";
        Self::new(READ_ONLY_LEDGER, detail)
    }

    pub(super) fn no_revocation() -> Self {
        Self::new(NO_REVOCATION, "nothing is revoked under this id")
    }

    pub(super) fn internal() -> Self {
        let detail = "the request failed inside of the service; its log names the place";
        Self::new(INTERNAL, detail)
    }

    /// Its status, title and detail, for a page.
    pub(super) fn words(&self) -> (StatusCode, &str, &str) {
        let (status, _, title) = self.kind;
        (status, title, &self.detail)
    }

    /// Whether the service could not do what it should.
    pub(super) fn is_server_error(&self) -> bool {
        self.kind.0.is_server_error()
    }

    /// The body, once the request's id is known.
    pub(super) fn fill(&self, request_id: &str) -> Body {
        let (status, kind, title) = self.kind;
        let body = Body9457 {
            r#type: format!("urn:linkmint:problem:{kind}"),
            title,
            status: status.as_u16(),
            detail: &self.detail,
            request_id,
        };
        Body::from(serde_json::to_vec(&body).expect("it has text keys and no map"))
    }
}

/// The response is filled in by the outermost layer, which knows the request's id.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, ..) = self.kind;
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        let login = [(header::WWW_AUTHENTICATE, "Bearer realm=\"linkmint\"")];
        let login = (status == StatusCode::UNAUTHORIZED).then_some(login);
        let later = self
            .retry_after
            .map(|seconds| [(header::RETRY_AFTER, seconds.to_string())]);
        (status, kind, login, later, Extension(self)).into_response()
    }
}
