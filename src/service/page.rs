//! An answer that is a page: what a browser may do with it.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// The answer as a part of one of our own pages, in a frame.
pub(super) fn framed(mut response: Response) -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self'; \
        base-uri 'none'";
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

/// The page as an answer. Its forms lead to this service, and to `form_targets` besides: browsers hold a redirect after
/// a form to them too (CSP 3, section 4.2.5).
pub(super) fn html(status: StatusCode, page: String, form_targets: &str) -> Response {
    let space = if form_targets.is_empty() { "" } else { " " };
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'{space}{form_targets}; frame-ancestors 'none'; \
        base-uri 'none'"
    );
    let policy = HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    let headers = [
        // with no-referrer, browsers hide from the forms of these pages whose they are
        (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (header::CONTENT_SECURITY_POLICY, policy),
    ];
    (status, headers, page).into_response()
}
