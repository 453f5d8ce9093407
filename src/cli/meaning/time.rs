//! The flags of time, with the clock's second where it is needed.

use crate::cli::args::TimeArgs;
use crate::cli::exit::Failure;
use linkmint::batch::generate::Expiry;
use linkmint::moment::{self, DayEdge, MomentError, UnixTime, Zone};

/// When a run's tokens are issued and valid.
#[derive(Clone, Debug)]
pub(crate) struct Times {
    pub(crate) issued_at: UnixTime,
    pub(crate) not_before: Option<UnixTime>,
    pub(crate) expiry: Option<Expiry>,
    pub(crate) zone: Zone,
}

/// Reads all flags of time; `now` is the time of issue unless they say otherwise.
pub(crate) fn times(args: &TimeArgs, now: UnixTime) -> Result<Times, Failure> {
    let zone = zone("--timezone", &args.timezone)?;
    let issued_at = match &args.issued_at {
        Some(text) => moment::instant(text).map_err(|error| failure("--issued-at", &error))?,
        None => now,
    };
    let date = |flag, text: &Option<String>, edge| {
        let text = text.as_deref();
        text.map(|text| instant_or_date(flag, text, &zone, edge)).transpose()
    };
    let not_before = date("--not-before", &args.not_before, DayEdge::First)?;
    let expires_at = date("--expires-at", &args.expires_at, DayEdge::AfterLast)?;
    let expiry = match (&args.expires_in, expires_at) {
        (Some(text), _) => Some(Expiry::At(after(issued_at, text)?)),
        (None, Some(time)) => Some(Expiry::At(time)),
        (None, None) => args.never_expires.then_some(Expiry::Never),
    };
    Ok(Times {
        issued_at,
        not_before,
        expiry,
        zone,
    })
}

fn after(issued_at: UnixTime, text: &str) -> Result<UnixTime, Failure> {
    let seconds = moment::duration(text).map_err(|error| failure("--expires-in", &error))?;
    let far = MomentError::LongDuration(linkmint::excerpt::Excerpt(text).to_string());
    issued_at.after(seconds).ok_or_else(|| failure("--expires-in", &far))
}

/// A duration in a flag, in seconds.
pub(crate) fn duration(flag: &str, text: &str) -> Result<u64, Failure> {
    moment::duration(text).map_err(|error| match error {
        MomentError::LongDuration(_) => Failure::usage(error).at(flag).hint("write a shorter one, as 60s or 5m"),
        error => failure(flag, &error),
    })
}

/// An instant in a flag.
pub(crate) fn instant(flag: &str, text: &str) -> Result<UnixTime, Failure> {
    moment::instant(text).map_err(|error| failure(flag, &error))
}

/// An instant, or a date in `zone`, in a flag.
pub(crate) fn instant_or_date(flag: &str, text: &str, zone: &Zone, edge: DayEdge) -> Result<UnixTime, Failure> {
    moment::instant_or_date(text, zone, edge).map_err(|error| failure(flag, &error))
}

/// A time zone in a flag.
pub(crate) fn zone(flag: &str, text: &str) -> Result<Zone, Failure> {
    Zone::parse(text).map_err(|error| failure(flag, &error))
}

fn failure(flag: &str, error: &MomentError) -> Failure {
    Failure::usage(error).at(flag).hint(error.hint())
}

/// Times that contradict each other, as a mistake in the flags.
pub(crate) fn contradiction(times: &Times, error: linkmint::token::ValidityError) -> Failure {
    let mut message = format!("{error}: issued {}", times.issued_at);
    if let Some(time) = times.not_before {
        message += &format!(", valid from {time}");
    }
    if let Some(Expiry::At(time)) = times.expiry {
        message += &format!(", expires {time}");
    }
    Failure::usage(message).hint("choose a later --expires-at or a longer --expires-in")
}
