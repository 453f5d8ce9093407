//! Dates and times as a country, a program or a mail writes them, by a format such as `%d.%m.%Y %H:%M`.

use super::{UnixTime, Zone};
use time::format_description::modifier::Padding;
use time::format_description::{Component, OwnedFormatItem, parse_strftime_owned};
use time::parsing::Parsed;
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};

/// A format that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// It has a `%` part that is not known.
    #[error("{0} has a part that is not known")]
    Part(String),
    /// It has no part at all.
    #[error("{0} has no part of a time")]
    Constant(String),
    /// What it says is not enough for a date.
    #[error("{0} does not say day, month and year")]
    NoDate(String),
}

/// How times are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeFormat {
    pub(super) text: String,
    written: OwnedFormatItem,
    /// The same, and a number may lack its leading zero.
    read: OwnedFormatItem,
    has_time: bool,
}

/// What a text says of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Civil {
    Date(Date),
    Local(PrimitiveDateTime),
    Instant(OffsetDateTime),
}

impl TimeFormat {
    /// A format in which times are told.
    ///
    /// # Errors
    /// When a part of it is not known, or it has none.
    pub fn new(text: &str) -> Result<Self, FormatError> {
        let part = || FormatError::Part(super::quoted(text));
        let written = parse_strftime_owned(text).map_err(|_| part())?;
        let read = with_short_numbers(written.clone());
        let shown = |hour| {
            let time = SAMPLE.replace_time(Time::from_hms(hour, 0, 0).expect("an hour of a day"));
            time.assume_utc().format(&written).map_err(|_| part())
        };
        let (one, other) = (shown(1)?, shown(14)?);
        if one == text.replace("%%", "%") {
            return Err(FormatError::Constant(super::quoted(text)));
        }
        Ok(Self {
            text: text.to_owned(),
            has_time: one != other,
            written,
            read,
        })
    }

    /// A format in which dates are read, perhaps with a time of day.
    ///
    /// # Errors
    /// As [`TimeFormat::new`], and when it leaves day, month or year open.
    pub fn for_dates(text: &str) -> Result<Self, FormatError> {
        let format = Self::new(text)?;
        let sample = SAMPLE.assume_utc().format(&format.written).unwrap_or_default();
        let date = format.parse(&sample).map(|civil| match civil {
            Civil::Date(date) => date,
            Civil::Local(time) => time.date(),
            Civil::Instant(time) => time.date(),
        });
        match date == Some(SAMPLE.date()) {
            true => Ok(format),
            false => Err(FormatError::NoDate(super::quoted(text))),
        }
    }

    /// Whether the year is its first part: then a date as 2026-11-30 could be misread.
    pub(super) fn begins_with_year(&self) -> bool {
        ["%Y", "%F", "%G", "%C", "%y", "%g"]
            .iter()
            .any(|part| self.text.trim_start().starts_with(part))
    }

    /// An expiry in a zone. Where the format has no time of day, it is the last day on which there was time left.
    #[must_use]
    pub fn expiry(&self, time: UnixTime, zone: &Zone) -> String {
        let time = match self.has_time {
            true => time,
            false => UnixTime(time.0.saturating_sub(1)),
        };
        zone.at(time)
            .0
            .format(&self.written)
            .expect("it has shown another time")
    }

    /// What a text in this format says; a time of day may stand behind the date, `18:00` or `18:00:30`.
    pub(super) fn parse(&self, text: &str) -> Option<Civil> {
        let mut parsed = Parsed::new();
        let items = std::slice::from_ref(&self.read);
        let rest = parsed.parse_items(text.as_bytes(), items).ok()?;
        if let (None, None, Some(short)) = (parsed.year(), parsed.year_century(), parsed.year_last_two()) {
            // a token's times end in 2106
            parsed.set_year(2_000 + i32::from(short))?;
        }
        let date = Date::try_from(parsed).ok()?;
        let rest = std::str::from_utf8(rest).ok()?;
        if !rest.is_empty() {
            let time = rest.strip_prefix(' ').filter(|_| !self.has_time)?;
            return Some(Civil::Local(date.with_time(of_day(time)?)));
        }
        if parsed.offset_hour().is_some() {
            return OffsetDateTime::try_from(parsed).ok().map(Civil::Instant);
        }
        match parsed.hour_24().or(parsed.hour_12().map(u8::from)) {
            None => Some(Civil::Date(date)),
            Some(_) => Some(Civil::Local(date.with_time(Time::try_from(parsed).ok()?))),
        }
    }
}

/// A time whose parts are all different.
const SAMPLE: PrimitiveDateTime = match Date::from_calendar_date(2026, time::Month::November, 30) {
    Ok(date) => PrimitiveDateTime::new(date, Time::MIDNIGHT),
    Err(_) => PrimitiveDateTime::MIN,
};

/// `18:00` or `18:00:30`.
fn of_day(text: &str) -> Option<Time> {
    let parts: Vec<&str> = text.split(':').collect();
    let is_number = |part: &&str| part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !(2..=3).contains(&parts.len()) || !parts.iter().all(is_number) {
        return None;
    }
    let part = |index: usize| parts.get(index).map_or(Some(0), |part| part.parse().ok());
    Time::from_hms(part(0)?, part(1)?, part(2)?).ok()
}

fn with_short_numbers(item: OwnedFormatItem) -> OwnedFormatItem {
    use Component as C;
    let component = match item {
        OwnedFormatItem::Compound(items) => {
            return OwnedFormatItem::Compound(items.into_iter().map(with_short_numbers).collect());
        }
        OwnedFormatItem::Component(component) => component,
        item => return item,
    };
    OwnedFormatItem::Component(match component {
        C::Day(part) => C::Day(part.with_padding(Padding::None)),
        C::MonthNumerical(part) => C::MonthNumerical(part.with_padding(Padding::None)),
        C::Hour12(part) => C::Hour12(part.with_padding(Padding::None)),
        C::Hour24(part) => C::Hour24(part.with_padding(Padding::None)),
        C::MonthShort(part) => C::MonthShort(part.with_case_sensitive(false)),
        C::MonthLong(part) => C::MonthLong(part.with_case_sensitive(false)),
        C::WeekdayShort(part) => C::WeekdayShort(part.with_case_sensitive(false)),
        C::WeekdayLong(part) => C::WeekdayLong(part.with_case_sensitive(false)),
        C::Period(part) => C::Period(part.with_case_sensitive(false)),
        component => component,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::instant;

    fn parsed(format: &str, text: &str) -> Option<String> {
        let civil = TimeFormat::for_dates(format).expect("a format").parse(text)?;
        Some(match civil {
            Civil::Date(date) => date.to_string(),
            Civil::Local(time) => time.to_string(),
            Civil::Instant(time) => time.to_string(),
        })
    }

    #[test]
    fn dates_are_read_in_the_order_that_the_format_says() {
        let table = [
            ("%d.%m.%Y", "30.11.2026", "2026-11-30"),
            ("%d.%m.%Y", "1.2.2027", "2027-02-01"),
            ("%d.%m.%y", "30.11.26", "2026-11-30"),
            ("%m/%d/%Y", "11/12/2026", "2026-11-12"),
            ("%d/%m/%Y", "11/12/2026", "2026-12-11"),
            ("%e %B %Y", "3 november 2026", "2026-11-03"),
            ("%b %d, %Y", "Nov 30, 2026", "2026-11-30"),
            ("%F", "2026-11-30", "2026-11-30"),
            ("%d.%m.%Y", "30.11.2026 18:00", "2026-11-30 18:00:00.0"),
            ("%d.%m.%Y", "30.11.2026 9:05:07", "2026-11-30 9:05:07.0"),
            ("%d.%m.%Y %H:%M", "30.11.2026 18:00", "2026-11-30 18:00:00.0"),
            ("%m/%d/%Y %I:%M %p", "11/30/2026 6:00 pm", "2026-11-30 18:00:00.0"),
            (
                "%d.%m.%Y %H:%M %z",
                "30.11.2026 18:00 +0100",
                "2026-11-30 18:00:00.0 +01:00:00",
            ),
        ];
        for (format, text, date) in table {
            assert_eq!(parsed(format, text).as_deref(), Some(date), "{format} {text}");
        }
    }

    #[test]
    fn what_is_written_otherwise_is_no_date() {
        for text in [
            "",
            "30.11.",
            "31.11.2026",
            "30.13.2026",
            "30/11/2026",
            "30.11.26",
            "30.11.2026x",
            "30.11.2026 25:00",
            "30.11.2026 1800",
            "30.11.2026 18:00 Uhr",
            "11.30.2026",
        ] {
            assert_eq!(parsed("%d.%m.%Y", text), None, "{text}");
        }
        assert_eq!(parsed("%d.%m.%Y %H:%M", "30.11.2026"), None);
    }

    #[test]
    fn formats_that_say_no_date_are_refused() {
        for text in ["%d.%m.", "%H:%M", "%m/%Y", "%y"] {
            assert!(
                matches!(TimeFormat::for_dates(text), Err(FormatError::NoDate(_))),
                "{text}"
            );
        }
        for text in ["%Q", "%", "%d.%m.%Y %Z", "%é"] {
            assert!(matches!(TimeFormat::new(text), Err(FormatError::Part(_))), "{text}");
        }
        for text in ["", "dd.mm.yyyy", "100 %%"] {
            assert!(matches!(TimeFormat::new(text), Err(FormatError::Constant(_))), "{text}");
        }
    }

    #[test]
    fn a_format_without_a_time_of_day_tells_the_last_day() {
        let berlin = Zone::parse("Europe/Berlin").expect("a zone");
        let told = |format, time| {
            let time = instant(time).expect("an instant");
            TimeFormat::new(format).expect("a format").expiry(time, &berlin)
        };
        assert_eq!(told("%d.%m.%Y", "2026-11-30T23:00:00Z"), "30.11.2026");
        assert_eq!(told("%d.%m.%Y", "2026-11-30T23:00:01Z"), "01.12.2026");
        assert_eq!(told("%d.%m.%Y %H:%M", "2026-11-30T23:00:00Z"), "01.12.2026 00:00");
        assert_eq!(
            told("%B %-d, %Y, %I:%M %p", "2026-07-03T10:00:00Z"),
            "July 3, 2026, 12:00 PM"
        );
    }
}
