//! Bars of block characters, beside the numbers on a terminal.

/// The narrowest that is worth drawing, and the widest that is, in characters.
const ROOM: std::ops::RangeInclusive<usize> = 6..=40;
/// Eighths of a character, from one to seven.
const EIGHTHS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/// The room for bars in a line of `width` characters of which `used` are taken, if there is enough.
pub(super) fn room(width: usize, used: usize) -> Option<usize> {
    let left = width.saturating_sub(used).min(*ROOM.end());
    ROOM.contains(&left).then_some(left)
}

/// A bar as long as `part` is of `most`; whatever is more than nothing can be seen.
pub(super) fn bar(part: u64, most: u64, room: usize) -> String {
    if part == 0 || most == 0 {
        return String::new();
    }
    let eighths = (part as f64 / most as f64 * room as f64 * 8.0).round() as usize;
    let eighths = eighths.max(1);
    let rest = (eighths % 8).checked_sub(1).map(|rest| EIGHTHS[rest]);
    "█".repeat(eighths / 8).chars().chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_in_proportion_and_never_vanish() {
        let table = [
            (0, ""),
            (1, "▏"),
            (25, "██▌"),
            (50, "█████"),
            (99, "█████████▉"),
            (100, "██████████"),
        ];
        for (part, expected) in table {
            assert_eq!(bar(part, 100, 10), expected, "{part}");
        }
        assert_eq!(bar(0, 0, 10), "");
        assert_eq!(bar(u64::MAX, u64::MAX, 3), "███");
    }

    #[test]
    fn bars_fit_beside_what_is_there() {
        assert_eq!(room(80, 70), Some(10));
        assert_eq!(room(80, 75), None);
        assert_eq!(room(80, 90), None);
        assert_eq!(room(200, 70), Some(40));
    }
}
