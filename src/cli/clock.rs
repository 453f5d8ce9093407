//! The clock, read once a command and passed down.

use super::exit::{Exit, Failure};
use linkmint::moment::UnixTime;
use std::time::{SystemTime, UNIX_EPOCH};

/// This second.
pub(crate) fn now() -> Result<UnixTime, Failure> {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    match u32::try_from(seconds) {
        Ok(seconds @ 1..) => Ok(UnixTime(seconds)),
        _ => Err(Failure::new(
            Exit::Undecided,
            anyhow::anyhow!("the clock is not between 1970 and 2106"),
        )
        .hint("set the system's clock")),
    }
}
