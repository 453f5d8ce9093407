//! An expiry as a cell says it.

use crate::moment::UnixTime;

/// The last expiry's text: most rows of a list share one.
#[derive(Debug, Default)]
pub(super) struct ExpiryText {
    time: Option<u32>,
    text: String,
}

impl ExpiryText {
    pub(super) fn time(&self) -> Option<u32> {
        self.time
    }

    #[inline]
    pub(super) fn of(&mut self, time: Option<u32>) -> &[u8] {
        if time != self.time {
            self.time = time;
            self.text = time.map(|time| UnixTime(time).to_string()).unwrap_or_default();
        }
        self.text.as_bytes()
    }
}
