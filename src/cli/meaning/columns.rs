//! A header as the flags see it: names to places, and what to say when there is none.

use crate::cli::exit::Failure;
use linkmint::batch::Place;
use linkmint::batch::generate::looks_like_data;
use linkmint::table::{ColumnError, Header, detect_delimiter};

/// The columns of a list, with the name of the list for messages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns<'a> {
    header: &'a Header,
    list: &'a str,
}

impl<'a> Columns<'a> {
    pub(crate) fn new(header: &'a Header, list: &'a str) -> Self {
        Self { header, list }
    }

    pub(crate) fn header(&self) -> &'a Header {
        self.header
    }

    /// The list and the row of its header.
    pub(crate) fn place(&self) -> String {
        match self.header.is_present() {
            true => format!("{}: row {}", self.list, self.header.row()),
            false => self.list.to_owned(),
        }
    }

    pub(crate) fn find(&self, name: &str) -> Result<Option<usize>, Failure> {
        self.header
            .find(name)
            .map_err(|error| column_failure(&error, self).at(self.place()))
    }

    /// Where a new cell of that name goes.
    pub(crate) fn place_for(&self, name: &str) -> Result<Place, Failure> {
        Place::of(name, self.header).map_err(|error| column_failure(&error, self).at(self.place()))
    }

    pub(crate) fn need(&self, name: &str) -> Result<usize, ColumnError> {
        self.header.column(name)
    }

    /// The column that a flag names.
    pub(crate) fn of_flag(&self, flag: &str, name: &str) -> Result<usize, Failure> {
        self.need(name)
            .map_err(|error| column_failure(&error, self).at(format_args!("{flag} in {}", self.place())))
    }

    /// The name of a column that is most like `name`. One over twice as long is a sentence, or a row whose delimiter
    /// is another, which only begins like it.
    fn nearest(&self, name: &str) -> Option<&str> {
        let likeness = |other: &str| strsim::jaro_winkler(&plain(other), &plain(name));
        let is_name = |other: &&String| !other.is_empty() && plain(other).len() <= 2 * plain(name).len();
        let names = self.header.names().iter().filter(is_name);
        let best = names.max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
        (likeness(best) > 0.8).then_some(best)
    }

    /// The delimiter that most likely was meant, where the header is one column that holds it.
    fn other_delimiter(&self) -> Option<String> {
        let [name] = self.header.names() else {
            return None;
        };
        let found = detect_delimiter(name.as_bytes());
        name.as_bytes().contains(&found).then(|| match found {
            b'\t' => "tab".to_owned(),
            byte => format!("\"{}\"", char::from(byte)),
        })
    }
}

/// Letters and digits alone, in lower case: `Customer ID` is `customer_id`.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// A column that can't be used, with what could be meant instead.
pub(crate) fn column_failure(error: &ColumnError, columns: &Columns<'_>) -> Failure {
    let failure = Failure::usage(error);
    match error {
        ColumnError::Unknown { .. } if looks_like_data(columns.header) => failure.hint(
            "the first row looks like a customer; add --no-header and name columns by number: --claims customer_id=1",
        ),
        ColumnError::Unknown { .. } if columns.header.names().iter().all(String::is_empty) => {
            failure.hint("the first line has no names; take out what stands before the header")
        }
        ColumnError::Unknown { .. } if columns.header.names().iter().any(|name| name.contains('\0')) => {
            failure.hint("it looks like UTF-16 without a mark; add --encoding utf-16le, or save it as \"CSV UTF-8\"")
        }
        ColumnError::Unknown { .. } if columns.other_delimiter().is_some() => {
            let delimiter = columns.other_delimiter().unwrap_or_default();
            failure.hint(format_args!(
                "the whole header is one column; try --delimiter {delimiter}, or leave the flag out to have it found"
            ))
        }
        ColumnError::Unknown { name, names } => {
            let wanted = name.trim_matches('"');
            match columns.nearest(wanted) {
                Some(nearest) => failure.hint(format_args!(
                    "did you mean {}? the header has {names}",
                    linkmint::excerpt::Excerpt(nearest)
                )),
                None if wanted == "customer_id" => failure.hint(format_args!(
                    "say which column it is: --claims customer_id=COLUMN; the header has {names}"
                )),
                None => failure.hint(format_args!("the header has {names}")),
            }
        }
        _ => failure.hint("give each column that is used a name of its own"),
    }
}
