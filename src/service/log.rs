//! One line a request. It has no token, no claim, no query, no address of a page and no secret.

use super::json;
use crate::check::Shown;
use crate::moment::UnixTime;
use crate::token::TokenId;
use data_encoding::HEXLOWER;
use serde::Serialize;
use std::cell::RefCell;
use std::fmt;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

/// What a request is called in its answer, in the log and in the ledger: 16 letters and digits.
#[derive(Clone, Copy, Debug)]
pub(super) struct RequestId([u8; 16]);

impl RequestId {
    /// Unlike any other of this process, and hardly like one of another.
    pub(super) fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        static START: LazyLock<u64> = LazyLock::new(|| {
            let mut bytes = [0; 8];
            // without random bytes an id is only less unlike others
            let _ = getrandom::fill(&mut bytes);
            u64::from_be_bytes(bytes)
        });
        let number = START.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
        let mut text = [0; 16];
        HEXLOWER.encode_mut(&number.to_be_bytes(), &mut text);
        Self(text)
    }

    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("it is ASCII")
    }
}

type Write = dyn Fn(&str) + Send + Sync;

/// Where the lines go.
#[derive(Clone, Default)]
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
    pub(super) token_id: Option<Shown<TokenId>>,
    pub(super) micros: u64,
}

/// Why something came to nothing, beside the line of a request whose answer had begun, or could not say it.
#[derive(Debug, Serialize)]
struct Failure<'a> {
    time: UnixTime,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    /// In words that have nothing of what was sent.
    error: &'a str,
}

/// What a handler adds to its request's line.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub(super) verdict: Option<&'static str>,
    pub(super) token_id: Option<TokenId>,
}

impl Log {
    pub(super) fn to(write: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(write)))
    }

    /// Tells why something came to nothing.
    pub(super) fn tell(&self, time: UnixTime, request: Option<RequestId>, error: &str) {
        self.write(&Failure {
            time,
            request_id: request.as_ref().map(RequestId::as_str),
            error,
        });
    }

    /// Writes a line, where there is a log.
    pub(super) fn write(&self, line: &impl Serialize) {
        if let Some(write) = &self.0 {
            TEXT.with_borrow_mut(|text| {
                text.clear();
                json::write(text, line).expect("it has texts and numbers");
                write(std::str::from_utf8(text).expect("JSON is text"));
            });
        }
    }
}

thread_local! {
    /// Where lines are put together: one after the other needs no room of its own.
    static TEXT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Log(…)")
    }
}
