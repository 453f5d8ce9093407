//! One line a request. It has no token, no claim, no query, no address of a page and no secret.

use crate::moment::UnixTime;
use serde::Serialize;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

/// What a request is called in its answer, in the log and in the ledger.
#[derive(Clone, Debug)]
pub(super) struct RequestId(pub(super) Arc<str>);

type Write = dyn Fn(&str) + Send + Sync;

/// Where the lines go.
#[derive(Clone)]
pub(super) struct Log(Option<Arc<Write>>);

/// A line.
#[derive(Debug, Serialize)]
pub(super) struct Line<'a> {
    pub(super) time: UnixTime,
    pub(super) request_id: &'a str,
    pub(super) address: Option<IpAddr>,
    pub(super) method: &'a str,
    /// The route's template, never the path: a token may stand in that.
    pub(super) route: &'a str,
    pub(super) status: u16,
    /// What a token came out as.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) verdict: Option<&'static str>,
    /// The name of the API key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) key: Option<&'a str>,
    /// Of an authentic token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) token_id: Option<String>,
    pub(super) micros: u64,
}

/// What a handler adds to its request's line.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub(super) verdict: Option<&'static str>,
    pub(super) token_id: Option<String>,
}

impl Log {
    pub(super) fn none() -> Self {
        Self(None)
    }

    pub(super) fn to(write: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(write)))
    }

    pub(super) fn write(&self, line: &Line<'_>) {
        if let Some(write) = &self.0 {
            write(&serde_json::to_string(line).expect("it has text keys and no map"));
        }
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Log(…)")
    }
}
