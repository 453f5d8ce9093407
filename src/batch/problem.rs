//! What can be wrong with a row: a column, a sentence, and what to do.

use super::lint::Lint;
use crate::claims::ClaimError;
use crate::excerpt::Excerpt;
use crate::link::{LinkError, PathError};
use crate::moment::MomentError;
use crate::qr::{TooLong, TooSmall};
use crate::table::workbook::MAX_TEXT;
use crate::table::{self, Likely, MAX_ROW, Note, QuoteFault, Row};
use crate::token::{Refusal, ValidityError};

/// Why a row gets no link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The column it is about, from 0.
    pub column: Option<usize>,
    /// What is wrong.
    pub problem: RowProblem,
}

/// What is wrong with a row or one of its cells.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RowProblem {
    /// Another number of cells than the header has.
    #[error("the row has {has} cell{}, the header has {wants}", if *has == 1 { "" } else { "s" })]
    Cells {
        /// Of this row.
        has: usize,
        /// Of the header.
        wants: usize,
    },
    /// One cell more than the header has, and it is empty.
    #[error("the row ends with a delimiter that the header has not")]
    TrailingDelimiter,
    /// Misplaced quotes, so that the row may hold other rows.
    #[error("{0}")]
    Quotes(QuoteFault),
    /// Bytes that are not in the list's encoding.
    #[error("the row has bytes that are not {0}")]
    Encoding(&'static str, Option<Box<Likely>>),
    /// A text of a column that is none.
    #[error("the text is not UTF-8")]
    NotUtf8,
    /// A text of a column without room in the longest row.
    #[error("the row is longer than {} MiB with this cell", MAX_ROW >> 20)]
    LongRow,
    /// What the list was made of had a fault in this row, in its maker's words.
    #[error("{0}")]
    Source(String),
    /// It was rejected before, and none of its cells has been filled since.
    #[error("the row has nothing but what was wrong with it")]
    Unmended,
    /// The claim is not the one that all rows must have.
    #[error("the claim is not the one that this list is for")]
    OtherClaim,
    /// A cell of a workbook holds an error.
    #[error("the cell holds the error {0}")]
    CellError(&'static str),
    /// A cell's value is none that can be written.
    #[error("the value is out of range")]
    OutOfRange,
    /// A cell of a workbook that is needed has a formula whose value nobody has saved.
    #[error("{}", Lint::Uncalculated)]
    Uncalculated,
    /// No claim can be made of the cell.
    #[error("{0}")]
    Claim(ClaimError),
    /// The claims of the row don't fit into a token together.
    #[error("{0}")]
    Claims(ClaimError),
    /// A duration or an instant that is none.
    #[error("{0}")]
    Moment(MomentError),
    /// Times that contradict each other.
    #[error("{0}")]
    Validity(ValidityError),
    /// The expiry is past 2106.
    #[error("the expiry is after 2106")]
    FarExpiry,
    /// Both a duration and an instant.
    #[error("the row has both a duration and an expiry")]
    TwoExpiries,
    /// An earlier row with the same claims, whose token the row is to have, expires at another time.
    #[error("row {row} has the same claims and another expiry")]
    OtherExpiry {
        /// As a spreadsheet numbers it.
        row: u64,
    },
    /// Neither the row nor a flag says when the token expires.
    #[error("the cell is empty, and nothing else says when such rows expire")]
    NoExpiry,
    /// The cell is no base URL.
    #[error("{text} is no base URL: {error}")]
    BaseUrl {
        /// The cell, shortened.
        text: String,
        /// Why.
        error: LinkError,
    },
    /// Neither the row nor a flag has a base URL.
    #[error("the cell is empty, and nothing else gives a base URL for such rows")]
    NoBaseUrl,
    /// The cell can't stand in the path of the link.
    #[error("{0}")]
    PathCell(PathError),
    /// No QR code holds the link.
    #[error("the link is too long: {0}")]
    LongCode(TooLong),
    /// The cell has more characters than one of a sheet holds, and the row becomes one of a sheet.
    #[error("a cell of a sheet holds {MAX_TEXT} characters, this one has {0}")]
    LongCell(usize),
    /// The same of the link.
    #[error("a cell of a sheet holds {MAX_TEXT} characters, the link has {0}")]
    LongLink(usize),
    /// The picture is too small for the QR code of the link.
    #[error("{0}")]
    SmallCode(TooSmall),
    /// Most likely a mistake, and those were to be rejected.
    #[error("{0}")]
    Lint(Lint),
    /// The row has no token that can be meant.
    #[error("{0}")]
    Token(Refusal),
    /// The row's token can't have a successor.
    #[error("{0}")]
    Replaced(Refusal),
    /// The cell with the old token holds more than it or its link.
    #[error("the cell holds more than a token or its link")]
    NoLink,
    /// The cell holds a link, and nothing says where the new one leads.
    #[error("the cell holds a link, and nothing says where a new one leads")]
    NoAddress,
    /// The old link leads to a host that is not taken over.
    #[error("the link leads to {0}, which is none of the hosts that may be taken over")]
    OwnHost(String),
    /// The row's expiry is written in another way than new ones are.
    #[error("{0} is not how new expiries are written")]
    ExpiryForm(String),
    /// The row's own token, which is to be kept, is for other claims.
    #[error("the token is for other claims than the row has")]
    OtherClaims,
    /// A row that is to be kept has neither token nor link.
    #[error("the row has neither a token nor a link")]
    NoToken,
    /// A cell that a new token, link or expiry was to fill is filled already.
    #[error("the cell is filled already: {0}")]
    Minted(String),
    /// A cell that was to be filled is filled already.
    #[error("the cell is filled already: {0}")]
    Filled(String),
}

impl RowProblem {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            RowProblem::Cells { .. } => "a cell that holds the delimiter or a line break must stand in double quotes",
            RowProblem::TrailingDelimiter => {
                "end the header with the delimiter too, or take it off the rows: they have an empty cell without a name"
            }
            RowProblem::Quotes(_) => QuoteFault::HINT,
            RowProblem::Encoding(name, _) => table::encoding_hint(name),
            RowProblem::NotUtf8 => "read the list again in the encoding that it is in, as encoding=\"latin1\"",
            RowProblem::LongRow => "shorten the text, or leave the column out",
            RowProblem::Source(_) => "mend the row",
            RowProblem::Unmended => "put what belongs into its cells, each into its own",
            RowProblem::OtherClaim => "take the row out of this list",
            RowProblem::CellError(_) => "mend the formula in that cell, or put a value in its place",
            RowProblem::OutOfRange => "put a value of the calendar in its place, or leave the cell empty",
            RowProblem::Uncalculated => Lint::Uncalculated.hint(),
            RowProblem::Claim(ClaimError::EmptyValue) => "fill the cell, or leave the column out",
            RowProblem::Claim(_) | RowProblem::Claims(_) => "choose other columns",
            RowProblem::Moment(error) => error.hint(),
            RowProblem::Validity(_) => "check the times of this row: a token begins before it ends",
            RowProblem::FarExpiry => "a token can last until 2106, or have no end",
            RowProblem::TwoExpiries => "empty one of the two cells",
            RowProblem::OtherExpiry { .. } => "give both rows the same expiry",
            RowProblem::NoExpiry | RowProblem::NoBaseUrl => "fill the cell",
            RowProblem::BaseUrl { error, .. } => error.hint(),
            RowProblem::PathCell(PathError::Empty) => "fill the cell, or move {column} behind the ? of the template",
            RowProblem::PathCell(_) => "change the cell, or move {column} behind the ? of the template",
            RowProblem::LongCode(_) => "shorten the address or the claims",
            RowProblem::LongCell(_) | RowProblem::LongLink(_) => "shorten it, or write the output to a .csv file",
            RowProblem::SmallCode(_) => "ask for more pixels, or for a picture that is drawn at any size",
            RowProblem::Lint(lint) => lint.hint(),
            RowProblem::Token(Refusal::RowMismatch { .. }) => "the row's token and link must be the same token",
            RowProblem::Token(Refusal::Expired { .. } | Refusal::Revoked(_)) => {
                "empty the row's token and link to have new ones made"
            }
            RowProblem::Replaced(Refusal::Revoked(_)) => "take its revocation back first, if a new link is meant",
            RowProblem::Replaced(Refusal::RowMismatch { .. } | Refusal::CellRewritten { .. }) => {
                "look whose token it is: a list sorted by one column only has everyone's in another's row"
            }
            RowProblem::Replaced(Refusal::ClaimMismatch { .. }) => "take the row out of this list",
            RowProblem::Replaced(_) => "only a token that a key of the keyring made is replaced",
            RowProblem::NoLink => "leave the token or its link alone in the cell",
            RowProblem::NoAddress => "give the address of the new links",
            RowProblem::ExpiryForm(_) => "say how they are written",
            RowProblem::OwnHost(_) => "allow that host if it is yours",
            RowProblem::Token(_) => "only a token that a key of the keyring made can be meant",
            RowProblem::OtherClaims => "look whose token it is; an empty cell gets a new one",
            RowProblem::NoToken => "there is nothing to keep: have a new one made",
            RowProblem::Minted(_) => {
                "empty the cell, or name another column: links already sent stay valid, but the list no longer has them"
            }
            RowProblem::Filled(_) => "empty the cell, or name another column",
        })
    }

    pub(super) fn in_column(self, column: usize) -> Reject {
        Reject {
            column: Some(column),
            problem: self,
        }
    }

    pub(super) fn in_row(self) -> Reject {
        Reject {
            column: None,
            problem: self,
        }
    }
}

impl Reject {
    /// The sentence with the column's name.
    #[must_use]
    pub fn told(&self, columns: &[String]) -> String {
        match self.column.and_then(|column| columns.get(column)) {
            Some(name) => format!("column {}: {}", crate::excerpt::Harmless(name), self.problem),
            None => self.problem.to_string(),
        }
    }
}

/// Whether a row can be used at all: no misplaced quote, as many cells as the header, no error of a sheet, all bytes in the encoding.
#[inline]
pub(super) fn check_form(row: &Row<'_>, width: usize) -> Result<(), Reject> {
    if let Some(fault) = row.quote_fault() {
        let column = fault.column();
        let problem = RowProblem::Quotes(fault);
        return Err(Reject { column, problem });
    }
    if row.len() != width {
        let (has, wants) = (row.len(), width);
        if has == wants + 1 && row.cell(width).is_empty() {
            return Err(RowProblem::TrailingDelimiter.in_row());
        }
        return Err(RowProblem::Cells { has, wants }.in_row());
    }
    if let Some((column, note)) = row.cell_error() {
        let problem = match note {
            Note::Error(error) => RowProblem::CellError(error),
            Note::LongRow => RowProblem::LongRow,
            _ => RowProblem::OutOfRange,
        };
        return Err(problem.in_column(column));
    }
    if let Some((column, length)) = row.long_cell() {
        return Err(RowProblem::LongCell(length).in_column(column));
    }
    if !row.is_decodable() {
        if let Some(column) = row.undecodable_column() {
            return Err(RowProblem::NotUtf8.in_column(column));
        }
        let name = row.lacked_encoding();
        let likely = (!table::is_utf16(name)).then(|| Likely::of_line(row.raw())).flatten();
        return Err(RowProblem::Encoding(name, likely).in_row());
    }
    Ok(())
}

/// A cell in quotes, shortened and escaped.
pub(super) fn excerpt(text: &str) -> String {
    Excerpt(text).to_string()
}
