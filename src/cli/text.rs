//! Columns that line up at a terminal, whatever the script.
//!
//! A character is not a cell of the screen: CJK and emoji take two, a combining mark none (Unicode Standard Annex 11).
//! Texts are cut and broken between what a reader takes for characters (Annex 29), never within an emoji or an accent.

use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Between two columns.
const GAP: &str = "  ";

/// A text, or its beginning with an ellipsis where it is wider than `most`.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match split(text, most) {
        (whole, "") => whole.to_owned(),
        _ => split(text, most.saturating_sub(1)).0.to_owned() + "…",
    }
}

/// A text in parts that are no wider than `most`.
pub(crate) fn wrapped(text: &str, most: usize) -> Vec<&str> {
    let (first, mut rest) = split(text, most);
    let mut parts = vec![first];
    while !rest.is_empty() {
        let (part, others) = split(rest, most);
        parts.push(part);
        rest = others;
    }
    parts
}

/// As much of a text as `most` cells hold, one character at least, and the rest.
fn split(text: &str, most: usize) -> (&str, &str) {
    let mut used = 0;
    let end = text.grapheme_indices(true).find_map(|(place, character)| {
        used += character.width();
        (place > 0 && used > most).then_some(place)
    });
    text.split_at(end.unwrap_or(text.len()))
}

/// A text with spaces behind it, or before it.
fn padded(text: &str, room: usize, to_the_right: bool) -> String {
    let space = " ".repeat(room.saturating_sub(text.width()));
    match to_the_right {
        true => space + text,
        false => text.to_owned() + &space,
    }
}

/// The widths of a table's columns.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    widths: Vec<usize>,
    /// Those whose cells stand at the right: numbers.
    right: Range<usize>,
}

impl Columns {
    /// Columns as wide as their widest cells; all rows have as many.
    pub(crate) fn of(rows: &[Vec<String>], right: Range<usize>) -> Self {
        let columns = rows.first().map_or(0, Vec::len);
        let widest = |column: usize| rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
        Self {
            widths: (0..columns).map(widest).collect(),
            right,
        }
    }

    /// How wide a whole line is.
    pub(crate) fn width(&self) -> usize {
        self.widths.iter().sum::<usize>() + GAP.len() * self.widths.len().saturating_sub(1)
    }

    /// The cells as a line, padded to the whole width.
    pub(crate) fn line<T: AsRef<str>>(&self, cells: &[T]) -> String {
        let cells = cells.iter().zip(&self.widths).enumerate();
        let cells = cells.map(|(column, (cell, width))| padded(cell.as_ref(), *width, self.right.contains(&column)));
        cells.collect::<Vec<_>>().join(GAP)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_width_is_that_on_the_screen() {
        let table = [
            ("", 0),
            ("spring26", 8),
            ("春のキャンペーン", 16),
            ("봄", 2),
            ("😀", 2),
            ("👍🏽", 2),
            ("🇩🇪", 2),
            ("ﾊﾝｶｸ", 4),
            ("e\u{301}te\u{301}", 3),
            ("été", 3),
            ("…", 1),
        ];
        for (text, cells) in table {
            assert_eq!(text.width(), cells, "{text}");
        }
    }

    #[test]
    fn long_texts_are_cut_to_their_width() {
        assert_eq!(cut(&"é".repeat(64), 64), "é".repeat(64));
        assert_eq!(cut(&"é".repeat(65), 64), "é".repeat(63) + "…");
        assert_eq!(cut("春夏秋冬", 8), "春夏秋冬");
        assert_eq!(cut("春夏秋冬", 7), "春夏秋…");
        assert_eq!(cut("春夏秋冬", 6), "春夏…", "half a character is none");
        assert_eq!(cut("", 3), "");
    }

    #[test]
    fn nothing_is_cut_within_a_character() {
        let accents = "e\u{301}".repeat(5);
        assert_eq!(cut(&accents, 4), "e\u{301}".repeat(3) + "…");
        assert_eq!(cut("👍🏽👍🏽👍🏽", 5), "👍🏽👍🏽…");
        assert_eq!(wrapped("🇩🇪🇫🇷🇯🇵", 4), ["🇩🇪🇫🇷", "🇯🇵"]);
    }

    #[test]
    fn wrapped_parts_fit_and_lose_nothing() {
        assert_eq!(wrapped("", 4), [""]);
        assert_eq!(wrapped("abcdef", 4), ["abcd", "ef"]);
        assert_eq!(wrapped("春夏秋", 5), ["春夏", "秋"]);
        assert_eq!(
            wrapped("春夏", 1),
            ["春", "夏"],
            "no room is no reason to go on for ever"
        );
    }

    #[test]
    fn columns_line_up_in_every_script() {
        let rows = [
            ["name", "checks"],
            ["春", "1,200"],
            ["e\u{301}\u{327}", "7"],
            ["😀😀", "30"],
        ];
        let rows = rows.map(|row| row.map(str::to_owned).to_vec());
        let columns = Columns::of(&rows, 1..2);
        let lines = rows.clone().map(|row| columns.line(&row));
        assert_eq!(
            lines,
            [
                "name  checks",
                "春     1,200",
                "e\u{301}\u{327}          7",
                "😀😀      30"
            ]
        );
        assert!(lines.iter().all(|line| line.width() == columns.width()));
    }
}
