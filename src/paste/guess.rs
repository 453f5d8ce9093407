//! The best guess where nothing has a token's shape: what the damage search should look at, and what a message should
//! talk about. It is never taken for a token; it is the part of the text that most likely was one.

use super::found::{Found, Reading};
use super::pieces::Gap;
use super::words::is_wordlike;
use super::{join, link};
use crate::token::shape::{Spelling, is_token_byte};
use std::ops::Range;

/// What is shorter was no token.
const LEAST: usize = 20;
/// A token's first letters weigh as much as this many characters.
const STARTS_WELL: usize = 12;
/// A character of no alphabet weighs against a guess.
const FOREIGN: usize = 4;

/// Joins that are tried in one text.
const MOST_JOINS: usize = 300;

/// The part of the text that most likely was a token.
pub(super) fn best_guess(text: &[u8]) -> Option<Found> {
    let mut best: Option<(usize, Found)> = None;
    let mut joins = MOST_JOINS;
    let mut at = 0;
    while at < text.len() {
        let end = at + link::leading(&text[at..], |byte| !is_divider(byte));
        for part in parts(text, at..end) {
            let most = best.as_ref().map_or(0, |(most, _)| *most);
            let weight = weight(&text[part.clone()]);
            if weight > most {
                best = Some((weight, Found::alone(Reading::plain(text, part.clone()))));
            }
            if let Some(joined) = joined(text, &part, &mut joins) {
                let weight = joined.text.len() + STARTS_WELL;
                if joined.text.len() >= LEAST && weight > most {
                    let mut found = Found::alone(joined);
                    found.others.push(Reading::plain(text, part));
                    best = Some((weight, found));
                }
            }
        }
        at = end + 1;
    }
    best.map(|(_, found)| found)
}

fn joined(text: &[u8], part: &Range<usize>, joins: &mut usize) -> Option<Reading> {
    if part.is_empty() || *joins == 0 {
        return None;
    }
    Spelling::starting(&text[part.start..])?;
    *joins -= 1;
    let over_lines = join::damaged(text, part, Gap::Line);
    over_lines.or_else(|| join::damaged(text, part, Gap::Space))
}

/// What ends a guess on either side. Other foreign characters may be the damage.
fn is_divider(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"/?&=#<>\"'`;,|(){}[]!$:%\\".contains(&byte)
}

/// A stretch between dividers: whole if it starts like a JWT, else cut at its full stops, and without foreign
/// characters at its ends.
fn parts(text: &[u8], stretch: Range<usize>) -> Vec<Range<usize>> {
    let bytes = &text[stretch.clone()];
    if bytes.is_empty() || bytes.len() > Spelling::Jwt.longest() {
        return Vec::new();
    }
    let mut parts = Vec::new();
    let mut start = stretch.start;
    for part in bytes.split(|&byte| byte == b'.' && !bytes.starts_with(b"eyJ")) {
        let lead = link::leading(part, |byte| !is_inner(byte));
        let trail = link::trailing(&part[lead..], |byte| !is_inner(byte));
        parts.push(start + lead..start + part.len() - trail);
        start += part.len() + 1;
    }
    parts
}

fn is_inner(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

/// How likely a stretch was a token: its length, its first letters, and no words. 0 is not at all.
fn weight(part: &[u8]) -> usize {
    let starts_well = Spelling::starting(part).is_some();
    let own = part.iter().filter(|&&byte| is_token_byte(byte)).count();
    let foreign = part.len() - own;
    let least = if starts_well { LEAST - 4 } else { LEAST };
    if own < least || is_wordlike(part) || !part.iter().any(u8::is_ascii_digit) {
        return 0;
    }
    let bonus = if starts_well { STARTS_WELL } else { 0 };
    (own + bonus).saturating_sub(foreign * FOREIGN)
}
