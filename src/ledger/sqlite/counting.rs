//! Checks into leaves, and out of them again.

use super::Sqlite;
use super::patience::Patience;
use crate::ledger::leaf::{self, Builder, Counting, Order};
use crate::ledger::records::{TokenRecord, Uses};
use crate::ledger::{LedgerError, Sightings};
use crate::moment::UnixTime;
use crate::token::Trace;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Statement, Transaction, params};

/// The leaf that a number belongs to.
pub(super) const LEAF_OF: &str = "SELECT number, tokens FROM leaves WHERE number <= ?1 ORDER BY number DESC LIMIT 1";
const NEXT_LEAF: &str = "SELECT number, tokens FROM leaves WHERE number > ?1 ORDER BY number LIMIT 1";
const NEXT_NUMBER: &str = "SELECT number FROM leaves WHERE number > ?1 ORDER BY number LIMIT 1";
const CHANGE: &str = "UPDATE leaves SET tokens = ?2 WHERE number = ?1";
const ADD: &str = "INSERT INTO leaves VALUES (?1, ?2)";
/// So many leaves are looked through in one transaction, so that nobody waits for long.
const LEAVES_AT_A_TIME: usize = 4_000;

impl Sqlite {
    pub(in crate::ledger) fn count(&mut self, sightings: &Sightings, now: UnixTime) -> Result<Vec<Uses>, LedgerError> {
        let mut uses = vec![Uses::default(); sightings.len()];
        if sightings.is_empty() {
            return Ok(uses);
        }
        let order = leaf::order(sightings);
        let mut counting = Counting {
            sightings,
            now: now.0,
            uses: &mut uses,
        };
        let patience = self.patience.clone();
        let transaction = self.write()?;
        count_in_order(&transaction, &order, &mut counting, &patience)?;
        transaction.commit()?;
        Ok(uses)
    }

    pub(in crate::ledger) fn uses_of(&self, sightings: &Sightings) -> Result<Vec<Uses>, LedgerError> {
        let mut find = self.begin()?.prepare(LEAF_OF)?;
        let all = sightings.all.iter();
        all.map(|sighting| {
            self.patience.restart();
            uses_in(&mut find, &sighting.trace)
        })
        .collect()
    }

    pub(in crate::ledger) fn tokens(
        &self,
        mut each: impl FnMut(&TokenRecord<'_>) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        let mut all = self.begin()?.prepare("SELECT tokens FROM leaves ORDER BY number")?;
        let mut rows = all.query([])?;
        while let Some(row) = rows.next()? {
            for token in leaf::tokens(blob(row, 0)?) {
                each(&token?.record()?)?;
            }
        }
        Ok(())
    }

    pub(in crate::ledger) fn prune(&mut self, now: UnixTime) -> Result<u64, LedgerError> {
        // first: a process that is killed leaves no run with too low a number of tokens that came back
        let of_runs = "UPDATE runs SET pruned_at = ?1 WHERE first_expiry <= ?1";
        self.begin()?.execute(of_runs, [now.0])?;
        let (mut dropped, mut next) = (0, Some(0));
        while let Some(number) = next {
            let transaction = self.write()?;
            next = prune_leaves(&transaction, number, now, &mut dropped)?;
            transaction.commit()?;
        }
        let expired = "DELETE FROM revoked_tokens WHERE expires_at <= ?1";
        self.begin()?.execute(expired, [now.0])?;
        // an old token has mostly expired long ago: it is asked about as long as the new one is in use
        let replaced = "DELETE FROM replaced WHERE expires_at <= ?1";
        self.begin()?.execute(replaced, [now.0])?;
        Ok(dropped)
    }
}

pub(super) fn uses_in(find: &mut Statement<'_>, trace: &Trace) -> Result<Uses, LedgerError> {
    with_leaf(find, leaf::number_of(trace), |_, leaf| {
        for token in leaf::tokens(leaf) {
            let token = token?;
            if token.trace == *trace {
                return token.record()?.uses();
            }
        }
        Ok(Uses::default())
    })
}

fn count_in_order(
    transaction: &Transaction<'_>,
    order: &Order,
    counting: &mut Counting<'_>,
    patience: &Patience,
) -> Result<(), LedgerError> {
    let mut find = transaction.prepare_cached(LEAF_OF)?;
    let mut find_next = transaction.prepare_cached(NEXT_NUMBER)?;
    let mut leaves = Leaves::new(transaction)?;
    let mut builder = Builder::default();
    let mut rest = order;
    while let Some((first, _)) = rest.first() {
        patience.restart();
        let number = leaf::number_at(*first);
        let next = match rest.len() {
            // wherever the next leaf begins
            1 => None,
            _ => find_next.query_row([number], |row| row.get(0)).optional()?,
        };
        let is_beyond = |(key, _): &(u128, u32)| next.is_some_and(|next| leaf::number_at(*key) >= next);
        let end = rest.iter().position(is_beyond).unwrap_or(rest.len());
        let (own, others) = rest.split_at(end);
        let number = with_leaf(&mut find, number, |number, leaf| {
            builder.merge(leaf, own, counting)?;
            Ok(number)
        })?;
        leaves.replace(number, &builder)?;
        rest = others;
    }
    Ok(())
}

/// Goes through some leaves from `number` on; the number of the next one.
fn prune_leaves(
    transaction: &Transaction<'_>,
    number: i64,
    now: UnixTime,
    dropped: &mut u64,
) -> Result<Option<i64>, LedgerError> {
    let mut find = transaction.prepare(LEAF_OF)?;
    let mut find_next = transaction.prepare(NEXT_LEAF)?;
    let mut leaves = Leaves::new(transaction)?;
    let mut builder = Builder::default();
    let mut place = number;
    for turn in 0..LEAVES_AT_A_TIME {
        let mut keep = |token: &TokenRecord<'_>| {
            let kept = token.expires_at.is_none_or(|expiry| expiry > now.0);
            *dropped += u64::from(!kept);
            kept
        };
        let retain = |number, leaf: &[u8]| Ok((number, builder.retain(leaf, &mut keep)?));
        let (number, kept_all) = match turn {
            0 => with_leaf(&mut find, place, retain)?,
            _ => match find_next.query([place])?.next()? {
                Some(row) => {
                    let mut retain = retain;
                    retain(row.get(0)?, blob(row, 1)?)?
                }
                None => return Ok(None),
            },
        };
        if !kept_all {
            leaves.replace(number, &builder)?;
        }
        place = number;
    }
    Ok(Some(place))
}

/// The statements that write leaves.
struct Leaves<'c> {
    change: CachedStatement<'c>,
    add: CachedStatement<'c>,
}

impl<'c> Leaves<'c> {
    fn new(connection: &'c Connection) -> Result<Self, LedgerError> {
        Ok(Self {
            change: connection.prepare_cached(CHANGE)?,
            add: connection.prepare_cached(ADD)?,
        })
    }

    /// Writes what a leaf has become: itself, and those that were parted from it.
    fn replace(&mut self, number: i64, builder: &Builder) -> Result<(), LedgerError> {
        for (part, tokens) in builder.leaves(number) {
            let statement = if part == number {
                &mut self.change
            } else {
                &mut self.add
            };
            statement.execute(params![part, tokens])?;
        }
        Ok(())
    }
}

/// Hands over the leaf that a number belongs to.
fn with_leaf<T>(
    find: &mut Statement<'_>,
    number: i64,
    look: impl FnOnce(i64, &[u8]) -> Result<T, LedgerError>,
) -> Result<T, LedgerError> {
    let mut rows = find.query([number])?;
    // the first leaf has the number 0 and is never removed
    let row = rows.next()?.ok_or(LedgerError::Damaged)?;
    look(row.get(0)?, blob(row, 1)?)
}

fn blob<'r>(row: &'r rusqlite::Row<'_>, column: usize) -> Result<&'r [u8], LedgerError> {
    row.get_ref(column)?.as_blob().map_err(|_| LedgerError::Damaged)
}
