//! Which token was made in the place of which.

use super::Sqlite;
use crate::key::KeyId;
use crate::ledger::LedgerError;
use crate::ledger::records::Replacement;
use crate::token::{TokenId, Trace};
use rusqlite::{OptionalExtension, Statement, params};

pub(super) const FIND: &str = "SELECT at, key_id, id, expires_at FROM replaced WHERE trace = ?1";

impl Sqlite {
    pub(in crate::ledger) fn replace(&mut self, tokens: &[(Trace, Replacement)]) -> Result<(), LedgerError> {
        let transaction = self.write()?;
        {
            let mut add = transaction.prepare("INSERT OR REPLACE INTO replaced VALUES (?1, ?2, ?3, ?4, ?5)")?;
            for (trace, by) in tokens {
                let (key_id, id) = (by.key_id.to_string(), by.id.to_string());
                add.execute(params![trace.0, by.at, key_id, id, by.expires_at])?;
            }
        }
        Ok(transaction.commit()?)
    }
}

pub(super) fn find(statement: &mut Statement<'_>, trace: &Trace) -> Result<Option<Replacement>, LedgerError> {
    let found = statement.query_row([trace.0], |row| {
        let (key_id, id): (String, String) = (row.get(1)?, row.get(2)?);
        Ok((row.get(0)?, key_id, id, row.get(3)?))
    });
    let Some((at, key_id, id, expires_at)) = found.optional()? else {
        return Ok(None);
    };
    Ok(Some(Replacement {
        key_id: KeyId::parse(&key_id).ok_or(LedgerError::Damaged)?,
        id: TokenId::parse(&id).ok_or(LedgerError::Damaged)?,
        at,
        expires_at,
    }))
}
