//! What is known of tokens before their checks are counted.

use super::super::LedgerError;
use super::super::records::{Known, Question};
use super::{Sqlite, counting, replacing, revoking};
use crate::claims::Claims;
use crate::token::Revocation;
use rusqlite::{OptionalExtension, Statement, params};

impl Sqlite {
    /// Statements are prepared once for all tokens, and one transaction takes the lock once.
    pub(in crate::ledger) fn known(&self, tokens: &[Question<'_>]) -> Result<Vec<Known>, LedgerError> {
        let connection = self.begin();
        let transaction = connection.unchecked_transaction()?;
        let mut revoked = connection.prepare(revoking::FIND)?;
        let mut revoked_claim = connection.prepare(revoking::FIND_CLAIM)?;
        let mut replaced = connection.prepare(replacing::FIND)?;
        let mut leaf = connection.prepare(counting::LEAF_OF)?;
        let one = |token: &Question<'_>| -> Result<Known, LedgerError> {
            self.patience.restart();
            let own = revoking::find(&mut revoked, &token.trace)?;
            Ok(Known {
                revocation: match own {
                    None => of_claims(&mut revoked_claim, token.claims)?,
                    own => own,
                },
                replaced_by: replacing::find(&mut replaced, &token.trace)?,
                uses: match token.uses {
                    true => Some(counting::uses_in(&mut leaf, &token.trace)?),
                    false => None,
                },
            })
        };
        let known = tokens.iter().map(one).collect::<Result<_, _>>()?;
        transaction.commit()?;
        Ok(known)
    }
}

fn of_claims(find: &mut Statement<'_>, claims: Claims<'_>) -> Result<Option<Revocation>, LedgerError> {
    for claim in claims.iter() {
        let found = find.query_row(params![claim.name, claim.value.to_string()], revoking::revocation);
        if let Some(found) = found.optional()? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}
