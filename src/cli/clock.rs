//! The clock, read once a command and passed down.

use super::exit::Failure;
use super::meaning::time;
use linkmint::moment::UnixTime;
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The instant that a command's `--now` names, else this second.
pub(crate) fn now_or(named: Option<&str>) -> Result<UnixTime, Failure> {
    named.map_or_else(now, |text| time::instant("--now", text))
}

/// The time since it was first asked for, for what must not take long.
pub(crate) fn passed() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// This second.
pub(crate) fn now() -> Result<UnixTime, Failure> {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    match u32::try_from(seconds) {
        Ok(seconds @ 1..) => Ok(UnixTime(seconds)),
        _ => Err(
            Failure::undecided(anyhow::anyhow!("the clock is not between 1970 and 2106"))
                .hint("set the system's clock"),
        ),
    }
}
