//! Finding what has a token's shape in a view: whole runs of the alphabet first, and those that were broken over lines.
//! What only spaces, or a neighbour in the same word, keep apart is looked for when there is nothing else.

use super::effort::Effort;
use super::found::{Found, Reading};
use super::runs::{Runs, alone_in};
use super::words::is_wordlike;
use super::{join, link};
use crate::token::shape::{self, Spelling};
use std::collections::HashSet;
use std::ops::Range;

/// Every shaped token of the text, on one line or broken over several, each once.
pub(super) fn whole_tokens(text: &[u8], effort: &mut Effort) -> Vec<Found> {
    let mut found = Vec::new();
    let mut known = HashSet::new();
    let mut runs = Runs::of(text);
    while let Some(run) = runs.next() {
        let token = token_at(text, &run, effort);
        let Some(token) = token.filter(|_| !is_in_attachment(text, run.start)) else {
            continue;
        };
        runs.skip_to(token.reading.span.end);
        if known.insert(token.reading.text.clone()) {
            found.push(token);
        }
    }
    found
}

/// The lines of an encoded attachment or certificate are at least so long, and at most this.
const ATTACHMENT_LINES: Range<usize> = 60..81;

/// Whether a place is in a block of RFC 2045 base64: its line is as long as one above or below, all in that alphabet,
/// with a `+` in either, which no link has there.
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

/// The line round a place, if it is as long as those of an attachment and of nothing but base64.
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

fn token_at(text: &[u8], run: &Range<usize>, effort: &mut Effort) -> Option<Found> {
    let alone = Spelling::starting(&text[run.clone()])
        .map(|form| alone_in(text, run, form))
        .filter(|span| shape::shaped(&text[span.clone()]))
        .map(|span| Reading::plain(text, span));
    let joined = join::over_lines(text, run, effort);
    match (alone, joined) {
        (Some(alone), Some(mut joined)) if joined.is_strong => {
            joined.found.others.retain(|other| other.text != alone.text);
            joined.found.others.insert(0, alone);
            Some(joined.found)
        }
        (Some(alone), joined) => {
            let mut others = joined.map_or_else(Vec::new, |joined| joined.found.into_readings());
            if others.is_empty() {
                others = join::longer_readings(text, run, effort);
            }
            others.retain(|other| other.text != alone.text);
            Some(Found { reading: alone, others })
        }
        (None, joined) => Some(joined?.found),
    }
}

/// Tokens that a link's template put right behind a word: `promo-LOKO…`. Only where nothing else was found.
pub(super) fn tokens_behind_words(text: &[u8], _: &mut Effort) -> Vec<Found> {
    let mut found = Vec::new();
    for run in Runs::of(text) {
        let behind = Range {
            end: run.end.min(run.start + LONGEST_PREFIX),
            ..run
        };
        for edge in memchr::memchr2_iter(b'-', b'_', &text[behind]) {
            let (word, start) = (&text[run.start..run.start + edge], run.start + edge + 1);
            let Some(form) = Spelling::starting(&text[start..run.end]) else {
                continue;
            };
            let span = alone_in(text, &(start..run.end), form);
            if is_wordlike(word) && shape::shaped(&text[span.clone()]) {
                found.push(Found::alone(Reading::plain(text, span)));
                break;
            }
        }
    }
    found
}

/// No link's template has more than this in front of a token.
const LONGEST_PREFIX: usize = 64;
