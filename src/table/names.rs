//! Names of columns as exports write them: `Customer ID`, `customerId` and `CUSTOMER-ID` are all `customer_id`.
//!
//! The exact name comes first. Another one counts only where it is the only one that fits, so that nobody has to guess
//! which of two columns was taken.

use super::columns::{ColumnError, Header, quoted};
use crate::excerpt::is_unseen;

/// Whether two names differ at most in case, spaces, `_` and `-`.
#[must_use]
pub fn is_alike(one: &str, other: &str) -> bool {
    plain(one).eq(plain(other)) && plain(one).next().is_some()
}

/// What of a name counts.
fn plain(name: &str) -> impl Iterator<Item = char> {
    // a control character is none of a name, but of UTF-16 that is not read as such
    let is_unseen = |letter: char| is_unseen(letter) && !letter.is_control();
    let counts = move |letter: &char| !letter.is_whitespace() && !matches!(letter, '_' | '-') && !is_unseen(*letter);
    name.chars().filter(counts).flat_map(char::to_lowercase)
}

impl Header {
    /// The places of all columns whose name is like this one, the exact name included.
    pub fn alike<'h>(&'h self, name: &'h str) -> impl Iterator<Item = usize> + 'h {
        let names = self.names().iter().enumerate();
        names
            .filter(move |(_, other)| is_alike(other, name))
            .map(|(place, _)| place)
    }

    /// The place of the column of that name, else of the only one whose name is like it. Columns of a list without
    /// header are told by their numbers alone.
    ///
    /// # Errors
    /// When two have the exact name.
    pub fn find_alike(&self, name: &str) -> Result<Option<usize>, ColumnError> {
        if let Some(place) = self.find(name)? {
            return Ok(Some(place));
        }
        let mut places = self.alike(name).filter(|_| self.is_present());
        match (places.next(), places.next()) {
            (Some(place), None) => Ok(Some(place)),
            _ => Ok(None),
        }
    }

    /// The first column whose name is only like this one, where none has exactly it.
    ///
    /// # Errors
    /// When two have the exact name.
    pub fn near(&self, name: &str) -> Result<Option<usize>, ColumnError> {
        Ok(match self.find(name)? {
            Some(_) => None,
            None => self.alike(name).next(),
        })
    }

    /// The same as [`Self::find_alike`] for a column that is needed.
    ///
    /// # Errors
    /// When there is none, or it is not clear which is meant.
    pub fn column_alike(&self, name: &str) -> Result<usize, ColumnError> {
        if let Some(place) = self.find_alike(name)? {
            return Ok(place);
        }
        let fitting: Vec<_> = self.alike(name).map(|place| quoted(&self.names()[place])).collect();
        match fitting.len() {
            0 => self.column(name),
            _ => Err(ColumnError::Unclear {
                name: quoted(name),
                fitting: fitting.join(", "),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &[&str]) -> Header {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Header::named(names, b"x".to_vec(), b"\n".to_vec())
    }

    #[test]
    fn case_spaces_underscores_and_hyphens_make_no_other_name() {
        for name in [
            "Customer ID",
            "customerId",
            "CustomerID",
            "CUSTOMER-ID",
            " customer_id ",
            "customer\u{a0}id",
            "CUSTOMER_ID",
            "\u{feff}customer id",
        ] {
            assert!(is_alike(name, "customer_id"), "{name}");
        }
        for name in [
            "customer.id",
            "customer_ids",
            "customer",
            "",
            "customer_id2",
            "customer id (old)",
        ] {
            assert!(!is_alike(name, "customer_id"), "{name}");
        }
        assert!(is_alike("KÄUFER nr", "Käufer-Nr"));
        assert!(!is_alike(" - ", "_"), "a name of nothing is like no other");
    }

    #[test]
    fn the_exact_name_comes_first_and_of_two_that_fit_none_is_taken() {
        let exact = header(&["Customer ID", "customer_id"]);
        assert_eq!(exact.find_alike("customer_id"), Ok(Some(1)));
        let two = header(&["Customer ID", "customerId"]);
        assert_eq!(two.find_alike("customer_id"), Ok(None));
        assert!(matches!(
            two.column_alike("customer_id"),
            Err(ColumnError::Unclear { .. })
        ));
        let numbers = Header::numbered(3);
        assert_eq!(numbers.find_alike("-1"), Ok(None));
    }
}
