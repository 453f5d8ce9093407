//! Where the texts are that a command looks at.

use crate::cli::args::TextArgs;
use crate::cli::exit::Failure;

/// Where the texts are.
pub(crate) enum Texts<'a> {
    /// None was given: all of standard input is one, or somebody is asked.
    Unsaid,
    /// One in each line of standard input.
    Lines,
    /// These.
    These(Vec<&'a str>),
}

impl<'a> Texts<'a> {
    /// `-` means standard input where it stands alone and before `--`, after which all is text.
    pub(crate) fn of(args: &'a TextArgs) -> Result<Self, Failure> {
        match (args.texts.as_slice(), args.texts_after.as_slice()) {
            ([], []) => Ok(Self::Unsaid),
            ([line], []) if line == "-" => Ok(Self::Lines),
            (texts, _) if texts.iter().any(|text| text == "-") => {
                Err(Failure::usage("`-` and texts exclude each other").hint("give either, not both"))
            }
            (texts, after) => Ok(Self::These(texts.iter().chain(after).map(String::as_str).collect())),
        }
    }
}
