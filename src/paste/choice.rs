//! Which of the tokens found are kept. A pasted mail names the same token in a link and in its visible text, in two
//! alphabets, or cut short with three dots; the person who pasted it means one.

use super::Candidate;
use super::words::is_wordlike;
use crate::token::shape;
use std::collections::HashSet;
use std::ops::Range;

/// Adds what was found in another view, except where a place is taken already. A reading that swallowed several tokens
/// gives way to them.
pub(super) fn add_where_free(tokens: &mut Vec<Candidate>, more: Vec<Candidate>) {
    if tokens.is_empty() {
        *tokens = more;
        return;
    }
    let mut merged: Vec<Candidate> = Vec::with_capacity(tokens.len() + more.len());
    let mut more = more.into_iter().peekable();
    for mut token in tokens.drain(..) {
        merged.extend(std::iter::from_fn(|| {
            more.next_if(|other| other.place.end <= token.place.start)
        }));
        let within: Vec<_> = std::iter::from_fn(|| more.next_if(|other| other.place.start < token.place.end)).collect();
        if within.len() > 1 && within.iter().all(|other| other.text != token.text) {
            merged.extend(within);
        } else {
            let is_other = |other: &Candidate| other.text != token.text;
            let others: Vec<_> = within.into_iter().filter(is_other).collect();
            token.other_readings.extend(others);
            merged.push(token);
        }
    }
    merged.extend(more);
    *tokens = merged;
}

/// Adds what another reading of the whole text says: to what was found in the same place, else by itself.
pub(super) fn add_readings(tokens: &mut Vec<Candidate>, more: Vec<Candidate>) {
    for mut other in more {
        let at = tokens.partition_point(|token| token.place.end <= other.place.start);
        match tokens.get_mut(at).filter(|token| token.place.start < other.place.end) {
            None => tokens.insert(at, other),
            Some(token) => {
                let further = std::mem::take(&mut other.other_readings);
                for reading in std::iter::once(other).chain(further) {
                    let mut known =
                        std::iter::once(&token.text).chain(token.other_readings.iter().map(|one| &one.text));
                    if !known.any(|text| *text == reading.text) {
                        token.other_readings.push(reading);
                    }
                }
            }
        }
    }
}

/// Lets a caller who can tell authentic tokens choose among the readings: in place of a candidate that is not authentic
/// comes its first other reading that is, and what lies within that reading was only a part of it.
#[must_use]
pub fn settle(candidates: Vec<Candidate>, authentic: &mut dyn FnMut(&str) -> bool) -> Vec<Candidate> {
    let mut settled: Vec<Candidate> = Vec::with_capacity(candidates.len());
    // most begin behind all that is settled, which needs no look at each
    let mut furthest = 0;
    for mut candidate in candidates {
        let mut readings = candidate.other_readings.iter();
        let genuine = match readings.len() {
            0 => None,
            _ if authentic(&candidate.text) => None,
            _ => readings.position(|other| authentic(&other.text)),
        };
        if let Some(at) = genuine {
            candidate = candidate.other_readings.swap_remove(at);
            let whole = candidate.place.clone();
            if whole.start < furthest {
                settled.retain(|other| !is_within(other, &whole));
            }
        }
        let is_beside = candidate.place.start < furthest;
        if !is_beside || !settled.iter().any(|other| is_within(&candidate, &other.place)) {
            furthest = furthest.max(candidate.place.end);
            settled.push(candidate);
        }
    }
    keep_first_of_equals(&mut settled);
    settled
}

fn keep_first_of_equals(tokens: &mut Vec<Candidate>) {
    let mut known = HashSet::new();
    tokens.retain(|token| known.insert(shape::bytes_meant(token.text.as_bytes())));
}

fn is_within(candidate: &Candidate, place: &Range<usize>) -> bool {
    place.start <= candidate.place.start && candidate.place.end <= place.end
}

/// Equal tokens once, no token that is the beginning of another, and no long name of a program beside real tokens.
pub(super) fn choose(mut tokens: Vec<Candidate>) -> Vec<Candidate> {
    keep_first_of_equals(&mut tokens);
    if tokens.iter().any(|token| !is_wordlike(token.text.as_bytes())) {
        tokens.retain(|token| !is_wordlike(token.text.as_bytes()));
    }
    drop_cut_copies(&mut tokens);
    tokens
}

/// Chat programs show a long link cut short beside the whole one. No genuine token is the beginning of another: they
/// end in tags.
fn drop_cut_copies(tokens: &mut Vec<Candidate>) {
    let mut texts: Vec<String> = tokens.iter().map(|token| token.text.clone()).collect();
    texts.sort_unstable();
    let is_cut = |(short, long): (&String, &String)| long.starts_with(short.as_str());
    let cut: HashSet<String> = texts
        .iter()
        .zip(texts.iter().skip(1))
        .filter(|pair| is_cut(*pair))
        .map(|(short, _)| short.clone())
        .collect();
    tokens.retain(|token| !cut.contains(&token.text));
}
