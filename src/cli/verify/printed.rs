//! The name that `--print` asks for: one that no token of the run has was misspelled, and would print empty lines for
//! ever.

use crate::cli::exit::Failure;
use linkmint::check::Answer;
use linkmint::excerpt::Harmless;
use std::collections::BTreeSet;

/// What every token has.
const WORDS: [&str; 2] = ["status", "expires_at"];
/// Tokens have 16 claims; of a run with more names, these are held up to the one that was given.
const MOST_NAMES: usize = 64;

/// The name, and the claims that were seen.
pub(super) struct PrintedName {
    name: String,
    is_known: bool,
    others: BTreeSet<String>,
}

impl PrintedName {
    pub(super) fn of(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            is_known: WORDS.contains(&name),
            others: BTreeSet::new(),
        }
    }

    /// Remembers what authentic tokens have.
    pub(super) fn see(&mut self, answers: &[Answer]) {
        let facts = answers.iter().filter_map(|answer| answer.facts.as_ref());
        for (name, _) in facts.flat_map(|facts| &facts.claims) {
            self.is_known |= *name == self.name;
            if !self.is_known && self.others.len() < MOST_NAMES {
                self.others.insert(name.clone());
            }
        }
    }

    /// Refuses a name that no token has. Of tokens that are not authentic nobody knows what they have.
    pub(super) fn refuse_unknown(&self) -> Result<(), Failure> {
        if self.is_known || self.others.is_empty() {
            return Ok(());
        }
        let likeness = |other: &&str| (strsim::jaro_winkler(other, &self.name) * 1e6) as u64;
        let names = || self.others.iter().map(String::as_str).chain(WORDS);
        let nearest = names().max_by_key(likeness).unwrap_or_default();
        let all: Vec<String> = names().map(|name| Harmless(name).to_string()).collect();
        Err(
            Failure::usage(format_args!("no token has a claim {}", Harmless(&self.name)))
                .at("--print")
                .hint(format_args!(
                    "--print {}? There are {}",
                    Harmless(nearest),
                    all.join(", ")
                )),
        )
    }
}
