//! Cells that a spreadsheet would run.
//!
//! Values of claims were written by whoever minted, and a spreadsheet runs a cell that begins as a formula does. Such a
//! cell gets an apostrophe in front, which spreadsheets read as the mark of a text.

use std::borrow::Cow;

/// Whether a spreadsheet could take it for a formula: by its first character, also in the wide forms of East Asian
/// keyboards, or behind white space that it takes away.
fn is_formula(text: &str) -> bool {
    text.starts_with(char::is_control)
        || text
            .trim_start()
            .starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
}

/// A text that no spreadsheet runs.
#[must_use]
pub fn guarded(text: &str) -> Cow<'_, str> {
    match is_formula(text) {
        true => format!("'{text}").into(),
        false => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let table = [
            ("spring26", "spring26"),
            ("=1+1", "'=1+1"),
            ("+49", "'+49"),
            ("-2", "'-2"),
            ("@sum", "'@sum"),
            ("\t=1", "'\t=1"),
            (" =1", "' =1"),
            ("＝1", "'＝1"),
            ("a=b-c", "a=b-c"),
            ("", ""),
        ];
        for (text, expected) in table {
            assert_eq!(guarded(text), expected, "{text}");
        }
    }
}
