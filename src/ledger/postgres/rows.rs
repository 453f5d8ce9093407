//! What stands in rows, in our terms.

use crate::claims::Claims;
use crate::key::KeyId;
use crate::ledger::sighting::Sighting;
use crate::ledger::{LedgerError, TokenRecord};
use crate::token::{Revocation, TokenId, Trace};
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

/// As many rows go over in one statement: enough that its way there counts for little, and few enough that none takes
/// long.
pub(super) const AT_A_TIME: usize = 5_000;

/// The traces of checks, as a statement takes them.
pub(super) fn traces(sightings: &[Sighting]) -> Vec<&[u8]> {
    sightings.iter().map(|sighting| &sighting.trace.0[..]).collect()
}

pub(super) fn trace(row: &Row, column: usize) -> Result<Trace, LedgerError> {
    let bytes: &[u8] = row.try_get(column)?;
    bytes.try_into().map(Trace).map_err(|_| LedgerError::Damaged)
}

/// A number that can't be negative.
pub(super) fn number<T: TryFrom<i64>>(row: &Row, column: usize) -> Result<T, LedgerError> {
    let number: i64 = row.try_get(column)?;
    number.try_into().map_err(|_| LedgerError::Damaged)
}

/// A time that may be missing.
pub(super) fn time(row: &Row, column: usize) -> Result<Option<u32>, LedgerError> {
    let time: Option<i64> = row.try_get(column)?;
    time.map(|time| time.try_into().map_err(|_| LedgerError::Damaged))
        .transpose()
}

pub(super) fn key_id(row: &Row, column: usize) -> Result<KeyId, LedgerError> {
    KeyId::parse(row.try_get(column)?).ok_or(LedgerError::Damaged)
}

pub(super) fn token_id(row: &Row, column: usize) -> Result<Option<TokenId>, LedgerError> {
    parsed(row, column, TokenId::parse)
}

pub(super) fn claims(row: &Row, column: usize) -> Result<Option<Claims<'_>>, LedgerError> {
    parsed(row, column, |bytes| Claims::restore(bytes).ok())
}

fn parsed<'r, S: FromSql<'r>, T>(
    row: &'r Row,
    column: usize,
    parse: impl FnOnce(S) -> Option<T>,
) -> Result<Option<T>, LedgerError> {
    let stored: Option<S> = row.try_get(column)?;
    stored
        .map(|stored| parse(stored).ok_or(LedgerError::Damaged))
        .transpose()
}

/// When and why, in two columns.
pub(super) fn revocation(row: &Row, column: usize) -> Result<Revocation, LedgerError> {
    Ok(Revocation {
        at: number(row, column)?,
        reason: row.try_get(column + 1)?,
    })
}

/// Columns of tokens that are to be written.
#[derive(Default)]
pub(super) struct Tokens {
    pub(super) traces: Vec<Vec<u8>>,
    pub(super) key_ids: Vec<String>,
    pub(super) ids: Vec<Option<String>>,
    pub(super) issued_at: Vec<Option<i64>>,
    pub(super) expires_at: Vec<Option<i64>>,
    pub(super) claims: Vec<Option<Vec<u8>>>,
}

impl Tokens {
    pub(super) fn add(&mut self, token: &TokenRecord<'_>) {
        self.traces.push(token.trace.0.to_vec());
        self.key_ids.push(token.key_id.to_string());
        self.ids.push(token.id.map(|id| id.to_string()));
        self.issued_at.push(token.issued_at.map(i64::from));
        self.expires_at.push(token.expires_at.map(i64::from));
        self.claims.push(token.stored_claims());
    }
}
