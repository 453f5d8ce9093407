//! Whether what was read as the names of the columns is most likely the first customer.
//!
//! A run that uses a column finds out by its name. One that uses none would lose that customer without a word.

use super::Plan;
use crate::batch::lint;
use crate::claims::ValueForm;
use crate::paste;
use crate::table::Header;

impl Plan {
    /// Whether no column of the header is used by its name, and it looks like a customer.
    #[must_use]
    pub fn may_lose_first_row(&self, header: &Header) -> bool {
        let uses_columns = (0..self.width).any(|column| self.needs(column)) || self.places.fills;
        !uses_columns && looks_like_data(header)
    }
}

/// Whether a name is none that columns have: a mail address, a number, a date, a UUID, a token or a URL. A year is a
/// number, too: what is a header all the same has to be said.
#[must_use]
pub fn looks_like_data(header: &Header) -> bool {
    header.is_present() && header.names().iter().any(|name| is_data(name))
}

fn is_data(name: &str) -> bool {
    is_number(name)
        || lint::is_mail(name.as_bytes())
        || lint::is_day(name)
        || ValueForm::of(name) == ValueForm::Uuid
        || ValueForm::of(name) == ValueForm::Hex && name.contains(is_digit)
        || name.contains("://")
        || name.starts_with("www.")
        || paste::candidates(name).iter().any(paste::Candidate::has_shape)
}

/// Numbers, amounts, dates and telephone numbers: digits without a letter. In a time, a T or Z stands.
fn is_number(name: &str) -> bool {
    let is_instant = name.len() >= 16 && name.as_bytes()[10] == b'T';
    let is_letter = |letter: char| letter.is_alphabetic() && !(is_instant && matches!(letter, 'T' | 'Z'));
    name.contains(is_digit) && !name.contains(is_letter)
}

fn is_digit(letter: char) -> bool {
    letter.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn customers_are_told_from_names() {
        let data = [
            "1",
            "0042",
            "-5",
            "12.50",
            "1.234,56",
            "$0.91",
            "5 %",
            "+49 171 1234567",
            "2026-01-31",
            "31.01.2026",
            "1/31/26",
            "2026-01-31T10:00:00Z",
            "2026-01-31 10:00",
            "1-Mar",
            "anna@example.org",
            "https://shop.example/p",
            "www.example.org",
            "550e8400-e29b-41d4-a716-446655440000",
            "a1b2c3d4",
            "LOKOarE7gGqyjQABAgMEBQahARgqsAKihzseBkGUn7ckVF68gQ",
            "2025",
        ];
        for name in data {
            assert!(is_data(name), "{name}");
        }
        let names = [
            "",
            "customer_id",
            "Q1",
            "Q1 2025",
            "2025 Sales",
            "Mar-26",
            "Mar 2026",
            "Straße 2",
            "#",
            "@handle",
            "e-mail",
            "%",
            "address1",
            "added",
            "url_link",
            "Größe",
            "utm_source",
            "C-1001",
        ];
        for name in names {
            assert!(!is_data(name), "{name}");
        }
    }
}
