//! Days and hours as a zone's calendar has them, for what is counted by them.
//!
//! On the day on which clocks are put back, an hour comes twice, and both are hours of their own.

use super::{UnixTime, Zone};
use std::fmt;
use time::Date;

/// A day of a calendar; displays as `2026-11-21`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// The day on which a time is in a zone.
    #[must_use]
    pub fn of(time: UnixTime, zone: &Zone) -> Self {
        Self(zone.at(time).0.date())
    }

    /// The day after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.next_day().expect("2106 is long before the last date"))
    }

    /// Its first day of the month.
    #[must_use]
    pub fn month(self) -> Self {
        Self(self.0.replace_day(1).expect("every month has a first day"))
    }

    /// The first day of the month after its own.
    #[must_use]
    pub fn next_month(self) -> Self {
        let days = self.0.month().length(self.0.year());
        Self(self.0.replace_day(days).expect("a month is as long as it is")).next()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// An hour of a zone's clock, by the time of its start; displays as that in RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hour(UnixTime);

impl Hour {
    /// The hour in which a time is in a zone.
    #[must_use]
    pub fn of(time: UnixTime, zone: &Zone) -> Self {
        let (local, _) = zone.at(time);
        let into = u32::from(local.minute()) * 60 + u32::from(local.second());
        Self(UnixTime(time.0.saturating_sub(into)))
    }

    /// When it begins.
    #[must_use]
    pub fn start(self) -> UnixTime {
        self.0
    }

    /// The hour after it, where clocks are not put forward or back by less than an hour.
    #[must_use]
    pub fn next(self) -> Self {
        Self(UnixTime(self.0.0.saturating_add(3_600)))
    }
}

impl fmt::Display for Hour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::instant;

    fn time(text: &str) -> UnixTime {
        instant(text).expect("an instant")
    }

    #[test]
    fn a_day_begins_at_midnight_in_its_zone() {
        let berlin = Zone::parse("Europe/Berlin").expect("a zone");
        let day = |text| Day::of(time(text), &berlin).to_string();
        assert_eq!(day("2026-03-28T22:59:59Z"), "2026-03-28");
        assert_eq!(day("2026-03-28T23:00:00Z"), "2026-03-29");
        // 23 hours long
        assert_eq!(day("2026-03-29T21:59:59Z"), "2026-03-29");
        assert_eq!(day("2026-03-29T22:00:00Z"), "2026-03-30");
        let last = Day::of(time("2026-12-31T12:00:00Z"), &berlin);
        assert_eq!(last.next().to_string(), "2027-01-01");
        assert_eq!(last.month().to_string(), "2026-12-01");
        assert_eq!(last.next_month().to_string(), "2027-01-01");
    }

    #[test]
    fn the_hour_that_comes_twice_is_two_hours() {
        let berlin = Zone::parse("Europe/Berlin").expect("a zone");
        let first = Hour::of(time("2026-10-25T00:59:59Z"), &berlin);
        let second = Hour::of(time("2026-10-25T01:00:00Z"), &berlin);
        assert_eq!(first.to_string(), "2026-10-25T00:00:00Z");
        assert_eq!(second.to_string(), "2026-10-25T01:00:00Z");
        assert_eq!(first.next(), second);
        for hour in [first, second] {
            assert_eq!(berlin.hour_of_day(hour.start()), 2);
        }
    }

    #[test]
    fn hours_begin_where_the_zones_clock_says() {
        let kathmandu = Zone::parse("Asia/Kathmandu").expect("a zone");
        let hour = Hour::of(time("2026-11-21T16:20:00Z"), &kathmandu);
        assert_eq!(hour.to_string(), "2026-11-21T16:15:00Z");
    }
}
