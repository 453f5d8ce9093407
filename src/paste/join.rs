//! Putting a broken token together again: one that a mail program broke over lines, or that stands in groups with
//! spaces between. There is no mark that says where such a token ends, so several ends are tried and the likeliest with
//! a token's shape is taken; the others are kept as other readings.

use super::effort::Effort;
use super::found::{Found, Reading};
use super::pieces::{Gap, Pieces, ends_near};
use super::runs::Runs;
use super::words::is_wordlike;
use std::iter;
use std::ops::Range;

/// A first piece this long may stand outside a URL and still be a token's.
const LONG_HEAD: usize = 16;

/// What came of joining.
pub(super) struct Joined {
    pub(super) found: Found,
    /// Whether what was joined on is plainly a token's, so that the first piece is not to be believed by itself even if
    /// it happens to have the shape.
    pub(super) is_strong: bool,
}

/// Joins a run to the lines below it, if it reaches the end of its line and there is effort left.
pub(super) fn over_lines(text: &[u8], head: &Range<usize>, effort: &mut Effort) -> Option<Joined> {
    let first = &text[head.clone()];
    if !is_in_link(text, head.start) && (first.len() < LONG_HEAD || is_wordlike(first)) {
        return None;
    }
    let pieces = effort.is_left().then(|| Pieces::gather(text, head, Gap::Line))??;
    effort.spend(pieces.spans.len());
    let random = pieces.leading_random();
    if let Some(end) = pieces.block_end() {
        let found = pieces.read(iter::once(end).chain(ends_near(random)));
        let found = found.filter(|found| found.reading.span.end == pieces.end(end));
        if let Some(found) = found {
            return Some(Joined { found, is_strong: true });
        }
    }
    near_random(&pieces, random)
}

/// The reading that ends where what is plainly a token's does. One that takes in what has a shape by itself comes last.
fn near_random(pieces: &Pieces<'_>, random: usize) -> Option<Joined> {
    let shaped = pieces.shaped.first().copied();
    let past = shaped.and_then(|shaped| pieces.read_past(shaped, random));
    let most = shaped.unwrap_or(usize::MAX) - 1;
    let up_to = pieces.read(ends_near(random.min(most)).filter(|&end| end <= most));
    let Some(mut found) = up_to else {
        return past.map(|found| Joined {
            found,
            is_strong: false,
        });
    };
    let past = past.into_iter().flat_map(|past| past.others);
    found.others.extend(past);
    let next = pieces.spans.get(1).map_or(0, Range::len);
    let is_strong = found.reading.span.end == pieces.end(random) && next >= 6;
    Some(Joined { found, is_strong })
}

fn is_in_link(text: &[u8], at: usize) -> bool {
    at > 0 && b"/=?#&".contains(&text[at - 1])
}

/// What a shaped run may be together with what follows it over spaces.
pub(super) fn longer_readings(text: &[u8], head: &Range<usize>, effort: &mut Effort) -> Vec<Reading> {
    let gather = || Pieces::gather(text, head, Gap::Space);
    let Some(pieces) = effort.is_left().then(gather).flatten() else {
        return Vec::new();
    };
    effort.spend(pieces.spans.len());
    let found = pieces.read(pieces.likely_ends().into_iter());
    found.map_or_else(Vec::new, Found::into_readings)
}

/// Joins runs to what follows them over spaces: the last resort.
pub(super) fn over_spaces(text: &[u8], effort: &mut Effort) -> Vec<Found> {
    let mut found = Vec::new();
    let mut runs = Runs::of(text);
    while let Some(run) = runs.next() {
        if !effort.is_left() {
            break;
        }
        let Some(pieces) = Pieces::gather(text, &run, Gap::Space) else {
            continue;
        };
        let is_word = is_wordlike(&text[run.clone()]) && !is_in_link(text, run.start);
        if is_word && !pieces.are_groups() {
            continue;
        }
        if let Some(token) = pieces.read(pieces.likely_ends().into_iter()) {
            runs.skip_to(token.reading.span.end);
            found.push(token);
        }
        effort.spend(pieces.spans.len());
    }
    found
}

/// All that could be one broken token here, whatever its shape: for a damaged one.
pub(super) fn damaged(text: &[u8], head: &Range<usize>, gap: Gap) -> Option<Reading> {
    let pieces = Pieces::gather(text, head, gap)?;
    let random = match gap {
        Gap::Line => pieces.leading_random(),
        Gap::Space => *pieces.likely_ends().first()?,
    };
    (random > 0 && !pieces.is_prose(random)).then(|| pieces.reading(random))
}
