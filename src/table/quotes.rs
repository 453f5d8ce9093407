//! Quotes that are most likely misplaced: the parser takes them, and a row may swallow the rows after it.
//!
//! In a list whose quotes are right but for one, what that one opens ends at a quote that opens a cell, with that cell's
//! text behind it; or else the record has an odd number of quotes.

use crate::excerpt::Excerpt;

/// What is wrong with a row's quotes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QuoteFault {
    /// A cell goes on after its closing quote.
    #[error("text follows a closing quote: {text}")]
    TextAfter {
        /// The column, from 0; `None` for one that is passed over.
        column: Option<usize>,
        /// What follows, in quotes and shortened.
        text: String,
    },
    /// The row spans lines, and one of its quotes has no partner.
    #[error("the row spans lines, and one of its quotes has no partner")]
    Odd,
    /// The quote that closes the row's last cell seems to open one of a later row, whose rest comes next.
    #[error("the row spans lines, and its last quote seems to open a cell of another row")]
    OpensLater,
}

impl QuoteFault {
    /// What to do about it.
    pub(crate) const HINT: &str =
        "a quote inside a quoted cell must be doubled (\"\"); other rows may have become part of this one";

    /// The column it is about, from 0.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        match self {
            QuoteFault::TextAfter { column, .. } => *column,
            QuoteFault::Odd | QuoteFault::OpensLater => None,
        }
    }

    /// That of a cell, where it has one; `delimiter` may follow a closing quote besides the one that ended the cell.
    pub(super) fn of_cell(
        cell: &[u8],
        column: Option<usize>,
        delimiter: Option<u8>,
        decode: impl Fn(&[u8]) -> String,
    ) -> Option<Self> {
        let text = after_closing(cell)?;
        let more = text
            .iter()
            .copied()
            .find(|&byte| Some(byte) == delimiter || !matches!(byte, b' ' | b'\t'));
        (more.is_some() && more != delimiter).then(|| QuoteFault::TextAfter {
            column,
            text: Excerpt(&decode(text)).to_string(),
        })
    }

    /// That of a whole row.
    pub(super) fn of_row(row: &[u8]) -> Option<Self> {
        let quotes = memchr::memchr_iter(b'"', row).count();
        let spans_lines = memchr::memchr2(b'\n', b'\r', row).is_some();
        (spans_lines && quotes % 2 == 1).then_some(QuoteFault::Odd)
    }
}

/// What follows the closing quote of a quoted cell.
fn after_closing(cell: &[u8]) -> Option<&[u8]> {
    let mut rest = cell.strip_prefix(b"\"")?;
    loop {
        let quote = memchr::memchr(b'"', rest)?;
        rest = &rest[quote + 1..];
        match rest.strip_prefix(b"\"") {
            Some(doubled) => rest = doubled,
            None => return Some(rest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_cell(cell: &str, delimiter: Option<u8>) -> Option<String> {
        let fault = QuoteFault::of_cell(cell.as_bytes(), None, delimiter, |text| {
            String::from_utf8_lossy(text).into_owned()
        });
        fault.map(|fault| fault.to_string())
    }

    #[test]
    fn only_room_may_follow_a_closing_quote() {
        for cell in [
            "",
            "a",
            "a\"b\"c",
            "\"\"",
            "\"a\"",
            "\"a\"\"b\"",
            "\"a\" \t",
            "\"\"\"\"",
        ] {
            assert_eq!(of_cell(cell, None), None, "{cell}");
        }
        let told = |text: &str| Some(format!("text follows a closing quote: {text}"));
        assert_eq!(of_cell("\"a\"b", None), told("\"b\""));
        assert_eq!(of_cell("\"a\"\"\"b\"", None), told("\"b\"\""));
        assert_eq!(of_cell("\"24\"\"\n2,\"27\"\"", None), told("\"27\"\"\""));
        assert_eq!(of_cell("\"a\" \"b", None), told("\" \"b\""));
    }

    #[test]
    fn cells_of_a_text_may_be_quoted() {
        assert_eq!(of_cell("\"1\" ,\"Ann\"", Some(b',')), None);
        assert_eq!(of_cell("\"1\"\t\"Ann\"", Some(b'\t')), None);
        assert!(of_cell("\"1\";\"Ann\"", Some(b',')).is_some());
    }

    #[test]
    fn an_odd_quote_counts_where_a_row_spans_lines() {
        assert_eq!(QuoteFault::of_row(b"1,\"a\",5\" pipe"), None);
        assert_eq!(QuoteFault::of_row(b"1,\"a\nb\",5\" x 7\""), None);
        assert_eq!(QuoteFault::of_row(b"1,\"a\nb\",5\""), Some(QuoteFault::Odd));
    }
}
