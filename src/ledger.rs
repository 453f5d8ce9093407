//! How often a token was checked, when first and last, and which tokens are revoked: a file that needs nothing to
//! run, for any number of processes at once.
//!
//! A [`Ledger`] counts [`Sightings`] in one transaction, before the answers about them are given: what was answered
//! stays counted, whenever the process is killed. It knows a token by its [`Trace`](crate::token::Trace) and keeps
//! neither its text nor its tag, so that nobody can make a link from a ledger; what it keeps of the claims is for
//! whoever counts to decide.
//!
//! ```
//! # #[cfg(feature = "ledger")] {
//! use linkmint::ledger::{Ledger, Options, Sightings};
//! use linkmint::token::{Authentic, Status};
//! use linkmint::UnixTime;
//!
//! /// Whether this is the first time that the token is shown.
//! fn is_first(ledger: &mut Ledger, token: &Authentic<'_>, now: UnixTime) -> Result<bool, linkmint::ledger::LedgerError> {
//!     let mut sightings = Sightings::default();
//!     sightings.add(token, token.trace(), Status::Valid, false);
//!     Ok(ledger.count(&sightings, now)?[0].count == 1)
//! }
//! # }
//! ```
//!
//! The file is an SQLite data base. Tokens stand in it by their traces in leaves of many, as a bulk of a million rows
//! would take the time of a million statements otherwise. For more than one machine there is a PostgreSQL server behind
//! the same names: a [`Location`] is either.

mod error;
mod head;
#[cfg_attr(
    not(feature = "ledger"),
    expect(dead_code, unused_imports, reason = "only a store writes leaves")
)]
mod leaf;
mod place;
#[cfg(feature = "postgres")]
mod postgres;
mod records;
mod server;
mod sighting;
#[cfg(feature = "ledger")]
mod sqlite;
mod store;

pub use error::{Foreign, LedgerError};
pub use place::{Address, Location};
pub use records::{CAMPAIGN, Checks, How, Known, Question, Replacement, Revoked, Run, Target, TokenRecord, Uses};
pub use server::ServerError;
pub use sighting::Sightings;
pub use store::Ledger;

/// How a ledger is opened.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Make it where there is none.
    pub create: bool,
    /// Read only; the file may be one that can't be written.
    pub read_only: bool,
    /// Have each transaction reach the disk, so that a power cut loses nothing that was answered either. A server does
    /// so anyhow, unless it is set up not to.
    pub sync: bool,
    /// A clock that never goes back. With it, a statement that takes longer than 10 s is ended: for whoever waits for an
    /// answer, and not for what has to go through all of a large ledger.
    pub clock: Option<Clock>,
}

/// The time since some moment of the process.
pub type Clock = fn() -> std::time::Duration;

/// How long others may write, a server may be silent and, where there is a clock, a statement may take.
#[cfg_attr(not(feature = "ledger"), expect(dead_code, reason = "nobody waits"))]
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// Checks are counted by quarters of an hour, in seconds: the finest time that all zones' days and hours can be put
/// together from.
pub(crate) const QUARTER: u32 = 900;

/// The longest reason of a revocation, in bytes of UTF-8.
pub const MAX_REASON: usize = 512;
