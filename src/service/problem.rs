//! Errors that are no verdict, as RFC 9457 has them.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::borrow::Cow;

/// Why a request got no answer of its own.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    status: StatusCode,
    /// The last part of its type: `urn:linkmint:problem:…`.
    kind: &'static str,
    title: &'static str,
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
    fn new(status: StatusCode, kind: &'static str, title: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            kind,
            title,
            detail: detail.into(),
            retry_after: None,
            member: None,
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
        Self::new(
            StatusCode::BAD_REQUEST,
            "request",
            "The request can't be understood",
            detail,
        )
    }

    pub(super) fn unauthorized(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "api-key", "An API key is needed", detail)
    }

    pub(super) fn scope(scope: &str) -> Self {
        let detail = format!("this API key has no scope {scope}");
        Self::new(StatusCode::FORBIDDEN, "scope", "The API key may not do this", detail)
    }

    pub(super) fn forbidden(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "This is not allowed", detail)
    }

    pub(super) fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "There is no such address",
            "/openapi.json lists those there are",
        )
    }

    pub(super) fn method() -> Self {
        let detail = "the address is right, the method is not: see the header Allow";
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method",
            "The method is not allowed",
            detail,
        )
    }

    pub(super) fn too_large(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "The request is too large",
            detail,
        )
    }

    pub(super) fn media_type(wanted: &'static str) -> Self {
        let title = "The content type is not one of this address";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content-type", title, wanted)
    }

    pub(super) fn misdirected() -> Self {
        let detail = "the header Host names another server";
        Self::new(
            StatusCode::MISDIRECTED_REQUEST,
            "host",
            "The request is for another host",
            detail,
        )
    }

    pub(super) fn too_many(seconds: u64) -> Self {
        let detail = "too many wrong API keys came from this address";
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many", "Too many requests", detail);
        Self {
            retry_after: Some(seconds),
            ..problem
        }
    }

    pub(super) fn unavailable(detail: impl Into<Cow<'static, str>>) -> Self {
        let title = "Nothing could be decided";
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", title, detail);
        Self {
            retry_after: Some(1),
            ..problem
        }
    }

    /// Its status, title and detail, for a page.
    pub(super) fn words(&self) -> (StatusCode, &str, &str) {
        (self.status, self.title, &self.detail)
    }

    /// Whether the service could not do what it should.
    pub(super) fn is_server_error(&self) -> bool {
        self.status.is_server_error()
    }

    pub(super) fn no_ledger() -> Self {
        let detail = "the service was started without a ledger; whoever runs it can name one";
        Self::new(StatusCode::NOT_FOUND, "no-ledger", "There is no ledger", detail)
    }

    pub(super) fn read_only_ledger() -> Self {
        let detail = "the service was started with a ledger that it only reads";
        Self::new(
            StatusCode::FORBIDDEN,
            "read-only-ledger",
            "The ledger is only read",
            detail,
        )
    }

    pub(super) fn no_revocation() -> Self {
        let detail = "nothing is revoked under this id";
        Self::new(
            StatusCode::NOT_FOUND,
            "no-revocation",
            "There is no such revocation",
            detail,
        )
    }

    pub(super) fn busy(detail: impl Into<Cow<'static, str>>) -> Self {
        let title = "Too much is going on";
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", title, detail);
        Self {
            retry_after: Some(10),
            ..problem
        }
    }

    pub(super) fn internal() -> Self {
        let detail = "the request failed inside of the service; its log names the place";
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "The service failed",
            detail,
        )
    }

    /// The body, once the request's id is known.
    pub(super) fn fill(&self, request_id: &str) -> Body {
        let body = Body9457 {
            r#type: format!("urn:linkmint:problem:{}", self.kind),
            title: self.title,
            status: self.status.as_u16(),
            detail: &self.detail,
            request_id,
        };
        Body::from(serde_json::to_vec(&body).expect("it has text keys and no map"))
    }
}

/// The response is filled in by the outermost layer, which knows the request's id.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if self.status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer realm=\"linkmint\"");
            headers.insert(header::WWW_AUTHENTICATE, scheme);
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(self);
        response
    }
}
