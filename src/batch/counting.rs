//! Checks are counted before their answers are written.
//!
//! One thread does both, while the others check on: a transaction takes as long for a thousand rows as for many
//! thousands of them, so rows are put by until there are enough, or nothing more has come for a moment.

use super::BatchError;
use super::pool::lock;
use super::verify::RowAnswer;
use crate::check::{CheckLedger, Count};
use crate::ledger::{Ledger, LedgerError, Sightings, Uses};
use crate::moment::UnixTime;
use crate::token::{Authentic, Status, Trace};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// So many bytes of answers are held back.
const MOST_BYTES: usize = 64 << 20;
/// Nobody waits longer for rows that are ready.
const PAUSE: Duration = Duration::from_millis(50);
/// Where nobody waits for rows, there is time until there are enough.
const LONG: Duration = Duration::from_secs(60);
/// So many answers that wait for their number of uses are held back.
const MOST_ANSWERS: usize = 50_000;

/// A ledger, or the way to one that others use as well.
pub trait Counting: Send {
    /// Counts these checks, all or none of them; when it returns, their answers may be given.
    ///
    /// # Errors
    /// When they can't be counted.
    fn count(&mut self, sightings: &Sightings, now: UnixTime) -> Result<Vec<Uses>, LedgerError>;

    /// How often the token of each of these checks was checked; none of them is counted.
    ///
    /// # Errors
    /// When the ledger can't be asked.
    fn uses_of(&mut self, sightings: &Sightings) -> Result<Vec<Uses>, LedgerError>;
}

impl Counting for Ledger {
    fn count(&mut self, sightings: &Sightings, now: UnixTime) -> Result<Vec<Uses>, LedgerError> {
        Ledger::count(self, sightings, now)
    }

    fn uses_of(&mut self, sightings: &Sightings) -> Result<Vec<Uses>, LedgerError> {
        Ledger::uses_of(self, sightings)
    }
}

/// How checks are counted.
pub struct Counter<'a> {
    /// Where.
    pub ledger: &'a mut dyn Counting,
    /// The time of all checks.
    pub now: UnixTime,
    /// Whether they are only looked up.
    pub read_only: bool,
    /// Whether answers can be seen before the run is over; what is renamed in the end needs not be held back.
    pub(crate) holds: bool,
    /// Whether the answers tell how often their tokens were checked.
    pub(crate) tells: bool,
    /// So many checks are counted at once; fewer where others wait for the ledger.
    pub(crate) enough: usize,
}

impl<'a> Counter<'a> {
    /// As many at once as are worth it, where nobody else waits.
    pub const ENOUGH: usize = 250_000;

    /// How the checks of a list are counted in a ledger, or looked up for answers that tell them; nothing where there is
    /// neither to do.
    ///
    /// # Errors
    /// When the ledger can't be made ready for many rows.
    pub fn of(
        ledger: &'a mut CheckLedger,
        now: UnixTime,
        tells: bool,
        streams: bool,
    ) -> Result<Option<Self>, LedgerError> {
        if ledger.list_count(tells) == Count::None {
            return Ok(None);
        }
        if ledger.counts {
            ledger.ledger.begin_bulk()?;
        }
        Ok(Some(Self {
            read_only: !ledger.counts,
            ledger: &mut ledger.ledger,
            now,
            holds: tells || streams,
            tells,
            enough: Self::ENOUGH,
        }))
    }
}

/// The checks of some rows, each with the place of its answer among their bytes.
#[derive(Debug, Default)]
pub struct RowChecks {
    sightings: Sightings,
    /// Where its answer begins.
    places: Vec<usize>,
    /// Answers that are not among the bytes yet, as they tell how often their tokens were checked, with the index of
    /// their check.
    answers: Vec<(usize, RowAnswer)>,
}

impl RowChecks {
    /// Adds a check whose answer stands at `place`, or is to stand there.
    #[inline]
    pub(super) fn add(
        &mut self,
        token: &Authentic<'_>,
        trace: Trace,
        status: Status,
        keep_sealed: bool,
        place: usize,
        answer: Option<RowAnswer>,
    ) {
        self.sightings.add(token, trace, status, keep_sealed);
        self.answers.extend(answer.map(|answer| (self.places.len(), answer)));
        self.places.push(place);
    }

    pub(super) fn clear(&mut self) {
        self.sightings.clear();
        self.places.clear();
        self.answers.clear();
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
    seen: RowChecks,
}

impl Parcel {
    fn is_empty(&self) -> bool {
        self.bytes.is_empty() && self.rejects.is_empty() && self.seen.len() == 0
    }

    fn is_enough(&self, enough: usize) -> bool {
        self.seen.len() >= enough || self.bytes.len() >= MOST_BYTES || self.seen.answers.len() >= MOST_ANSWERS
    }

    /// Takes over bytes and checks, of these only those whose answers begin before the byte `until`.
    fn add(&mut self, good: &[u8], rejects: &[u8], seen: &mut RowChecks, until: usize) {
        let (start, before) = (self.bytes.len(), self.seen.len());
        let own = seen.places.partition_point(|place| *place < until.max(1));
        self.seen.sightings.extend(&seen.sightings, own);
        self.seen
            .places
            .extend(seen.places[..own].iter().map(|place| place + start));
        let answers = seen.answers.drain(..).take_while(|(index, _)| *index < own);
        self.seen
            .answers
            .extend(answers.map(|(index, answer)| (index + before, answer)));
        self.bytes.extend_from_slice(good);
        self.rejects.extend_from_slice(rejects);
    }

    /// Writes the answers that waited for the number of uses.
    fn fill_in(&mut self, uses: &[Uses]) {
        let mut filled = Vec::with_capacity(self.bytes.len() + self.seen.answers.len() * 512);
        let mut start = 0;
        for (index, mut answer) in self.seen.answers.drain(..) {
            let place = self.seen.places[index];
            filled.extend_from_slice(&self.bytes[start..place]);
            answer.answer.uses = Some(uses[index]);
            answer.write(&mut filled);
            start = place;
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
pub(super) struct Slot {
    state: Mutex<State>,
    moved: Condvar,
    /// So many checks are enough for a delivery.
    enough: usize,
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

/// Does work that puts its rows on a slot, while they are counted and written.
pub(super) fn through(
    mut counter: Counter<'_>,
    write: impl FnMut(&[u8], &[u8]) -> Result<(), BatchError> + Send,
    work: impl FnOnce(&Slot) -> Result<(), Undelivered>,
) -> Result<(), BatchError> {
    let slot = Slot {
        enough: counter.enough,
        ..Slot::default()
    };
    std::thread::scope(|scope| {
        let delivery = scope.spawn(|| slot.deliver(&mut counter, write));
        let closing = Closing(&slot);
        let worked = work(&slot);
        drop(closing);
        let delivered = delivery.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        match (delivered, worked) {
            (Err(error), _) | (Ok(()), Err(Some(error))) => Err(error),
            (Ok(()), _) => Ok(()),
        }
    })
}

/// Closes the slot when the work is done, and when it panics.
struct Closing<'a>(&'a Slot);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        lock(&self.0.state).closed = true;
        self.0.moved.notify_all();
    }
}

impl Slot {
    /// Puts rows by, when there is room.
    pub(super) fn put(
        &self,
        good: &[u8],
        rejects: &[u8],
        seen: &mut RowChecks,
        until: usize,
    ) -> Result<(), Undelivered> {
        let full = |state: &mut State| !state.failed && state.parcel.is_enough(self.enough);
        let waited = self.moved.wait_while(lock(&self.state), full);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        state.parcel.add(good, rejects, seen, until);
        if state.parcel.is_enough(self.enough) {
            self.moved.notify_all();
        }
        if state.failed { Err(None) } else { Ok(()) }
    }

    /// Counts and writes what is put by, until the slot is closed and empty.
    fn deliver(
        &self,
        counter: &mut Counter<'_>,
        mut write: impl FnMut(&[u8], &[u8]) -> Result<(), BatchError>,
    ) -> Result<(), BatchError> {
        let (mut parcel, mut counted) = (Parcel::default(), 0);
        loop {
            parcel.clear();
            let more = |state: &mut State| !state.closed && !state.parcel.is_enough(self.enough);
            let pause = if counter.holds { PAUSE } else { LONG };
            let waited = self.moved.wait_timeout_while(lock(&self.state), pause, more);
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
                lock(&self.state).failed = true;
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
        let uses = match (self.read_only, self.tells) {
            (true, false) => return Ok(()),
            (true, true) => self.ledger.uses_of(sightings)?,
            (false, _) => self.ledger.count(sightings, self.now)?,
        };
        if self.tells {
            parcel.fill_in(&uses);
        }
        Ok(())
    }
}
