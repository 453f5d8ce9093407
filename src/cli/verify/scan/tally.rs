//! What a scan came to, in numbers, and what of it is worth a warning.

use super::place::{Document, LinkPlace, shown_type};
use crate::cli::exit::{report_line, warn};
use linkmint::check::Answer;
use linkmint::excerpt::Excerpt;
use linkmint::key::TAG_LENGTH;
use linkmint::paste::{Candidate, Cleaning};
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

/// So many places are named in a warning.
const NAMED: usize = 10;
/// And so many types of parts in the summary.
const MOST_KINDS: usize = 30;

/// Places that are warned of: all counted, the first told.
#[derive(Default)]
pub(super) struct Places {
    count: u64,
    first: Vec<String>,
}

impl Places {
    pub(super) fn add(&mut self, place: impl FnOnce() -> String) {
        self.count += 1;
        if self.first.len() < NAMED {
            self.first.push(place());
        }
    }

    /// A warning with the first places under it.
    fn warn(&self, one: &str, several: &str, hint: &str) {
        if self.count == 0 {
            return;
        }
        let words = if self.count == 1 { one } else { several };
        let mut text = format!("{} {words}", self.count);
        for place in &self.first {
            text += &format!("\n  {place}");
        }
        if self.count as usize > self.first.len() {
            text += &format!("\n  and {} more", self.count as usize - self.first.len());
        }
        warn(&text, Some(hint));
    }
}

/// The counts of a scan.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) files: u64,
    pub(super) mails: u64,
    /// Texts that were looked through: a mail's parts, and files that are no mails.
    pub(super) parts: u64,
    /// What could not be read.
    pub(super) unread: u64,
    statuses: BTreeMap<&'static str, u64>,
    pub(super) refused: u64,
    /// By type, as it is shown.
    skipped_parts: BTreeMap<String, u64>,
    pub(super) skipped_files: Places,
    broken: Places,
    repeated: Places,
    without: Places,
    /// Versions of mails without a link, where the other version has one.
    pub(super) lacking: Places,
    /// Authentic tokens, however they are written, with the number of the document they were first seen in.
    seen: HashMap<[u8; TAG_LENGTH], usize>,
    documents: Vec<Document>,
    links_before: u64,
    pub(super) links: u64,
    /// Those in what mail programs show as a mail's text.
    shown_links: u64,
}

impl Tally {
    /// A mail, or a file that is none, is looked through from here on.
    pub(super) fn begin(&mut self, document: &Document) {
        self.documents.push(document.clone());
        self.links_before = self.shown_links;
    }

    pub(super) fn end(&mut self, document: &Document) {
        if self.shown_links == self.links_before {
            self.without.add(|| document.to_string());
        }
    }

    pub(super) fn count(&mut self, place: &LinkPlace<'_>, candidate: &Candidate, answer: &Answer) {
        self.links += 1;
        self.shown_links += u64::from(place.part.is_none_or(|part| part.is_shown));
        self.refused += u64::from(!answer.is_valid());
        *self.statuses.entry(answer.status().as_str()).or_default() += 1;
        if place.is_broken {
            let undone = candidate.cleaned.iter().filter(|cleaning| **cleaning != Cleaning::Url);
            let mut undone: Vec<_> = undone.map(ToString::to_string).collect();
            undone.extend(
                place
                    .bad_host
                    .map(|host| format!("nothing, the host {} can't be", Excerpt(host))),
            );
            self.broken.add(|| format!("{place}: {}", undone.join(", ")));
        }
        if let Some(tag) = answer.facts.as_ref().and_then(|facts| facts.tag) {
            let here = self.documents.len() - 1;
            let first = *self.seen.entry(tag).or_insert(here);
            if first != here {
                let other = &self.documents[first];
                self.repeated.add(|| format!("{place}: also in {other}"));
            }
        }
    }

    pub(super) fn skip_part(&mut self, media_type: &str) {
        *self.skipped_parts.entry(shown_type(media_type)).or_default() += 1;
    }

    pub(super) fn is_warned_of(&self) -> bool {
        [&self.broken, &self.repeated, &self.without, &self.lacking]
            .iter()
            .any(|places| places.count > 0)
    }

    /// Some lines for people about a scan of so long.
    pub(super) fn tell(&self, took: Duration) {
        let mut text = format!(
            "{}, {}, {}: {} in {:.2} s\n",
            counted(self.files, "file"),
            counted(self.mails, "mail"),
            counted(self.parts, "part"),
            counted(self.links, "link"),
            took.as_secs_f64()
        );
        for (status, count) in &self.statuses {
            text += &format!("  {:18} {count}\n", status.replace('_', " "));
        }
        if !self.skipped_parts.is_empty() {
            let kinds = self.skipped_parts.iter().take(MOST_KINDS);
            let mut each: Vec<_> = kinds.map(|(kind, count)| format!("{count} {kind}")).collect();
            let more: u64 = self.skipped_parts.values().skip(MOST_KINDS).sum();
            each.extend((more > 0).then(|| format!("{more} of other types")));
            text += &format!("  parts not looked into: {}\n", each.join(", "));
        }
        if self.skipped_files.count > 0 {
            let more = self.skipped_files.count as usize - self.skipped_files.first.len();
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            text += &format!(
                "  {} that {} no text, skipped: {}{more}\n",
                counted(self.skipped_files.count, "file"),
                if self.skipped_files.count == 1 { "is" } else { "are" },
                self.skipped_files.first.join(", ")
            );
        }
        if self.unread > 0 {
            text += &format!("  could not be read: {}\n", self.unread);
        }
        report_line(&text);
        self.warn();
    }

    fn warn(&self) {
        self.broken.warn(
            "link is broken for the customer; what had to be undone",
            "links are broken for the customer; what had to be undone",
            "look at how the mail tool writes this part: it wraps, encodes or escapes what must stay as it is",
        );
        self.repeated.warn(
            "link has a token that stands in another mail or file too",
            "links have a token that stands in another mail or file too",
            "each customer needs a link of their own: look at how the mail tool fills in its fields",
        );
        self.without.warn(
            "mail or file has no link with a token",
            "mails or files have no link with a token",
            "if it should have one, look at the field in the mail's template",
        );
        self.lacking.warn(
            "part has no link with a token, and the mail's other version has one",
            "parts have no link with a token, and the mail's other version has one",
            "look at how the mail tool fills in this part: a link that was lower-cased or left empty is not seen as one",
        );
    }
}

fn counted(count: u64, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}
