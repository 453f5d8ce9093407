//! From what was typed to what is meant: flags against each other and against the list's header.

pub(crate) mod claims;
pub(crate) mod columns;
pub(crate) mod link;
pub(crate) mod texts;
pub(crate) mod time;
pub(crate) mod token;

use super::exit::Failure;
use super::hint;
use linkmint::excerpt::Excerpt;
use linkmint::options::{Cause, OptionError};

/// What is wrong with a flag, and what mends it.
pub(crate) fn option_failure(OptionError { option, cause }: OptionError) -> Failure {
    let flag = format!("--{}", option.replace('_', "-"));
    let hint = match &cause {
        Cause::Moment(error) => Some(hint::of_moment(error).to_owned()),
        Cause::Format(error) => Some(hint::of_format(error).to_owned()),
        Cause::Link(_, error) => Some(hint::of_link(error).to_owned()),
        Cause::OfJwt(_) => Some(format!("leave out {flag} or --format jwt")),
        // clap has seen the others
        _ => None,
    };
    Failure::usage(cause).at(flag).maybe_hint(hint)
}

/// `NAME=VALUE` as it was given at `place`, cut at the first `=`.
pub(crate) fn pair<'a>(place: &str, text: &'a str) -> Result<(&'a str, &'a str), Failure> {
    text.split_once('=').ok_or_else(|| {
        Failure::usage(format_args!("{} has no =", Excerpt(text)))
            .at(place)
            .hint("write it as NAME=VALUE")
    })
}
