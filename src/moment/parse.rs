//! From the words of flags and cells to instants.

use super::format::{Civil, TimeFormat};
use super::zone::Reading;
use super::{MomentError, UnixTime, Zone, quoted};
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, OffsetDateTime, PrimitiveDateTime, UtcOffset};

/// An instant in RFC 3339; a fraction of a second is cut off.
///
/// # Errors
/// When it is no instant, has no offset, is a bare date, or lies outside 1970 to 2106.
pub fn instant(text: &str) -> Result<UnixTime, MomentError> {
    let text = text.trim_ascii();
    if is_date(text) {
        return Err(MomentError::BareDate(quoted(text)));
    }
    let iso = as_iso(text);
    let full = OffsetDateTime::parse(&iso, &Rfc3339).or_else(|_| OffsetDateTime::parse(&iso, &Iso8601::PARSING));
    match full {
        Ok(time) => in_range(time.unix_timestamp(), text),
        Err(_) if civil(&iso).is_some() => Err(MomentError::NoOffset(quoted(text))),
        Err(_) => Err(MomentError::Instant(quoted(text))),
    }
}

/// With the `T` and `Z` of the standard: RFC 3339 allows a space and lower case, and this program's answers say `UTC`.
fn as_iso(text: &str) -> String {
    let mut iso = text.to_owned();
    if let Some(time) = text.strip_suffix(" UTC") {
        iso = format!("{time}Z");
    }
    if matches!(iso.as_bytes().get(10), Some(b' ' | b't')) {
        iso.replace_range(10..11, "T");
    }
    if iso.ends_with('z') {
        iso.replace_range(iso.len() - 1.., "Z");
    }
    iso
}

/// A date and time without an offset.
fn civil(iso: &str) -> Option<PrimitiveDateTime> {
    PrimitiveDateTime::parse(iso, &Iso8601::PARSING).ok()
}

/// Which second of a day a bare date means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayEdge {
    /// The day's own first second.
    First,
    /// The first second of the next day: the whole day is included.
    AfterLast,
}

/// An instant, or a date or a time of day in `zone`: `2026-11-30`, `2026-11-30 18:00`.
///
/// # Errors
/// As [`TimeReader::read`].
pub fn instant_or_date(text: &str, zone: &Zone, edge: DayEdge) -> Result<UnixTime, MomentError> {
    TimeReader::new(zone.clone()).read(text, edge)
}

/// How times are meant that don't say so themselves.
#[derive(Clone, Debug)]
pub struct TimeReader {
    zone: Zone,
    format: Option<TimeFormat>,
    local: LocalTimes,
}

/// Which times are read that have no offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LocalTimes {
    None,
    /// As people write them: `2026-11-30 18:00`.
    Spaced,
    All,
}

impl TimeReader {
    /// Dates as `2026-11-30` and times as `2026-11-30 18:00` are meant in `zone`.
    #[must_use]
    pub fn new(zone: Zone) -> Self {
        Self {
            zone,
            format: None,
            local: LocalTimes::Spaced,
        }
    }

    /// Reads dates and times in this format too.
    #[must_use]
    pub fn with_format(self, format: TimeFormat) -> Self {
        Self {
            format: Some(format),
            ..self
        }
    }

    /// Reads `2026-11-30T18:00:00` too, as the cells of a workbook are told: they can't have an offset. Elsewhere that is
    /// what a program wrote, and its zone may be any.
    #[must_use]
    pub fn of_workbook(self, of_workbook: bool) -> Self {
        let local = if of_workbook { LocalTimes::All } else { self.local };
        Self { local, ..self }
    }

    /// Refuses times without an offset, where nobody has said in which zone they are meant. Dates are read.
    #[must_use]
    pub fn without_local_times(self) -> Self {
        Self {
            local: LocalTimes::None,
            ..self
        }
    }

    /// The zone.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// An instant, or a date or time of the zone.
    ///
    /// # Errors
    /// When it is none, lies outside 1970 to 2106, or is a time that the zone's clocks skip or show twice.
    pub fn read(&self, text: &str, edge: DayEdge) -> Result<UnixTime, MomentError> {
        let text = text.trim_ascii();
        match &self.format {
            Some(format) => match format.parse(text) {
                Some(civil) => self.meant(civil, text, edge),
                None => self
                    .read_iso(text, edge, format.begins_with_year())
                    .map_err(|error| match error {
                        MomentError::InstantOrDate(_) | MomentError::UnknownDate { .. } => MomentError::OtherFormat {
                            text: quoted(text),
                            format: format.text.clone(),
                        },
                        error => error,
                    }),
            },
            None => self.read_iso(text, edge, false),
        }
    }

    /// What is written as ISO 8601 has it; `only_instants` where a date could be misread.
    fn read_iso(&self, text: &str, edge: DayEdge, only_instants: bool) -> Result<UnixTime, MomentError> {
        let neither = || match is_other_date(text) {
            Some(separator) => MomentError::UnknownDate {
                text: quoted(text),
                separator,
            },
            None => MomentError::InstantOrDate(quoted(text)),
        };
        match instant(text) {
            Err(MomentError::BareDate(_) | MomentError::NoOffset(_)) if only_instants => Err(neither()),
            Err(MomentError::BareDate(_)) => {
                let date = Date::parse(text, &Iso8601::DATE).map_err(|_| neither())?;
                self.meant(Civil::Date(date), text, edge)
            }
            Err(MomentError::NoOffset(_)) if self.reads_local(text) => {
                let time = civil(&as_iso(text)).ok_or_else(neither)?;
                self.meant(Civil::Local(time), text, edge)
            }
            Err(MomentError::Instant(_)) => Err(neither()),
            result => result,
        }
    }

    fn reads_local(&self, text: &str) -> bool {
        match self.local {
            LocalTimes::None => false,
            LocalTimes::Spaced => text.as_bytes().get(10) == Some(&b' '),
            LocalTimes::All => true,
        }
    }

    fn meant(&self, civil: Civil, text: &str, edge: DayEdge) -> Result<UnixTime, MomentError> {
        match civil {
            Civil::Instant(time) => in_range(time.unix_timestamp(), text),
            Civil::Local(_) if self.local == LocalTimes::None => Err(MomentError::NoOffset(quoted(text))),
            Civil::Local(time) => self.of_clock(time, text),
            Civil::Date(date) => {
                let day = match edge {
                    DayEdge::First => Some(date),
                    DayEdge::AfterLast => date.next_day(),
                };
                let day = day.ok_or_else(|| MomentError::Range(quoted(text)))?;
                let first = match self.zone.read(day.midnight()) {
                    Reading::Once(first) | Reading::Skipped { at: first, .. } | Reading::Twice([first, _]) => first,
                };
                in_range(first, text)
            }
        }
    }

    fn of_clock(&self, time: PrimitiveDateTime, text: &str) -> Result<UnixTime, MomentError> {
        let naive = time.assume_utc().unix_timestamp();
        let reading = self.zone.read(time);
        let readings = match reading {
            Reading::Once(seconds) => return in_range(seconds, text),
            Reading::Twice(seconds) => seconds,
            Reading::Skipped { offsets, .. } => offsets.map(|offset| naive - i64::from(offset.whole_seconds())),
        };
        in_range(readings[0], text)?;
        let is_skipped = matches!(reading, Reading::Skipped { .. });
        Err(MomentError::ClockChange {
            text: quoted(text),
            zone: self.zone.to_string(),
            is_skipped,
            readings: readings.map(|seconds| with_offset(time, naive - seconds)),
        })
    }
}

/// A time with its offset in seconds: `2026-10-25T02:30:00+02:00`.
fn with_offset(time: PrimitiveDateTime, offset: i64) -> String {
    let offset = i32::try_from(offset)
        .ok()
        .and_then(|seconds| UtcOffset::from_whole_seconds(seconds).ok());
    let time = time.assume_offset(offset.unwrap_or(UtcOffset::UTC));
    time.format(&Rfc3339).unwrap_or_else(|_| time.to_string())
}

/// What stands between the numbers of a date that is not written as 2026-11-30: `30.11.2026`, `11/30/2026 6:00 PM`.
fn is_other_date(text: &str) -> Option<char> {
    let date = text.split_ascii_whitespace().next()?;
    let separator = date.chars().find(|c| !c.is_ascii_digit())?;
    let parts: Vec<&str> = date.trim_end_matches([',', '.']).split(separator).collect();
    let is_number = |part: &&str| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_date = matches!(separator, '.' | '/' | '-') && parts.len() == 3 && parts.iter().all(is_number);
    // 2026-02-30 is written right, and is no date
    (is_date && !self::is_date(date)).then_some(separator)
}

fn is_date(text: &str) -> bool {
    let shape = |(index, byte): (usize, u8)| match index {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    text.len() == 10 && text.bytes().enumerate().all(shape)
}

fn in_range(seconds: i64, text: &str) -> Result<UnixTime, MomentError> {
    u32::try_from(seconds)
        .map(UnixTime)
        .map_err(|_| MomentError::Range(quoted(text)))
}
