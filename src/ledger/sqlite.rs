//! A ledger as an SQLite data base.
//!
//! In WAL mode: readers never wait, a commit is one write at the end of the log, and what a killed process has committed
//! is there for the next one, as the system has it. Whoever closes it last leaves the log as it is: folding it in each
//! time would take two syncs for each click.

mod copy;
mod counting;
mod create;
mod failure;
mod file;
mod knowing;
mod patience;
mod replacing;
mod revoking;
mod runs;
mod schema;

use super::{LedgerError, Options, PATIENCE};
use file::OpenFile;
use patience::Patience;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use std::path::Path;
use std::time::Duration;

/// The most bytes of a leaf, a text or a row: the checks of a token in every quarter of 40 years.
const MAX_LENGTH: i32 = 16 << 20;
/// So many pages of the log are folded into the file at a time: whoever opens it has to read them, and 1 MB is quick.
const LOG_PAGES: u32 = 256;
/// As many in the middle of many rows: 256 MB.
const BULK_LOG_PAGES: u32 = 65_536;

/// An open ledger.
#[derive(Debug)]
pub(super) struct Sqlite {
    connection: Connection,
    file: OpenFile,
    patience: Patience,
    is_new: bool,
    read_only: bool,
}

impl Sqlite {
    pub(super) fn open(path: &Path, options: Options) -> Result<Self, LedgerError> {
        let mut is_new = false;
        match file::check(path) {
            Err(LedgerError::Missing) if options.create && !options.read_only => is_new = create::create(path)?,
            checked => checked?,
        }
        let access = match options.read_only {
            true => OpenFlags::SQLITE_OPEN_READ_ONLY,
            false => OpenFlags::SQLITE_OPEN_READ_WRITE,
        };
        // a name like `:memory:` means something to SQLite, but not below a folder
        let place = match path.is_absolute() {
            true => path.to_owned(),
            false => Path::new(".").join(path),
        };
        let mut connection = Connection::open_with_flags(&place, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        let patience = Patience::of(&mut connection, options.clock)?;
        let mut ledger = Self {
            connection,
            file: OpenFile::at(place)?,
            patience,
            is_new,
            read_only: options.read_only,
        };
        match ledger.prepare(options) {
            Ok(()) => Ok(ledger),
            Err(error @ (LedgerError::Damaged | LedgerError::Foreign(_))) => Err(file::foreign(path).unwrap_or(error)),
            Err(LedgerError::ReadOnly) if options.read_only => Err(LedgerError::Unshared),
            Err(error) => Err(error),
        }
    }

    fn prepare(&mut self, options: Options) -> Result<(), LedgerError> {
        let connection = &mut self.connection;
        connection.busy_timeout(PATIENCE)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        // what stands in the file is data, whoever wrote it
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
        connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_LENGTH)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        schema::check(connection, options.read_only)?;
        if options.read_only {
            return Ok(());
        }
        if connection.is_readonly(rusqlite::MAIN_DB)? {
            return Err(LedgerError::ReadOnly);
        }
        // NORMAL never damages the file; only FULL syncs each commit
        connection.pragma_update(None, "synchronous", if options.sync { "FULL" } else { "NORMAL" })?;
        connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
        schema::migrate(connection)
    }

    pub(super) fn is_new(&self) -> bool {
        self.is_new
    }

    pub(super) fn begin_bulk(&mut self) -> Result<(), LedgerError> {
        // in KiB
        self.connection.pragma_update(None, "cache_size", -131_072)?;
        let pages = BULK_LOG_PAGES;
        Ok(self.connection.pragma_update(None, "wal_autocheckpoint", pages)?)
    }

    pub(super) fn end_bulk(&mut self) -> Result<(), LedgerError> {
        self.connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
        // whoever reads is not waited for: the next one to write does it then
        self.fold_within(Duration::ZERO).map(drop)
    }

    /// Whether it can be used now, which only trying tells: for less than the whole of it, a lock, a full disk or a lost
    /// file would not be noticed.
    pub(super) fn probe(&mut self) -> Result<(), LedgerError> {
        if self.read_only {
            return schema::version(self.begin()?).map(drop);
        }
        let transaction = self.write()?;
        // what is there already
        transaction.pragma_update(None, "user_version", schema::version(&transaction)?)?;
        Ok(transaction.commit()?)
    }

    /// The connection, for a statement that begins now.
    #[inline]
    fn begin(&self) -> Result<&Connection, LedgerError> {
        self.file.check()?;
        self.patience.restart();
        Ok(&self.connection)
    }

    /// A transaction that writes: it waits for that of another process first, not halfway.
    fn write(&mut self) -> Result<Transaction<'_>, LedgerError> {
        self.file.check()?;
        self.patience.restart();
        Ok(self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::Revocation;

    fn ledger(folder: &tempfile::TempDir) -> Sqlite {
        let options = Options {
            create: true,
            ..Options::default()
        };
        Sqlite::open(&folder.path().join("ledger.db"), options).expect("a ledger")
    }

    fn because() -> Revocation {
        Revocation {
            at: 1,
            reason: Some("x".repeat(500)),
        }
    }

    #[test]
    fn who_waits_in_vain_for_another_process_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut one, mut other) = (ledger(&folder), ledger(&folder));
        other.connection.busy_timeout(Duration::ZERO).expect("set");
        let held = one.write().expect("begun");
        let refused = other.revoke_claim("a", "1", &because());
        assert!(matches!(refused, Err(LedgerError::Busy)), "{refused:?}");
        assert!(other.revocations().expect("readers never wait").is_empty());
        drop(held);
        other.revoke_claim("a", "1", &because()).expect("it is free again");
    }

    /// A second at each look.
    fn hurried() -> Duration {
        use std::sync::atomic::{AtomicU64, Ordering};
        static LOOKS: AtomicU64 = AtomicU64::new(0);
        Duration::from_secs(LOOKS.fetch_add(1, Ordering::Relaxed))
    }

    #[test]
    fn a_statement_that_takes_too_long_ends_where_somebody_waits_for_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let own = ledger(&folder);
        for number in 0..60_000_u32 {
            let add = "INSERT INTO revoked_claims VALUES ('a', ?1, 1, NULL)";
            if number == 0 {
                own.connection.execute_batch("BEGIN").expect("begun");
            }
            own.connection.execute(add, [number.to_string()]).expect("added");
        }
        own.connection.execute_batch("COMMIT").expect("kept");
        assert!(!own.revocations().expect("there is time").is_empty());
        let options = Options {
            clock: Some(hurried),
            ..Options::default()
        };
        let mut own = Sqlite::open(&folder.path().join("ledger.db"), options).expect("opened");
        let refused = own.revocations();
        assert!(matches!(refused, Err(LedgerError::Slow)), "{refused:?}");
        // each statement has its own time
        for _ in 0..30 {
            own.revoke_claim("a", "1", &because()).expect("it is quick");
        }
    }

    #[test]
    fn a_full_disk_is_told_and_nothing_is_kept_by_half() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut ledger = ledger(&folder);
        ledger
            .connection
            .pragma_update(None, "max_page_count", 20)
            .expect("set");
        let full = (0..100u32).find_map(|number| {
            ledger
                .revoke_claim("a", &number.to_string(), &because())
                .err()
                .zip(Some(number))
        });
        let (error, number) = full.expect("100 reasons need more than 20 pages");
        assert!(matches!(error, LedgerError::Full), "{error:?}");
        let mut count = 0;
        ledger
            .revoked(|_| {
                count += 1;
                true
            })
            .expect("read");
        assert_eq!(count, number);
    }
}
