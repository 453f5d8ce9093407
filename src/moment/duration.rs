//! From the words of flags and cells to spans of seconds.

use super::{MomentError, quoted};

/// Seconds of a duration such as `90m`, `24h`, `7d`, `2w`, `1d12h`, `2 days` or `1 week`.
///
/// # Errors
/// When a number stands without a unit, a unit is none of seconds, minutes, hours, days and weeks, or the sum does not
/// fit.
pub fn duration(text: &str) -> Result<u64, MomentError> {
    let none = || MomentError::Duration(quoted(text));
    let mut rest = text.trim_ascii();
    if rest.is_empty() {
        return Err(none());
    }
    let mut sum = 0u64;
    while !rest.is_empty() {
        let (number, after) = split(rest, |c| c.is_ascii_digit());
        if number.is_empty() {
            return Err(none());
        }
        let (unit, after) = split(after.trim_ascii_start(), |c| {
            !c.is_ascii_digit() && !c.is_ascii_whitespace()
        });
        let seconds = match unit {
            "" => return Err(MomentError::NoUnit(quoted(text))),
            unit => seconds(unit.strip_suffix(',').unwrap_or(unit)).ok_or_else(none)?,
        };
        let long = || MomentError::LongDuration(quoted(text));
        let number: u64 = number.parse().map_err(|_| long())?;
        sum = number
            .checked_mul(seconds)
            .and_then(|part| sum.checked_add(part))
            .ok_or_else(long)?;
        rest = after.trim_ascii_start();
    }
    Ok(sum)
}

fn split(text: &str, is_first: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !is_first(c)).unwrap_or(text.len()))
}

/// One letter is a small one, as `M` may be a month.
fn seconds(unit: &str) -> Option<u64> {
    let unit = match unit.len() {
        1 => unit.to_owned(),
        _ => unit.to_ascii_lowercase(),
    };
    Some(match unit.as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 60,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600,
        "d" | "day" | "days" => 86_400,
        "w" | "week" | "weeks" => 604_800,
        _ => return None,
    })
}

/// Whether a duration that can't be read counts months or years, which differ in length.
pub(super) fn is_calendar(text: &str) -> bool {
    let units = ["m", "mo", "mos", "month", "months", "y", "yr", "yrs", "year", "years"];
    let words = text.split(|c: char| !c.is_ascii_alphabetic());
    let mut words = words.filter(|word| seconds(word).is_none());
    words.any(|word| units.contains(&word.to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_sums_of_units_and_are_read_as_words_too() {
        let table = [
            ("90m", 5_400),
            ("24h", 86_400),
            ("7d", 604_800),
            ("2w", 1_209_600),
            ("1d12h", 129_600),
            (" 1d 12h ", 129_600),
            ("0s", 0),
            ("2 days", 172_800),
            ("1 week", 604_800),
            ("24 hours", 86_400),
            ("24 Hours", 86_400),
            ("90 minutes", 5_400),
            ("30min", 1_800),
            ("1 day 12 hours", 129_600),
            ("1 day, 12 hours", 129_600),
            ("2 d", 172_800),
            ("10 secs", 10),
        ];
        for (text, seconds) in table {
            assert_eq!(duration(text), Ok(seconds), "{text}");
        }
        for text in ["", "h", "-1h", "1.5h", "1M", "1y", "1 month", "٣h", "days", "3H", ","] {
            assert!(matches!(duration(text), Err(MomentError::Duration(_))), "{text}");
        }
        for text in [
            "two days",
            "2 Tage",
            "2 days ago",
            "-2 days",
            "1.5 days",
            "2 days,,",
            "2 daysdays",
        ] {
            assert!(matches!(duration(text), Err(MomentError::Duration(_))), "{text}");
        }
        for text in ["24", "1d12", "2 days 3", "2 ", "1 week, 2"] {
            assert!(matches!(duration(text), Err(MomentError::NoUnit(_))), "{text}");
        }
        for text in ["99999999999999999999s", "18446744073709551615w"] {
            assert!(matches!(duration(text), Err(MomentError::LongDuration(_))), "{text}");
        }
    }

    #[test]
    fn months_and_years_are_told_apart_from_what_is_no_unit() {
        for text in ["1 month", "1M", "2y", "1 Year", "3 mos", "1d 2 months"] {
            assert!(duration(text).is_err() && is_calendar(text), "{text}");
        }
        for text in ["1x", "2 Tage", "-1h", "1.5h", "monthly"] {
            assert!(!is_calendar(text), "{text}");
        }
    }
}
