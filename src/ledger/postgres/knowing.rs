//! What is known of tokens before their checks are counted.

use super::Postgres;
use super::rows::{self, AT_A_TIME};
use crate::ledger::LedgerError;
use crate::ledger::records::{Known, Question, Replacement, Uses};
use tokio_postgres::Row;

/// A row for each thing that is known of a token, in one statement for all: the way to the server takes longer than all
/// that it does. Each begins with the token's place; of revocations, that of the token itself comes first, then those
/// of its claims in their order.
const FIND: &str = "
    WITH asked AS (SELECT * FROM unnest($1::bytea[], $2::bool[]) WITH ORDINALITY AS asked (trace, uses, token)),
    own AS (SELECT * FROM unnest($3::int8[], $4::text[], $5::text[]) WITH ORDINALITY AS own (token, name, value, place))
    SELECT token, 0::int8 AS place, revoked_at, reason, NULL::text, NULL::int8, NULL::int8
        FROM asked JOIN linkmint.revoked_tokens USING (trace)
    UNION ALL
    SELECT token, place, revoked_at, reason, NULL, NULL, NULL FROM own JOIN linkmint.revoked_claims USING (name, value)
    UNION ALL
    SELECT token, -1, replaced_at, key_id, id, expires_at, NULL FROM asked JOIN linkmint.replaced USING (trace)
    UNION ALL
    SELECT token, -2, count, NULL, NULL, first_at, last_at FROM asked JOIN linkmint.tokens USING (trace) WHERE uses
    ORDER BY token, place";
/// Places in front of those of revocations.
const REPLACED: i64 = -1;
const USES: i64 = -2;

impl Postgres {
    pub(in crate::ledger) fn known(&self, tokens: &[Question<'_>]) -> Result<Vec<Known>, LedgerError> {
        let mut known = Vec::with_capacity(tokens.len());
        for tokens in tokens.chunks(AT_A_TIME) {
            self.add_known(tokens, &mut known)?;
        }
        Ok(known)
    }

    fn add_known(&self, tokens: &[Question<'_>], known: &mut Vec<Known>) -> Result<(), LedgerError> {
        let traces: Vec<&[u8]> = tokens.iter().map(|token| &token.trace.0[..]).collect();
        let asks_uses: Vec<bool> = tokens.iter().map(|token| token.uses).collect();
        let (mut places, mut names, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for (token, place) in tokens.iter().zip(1_i64..) {
            for claim in token.claims.iter() {
                let value = claim.value.to_string();
                // a text on a server has no zero character, and so nothing with one is revoked there
                if !value.contains('\0') {
                    places.push(place);
                    names.push(claim.name);
                    values.push(value);
                }
            }
        }
        let found = self
            .client()?
            .query(FIND, &[&traces, &asks_uses, &places, &names, &values])?;
        let start = known.len();
        known.extend(tokens.iter().map(|token| Known {
            uses: token.uses.then(Uses::default),
            ..Known::default()
        }));
        for row in &found {
            let token: usize = rows::number(row, 0)?;
            let token = token.checked_sub(1).and_then(|token| known.get_mut(start + token));
            note(row, token.ok_or(LedgerError::Damaged)?)?;
        }
        Ok(())
    }
}

fn note(row: &Row, known: &mut Known) -> Result<(), LedgerError> {
    match row.try_get(1)? {
        USES => {
            known.uses = Some(Uses {
                count: rows::number(row, 2)?,
                first: rows::time(row, 5)?,
                last: rows::time(row, 6)?,
            });
        }
        REPLACED => {
            known.replaced_by = Some(Replacement {
                key_id: rows::key_id(row, 3)?,
                id: rows::token_id(row, 4)?.ok_or(LedgerError::Damaged)?,
                at: rows::number(row, 2)?,
                expires_at: rows::time(row, 5)?,
            });
        }
        _ if known.revocation.is_none() => known.revocation = Some(rows::revocation(row, 2)?),
        _ => {}
    }
    Ok(())
}
