//! The JSON that a request brings.
//!
//! axum's own extractor keeps track of where in a document it is, for words that would quote it: a body may be a token,
//! so none of them are told, and the check of one need not pay for them.

use super::problem::Problem;
use super::state::Service;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;

/// A body of JSON, read to its end.
pub(super) struct JsonBody<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Arc<Service>> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, service: &Arc<Service>) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::media_type("send application/json"));
        }
        refuse_encoded(request.headers())?;
        let bytes = whole(request.into_body(), service.settings.limits.body).await?;
        // a struct would be read from an array, too, by the order of its members
        if bytes.trim_ascii_start().first() == Some(&b'[') {
            return Err(Problem::bad_request("the body is no JSON object"));
        }
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            Problem::bad_request(match error.classify() {
                Category::Data => {
                    "a member of the body is missing, not known, given twice or of another type: see /openapi.json"
                }
                _ => "the body is not JSON",
            })
        })
    }
}

/// A body that is compressed is not taken for what it is not.
pub(super) fn refuse_encoded(headers: &HeaderMap) -> Result<(), Problem> {
    let coding = headers.get(header::CONTENT_ENCODING);
    match coding.is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        true => Err(Problem::media_type("send the body as it is, without Content-Encoding")),
        false => Ok(()),
    }
}

/// What a body says it is: the type as it stands, and its parameters.
pub(super) fn media_type(headers: &HeaderMap) -> (&str, &str) {
    let told = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let (kind, parameters) = told
        .and_then(|told| told.split_once(';'))
        .unwrap_or((told.unwrap_or_default(), ""));
    (kind.trim(), parameters)
}

/// Whether a body is said to be JSON: `application/json`, or a format made of it (RFC 6839, section 3.1).
fn is_json(headers: &HeaderMap) -> bool {
    let (kind, _) = media_type(headers);
    let is_made_of_it = || {
        kind.split_once('/').is_some_and(|(kind, format)| {
            let suffix = format.rsplit('+').next().unwrap_or_default();
            kind.eq_ignore_ascii_case("application") && suffix.eq_ignore_ascii_case("json")
        })
    };
    kind == "application/json" || is_made_of_it()
}

/// All of a body that is not longer than `most`. One that comes in one piece, as most do, is not copied.
async fn whole(mut body: Body, most: usize) -> Result<Bytes, Problem> {
    let (mut first, mut all) = (Bytes::new(), Vec::new());
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let frame = frame.map_err(|_| Problem::bad_request("the body can't be read"))?;
        // what follows a body besides it is not asked for
        let Ok(piece) = frame.into_data() else { continue };
        if first.len().max(all.len()) + piece.len() > most {
            return Err(Problem::too_large("the body is too long"));
        }
        match (first.is_empty(), all.is_empty()) {
            (true, _) => first = piece,
            (false, true) => all = [&first[..], &piece].concat(),
            (false, false) => all.extend_from_slice(&piece),
        }
    }
    Ok(match all.is_empty() {
        true => first,
        false => all.into(),
    })
}
