//! What is written of a verdict: cells beside the row, a line of its own, or an object.

use super::super::generate::Place;
use super::super::problem::{RowProblem, excerpt};
use super::super::{Reject, RowNumber};
use super::Verdict;
use crate::key::KeyId;
use crate::moment::UnixTime;
use crate::table::{Encoding, Header, Row, push_cell};
use crate::token::{Authentic, Form, Refusal, Status};
use std::fmt;
use std::sync::Arc;

/// A verdict with its place, for whoever writes it in a form of their own.
#[derive(Clone, Copy, Debug)]
pub struct RowAnswer<'a> {
    /// Which row it is.
    pub at: RowNumber,
    /// Why it is not valid.
    pub refusal: Option<&'a Refusal>,
    /// The key the token names.
    pub key_id: Option<KeyId>,
    /// The token's form.
    pub form: Option<Form>,
    /// The token, where it is authentic.
    pub token: Option<&'a Authentic<'a>>,
}

impl<'a> RowAnswer<'a> {
    pub(super) fn new(verdict: &'a Verdict<'a>, at: RowNumber) -> Self {
        Self {
            at,
            refusal: verdict.refusal.as_ref(),
            key_id: verdict.key_id,
            form: verdict.form,
            token: verdict.token.as_ref(),
        }
    }

    fn status(&self) -> Status {
        self.refusal.map_or(Status::Valid, Refusal::status)
    }

    fn expires_at(&self) -> Option<u32> {
        self.token.and_then(|token| token.times().expires_at())
    }
}

/// Appends an answer as a line of JSON.
type WriteJson = dyn Fn(&RowAnswer<'_>, &mut Vec<u8>) + Send + Sync;

/// How an answer becomes a line of JSON.
#[derive(Clone)]
pub struct RowJson(pub Arc<WriteJson>);

impl fmt::Debug for RowJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RowJson(…)")
    }
}

/// What is written for each row.
#[derive(Clone, Debug)]
pub enum RowOutput {
    /// The row with cells beside it.
    Cells(VerifiedPlaces),
    /// Of a plain list of texts: the text and its cells.
    Lines,
    /// An object.
    Json(RowJson),
}

/// Where status, expiry and claims go.
#[derive(Clone, Debug)]
pub struct VerifiedPlaces {
    /// Status, expiry, then the claims of `show`.
    pub places: Vec<Place>,
    /// Claims that are shown.
    pub show: Vec<String>,
    /// The byte between two cells.
    pub delimiter: u8,
    /// Whether filled cells may be overwritten.
    pub replace: bool,
}

impl RowOutput {
    pub(super) fn is_json(&self) -> bool {
        matches!(self, RowOutput::Json(_))
    }

    pub(super) fn check_empty(&self, row: &Row<'_>) -> Result<(), Reject> {
        let RowOutput::Cells(cells) = self else {
            return Ok(());
        };
        for place in &cells.places {
            if let Place::Column(column) = place
                && !cells.replace
            {
                let text = row.text(*column).unwrap_or_default();
                if !text.trim_ascii().is_empty() {
                    return Err(RowProblem::Filled(excerpt(&text)).in_column(*column));
                }
            }
        }
        Ok(())
    }

    pub(super) fn write(&self, row: &Row<'_>, answer: &RowAnswer<'_>, out: &mut Vec<u8>) {
        match self {
            RowOutput::Cells(cells) => cells.write(row, answer, out),
            RowOutput::Json(json) => (json.0)(answer, out),
            RowOutput::Lines => {
                let text = row.text(0).unwrap_or_default();
                push_cell(text.as_bytes(), b',', out);
                out.push(b',');
                out.extend_from_slice(answer.status().as_str().as_bytes());
                out.push(b',');
                push_time(answer.expires_at(), out);
                out.extend_from_slice(end_of(row.line_break()));
            }
        }
    }

    pub(super) fn write_blank(&self, row: &Row<'_>, width: usize, out: &mut Vec<u8>) {
        match self {
            RowOutput::Json(_) => return,
            RowOutput::Cells(cells) if row.len() == width && !row.raw().is_empty() => {
                out.extend_from_slice(row.raw());
                let appended = cells.places.iter().filter(|place| matches!(place, Place::Appended(_)));
                out.extend(appended.map(|_| cells.delimiter));
            }
            _ => out.extend_from_slice(row.raw()),
        }
        out.extend_from_slice(row.line_break());
    }
}

impl VerifiedPlaces {
    /// The header with the names of the appended columns.
    #[must_use]
    pub fn header(&self, header: &Header, encoding: Encoding) -> Vec<u8> {
        let mut line = header.raw().to_vec();
        for place in &self.places {
            if let Place::Appended(name) = place {
                line.push(self.delimiter);
                push_cell(&encoding.encode(name), self.delimiter, &mut line);
            }
        }
        line.extend_from_slice(header.line_break());
        line
    }

    #[inline]
    fn write(&self, row: &Row<'_>, answer: &RowAnswer<'_>, out: &mut Vec<u8>) {
        if self.places.iter().any(|place| matches!(place, Place::Column(_))) {
            self.write_filled(row, answer, out);
        } else {
            out.extend_from_slice(row.raw());
        }
        for (index, place) in self.places.iter().enumerate() {
            if let Place::Appended(_) = place {
                out.push(self.delimiter);
                self.push(index, row, answer, out);
            }
        }
        out.extend_from_slice(row.line_break());
    }

    fn write_filled(&self, row: &Row<'_>, answer: &RowAnswer<'_>, out: &mut Vec<u8>) {
        for column in 0..row.len() {
            if column > 0 {
                out.push(self.delimiter);
            }
            match self.places.iter().position(|place| *place == Place::Column(column)) {
                Some(index) => self.push(index, row, answer, out),
                None => out.extend_from_slice(row.cell(column)),
            }
        }
    }

    fn push(&self, index: usize, row: &Row<'_>, answer: &RowAnswer<'_>, out: &mut Vec<u8>) {
        match index {
            0 => push_cell(answer.status().as_str().as_bytes(), self.delimiter, out),
            1 => {
                let time = answer.expires_at().map(|seconds| UnixTime(seconds).to_string());
                push_cell(time.unwrap_or_default().as_bytes(), self.delimiter, out);
            }
            _ => {
                let value = answer
                    .token
                    .and_then(|token| token.claims().value(&self.show[index - 2]));
                let text = value.map(|value| value.to_string()).unwrap_or_default();
                push_cell(&row.encoding().encode(&text), self.delimiter, out);
            }
        }
    }
}

fn push_time(time: Option<u32>, out: &mut Vec<u8>) {
    if let Some(seconds) = time {
        out.extend_from_slice(UnixTime(seconds).to_string().as_bytes());
    }
}

/// A last line without a break gets one: something follows its text now.
fn end_of(line_break: &[u8]) -> &[u8] {
    if line_break.is_empty() { b"\n" } else { line_break }
}
