//! The runs of token characters in a text, and the token that would stand in one by itself.

use super::link;
use crate::token::shape::{Spelling, is_token_byte};
use std::ops::Range;

/// How many letters at the start of a run belong to an escape of JSON, as in `\nLOKO…` or `\u003dLOKO…`.
fn escape_letters(text: &[u8], run: usize) -> usize {
    if run == 0 || text[run - 1] != b'\\' {
        return 0;
    }
    match text[run] {
        b'n' | b'r' | b't' => 1,
        b'u' => 5,
        b'x' => 3,
        _ => 0,
    }
}

/// The runs of token characters in a text, without leading `-` and `_`.
pub(super) struct Runs<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'t> Runs<'t> {
    pub(super) fn of(text: &'t [u8]) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn skip_to(&mut self, at: usize) {
        self.at = self.at.max(at);
    }
}

impl Iterator for Runs<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = self.text.get(self.at..)?;
            let start = self.at + rest.iter().position(|&byte| is_token_byte(byte))?;
            let end = start + link::leading(&self.text[start..], is_token_byte);
            let start = start + escape_letters(self.text, start).min(end - start);
            let edge = link::leading(&self.text[start..end], is_edge);
            self.at = end;
            if start + edge < end {
                return Some(start + edge..end);
            }
        }
    }
}

/// The token that would stand in a run by itself: without the `-` and `_` that no token ends in, without the scheme of
/// a link glued to it, and of a JWT with its three parts.
pub(super) fn alone_in(text: &[u8], run: &Range<usize>, form: Spelling) -> Range<usize> {
    let whole = match form {
        Spelling::Jwt => jwt_in(text, run),
        _ => run.clone(),
    };
    let glued = match text[whole.end..].starts_with(b"://") {
        true => ["https", "http"]
            .into_iter()
            .find(|s| text[whole.clone()].ends_with(s.as_bytes())),
        false => None,
    };
    let end = whole.end - glued.map_or(0, str::len);
    let trail = link::trailing(&text[whole.start..end], |byte| is_edge(byte) || byte == b'.');
    whole.start..end - trail
}

/// A run with up to two more that dots join to it.
pub(super) fn jwt_in(text: &[u8], run: &Range<usize>) -> Range<usize> {
    let mut end = run.end;
    for _ in 0..2 {
        if text.get(end) == Some(&b'.') {
            end += 1 + link::leading(&text[end + 1..], is_token_byte);
        }
    }
    run.start..end
}

fn is_edge(byte: u8) -> bool {
    byte == b'-' || byte == b'_'
}
