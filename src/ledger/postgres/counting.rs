//! Checks into rows.

use super::Postgres;
use super::rows::{self, AT_A_TIME, Tokens};
use super::session::Params;
use crate::ledger::leaf::{self, Order};
use crate::ledger::records::{Checks, TokenRecord, Uses};
use crate::ledger::{LedgerError, QUARTER, Sightings};
use crate::moment::UnixTime;
use crate::token::Trace;
use std::collections::HashMap;
use tokio_postgres::Row;

/// The rows of the tokens are taken first and in the order of the arrays, and hold back whoever counts the same token.
const COUNT: &str = "
    WITH counted AS (
        INSERT INTO linkmint.checks AS known
        SELECT trace, $1::int4, status, count, $2::int8, $2::int8
        FROM unnest($3::bytea[], $4::int2[], $5::int8[]) AS new (trace, status, count)
        ON CONFLICT (trace, quarter, status) DO UPDATE SET count = known.count + excluded.count,
            first_at = least(known.first_at, excluded.first_at), last_at = greatest(known.last_at, excluded.last_at)
    )
    INSERT INTO linkmint.tokens AS known
    SELECT trace, key_id, id, issued_at, expires_at, claims, count, $2::int8, $2::int8
    FROM unnest($6::bytea[], $7::text[], $8::text[], $9::int8[], $10::int8[], $11::bytea[], $12::int8[])
        AS new (trace, key_id, id, issued_at, expires_at, claims, count)
    ON CONFLICT (trace) DO UPDATE SET count = known.count + excluded.count,
        first_at = least(known.first_at, excluded.first_at), last_at = greatest(known.last_at, excluded.last_at),
        claims = coalesce(known.claims, excluded.claims)
    RETURNING trace, count, first_at, last_at";

/// What a statement says of each token.
type Sums = HashMap<Trace, Uses>;

impl Postgres {
    pub(in crate::ledger) fn count(&mut self, sightings: &Sightings, now: UnixTime) -> Result<Vec<Uses>, LedgerError> {
        let mut uses = vec![Uses::default(); sightings.len()];
        if sightings.is_empty() {
            return Ok(uses);
        }
        let order = leaf::order(sightings);
        let tokens: Vec<&Order> = order.chunk_by(|one, next| one.0 == next.0).collect();
        if tokens.len() <= AT_A_TIME {
            let sums =
                self.write_once(|client| count_some(|params| client.query(COUNT, params), &tokens, sightings, now))?;
            tell(&tokens, &sums, &mut uses)?;
            return Ok(uses);
        }
        self.write(|transaction| {
            let statement = transaction.prepare(COUNT)?;
            for tokens in tokens.chunks(AT_A_TIME) {
                let ask = |params: Params<'_>| transaction.query(&statement, params);
                let sums = count_some(ask, tokens, sightings, now)?;
                tell(tokens, &sums, &mut uses)?;
            }
            Ok(())
        })?;
        Ok(uses)
    }

    pub(in crate::ledger) fn uses_of(&self, sightings: &Sightings) -> Result<Vec<Uses>, LedgerError> {
        let find = "SELECT trace, count, first_at, last_at FROM linkmint.tokens WHERE trace = ANY ($1::bytea[])";
        let mut uses = Vec::with_capacity(sightings.len());
        for part in sightings.all.chunks(AT_A_TIME) {
            let sums = sums(&self.client()?.query(find, &[&rows::traces(part)])?)?;
            uses.extend(part.iter().map(|one| sums.get(&one.trace).copied().unwrap_or_default()));
        }
        Ok(uses)
    }
}

fn sums(rows: &[Row]) -> Result<Sums, LedgerError> {
    let sum = |row| {
        let uses = Uses {
            count: rows::number(row, 1)?,
            first: rows::time(row, 2)?,
            last: rows::time(row, 3)?,
        };
        Ok((rows::trace(row, 0)?, uses))
    };
    rows.iter().map(sum).collect()
}

fn count_some(
    ask: impl FnOnce(Params<'_>) -> Result<Vec<Row>, LedgerError>,
    tokens: &[&Order],
    sightings: &Sightings,
    now: UnixTime,
) -> Result<Sums, LedgerError> {
    let (mut known, mut counts) = (Tokens::default(), Vec::new());
    let (mut traces, mut statuses, mut checks) = (Vec::new(), Vec::new(), Vec::new());
    for order in tokens {
        let record = record(order, sightings)?;
        let mut codes: Vec<_> = order
            .iter()
            .map(|(_, index)| i16::from(leaf::code_of(sightings.all[*index as usize].status)))
            .collect();
        codes.sort_unstable();
        for alike in codes.chunk_by(i16::eq) {
            traces.push(record.trace.0.to_vec());
            statuses.push(alike[0]);
            checks.push(alike.len() as i64);
        }
        known.add(&record);
        counts.push(order.len() as i64);
    }
    let (quarter, now) = ((now.0 / QUARTER).cast_signed(), i64::from(now.0));
    let found = ask(&[
        &quarter,
        &now,
        &traces,
        &statuses,
        &checks,
        &known.traces,
        &known.key_ids,
        &known.ids,
        &known.issued_at,
        &known.expires_at,
        &known.claims,
        &counts,
    ])?;
    sums(&found)
}

/// What is kept of a token: of its checks the first one that has its claims, or any.
fn record<'s>(order: &Order, sightings: &'s Sightings) -> Result<TokenRecord<'s>, LedgerError> {
    let of = |index: u32| {
        let index = index as usize;
        leaf::read_head(sightings.all[index].trace, sightings.head(index))
    };
    let first = of(order[0].1)?;
    if first.claims.is_some() {
        return Ok(first);
    }
    for (_, index) in &order[1..] {
        let other = of(*index)?;
        if other.claims.is_some() {
            return Ok(other);
        }
    }
    Ok(first)
}

/// Tells each check of these tokens how often its token was checked by then; all of them were at the same time.
fn tell(tokens: &[&Order], sums: &Sums, uses: &mut [Uses]) -> Result<(), LedgerError> {
    for order in tokens {
        let trace = Trace(order[0].0.to_be_bytes());
        let sum = sums.get(&trace).ok_or(LedgerError::Damaged)?;
        let before = sum.count.checked_sub(order.len() as u64).ok_or(LedgerError::Damaged)?;
        for ((_, index), count) in order.iter().zip(before + 1..) {
            uses[*index as usize] = Uses { count, ..*sum };
        }
    }
    Ok(())
}

impl Checks {
    pub(super) fn of_row(row: &Row, column: usize) -> Result<Self, LedgerError> {
        let code: i16 = row.try_get(column)?;
        let status = u8::try_from(code).ok().and_then(leaf::status_of);
        Ok(Self {
            status: status.ok_or(LedgerError::Damaged)?,
            count: rows::number(row, column + 1)?,
            first: rows::number(row, column + 2)?,
            last: rows::number(row, column + 3)?,
        })
    }
}
