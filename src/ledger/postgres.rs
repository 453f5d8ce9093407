//! A ledger on a PostgreSQL server, for more than one machine.
//!
//! A row for each token, with the sum of its checks, and a row for each token, quarter of an hour and status. Many
//! checks go over in one statement as arrays; whoever counts a token holds its row until the end of the transaction, and
//! all take the rows in the order of their traces, so that nobody waits in a circle.
//!
//! A commit reaches the server's disk, unless the server is set up not to: with less, a server that falls over would
//! lose counts whose answers are out already.

mod address;
mod connecting;
mod counting;
mod failure;
mod knowing;
mod password;
mod replacing;
mod revoking;
mod rows;
mod runs;
mod schema;
mod session;
mod tls;
mod tokens;

use super::place::Address;
use super::server::ServerError;
use super::{LedgerError, Options};
use session::{Client, Transaction};
use std::cell::{RefCell, RefMut};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// So often something is tried that others, who wrote the same at the same time, were in the way of.
const TRIES: usize = 5;

/// An open ledger.
pub(super) struct Postgres {
    /// Reading needs it for itself as well.
    client: RefCell<Client>,
    options: Options,
    is_new: bool,
}

impl Postgres {
    pub(super) fn open(address: &Address<'_>, options: Options) -> Result<Self, LedgerError> {
        let mut client = Client::open(&Arc::new(connecting::way(address)?), options)?;
        let is_new = schema::ready(&mut client, options)?;
        let client = RefCell::new(client);
        Ok(Self {
            client,
            options,
            is_new,
        })
    }

    pub(super) fn is_new(&self) -> bool {
        self.is_new
    }

    /// Asked for nothing, it answers where it lives and lets us in.
    pub(super) fn probe(&mut self) -> Result<(), LedgerError> {
        self.read(|_| Ok(()))
    }

    /// A server is always ready for many rows.
    pub(super) fn begin_bulk(&mut self) -> Result<(), LedgerError> {
        Ok(())
    }

    /// And tidies up by itself.
    pub(super) fn end_bulk(&mut self) -> Result<(), LedgerError> {
        Ok(())
    }

    /// Nothing stands anywhere else.
    pub(super) fn fold(&mut self) -> Result<bool, LedgerError> {
        Ok(true)
    }

    pub(super) fn backup(&self, _path: &Path) -> Result<(), LedgerError> {
        Err(LedgerError::OnServer)
    }

    fn client(&self) -> Result<RefMut<'_, Client>, LedgerError> {
        let busy = |_| LedgerError::Store("what walks through it asks it for more".into());
        let mut client = self.client.try_borrow_mut().map_err(busy)?;
        client.renew(self.options)?;
        Ok(client)
    }

    /// Does something with the ledger as it is at one time, and takes as long as it takes unless that is limited.
    fn read<T>(&self, work: impl FnOnce(&mut Transaction<'_>) -> Result<T, LedgerError>) -> Result<T, LedgerError> {
        let mut client = self.client()?;
        let mut transaction = client.snapshot(self.options.clock.is_none())?;
        let done = work(&mut transaction)?;
        transaction.commit()?;
        Ok(done)
    }

    /// Does all of something or nothing, and again where others were in the way of it.
    fn write<T>(
        &mut self,
        mut work: impl FnMut(&mut Transaction<'_>) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        self.write_once(|client| {
            let mut transaction = client.transaction()?;
            let done = work(&mut transaction)?;
            transaction.commit()?;
            Ok(done)
        })
    }

    /// The same for what is one statement, which needs no transaction round it.
    fn write_once<T>(&mut self, mut work: impl FnMut(&mut Client) -> Result<T, LedgerError>) -> Result<T, LedgerError> {
        let client = self.client.get_mut();
        client.renew(self.options)?;
        let mut tries = 1;
        loop {
            match work(client) {
                Err(LedgerError::Server(ServerError::Contended(_))) if tries < TRIES => tries += 1,
                done => return done,
            }
        }
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postgres")
            .field("is_new", &self.is_new)
            .finish_non_exhaustive()
    }
}
