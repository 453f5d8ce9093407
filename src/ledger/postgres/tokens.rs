//! All tokens one after the other, and those that are of no use any more.

use super::{Postgres, rows};
use crate::ledger::LedgerError;
use crate::ledger::records::{Checks, TokenRecord};
use crate::moment::UnixTime;
use tokio_postgres::Row;

const ALL: &str = "
    SELECT trace, key_id, id, issued_at, expires_at, claims, status, checks.count, checks.first_at, checks.last_at
    FROM linkmint.tokens JOIN linkmint.checks USING (trace) ORDER BY trace, quarter, status";
/// Whoever counts waits until the checks of these are gone as well.
const LOCK: &str = "LOCK TABLE linkmint.tokens IN SHARE ROW EXCLUSIVE MODE";
const PRUNE: &str = "
    WITH expired AS (
        DELETE FROM linkmint.tokens
        WHERE trace IN (SELECT trace FROM linkmint.tokens WHERE expires_at <= $1 LIMIT $2) RETURNING trace
    ), gone AS (
        DELETE FROM linkmint.checks USING expired WHERE checks.trace = expired.trace
    )
    SELECT count(*) FROM expired";
/// So many tokens are forgotten in one transaction, so that nobody waits for long.
const TOKENS_AT_A_TIME: i64 = 20_000;

impl Postgres {
    pub(in crate::ledger) fn tokens(
        &self,
        mut each: impl FnMut(&TokenRecord<'_>) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        self.read(|transaction| {
            let mut found = transaction.rows(ALL)?;
            let mut token: Option<Row> = None;
            let mut checks = Vec::new();
            while let Some(row) = found.next()? {
                let one = Checks::of_row(&row, 6)?;
                if let Some(last) = token.take_if(|last| rows::trace(last, 0).ok() != rows::trace(&row, 0).ok()) {
                    each(&record(&last, &checks)?)?;
                    checks.clear();
                }
                one.write(&mut checks);
                token.get_or_insert(row);
            }
            if let Some(last) = token {
                each(&record(&last, &checks)?)?;
            }
            Ok(())
        })
    }

    pub(in crate::ledger) fn prune(&mut self, now: UnixTime) -> Result<u64, LedgerError> {
        let now = i64::from(now.0);
        // first: a process that is killed leaves no run with too low a number of tokens that came back
        let of_runs = "UPDATE linkmint.runs SET pruned_at = $1 WHERE first_expiry <= $1";
        self.write(|transaction| transaction.execute(of_runs, &[&now]))?;
        let mut dropped = 0;
        loop {
            let some: i64 = self.write(|transaction| {
                transaction.batch_execute(LOCK)?;
                Ok(transaction.query_one(PRUNE, &[&now, &TOKENS_AT_A_TIME])?.try_get(0)?)
            })?;
            dropped += some.cast_unsigned();
            if some < TOKENS_AT_A_TIME {
                break;
            }
        }
        let expired = "DELETE FROM linkmint.revoked_tokens WHERE expires_at <= $1";
        self.write(|transaction| transaction.execute(expired, &[&now]))?;
        // an old token has mostly expired long ago: it is asked about as long as the new one is in use
        let replaced = "DELETE FROM linkmint.replaced WHERE expires_at <= $1";
        self.write(|transaction| transaction.execute(replaced, &[&now]))?;
        Ok(dropped)
    }
}

fn record<'r>(row: &'r Row, checks: &'r [u8]) -> Result<TokenRecord<'r>, LedgerError> {
    Ok(TokenRecord {
        trace: rows::trace(row, 0)?,
        key_id: rows::key_id(row, 1)?,
        id: rows::token_id(row, 2)?,
        issued_at: rows::time(row, 3)?,
        expires_at: rows::time(row, 4)?,
        claims: rows::claims(row, 5)?,
        checks,
    })
}
