//! The tables, and how those of earlier versions become them.

use super::session::Client;
use crate::ledger::server::ServerError;
use crate::ledger::{Foreign, LedgerError, Options};
use tokio_postgres::SimpleQueryMessage;
use tokio_postgres::error::SqlState;

/// Whoever makes or changes the tables holds this lock: `lmnt`.
const LOCK: i64 = 0x6c6d_6e74;

/// Each brings a ledger of the version that is its place to the next one. They are never changed, only added to.
const MIGRATIONS: [&str; 2] = [
    "
    CREATE TABLE linkmint.version (
        number bigint NOT NULL
    );
    INSERT INTO linkmint.version VALUES (0);
    CREATE TABLE linkmint.tokens (
        trace bytea PRIMARY KEY,
        key_id text NOT NULL,
        id text,
        issued_at bigint,             -- in seconds since 1970, as all times
        expires_at bigint,            -- NULL is never
        claims bytea,                 -- NULL where they are not for everyone to read
        count bigint NOT NULL,        -- the sum of its checks; whoever counts holds this row
        first_at bigint NOT NULL,
        last_at bigint NOT NULL
    ) WITH (fillfactor = 80);         -- room to change a row in its page
    CREATE TABLE linkmint.checks (
        trace bytea,
        quarter integer,              -- of an hour, since 1970
        status smallint,
        count bigint NOT NULL,
        first_at bigint NOT NULL,
        last_at bigint NOT NULL,
        PRIMARY KEY (trace, quarter, status)
    ) WITH (fillfactor = 80);
    CREATE TABLE linkmint.revoked_tokens (
        trace bytea PRIMARY KEY,
        revoked_at bigint NOT NULL,
        reason text,
        of_list boolean NOT NULL,     -- whether it stood in a list, or was given by itself
        key_id text NOT NULL,
        id text,
        issued_at bigint,
        expires_at bigint,
        claims bytea
    );
    CREATE TABLE linkmint.revoked_claims (
        name text,
        value text,
        revoked_at bigint NOT NULL,
        reason text,
        PRIMARY KEY (name, value)
    );
    CREATE TABLE linkmint.runs (      -- of generate
        number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        ran_at bigint NOT NULL,
        key_id text NOT NULL,
        tokens bigint NOT NULL,
        issued_at bigint NOT NULL,
        first_id text NOT NULL,
        first_expiry bigint,          -- NULL where none expires
        last_expiry bigint,
        never bigint NOT NULL,        -- how many never expire
        input text NOT NULL,
        repeat text NOT NULL,         -- the flags that make the same tokens again
        pruned_at bigint              -- when expired tokens were dropped, some of these maybe among them
    );
    CREATE TABLE linkmint.campaigns ( -- of each run
        run bigint REFERENCES linkmint.runs ON DELETE CASCADE,
        place integer,
        campaign text NOT NULL,
        tokens bigint NOT NULL,
        PRIMARY KEY (run, place)
    );
",
    "
    CREATE TABLE linkmint.replaced (  -- tokens that others were made in the place of
        trace bytea PRIMARY KEY,
        replaced_at bigint NOT NULL,
        key_id text NOT NULL,         -- of the new one, as all that follows
        id text NOT NULL,
        expires_at bigint             -- NULL is never
    );
",
];

/// The version that this program writes.
const NEWEST: i64 = MIGRATIONS.len() as i64;

/// Whether the schema is one that this version can use, and makes it so where it is to; whether there was none.
pub(super) fn ready(client: &mut Client, options: Options) -> Result<bool, LedgerError> {
    refuse_foreign(client)?;
    match version(client)? {
        Some(found) if found > NEWEST => Err(newer(found)),
        Some(NEWEST) => Ok(false),
        Some(_) if options.read_only => Err(LedgerError::Older),
        None if options.read_only || !options.create => Err(LedgerError::Missing),
        _ => migrate(client),
    }
}

fn newer(found: i64) -> LedgerError {
    let known = NEWEST;
    LedgerError::Newer { found, known }
}

/// What of the schema belongs to nobody that this role is, and what of it would run somebody's statements: both for the
/// rights of whoever asks. A superuser counts as a member of all roles elsewhere, and not here.
const FOREIGN: &str = "
    WITH RECURSIVE own(role) AS (
        SELECT oid FROM pg_roles WHERE rolname = current_user
        UNION SELECT roleid FROM pg_auth_members JOIN own ON member = own.role
    ), schema AS (SELECT oid, nspowner FROM pg_namespace WHERE nspname = 'linkmint'),
    relation AS (SELECT c.* FROM pg_class c JOIN schema ON c.relnamespace = schema.oid)
    SELECT
        (SELECT pg_get_userbyid(nspowner) FROM schema WHERE nspowner NOT IN (SELECT role FROM own)
            UNION ALL SELECT pg_get_userbyid(relowner) FROM relation WHERE relowner NOT IN (SELECT role FROM own)
            LIMIT 1)::text,
        EXISTS (SELECT FROM relation WHERE relkind NOT IN ('r', 'i', 'S') OR relhasrules OR relrowsecurity
            OR oid IN (SELECT tgrelid FROM pg_trigger WHERE NOT tgisinternal))";

/// Refuses tables that others could have laid out. Asked before them, of the server's own catalogue.
fn refuse_foreign(client: &mut Client) -> Result<(), LedgerError> {
    let found = client.query_one(FOREIGN, &[])?;
    let (owner, runs): (Option<String>, bool) = (found.try_get(0)?, found.try_get(1)?);
    match owner {
        Some(owner) => Err(ServerError::Owner(owner).into()),
        None if runs => Err(LedgerError::Foreign(Foreign::Triggers)),
        None => Ok(()),
    }
}

/// Asked in one go, as it is each time.
fn version(client: &mut Client) -> Result<Option<i64>, LedgerError> {
    let found = match client.simple_query("SELECT number FROM linkmint.version")? {
        Ok(found) => found,
        Err(error) => match error.code() {
            Some(&(SqlState::UNDEFINED_TABLE | SqlState::INVALID_SCHEMA_NAME)) => return Ok(None),
            Some(&SqlState::UNDEFINED_COLUMN) => return Err(LedgerError::Foreign(Foreign::Schema)),
            _ => return Err(error.into()),
        },
    };
    let number = found.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0)?.parse().ok(),
        _ => None,
    });
    number.map(Some).ok_or(LedgerError::Damaged)
}

/// Brings the tables to the form of this version; whether there were none.
fn migrate(client: &mut Client) -> Result<bool, LedgerError> {
    let transaction = client.transaction()?;
    transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK])?;
    // another process may have done it in the meantime
    let found = transaction.query_one(
        "SELECT to_regnamespace('linkmint') IS NOT NULL, to_regclass('linkmint.version') IS NOT NULL,
            EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace('linkmint')),
            current_setting('server_encoding')",
        &[],
    )?;
    let (has_schema, has_version, has_tables): (bool, bool, bool) =
        (found.try_get(0)?, found.try_get(1)?, found.try_get(2)?);
    let encoding: &str = found.try_get(3)?;
    let version: i64 = match has_version {
        true => transaction
            .query_one("SELECT number FROM linkmint.version", &[])?
            .try_get(0)?,
        false if has_tables => return Err(LedgerError::Foreign(Foreign::Schema)),
        // claims and reasons are any text
        false if !["UTF8", "SQL_ASCII"].contains(&encoding) => {
            return Err(ServerError::Encoding(encoding.to_owned()).into());
        }
        false => 0,
    };
    if version > NEWEST {
        return Err(newer(version));
    }
    if !has_schema {
        transaction.batch_execute("CREATE SCHEMA linkmint")?;
    }
    for migration in MIGRATIONS.iter().skip(usize::try_from(version).unwrap_or(0)) {
        transaction.batch_execute(migration)?;
    }
    if version < NEWEST {
        transaction.execute("UPDATE linkmint.version SET number = $1", &[&NEWEST])?;
    }
    transaction.commit()?;
    Ok(!has_version)
}
