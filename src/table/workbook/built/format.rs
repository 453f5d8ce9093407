//! Number formats: whether one shows more than the number it is on, and whether it makes a date or a duration of it.
//!
//! Excel keeps `00042` typed into a cell of the format `00000` as the number 42. The zeros, a prefix such as `"KD-"0`
//! or the dashes of `000-00-0000` are in the format alone, and whoever reads the value loses them.

/// What a number means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    /// A day, a time of day, or both.
    Moment,
    /// Hours, minutes or seconds that go on past a day, an hour or a minute.
    Elapsed,
}

/// What matters of a number format.
#[derive(Clone, Debug)]
pub(super) struct Format {
    /// The least number of digits that are shown.
    digits: usize,
    /// Whether letters, digits or signs of its own are shown with the number.
    own_text: bool,
    /// Whether hours or seconds are shown.
    pub(super) time: bool,
    pub(super) kind: Kind,
}

impl Format {
    /// Reads a format's first section: the one for positive numbers (ECMA-376 part 1, section 18.8.31).
    pub(super) fn parse(code: &str) -> Self {
        let mut format = Self {
            digits: 0,
            own_text: false,
            time: false,
            kind: Kind::Number,
        };
        let general = code.replace("General", "").replace("Standard", "");
        let mut letters = general.chars();
        let mut whole = true;
        while let Some(letter) = letters.next() {
            match letter {
                ';' => break,
                '"' => format.own_text |= until('"', &mut letters).contains(is_own),
                // a colour, a currency, a condition, or [h] for hours that go on past 24
                '[' => {
                    let inner = until(']', &mut letters);
                    let is_elapsed = !inner.is_empty() && inner.trim_matches(is_elapsed).is_empty();
                    format.time |= is_elapsed && inner.trim_matches(is_clock).is_empty();
                    if is_elapsed {
                        format.kind = Kind::Elapsed;
                    }
                }
                '\\' => format.own_text |= letters.next().is_some_and(is_own),
                // the width of a letter, or a letter that fills the cell
                '_' | '*' => drop(letters.next()),
                '0' if whole => format.digits += 1,
                '.' => whole = false,
                '-' | '+' => format.own_text = true,
                // a percentage or an exponent: another way of writing the same number
                '%' | 'E' | 'e' => return format.plain(),
                letter => {
                    format.time |= is_clock(letter);
                    if is_date(letter) && format.kind == Kind::Number {
                        format.kind = Kind::Moment;
                    }
                }
            }
        }
        format
    }

    /// The format that has this number in every workbook (section 18.8.30; 27 to 58 are those of East Asia).
    pub(super) fn built_in(number: u32) -> Option<Self> {
        let code = match number {
            14..=17 | 27..=36 | 50..=58 => "yyyy-mm-dd",
            18..=21 | 45 | 47 => "h:mm:ss",
            22 => "yyyy-mm-dd h:mm",
            46 => "[h]:mm:ss",
            _ => return None,
        };
        Some(Self::parse(code))
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

fn is_date(letter: char) -> bool {
    matches!(letter, 'd' | 'D' | 'm' | 'M' | 'y' | 'Y') || is_clock(letter)
}

fn is_elapsed(letter: char) -> bool {
    matches!(letter, 'm' | 'M') || is_clock(letter)
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
    fn a_format_makes_a_date_or_a_duration_of_a_number() {
        let table = [
            ("General", Kind::Number),
            ("Standard", Kind::Number),
            ("0.00E+00", Kind::Number),
            ("#,##0.00\\ [$€-407]", Kind::Number),
            ("\"Y: \"0.00\"m\";\"Y: \"-0.00\"m\"", Kind::Number),
            ("#,##0*y", Kind::Number),
            ("\\Y000000", Kind::Number),
            ("[Red]0", Kind::Number),
            ("0;yyyy", Kind::Number),
            ("DD/MM/YY", Kind::Moment),
            ("h:mm AM/PM", Kind::Moment),
            ("m\"M\"d\"D\";@", Kind::Moment),
            ("[$-F800]dddd\\,\\ mmmm\\ dd", Kind::Moment),
            ("[h]:mm:ss", Kind::Elapsed),
            ("[mm]", Kind::Elapsed),
            ("[s].000", Kind::Elapsed),
            ("[Blue]\\+[h]:mm;[Red]\\-[h]:mm", Kind::Elapsed),
        ];
        for (code, kind) in table {
            assert_eq!(Format::parse(code).kind, kind, "{code}");
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
