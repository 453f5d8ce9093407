//! Number formats: whether one shows more than the number it is on, and whether it shows a time of day.
//!
//! Excel keeps `00042` typed into a cell of the format `00000` as the number 42. The zeros, a prefix such as `"KD-"0`
//! or the dashes of `000-00-0000` are in the format alone, and whoever reads the value loses them.

/// What matters of a number format.
#[derive(Clone, Debug)]
pub(super) struct Format {
    /// The least number of digits that are shown.
    digits: usize,
    /// Whether letters, digits or signs of its own are shown with the number.
    own_text: bool,
    /// Whether hours or seconds are shown.
    pub(super) time: bool,
}

impl Format {
    /// Reads a format's first section: the one for positive numbers (ECMA-376 part 1, section 18.8.31).
    pub(super) fn parse(code: &str) -> Self {
        let mut format = Self {
            digits: 0,
            own_text: false,
            time: false,
        };
        let general = code.replace("General", "").replace("Standard", "");
        let mut letters = general.chars();
        let mut whole = true;
        while let Some(letter) = letters.next() {
            match letter {
                ';' => break,
                '"' => format.own_text |= until('"', &mut letters).contains(is_own),
                // a colour, a currency, a condition, or [h] for hours that go on past 24
                '[' => format.time |= until(']', &mut letters).trim_matches(is_clock).is_empty(),
                '\\' => format.own_text |= letters.next().is_some_and(is_own),
                // the width of a letter, or a letter that fills the cell
                '_' | '*' => drop(letters.next()),
                '0' if whole => format.digits += 1,
                '.' => whole = false,
                '-' | '+' => format.own_text = true,
                // a percentage or an exponent: another way of writing the same number
                '%' | 'E' | 'e' => return format.plain(),
                letter => format.time |= is_clock(letter),
            }
        }
        format
    }

    fn plain(mut self) -> Self {
        (self.digits, self.own_text) = (0, false);
        self
    }

    /// Whether the number is shown with more than it has.
    pub(super) fn shows_more_than(&self, number: f64) -> bool {
        if self.own_text {
            return true;
        }
        // every number is written with one digit before the point
        self.digits > 1 && self.digits > format!("{:.0}", number.abs().trunc()).len()
    }
}

fn until(end: char, letters: &mut std::str::Chars<'_>) -> String {
    letters.take_while(|letter| *letter != end).collect()
}

fn is_own(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '-' | '+' | '/' | '#' | '.')
}

fn is_clock(letter: char) -> bool {
    matches!(letter, 'h' | 'H' | 's' | 'S')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_shows_more_than_the_number_or_not() {
        let table = [
            ("00000", 42.0, true),
            ("00000", 0.0, true),
            ("00000", 12_345.0, false),
            ("00000", 99_999.0, false),
            ("00000", 100_000.0, false),
            ("General", 42.0, false),
            ("0", 0.0, false),
            ("0.00", 0.5, false),
            ("#,##0", 1_234_567.0, false),
            ("#,##0.00", 7.0, false),
            ("0.00E+00", 1e17, false),
            ("0%", 0.5, false),
            ("@", 42.0, false),
            ("\"KD-\"0000", 1234.0, true),
            ("\"KD-\"General", 1234.0, true),
            ("000-00-0000", 123_456_789.0, true),
            ("000\\-00\\-0000", 123_456_789.0, true),
            ("[<=9999999]###\\-####;\\(###\\)\\ ###\\-####", 5_551_234.0, true),
            ("_-* #,##0.00\\ \"€\"_-;\\-* #,##0.00\\ \"€\"_-", 7.0, false),
            ("#,##0.00\\ [$€-407]", 7.0, false),
            ("0000;-0000", 7.0, true),
            ("0;-0000", 7.0, false),
        ];
        for (code, number, more) in table {
            assert_eq!(Format::parse(code).shows_more_than(number), more, "{code} {number}");
        }
    }

    #[test]
    fn a_format_shows_a_time_of_day_or_not() {
        let table = [
            ("yyyy\\-mm\\-dd", false),
            ("dd.mm.yyyy", false),
            ("mm-dd-yy", false),
            ("[$-407]d. mmmm yyyy", false),
            ("m/d/yy h:mm", true),
            ("yyyy-mm-dd hh:mm:ss", true),
            ("[$-F400]h:mm:ss\\ AM/PM", true),
            ("[h]:mm", true),
            ("dd.mm.yyyy\" shipped\"", false),
        ];
        for (code, time) in table {
            assert_eq!(Format::parse(code).time, time, "{code}");
        }
    }
}
