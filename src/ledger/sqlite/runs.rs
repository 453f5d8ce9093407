//! The runs of `generate`: what was sent, for what comes back to be held against.

use super::Sqlite;
use crate::key::KeyId;
use crate::ledger::LedgerError;
use crate::ledger::records::Run;
use crate::token::TokenId;
use rusqlite::params;

impl Sqlite {
    pub(in crate::ledger) fn record(&mut self, run: &Run) -> Result<(), LedgerError> {
        let transaction = self.write()?;
        let (first, last) = run.expiries.unzip();
        transaction.execute(
            "INSERT INTO runs VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, NULL)",
            params![
                run.at,
                run.key_id.to_string(),
                run.rows,
                run.issued_at,
                run.first_id.to_string(),
                first,
                last,
                run.never,
                run.input,
                run.repeat
            ],
        )?;
        let number = transaction.last_insert_rowid();
        {
            let mut add = transaction.prepare("INSERT INTO campaigns VALUES (?1, ?2, ?3, ?4)")?;
            for (place, (campaign, rows)) in run.campaigns.iter().enumerate() {
                add.execute(params![number, place, campaign, rows])?;
            }
        }
        Ok(transaction.commit()?)
    }

    pub(in crate::ledger) fn runs(&self) -> Result<Vec<Run>, LedgerError> {
        let mut campaigns = self
            .begin()?
            .prepare("SELECT campaign, tokens FROM campaigns WHERE run = ?1 ORDER BY place")?;
        let mut all = self.begin()?.prepare(
            "SELECT number, at, key_id, tokens, issued_at, first_id, first_expiry, last_expiry, never, input, repeat,
            pruned_at FROM runs ORDER BY number",
        )?;
        let mut rows = all.query([])?;
        let mut runs = Vec::new();
        while let Some(row) = rows.next()? {
            let number: i64 = row.get(0)?;
            let (key_id, first_id): (String, String) = (row.get(2)?, row.get(5)?);
            let (first, last): (Option<u32>, Option<u32>) = (row.get(6)?, row.get(7)?);
            let of_run = campaigns.query_map([number], |row| Ok((row.get(0)?, row.get(1)?)))?;
            runs.push(Run {
                at: row.get(1)?,
                key_id: KeyId::parse(&key_id).ok_or(LedgerError::Damaged)?,
                rows: row.get(3)?,
                issued_at: row.get(4)?,
                first_id: TokenId::parse(&first_id).ok_or(LedgerError::Damaged)?,
                expiries: first.zip(last),
                never: row.get(8)?,
                campaigns: of_run.collect::<Result<_, _>>()?,
                input: row.get(9)?,
                repeat: row.get(10)?,
                pruned_at: row.get(11)?,
            });
        }
        Ok(runs)
    }
}
