//! That a request says for which host it is: once, and as a host is written.
//!
//! Two of them are how a proxy and the service behind it are made to see different requests in one (RFC 9112, section
//! 3.2: 400 is the answer).

use axum::extract::Request;
use axum::http::{StatusCode, Version, header};

/// What is wrong where it is not.
pub(super) const NOT_TOLD: &str = "a request has one header Host, with a host and perhaps a port";

/// Whether it is told. HTTP/1.0 need not.
pub(super) fn is_told(request: &Request) -> bool {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.as_bytes().iter().all(|byte| is_of_host(*byte)),
        (None, _) => request.version() < Version::HTTP_11,
        _ => false,
    }
}

/// Whether a byte may stand in a host or its port (RFC 3986, section 3.2).
fn is_of_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b":[]-._~%!$&'()*+,;=".contains(&byte)
}

/// Lets a request through that tells it.
pub(super) async fn let_through(request: Request) -> Result<Request, (StatusCode, &'static str)> {
    match is_told(&request) {
        true => Ok(request),
        false => Err((StatusCode::BAD_REQUEST, NOT_TOLD)),
    }
}
