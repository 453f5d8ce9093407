//! Revoking tokens, and undoing that.
//!
//! Who does so holds the table, so that one comes after the other; whoever reads does not wait.

use super::Postgres;
use super::rows::{self, AT_A_TIME, Tokens};
use super::session::Transaction;
use crate::claims::Claim;
use crate::ledger::records::{How, Revoked, Target};
use crate::ledger::{LedgerError, Sightings, leaf};
use crate::token::{Revocation, Revocations, Trace};
use std::collections::{HashMap, HashSet};
use tokio_postgres::Row;

const FIND: &str = "SELECT trace, revoked_at, reason FROM linkmint.revoked_tokens WHERE trace = ANY ($1::bytea[])";
const FIND_CLAIM: &str = "SELECT revoked_at, reason FROM linkmint.revoked_claims WHERE name = $1 AND value = $2";
const ADD: &str = "
    INSERT INTO linkmint.revoked_tokens
    SELECT trace, $1::int8, $2::text, $3::bool, key_id, id, issued_at, expires_at, claims
    FROM unnest($4::bytea[], $5::text[], $6::text[], $7::int8[], $8::int8[], $9::bytea[])
        AS new (trace, key_id, id, issued_at, expires_at, claims)";
const REMOVE: &str = "DELETE FROM linkmint.revoked_tokens WHERE trace = ANY ($1::bytea[]) RETURNING trace";
const LOCK_TOKENS: &str = "LOCK TABLE linkmint.revoked_tokens IN SHARE ROW EXCLUSIVE MODE";
const LOCK_CLAIMS: &str = "LOCK TABLE linkmint.revoked_claims IN SHARE ROW EXCLUSIVE MODE";

impl Postgres {
    pub(in crate::ledger) fn revocations(&self) -> Result<Revocations, LedgerError> {
        let mut list = Revocations::default();
        self.read(|transaction| {
            let tokens = "SELECT revoked_at, reason, trace FROM linkmint.revoked_tokens";
            walk(transaction, tokens, |row| {
                list.add(rows::trace(row, 2)?, rows::revocation(row, 0)?);
                Ok(true)
            })?;
            let claims = "SELECT revoked_at, reason, name, value FROM linkmint.revoked_claims";
            walk(transaction, claims, |row| {
                list.add_claim(row.try_get(2)?, row.try_get(3)?, rows::revocation(row, 0)?);
                Ok(true)
            })
        })?;
        Ok(list)
    }

    pub(in crate::ledger) fn revoke(
        &mut self,
        tokens: &Sightings,
        how: How,
        because: &Revocation,
    ) -> Result<Vec<Option<Revocation>>, LedgerError> {
        self.write(|transaction| {
            transaction.batch_execute(LOCK_TOKENS)?;
            let mut before = Vec::with_capacity(tokens.len());
            for (part, sightings) in tokens.all.chunks(AT_A_TIME).enumerate() {
                let mut known = HashMap::new();
                for row in transaction.query(FIND, &[&rows::traces(sightings)])? {
                    known.insert(rows::trace(&row, 0)?, rows::revocation(&row, 1)?);
                }
                let mut new = Tokens::default();
                for (place, sighting) in sightings.iter().enumerate() {
                    let earlier = known.get(&sighting.trace).cloned();
                    if earlier.is_none() {
                        let head = tokens.head(part * AT_A_TIME + place);
                        new.add(&leaf::read_head(sighting.trace, head)?);
                        known.insert(sighting.trace, because.clone());
                    }
                    before.push(earlier);
                }
                add(transaction, &new, how, because)?;
            }
            Ok(before)
        })
    }

    pub(in crate::ledger) fn revoke_claim(
        &mut self,
        name: &str,
        value: &str,
        because: &Revocation,
    ) -> Result<Option<Revocation>, LedgerError> {
        self.write(|transaction| {
            transaction.batch_execute(LOCK_CLAIMS)?;
            let found = transaction.query(FIND_CLAIM, &[&name, &value])?;
            let earlier = found.first().map(|row| rows::revocation(row, 0)).transpose()?;
            if earlier.is_none() {
                let add = "INSERT INTO linkmint.revoked_claims VALUES ($1, $2, $3, $4)";
                transaction.execute(add, &[&name, &value, &i64::from(because.at), &because.reason])?;
            }
            Ok(earlier)
        })
    }

    pub(in crate::ledger) fn unrevoke(&mut self, tokens: &Sightings) -> Result<Vec<bool>, LedgerError> {
        self.write(|transaction| {
            transaction.batch_execute(LOCK_TOKENS)?;
            let mut were = Vec::with_capacity(tokens.len());
            for sightings in tokens.all.chunks(AT_A_TIME) {
                let removed = transaction.query(REMOVE, &[&rows::traces(sightings)])?;
                let mut removed: HashSet<Trace> = removed
                    .iter()
                    .map(|row| rows::trace(row, 0))
                    .collect::<Result<_, _>>()?;
                were.extend(sightings.iter().map(|sighting| removed.remove(&sighting.trace)));
            }
            Ok(were)
        })
    }

    pub(in crate::ledger) fn unrevoke_claim(&mut self, name: &str, value: &str) -> Result<bool, LedgerError> {
        let remove = "DELETE FROM linkmint.revoked_claims WHERE name = $1 AND value = $2";
        self.write(|transaction| Ok(transaction.execute(remove, &[&name, &value])? > 0))
    }

    pub(in crate::ledger) fn revoked(&self, mut each: impl FnMut(Revoked) -> bool) -> Result<(), LedgerError> {
        self.read(|transaction| {
            let claims = "SELECT revoked_at, reason, name, value FROM linkmint.revoked_claims
                ORDER BY revoked_at, name COLLATE \"C\", value COLLATE \"C\"";
            let mut wanted = true;
            walk(transaction, claims, |row| {
                let (name, value) = (row.try_get(2)?, row.try_get(3)?);
                wanted = each(Revoked {
                    target: Target::Claim { name, value },
                    how: How::Claim,
                    revocation: rows::revocation(row, 0)?,
                });
                Ok(wanted)
            })?;
            if !wanted {
                return Ok(());
            }
            let tokens = "SELECT revoked_at, reason, of_list, trace, key_id, id, issued_at, expires_at, claims
                FROM linkmint.revoked_tokens ORDER BY revoked_at, trace";
            walk(transaction, tokens, |row| {
                Ok(each(Revoked {
                    target: token(row)?,
                    how: if row.try_get(2)? { How::List } else { How::Token },
                    revocation: rows::revocation(row, 0)?,
                }))
            })
        })
    }
}

/// Goes through rows as they come, until `each` wants no more.
fn walk(
    transaction: &mut Transaction<'_>,
    statement: &str,
    mut each: impl FnMut(&Row) -> Result<bool, LedgerError>,
) -> Result<(), LedgerError> {
    let mut found = transaction.rows(statement)?;
    while let Some(row) = found.next()? {
        if !each(&row)? {
            break;
        }
    }
    Ok(())
}

fn add(transaction: &mut Transaction<'_>, new: &Tokens, how: How, because: &Revocation) -> Result<(), LedgerError> {
    let (at, of_list) = (i64::from(because.at), how == How::List);
    transaction.execute(
        ADD,
        &[
            &at,
            &because.reason,
            &of_list,
            &new.traces,
            &new.key_ids,
            &new.ids,
            &new.issued_at,
            &new.expires_at,
            &new.claims,
        ],
    )?;
    Ok(())
}

fn token(row: &Row) -> Result<Target, LedgerError> {
    Ok(Target::Token {
        trace: rows::trace(row, 3)?,
        key_id: rows::key_id(row, 4)?,
        id: rows::token_id(row, 5)?,
        issued_at: rows::time(row, 6)?,
        expires_at: rows::time(row, 7)?,
        claims: rows::claims(row, 8)?.map(|claims| claims.iter().map(Claim::to_texts).collect()),
    })
}
