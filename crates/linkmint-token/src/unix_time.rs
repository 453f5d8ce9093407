//! A second since 1970, and its RFC 3339 text. Which second it is now, is for the caller to say.

use serde::{Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Seconds since 1970-01-01 UTC, until 2106; displays as RFC 3339, and is read from it.
///
/// ```
/// use linkmint_token::UnixTime;
///
/// assert_eq!(UnixTime(1_790_000_000).to_string(), "2026-09-21T14:13:20Z");
/// assert_eq!("2026-09-21T16:13:20+02:00".parse(), Ok(UnixTime(1_790_000_000)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(pub u32);

impl UnixTime {
    /// The second that many seconds later, if it is one.
    #[must_use]
    pub fn after(self, seconds: u64) -> Option<Self> {
        let sum = self.0.checked_add(seconds.try_into().ok()?)?;
        Some(Self(sum))
    }
}

impl From<UnixTime> for u32 {
    fn from(time: UnixTime) -> Self {
        time.0
    }
}

impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with_text(|text| f.write_str(text))
    }
}

impl UnixTime {
    /// Its text, without room of its own: answers and logs are full of times.
    fn with_text<T>(self, work: impl FnOnce(&str) -> T) -> T {
        let instant = OffsetDateTime::from_unix_timestamp(self.0.into()).expect("a time of this or the next century");
        let mut text = *b"0000-00-00T00:00:00Z";
        let parts = [
            (0..4, instant.year().unsigned_abs()),
            (5..7, u32::from(u8::from(instant.month()))),
            (8..10, instant.day().into()),
            (11..13, instant.hour().into()),
            (14..16, instant.minute().into()),
            (17..19, instant.second().into()),
        ];
        for (place, mut number) in parts {
            for digit in text[place].iter_mut().rev() {
                *digit = b'0' + (number % 10) as u8;
                number /= 10;
            }
        }
        work(std::str::from_utf8(&text).expect("it is ASCII"))
    }
}

/// As its text.
impl Serialize for UnixTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.with_text(|text| serializer.serialize_str(text))
    }
}

/// A text that is no instant in RFC 3339, or one outside 1970 to 2106.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 instant between 1970 and 2106")]
pub struct NoInstant;

impl FromStr for UnixTime {
    type Err = NoInstant;

    /// With any offset; a fraction of a second is cut off.
    fn from_str(text: &str) -> Result<Self, NoInstant> {
        let instant = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| NoInstant)?;
        u32::try_from(instant.unix_timestamp()).map(Self).map_err(|_| NoInstant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_written_as_instants_and_read_back() {
        let table = [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_790_000_000, "2026-09-21T14:13:20Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (u32::MAX, "2106-02-07T06:28:15Z"),
        ];
        for (second, text) in table {
            assert_eq!(UnixTime(second).to_string(), text);
            assert_eq!(text.parse(), Ok(UnixTime(second)));
        }
        for second in (0..=u32::MAX).step_by(1_000_003) {
            let instant = OffsetDateTime::from_unix_timestamp(second.into()).expect("a time");
            let text = instant.format(&Rfc3339).expect("its text");
            assert_eq!(UnixTime(second).to_string(), text);
            assert_eq!(
                serde_json::to_string(&UnixTime(second)).expect("JSON"),
                format!("\"{text}\"")
            );
        }
    }

    #[test]
    fn what_is_no_instant_of_a_token_is_refused() {
        assert_eq!("2026-09-21T14:13:20.999Z".parse(), Ok(UnixTime(1_790_000_000)));
        for text in [
            "",
            "2026-09-21",
            "2026-09-21T14:13:20",
            "2026-02-29T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "2106-02-07T06:28:16Z",
            "1970-01-01T00:00:00+00:01",
        ] {
            assert_eq!(text.parse::<UnixTime>(), Err(NoInstant), "{text}");
        }
    }
}
