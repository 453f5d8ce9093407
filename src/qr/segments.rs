//! The segments of a text that take the fewest bits.
//!
//! Found letter by letter: of all ways to end in each mode, the shortest is kept. The numbers are those of ISO/IEC 18004,
//! sections 7.4.3 to 7.4.5, in sixths of a bit, so that they are whole.

use qrcodegen::QrSegment;

/// The bits of the length before a segment, by the versions that it is so in.
pub(super) struct Lengths {
    pub(super) versions: (u8, u8),
    /// Of bytes, letters and digits.
    bits: [u32; MODES],
}

/// For small, middle and large codes.
pub(super) const LENGTHS: [Lengths; 3] = [
    Lengths {
        versions: (1, 9),
        bits: [8, 9, 10],
    },
    Lengths {
        versions: (10, 26),
        bits: [16, 11, 12],
    },
    Lengths {
        versions: (27, 40),
        bits: [16, 13, 14],
    },
];

const MODES: usize = 3;
const BYTE: usize = 0;
const LETTERS: usize = 1;
const DIGITS: usize = 2;
/// What an end costs that can't be.
const NEVER: u32 = u32::MAX / 2;

/// What a character costs in each mode, in sixths of a bit.
fn costs(byte: u8) -> [u32; MODES] {
    let is_letter = byte.is_ascii_uppercase() || byte.is_ascii_digit() || b" $%*+-./:".contains(&byte);
    [
        48,
        if is_letter { 33 } else { NEVER },
        if byte.is_ascii_digit() { 20 } else { NEVER },
    ]
}

/// The mode of each byte.
fn modes(text: &[u8], lengths: &Lengths) -> Vec<usize> {
    let head = |mode: usize| (4 + lengths.bits[mode]) * 6;
    let mut ends: [u32; MODES] = std::array::from_fn(head);
    // the mode of each byte, by that in which the text up to it ends
    let mut from = Vec::with_capacity(text.len());
    for &byte in text {
        let costs = costs(byte);
        let mut own: [u32; MODES] = std::array::from_fn(|mode| (ends[mode] + costs[mode]).min(NEVER));
        let mut mode_of = [BYTE, LETTERS, DIGITS];
        for to in 0..MODES {
            for mode in 0..MODES {
                // whole bits end a segment
                let turned = own[mode].div_ceil(6) * 6 + head(to);
                if mode_of[mode] == mode && own[mode] < NEVER && turned < own[to] {
                    own[to] = turned;
                    mode_of[to] = mode;
                }
            }
        }
        ends = own;
        from.push(mode_of);
    }
    let mut mode = (0..MODES).min_by_key(|&mode| ends[mode]).unwrap_or(BYTE);
    let mut modes = vec![BYTE; text.len()];
    for (place, mode_of) in from.iter().enumerate().rev() {
        mode = mode_of[mode];
        modes[place] = mode;
    }
    modes
}

/// The segments.
pub(super) fn fewest_bits(text: &[u8], lengths: &Lengths) -> Vec<QrSegment> {
    let modes = modes(text, lengths);
    let mut start = 0;
    let runs = modes.chunk_by(|one, other| one == other).map(|run| {
        let part = &text[start..start + run.len()];
        start += run.len();
        match (run[0], std::str::from_utf8(part)) {
            (LETTERS, Ok(part)) => QrSegment::make_alphanumeric(part),
            (DIGITS, Ok(part)) => QrSegment::make_numeric(part),
            _ => QrSegment::make_bytes(part),
        }
    });
    runs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(text: &[u8], modes: &[usize], lengths: &Lengths) -> u32 {
        let mut start = 0;
        let runs = modes.chunk_by(|one, other| one == other);
        runs.map(|run| {
            let part = &text[start..start + run.len()];
            start += run.len();
            let sixths: u32 = part.iter().map(|&byte| costs(byte)[run[0]]).sum();
            4 + lengths.bits[run[0]] + sixths.div_ceil(6)
        })
        .sum()
    }

    /// Every way to give each byte a mode.
    fn least(text: &[u8], lengths: &Lengths) -> u32 {
        let ways = (0..3usize.pow(text.len() as u32)).filter_map(|number| {
            let modes: Vec<usize> = (0..text.len())
                .map(|place| number / 3usize.pow(place as u32) % 3)
                .collect();
            let can = text.iter().zip(&modes).all(|(&byte, &mode)| costs(byte)[mode] < NEVER);
            can.then(|| bits(text, &modes, lengths))
        });
        ways.min().unwrap_or(0)
    }

    #[test]
    fn no_other_segments_take_fewer_bits() {
        let letters = b"aA1";
        // with heads this short, many a change of mode pays
        let short = Lengths {
            versions: (1, 9),
            bits: [0, 1, 2],
        };
        for lengths in LENGTHS.iter().chain([&short]) {
            for number in 0..3usize.pow(7) {
                let text: Vec<u8> = (0..7).map(|place| letters[number / 3usize.pow(place) % 3]).collect();
                if number % 13 == 0 {
                    let own = bits(&text, &modes(&text, lengths), lengths);
                    assert_eq!(own, least(&text, lengths), "{text:?}");
                }
            }
        }
        let runs = |pattern: &[(u8, usize)]| {
            let text: Vec<u8> = pattern
                .iter()
                .flat_map(|&(letter, count)| vec![letter; count])
                .collect();
            modes(&text, &LENGTHS[0])
                .chunk_by(|one, other| one == other)
                .map(|run| (run[0], run.len()))
                .collect::<Vec<_>>()
        };
        assert_eq!(runs(&[(b'a', 20), (b'A', 30)]), [(BYTE, 20), (LETTERS, 30)]);
        assert_eq!(
            runs(&[(b'a', 20), (b'1', 30), (b'A', 30)]),
            [(BYTE, 20), (DIGITS, 30), (LETTERS, 30)]
        );
        assert_eq!(runs(&[(b'a', 20), (b'A', 3), (b'a', 9)]), [(BYTE, 32)]);
        assert_eq!(modes(b"", &LENGTHS[0]), [0; 0]);
    }
}
