//! A label for each row, to be printed: the QR code of its link, with some of its cells beside it.
//!
//! Labels are kept by the numbers of their rows, as workers run ahead of each other, and a sheet is one page that is
//! opened whole: so there is a limit to how many there are.

use super::codes::NamePart;
use super::pool::lock;
use crate::qr::{Code, Level, Outline};
use crate::table::Row;
use std::collections::BTreeMap;
use std::sync::Mutex;

/// So many labels a page can have that browsers open.
pub(super) const MOST_LABELS: usize = 20_000;

/// How labels are made, and those that are made already.
#[derive(Debug)]
pub struct Labels {
    text: Vec<NamePart>,
    pub(super) level: Level,
    made: Mutex<BTreeMap<u64, Label>>,
}

/// What stands on a label.
#[derive(Clone, Debug)]
pub struct Label {
    /// The code of its link.
    pub code: Outline,
    /// The text beside it, in lines.
    pub lines: Vec<String>,
    /// The ends of its token, which tell labels apart.
    pub short: String,
}

impl Labels {
    /// Labels with this text.
    #[must_use]
    pub fn new(text: Vec<NamePart>, level: Level) -> Self {
        Self {
            text,
            level,
            made: Mutex::default(),
        }
    }

    /// Whether a label of one more row would be too many.
    pub(super) fn is_full(&self) -> bool {
        lock(&self.made).len() >= MOST_LABELS
    }

    /// Makes a row's label.
    pub(super) fn make(&self, number: u64, row: &Row<'_>, token: &[u8], code: &Code) {
        let text: String = self.text.iter().map(|part| part.of(row)).collect();
        let label = Label {
            code: code.outline(),
            lines: text.lines().map(|line| line.trim().to_owned()).collect(),
            short: short(&String::from_utf8_lossy(token)),
        };
        let mut made = lock(&self.made);
        if made.len() < MOST_LABELS || made.contains_key(&number) {
            made.insert(number, label);
        }
    }

    /// Takes back the label of a row that turns out to be bad.
    pub(super) fn forget(&self, number: u64) {
        lock(&self.made).remove(&number);
    }

    /// All labels, in the order of the list.
    #[must_use]
    pub fn take(&self) -> Vec<Label> {
        std::mem::take(&mut *lock(&self.made)).into_values().collect()
    }
}

/// The first and the last letters of a token.
fn short(token: &str) -> String {
    const ENDS: usize = 6;
    match (
        token.get(..ENDS),
        token.len().checked_sub(ENDS).and_then(|at| token.get(at..)),
    ) {
        (Some(first), Some(last)) if token.len() > 2 * ENDS => format!("{first}…{last}"),
        _ => token.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_short_form_has_both_ends() {
        assert_eq!(
            super::short("LOKOarE7gGqyjQABAgMEBQahARgqsAKihzseBkGUn7ckVF68gQ"),
            "LOKOar…VF68gQ"
        );
        assert_eq!(super::short("LOKOarE7gGqy"), "LOKOarE7gGqy");
    }
}
