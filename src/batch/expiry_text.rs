//! An expiry as a cell says it.

use crate::moment::{TimeFormat, UnixTime, Zone};

/// The last expiry's text: most rows of a list share one.
#[derive(Debug, Default)]
pub(super) struct ExpiryText {
    pub(super) time: Option<u32>,
    pub(super) text: String,
    format: Option<(TimeFormat, Zone)>,
}

impl ExpiryText {
    /// In a format of one's own, else in RFC 3339.
    pub(super) fn new(format: Option<(TimeFormat, Zone)>) -> Self {
        Self {
            format,
            ..Self::default()
        }
    }

    #[inline]
    pub(super) fn of(&mut self, time: Option<u32>) -> &str {
        if time != self.time {
            self.time = time;
            self.text = match (time.map(UnixTime), &self.format) {
                (None, _) => String::new(),
                (Some(time), Some((format, zone))) => format.expiry(time, zone),
                (Some(time), None) => time.to_string(),
            };
        }
        &self.text
    }
}
