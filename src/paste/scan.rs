//! Finding what has a token's shape in a view: whole runs of the alphabet
//! first, and those that were broken over lines. What only spaces, or a
//! neighbour in the same word, keep apart is looked for when there is nothing
//! else.

use std::ops::Range;

use super::MOST_CANDIDATES;
use super::join::{self, Gap};
use super::link;
use super::shape::{self, Form, is_token_byte};
use super::words::is_wordlike;

/// One way to read a place in a view.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) span: Range<usize>,
    pub(super) text: Vec<u8>,
    /// What kept its pieces apart, if it had to be joined.
    pub(super) gap: Option<Gap>,
}

impl Reading {
    pub(super) fn plain(text: &[u8], span: Range<usize>) -> Self {
        Self {
            text: text[span.clone()].to_vec(),
            span,
            gap: None,
        }
    }

    pub(super) fn is_shaped(&self) -> bool {
        shape::shaped(&self.text)
    }
}

/// A place with what it most likely says first, and what else it may say.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) reading: Reading,
    pub(super) others: Vec<Reading>,
}

impl Found {
    pub(super) fn alone(reading: Reading) -> Self {
        Self {
            reading,
            others: Vec::new(),
        }
    }

    pub(super) fn into_readings(self) -> Vec<Reading> {
        let mut readings = vec![self.reading];
        readings.extend(self.others);
        readings
    }
}

/// Every shaped token of the text, on one line or broken over several.
pub(super) fn whole_tokens(text: &[u8]) -> Vec<Found> {
    let mut found = Vec::new();
    let mut runs = Runs::of(text);
    while let Some(run) = runs.next() {
        let Some(token) = token_at(text, &run).filter(|_| !is_in_attachment(text, run.start)) else {
            continue;
        };
        runs.skip_to(token.reading.span.end);
        found.push(token);
        if found.len() == MOST_CANDIDATES {
            break;
        }
    }
    found
}

/// The lines of an encoded attachment or certificate are at least so long, and
/// at most this.
const ATTACHMENT_LINES: Range<usize> = 60..81;

/// Whether a place is in a block of RFC 2045 base64: its line is as long as one
/// above or below, all in that alphabet, with a `+` in either, which no link has
/// there.
fn is_in_attachment(text: &[u8], at: usize) -> bool {
    let Some(line) = line_of_base64(text, at) else {
        return false;
    };
    let above = line.start.checked_sub(1).and_then(|end| line_of_base64(text, end));
    let below = line_of_base64(text, link::after_line_break(text, line.end).unwrap_or(line.end));
    [above, below].into_iter().flatten().any(|other| {
        let has_plus = text[line.clone()].contains(&b'+') || text[other.clone()].contains(&b'+');
        other != line && other.len() == line.len() && has_plus
    })
}

/// The line round a place, if it is as long as those of an attachment and of
/// nothing but base64.
fn line_of_base64(text: &[u8], at: usize) -> Option<Range<usize>> {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let at = at - usize::from(at > 0 && text[at - 1] == b'\r');
    let first = at.saturating_sub(ATTACHMENT_LINES.end);
    let start = at - link::trailing(&text[first..at], is_base64);
    let last = text.len().min(start + ATTACHMENT_LINES.end);
    let end = start + link::leading(&text[start..last], is_base64);
    let is_line = |byte: Option<&u8>| matches!(byte, None | Some(b'\n' | b'\r'));
    let starts_line = start == 0 || is_line(text.get(start - 1));
    let is_whole = starts_line && is_line(text.get(end)) && ATTACHMENT_LINES.contains(&(end - start));
    is_whole.then_some(start..end)
}

fn token_at(text: &[u8], run: &Range<usize>) -> Option<Found> {
    let alone = Form::starting(&text[run.clone()])
        .map(|form| Reading::plain(text, alone_in(text, run, form)))
        .filter(Reading::is_shaped);
    let joined = join::over_lines(text, run);
    match (alone, joined) {
        (Some(alone), Some(mut joined)) if joined.is_strong => {
            joined.found.others.retain(|other| other.text != alone.text);
            joined.found.others.insert(0, alone);
            Some(joined.found)
        }
        (Some(alone), joined) => {
            let mut others = joined.map_or_else(Vec::new, |joined| joined.found.into_readings());
            if others.is_empty() {
                others = join::longer_readings(text, &alone.span);
            }
            others.retain(|other| other.text != alone.text);
            Some(Found { reading: alone, others })
        }
        (None, joined) => Some(joined?.found),
    }
}

/// The token that would stand in a run by itself: without the `-` and `_` that
/// no token ends in, and of a JWT with its three parts.
pub(super) fn alone_in(text: &[u8], run: &Range<usize>, form: Form) -> Range<usize> {
    let mut end = run.end;
    if form == Form::Jwt {
        for _ in 0..2 {
            let part = match text.get(end) {
                Some(b'.') => link::leading(&text[end + 1..], is_token_byte),
                _ => 0,
            };
            end += if part > 0 { part + 1 } else { 0 };
        }
    }
    let trail = link::trailing(&text[run.start..end], is_edge);
    run.start..end - trail
}

fn is_edge(byte: u8) -> bool {
    byte == b'-' || byte == b'_'
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
            let edge = link::leading(&self.text[start..end], is_edge);
            self.at = end;
            if start + edge < end {
                return Some(start + edge..end);
            }
        }
    }
}

/// Tokens that a link's template put right behind a word: `promo-LOKO…`. Only
/// where nothing else was found.
pub(super) fn tokens_behind_words(text: &[u8]) -> Vec<Found> {
    let mut found = Vec::new();
    for run in Runs::of(text) {
        let mut start = run.start;
        while let Some(next) = memchr::memchr2(b'-', b'_', &text[start..run.end]) {
            let word = &text[run.start..start + next];
            start += next + 1;
            if !is_wordlike(word) {
                break;
            }
            if let Some(form) = Form::starting(&text[start..run.end]) {
                let reading = Reading::plain(text, alone_in(text, &(start..run.end), form));
                if reading.is_shaped() {
                    found.push(Found::alone(reading));
                    break;
                }
            }
        }
        if found.len() == MOST_CANDIDATES {
            break;
        }
    }
    found
}
