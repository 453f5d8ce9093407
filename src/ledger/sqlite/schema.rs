//! The tables, and how those of earlier versions become them.

use crate::ledger::{Foreign, LedgerError};
use crate::output::LEDGER_APPLICATION;
use rusqlite::types::Value;
use rusqlite::{Connection, TransactionBehavior};

const APPLICATION: i64 = LEDGER_APPLICATION as i64;

/// Each brings a ledger of the version that is its place to the next one. They are never changed, only added to.
const MIGRATIONS: [&str; 2] = [
    "
    CREATE TABLE leaves (             -- the tokens and their checks
        number INTEGER PRIMARY KEY,   -- the least trace that belongs here: the upper 63 of its bits
        tokens BLOB NOT NULL
    );
    INSERT INTO leaves VALUES (0, x'');
    CREATE TABLE revoked_tokens (
        trace BLOB PRIMARY KEY,
        at INTEGER NOT NULL,          -- in seconds since 1970, as all times
        reason TEXT,
        of_list INTEGER NOT NULL,     -- whether it stood in a list, or was given by itself
        key_id TEXT NOT NULL,
        id TEXT,
        issued_at INTEGER,
        expires_at INTEGER,           -- NULL is never
        claims BLOB                   -- NULL where they are not for everyone to read
    ) WITHOUT ROWID;
    CREATE TABLE revoked_claims (
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        at INTEGER NOT NULL,
        reason TEXT,
        PRIMARY KEY (name, value)
    ) WITHOUT ROWID;
    CREATE TABLE runs (               -- of generate
        number INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        key_id TEXT NOT NULL,
        tokens INTEGER NOT NULL,
        issued_at INTEGER NOT NULL,
        first_id TEXT NOT NULL,
        first_expiry INTEGER,         -- NULL where none expires
        last_expiry INTEGER,
        never INTEGER NOT NULL,       -- how many never expire
        input TEXT NOT NULL,
        repeat TEXT NOT NULL,         -- the flags that make the same tokens again
        pruned_at INTEGER             -- when expired tokens were dropped, some of these maybe among them
    );
    CREATE TABLE campaigns (          -- of each run
        run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
        place INTEGER NOT NULL,
        campaign TEXT NOT NULL,
        tokens INTEGER NOT NULL,
        PRIMARY KEY (run, place)
    ) WITHOUT ROWID;
",
    "
    CREATE TABLE replaced (           -- tokens that others were made in the place of
        trace BLOB PRIMARY KEY,
        at INTEGER NOT NULL,
        key_id TEXT NOT NULL,         -- of the new one, as all that follows
        id TEXT NOT NULL,
        expires_at INTEGER            -- NULL is never
    ) WITHOUT ROWID;
",
];

/// The version that this program writes.
const NEWEST: i64 = MIGRATIONS.len() as i64;

/// Makes the tables in an empty data base.
pub(super) fn make(connection: &mut Connection) -> Result<(), LedgerError> {
    // leaves are made for this size
    connection.pragma_update(None, "page_size", 4096)?;
    connection.pragma_update(None, "application_id", APPLICATION)?;
    migrate(connection)
}

/// Whether the data base is a ledger that this version can use.
pub(super) fn check(connection: &mut Connection, read_only: bool) -> Result<(), LedgerError> {
    // as it is at one time: another process may bring it to another form just now
    let transaction = connection.transaction()?;
    let application: i64 = transaction.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if application != APPLICATION {
        return Err(LedgerError::Foreign(Foreign::Database));
    }
    let found = version(&transaction)?;
    if found > NEWEST {
        let known = NEWEST;
        return Err(LedgerError::Newer { found, known });
    }
    let migrations = usize::try_from(found).ok().and_then(|found| MIGRATIONS.get(..found));
    if !is_made_by(migrations.ok_or(LedgerError::Damaged)?, &transaction)? {
        return Err(LedgerError::Foreign(Foreign::Tables));
    }
    match read_only && found < NEWEST {
        true => Err(LedgerError::Older),
        false => Ok(()),
    }
}

/// Whether the data base has what these migrations make, to the letter, and nothing else: a view in place of a table,
/// or a trigger, would run a stranger's statements.
fn is_made_by(migrations: &[&str], connection: &Connection) -> Result<bool, LedgerError> {
    let model = Connection::open_in_memory()?;
    for migration in migrations {
        model.execute_batch(migration)?;
    }
    Ok(described(connection)? == described(&model)?)
}

/// Whatever the data base says that it has.
fn described(connection: &Connection) -> Result<Vec<[Value; 4]>, LedgerError> {
    // more is none of ours
    let all = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name, type LIMIT 100";
    let mut all = connection.prepare(all)?;
    let entries = all.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))?;
    Ok(entries.collect::<Result<_, _>>()?)
}

/// Brings the tables to the form of this version.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), LedgerError> {
    if version(connection)? == NEWEST {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // another process may have done it in the meantime
    let found = version(&transaction)?;
    for migration in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", found.max(NEWEST))?;
    Ok(transaction.commit()?)
}

/// By which version it was made.
pub(super) fn version(connection: &Connection) -> Result<i64, LedgerError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}
