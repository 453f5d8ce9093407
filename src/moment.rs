//! Durations and instants as people write them, to seconds and back.
//!
//! Nothing here reads the clock. Zones come from the tz database that is compiled in (or the system's, where
//! newer), and an offset is always the one of the instant asked for, so summer time is right.

mod calendar;

pub use calendar::{Day, Hour};

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan};
use std::fmt;

/// Seconds since 1970-01-01 UTC, until 2106; displays as RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(pub u32);

impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.timestamp())
    }
}

impl From<UnixTime> for u32 {
    fn from(time: UnixTime) -> Self {
        time.0
    }
}

impl UnixTime {
    fn timestamp(self) -> Timestamp {
        Timestamp::from_second(i64::from(self.0)).expect("2106 is long before the last timestamp")
    }

    /// The date and minute in UTC, and beside it those of a zone where they differ: `2026-11-21 16:00 UTC (17:00 CET)`.
    #[must_use]
    pub fn to_minute_beside(self, zone: &Zone) -> String {
        let utc = self.to_minute(&Zone::utc());
        let local = self.timestamp().to_zoned(zone.0.clone());
        if local.offset() == Offset::UTC {
            return utc;
        }
        let same_day = utc.starts_with(&local.strftime("%Y-%m-%d").to_string());
        let local = local.strftime(if same_day { "%H:%M %Z" } else { "%Y-%m-%d %H:%M %Z" });
        format!("{utc} ({local})")
    }

    /// The second that many seconds later, if it is one.
    #[must_use]
    pub fn after(self, seconds: u64) -> Option<Self> {
        u64::from(self.0)
            .checked_add(seconds)
            .and_then(|sum| u32::try_from(sum).ok())
            .map(Self)
    }

    /// The date and minute in a zone, as `2026-11-21 17:00 CET`.
    #[must_use]
    pub fn to_minute(self, zone: &Zone) -> String {
        let zoned = self.timestamp().to_zoned(zone.0.clone());
        zoned.strftime("%Y-%m-%d %H:%M %Z").to_string()
    }
}

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
            MomentError::Duration(_) => "write it as 90m, 24h, 7d, 2w or 1d12h (units: s m h d w)",
            MomentError::LongDuration(_) => "a token can last until 2106; without an end it is --never-expires",
            MomentError::Instant(_) => "write it as RFC 3339: 2026-11-30T18:00:00+01:00 or 2026-11-30T17:00:00Z",
            MomentError::InstantOrDate(_) => {
                "write a date as 2026-11-30, or an instant in RFC 3339: 2026-11-30T17:00:00Z"
            }
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

/// Seconds of a duration such as `90m`, `24h`, `7d`, `2w`, `1d12h`.
///
/// # Errors
/// When a number stands without a unit, a unit is none of `s m h d w`, or the sum does not fit.
pub fn duration(text: &str) -> Result<u64, MomentError> {
    let none = || MomentError::Duration(quoted(text));
    let mut rest = text.trim_ascii();
    if rest.is_empty() {
        return Err(none());
    }
    let mut sum = 0u64;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, after) = rest.split_at(digits);
        if number.is_empty() {
            return Err(none());
        }
        let mut letters = after.chars();
        let seconds = match letters.next() {
            Some('s') => 1,
            Some('m') => 60,
            Some('h') => 3_600,
            Some('d') => 86_400,
            Some('w') => 604_800,
            Some(_) => return Err(none()),
            None => return Err(MomentError::NoUnit(quoted(text))),
        };
        let long = || MomentError::LongDuration(quoted(text));
        let number: u64 = number.parse().map_err(|_| long())?;
        sum = number
            .checked_mul(seconds)
            .and_then(|part| sum.checked_add(part))
            .ok_or_else(long)?;
        rest = letters.as_str().trim_ascii_start();
    }
    Ok(sum)
}

/// An instant in RFC 3339; a fraction of a second is cut off.
///
/// # Errors
/// When it is no instant, has no offset, is a bare date, or lies outside 1970 to 2106.
pub fn instant(text: &str) -> Result<UnixTime, MomentError> {
    let text = text.trim_ascii();
    if is_date(text) {
        return Err(MomentError::BareDate(quoted(text)));
    }
    match text.parse::<Timestamp>() {
        Ok(timestamp) => in_range(timestamp, text),
        // the first and the last hours of what jiff counts
        Err(_) if is_far(text) => Err(MomentError::Range(quoted(text))),
        Err(_) if text.parse::<jiff::civil::DateTime>().is_ok() => Err(MomentError::NoOffset(quoted(text))),
        Err(_) => Err(MomentError::Instant(quoted(text))),
    }
}

/// Which second of a day a bare date means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayEdge {
    /// The day's own first second.
    First,
    /// The first second of the next day: the whole day is included.
    AfterLast,
}

/// An instant, or a date in `zone`.
///
/// # Errors
/// As [`instant`], but for the bare date.
pub fn instant_or_date(text: &str, zone: &Zone, edge: DayEdge) -> Result<UnixTime, MomentError> {
    let text = text.trim_ascii();
    if !is_date(text) {
        return instant(text).map_err(|error| match error {
            MomentError::Instant(text) => MomentError::InstantOrDate(text),
            error => error,
        });
    }
    let none = || MomentError::InstantOrDate(quoted(text));
    let date: Date = text.parse().map_err(|_| none())?;
    let day = match edge {
        DayEdge::First => date,
        DayEdge::AfterLast => date
            .checked_add(1.day())
            .map_err(|_| MomentError::Range(quoted(text)))?,
    };
    let zoned = day.to_zoned(zone.0.clone());
    let zoned = zoned.map_err(|_| MomentError::Range(quoted(text)))?;
    in_range(zoned.timestamp(), text)
}

/// As [`instant_or_date`], and a time without an offset in `zone`: the dates of a workbook can't have one.
///
/// # Errors
/// As [`instant`], but for the bare date and the offset.
pub fn instant_in(text: &str, zone: &Zone, edge: DayEdge) -> Result<UnixTime, MomentError> {
    let time = instant_or_date(text, zone, edge);
    let Err(MomentError::NoOffset(_)) = time else {
        return time;
    };
    let none = || MomentError::Instant(quoted(text));
    let civil: jiff::civil::DateTime = text.trim_ascii().parse().map_err(|_| none())?;
    let zoned = civil.to_zoned(zone.0.clone()).map_err(|_| none())?;
    in_range(zoned.timestamp(), text)
}

/// Whether it is a time with its offset, of whatever year.
fn is_far(text: &str) -> bool {
    jiff::fmt::temporal::Pieces::parse(text).is_ok_and(|pieces| pieces.time().is_some() && pieces.offset().is_some())
}

fn is_date(text: &str) -> bool {
    let shape = |(index, byte): (usize, u8)| match index {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    text.len() == 10 && text.bytes().enumerate().all(shape)
}

fn in_range(timestamp: Timestamp, text: &str) -> Result<UnixTime, MomentError> {
    u32::try_from(timestamp.as_second())
        .map(UnixTime)
        .map_err(|_| MomentError::Range(quoted(text)))
}

/// A time zone, for reading bare dates and for telling times.
#[derive(Clone, Debug)]
pub struct Zone(TimeZone);

impl Zone {
    /// UTC.
    #[must_use]
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The system's own zone, read from its file where there is one: to find its name, the whole data base would be
    /// walked, which takes longer than checking a token.
    #[must_use]
    pub fn local() -> Self {
        let unset = std::env::var_os("TZ").is_none();
        let file = unset.then(|| std::fs::read("/etc/localtime").ok()).flatten();
        let zone = file.and_then(|data| TimeZone::tzif("local", &data).ok());
        Self(zone.unwrap_or_else(TimeZone::system))
    }

    /// A zone's name, an offset such as `+01:00`, or `local`.
    ///
    /// # Errors
    /// When there is no such zone.
    pub fn parse(text: &str) -> Result<Self, MomentError> {
        if text.eq_ignore_ascii_case("local") {
            return Ok(Self(TimeZone::system()));
        }
        let zone = match text.strip_prefix(['+', '-']) {
            Some(digits) => offset(text.starts_with('-'), digits).map(TimeZone::fixed),
            None => TimeZone::get(text).ok(),
        };
        zone.map(Self).ok_or_else(|| MomentError::Zone(quoted(text)))
    }
}

/// `HH:MM` or `HHMM`, at most 23:59.
fn offset(negative: bool, digits: &str) -> Option<Offset> {
    let digits: String = match digits.split_once(':') {
        Some((hours, minutes)) => [hours, minutes].concat(),
        None => digits.to_owned(),
    };
    if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes): (i32, i32) = (digits[..2].parse().ok()?, digits[2..].parse().ok()?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = (hours * 60 + minutes) * 60;
    Offset::from_seconds(if negative { -seconds } else { seconds }).ok()
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.iana_name(), self.0.to_fixed_offset()) {
            (Some(name), _) => f.write_str(name),
            (None, Ok(offset)) => write!(f, "{offset}"),
            (None, Err(_)) => f.write_str("local time"),
        }
    }
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
    fn durations_are_sums_of_units() {
        let table = [
            ("90m", 5_400),
            ("24h", 86_400),
            ("7d", 604_800),
            ("2w", 1_209_600),
            ("1d12h", 129_600),
            (" 1d 12h ", 129_600),
            ("0s", 0),
        ];
        for (text, seconds) in table {
            assert_eq!(duration(text), Ok(seconds), "{text}");
        }
    }

    #[test]
    fn durations_that_leave_a_doubt_are_refused() {
        assert!(matches!(duration("24"), Err(MomentError::NoUnit(_))));
        assert!(matches!(duration("1d12"), Err(MomentError::NoUnit(_))));
        for text in ["", "h", "-1h", "1.5h", "1M", "1y", "1 month", "٣h"] {
            assert!(matches!(duration(text), Err(MomentError::Duration(_))), "{text}");
        }
        for text in ["99999999999999999999s", "18446744073709551615w"] {
            assert!(matches!(duration(text), Err(MomentError::LongDuration(_))), "{text}");
        }
    }

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
        let at = |text| instant_in(text, &berlin, DayEdge::AfterLast).map(|time| time.to_string());
        assert_eq!(at("2026-11-30T18:00:00").as_deref(), Ok("2026-11-30T17:00:00Z"));
        assert_eq!(at("2026-07-31T18:00:00.5").as_deref(), Ok("2026-07-31T16:00:00Z"));
        assert_eq!(at("2026-11-30T18:00:00Z").as_deref(), Ok("2026-11-30T18:00:00Z"));
        assert_eq!(at("2026-11-30").as_deref(), Ok("2026-11-30T23:00:00Z"));
        assert!(at("18:00:00").is_err());
    }

    #[test]
    fn zones_are_names_or_offsets() {
        let noon = |zone: &str| {
            let zone = Zone::parse(zone).expect("a zone");
            instant_or_date("2026-01-01", &zone, DayEdge::First)
                .map(|time| time.0)
                .expect("a date")
        };
        assert_eq!(noon("UTC") - noon("+01:00"), 3_600);
        assert_eq!(noon("-0530") - noon("UTC"), 19_800);
        for text in ["", "+1", "+24:00", "+01:60", "Mars/Olympus", "+aa:bb"] {
            assert!(Zone::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn local_time_stands_beside_utc_where_it_differs() {
        let time = instant("2026-11-21T23:30:00Z").expect("an instant");
        let beside = |zone| time.to_minute_beside(&Zone::parse(zone).expect("a zone"));
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
