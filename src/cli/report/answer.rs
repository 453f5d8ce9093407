//! An answer as a terminal shows it.

use super::look::Look;
use linkmint::check::{Answer, Headline};

/// What stands above claims that nobody can check.
pub(crate) const NOT_VERIFIED: &str = "NOT VERIFIED: anyone could have written this";

/// The answer in lines for people, with the token that is meant by a damaged one where it is asked for.
pub(crate) fn to_text(answer: &Answer, look: &Look, shows_mended: bool) -> String {
    let Headline { tone, word, .. } = answer.headline(&look.zone);
    let (word, reply) = (look.word(&word, tone), answer.reply(&look.zone));
    let mended = answer.damaged.as_ref().filter(|_| shows_mended);
    let mended = mended.map(|damage| format!("  mended: {}\n", damage.slip.repaired));
    format!(
        "{word}  {reply}\n{}{}",
        details(answer, look),
        mended.unwrap_or_default()
    )
}

/// All that is told under the first line.
pub(crate) fn details(answer: &Answer, look: &Look) -> String {
    let details = answer.details(&look.zone);
    let notes = details.notes.iter().map(|note| format!("  {note}\n"));
    let unverified = match details.unverified.is_empty() {
        true => String::new(),
        false => format!("{NOT_VERIFIED}\n{}", look.aligned(&details.unverified)),
    };
    look.aligned(&details.facts) + &notes.collect::<String>() + &unverified
}
