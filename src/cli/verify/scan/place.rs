//! Where a token was found, and its answer with that place.

use super::super::super::report::answer::Answer;
use super::super::super::report::look::Look;
use linkmint::excerpt::Harmless;
use linkmint::mail::Part;
use linkmint::moment::UnixTime;
use serde_json::{Value, json};
use std::fmt;

/// A mail or a file, as it is called.
#[derive(Clone, Debug)]
pub(super) struct Document {
    pub(super) file: String,
    /// Which mail of a mailbox, from 1.
    pub(super) mail: Option<u64>,
}

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Harmless(&self.file))?;
        match self.mail {
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
        format!("{self}{between} part {} ({})", part.number, Harmless(&part.media_type))
    }
}

/// A token's place.
pub(super) struct Place<'p> {
    pub(super) document: &'p Document,
    pub(super) part: Option<&'p Part>,
    pub(super) line: usize,
    pub(super) is_broken: bool,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let between = if self.part.is_some() || self.document.mail.is_some() {
            ","
        } else {
            ":"
        };
        write!(f, "{}{between} line {}", self.document.part(self.part), self.line)
    }
}

impl Place<'_> {
    /// An answer's members, and where it is about.
    pub(super) fn to_json(&self, answer: &Answer, checked_at: UnixTime) -> Value {
        let mut object = answer.to_json(checked_at);
        object["file"] = json!(self.document.file);
        object["mail"] = json!(self.document.mail);
        object["part"] = json!(self.part.map(|part| &part.number));
        object["line"] = json!(self.line);
        object["broken"] = json!(self.is_broken);
        object
    }

    /// One line for a link that is in order; for any other all that is known.
    pub(super) fn to_text(&self, answer: &Answer, now: UnixTime, leeway: u64, look: &Look) -> String {
        let text = answer.to_text(now, leeway, look);
        let (head, details) = text.split_once('\n').unwrap_or((&text, ""));
        let (word, words) = head.split_once("  ").unwrap_or((head, ""));
        match (answer.is_valid(), self.is_broken) {
            (true, false) => format!("{word}  {self}  {words}\n"),
            (false, false) => format!("{word}  {self}\n  {words}\n{details}"),
            // whatever the token is worth: who clicks does not get it
            (true, true) => format!("BROKEN, {word}  {self}\n  the token itself is good {words}\n{details}"),
            (false, true) => format!("BROKEN, {word}  {self}\n  {words}\n{details}"),
        }
    }
}
