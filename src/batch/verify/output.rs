//! What is written of a verdict: cells beside the row, a line of its own, or an object.

use super::super::expiry_text::ExpiryText;
use super::super::{Places, Reject, RowNumber};
use super::Verdict;
use crate::key::KeyId;
use crate::table::{Row, push_cell};
use crate::token::{Authentic, Form, Refusal, Status};
use memchr::memmem;
use std::convert::Infallible;
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
    Cells(VerifiedCells),
    /// Of a plain list of texts: the text and its cells.
    Lines,
    /// An object.
    Json(RowJson),
}

/// Where status, expiry and claims go.
#[derive(Clone, Debug)]
pub struct VerifiedCells {
    /// Of status, expiry, then the claims of `show`.
    pub places: Places,
    /// Claims that are shown.
    pub show: Vec<String>,
}

impl RowOutput {
    pub(super) fn is_json(&self) -> bool {
        matches!(self, RowOutput::Json(_))
    }

    /// Where in an answer it is to be told how often its token was checked.
    #[inline]
    pub(super) fn place_of_uses(&self, answer: &[u8]) -> Option<usize> {
        const MEMBER: &[u8] = b"\"uses\":null";
        match self {
            // in a text the quotes would be escaped, and no other member of that name is null
            RowOutput::Json(_) => memmem::find(answer, MEMBER).map(|place| place + MEMBER.len() - b"null".len()),
            _ => None,
        }
    }

    pub(super) fn check_empty(&self, row: &Row<'_>) -> Result<(), Reject> {
        match self {
            RowOutput::Cells(cells) => cells.places.check_empty(row),
            _ => Ok(()),
        }
    }

    #[inline]
    pub(super) fn write(&self, row: &Row<'_>, answer: &RowAnswer<'_>, expiry: &mut ExpiryText, out: &mut Vec<u8>) {
        match self {
            RowOutput::Cells(cells) => cells.write(row, answer, expiry, out),
            RowOutput::Json(json) => (json.0)(answer, out),
            RowOutput::Lines => {
                let text = row.text(0).unwrap_or_default();
                push_cell(text.as_bytes(), b',', out);
                out.push(b',');
                out.extend_from_slice(answer.status().as_str().as_bytes());
                out.push(b',');
                out.extend_from_slice(expiry.of(answer.expires_at()));
                out.extend_from_slice(end_of(row.line_break()));
            }
        }
    }

    pub(super) fn write_blank(&self, row: &Row<'_>, width: usize, out: &mut Vec<u8>) {
        match self {
            RowOutput::Json(_) => {}
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
    fn write(&self, row: &Row<'_>, answer: &RowAnswer<'_>, expiry: &mut ExpiryText, out: &mut Vec<u8>) {
        let expiry = expiry.of(answer.expires_at());
        let written = self.places.write(row, out, |index, out| {
            match index {
                0 => self.places.push_plain(answer.status().as_str().as_bytes(), out),
                1 => self.places.push_plain(expiry, out),
                _ => self.push_claim(&self.show[index - 2], row, answer, out),
            }
            Ok::<_, Infallible>(())
        });
        written.unwrap_or_else(|never| match never {});
    }

    fn push_claim(&self, name: &str, row: &Row<'_>, answer: &RowAnswer<'_>, out: &mut Vec<u8>) {
        let value = answer.token.and_then(|token| token.claims().value(name));
        let text = value.map(|value| value.to_string()).unwrap_or_default();
        push_cell(&row.encoding().encode(&text), self.places.delimiter(), out);
    }
}

/// A last line without a break gets one: something follows its text now.
fn end_of(line_break: &[u8]) -> &[u8] {
    if line_break.is_empty() { b"\n" } else { line_break }
}
