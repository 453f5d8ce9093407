//! Time zones: a name, an offset, or the system's own.

use super::{MomentError, quoted};
use jiff::tz::{Offset, TimeZone};
use std::fmt;

/// A time zone, for reading bare dates and for telling times.
#[derive(Clone, Debug)]
pub struct Zone(pub(super) TimeZone);

impl Zone {
    /// UTC.
    #[must_use]
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The system's own zone.
    #[must_use]
    pub fn local() -> Self {
        let unset = std::env::var_os("TZ").is_none();
        let zone = unset.then(of_file).flatten();
        Self(zone.unwrap_or_else(TimeZone::system))
    }

    /// A zone's name, an offset such as `+01:00`, or `local`.
    ///
    /// # Errors
    /// When there is no such zone.
    pub fn parse(text: &str) -> Result<Self, MomentError> {
        if text.eq_ignore_ascii_case("local") {
            return Ok(Self::local());
        }
        if text.eq_ignore_ascii_case("UTC") {
            return Ok(Self::utc());
        }
        let zone = match text.strip_prefix(['+', '-']) {
            Some(digits) => offset(text.starts_with('-'), digits).map(TimeZone::fixed),
            None => TimeZone::get(text).ok(),
        };
        zone.map(Self).ok_or_else(|| MomentError::Zone(quoted(text)))
    }
}

/// The system's zone from its file, named by what the file is a link to. Asked for its zone by name, the whole data base
/// would be walked, which takes longer than minting or checking a token.
fn of_file() -> Option<TimeZone> {
    const FILE: &str = "/etc/localtime";
    let data = std::fs::read(FILE).ok()?;
    let link = std::fs::read_link(FILE).unwrap_or_default();
    let name = link.to_str().and_then(|path| path.split_once("zoneinfo/"));
    TimeZone::tzif(name.map_or("local time", |(_, name)| name), &data).ok()
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
