//! What a proxy says of a visitor's request, and what it is told of the token.

use crate::check::Answer;
use crate::link::RESERVED;
use axum::extract::Query;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri};
use percent_encoding::utf8_percent_encode;

/// What the headers with claims begin with.
const PREFIX: &str = "x-linkmint-";

/// Where a proxy puts the address that a visitor asked for, and what it is told of the token.
#[derive(Clone, Debug, Default)]
pub struct ForwardAuth {
    uri_header: Option<HeaderName>,
    param: Option<String>,
    claims: Vec<(String, HeaderName)>,
}

/// What can't be asked of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ForwardAuthError {
    /// The header with the address has no name that a header can have.
    #[error("it is no name of a header")]
    UriHeader,
    /// A claim would stand in a header of no name that a header can have.
    #[error("the claim {0} can't be the name of a header")]
    Claim(String),
    /// Two claims would stand in the same header.
    #[error("the claim {0} has the header of another one")]
    ClaimTwice(String),
}

impl ForwardAuth {
    /// The address is in the header `uri_header`; without `param`, the token is the last segment of its path. `claims`
    /// are told in headers.
    ///
    /// # Errors
    /// When a name is none that a header can have.
    pub fn new(
        uri_header: Option<&str>,
        param: Option<String>,
        claims: impl IntoIterator<Item = String>,
    ) -> Result<Self, ForwardAuthError> {
        let uri_header = uri_header.map(|name| HeaderName::try_from(name).map_err(|_| ForwardAuthError::UriHeader));
        let mut headers: Vec<(String, HeaderName)> = Vec::new();
        for claim in claims {
            let name = HeaderName::try_from(format!("{PREFIX}{}", claim.replace('_', "-")));
            let name = name.map_err(|_| ForwardAuthError::Claim(claim.clone()))?;
            if headers.iter().any(|(_, other)| *other == name) {
                return Err(ForwardAuthError::ClaimTwice(claim));
            }
            headers.push((claim, name));
        }
        Ok(Self {
            uri_header: uri_header.transpose()?,
            param,
            claims: headers,
        })
    }

    /// The token in the address that the visitor asked for: one header, once.
    pub(super) fn token(&self, headers: &HeaderMap) -> Option<String> {
        let mut values = headers.get_all(self.uri_header.as_ref()?).iter();
        let (value, None) = (values.next()?, values.next()) else {
            return None;
        };
        let uri = Uri::try_from(value.as_bytes()).ok()?;
        let Some(name) = &self.param else {
            return uri.path().rsplit('/').next().map(str::to_owned);
        };
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&uri).ok()?;
        let mut values = pairs.into_iter().filter(|(other, _)| other == name);
        match (values.next(), values.next()) {
            (Some((_, token)), None) => Some(token),
            _ => None,
        }
    }

    /// Every header is always there, so that none which a visitor has sent stays.
    pub(super) fn tell(&self, answer: Option<&Answer>, headers: &mut HeaderMap) {
        for (claim, name) in &self.claims {
            let facts = answer.and_then(|answer| answer.facts.as_ref());
            // headers are no place for other text
            let value = facts.and_then(|facts| facts.claim(claim)).unwrap_or_default();
            let value =
                HeaderValue::try_from(utf8_percent_encode(value, RESERVED).to_string()).expect("it is percent-encoded");
            headers.insert(name, value);
        }
    }
}
