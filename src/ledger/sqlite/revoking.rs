//! Revoking tokens, and undoing that.

use super::Sqlite;
use crate::claims::{Claim, Claims};
use crate::key::KeyId;
use crate::ledger::records::{How, Revoked, Target, TokenRecord};
use crate::ledger::{LedgerError, Sightings, leaf};
use crate::token::{Revocation, Revocations, TokenId, Trace};
use rusqlite::{OptionalExtension, Row, Statement, params};

pub(super) const FIND: &str = "SELECT at, reason FROM revoked_tokens WHERE trace = ?1";
pub(super) const FIND_CLAIM: &str = "SELECT at, reason FROM revoked_claims WHERE name = ?1 AND value = ?2";

impl Sqlite {
    pub(in crate::ledger) fn revocations(&self) -> Result<Revocations, LedgerError> {
        let mut list = Revocations::default();
        let mut tokens = self.begin()?.prepare("SELECT at, reason, trace FROM revoked_tokens")?;
        let mut rows = tokens.query([])?;
        while let Some(row) = rows.next()? {
            list.add(Trace(row.get(2)?), revocation(row)?);
        }
        let mut claims = self
            .begin()?
            .prepare("SELECT at, reason, name, value FROM revoked_claims")?;
        let mut rows = claims.query([])?;
        while let Some(row) = rows.next()? {
            let (name, value): (String, String) = (row.get(2)?, row.get(3)?);
            list.add_claim(&name, &value, revocation(row)?);
        }
        Ok(list)
    }

    pub(in crate::ledger) fn revoke(
        &mut self,
        tokens: &Sightings,
        how: How,
        revocation: &Revocation,
    ) -> Result<Vec<Option<Revocation>>, LedgerError> {
        let transaction = self.write()?;
        let mut before = Vec::with_capacity(tokens.len());
        {
            let mut known = transaction.prepare(FIND)?;
            let mut add =
                transaction.prepare("INSERT INTO revoked_tokens VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?;
            for (index, token) in tokens.all.iter().enumerate() {
                let earlier = find(&mut known, &token.trace)?;
                if earlier.is_none() {
                    let record = leaf::read_head(token.trace, tokens.head(index))?;
                    insert(&mut add, &record, how, revocation)?;
                }
                before.push(earlier);
            }
        }
        transaction.commit()?;
        Ok(before)
    }

    pub(in crate::ledger) fn revoke_claim(
        &mut self,
        name: &str,
        value: &str,
        because: &Revocation,
    ) -> Result<Option<Revocation>, LedgerError> {
        let transaction = self.write()?;
        let found = transaction.query_row(FIND_CLAIM, params![name, value], revocation);
        let earlier = found.optional()?;
        if earlier.is_none() {
            let add = "INSERT INTO revoked_claims VALUES (?1, ?2, ?3, ?4)";
            transaction.execute(add, params![name, value, because.at, because.reason])?;
        }
        transaction.commit()?;
        Ok(earlier)
    }

    pub(in crate::ledger) fn unrevoke(&mut self, tokens: &Sightings) -> Result<Vec<bool>, LedgerError> {
        let transaction = self.write()?;
        let mut were = Vec::with_capacity(tokens.len());
        {
            let mut remove = transaction.prepare("DELETE FROM revoked_tokens WHERE trace = ?1")?;
            for token in &tokens.all {
                were.push(remove.execute([token.trace.0])? > 0);
            }
        }
        transaction.commit()?;
        Ok(were)
    }

    pub(in crate::ledger) fn unrevoke_claim(&mut self, name: &str, value: &str) -> Result<bool, LedgerError> {
        let remove = "DELETE FROM revoked_claims WHERE name = ?1 AND value = ?2";
        Ok(self.begin()?.execute(remove, params![name, value])? > 0)
    }

    pub(in crate::ledger) fn revoked(&self, mut each: impl FnMut(Revoked) -> bool) -> Result<(), LedgerError> {
        let entry = |target, how, revocation| Revoked {
            target,
            how,
            revocation,
        };
        let order = "SELECT at, reason, name, value FROM revoked_claims ORDER BY at, name, value";
        let mut claims = self.begin()?.prepare(order)?;
        let mut rows = claims.query([])?;
        while let Some(row) = rows.next()? {
            let (name, value) = (row.get(2)?, row.get(3)?);
            if !each(entry(Target::Claim { name, value }, How::Claim, revocation(row)?)) {
                return Ok(());
            }
        }
        let order = "SELECT at, reason, of_list, trace, key_id, id, issued_at, expires_at, claims
            FROM revoked_tokens ORDER BY at, trace";
        let mut tokens = self.begin()?.prepare(order)?;
        let mut rows = tokens.query([])?;
        while let Some(row) = rows.next()? {
            let how = if row.get(2)? { How::List } else { How::Token };
            if !each(entry(token(row)?, how, revocation(row)?)) {
                return Ok(());
            }
        }
        Ok(())
    }
}

pub(super) fn find(statement: &mut Statement<'_>, trace: &Trace) -> Result<Option<Revocation>, LedgerError> {
    Ok(statement.query_row([trace.0], revocation).optional()?)
}

pub(super) fn revocation(row: &Row<'_>) -> rusqlite::Result<Revocation> {
    let (at, reason) = (row.get(0)?, row.get(1)?);
    Ok(Revocation { at, reason })
}

fn insert(add: &mut Statement<'_>, token: &TokenRecord<'_>, how: How, because: &Revocation) -> Result<(), LedgerError> {
    let (key_id, id) = (token.key_id.to_string(), token.id.map(|id| id.to_string()));
    add.execute(params![
        token.trace.0,
        because.at,
        because.reason,
        how == How::List,
        key_id,
        id,
        token.issued_at,
        token.expires_at,
        token.stored_claims()
    ])?;
    Ok(())
}

fn token(row: &Row<'_>) -> Result<Target, LedgerError> {
    let (key_id, id): (String, Option<String>) = (row.get(4)?, row.get(5)?);
    let claims: Option<Vec<u8>> = row.get(8)?;
    let claims = claims.as_deref().map(Claims::restore).transpose();
    let claims = claims.map_err(|_| LedgerError::Damaged)?;
    Ok(Target::Token {
        trace: Trace(row.get(3)?),
        key_id: KeyId::parse(&key_id).ok_or(LedgerError::Damaged)?,
        id: id.as_deref().and_then(TokenId::parse),
        issued_at: row.get(6)?,
        expires_at: row.get(7)?,
        claims: claims.map(|claims| claims.iter().map(Claim::to_texts).collect()),
    })
}
