//! Claims of a JWT that others made: texts of any length, in the order in which they stood.

use super::Claims;
use super::cbor::head;

/// Collects claims whose names and values are only shown, so that the limits of minting don't hold for them.
#[derive(Debug)]
pub struct TextClaims<'a> {
    out: &'a mut Vec<u8>,
    count: usize,
}

impl<'a> TextClaims<'a> {
    /// Begins with none; they take the place of what was in `out`.
    pub(crate) fn new(out: &'a mut Vec<u8>) -> Self {
        out.clear();
        Self { out, count: 0 }
    }

    /// Adds one claim.
    pub(crate) fn push(&mut self, name: &str, value: &str) {
        for text in [name, value] {
            head(3, text.len() as u64, self.out);
            self.out.extend_from_slice(text.as_bytes());
        }
        self.count += 1;
    }

    /// The claims that were added.
    pub(crate) fn finish(self) -> Claims<'a> {
        Claims::of_texts(self.out, self.count)
    }
}
