//! An answer as a terminal shows it.

use super::look::Look;
use linkmint::check::{Answer, Headline};

/// The answer in lines for people.
pub(crate) fn to_text(answer: &Answer, look: &Look) -> String {
    let Headline { tone, word, sentence } = answer.headline(look.zone());
    let word = look.word(&word, tone);
    format!("{word}  {sentence}\n{}", details(answer, look))
}

/// All that is told under the first line.
pub(crate) fn details(answer: &Answer, look: &Look) -> String {
    let details = answer.details(look.zone());
    let notes = details.notes.iter().map(|note| format!("  {note}\n"));
    look.aligned(&details.facts) + &notes.collect::<String>()
}
