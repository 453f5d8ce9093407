//! Why a ledger can't be used, and what to do about it.

use super::server::ServerError;
use crate::output::OutputError;
use std::error::Error;
use std::io;

/// What else a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Foreign {
    /// Nothing is in it.
    #[error("the file is empty, and no ledger")]
    Empty,
    /// A keyring.
    #[error("the file is a keyring, and no ledger")]
    Keyring,
    /// The data base of another program.
    #[error("the file is another program's data base, and no ledger")]
    Database,
    /// A data base that says it is a ledger and has other tables, views or triggers than one.
    #[error("the file has other tables than a ledger, and is none")]
    Tables,
    /// On a server, tables with triggers, rules or policies.
    #[error("the schema linkmint has triggers, rules or views, which no ledger has")]
    Triggers,
    /// On a server, a schema of our name that another program made.
    #[error("the schema linkmint is another program's, and no ledger")]
    Schema,
    /// Anything else.
    #[error("the file is no ledger")]
    Other,
}

/// Why a ledger can't be used. Nothing of what was to be counted has been counted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// There is none, and none was to be made.
    #[error("there is no such ledger")]
    Missing,
    /// No name at all.
    #[error("the ledger's name is empty")]
    NoName,
    /// The place is a folder.
    #[error("it is a folder")]
    Folder,
    /// The file is something else.
    #[error("{0}")]
    Foreign(Foreign),
    /// No file can be made there.
    #[error(transparent)]
    Location(OutputError),
    /// Its parts are there without it.
    #[error("the ledger is gone, and parts of it are left beside its place")]
    Leftover,
    /// The file that was opened is gone from its place.
    #[error("the ledger's file was removed or replaced while it was open")]
    Replaced,
    /// Made by a later version.
    #[error("the ledger was made by a newer linkmint (its form is {found}, this one knows {known})")]
    Newer {
        /// Of the file.
        found: i64,
        /// Of this version.
        known: i64,
    },
    /// Made by an earlier version, and only to be read.
    #[error("the ledger was made by an older linkmint, and only who writes it can bring it to the form of this one")]
    Older,
    /// Another process has it for too long.
    #[error("the ledger is locked by another process")]
    Busy,
    /// It can't be written.
    #[error("the ledger can't be written")]
    ReadOnly,
    /// It may be read, and not what readers share with writers.
    #[error("the ledger can't be read: its -shm file, which readers share with writers, can't be written")]
    Unshared,
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// A statement took too long.
    #[error("the ledger takes too long")]
    Slow,
    /// A copy can only be a file.
    #[error("a copy of a ledger is a file")]
    NoFile,
    /// A server's tables can't be copied as a file.
    #[error("a ledger on a server is no file to copy")]
    OnServer,
    /// What is in it can't be understood.
    #[error("the ledger is damaged")]
    Damaged,
    /// This build has no ledgers.
    #[error("this build of linkmint keeps no ledgers")]
    NotBuilt,
    /// The server that it is on.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// The system said no.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Anything else that the store says.
    #[error("the ledger can't be used")]
    Store(#[source] Box<dyn Error + Send + Sync>),
}

impl LedgerError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            LedgerError::Missing => "check the name; a ledger is made by the first run that counts or revokes",
            LedgerError::NoName => "name its file or its data base",
            LedgerError::Folder => "name a file in it",
            LedgerError::Location(_) => "name another file",
            LedgerError::Foreign(Foreign::Empty) => "remove it: a ledger is made where there is no file",
            LedgerError::Foreign(Foreign::Triggers) => "drop them, or name another data base",
            LedgerError::Foreign(Foreign::Schema) => "name another data base: a ledger is made where there is none",
            LedgerError::Foreign(_) => "name another file; a ledger is made where there is none",
            LedgerError::Leftover => {
                "put the ledger back beside its -wal file, or remove the files that end in -wal and -shm"
            }
            LedgerError::Replaced => "end what uses it, put the ledger and its -wal file back, then start again",
            LedgerError::Newer { .. } => "use the newer linkmint, or another ledger",
            LedgerError::Older => "use it once with a command that counts or revokes",
            LedgerError::Busy => "run it again when the other process is done",
            LedgerError::ReadOnly => "it and its folder, or its tables for the role, must be writable",
            LedgerError::Unshared => "have its folder made writable, or have a copy made by `ledger backup` into yours",
            LedgerError::Full => "make room, then run it again",
            LedgerError::Slow => {
                "it may be damaged: restore it from a backup; a disk that is busy may also be the reason"
            }
            LedgerError::NoFile => "name a file",
            LedgerError::OnServer => "pg_dump -n linkmint copies it",
            LedgerError::Damaged => "restore it from a backup",
            LedgerError::NotBuilt => "build it with the feature ledger",
            LedgerError::Server(error) => error.hint(),
            LedgerError::Io(error) if error.kind() == io::ErrorKind::NotFound => "make the folder first",
            LedgerError::Io(_) | LedgerError::Store(_) => "check the file, its folder and the disk",
        }
    }
}
