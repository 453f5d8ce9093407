//! The tokens in a decoded part, each with its line and whether a customer's click would bring it back whole.

mod surroundings;

use super::stretch::{Role, Stretch, paragraphs};
use super::{field_text, flowed, html, link_host};
use crate::paste::{self, Candidate, Cleaning};
use std::collections::HashMap;

/// Bytes of a long stretch that are looked at together.
const WINDOW: usize = 16 << 10;
/// And so many after them, for a token that begins within: longer than any.
const OVERLAP: usize = 10 << 10;
/// No link is followed further back from its token.
const LONGEST_LINK: usize = 8 << 10;
/// What is shorter holds no token.
pub const SHORTEST: usize = 46;
/// In prose, a token that was cut down to less is not worth telling from a word.
const SHORTEST_REST: usize = 16;

/// How a source is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// As it stands.
    Text,
    /// By its tags.
    Html,
    /// By RFC 3676, which joins lines; `deletes_space` takes out the space that does so.
    Flowed {
        /// Whether the text says `delsp=yes`.
        deletes_space: bool,
    },
    /// As fields of a header, where links may stand among much that is none.
    Header,
}

impl Reading {
    /// How a text is to be read that does not say it.
    pub(super) fn of_unsaid(text: &str) -> Self {
        match text.contains("</") {
            true => Self::Html,
            false => Self::Text,
        }
    }
}

/// A token in a decoded part.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Found {
    /// Its text, and what was undone to get it.
    pub candidate: Candidate,
    /// The line of the source it begins in, from 1.
    pub line: usize,
    /// Whether it had to be mended: a customer who clicks or copies the link does not get the token as it is here.
    pub is_broken: bool,
    /// The host of its link, where that is none that can be: the link is broken by it.
    pub bad_host: Option<String>,
}

/// All tokens of a source, in the order they stand. One that stands there several times is told once; broken copies of
/// it are told apart from whole ones. What is left of a token whose start is one of `starts` is told too, though it has
/// no token's shape any more.
pub fn tokens(
    source: &str,
    reading: Reading,
    starts: &[String],
    authentic: &mut dyn FnMut(&str) -> bool,
) -> Vec<Found> {
    let mut look = Look {
        starts,
        authentic,
        places: Vec::new(),
    };
    match reading {
        // encoded once too often: no tag can be read any more
        Reading::Html if source.contains("=3D\"") || source.contains("=3D'") => look.at_paragraphs(source),
        Reading::Html => html::stretches(source, &mut |stretch| look.at(&stretch)),
        Reading::Text => look.at_paragraphs(source),
        Reading::Flowed { deletes_space } => {
            flowed::stretches(source, deletes_space, &mut |stretch| look.at(&stretch));
        }
        Reading::Header => field_text::stretches(source, &mut |stretch| look.at_field(&stretch)),
    }
    if look.places.is_empty() {
        return Vec::new();
    }
    with_lines(source, told_once(look.places))
}

/// A token where it was found.
struct FoundAt {
    found: Found,
    source: usize,
    role: Role,
    /// Whether three dots follow it.
    is_cut: bool,
}

struct Look<'l> {
    starts: &'l [String],
    authentic: &'l mut dyn FnMut(&str) -> bool,
    places: Vec<FoundAt>,
}

impl Look<'_> {
    fn at_paragraphs(&mut self, source: &str) {
        for stretch in paragraphs(source) {
            self.at(&stretch);
        }
    }

    /// Message ids and signatures are as random as tokens: only what has a link in it, or begins as our tokens do, is
    /// looked at.
    fn at_field(&mut self, field: &Stretch<'_>) {
        let has = |part: &str| memchr::memmem::find(field.text.as_bytes(), part.as_bytes()).is_some();
        let has_link = has("://") || field.text.to_ascii_lowercase().contains("mailto:");
        if has_link || self.starts.iter().any(|start| has(start)) {
            self.at(field);
        }
    }

    fn at(&mut self, stretch: &Stretch<'_>) {
        let text = &*stretch.text;
        let before = self.places.len();
        let mut taken = Vec::new();
        if text.len() >= SHORTEST {
            let mut from = 0;
            while from < text.len() {
                from = self.at_window(stretch, from, &mut taken);
            }
        }
        taken.sort_unstable_by_key(|place| place.start);
        self.at_rests(stretch, &taken);
        self.places[before..].sort_by_key(|place| place.source);
    }

    /// Looks at what begins in a window; says where the next begins.
    fn at_window(&mut self, stretch: &Stretch<'_>, from: usize, taken: &mut Vec<std::ops::Range<usize>>) -> usize {
        let text = &*stretch.text;
        let mut next = boundary(text, from + WINDOW);
        if next < text.len() {
            let line_end = memchr::memrchr(b'\n', &text.as_bytes()[from..next]);
            next = line_end.map_or(next, |end| from + end + 1);
        }
        let end = boundary(text, next + OVERLAP);
        let found = paste::settle(paste::candidates(&text[from..end]), self.authentic);
        for mut candidate in found {
            let place = candidate.place.start + from..candidate.place.end + from;
            if candidate.has_shape() && place.start < next {
                candidate.place = place.clone();
                next = next.max(place.end);
                taken.push(place);
                self.take(stretch, candidate);
            }
        }
        next
    }

    /// Looks for what begins as our tokens do and is none; what was taken is in order.
    fn at_rests(&mut self, stretch: &Stretch<'_>, taken: &[std::ops::Range<usize>]) {
        let text = stretch.text.as_bytes();
        let mut at = 0;
        while at < text.len() {
            let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
            let length = text[at..].iter().take_while(|byte| is_part(byte)).count();
            if length == 0 {
                at += 1;
                continue;
            }
            let run = stretch.text[at..at + length].trim_end_matches(['.', '-', '_']);
            let is_free = || {
                let before = taken.partition_point(|place| place.start < at + run.len());
                taken[..before].last().is_none_or(|place| place.end <= at)
            };
            if self.is_rest(run, stretch, at) && is_free() {
                let rest = Candidate {
                    text: run.to_owned(),
                    cleaned: Vec::new(),
                    place: at..at + run.len(),
                    other_readings: Vec::new(),
                };
                self.take(stretch, rest);
            }
            at += length;
        }
    }

    fn is_rest(&self, run: &str, stretch: &Stretch<'_>, at: usize) -> bool {
        let is_start = |start: &String| {
            let same = |head: &str| match start.as_bytes().first() {
                Some(b'L' | b'S' | b'e') => head == start,
                _ => head.eq_ignore_ascii_case(start),
            };
            run.get(..start.len()).is_some_and(same)
        };
        let in_link = stretch.role == Role::Link || stretch.text[..at].ends_with(['/', '=']);
        matches!(
            run.as_bytes().first(),
            Some(b'L' | b'S' | b'F' | b'J' | b'e' | b'f' | b'j')
        ) && (in_link || run.len() >= SHORTEST_REST)
            && self.starts.iter().any(is_start)
    }

    fn take(&mut self, stretch: &Stretch<'_>, mut candidate: Candidate) {
        let bad_host = link_host::impossible(surroundings::before(stretch, &candidate));
        correct(&mut candidate, stretch);
        self.places.push(FoundAt {
            is_cut: surroundings::is_cut(stretch, &candidate),
            source: stretch.source(candidate.place.start),
            role: stretch.role,
            found: Found {
                is_broken: bad_host.is_some() || is_broken(stretch, &candidate),
                candidate,
                line: 0,
                bad_host,
            },
        });
    }
}

/// A place at or just before this one where the text can be cut.
pub(super) fn boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// Corrects what was undone by what is known here: that it is no pasted text, and which part of it a browser follows.
fn correct(candidate: &mut Candidate, stretch: &Stretch<'_>) {
    let quoted = candidate
        .cleaned
        .iter()
        .position(|cleaning| *cleaning == Cleaning::QuotedPrintable);
    if let Some(quoted) = quoted.filter(|_| !surroundings::is_quoted_printable(stretch, candidate)) {
        candidate.cleaned.remove(quoted);
    }
    if surroundings::is_spaced(stretch, candidate) && !candidate.cleaned.contains(&Cleaning::Spaces) {
        candidate.cleaned.push(Cleaning::Spaces);
    }
}

/// Whether what was undone is damage. Brackets, quotes and full stops round a link in prose are not, nor is another
/// link round it: who counts clicks and who filters mail brings the customer to the inner one.
fn is_broken(stretch: &Stretch<'_>, candidate: &Candidate) -> bool {
    let is_wrapped = is_in_other_link(stretch, candidate);
    let is_whole = stretch.text.get(candidate.place.clone()) == Some(&candidate.text);
    let is_damage = |cleaning: &Cleaning| match cleaning {
        Cleaning::QuotedPrintable | Cleaning::HtmlEntities | Cleaning::LineBreaks => true,
        Cleaning::Url | Cleaning::SafeLinks | Cleaning::Proofpoint | Cleaning::Base64Link | Cleaning::Text => false,
        Cleaning::PercentEncoding => !is_wrapped,
        Cleaning::Invisible | Cleaning::Spaces => !is_whole || (stretch.role == Role::Link && !is_wrapped),
        _ => stretch.role == Role::Link && !is_wrapped,
    };
    (!is_whole && !is_wrapped) || candidate.cleaned.iter().any(is_damage)
}

fn is_in_other_link(stretch: &Stretch<'_>, candidate: &Candidate) -> bool {
    let wrappers = [Cleaning::SafeLinks, Cleaning::Proofpoint, Cleaning::Base64Link];
    if candidate.cleaned.iter().any(|cleaning| wrappers.contains(cleaning)) {
        return true;
    }
    if !candidate.cleaned.contains(&Cleaning::PercentEncoding) {
        return false;
    }
    let link = surroundings::before(stretch, candidate)
        .rsplit(|letter: char| letter.is_ascii_whitespace())
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    ["%3a%2f%2f", "%253a%252f%252f", "%3a//", "://%"]
        .iter()
        .any(|scheme| link.contains(scheme))
}

/// What was found of one token, at most once whole and once broken, and not in prose where a link has it. What is a
/// whole token's beginning in prose, with three dots after it, is that token shown short.
fn told_once(mut places: Vec<FoundAt>) -> Vec<FoundAt> {
    let mut linked: HashMap<String, bool> = HashMap::new();
    for place in &places {
        *linked.entry(place.found.candidate.text.clone()).or_default() |= place.role == Role::Link;
    }
    let mut texts: Vec<String> = linked.keys().cloned().collect();
    texts.sort_unstable();
    let is_shown_short = |text: &str| {
        let next = texts.partition_point(|other| other.as_str() <= text);
        texts.get(next).is_some_and(|other| other.starts_with(text))
    };
    let mut told = std::collections::HashSet::new();
    places.retain(|place| {
        let text = &place.found.candidate.text;
        let is_needless = place.role == Role::Prose && (linked[text] || (place.is_cut && is_shown_short(text)));
        !is_needless && told.insert((text.clone(), place.found.is_broken))
    });
    places
}

fn with_lines(source: &str, mut places: Vec<FoundAt>) -> Vec<Found> {
    places.sort_by_key(|place| place.source);
    let (mut line, mut at) = (1, 0);
    let count = |mut place: FoundAt| {
        let end = place.source.min(source.len());
        line += memchr::memchr_iter(b'\n', &source.as_bytes()[at..end]).count();
        at = end;
        place.found.line = line;
        place.found
    };
    places.drain(..).map(count).collect()
}

#[cfg(test)]
mod tests;
