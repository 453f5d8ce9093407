//! What is known of tokens before their checks are counted.

use super::{Sqlite, counting, replacing, revoking};
use crate::claims::Claims;
use crate::ledger::LedgerError;
use crate::ledger::records::{Known, Question};
use crate::token::Revocation;
use rusqlite::{Connection, OptionalExtension, Statement, params};

/// The primary key begins with the name, so that each takes one step.
const FIRST_NAME: &str = "SELECT min(name) FROM revoked_claims";
const NEXT_NAME: &str = "SELECT name FROM revoked_claims WHERE name > ?1 ORDER BY name LIMIT 1";
/// So many names are looked up one by one.
const FEW: usize = 16;

impl Sqlite {
    /// One transaction takes the lock once.
    pub(in crate::ledger) fn known(&self, tokens: &[Question<'_>]) -> Result<Vec<Known>, LedgerError> {
        let connection = self.begin()?;
        let transaction = connection.unchecked_transaction()?;
        let mut revoked = connection.prepare_cached(revoking::FIND)?;
        let names = revoked_names(connection)?;
        let mut revoked_claim = connection.prepare_cached(revoking::FIND_CLAIM)?;
        let mut replaced = connection.prepare_cached(replacing::FIND)?;
        let mut leaf = match tokens.iter().any(|token| token.uses) {
            true => Some(connection.prepare_cached(counting::LEAF_OF)?),
            false => None,
        };
        let one = |token: &Question<'_>| -> Result<Known, LedgerError> {
            self.patience.restart();
            let own = revoking::find(&mut revoked, &token.trace)?;
            Ok(Known {
                revocation: match own {
                    None => of_claims(&mut revoked_claim, names.as_deref(), token.claims)?,
                    own => own,
                },
                replaced_by: replacing::find(&mut replaced, &token.trace)?,
                uses: match &mut leaf {
                    Some(leaf) if token.uses => Some(counting::uses_in(leaf, &token.trace)?),
                    _ => None,
                },
            })
        };
        let known = tokens.iter().map(one).collect::<Result<_, _>>()?;
        transaction.commit()?;
        Ok(known)
    }
}

/// The names of all revoked claims, where they are few: of most names no claim is ever revoked.
fn revoked_names(connection: &Connection) -> Result<Option<Vec<String>>, LedgerError> {
    let mut next = connection.prepare_cached(NEXT_NAME)?;
    let mut name: Option<String> = connection.query_row(FIRST_NAME, [], |row| row.get(0))?;
    let mut names = Vec::new();
    while let Some(found) = name {
        if names.len() == FEW {
            return Ok(None);
        }
        name = next.query_row([&found], |row| row.get(0)).optional()?;
        names.push(found);
    }
    Ok(Some(names))
}

/// Why one of these claims is revoked. `names` are the only ones to be asked about; without them, all are.
fn of_claims(
    find: &mut Statement<'_>,
    names: Option<&[String]>,
    claims: Claims<'_>,
) -> Result<Option<Revocation>, LedgerError> {
    for claim in claims.iter() {
        if names.is_some_and(|names| names.iter().all(|name| name != claim.name)) {
            continue;
        }
        let found = find.query_row(params![claim.name, claim.value.to_string()], revoking::revocation);
        if let Some(found) = found.optional()? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}
