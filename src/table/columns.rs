//! The header: names to places, and the nearest name when there is none.

/// The names of a list's columns. They matter only when used: empty and repeated ones are no fault by themselves.
#[derive(Clone, Debug, Default)]
pub struct Header {
    names: Vec<String>,
    /// The record's bytes without its line break; empty for a list without header.
    pub(super) raw: Vec<u8>,
    /// As it was read.
    pub(crate) line_break: Vec<u8>,
    /// Where it stands; 0 for a list without header.
    pub(super) row: u64,
}

/// A column that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ColumnError {
    /// No column has this name.
    #[error("there is no column {name}")]
    Unknown {
        /// The name in quotes.
        name: String,
        /// All names there are, for the hint.
        names: String,
    },
    /// Two columns have this name.
    #[error("columns {first} and {second} are both named {name}")]
    Twice {
        /// The name in quotes.
        name: String,
        /// Counted from 1.
        first: usize,
        /// Counted from 1.
        second: usize,
    },
    /// No column has this name, and more than one has a name like it.
    #[error("there is no column {name}, and more than one could be meant: {fitting}")]
    Unclear {
        /// The name in quotes.
        name: String,
        /// The names that are like it.
        fitting: String,
    },
}

impl Header {
    /// Names of columns that stand in no text.
    #[must_use]
    pub fn of_names(names: Vec<String>) -> Self {
        Self::named(names, Vec::new(), b"\n".to_vec())
    }

    pub(super) fn named(names: Vec<String>, raw: Vec<u8>, line_break: Vec<u8>) -> Self {
        Self {
            names,
            raw,
            line_break,
            row: 1,
        }
    }

    /// The columns of a list without header: `1`, `2`, …
    pub(super) fn numbered(columns: usize) -> Self {
        Self {
            names: (1..=columns).map(|number| number.to_string()).collect(),
            ..Self::default()
        }
    }

    /// How many columns there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The names, in order.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The header's bytes as they were read, without the line break. Empty for a list without header.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// The row that the header is: 1, but for a sheet that begins lower.
    #[must_use]
    pub fn row(&self) -> u64 {
        self.row
    }

    /// Whether the list has a header at all.
    #[must_use]
    pub fn is_present(&self) -> bool {
        !self.raw.is_empty() || !self.line_break.is_empty()
    }

    /// The place of the column of that name.
    ///
    /// # Errors
    /// When there is none, or more than one.
    pub fn column(&self, name: &str) -> Result<usize, ColumnError> {
        self.find(name)?.ok_or_else(|| ColumnError::Unknown {
            name: quoted(name),
            names: self.listed(),
        })
    }

    /// The place of the column of that name, where there is one.
    ///
    /// # Errors
    /// When there are two.
    pub fn find(&self, name: &str) -> Result<Option<usize>, ColumnError> {
        let mut places = (0..self.names.len()).filter(|&place| self.names[place] == name);
        match (places.next(), places.next()) {
            (Some(first), Some(second)) => Err(ColumnError::Twice {
                name: quoted(name),
                first: first + 1,
                second: second + 1,
            }),
            (first, _) => Ok(first),
        }
    }

    /// All names for a message, the first 20 of them.
    #[must_use]
    pub fn listed(&self) -> String {
        listed(self.names.iter().map(String::as_str))
    }
}

/// Names for a message, the first 20 of them.
pub(super) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const MOST: usize = 20;
    let mut names = names;
    let mut shown = names.by_ref().take(MOST).map(quoted).collect::<Vec<_>>().join(", ");
    let more = names.count();
    if more > 0 {
        shown += &format!(" and {more} more");
    }
    shown
}

pub(super) fn quoted(name: &str) -> String {
    crate::excerpt::Excerpt(name).to_string()
}
