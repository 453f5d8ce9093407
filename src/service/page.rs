//! An answer that is a page: what a browser may do with it.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// The answer as a part of one of our own pages, in a frame.
pub(super) fn framed(response: Response) -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self'; \
        base-uri 'none'";
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::REFERRER_POLICY, "same-origin"),
    ];
    (headers, response).into_response()
}

/// The page as an answer. Its forms lead to this service alone.
pub(super) fn html(status: StatusCode, page: String) -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; \
        frame-ancestors 'none'; base-uri 'none'";
    with_policy(status, page, policy)
}

/// The page whose button leads on to another site. Browsers hold every redirect after a form to `form-action` (CSP 3,
/// section 4.2.5), and where that site leads on to in its turn is its own affair: so there is none.
pub(super) fn leading_on(page: String) -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";
    with_policy(StatusCode::OK, page, policy)
}

fn with_policy(status: StatusCode, page: String, policy: &'static str) -> Response {
    let headers = [
        // with no-referrer, browsers hide from the forms of these pages whose they are
        (header::REFERRER_POLICY, "same-origin"),
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, policy),
    ];
    (status, headers, page).into_response()
}

/// On to another page, by GET (RFC 9110, 15.4.4).
pub(super) fn see(path: &'static str) -> Response {
    let location = [(header::LOCATION, path)];
    (StatusCode::SEE_OTHER, location).into_response()
}
