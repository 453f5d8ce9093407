//! From what was typed to what is meant: flags against each other and against the list's header.

pub(crate) mod claims;
pub(crate) mod columns;
pub(crate) mod link;
pub(crate) mod texts;
pub(crate) mod time;
pub(crate) mod token;

use super::exit::Failure;
use linkmint::excerpt::Excerpt;

/// `NAME=VALUE` as it was given at `place`, cut at the first `=`.
pub(crate) fn pair<'a>(place: &str, text: &'a str) -> Result<(&'a str, &'a str), Failure> {
    text.split_once('=').ok_or_else(|| {
        Failure::usage(format_args!("{} has no =", Excerpt(text)))
            .at(place)
            .hint("write it as NAME=VALUE")
    })
}
