//! The mask of a code: of the eight ways to invert its modules, the one with the fewest places that mislead a reader.
//!
//! The library weighs the eight module by module, which takes most of the time that a code needs. Here a line of modules
//! is a number whose bits are weighed at once, by the same rules (ISO/IEC 18004, section 7.8.3), so that the choice is the
//! same. How two masks differ depends on the version and the level alone, so it is asked of the library once for each.

use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};
use std::sync::OnceLock;

/// The largest version whose lines fit a number. Those above it are weighed by the library.
pub(super) const LARGEST: u8 = 26;
/// What differs in a code when it is given each mask in place of the first, by level and version.
static CHANGES: [[OnceLock<[Lines; 8]>; LARGEST as usize]; 4] =
    [const { [const { OnceLock::new() }; LARGEST as usize] }; 4];

/// The modules of a code, a bit each: row by row, and again column by column.
struct Lines {
    rows: Vec<u128>,
    columns: Vec<u128>,
}

/// The rows of a code that was made with the first mask, with the best.
pub(super) fn best(code: &QrCode) -> Vec<u128> {
    let first = Lines::of(code);
    let changes = changes(code.error_correction_level(), code.version()).iter();
    let best = changes.map(|change| first.changed(change)).min_by_key(Lines::penalty);
    best.expect("there are eight masks").rows
}

fn changes(level: QrCodeEcc, version: Version) -> &'static [Lines; 8] {
    CHANGES[level as usize][usize::from(version.value()) - 1].get_or_init(|| {
        let lines = |mask| {
            let empty = QrSegment::make_bytes(b"");
            let made =
                QrCode::encode_segments_advanced(&[empty], level, version, version, Some(Mask::new(mask)), false);
            Lines::of(&made.expect("an empty text fits every version"))
        };
        let first = lines(0);
        std::array::from_fn(|mask| first.changed(&lines(mask as u8)))
    })
}

impl Lines {
    fn of(code: &QrCode) -> Self {
        let size = code.size();
        let (mut rows, mut columns) = (vec![0; size as usize], vec![0; size as usize]);
        for y in 0..size {
            for x in 0..size {
                let is_dark = u128::from(code.get_module(x, y));
                rows[y as usize] |= is_dark << x;
                columns[x as usize] |= is_dark << y;
            }
        }
        Self { rows, columns }
    }

    /// With the modules inverted that are dark in the other.
    fn changed(&self, other: &Self) -> Self {
        let changed =
            |lines: &[u128], others: &[u128]| lines.iter().zip(others).map(|(line, other)| line ^ other).collect();
        Self {
            rows: changed(&self.rows, &other.rows),
            columns: changed(&self.columns, &other.columns),
        }
    }

    /// The more, the worse.
    fn penalty(&self) -> u32 {
        let size = self.rows.len() as u32;
        let lines = self.rows.iter().chain(&self.columns);
        let in_lines: u32 = lines.map(|&line| runs(line, size) + 40 * finders(line, size)).sum();
        let blocks: u32 = self.rows.windows(2).map(|rows| blocks(rows[0], rows[1], size)).sum();
        let dark: u32 = self.rows.iter().map(|row| row.count_ones()).sum();
        // steps of five percent away from half
        let unbalanced = (dark * 20)
            .abs_diff(size * size * 10)
            .div_ceil(size * size)
            .saturating_sub(1);
        in_lines + 3 * blocks + 10 * unbalanced
    }
}

/// Where a module is as its right neighbour.
fn alike(line: u128, size: u32) -> u128 {
    !(line ^ line >> 1) & ((1 << (size - 1)) - 1)
}

/// Of each run of five like modules or more, its length less two.
fn runs(line: u128, size: u32) -> u32 {
    let alike = alike(line, size);
    let fifth = alike & alike >> 1 & alike >> 2 & alike >> 3;
    let starts = fifth & !(fifth << 1);
    fifth.count_ones() + 2 * starts.count_ones()
}

/// How many squares of four like modules two rows make.
fn blocks(upper: u128, lower: u128, size: u32) -> u32 {
    (alike(upper, size) & alike(lower, size) & !(upper ^ lower)).count_ones()
}

/// What looks like the corner of a code: dark, light, dark, light and dark as 1 : 1 : 3 : 1 : 1, beside four times as much
/// light.
fn finders(line: u128, size: u32) -> u32 {
    // all around a code is light
    let from = |place: i32| match place {
        ..0 => line.checked_shl(place.unsigned_abs()).unwrap_or(0),
        _ => line.checked_shr(place.unsigned_abs()).unwrap_or(0),
    };
    let dark = |first: i32, count: i32| (first..first + count).fold(u128::MAX, |all, place| all & from(place));
    let light = |first: i32, count: i32| (first..first + count).fold(u128::MAX, |all, place| all & !from(place));
    let mut found = 0;
    for unit in 1..=size as i32 / 7 {
        let middle = dark(2 * unit, 3 * unit);
        if middle == 0 {
            break;
        }
        let edges = dark(0, unit) & dark(6 * unit, unit);
        let core = edges & middle & light(unit, unit) & light(5 * unit, unit);
        if core != 0 {
            let core = core & light(-unit, unit) & light(7 * unit, unit);
            let (before, after) = (core & light(-4 * unit, 3 * unit), core & light(8 * unit, 3 * unit));
            found += before.count_ones() + after.count_ones();
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Long, short and lopsided texts of every version and level.
    #[test]
    fn the_library_chooses_the_same_mask() {
        let mut seed = 1_u64;
        let mut next = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 56) as u8
        };
        for number in [0, 1, 4, 9, 15] {
            for version in (1..=LARGEST).map(Version::new) {
                for level in [QrCodeEcc::Low, QrCodeEcc::Medium, QrCodeEcc::Quartile, QrCodeEcc::High] {
                    let length = usize::from(version.value()) * number * 2;
                    let text: Vec<u8> = (0..length).map(|_| next() >> (number % 8)).collect();
                    let made = |mask| {
                        let segments = [QrSegment::make_bytes(&text)];
                        QrCode::encode_segments_advanced(&segments, level, version, version, mask, false).ok()
                    };
                    let Some(expected) = made(None) else { continue };
                    let first = made(Some(Mask::new(0))).expect("it fits as well");
                    assert_eq!(
                        best(&first),
                        Lines::of(&expected).rows,
                        "{number} {version:?} {level:?}"
                    );
                }
            }
        }
    }
}
