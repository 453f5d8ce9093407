//! Which token was made in the place of which.

use super::Postgres;
use super::rows::AT_A_TIME;
use crate::ledger::LedgerError;
use crate::ledger::records::Replacement;
use crate::token::Trace;
use std::collections::BTreeMap;

const ADD: &str = "
    INSERT INTO linkmint.replaced
    SELECT * FROM unnest($1::bytea[], $2::int8[], $3::text[], $4::text[], $5::int8[])
    ON CONFLICT (trace) DO UPDATE SET replaced_at = excluded.replaced_at, key_id = excluded.key_id, id = excluded.id,
        expires_at = excluded.expires_at";

impl Postgres {
    pub(in crate::ledger) fn replace(&mut self, tokens: &[(Trace, Replacement)]) -> Result<(), LedgerError> {
        // one statement changes no row twice, and two processes must not wait for each other's rows
        let last: BTreeMap<&Trace, &Replacement> = tokens.iter().map(|(trace, by)| (trace, by)).collect();
        let last: Vec<_> = last.into_iter().collect();
        self.write(|transaction| {
            for part in last.chunks(AT_A_TIME) {
                let traces: Vec<&[u8]> = part.iter().map(|(trace, _)| &trace.0[..]).collect();
                let times: Vec<i64> = part.iter().map(|(_, by)| by.at.into()).collect();
                let key_ids: Vec<String> = part.iter().map(|(_, by)| by.key_id.to_string()).collect();
                let ids: Vec<String> = part.iter().map(|(_, by)| by.id.to_string()).collect();
                let expiries: Vec<Option<i64>> = part.iter().map(|(_, by)| by.expires_at.map(i64::from)).collect();
                transaction.execute(ADD, &[&traces, &times, &key_ids, &ids, &expiries])?;
            }
            Ok(())
        })
    }
}
