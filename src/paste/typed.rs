//! Base32 as people write it down: in groups with hyphens between them, and with the digits that its alphabet leaves
//! out because they look like letters. A `0` was an `O` then and an `8` a `B`; a `1` was an `I` or an `L`, so there are
//! several readings.

use super::cleaning::Cleaning;
use super::effort::Effort;
use super::found::{Found, Reading};
use super::link;
use crate::token::shape::Spelling;
use std::ops::Range;

/// With more of them, a `1` is read as one letter throughout.
const MOST_ONES: usize = 8;
/// Groups of different lengths are lines, and lines are not as short as words.
const SHORTEST_LINE: usize = 12;

/// Base32 texts that are in groups with hyphens, or have look-alikes in them. Only where nothing else was found.
pub(super) fn typed_tokens(text: &[u8], effort: &mut Effort) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() && effort.is_left() {
        let start = at + link::leading(&text[at..], |byte| !byte.is_ascii_alphanumeric());
        at = start + link::leading(&text[start..], |byte| byte.is_ascii_alphanumeric());
        let is_start = text
            .get(start..start + 2)
            .is_some_and(|two| Spelling::starting(two) == Some(Spelling::Base32));
        if !is_start {
            continue;
        }
        let groups = Groups::from(text, start);
        effort.spend(groups.spans.len());
        if let Some(token) = groups.read() {
            at = token.reading.span.end;
            found.push(token);
        }
    }
    found
}

/// What may be one text in groups.
struct Groups<'t> {
    text: &'t [u8],
    spans: Vec<Range<usize>>,
    undone: Vec<Cleaning>,
}

impl<'t> Groups<'t> {
    fn from(text: &'t [u8], start: usize) -> Self {
        let mut groups = Self {
            text,
            spans: Vec::new(),
            undone: Vec::new(),
        };
        let (mut at, mut characters) = (start, 0);
        loop {
            let length = link::leading(&text[at..], is_typed);
            characters += length;
            let ends = text.get(at + length).is_none_or(|byte| !byte.is_ascii_alphanumeric());
            if length == 0 || !ends || characters > Spelling::Base32.longest() {
                break;
            }
            groups.spans.push(at..at + length);
            let Some((next, between)) = after_divider(text, at + length) else {
                break;
            };
            for cleaning in between {
                if !groups.undone.contains(&cleaning) {
                    groups.undone.push(cleaning);
                }
            }
            at = next;
        }
        groups
    }

    /// The longest text with a token's shape: what follows it may be in groups as well.
    fn read(mut self) -> Option<Found> {
        while !self.spans.is_empty() {
            if let Some(found) = self.reading() {
                return Some(found);
            }
            self.spans.pop();
        }
        None
    }

    fn reading(&self) -> Option<Found> {
        let letters: Vec<u8> = self
            .spans
            .iter()
            .flat_map(|span| &self.text[span.clone()])
            .copied()
            .collect();
        if !Spelling::Base32.fits_start(&letters, letters.len()) || !self.is_regular() {
            return None;
        }
        let mut undone = self.undone.clone();
        if self.spans.len() == 1 {
            undone.clear();
        }
        if letters.iter().any(|&byte| is_look_alike(byte)) {
            undone.push(Cleaning::LookAlikes);
        }
        let span = self.spans.first()?.start..self.spans.last()?.end;
        let reading = |text| Reading {
            span: span.clone(),
            text,
            undone: undone.clone(),
        };
        let mut readings = spellings(&letters).into_iter().map(reading).filter(Reading::is_shaped);
        Some(Found {
            reading: readings.next()?,
            others: readings.collect(),
        })
    }

    /// Whether they are groups of one size, or lines.
    fn is_regular(&self) -> bool {
        let Some((last, others)) = self.spans.split_last() else {
            return false;
        };
        let size = self.spans[0].len();
        let are_groups = others.iter().all(|span| span.len() == size) && last.len() <= size;
        are_groups || others.iter().all(|span| span.len() >= SHORTEST_LINE)
    }
}

fn is_look_alike(byte: u8) -> bool {
    matches!(byte, b'0' | b'1' | b'8')
}

fn is_typed(byte: u8) -> bool {
    is_look_alike(byte) || Spelling::Base32.value(byte).is_some()
}

/// Where the next group starts, and what is between: a hyphen, blanks, at most one line break.
fn after_divider(text: &[u8], at: usize) -> Option<(usize, Vec<Cleaning>)> {
    let mut between = Vec::new();
    let mut next = at + link::leading(&text[at..], link::is_blank);
    if text.get(next) == Some(&b'-') {
        next += 1;
        between.push(Cleaning::Groups);
    }
    if let Some(line) = link::after_line_break(text, next) {
        next = line;
        between.push(Cleaning::LineBreaks);
    } else {
        let blanks = link::leading(&text[next..], link::is_blank);
        next += blanks;
        if between.is_empty() || blanks > 0 {
            between.push(Cleaning::Spaces);
        }
    }
    (next > at).then_some((next, between))
}

/// What the letters may have been, in the case of the others.
fn spellings(letters: &[u8]) -> Vec<Vec<u8>> {
    let ones = letters.iter().filter(|&&byte| byte == b'1').count();
    let choices = if ones > MOST_ONES { 2 } else { 1usize << ones };
    let case = match letters.iter().any(u8::is_ascii_lowercase) {
        true => 0x20,
        false => 0,
    };
    let spelling = |choice: usize| {
        let mut index = 0;
        let mut letter = |&byte: &u8| match byte {
            b'0' => b'O' | case,
            b'8' => b'B' | case,
            b'1' => {
                let is_second = choice >> index & 1 == 1;
                index += usize::from(ones <= MOST_ONES);
                case | if is_second { b'L' } else { b'I' }
            }
            other => other,
        };
        letters.iter().map(&mut letter).collect::<Vec<u8>>()
    };
    (0..choices).map(spelling).collect()
}
