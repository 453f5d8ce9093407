//! From the words of flags and cells to times.

use super::{MomentError, UnixTime, Zone, quoted};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

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
