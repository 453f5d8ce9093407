//! The ledger's one file, and copies of it.
//!
//! What was written last stands in the log beside the file, so that a copy of the one file would lack it: a copy without
//! the last revocations would let tokens through again. So it is folded in where that matters, and where others keep
//! that from ending, SQLite itself makes the copy.

use super::{PATIENCE, Sqlite};
use crate::ledger::LedgerError;
use crate::output::{self, Output, OutputError};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// How long those who read are waited for.
const READERS: Duration = Duration::from_secs(1);

impl Sqlite {
    /// Folds the log into the file; whether all of it is there now.
    pub(in crate::ledger) fn fold(&mut self) -> Result<bool, LedgerError> {
        self.fold_within(READERS)
    }

    pub(super) fn fold_within(&mut self, patience: Duration) -> Result<bool, LedgerError> {
        self.connection.busy_timeout(patience)?;
        let fold = "PRAGMA wal_checkpoint(TRUNCATE)";
        let is_busy = self
            .begin()
            .and_then(|connection| Ok(connection.query_row(fold, [], |row| row.get::<_, bool>(0))?));
        self.connection.busy_timeout(PATIENCE)?;
        Ok(!is_busy?)
    }

    /// Copies the ledger as it is at one time to a new file, for its owner alone.
    pub(in crate::ledger) fn backup(&self, path: &Path) -> Result<(), LedgerError> {
        let options = output::Options {
            sync: true,
            private: true,
            ..output::Options::default()
        };
        let output = Output::create(path, options)?;
        let Some(place) = output.hand_over() else {
            return Err(LedgerError::NoFile);
        };
        let mut copy = Connection::open_with_flags(place, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        // it counts when it is complete, and has nothing beside it
        copy.pragma_update(None, "journal_mode", "OFF")?;
        copy.pragma_update(None, "synchronous", "OFF")?;
        match Backup::new(&self.connection, &mut copy)?.step(-1)? {
            StepResult::Done => {}
            _ => return Err(LedgerError::Busy),
        }
        copy.close().map_err(|(_, error)| error)?;
        Ok(output.commit()?)
    }
}

impl From<OutputError> for LedgerError {
    fn from(error: OutputError) -> Self {
        match error {
            OutputError::IsFolder => LedgerError::Folder,
            OutputError::Io(error) => error.into(),
            error => LedgerError::Location(error),
        }
    }
}
