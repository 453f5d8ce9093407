//! Where a token was found, and its answer with that place.

use crate::cli::report::answer::details;
use crate::cli::report::look::Look;
use linkmint::check::{Answer, Headline};
use linkmint::excerpt::Harmless;
use linkmint::mail::Part;
use serde::{Serialize, Serializer};
use std::fmt;

/// A mail or a file, as it is called.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Document {
    pub(super) file: String,
    /// Which mail of a mailbox, from 1.
    pub(super) mail: Option<u64>,
    /// Whether the mailbox is parted in another way than the likeliest; told only where it is so.
    #[serde(rename = "parted_otherwise", skip_serializing_if = "std::ops::Not::not")]
    pub(super) is_other_reading: bool,
}

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Harmless(&self.file))?;
        match self.mail {
            Some(number) if self.is_other_reading => write!(f, ": mail {number} if parted otherwise"),
            Some(number) => write!(f, ": mail {number}"),
            None => Ok(()),
        }
    }
}

impl Document {
    /// How a part of it is called: `mail.eml: part 1.2 (text/html)`.
    pub(super) fn part(&self, part: Option<&Part>) -> String {
        let Some(part) = part else { return self.to_string() };
        let between = if self.mail.is_some() { "," } else { ":" };
        match part.number.as_str() {
            "HEADER" => format!("{self}{between} header"),
            _ => format!(
                "{self}{between} part {} ({})",
                part.number,
                shown_type(&part.media_type)
            ),
        }
    }
}

/// A media type in a message. A longer one was made to be long: the longest in use have some 75 characters.
pub(super) fn shown_type(media_type: &str) -> String {
    let cut = media_type.char_indices().nth(80);
    let (shown, more) = cut.map_or((media_type, ""), |(cut, _)| (&media_type[..cut], "…"));
    format!("{}{more}", Harmless(shown))
}

/// A token's place.
#[derive(Serialize)]
pub(super) struct LinkPlace<'p> {
    #[serde(flatten)]
    pub(super) document: &'p Document,
    #[serde(serialize_with = "by_number")]
    pub(super) part: Option<&'p Part>,
    pub(super) line: usize,
    #[serde(rename = "broken")]
    pub(super) is_broken: bool,
    /// The host of its link, if that is none that can be.
    #[serde(skip)]
    pub(super) bad_host: Option<&'p str>,
}

fn by_number<S: Serializer>(part: &Option<&Part>, serializer: S) -> Result<S::Ok, S::Error> {
    part.map(|part| &part.number).serialize(serializer)
}

impl fmt::Display for LinkPlace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let between = if self.part.is_some() || self.document.mail.is_some() {
            ","
        } else {
            ":"
        };
        write!(f, "{}{between} line {}", self.document.part(self.part), self.line)
    }
}

/// An answer, and where it is about.
#[derive(Serialize)]
pub(super) struct PlacedAnswer<'p> {
    #[serde(flatten)]
    pub(super) answer: &'p Answer,
    #[serde(flatten)]
    pub(super) place: &'p LinkPlace<'p>,
}

impl LinkPlace<'_> {
    /// One line for a link that is in order; for any other all that is known.
    pub(super) fn to_text(&self, answer: &Answer, look: &Look) -> String {
        let Headline { tone, word, sentence } = answer.headline(&look.zone);
        let word = look.word(&word, tone);
        if answer.is_valid() && !self.is_broken {
            return format!("{word}  {self}  {sentence}\n");
        }
        // whatever the token is worth: who clicks does not get it
        let broken = if self.is_broken { "BROKEN, " } else { "" };
        let good = if answer.is_valid() {
            "the token itself is good "
        } else {
            ""
        };
        let details = details(answer, look);
        format!("{broken}{word}  {self}\n  {good}{sentence}\n{details}")
    }
}
