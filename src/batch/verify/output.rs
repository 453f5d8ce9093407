//! What is written of a verdict: cells beside the row, a line of its own, or an object.

use crate::batch::expiry_text::ExpiryText;
use crate::batch::{NewCells, Reject, RowNumber, RowProblem, line_end, values};
use crate::check::{Answer, Verdict};
use crate::table::{Encoding, Preamble, Row, guarded, push_cell};
use crate::token::Status;
use serde::Serialize;
use std::convert::Infallible;

/// The column with a token's status.
pub const STATUS: &str = "verified_status";
/// The column with its expiry.
pub const EXPIRES: &str = "verified_expires_at";

/// An answer with its place in the list, as an object of JSON.
#[derive(Clone, Debug, Serialize)]
pub struct RowAnswer {
    /// What is known of the row's token.
    #[serde(flatten)]
    pub answer: Answer,
    /// Which row it is, as a spreadsheet numbers it.
    pub row: u64,
    /// The physical line that it begins at; a workbook has none.
    pub line: Option<u64>,
}

impl RowAnswer {
    pub(super) fn new(answer: Answer, at: RowNumber) -> Self {
        Self {
            answer,
            row: at.row,
            line: (at.line > 0).then_some(at.line),
        }
    }

    /// Appends the object.
    pub(in crate::batch) fn write(&self, out: &mut Vec<u8>) {
        serde_json::to_writer(out, self).expect("it has text keys and is written to memory");
    }
}

/// A row that no verdict could be given about.
#[derive(Serialize)]
struct Unreadable<'a> {
    valid: bool,
    status: &'static str,
    error: &'a str,
    row: u64,
    line: Option<u64>,
}

/// Appends the object of such a row, in a line of its own.
pub(super) fn write_unreadable(at: RowNumber, error: &str, out: &mut Vec<u8>) {
    let object = Unreadable {
        valid: false,
        status: "unreadable",
        error,
        row: at.row,
        line: (at.line > 0).then_some(at.line),
    };
    serde_json::to_writer(&mut *out, &object).expect("it has text keys and is written to memory");
    out.push(b'\n');
}

/// What is written for each row.
#[derive(Clone, Debug)]
pub enum RowOutput {
    /// The row with cells beside it.
    Cells(VerifiedCells),
    /// Of a plain list of texts: the text and its cells.
    Lines,
    /// An object, a [`RowAnswer`], in a line of its own.
    Json,
    /// Status and expiry by themselves, and the claims of these names: for whoever has columns.
    Values(Vec<String>),
}

/// Where status, expiry and claims go.
#[derive(Clone, Debug)]
pub struct VerifiedCells {
    /// Of status, expiry, then the claims of `show`.
    pub places: NewCells,
    /// Claims that are shown.
    pub show: Vec<String>,
    /// Whether the output is CSV, in which a spreadsheet would run what looks like a formula; in a workbook each cell
    /// says that it is a text.
    pub is_csv: bool,
}

impl RowOutput {
    /// The marks and the line that stand before the rows.
    pub(in crate::batch) fn first_line<'p>(&self, preamble: &'p Preamble, encoding: Encoding) -> (&'p [u8], Vec<u8>) {
        match self {
            RowOutput::Cells(cells) if preamble.header.is_present() => {
                (&preamble.bytes, cells.places.header(&preamble.header, encoding))
            }
            RowOutput::Cells(_) => (&preamble.bytes, Vec::new()),
            RowOutput::Lines => (&[], format!("text,{STATUS},{EXPIRES}\n").into_bytes()),
            RowOutput::Json | RowOutput::Values(_) => (&[], Vec::new()),
        }
    }

    /// How many cells a row gets.
    pub(in crate::batch) fn appended(&self) -> usize {
        match self {
            RowOutput::Cells(cells) => cells.places.places.len(),
            RowOutput::Lines | RowOutput::Json | RowOutput::Values(_) => 2,
        }
    }

    pub(super) fn check_empty(&self, row: &Row<'_>) -> Result<(), Reject> {
        match self {
            RowOutput::Cells(cells) => cells.places.check_empty(row, RowProblem::Filled),
            _ => Ok(()),
        }
    }

    /// Whether a row gets a verdict all the same: of columns, a cell that can't be used is no token and no claim's value.
    #[cold]
    pub(super) fn answers(&self, reject: &Reject) -> bool {
        let of_cell = matches!(
            reject.problem,
            RowProblem::NotUtf8 | RowProblem::OutOfRange | RowProblem::LongRow
        );
        matches!(self, RowOutput::Values(_)) && of_cell
    }

    #[inline]
    pub(super) fn write(&self, row: &Row<'_>, verdict: &Verdict<'_>, expiry: &mut ExpiryText, out: &mut Vec<u8>) {
        match self {
            RowOutput::Cells(cells) => cells.write(row, verdict, expiry, out),
            RowOutput::Json => {}
            RowOutput::Values(show) => push_values(verdict, show, out),
            RowOutput::Lines => {
                let text = row.text(0).unwrap_or_default();
                push_cell(text.as_bytes(), b',', out);
                out.push(b',');
                out.extend_from_slice(verdict.status().as_str().as_bytes());
                out.push(b',');
                out.extend_from_slice(expiry.of(verdict.expires_at()).as_bytes());
                out.extend_from_slice(line_end(row.line_break()));
            }
        }
    }

    pub(super) fn write_blank(&self, row: &Row<'_>, width: usize, out: &mut Vec<u8>) {
        match self {
            RowOutput::Json | RowOutput::Values(_) => {}
            RowOutput::Cells(cells) => cells.places.write_blank(row, width, out),
            RowOutput::Lines => {
                out.extend_from_slice(row.raw());
                out.extend_from_slice(row.line_break());
            }
        }
    }
}

impl VerifiedCells {
    #[inline]
    fn write(&self, row: &Row<'_>, verdict: &Verdict<'_>, expiry: &mut ExpiryText, out: &mut Vec<u8>) {
        let expiry = expiry.of(verdict.expires_at());
        let Ok(()) = self.places.write(row, out, |index, out| {
            match index {
                0 => self.places.push_plain(verdict.status().as_str().as_bytes(), out),
                1 => self.places.push_plain(expiry.as_bytes(), out),
                _ => self.push_claim(&self.show[index - 2], row, verdict, out),
            }
            Ok::<_, Infallible>(())
        });
    }

    fn push_claim(&self, name: &str, row: &Row<'_>, verdict: &Verdict<'_>, out: &mut Vec<u8>) {
        let value = verdict.token.as_ref().and_then(|token| token.claims().value(name));
        let text = value.map(|value| value.to_string()).unwrap_or_default();
        let text = if self.is_csv { guarded(&text) } else { text.into() };
        push_cell(&row.encoding().encode(&text), self.places.delimiter, out);
    }
}

/// Of a row that can't be read at all: columns have a place for it, and whatever stands there is no token.
#[cold]
pub(super) fn push_no_verdict(show: &[String], out: &mut Vec<u8>) {
    values::push_checked(Status::Malformed, None, out);
    show.iter().for_each(|_| values::push_text(None, out));
}

fn push_values(verdict: &Verdict<'_>, show: &[String], out: &mut Vec<u8>) {
    values::push_checked(verdict.status(), verdict.expires_at(), out);
    for name in show {
        let value = verdict.token.as_ref().and_then(|token| token.claims().value(name));
        values::push_text(value.map(|value| value.to_string()).as_deref(), out);
    }
}
