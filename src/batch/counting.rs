//! Checks are counted before their answers are written.
//!
//! One thread does both, while the others check on: a transaction takes as long for a thousand rows as for many
//! thousands of them, so rows are put by until there are enough, or nothing more has come for a moment.

use super::BatchError;
use crate::ledger::{Ledger, LedgerError, Sightings, Uses};
use crate::moment::UnixTime;
use crate::token::{Authentic, Status, Trace};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// So many checks are counted at once.
const ENOUGH: usize = 250_000;
/// So many bytes of answers are held back.
const MOST_BYTES: usize = 64 << 20;
/// Nobody waits longer for rows that are ready.
const PAUSE: Duration = Duration::from_millis(50);
/// Where nobody waits for rows, there is time until there are enough.
const LONG: Duration = Duration::from_secs(60);
/// What stands where the number of uses is to stand.
const UNKNOWN: &[u8] = b"null";

/// How checks are counted.
pub struct Counter<'a> {
    /// Where.
    pub ledger: &'a mut Ledger,
    /// The time of all checks.
    pub now: UnixTime,
    /// Whether they are only looked up.
    pub read_only: bool,
    /// Whether answers can be seen before the run is over; what is renamed in the end needs not be held back.
    pub holds: bool,
    /// How the number of uses is written, into answers that have it.
    pub uses: Option<WriteUses<'a>>,
}

/// Appends a number of uses.
pub type WriteUses<'a> = &'a (dyn Fn(&Uses, &mut Vec<u8>) + Sync);

/// The checks of some rows, each with the place of its answer among their bytes.
#[derive(Debug, Default)]
pub struct Seen {
    sightings: Sightings,
    /// The start of its row or, where it is to be told how often the token was used, of what stands there instead.
    places: Vec<usize>,
}

impl Seen {
    /// Adds a check whose answer was written to `out` from `start` on.
    #[inline]
    pub(super) fn add(&mut self, token: &Authentic<'_>, trace: Trace, status: Status, keep_sealed: bool, place: usize) {
        self.sightings.add(token, trace, status, keep_sealed);
        self.places.push(place);
    }

    pub(super) fn clear(&mut self) {
        self.sightings.clear();
        self.places.clear();
    }

    fn len(&self) -> usize {
        self.places.len()
    }
}

/// Rows that wait to be counted, and their answers.
#[derive(Default)]
struct Parcel {
    bytes: Vec<u8>,
    rejects: Vec<u8>,
    seen: Seen,
}

impl Parcel {
    fn is_empty(&self) -> bool {
        self.bytes.is_empty() && self.rejects.is_empty() && self.seen.len() == 0
    }

    fn is_enough(&self) -> bool {
        self.seen.len() >= ENOUGH || self.bytes.len() >= MOST_BYTES
    }

    /// Takes over bytes and checks, of these only those whose answers begin before the byte `until`.
    fn add(&mut self, good: &[u8], rejects: &[u8], seen: &Seen, until: usize) {
        let start = self.bytes.len();
        let own = seen.places.partition_point(|place| *place < until.max(1));
        self.seen.sightings.extend(&seen.sightings, own);
        self.seen
            .places
            .extend(seen.places[..own].iter().map(|place| place + start));
        self.bytes.extend_from_slice(good);
        self.rejects.extend_from_slice(rejects);
    }

    /// The answers with the number of uses in them.
    fn fill_in(&mut self, uses: &[Uses], write: WriteUses<'_>) {
        let mut filled = Vec::with_capacity(self.bytes.len() + uses.len() * 80);
        let mut start = 0;
        for (place, uses) in self.seen.places.iter().zip(uses) {
            filled.extend_from_slice(&self.bytes[start..*place]);
            write(uses, &mut filled);
            start = place + UNKNOWN.len();
        }
        filled.extend_from_slice(&self.bytes[start..]);
        self.bytes = filled;
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.rejects.clear();
        self.seen.clear();
    }
}

/// Where rows are put by.
#[derive(Default)]
pub(super) struct Shelf {
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Default)]
struct State {
    parcel: Parcel,
    /// Nothing more comes.
    closed: bool,
    /// Nothing more is delivered.
    failed: bool,
}

/// Nothing is delivered any more, for a reason that the delivery knows.
type Undelivered = Option<BatchError>;

/// Does work that puts its rows on a shelf, while they are counted and written.
pub(super) fn through(
    mut counter: Counter<'_>,
    write: impl FnMut(&[u8], &[u8]) -> Result<(), BatchError> + Send,
    work: impl FnOnce(&Shelf) -> Result<(), Undelivered>,
) -> Result<(), BatchError> {
    let shelf = Shelf::default();
    std::thread::scope(|scope| {
        let delivery = scope.spawn(|| shelf.deliver(&mut counter, write));
        let closing = Closing(&shelf);
        let worked = work(&shelf);
        drop(closing);
        let delivered = delivery.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        match (delivered, worked) {
            (Err(error), _) | (Ok(()), Err(Some(error))) => Err(error),
            (Ok(()), _) => Ok(()),
        }
    })
}

/// Closes the shelf when the work is done, and when it panics.
struct Closing<'a>(&'a Shelf);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.moved.notify_all();
    }
}

impl Shelf {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts rows by, when there is room.
    pub(super) fn put(&self, good: &[u8], rejects: &[u8], seen: &Seen, until: usize) -> Result<(), Undelivered> {
        let full = |state: &mut State| !state.failed && state.parcel.is_enough();
        let waited = self.moved.wait_while(self.lock(), full);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        state.parcel.add(good, rejects, seen, until);
        if state.parcel.is_enough() {
            self.moved.notify_all();
        }
        if state.failed { Err(None) } else { Ok(()) }
    }

    /// Counts and writes what is put by, until the shelf is closed and empty.
    fn deliver(
        &self,
        counter: &mut Counter<'_>,
        mut write: impl FnMut(&[u8], &[u8]) -> Result<(), BatchError>,
    ) -> Result<(), BatchError> {
        let (mut parcel, mut counted) = (Parcel::default(), 0);
        loop {
            parcel.clear();
            let more = |state: &mut State| !state.closed && !state.parcel.is_enough();
            let pause = if counter.holds { PAUSE } else { LONG };
            let waited = self.moved.wait_timeout_while(self.lock(), pause, more);
            let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
            std::mem::swap(&mut state.parcel, &mut parcel);
            let closed = state.closed;
            drop(state);
            self.moved.notify_all();
            if parcel.is_empty() {
                match closed {
                    true => return Ok(()),
                    false => continue,
                }
            }
            let delivered = counter
                .count(&mut parcel)
                .map_err(|source| BatchError::Ledger { counted, source })
                .and_then(|()| write(&parcel.bytes, &parcel.rejects));
            if let Err(error) = delivered {
                self.lock().failed = true;
                self.moved.notify_all();
                return Err(error);
            }
            counted += parcel.seen.len() as u64;
        }
    }
}

impl Counter<'_> {
    fn count(&mut self, parcel: &mut Parcel) -> Result<(), LedgerError> {
        let sightings = &parcel.seen.sightings;
        let uses = match (self.read_only, self.uses) {
            (true, None) => return Ok(()),
            (true, Some(_)) => self.ledger.uses_of(sightings)?,
            (false, _) => self.ledger.count(sightings, self.now)?,
        };
        if let Some(write) = self.uses {
            parcel.fill_in(&uses, write);
        }
        Ok(())
    }
}

impl std::fmt::Debug for Counter<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Counter")
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}
