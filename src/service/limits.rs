//! What a client may ask for, and how long it may take.

use std::num::NonZeroUsize;
use std::time::Duration;

/// Every limit of the service. Tests shrink them.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The longest head of a request, in bytes.
    pub head: usize,
    /// How long a head may take from its first byte.
    pub head_time: Duration,
    /// The longest JSON body, in bytes.
    pub body: usize,
    /// The longest form of the support page, in bytes: its encoding triples what is no letter and no digit.
    pub paste: usize,
    /// The longest list, and the most of an answer that waits for its client, in bytes.
    pub list: u64,
    /// Lists that are worked on at once.
    pub batches: usize,
    /// How long a body may stand still, and a client may take to read what is sent.
    pub stall: Duration,
    /// How long a connection may wait for its next request.
    pub idle: Duration,
    /// Connections at once; more wait to be accepted.
    pub connections: usize,
    /// How long requests in flight may take after the end was asked for.
    pub drain: Duration,
    /// How long the ledger may take to count a check.
    pub ledger: Duration,
    /// How long it is not tried again whether the ledger can be used: questions keep nobody from being counted.
    pub probe: Duration,
    /// How long a report of what a ledger has may take.
    pub report: Duration,
    /// Wrong API keys of one address in a minute.
    pub wrong_keys: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: 16 << 10,
            head_time: Duration::from_secs(10),
            body: 64 << 10,
            paste: 4 << 20,
            list: 2 << 30,
            batches: 2 * std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
            stall: Duration::from_secs(30),
            idle: Duration::from_secs(60),
            connections: 1_024,
            drain: Duration::from_secs(20),
            ledger: Duration::from_secs(5),
            probe: Duration::from_secs(1),
            report: Duration::from_secs(60),
            wrong_keys: 10,
        }
    }
}
