//! The runs of `generate`: what was sent, for what comes back to be held against.

use super::{Postgres, rows};
use crate::ledger::LedgerError;
use crate::ledger::records::Run;
use crate::token::TokenId;
use std::collections::HashMap;
use tokio_postgres::Row;

const ADD: &str = "
    INSERT INTO linkmint.runs (ran_at, key_id, tokens, issued_at, first_id, first_expiry, last_expiry, never, input, repeat)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING number";
const ADD_CAMPAIGNS: &str = "
    INSERT INTO linkmint.campaigns
    SELECT $1::int8, place, campaign, tokens
    FROM unnest($2::int4[], $3::text[], $4::int8[]) AS new (place, campaign, tokens)";
const ALL: &str = "
    SELECT number, ran_at, key_id, tokens, issued_at, first_id, first_expiry, last_expiry, never, input, repeat,
        pruned_at
    FROM linkmint.runs ORDER BY number";

/// The campaigns of each run.
type Campaigns = HashMap<i64, Vec<(String, u64)>>;

impl Postgres {
    pub(in crate::ledger) fn record(&mut self, run: &Run) -> Result<(), LedgerError> {
        let (first, last) = run.expiries.unzip();
        let (first, last) = (first.map(i64::from), last.map(i64::from));
        let (key_id, first_id) = (run.key_id.to_string(), run.first_id.to_string());
        let (at, issued_at) = (i64::from(run.at), i64::from(run.issued_at));
        let (tokens, never) = (run.rows.cast_signed(), run.never.cast_signed());
        let (input, repeat) = (storable(&run.input), storable(&run.repeat));
        let places: Vec<i32> = (0..).take(run.campaigns.len()).collect();
        let (names, counts): (Vec<_>, Vec<_>) = run
            .campaigns
            .iter()
            .map(|(name, count)| (storable(name), count.cast_signed()))
            .unzip();
        self.write(|transaction| {
            let added = transaction.query_one(
                ADD,
                &[
                    &at, &key_id, &tokens, &issued_at, &first_id, &first, &last, &never, &input, &repeat,
                ],
            )?;
            let number: i64 = added.try_get(0)?;
            transaction.execute(ADD_CAMPAIGNS, &[&number, &places, &names, &counts])?;
            Ok(())
        })
    }

    pub(in crate::ledger) fn runs(&self) -> Result<Vec<Run>, LedgerError> {
        self.read(|transaction| {
            let all = "SELECT run, campaign, tokens FROM linkmint.campaigns ORDER BY run, place";
            let mut campaigns = Campaigns::new();
            for row in transaction.query(all, &[])? {
                let of_run = campaigns.entry(row.try_get(0)?).or_default();
                of_run.push((row.try_get(1)?, rows::number(&row, 2)?));
            }
            let all = transaction.query(ALL, &[])?;
            all.iter().map(|row| run(row, &mut campaigns)).collect()
        })
    }
}

/// A text on a server has no zero character.
fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

fn run(row: &Row, campaigns: &mut Campaigns) -> Result<Run, LedgerError> {
    let number: i64 = row.try_get(0)?;
    Ok(Run {
        at: rows::number(row, 1)?,
        key_id: rows::key_id(row, 2)?,
        rows: rows::number(row, 3)?,
        issued_at: rows::number(row, 4)?,
        first_id: TokenId::parse(row.try_get(5)?).ok_or(LedgerError::Damaged)?,
        expiries: rows::time(row, 6)?.zip(rows::time(row, 7)?),
        never: rows::number(row, 8)?,
        campaigns: campaigns.remove(&number).unwrap_or_default(),
        input: row.try_get(9)?,
        repeat: row.try_get(10)?,
        pruned_at: rows::time(row, 11)?,
    })
}
