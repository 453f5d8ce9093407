//! Durations and instants as people write them, to seconds and back.
//!
//! Nothing here reads the clock. Zones come from the tz database that is compiled in (or the system's, where
//! newer), and an offset is always the one of the instant asked for, so summer time is right.

mod calendar;
mod duration;
mod format;
mod parse;
mod zone;

pub use calendar::{Day, Hour};
pub use duration::duration;
pub use format::{FormatError, TimeFormat};
pub use parse::{DayEdge, TimeReader, instant, instant_or_date};
pub use zone::Zone;

pub use linkmint_token::UnixTime;
use std::fmt;

/// A time that can't be understood or that no token can carry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MomentError {
    /// A duration without a unit.
    #[error("the duration {0} has no unit")]
    NoUnit(String),
    /// No duration.
    #[error("{0} is no duration")]
    Duration(String),
    /// Too long to be counted.
    #[error("the duration {0} is too long")]
    LongDuration(String),
    /// No instant.
    #[error("{0} is no instant")]
    Instant(String),
    /// Neither a date nor an instant, where either would do.
    #[error("{0} is neither a date nor an instant")]
    InstantOrDate(String),
    /// A date that is not written as 2026-11-30.
    #[error("{text} is neither a date nor an instant")]
    UnknownDate {
        /// The text.
        text: String,
        /// What stands between its numbers.
        separator: char,
    },
    /// Not in the format that was named.
    #[error("{text} is neither a date as {format} nor an instant")]
    OtherFormat {
        /// The text.
        text: String,
        /// The format.
        format: String,
    },
    /// A time of day that a zone's clocks skip, or show twice.
    #[error("{text} is {} on the clocks of {zone}: it may mean {} or {}", if *.is_skipped { "skipped" } else { "shown twice" }, .readings[0], .readings[1])]
    ClockChange {
        /// The text.
        text: String,
        /// The zone.
        zone: String,
        /// Whether the clocks are put forward over it, else back.
        is_skipped: bool,
        /// What it may mean, in RFC 3339.
        readings: [String; 2],
    },
    /// An instant without its offset from UTC.
    #[error("{0} does not say at which offset from UTC it is meant")]
    NoOffset(String),
    /// A date where an instant is needed.
    #[error("{0} is a date, an instant is needed")]
    BareDate(String),
    /// Before 1970 or after 2106.
    #[error("{0} is not between 1970 and 2106")]
    Range(String),
    /// No zone of that name.
    #[error("there is no time zone {0}")]
    Zone(String),
}

impl MomentError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            MomentError::NoUnit(_) => "add one of s, m, h, d, w: 24h is a day, 30m half an hour",
            MomentError::Duration(text) if duration::is_calendar(text) => {
                "months and years differ in length: count days, as 30d or 365d, or name the day of the expiry"
            }
            MomentError::Duration(_) => "write it as 90m, 24h, 7d, 2w or 1d12h (units: s m h d w)",
            MomentError::LongDuration(_) => "a token can last until 2106, or have no end",
            MomentError::Instant(_) => "write it as RFC 3339: 2026-11-30T18:00:00+01:00 or 2026-11-30T17:00:00Z",
            MomentError::InstantOrDate(_) => {
                "write a date as 2026-11-30, or an instant in RFC 3339: 2026-11-30T17:00:00Z"
            }
            MomentError::UnknownDate { .. } => "write it as 2026-11-30, or say how dates are written",
            MomentError::OtherFormat { .. } => {
                "write it as the format says, or as an instant in RFC 3339: 2026-11-30T17:00:00Z"
            }
            MomentError::ClockChange { .. } => "write the one that is meant",
            MomentError::NoOffset(_) => "end it with Z for UTC or an offset such as +01:00",
            MomentError::BareDate(_) => "add the time and the offset: 2026-11-30T00:00:00Z",
            MomentError::Range(_) => "a token's times are seconds from 1970 until 2106",
            MomentError::Zone(_) => "name one as Europe/Berlin, an offset as +01:00, or local",
        }
    }
}

fn quoted(text: &str) -> String {
    crate::excerpt::Excerpt(text).to_string()
}

/// A span of seconds in the two largest units that it fills: `3 h 12 min`, `2 days`.
#[derive(Clone, Copy, Debug)]
pub struct Words(pub u64);

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (minutes, hours, days) = (self.0 / 60, self.0 / 3_600, self.0 / 86_400);
        match self.0 {
            0..60 => write!(f, "{} s", self.0),
            60..3_600 => write!(f, "{minutes} min"),
            3_600..86_400 if minutes % 60 == 0 => write!(f, "{hours} h"),
            3_600..86_400 => write!(f, "{hours} h {} min", minutes % 60),
            86_400..172_800 if hours == 24 => f.write_str("1 day"),
            86_400..172_800 => write!(f, "1 day {} h", hours - 24),
            _ if days < 730 => write!(f, "{days} days"),
            _ => write!(f, "{} years", days / 365),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_need_an_offset_and_a_time() {
        assert_eq!(instant("2026-11-21T16:00:00Z"), instant("2026-11-21T17:00:00+01:00"));
        assert_eq!(instant("2026-11-21T16:00:00.999Z"), instant("2026-11-21T16:00:00Z"));
        assert!(matches!(instant("2026-11-21"), Err(MomentError::BareDate(_))));
        assert!(matches!(instant("2026-11-21T16:00:00"), Err(MomentError::NoOffset(_))));
        assert!(matches!(instant("1969-12-31T23:59:59Z"), Err(MomentError::Range(_))));
        assert!(matches!(instant("2106-02-07T06:28:16Z"), Err(MomentError::Range(_))));
        assert_eq!(instant("2106-02-07T06:28:15Z"), Ok(UnixTime(u32::MAX)));
        for text in [
            "9999-12-31T23:59:59Z",
            "0001-01-01T00:00:00+14:00",
            "-009999-01-01T00:00:00Z",
        ] {
            assert!(matches!(instant(text), Err(MomentError::Range(_))), "{text}");
        }
        let utc = Zone::utc();
        for edge in [DayEdge::First, DayEdge::AfterLast] {
            let time = instant_or_date("9999-12-31", &utc, edge);
            assert!(matches!(time, Err(MomentError::Range(_))), "{time:?}");
        }
        assert!(matches!(instant("tomorrow"), Err(MomentError::Instant(_))));
    }

    #[test]
    fn a_date_means_its_whole_day_in_the_zone_of_that_day() {
        let berlin = Zone::parse("Europe/Berlin").expect("a zone");
        let end = |text| instant_or_date(text, &berlin, DayEdge::AfterLast).map(|time| time.to_string());
        // winter, summer, and the two days on which the clocks change
        assert_eq!(end("2026-11-30").as_deref(), Ok("2026-11-30T23:00:00Z"));
        assert_eq!(end("2026-07-31").as_deref(), Ok("2026-07-31T22:00:00Z"));
        assert_eq!(end("2026-03-28").as_deref(), Ok("2026-03-28T23:00:00Z"));
        assert_eq!(end("2026-03-29").as_deref(), Ok("2026-03-29T22:00:00Z"));
        let start = instant_or_date("2026-07-31", &berlin, DayEdge::First).map(|time| time.to_string());
        assert_eq!(start.as_deref(), Ok("2026-07-30T22:00:00Z"));
        assert!(instant_or_date("2026-02-30", &berlin, DayEdge::First).is_err());
    }

    #[test]
    fn a_workbooks_time_is_meant_in_the_zone() {
        let berlin = Zone::parse("Europe/Berlin").expect("a zone");
        let at = |text| {
            TimeReader::new(berlin.clone())
                .of_workbook(true)
                .read(text, DayEdge::AfterLast)
                .map(|time| time.to_string())
        };
        assert_eq!(at("2026-11-30T18:00:00").as_deref(), Ok("2026-11-30T17:00:00Z"));
        assert_eq!(at("2026-07-31T18:00:00.5").as_deref(), Ok("2026-07-31T16:00:00Z"));
        assert_eq!(at("2026-11-30T18:00:00Z").as_deref(), Ok("2026-11-30T18:00:00Z"));
        assert_eq!(at("2026-11-30").as_deref(), Ok("2026-11-30T23:00:00Z"));
        assert!(at("18:00:00").is_err());
    }

    #[test]
    fn a_time_with_a_space_is_local_in_the_zone() {
        let berlin = Zone::parse("Europe/Berlin").expect("a zone");
        let at = |text| instant_or_date(text, &berlin, DayEdge::AfterLast).map(|time| time.to_string());
        assert_eq!(at("2026-11-30 18:00").as_deref(), Ok("2026-11-30T17:00:00Z"));
        assert_eq!(at("2026-07-31 18:00:30").as_deref(), Ok("2026-07-31T16:00:30Z"));
        assert_eq!(at("2026-07-31 18:00Z").as_deref(), Ok("2026-07-31T18:00:00Z"));
        assert_eq!(at("2026-07-31 18:00 UTC").as_deref(), Ok("2026-07-31T18:00:00Z"));
        assert_eq!(at("2026-07-31 18:00+01:00").as_deref(), Ok("2026-07-31T17:00:00Z"));
        assert!(matches!(at("2026-11-30T18:00"), Err(MomentError::NoOffset(_))));
        assert!(matches!(instant("2026-11-30 18:00"), Err(MomentError::NoOffset(_))));
        for text in [
            "2026-11-30 25:00",
            "2026-11-30 18",
            "2026-11-31 18:00",
            "30.11.2026 18:00",
            "11/30/2026",
        ] {
            assert!(at(text).is_err(), "{text}: {:?}", at(text));
        }
    }

    #[test]
    fn a_time_that_the_clocks_skip_or_repeat_is_told_with_both_readings() {
        let told = |zone, text: &str| {
            let zone = Zone::parse(zone).expect("a zone");
            instant_or_date(text, &zone, DayEdge::First)
                .expect_err("refused")
                .to_string()
        };
        assert_eq!(
            told("Europe/Berlin", "2027-03-28 02:30"),
            "\"2027-03-28 02:30\" is skipped on the clocks of Europe/Berlin: \
             it may mean 2027-03-28T02:30:00+01:00 or 2027-03-28T02:30:00+02:00"
        );
        assert_eq!(
            told("America/New_York", "2026-11-01 01:30"),
            "\"2026-11-01 01:30\" is shown twice on the clocks of America/New_York: \
             it may mean 2026-11-01T01:30:00-04:00 or 2026-11-01T01:30:00-05:00"
        );
        let berlin = Zone::parse("Europe/Berlin").expect("a zone");
        for text in [
            "2027-03-28 01:59:59",
            "2027-03-28 03:00",
            "2026-10-25 01:59:59",
            "2026-10-25 03:00",
        ] {
            assert!(instant_or_date(text, &berlin, DayEdge::First).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_format_is_read_beside_what_no_format_can_mean_otherwise() {
        let reader = |format| {
            let format = TimeFormat::for_dates(format).expect("a format");
            TimeReader::new(Zone::utc()).with_format(format)
        };
        let read = |format, text: &str| reader(format).read(text, DayEdge::First).map(|time| time.to_string());
        assert_eq!(read("%d.%m.%Y", "30.11.2026").as_deref(), Ok("2026-11-30T00:00:00Z"));
        assert_eq!(
            read("%d.%m.%Y", "30.11.2026 18:00").as_deref(),
            Ok("2026-11-30T18:00:00Z")
        );
        assert_eq!(read("%d.%m.%Y", "2026-11-30").as_deref(), Ok("2026-11-30T00:00:00Z"));
        assert_eq!(read("%Y-%d-%m", "2026-30-11").as_deref(), Ok("2026-11-30T00:00:00Z"));
        assert_eq!(
            read("%Y-%d-%m", "2026-11-30T18:00:00Z").as_deref(),
            Ok("2026-11-30T18:00:00Z")
        );
        for (format, text) in [
            ("%Y-%d-%m", "2026-11-30"),
            ("%Y-%d-%m", "2026-11-30 18:00"),
            ("%m/%d/%Y", "30/11/2026"),
        ] {
            assert!(
                matches!(read(format, text), Err(MomentError::OtherFormat { .. })),
                "{text}"
            );
        }
    }

    #[test]
    fn local_time_stands_beside_utc_where_it_differs() {
        let time = instant("2026-11-21T23:30:00Z").expect("an instant");
        let beside = |zone| Zone::parse(zone).expect("a zone").minute_beside_utc(time);
        assert_eq!(beside("UTC"), "2026-11-21 23:30 UTC");
        assert_eq!(beside("America/New_York"), "2026-11-21 23:30 UTC (18:30 EST)");
        assert_eq!(beside("Europe/Berlin"), "2026-11-21 23:30 UTC (2026-11-22 00:30 CET)");
    }

    #[test]
    fn spans_are_told_in_words() {
        let table = [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (11_520, "3 h 12 min"),
            (7_200, "2 h"),
            (90_000, "1 day 1 h"),
            (86_400, "1 day"),
            (172_800, "2 days"),
            (86_400 * 800, "2 years"),
        ];
        for (seconds, words) in table {
            assert_eq!(Words(seconds).to_string(), words);
        }
    }
}
