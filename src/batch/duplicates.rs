//! The same claims on two rows: found over the whole list, without keeping the list.
//!
//! Rows are told apart by 64 bits of a hash of their claims. Among two million rows, any two that differ collide by
//! chance with a probability of 10^-7.

use super::LintCount;
use super::pool::lock;
use super::turns::Turns;
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::Builder;

/// What stands for a row's claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// The fingerprint of a claims map.
    #[inline]
    #[must_use]
    pub fn of(map: &[u8]) -> Self {
        Self(twox_hash::XxHash3_64::oneshot(map))
    }

    /// The fingerprint of a token's tag, which is as good as random.
    #[inline]
    pub(crate) fn of_tag(tag: &[u8; 16]) -> Self {
        let [_, _, _, _, _, _, _, _, rest @ ..] = *tag;
        Self(u64::from_be_bytes(rest))
    }

    /// The part that it belongs to: its first bits, as the place in a table is by its last.
    #[inline]
    fn part(self) -> usize {
        (self.0 >> (u64::BITS - PARTS.ilog2())) as usize
    }
}

/// Few enough that the ends of all parts stay in a core's first cache while rows are added: they grow alike, so that those
/// ends lie alike in their pages, and such a cache has few places for them.
const PARTS: usize = 16;

/// Rows up to which duplicates are looked for when they are only told: 12 bytes each.
pub const MOST_ROWS: u64 = 2_000_000;

/// Collects the fingerprints of all rows; each worker fills its own. Parts are small enough to be searched in a
/// core's cache, where one large table would miss it for every row.
#[derive(Debug, Default)]
pub struct Collector {
    parts: Vec<Vec<Entry>>,
}

/// The two halves of a fingerprint, and the row.
type Entry = [u32; 3];

impl Collector {
    /// Takes a row in, by its number.
    #[inline]
    pub fn take(&mut self, fingerprint: Fingerprint, row: u64) {
        if row >= MOST_ROWS {
            return;
        }
        if self.parts.is_empty() {
            self.parts.resize_with(PARTS, Vec::new);
        }
        let Fingerprint(bits) = fingerprint;
        self.parts[fingerprint.part()].push([(bits >> 32) as u32, bits as u32, row as u32]);
    }
}

/// A worker's own collector, which joins the others when the worker ends.
#[derive(Debug)]
pub(crate) struct Collecting {
    pub(super) own: Collector,
    all: Arc<Mutex<Vec<Collector>>>,
}

impl Collecting {
    /// An empty one that will join `all`.
    pub(crate) fn into(all: &Arc<Mutex<Vec<Collector>>>) -> Self {
        Self {
            own: Collector::default(),
            all: Arc::clone(all),
        }
    }
}

impl Drop for Collecting {
    fn drop(&mut self) {
        let own = std::mem::take(&mut self.own);
        lock(&self.all).push(own);
    }
}

/// Looks for repeats among the rows that all workers have collected, on as many threads as there were workers.
pub(crate) fn find(collectors: &[Collector]) -> LintCount {
    let next = AtomicUsize::new(0);
    let look = || {
        let mut repeats = LintCount::default();
        let mut table = Vec::new();
        let parts = std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)).filter(|part| *part < PARTS));
        for part in parts {
            let of_part = |collector: &'_ Collector| collector.parts.get(part).map(Vec::len);
            if collectors.iter().filter_map(of_part).sum::<usize>() > 1 {
                find_in(collectors, part, &mut table, &mut repeats);
            }
        }
        repeats
    };
    std::thread::scope(|scope| {
        // where the system gives no more threads, those there are look at all parts
        let spawn = |_| Builder::new().spawn_scoped(scope, look).ok();
        let others: Vec<_> = (1..collectors.len()).map_while(spawn).collect();
        let mut repeats = look();
        for other in others {
            match other.join() {
                Ok(found) => repeats.add(found),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        repeats
    })
}

/// An open-addressing table of the rows seen so far, by the place of their fingerprint.
fn find_in(collectors: &[Collector], part: usize, table: &mut Vec<(u64, u32)>, repeats: &mut LintCount) {
    let parts = || collectors.iter().filter_map(|collector| collector.parts.get(part));
    let rows: usize = parts().map(Vec::len).sum();
    let size = (rows * 2).next_power_of_two();
    table.clear();
    table.resize(size, (0, u32::MAX));
    for part in parts() {
        for &[high, low, row] in part {
            let bits = u64::from(high) << 32 | u64::from(low);
            let mut place = bits as usize & (size - 1);
            loop {
                match table[place] {
                    (_, u32::MAX) => {
                        table[place] = (bits, row);
                        break;
                    }
                    (other, earlier) if other == bits => {
                        // workers finish out of order: the later row is the repeat
                        table[place].1 = earlier.min(row);
                        let later = u64::from(earlier.max(row));
                        repeats.add(LintCount {
                            count: 1,
                            first_row: later,
                        });
                        break;
                    }
                    _ => place = (place + 1) & (size - 1),
                }
            }
        }
    }
}

/// Decides in the order of the list which rows are the first of their claims. Exact for any number of rows, at some 16
/// bytes each.
#[derive(Debug, Default)]
pub struct Turnstile(Turns<Vec<HashSet<u64, BuildHasherDefault<Identity>>>>);

impl Turnstile {
    /// Waits until all rows before `first` have passed, then says for each fingerprint whether an earlier row has it.
    /// `rows` is how many rows pass, those without a fingerprint included.
    pub(crate) fn pass(&self, first: u64, rows: u64, fingerprints: impl Iterator<Item = Fingerprint>) -> Vec<bool> {
        self.0.pass(first, rows, |parts| {
            parts.resize_with(PARTS, HashSet::default);
            let is_repeat = |print: Fingerprint| !parts[print.part()].insert(print.0);
            fingerprints.map(is_repeat).collect()
        })
    }
}

/// The fingerprint is a hash already.
#[derive(Debug, Default)]
struct Identity(u64);

impl Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0 << 8 | u64::from(byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_are_found_whichever_worker_saw_them() {
        let mut collectors = [Collector::default(), Collector::default(), Collector::default()];
        for row in 0..30_000u64 {
            let number = if row % 1_000 == 999 { row - 500 } else { row };
            let worker = (row / 100) as usize * 7 % 3;
            collectors[worker].take(Fingerprint::of(&number.to_be_bytes()), row);
        }
        assert_eq!(
            find(&collectors),
            LintCount {
                count: 30,
                first_row: 999
            }
        );
    }

    #[test]
    fn three_of_a_kind_are_two_repeats() {
        let mut collector = Collector::default();
        for row in [7, 3, 5] {
            collector.take(Fingerprint::of(b"same"), row);
        }
        assert_eq!(find(&[collector]), LintCount { count: 2, first_row: 5 });
        assert_eq!(find(&[]), LintCount::default());
    }

    #[test]
    fn the_turnstile_lets_the_first_row_of_the_list_pass() {
        let turnstile = Turnstile::default();
        let same = || std::iter::once(Fingerprint::of(b"same"));
        std::thread::scope(|scope| {
            let late = scope.spawn(|| turnstile.pass(10, 5, same()));
            let early = scope.spawn(|| turnstile.pass(0, 10, same()));
            assert_eq!(early.join().expect("no panic"), [false]);
            assert_eq!(late.join().expect("no panic"), [true]);
        });
    }
}
