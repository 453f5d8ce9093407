//! What stands in a leaf, read and never trusted: a file may be damaged.

use super::status_of;
use crate::claims::Claims;
use crate::key::KeyId;
use crate::ledger::head::{HAS_CLAIMS, HAS_ID};
use crate::ledger::records::{Checks, TokenRecord, Uses};
use crate::ledger::{LedgerError, QUARTER};
use crate::token::Trace;

/// Reads a head that [`push_head`] wrote.
pub(in crate::ledger) fn read_head(trace: Trace, head: &[u8]) -> Result<TokenRecord<'_>, LedgerError> {
    Reader { rest: head }.record(trace).ok_or(LedgerError::Damaged)
}

/// A token of a leaf, not looked into.
pub(in crate::ledger) struct Token<'a> {
    pub(in crate::ledger) trace: Trace,
    pub(super) bytes: &'a [u8],
    pub(super) body: &'a [u8],
}

/// The tokens of a leaf.
pub(in crate::ledger) fn tokens(leaf: &[u8]) -> impl Iterator<Item = Result<Token<'_>, LedgerError>> {
    let mut reader = Reader { rest: leaf };
    std::iter::from_fn(move || (!reader.rest.is_empty()).then(|| reader.token().ok_or(LedgerError::Damaged)))
}

impl<'a> Token<'a> {
    pub(in crate::ledger) fn record(&self) -> Result<TokenRecord<'a>, LedgerError> {
        let mut reader = Reader { rest: self.body };
        reader.record(self.trace).ok_or(LedgerError::Damaged)
    }
}

impl TokenRecord<'_> {
    /// Its checks, in the order of their time.
    ///
    /// # Errors
    /// When the ledger is damaged.
    pub fn checks(&self) -> impl Iterator<Item = Result<Checks, LedgerError>> {
        let mut reader = Reader { rest: self.checks };
        std::iter::from_fn(move || (!reader.rest.is_empty()).then(|| reader.checks().ok_or(LedgerError::Damaged)))
    }

    /// Its claims, as a column of a store keeps them.
    pub(in crate::ledger) fn stored_claims(&self) -> Option<Vec<u8>> {
        let claims = self.claims?;
        let mut bytes = Vec::with_capacity(claims.stored_length());
        claims.store(&mut bytes);
        Some(bytes)
    }

    /// All its checks together.
    ///
    /// # Errors
    /// When the ledger is damaged.
    pub fn uses(&self) -> Result<Uses, LedgerError> {
        let mut uses = Uses::default();
        for checks in self.checks() {
            uses.add(&checks?);
        }
        Ok(uses)
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.take(1)?[0];
            number |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return Some(number);
            }
        }
        None
    }

    fn small(&mut self) -> Option<u32> {
        self.number()?.try_into().ok()
    }

    fn time(&mut self) -> Option<Option<u32>> {
        let seconds = u32::from_be_bytes(self.array()?);
        Some((seconds != 0).then_some(seconds))
    }

    fn token(&mut self) -> Option<Token<'a>> {
        let start = self.rest;
        let trace = Trace(self.array()?);
        let length = self.number()?;
        let body = self.take(length.try_into().ok()?)?;
        Some(Token {
            trace,
            bytes: &start[..start.len() - self.rest.len()],
            body,
        })
    }

    fn record(&mut self, trace: Trace) -> Option<TokenRecord<'a>> {
        let (issued_at, expires_at) = (self.time()?, self.time()?);
        let key_id = KeyId(self.array()?);
        let parts = self.take(1)?[0];
        let id = (parts & HAS_ID != 0).then(|| trace.id());
        let claims = match parts & HAS_CLAIMS {
            0 => None,
            _ => {
                let length = self.number()?;
                Some(Claims::restore(self.take(length.try_into().ok()?)?).ok()?)
            }
        };
        Some(TokenRecord {
            trace,
            key_id,
            id,
            issued_at,
            expires_at,
            claims,
            checks: self.rest,
        })
    }

    fn checks(&mut self) -> Option<Checks> {
        let start = self.small()?.checked_mul(QUARTER)?;
        let status = status_of(self.take(1)?[0])?;
        let count = self.number()?;
        let (first, last) = (self.small()?, self.small()?);
        Some(Checks {
            status,
            count,
            first: start.checked_add(first)?,
            last: start.checked_add(last)?,
        })
    }
}
