//! A ledger, wherever it is kept: each of its names leads to its namesake in a store.

use super::place::Location;
#[cfg(feature = "postgres")]
use super::postgres::Postgres;
use super::records::{How, Known, Question, Replacement, Revoked, Run, TokenRecord, Uses};
#[cfg(not(feature = "postgres"))]
use super::server::ServerError;
#[cfg(feature = "ledger")]
use super::sqlite::Sqlite;
use super::{LedgerError, Options, Sightings};
use crate::moment::UnixTime;
use crate::token::{Revocation, Revocations, Trace};
use std::path::Path;

/// An open ledger. In a build without any store, none can be opened.
#[derive(Debug)]
pub struct Ledger {
    store: Store,
}

#[derive(Debug)]
enum Store {
    #[cfg(feature = "ledger")]
    File(Box<Sqlite>),
    #[cfg(feature = "postgres")]
    Server(Box<Postgres>),
}

/// Does the same in whichever store it is.
macro_rules! within {
    ($ledger:ident, $($word:ident)+ => $done:expr) => {
        match $ledger.store {
            #[cfg(feature = "ledger")]
            Store::File($($word)+) => $done,
            #[cfg(feature = "postgres")]
            Store::Server($($word)+) => $done,
        }
    };
}

#[cfg_attr(
    not(feature = "ledger"),
    expect(unused_variables, reason = "nothing can be done with what can't be opened")
)]
impl Ledger {
    /// Opens the ledger of that name, and brings it to the form of this version. `postgres://USER@HOST/DATABASE` names
    /// a server, anything else a file.
    ///
    /// A server is waited for: in an asynchronous program, all of this belongs to a thread that may block.
    ///
    /// # Errors
    /// When it is not there, can't be used or is something else.
    pub fn open(name: &Path, options: Options) -> Result<Self, LedgerError> {
        let store = match Location::of(name) {
            #[cfg(feature = "ledger")]
            Location::File(path) => Sqlite::open(path, options).map(|store| Store::File(store.into())),
            #[cfg(not(feature = "ledger"))]
            Location::File(_) => Err(LedgerError::NotBuilt),
            #[cfg(feature = "postgres")]
            Location::Server(address) => Postgres::open(&address, options).map(|store| Store::Server(store.into())),
            #[cfg(not(feature = "postgres"))]
            Location::Server(_) => Err(ServerError::NotBuilt.into()),
        };
        store.map(|store| Self { store })
    }

    /// Whether there was none before it was opened.
    #[must_use]
    pub fn is_new(&self) -> bool {
        within!(self, ref store => store.is_new())
    }

    /// Tries whether it can be used now.
    ///
    /// # Errors
    /// When it can't.
    pub fn probe(&mut self) -> Result<(), LedgerError> {
        within!(self, ref mut store => store.probe())
    }

    /// Makes ready for many rows.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) fn begin_bulk(&mut self) -> Result<(), LedgerError> {
        within!(self, ref mut store => store.begin_bulk())
    }

    /// Tidies up after many rows.
    ///
    /// # Errors
    /// When the store fails.
    pub fn end_bulk(&mut self) -> Result<(), LedgerError> {
        within!(self, ref mut store => store.end_bulk())
    }

    /// Puts what stands beside a ledger's file into it, so that a copy of the one file has everything; whether all of it
    /// could be, which readers may keep it from. On a server there is nothing to do.
    ///
    /// # Errors
    /// When the store fails.
    pub fn fold(&mut self) -> Result<bool, LedgerError> {
        within!(self, ref mut store => store.fold())
    }

    /// Copies a ledger that is a file to a new file, as it is at one time, while others read and write it.
    ///
    /// # Errors
    /// When there is a file already, it can't be written, or the ledger is on a server.
    pub fn backup(&self, path: &Path) -> Result<(), LedgerError> {
        within!(self, ref store => store.backup(path))
    }

    /// Counts all of these checks or, after an error, none; for each, how often its token was checked by then, itself
    /// included. When it returns, they stay counted whenever the process ends. Only where the connection to a server is
    /// lost, nobody knows whether they are.
    ///
    /// # Errors
    /// When the ledger is locked for too long, can't be reached, can't be written or is damaged.
    pub fn count(&mut self, sightings: &Sightings, now: UnixTime) -> Result<Vec<Uses>, LedgerError> {
        within!(self, ref mut store => store.count(sightings, now))
    }

    /// How often the token of each of these checks was checked; none of them is counted.
    ///
    /// # Errors
    /// When the store fails or is damaged.
    pub fn uses_of(&self, sightings: &Sightings) -> Result<Vec<Uses>, LedgerError> {
        within!(self, ref store => store.uses_of(sightings))
    }

    /// Gives every token that was ever checked, in the order of their traces, as they were at one time. `each` must not
    /// ask the ledger for more: one on a server is busy then.
    ///
    /// # Errors
    /// When the store fails or is damaged, and whatever `each` fails with.
    pub fn tokens(&self, each: impl FnMut(&TokenRecord<'_>) -> Result<(), LedgerError>) -> Result<(), LedgerError> {
        within!(self, ref store => store.tokens(each))
    }

    /// Forgets the tokens that have expired by `now`, their checks and their revocations; how many.
    ///
    /// # Errors
    /// As [`Ledger::count`].
    pub fn prune(&mut self, now: UnixTime) -> Result<u64, LedgerError> {
        within!(self, ref mut store => store.prune(now))
    }

    /// What is known of each of these tokens, all of them at one time and in one go.
    ///
    /// # Errors
    /// When the store fails or is damaged.
    pub fn known(&self, tokens: &[Question<'_>]) -> Result<Vec<Known>, LedgerError> {
        within!(self, ref store => store.known(tokens))
    }

    /// All that is revoked, to be asked many times.
    ///
    /// # Errors
    /// When the store fails or is damaged.
    pub fn revocations(&self) -> Result<Revocations, LedgerError> {
        within!(self, ref store => store.revocations())
    }

    /// Revokes all of these tokens or, after an error, none; for each, what it was revoked with already and stays
    /// so.
    ///
    /// # Errors
    /// As [`Ledger::count`].
    pub fn revoke(
        &mut self,
        tokens: &Sightings,
        how: How,
        revocation: &Revocation,
    ) -> Result<Vec<Option<Revocation>>, LedgerError> {
        within!(self, ref mut store => store.revoke(tokens, how, revocation))
    }

    /// Revokes all tokens with this claim, those that nobody has seen yet too; what they were revoked with already.
    ///
    /// # Errors
    /// As [`Ledger::count`].
    pub fn revoke_claim(
        &mut self,
        name: &str,
        value: &str,
        because: &Revocation,
    ) -> Result<Option<Revocation>, LedgerError> {
        within!(self, ref mut store => store.revoke_claim(name, value, because))
    }

    /// Takes it back of all of these tokens or, after an error, of none; for each, whether it was revoked by itself.
    ///
    /// # Errors
    /// As [`Ledger::count`].
    pub fn unrevoke(&mut self, tokens: &Sightings) -> Result<Vec<bool>, LedgerError> {
        within!(self, ref mut store => store.unrevoke(tokens))
    }

    /// Takes it back of a claim; whether it was revoked.
    ///
    /// # Errors
    /// As [`Ledger::count`].
    pub fn unrevoke_claim(&mut self, name: &str, value: &str) -> Result<bool, LedgerError> {
        within!(self, ref mut store => store.unrevoke_claim(name, value))
    }

    /// Gives all that is revoked: the claims, then the tokens, each in the order of time. `each` says whether it
    /// wants more, and must not ask the ledger itself.
    ///
    /// # Errors
    /// When the store fails or is damaged.
    pub fn revoked(&self, each: impl FnMut(Revoked) -> bool) -> Result<(), LedgerError> {
        within!(self, ref store => store.revoked(each))
    }

    /// Notes of all these tokens which one was made in their place or, after an error, of none. The last one counts.
    ///
    /// # Errors
    /// As [`Ledger::count`].
    pub fn replace(&mut self, tokens: &[(Trace, Replacement)]) -> Result<(), LedgerError> {
        within!(self, ref mut store => store.replace(tokens))
    }

    /// Takes a run of `generate` in.
    ///
    /// # Errors
    /// As [`Ledger::count`].
    pub fn record(&mut self, run: &Run) -> Result<(), LedgerError> {
        within!(self, ref mut store => store.record(run))
    }

    /// All runs, in the order in which they were taken in.
    ///
    /// # Errors
    /// When the store fails or is damaged.
    pub fn runs(&self) -> Result<Vec<Run>, LedgerError> {
        within!(self, ref store => store.runs())
    }
}
