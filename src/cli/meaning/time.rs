//! The flags of time, with the clock's second where it is needed.

use super::option_failure;
use crate::cli::args::TimeArgs;
use crate::cli::exit::Failure;
use crate::cli::hint;
use crate::cli::list::List;
use linkmint::batch::generate::Expiry;
use linkmint::excerpt::Excerpt;
use linkmint::moment::{self, DayEdge, MomentError, TimeFormat, TimeReader, UnixTime, Zone};
use linkmint::options::{TimeOptions, Times};

/// Reads all flags of time; `now` is the time of issue unless they say otherwise.
pub(crate) fn times(args: &TimeArgs, now: UnixTime) -> Result<Times, Failure> {
    let reader = TimeReader::new(zone("--timezone", &args.timezone)?);
    let is_date = |text: &Option<String>| text.as_deref().is_some_and(|text| moment::instant(text).is_err());
    if is_date(&args.not_before) || is_date(&args.expires_at) {
        check_local_zone(&args.timezone)?;
    }
    let options = TimeOptions {
        expires_in: args.expires_in.as_deref(),
        expires_at: args.expires_at.as_deref(),
        never_expires: args.never_expires,
        not_before: args.not_before.as_deref(),
        issued_at: args.issued_at.as_deref(),
        date_format: args.date_format.as_deref(),
    };
    options.read(now, reader).map_err(option_failure)
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

/// How the cell with the expiry is written, in the list's own encoding.
pub(crate) fn cell_format(flag: Option<&str>, list: &List) -> Result<Option<TimeFormat>, Failure> {
    const FLAG: &str = "--expires-format";
    let Some(text) = flag else {
        return Ok(None);
    };
    let format =
        TimeFormat::new(text).map_err(|error| Failure::usage(&error).at(FLAG).hint(hint::of_format(&error)))?;
    let encoding = list.reader.cell_encoding();
    match encoding.can_write(text) {
        true => Ok(Some(format)),
        false => {
            let message = format!("{} can't be written in {}", Excerpt(text), encoding.name());
            let hint = "choose a format in its characters, or convert the list to UTF-8";
            Err(Failure::usage(message).at(FLAG).hint(hint))
        }
    }
}

/// Refuses a format of dates where there are none to read but those that `readers` name.
pub(crate) fn check_format_is_used(args: &TimeArgs, readers: &str) -> Result<(), Failure> {
    match args.date_format.is_some() && args.expires_at.is_none() && args.not_before.is_none() {
        true => Err(Failure::usage("no date is read")
            .at("--date-format")
            .hint(format_args!("it goes with {readers}"))),
        false => Ok(()),
    }
}

/// Refuses to read a date in a zone that nobody knows: taken for UTC, it would be another day's.
pub(crate) fn check_local_zone(flag: &str) -> Result<(), Failure> {
    let unknown = Zone::unknown_variable().filter(|_| flag.eq_ignore_ascii_case("local"));
    match unknown {
        Some(name) => Err(Failure::usage(format_args!("there is no time zone {}", Excerpt(&name)))
            .at("TZ")
            .hint(
                "--timezone Europe/Berlin says in which zone dates are meant; or set the variable to the name of one",
            )),
        None => Ok(()),
    }
}

/// A time zone in a flag.
pub(crate) fn zone(flag: &str, text: &str) -> Result<Zone, Failure> {
    Zone::parse(text).map_err(|error| failure(flag, &error))
}

fn failure(flag: &str, error: &MomentError) -> Failure {
    Failure::usage(error).at(flag).hint(hint::of_moment(error))
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
