//! A header as the flags see it: names to places, and what to say when there is none.

use crate::cli::exit::{Failure, warn};
use crate::cli::hint::pasted;
use crate::cli::list::List;
use linkmint::batch::NewCell;
use linkmint::batch::generate::looks_like_data;
use linkmint::excerpt::Excerpt;
use linkmint::table::{ColumnError, Header, NO_TEXT, detect_delimiter, is_alike, is_no_text, is_utf16};

/// The columns of a list.
#[derive(Clone, Copy)]
pub(crate) struct Columns<'a>(pub(crate) &'a List);

impl<'a> Columns<'a> {
    /// The flag for the row below, or the sheet, that has a column of this name.
    pub(crate) fn header_elsewhere(&self, name: &str) -> Option<String> {
        let has = |(_, cells): &(u64, Vec<String>)| cells.iter().any(|cell| is_alike(cell, name));
        match self.0.reader.rows_ahead().find(has) {
            Some((row, _)) => {
                let nameless = self.header().names().iter().all(String::is_empty);
                let why = if nameless { "the first line has no names; " } else { "" };
                Some(format!("{why}row {row} has it: add --header-row {row}"))
            }
            None => self.0.other_sheets.with_column(name),
        }
    }

    pub(crate) fn header(&self) -> &'a Header {
        &self.0.preamble.header
    }

    /// The list and the row of its header.
    pub(crate) fn place(&self) -> String {
        match self.header().is_present() {
            true => format!("{}: row {}", self.0.name, self.header().row()),
            false => self.0.name.clone(),
        }
    }

    pub(crate) fn find(&self, name: &str) -> Result<Option<usize>, Failure> {
        self.header().find(name).map_err(|error| self.twice(&error))
    }

    /// A name that two columns have.
    pub(crate) fn twice(&self, error: &ColumnError) -> Failure {
        column_failure(error, self).at(self.place())
    }

    /// Where a new cell of that name goes.
    pub(crate) fn place_for(&self, name: &str) -> Result<NewCell, Failure> {
        NewCell::of(name, self.header()).map_err(|error| column_failure(&error, self).at(self.place()))
    }

    /// The column of that name, or the only one whose name is like it.
    pub(crate) fn need(&self, name: &str) -> Result<usize, ColumnError> {
        self.header().column_alike(name)
    }

    /// The column that a flag names exactly.
    pub(crate) fn of_flag(&self, flag: &str, name: &str) -> Result<usize, Failure> {
        let column = self.header().column(name);
        column.map_err(|error| column_failure(&error, self).at(self.in_flag(flag)))
    }

    /// The place of a flag's mistake.
    pub(crate) fn in_flag(&self, flag: &str) -> String {
        format!("{flag} in {}", self.place())
    }

    /// Warns of a column whose name is only like the one that is looked for.
    pub(crate) fn warn_of_near(&self, name: &str, column: usize, flag: &str, what: &str) {
        let near = &self.header().names()[column];
        let flag = match pasted(near) {
            Some(near) => format!("{flag} {near}"),
            None => format!("{flag} with its name"),
        };
        let near = Excerpt(near);
        warn(
            &format!("the column {near} is not taken for {name}, whose name must be exactly that"),
            Some(&format!("{flag} {what}")),
        );
    }

    /// The column that most likely holds the customers' ids, as it stands in a flag.
    pub(crate) fn likely_customer(&self) -> Option<String> {
        let names: Vec<_> = self.header().names().iter().map(|name| (name, plain(name))).collect();
        let find = |is_it: &dyn Fn(&str) -> bool| names.iter().find(|(_, plain)| is_it(plain));
        let known = || IDS.split(' ').find_map(|known| find(&|name| name == known));
        let found = find(&|name| name.starts_with("customerid") || strsim::osa_distance(name, "customerid") <= 2)
            .or_else(known)
            .or_else(|| find(&|name| name.contains("email")))?;
        pasted(found.0)
    }

    /// The name of a column that is most like `name`. One over twice as long is a sentence, or a row whose delimiter
    /// is another, which only begins like it.
    pub(crate) fn nearest(&self, name: &str) -> Option<&str> {
        let likeness = |other: &str| strsim::jaro_winkler(&plain(other), &plain(name));
        let is_name = |other: &&String| !other.is_empty() && plain(other).len() <= 2 * plain(name).len();
        let names = self.header().names().iter().filter(is_name);
        let best = names.max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
        (likeness(best) > 0.8).then_some(best)
    }

    /// Whether its names are names at all, so that one of them can be meant.
    fn is_named_list(&self) -> bool {
        let names = self.header().names();
        !looks_like_data(self.header())
            && self.other_delimiter().is_none()
            && names.iter().any(|name| !name.is_empty())
            && !names.iter().any(|name| name.contains('\0'))
    }

    /// The delimiter that most likely was meant, where the header is one column that holds it.
    fn other_delimiter(&self) -> Option<String> {
        let [name] = self.header().names() else {
            return None;
        };
        let found = detect_delimiter(name.as_bytes());
        let is_other = found != self.0.reader.dialect().delimiter && name.as_bytes().contains(&found);
        is_other.then(|| match found {
            b'\t' => "tab".to_owned(),
            byte => format!("\"{}\"", char::from(byte)),
        })
    }
}

/// What exports call a customer's id, as [`plain`] has it, the likeliest first; a mail address where there is no id.
const IDS: &str = "customerid customernumber customerno customernr customercode customerkey customeruserid customer custid \
    custno clientid clientnumber clientno kundennummer kundennr kundenid kdnr kdnummer debitorennummer \
    debitorennr numéroclient numeroclient numérodeclient nclient nºclient noclient codeclient idclient \
    identifiantclient référenceclient refclient númerodecliente numerodecliente númerocliente ncliente nºcliente \
    idcliente clienteid códigodecliente códigocliente codigocliente codicecliente klantnummer klantnr klantid \
    kundnummer kundenummer contactid recordid recordidcontact klaviyoid profileid subscriberid euid leid \
    memberid userid accountid personid leadid externalid uniqueid id username login emailaddress email emailadresse \
    adresseemail";

/// Letters and digits alone, in lower case: `Customer ID` is `customer_id`.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// A column that can't become a claim: `flag` is made of the name of the column that could be meant.
pub(crate) fn claim_column_failure(
    error: &ColumnError,
    columns: &Columns<'_>,
    meant: Option<String>,
    flag: impl Fn(&str) -> String,
) -> Failure {
    let by_number = flag("1");
    let flag = flag(meant.as_deref().unwrap_or("COLUMN"));
    match error {
        ColumnError::Unknown { name, .. } if columns.header_elsewhere(name.trim_matches('"')).is_some() => {
            column_failure(error, columns)
        }
        ColumnError::Unclear { .. } => Failure::usage(error).hint(flag),
        ColumnError::Unknown { .. } if looks_like_data(columns.header()) => {
            Failure::usage(error).hint(format_args!("{NUMBERED}: {by_number}"))
        }
        ColumnError::Unknown { name, names } if columns.is_named_list() => {
            let nearest = columns.nearest(name.trim_matches('"')).map(Excerpt);
            let question = match (nearest, meant) {
                (Some(nearest), Some(meant)) if nearest.to_string() == meant => format!("did you mean {meant}?"),
                _ => "say which column it is:".to_owned(),
            };
            Failure::usage(error).hint(format_args!("{question} {flag}; the header has {names}"))
        }
        _ => column_failure(error, columns),
    }
}

const NUMBERED: &str = "the first row looks like a customer; add --no-header and name columns by number";

const UTF32: &str = "it looks like UTF-32, which is not read; save it as \"CSV UTF-8\"";

const NO_TEXT_WITH_ZEROS: &str =
    "it has zero bytes, which no text has: if it is a list at all, save it as \"CSV UTF-8\"";

/// What a header with zero bytes most likely is in. Of the letters of ASCII, UTF-16 has a zero beside each, and UTF-32
/// three.
fn of_zeros(header: &[u8]) -> &'static str {
    let zeros = |parity| {
        let all = header.iter().skip(parity).step_by(2);
        let (count, zeros) = all.fold((0, 0), |(count, zeros), byte| {
            (count + 1, zeros + u32::from(*byte == 0))
        });
        // most, about half, few
        zeros * 4 / u32::max(count, 1)
    };
    match (zeros(0), zeros(1)) {
        _ if is_no_text(header) => NO_TEXT_WITH_ZEROS,
        (0, 3..) => "it looks like UTF-16 without a mark; add --encoding utf-16le, or save it as \"CSV UTF-8\"",
        (3.., 0) => "it looks like UTF-16 without a mark; add --encoding utf-16be, or save it as \"CSV UTF-8\"",
        (1.., 3..) | (3.., 1..) => UTF32,
        _ => NO_TEXT_WITH_ZEROS,
    }
}

/// A column that can't be used, with what could be meant instead.
pub(crate) fn column_failure(error: &ColumnError, columns: &Columns<'_>) -> Failure {
    let failure = Failure::usage(error);
    if let ColumnError::Unknown { name, .. } = error
        && let Some(hint) = columns.header_elsewhere(name.trim_matches('"'))
    {
        return failure.hint(hint);
    }
    match error {
        ColumnError::Unknown { .. } if looks_like_data(columns.header()) => failure.hint(NUMBERED),
        ColumnError::Unknown { .. } if columns.header().names().iter().all(String::is_empty) => {
            failure.hint("the first line has no names; take out what stands before the header")
        }
        ColumnError::Unknown { .. } if columns.header().names().iter().any(|name| name.contains('\0')) => {
            let encoding = columns.0.reader.encoding();
            failure.hint(match is_utf16(encoding.name()) {
                true => UTF32,
                false => of_zeros(columns.header().raw()),
            })
        }
        ColumnError::Unknown { .. } if is_no_text(columns.header().raw()) => failure.hint(NO_TEXT),
        ColumnError::Unknown { .. } if columns.other_delimiter().is_some() => {
            let delimiter = columns.other_delimiter().unwrap_or_default();
            let or = match columns.0.reader.dialect().sep_line {
                true => "; the line sep= above it names another",
                false => ", or leave the flag out to have it found",
            };
            failure.hint(format_args!(
                "the whole header is one column; try --delimiter {delimiter}{or}"
            ))
        }
        ColumnError::Unknown { name, names } => {
            let wanted = name.trim_matches('"');
            match columns.nearest(wanted) {
                Some(nearest) => failure.hint(format_args!(
                    "did you mean {}? the header has {names}",
                    Excerpt(nearest)
                )),
                None => failure.hint(format_args!("the header has {names}")),
            }
        }
        ColumnError::Unclear { .. } => failure.hint("name the one that is meant exactly as the header has it"),
        _ => failure.hint("give each column that is used a name of its own"),
    }
}
