//! The store's errors in our words.

use crate::ledger::LedgerError;
use rusqlite::ErrorCode;

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => LedgerError::Busy,
            // a log can't be made in a folder that can't be written
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => LedgerError::ReadOnly,
            Some(ErrorCode::DiskFull) => LedgerError::Full,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::TooBig) => LedgerError::Damaged,
            Some(ErrorCode::OperationInterrupted) => LedgerError::Slow,
            _ => LedgerError::Store(error.into()),
        }
    }
}
