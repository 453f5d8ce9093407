//! The columns of the charts of time: without gaps, and in steps that suit their number.

use super::chart::Column;
use crate::moment::{Day, Hour};
use crate::stats::{Counts, Survey};
use std::collections::BTreeMap;

/// Up to so many hours, each has a column.
const HOURS: usize = 72;
/// Up to so many days, each has a column; of more, each month.
const DAYS: usize = 120;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The checks in the course of time, and in which steps.
pub(super) fn course(survey: &Survey) -> (&'static str, Vec<Column>) {
    let days = without_gaps(checks(&survey.days), Day::next, DAYS);
    match (without_gaps(checks(&survey.hours), Hour::next, HOURS), days) {
        (Some(hours), _) => ("hour", named(&hours, |hour| hour_names(*hour, survey))),
        (None, Some(days)) => ("day", named(&days, day_names)),
        (None, None) => ("month", months(survey)),
    }
}

/// The checks in each hour of the day.
pub(super) fn hours_of_day(survey: &Survey) -> Vec<Column> {
    let column = |(hour, checks): (usize, &u64)| Column {
        name: format!("{hour:02}:00 to {hour:02}:59"),
        short: format!("{hour:02}:00"),
        checks: *checks,
    };
    survey.hours_of_day.iter().enumerate().map(column).collect()
}

fn checks<T: Ord + Copy>(counts: &Counts<T>) -> BTreeMap<T, u64> {
    counts.iter().map(|(time, count)| (*time, count.uses.count)).collect()
}

fn months(survey: &Survey) -> Vec<Column> {
    let mut months: BTreeMap<Day, u64> = BTreeMap::new();
    for (day, count) in &survey.days {
        *months.entry(day.month()).or_default() += count.uses.count;
    }
    let all = without_gaps(months, Day::next_month, usize::MAX).unwrap_or_default();
    named(&all, |month| {
        let text = month.to_string();
        let month = text.get(..7).unwrap_or_default();
        (month.to_owned(), month.to_owned())
    })
}

/// From the first to the last, those without checks too, unless they are more than `most`.
fn without_gaps<T: Ord + Copy>(
    counts: BTreeMap<T, u64>,
    next: impl Fn(T) -> T,
    most: usize,
) -> Option<BTreeMap<T, u64>> {
    let (&first, _) = counts.first_key_value()?;
    let (&last, _) = counts.last_key_value()?;
    let mut all = counts;
    let mut place = first;
    while place < last {
        all.entry(place).or_default();
        place = next(place);
        if all.len() > most {
            return None;
        }
    }
    (all.len() <= most).then_some(all)
}

fn named<T>(counts: &BTreeMap<T, u64>, names: impl Fn(&T) -> (String, String)) -> Vec<Column> {
    let column = |(key, checks): (&T, &u64)| {
        let (name, short) = names(key);
        Column {
            name,
            short,
            checks: *checks,
        }
    };
    counts.iter().map(column).collect()
}

fn day_names(day: &Day) -> (String, String) {
    let name = day.to_string();
    let short = short(&name);
    (name, short)
}

/// `2026-11-21 17:00 CET` and `21 Nov 17:00`.
fn hour_names(hour: Hour, survey: &Survey) -> (String, String) {
    let name = survey.query.zone.minute(hour.start());
    let time = name.get(11..16).unwrap_or_default();
    let short = format!("{} {time}", short(&name));
    (name, short)
}

/// Day and month of `2026-11-21`, as they can't be mistaken for each other.
fn short(date: &str) -> String {
    let part = |range| date.get(range).and_then(|digits: &str| digits.parse::<usize>().ok());
    let month = part(5..7).and_then(|month| MONTHS.get(month.wrapping_sub(1)));
    format!("{} {}", part(8..10).unwrap_or(0), month.copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_up_to_a_number() {
        let counts = BTreeMap::from([(3, 1u64), (6, 2)]);
        let filled = without_gaps(counts.clone(), |number| number + 1, 4);
        assert_eq!(filled, Some(BTreeMap::from([(3, 1), (4, 0), (5, 0), (6, 2)])));
        assert_eq!(without_gaps(counts, |number| number + 1, 3), None);
        assert_eq!(without_gaps(BTreeMap::<u8, u64>::new(), |number| number + 1, 3), None);
    }

    #[test]
    fn a_date_is_short_on_the_axis() {
        assert_eq!(short("2026-11-03"), "3 Nov");
        assert_eq!(short("2026-01-31 17:00 CET"), "31 Jan");
    }
}
