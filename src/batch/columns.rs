//! Columns in, columns out: for engines that have a list as columns already, and know neither CSV nor a file.
//!
//! The rows go the way of a list's rows: the same rule, the same problems, likely mistakes and repeated customers. Only
//! where a row comes from differs, a [`Cells`] a column, and where its token goes: bytes with their ends, as Arrow has
//! texts. Rows count from 0, over all batches of a run.
//!
//! ```
//! use linkmint::batch::columns::{Batch, Cells, Spare, mint, narrow};
//! use linkmint::batch::generate::{Checks, Expiry, ExpiryPlan, Plan, RowForm, Values, customary_claims};
//! use linkmint::batch::NewCells;
//! use linkmint::moment::{TimeReader, Zone};
//! use linkmint::table::Header;
//! use linkmint::{Form, Keyring, Minter, Secret, TokenId, UnixTime};
//! use std::{num::NonZeroUsize, sync::Arc};
//!
//! struct Texts(Vec<&'static str>);
//! impl Cells for Texts {
//!     fn text(&self, row: usize) -> Option<&[u8]> {
//!         self.0.get(row).map(|text| text.as_bytes())
//!     }
//! }
//!
//! let ring = Keyring::of(Secret::draw()?);
//! let columns = vec!["name".to_owned(), "customer_id".to_owned()];
//! let header = Header::of_names(columns.clone());
//! let (now, later) = (UnixTime(1_790_000_000), UnixTime(1_790_086_400));
//! let plan = Plan {
//!     width: header.len(),
//!     claims: customary_claims(&header)?,
//!     expiry: ExpiryPlan::new(now, None, Some(Expiry::At(later)), TimeReader::new(Zone::utc()))?,
//!     expiry_format: None,
//!     link: None,
//!     places: NewCells::new([], b',', false),
//!     form: RowForm::Values(Values { columns, ids: None }),
//!     capitals: false,
//!     drawings: Default::default(),
//!     first_id: TokenId::draw()?,
//!     checks: Checks { strict: false, sealed: false, duplicates: true, dedupe: false, campaigns: None },
//!     keep: None,
//! };
//! // of all columns, those that are needed
//! let (plan, needed) = narrow(plan);
//! assert_eq!(needed, [0, 1]);
//! let (names, ids) = (Texts(vec!["Ann", "Bob"]), Texts(vec!["1234567", ""]));
//! let batch = Batch { rows: 2, columns: vec![&names, &ids], out_of_range: Vec::new() };
//! let minter = Minter::new(ring.signing_key(None)?, Form::default());
//! let (plan, spare) = (Arc::new(plan), Spare::default());
//! let (minted, report) = mint(&[batch], &plan, &minter, NonZeroUsize::MIN, &|| true, spare, |part| part)?;
//! assert_eq!((report.rows, report.rejected), (2, 1));
//! assert_eq!(minted[0].rejects, [(1, "column customer_id: the value is empty".to_owned())]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod drive;
mod narrow;

pub use narrow::narrow;

use super::Report;
use super::duplicates::{self, Collector, Turnstile};
use super::generate::{Generate, Plan};
use super::lint::Lint;
use super::pool::lock;
use super::run::taken;
use super::shared::FirstRows;
use super::values::Given;
use super::verify::{RowOutput, Verify, VerifyPlan};
use super::work::ChunkWorker;
use crate::token::{Minter, Status};
use drive::{Columns, drive};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

/// The texts of one column.
pub trait Cells: Sync {
    /// What the cell of a row says; nothing where it is null. It should be UTF-8, and is looked through for that: what is
    /// not gets no token, and is no token and no claim's value.
    fn text(&self, row: usize) -> Option<&[u8]>;
}

/// A column that says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Blank;

impl Cells for Blank {
    fn text(&self, _row: usize) -> Option<&[u8]> {
        None
    }
}

/// So many rows at once.
pub struct Batch<'a> {
    /// How many.
    pub rows: usize,
    /// As many columns as the plan has, in its order.
    pub columns: Vec<&'a dyn Cells>,
    /// Cells whose values have no text, each by its row and its column, in the order of the rows: such a row gets no token,
    /// and in a check the cell is no token and no claim's value.
    pub out_of_range: Vec<(usize, usize)>,
}

/// Texts in one, as Arrow has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    /// All of them, without anything between.
    pub bytes: Vec<u8>,
    /// Where each ends, after a 0 where the first begins.
    pub ends: Vec<i32>,
}

/// What rows of one batch were given. A rejected row has an empty token and link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Minted {
    /// Tokens.
    pub tokens: Texts,
    /// Links; all empty where there are tokens only.
    pub links: Texts,
    /// Seconds since 1970; 0 is never.
    pub expires_at: Vec<u32>,
    /// The rows without a token, from 0 for the first of these, and why.
    pub rejects: Vec<(usize, String)>,
}

/// Buffers of texts that nobody has any more.
#[derive(Debug, Default)]
pub struct Spare {
    /// For tokens.
    pub tokens: Vec<Vec<u8>>,
    /// For links.
    pub links: Vec<Vec<u8>>,
}

/// What became of the tokens of rows of one batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checked {
    /// Of each row.
    pub statuses: Vec<Status>,
    /// Of authentic tokens that expire, in seconds since 1970; else 0.
    pub expires_at: Vec<u32>,
    /// Claims of authentic tokens, in the order in which they were asked for, and which of them are there.
    pub shown: Vec<(Texts, Vec<bool>)>,
}

/// Why columns can't be worked on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ColumnsError {
    /// The texts of one batch take more bytes than an end can say.
    #[error("the texts of a batch take 2 GiB or more")]
    LongBatch,
    /// It was not to go on.
    #[error("the run was stopped")]
    Stopped,
}

impl Default for Texts {
    fn default() -> Self {
        Self {
            bytes: Vec::new(),
            ends: vec![0],
        }
    }
}

impl Texts {
    /// Takes in one text of these parts.
    fn push<const PARTS: usize>(&mut self, parts: [&[u8]; PARTS]) -> Result<(), ColumnsError> {
        parts.into_iter().for_each(|part| self.bytes.extend_from_slice(part));
        let end = i32::try_from(self.bytes.len()).map_err(|_| ColumnsError::LongBatch)?;
        self.ends.push(end);
        Ok(())
    }

    /// None, in a buffer that was used before.
    fn within(mut bytes: Vec<u8>) -> Self {
        bytes.clear();
        Self {
            bytes,
            ..Self::default()
        }
    }

    /// Makes room for `rows` in all, as long as the `done` ones that are there and a little more. Pages that are never
    /// written cost nothing.
    fn make_room(&mut self, done: usize, rows: usize) {
        let each = self.bytes.len().div_ceil(done.max(1));
        let left = rows - done;
        if self.bytes.capacity() - self.bytes.len() < left * each {
            self.bytes.reserve(left * each + (left * each) / 16);
        }
        self.ends.reserve_exact(left);
    }

    fn append(&mut self, more: &Self) -> Result<(), ColumnsError> {
        let before = self.bytes.len();
        let all = i32::try_from(before + more.bytes.len()).map_err(|_| ColumnsError::LongBatch)?;
        self.bytes.extend_from_slice(&more.bytes);
        let ends = more.ends[1..].iter();
        self.ends.extend(ends.map(|end| all - more.bytes.len() as i32 + end));
        Ok(())
    }
}

/// Mints a token for every row of all batches, as [`super::run::generate`] does for those of a list. The plan's form must
/// be [`RowForm::Values`](super::generate::RowForm::Values). A batch comes out in parts of some thousand rows, in their order.
/// `goes_on` is asked before each, on each thread; `finish` makes of each what is to be kept, while others are worked on.
/// Tokens and links go into the buffers of `spare` as long as there are any: memory that is new has to be cleared first.
///
/// # Errors
/// When the texts of a batch are too long, or when it does not go on.
pub fn mint<Part: Send>(
    batches: &[Batch<'_>],
    plan: &Arc<Plan>,
    minter: &Minter,
    threads: NonZeroUsize,
    goes_on: &(dyn Fn() -> bool + Sync),
    spare: Spare,
    finish: impl FnMut(Minted) -> Part + Send,
) -> Result<(Vec<Part>, Report), ColumnsError> {
    let checks = plan.checks;
    let turnstile = (checks.strict && checks.duplicates).then(Turnstile::default);
    let firsts = checks.dedupe.then(FirstRows::default);
    let worker = ChunkWorker {
        rejects: None,
        turnstile: turnstile.as_ref(),
        firsts: firsts.as_ref(),
    };
    let fingerprints: Arc<Mutex<Vec<Collector>>> = Arc::default();
    let rule = || Generate::new(Arc::clone(plan), minter.clone(), &fingerprints);
    let spare = [spare.tokens, spare.links].map(Mutex::new);
    let fresh = || {
        let [tokens, links] = [&spare[0], &spare[1]].map(|spare| Texts::within(lock(spare).pop().unwrap_or_default()));
        Minted {
            tokens,
            links,
            ..Minted::default()
        }
    };
    let (minted, mut report) = drive(
        batches,
        (threads, goes_on),
        Some(plan),
        worker,
        (rule, fresh),
        |values, minted: &mut Minted| match values.given() {
            Given::Token {
                token,
                link,
                expires_at,
            } => {
                minted.expires_at.push(expires_at);
                minted.tokens.push([token])?;
                match link {
                    Some([before, behind]) => minted.links.push([before, token, behind]),
                    None => minted.links.push([]),
                }
            }
            Given::Rejected(error) => {
                let error = String::from_utf8_lossy(error).into_owned();
                minted.rejects.push((minted.expires_at.len(), error));
                minted.expires_at.push(0);
                minted.tokens.push([])?;
                minted.links.push([])
            }
        },
        finish,
    )?;
    let repeated = duplicates::find(&taken(&fingerprints));
    report.tally.lint(Lint::Duplicate, repeated);
    Ok((minted, report))
}

/// Checks the token of every row of all batches, as [`super::run::verify`] does those of a list. The plan's output must be
/// [`RowOutput::Values`]. A batch comes out in parts, as of [`mint`]. Every row has its status: where a list's row would be
/// rejected, it is that of a row whose bad cells say nothing.
///
/// # Errors
/// When the texts of a batch are too long, or when it does not go on.
pub fn verify<Part: Send>(
    batches: &[Batch<'_>],
    plan: &Arc<VerifyPlan>,
    threads: NonZeroUsize,
    goes_on: &(dyn Fn() -> bool + Sync),
    finish: impl FnMut(Checked) -> Part + Send,
) -> Result<(Vec<Part>, Report), ColumnsError> {
    let show = match &plan.output {
        RowOutput::Values(show) => show.len(),
        _ => 0,
    };
    let worker = ChunkWorker {
        rejects: None,
        turnstile: None,
        firsts: None,
    };
    let tags: Arc<Mutex<Vec<Collector>>> = Arc::default();
    let rule = || Verify::new(Arc::clone(plan), &tags);
    let (checked, mut report) = drive(
        batches,
        (threads, goes_on),
        None,
        worker,
        (rule, Checked::default),
        |values, checked: &mut Checked| {
            let (status, expires_at) = values.checked();
            checked.statuses.push(status);
            checked.expires_at.push(expires_at);
            checked.shown.resize_with(show, Default::default);
            for (texts, present) in &mut checked.shown {
                let text = values.bytes();
                present.push(text.is_some());
                texts.push([text.unwrap_or_default()])?;
            }
            Ok(())
        },
        finish,
    )?;
    report.repeated_tokens = duplicates::find(&taken(&tags));
    Ok((checked, report))
}

impl Columns for Minted {
    fn make_room(&mut self, done: usize, rows: usize) {
        self.tokens.make_room(done, rows);
        self.links.make_room(done, rows);
        self.expires_at.reserve_exact(rows - done);
    }

    fn append(&mut self, more: &mut Self) -> Result<(), ColumnsError> {
        let before = self.expires_at.len();
        let rejects = more.rejects.drain(..);
        self.rejects.extend(rejects.map(|(row, error)| (before + row, error)));
        self.expires_at.append(&mut more.expires_at);
        self.tokens.append(&more.tokens)?;
        self.links.append(&more.links)
    }
}

impl Columns for Checked {
    fn make_room(&mut self, done: usize, rows: usize) {
        self.statuses.reserve_exact(rows - done);
        self.expires_at.reserve_exact(rows - done);
        for (texts, present) in &mut self.shown {
            texts.make_room(done, rows);
            present.reserve_exact(rows - done);
        }
    }

    fn append(&mut self, more: &mut Self) -> Result<(), ColumnsError> {
        self.statuses.append(&mut more.statuses);
        self.expires_at.append(&mut more.expires_at);
        for ((own, present), (texts, others)) in self.shown.iter_mut().zip(&mut more.shown) {
            own.append(texts)?;
            present.append(others);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
