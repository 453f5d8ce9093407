//! A new ledger: put together in memory and placed whole, so that no other process ever sees half of one.

use super::schema;
use crate::ledger::LedgerError;
use crate::output::{self, Kept, Output, OutputError};
use rusqlite::{Connection, MAIN_DB};
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

/// Where the header says by which version it is written and read, and the number that stands for WAL (SQLite's file
/// format, section 1.3.3). A data base in memory has no log, so that it can't be set there.
const VERSIONS: std::ops::RangeInclusive<usize> = 18..=19;
const WAL: u8 = 2;

/// Makes the file, for its owner alone; whether another process was not faster.
pub(super) fn create(path: &Path) -> Result<bool, LedgerError> {
    let mut log = OsString::from(path);
    log.push("-wal");
    // it would be taken for the new one's; another process may make that just now
    if Path::new(&log).exists() && !path.exists() {
        return Err(LedgerError::Leftover);
    }
    let options = output::Options {
        force: false,
        sync: true,
        private: true,
    };
    let made = Output::change(path, Kept::Ledger, options).and_then(|mut file| {
        file.write_all(&fresh().map_err(io::Error::other)?)?;
        file.commit()
    });
    match made {
        Ok(()) => Ok(true),
        Err(OutputError::Exists) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The bytes of a ledger without entries.
fn fresh() -> Result<Vec<u8>, LedgerError> {
    let mut connection = Connection::open_in_memory()?;
    schema::make(&mut connection)?;
    let mut bytes = connection.serialize(MAIN_DB)?.to_vec();
    bytes[VERSIONS].fill(WAL);
    Ok(bytes)
}
