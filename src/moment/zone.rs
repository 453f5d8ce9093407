//! Time zones: a name, an offset, or the system's own.
//!
//! A named zone is read from the system's data base, which is kept up to date, else from the one that is compiled in.

use super::{MomentError, UnixTime, quoted};
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};
use tz::datetime::{DateTime, FoundDateTimeKind};
use tz::timezone::{LocalTimeType, TimeZone};

/// A time zone, for reading bare dates and for telling times.
#[derive(Clone, Debug)]
pub struct Zone {
    name: Arc<str>,
    rules: Arc<TimeZone>,
}

/// The instants that a clock without an offset can mean, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    Once(i64),
    /// The clocks were put forward over it at an instant, from one offset to the other.
    Skipped {
        at: i64,
        offsets: [UtcOffset; 2],
    },
    /// The clocks were put back over it.
    Twice([i64; 2]),
}

impl Zone {
    fn new(name: &str, rules: TimeZone) -> Self {
        Self {
            name: name.into(),
            rules: Arc::new(rules),
        }
    }

    /// UTC.
    #[must_use]
    pub fn utc() -> Self {
        Self::new("UTC", TimeZone::utc())
    }

    /// The system's own zone.
    #[must_use]
    pub fn local() -> Self {
        let zone = match std::env::var("TZ") {
            Ok(text) => of_variable(&text),
            Err(_) => of_file(Path::new("/etc/localtime")).or_else(of_system),
        };
        zone.unwrap_or_else(Self::utc)
    }

    /// What `TZ` says, where that is no zone: clocks are read as UTC then, as the system's own programs do it.
    #[must_use]
    pub fn unknown_variable() -> Option<String> {
        std::env::var("TZ").ok().filter(|text| of_variable(text).is_none())
    }

    /// A zone's name, an offset such as `+01:00`, or `local`.
    ///
    /// # Errors
    /// When there is no such zone.
    pub fn parse(text: &str) -> Result<Self, MomentError> {
        if text.eq_ignore_ascii_case("local") {
            return Ok(Self::local());
        }
        let zone = match text.strip_prefix(['+', '-']) {
            Some(digits) => fixed(text.starts_with('-'), digits),
            None => named(text),
        };
        zone.ok_or_else(|| MomentError::Zone(quoted(text)))
    }

    /// Names that people choose from, in order: `Africa/Abidjan` to `Pacific/Wallis`.
    #[cfg(feature = "serve")]
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        let regions = [
            "Africa",
            "America",
            "Antarctica",
            "Arctic",
            "Asia",
            "Atlantic",
            "Australia",
            "Europe",
            "Indian",
            "Pacific",
        ];
        let region = move |name: &&str| {
            name.split_once('/')
                .is_some_and(|(region, _)| regions.contains(&region))
        };
        tzdb::TZ_NAMES.iter().copied().filter(region)
    }

    /// A time as this zone's clocks show it, and what the zone is called then: `CET`, `CEST`.
    pub(super) fn at(&self, time: UnixTime) -> (OffsetDateTime, &str) {
        let kind = self.kind(i64::from(time.0));
        let name = match kind.time_zone_designation() {
            "" => &*self.name,
            name => name,
        };
        let utc = OffsetDateTime::from_unix_timestamp(i64::from(time.0)).expect("2106 is long before the last date");
        (utc.to_offset(offset(kind)), name)
    }

    /// The date and minute of a time, as `2026-11-21 17:00 CET`.
    #[must_use]
    pub fn minute(&self, time: UnixTime) -> String {
        let (local, name) = self.at(time);
        format!("{} {:02}:{:02} {name}", local.date(), local.hour(), local.minute())
    }

    /// The date and minute in UTC, and beside it those of this zone where they differ: `2026-11-21 16:00 UTC (17:00 CET)`.
    #[must_use]
    pub fn minute_beside_utc(&self, time: UnixTime) -> String {
        let utc = Self::utc().minute(time);
        let (local, _) = self.at(time);
        if local.offset().is_utc() {
            return utc;
        }
        let there = self.minute(time);
        let day = local.date().to_string() + " ";
        let there = match utc.starts_with(&day) {
            true => &there[day.len()..],
            false => &there,
        };
        format!("{utc} ({there})")
    }

    /// The hour that its clock shows, from 0 to 23.
    #[must_use]
    pub fn hour_of_day(&self, time: UnixTime) -> u8 {
        self.at(time).0.hour()
    }

    fn kind(&self, seconds: i64) -> &LocalTimeType {
        let rules = TimeZone::as_ref(&self.rules);
        let kind = rules.find_local_time_type(seconds);
        // a file may end without a rule for what comes after it
        kind.unwrap_or_else(|_| {
            let last = rules.transitions().last().map(|last| last.local_time_type_index());
            &rules.local_time_types()[last.unwrap_or_default()]
        })
    }

    /// What this zone's clocks mean by a date and time.
    pub(super) fn read(&self, civil: PrimitiveDateTime) -> Reading {
        let (date, time) = (civil.date(), civil.time());
        let (year, month) = (date.year(), u8::from(date.month()));
        let zone = TimeZone::as_ref(&self.rules);
        let found = DateTime::find(
            year,
            month,
            date.day(),
            time.hour(),
            time.minute(),
            time.second(),
            0,
            zone,
        );
        let found = found.map(|list| list.into_inner()).unwrap_or_default();
        match (found.first(), found.last()) {
            (
                Some(&FoundDateTimeKind::Skipped {
                    before_transition,
                    after_transition,
                }),
                _,
            ) => Reading::Skipped {
                at: after_transition.unix_time(),
                offsets: [before_transition, after_transition].map(|time| offset(time.local_time_type())),
            },
            (Some(FoundDateTimeKind::Normal(first)), Some(FoundDateTimeKind::Normal(last))) if found.len() > 1 => {
                Reading::Twice([first, last].map(DateTime::unix_time))
            }
            (Some(FoundDateTimeKind::Normal(only)), _) => Reading::Once(only.unix_time()),
            (None, _) => {
                let seconds = civil.assume_utc().unix_timestamp();
                Reading::Once(seconds - i64::from(self.kind(seconds).ut_offset()))
            }
        }
    }
}

fn offset(kind: &LocalTimeType) -> UtcOffset {
    UtcOffset::from_whole_seconds(kind.ut_offset()).unwrap_or(UtcOffset::UTC)
}

/// The zone that the variable `TZ` names: a name, a file, or a rule as `CET-1CEST,M3.5.0,M10.5.0/3`.
fn of_variable(text: &str) -> Option<Zone> {
    let name = text.strip_prefix(':').unwrap_or(text);
    if name.is_empty() {
        return Some(Zone::utc());
    }
    let rule = || Some(Zone::new("local time", TimeZone::from_posix_tz(name).ok()?));
    let file = || Path::new(name).has_root().then(|| of_file(Path::new(name)))?;
    named(name).or_else(file).or_else(rule)
}

/// A zone from a file that is a link into the data base, by whose path it is named.
fn of_file(path: &Path) -> Option<Zone> {
    let rules = TimeZone::from_tz_data(&std::fs::read(path).ok()?).ok()?;
    let link = std::fs::read_link(path).unwrap_or_else(|_| path.to_owned());
    let name = link.to_str().and_then(|path| path.split_once("zoneinfo/"));
    Some(Zone::new(name.map_or("local time", |(_, name)| name), rules))
}

#[cfg(windows)]
fn of_system() -> Option<Zone> {
    named(&iana_time_zone::get_timezone().ok()?)
}

#[cfg(not(windows))]
fn of_system() -> Option<Zone> {
    None
}

/// A zone of the data bases by its name, in upper or lower case.
fn named(text: &str) -> Option<Zone> {
    if text.eq_ignore_ascii_case("UTC") {
        return Some(Zone::utc());
    }
    // no path that leaves the data base
    let is_part =
        |part: &str| part.starts_with(|c: char| c.is_ascii_alphanumeric()) && !part.contains(['\\', '.', ':']);
    if !text.split('/').all(is_part) {
        return None;
    }
    let known = tzdb::TZ_NAMES.iter().find(|name| name.eq_ignore_ascii_case(text));
    let name = known.copied().unwrap_or(text);
    let rules = of_system_data(name).or_else(|| compiled_in(name))?;
    Some(Zone::new(name, rules))
}

fn of_system_data(name: &str) -> Option<TimeZone> {
    let folder = std::env::var_os("TZDIR").unwrap_or_else(|| "/usr/share/zoneinfo".into());
    let data = std::fs::read(Path::new(&folder).join(name)).ok()?;
    TimeZone::from_tz_data(&data).ok()
}

fn compiled_in(name: &str) -> Option<TimeZone> {
    TimeZone::from_tz_data(tzdb::raw_tz_by_name(name)?).ok()
}

/// `HH:MM` or `HHMM`, at most 23:59.
fn fixed(negative: bool, digits: &str) -> Option<Zone> {
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
    let sign = if negative { '-' } else { '+' };
    let seconds = (hours * 60 + minutes) * if negative { -60 } else { 60 };
    let name = match (hours, minutes) {
        (0, 0) => return Some(Zone::utc()),
        (_, 0) => format!("{sign}{hours:02}"),
        _ => format!("{sign}{hours:02}:{minutes:02}"),
    };
    Some(Zone::new(&name, TimeZone::fixed(seconds).ok()?))
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::{DayEdge, instant, instant_or_date};

    #[test]
    fn seventeen_zones_are_as_another_program_reads_them() {
        for line in include_str!("zones.txt").lines().filter(|line| !line.starts_with('#')) {
            let words: Vec<&str> = line.splitn(4, ' ').collect();
            let built_in = compiled_in(words[1]).expect("a zone");
            let of_system = Zone::parse(words[1]).expect("a zone");
            for zone in [of_system, Zone::new(words[1], built_in)] {
                let found = match words[0] {
                    "at" => instant(words[2]).map(|time| zone.minute(time)),
                    _ => instant_or_date(words[2], &zone, DayEdge::First).map(|time| time.to_string()),
                };
                assert_eq!(found.as_deref(), Ok(words[3]), "{line}");
            }
        }
    }

    #[test]
    fn a_zone_is_called_by_its_name_or_its_offset() {
        let named = [
            ("utc", "UTC"),
            ("europe/berlin", "Europe/Berlin"),
            ("Etc/GMT+5", "Etc/GMT+5"),
            ("+01:00", "+01"),
            ("-0530", "-05:30"),
            ("-00:30", "-00:30"),
            ("+00:00", "UTC"),
        ];
        for (text, name) in named {
            assert_eq!(Zone::parse(text).expect("a zone").to_string(), name);
        }
        let midnight = |zone: &str| {
            let zone = Zone::parse(zone).expect("a zone");
            let time = instant_or_date("2026-01-01", &zone, DayEdge::First);
            time.expect("a date").0
        };
        assert_eq!(midnight("UTC") - midnight("+01:00"), 3_600);
        assert_eq!(midnight("-0530") - midnight("UTC"), 19_800);
        assert_eq!(midnight("utc"), midnight("Etc/UTC"));
        for text in ["", "+1", "+24:00", "+01:60", "Mars/Olympus", "+aa:bb"] {
            assert!(Zone::parse(text).is_err(), "{text}");
        }
        let time = instant("2026-11-21T16:00:00Z").expect("an instant");
        for text in [
            "Mars",
            "../../etc/passwd",
            "/etc/localtime",
            "Europe/../UTC",
            "Europe/",
            "zone.tab",
        ] {
            assert!(Zone::parse(text).is_err(), "{text}");
        }
        let minute = |zone| Zone::parse(zone).expect("a zone").minute(time);
        assert_eq!(minute("+05:30"), "2026-11-21 21:30 +05:30");
        assert_eq!(minute("-02:00"), "2026-11-21 14:00 -02");
        assert_eq!(minute("+00:00"), "2026-11-21 16:00 UTC");
        assert_eq!(minute("UTC"), "2026-11-21 16:00 UTC");
    }
}
