//! Where a link starts and ends in running text, and its text when a mail program broke it over lines.

use super::effort::Effort;
use memchr::memmem;
use std::ops::Range;

/// No link is followed further than this, in either direction.
pub(super) const LONGEST_LINK: usize = 8_192;
/// How far the start and end of a line are looked for.
pub(super) const LONGEST_LINE: usize = 2_000;
/// What it costs to join a line, in [`Effort`]'s pieces.
const LINE: usize = 10;
/// Nor over more lines than this.
const MOST_LINES: usize = 40;
/// A host's name and the path to a filter's page are never longer.
const LONGEST_START: usize = 300;

/// RFC 3986's characters, less the apostrophe, which is more often a quote.
pub(super) fn is_link_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&()*+,;=%".contains(&byte)
}

fn is_scheme_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

/// Where the link that holds `at` starts, no earlier than `from`: at the last scheme before it, else where its
/// characters begin.
pub(super) fn start_before(text: &[u8], at: usize, from: usize) -> usize {
    let least = from.max(at.saturating_sub(LONGEST_START));
    let run = trailing(&text[least..at], is_link_byte);
    let start = at - run;
    match scheme_start(&text[start..at]) {
        Some(scheme) => start + scheme,
        None => at - trailing(&text[least..at], is_scheme_byte),
    }
}

/// So early stands what tells Proofpoint v3, behind its host.
const V3_START: usize = 64;

/// Whether another link starts here, behind a character that also parts links in running text. A link within a link
/// stands behind `=`, `/` or `_`.
fn is_next_link(text: &[u8], at: usize) -> bool {
    let is_parted = at > 0 && b",;()[]!$".contains(&text[at - 1]);
    is_parted && (text[at..].starts_with(b"https://") || text[at..].starts_with(b"http://"))
}

/// How far this link holds another as it is, in which any may follow a comma: Proofpoint v3 has it from `__` to `__;`.
fn after_raw_link(link: &[u8]) -> usize {
    let start = &link[..link.len().min(V3_START)];
    let Some(begin) = memmem::find(start, b"/v3/__") else {
        return 0;
    };
    memmem::find(&link[begin..], b"__;").map_or(link.len(), |end| begin + end)
}

/// Where the last `scheme://` in this text starts.
pub(super) fn scheme_start(text: &[u8]) -> Option<usize> {
    let colon = memmem::rfind(text, b"://")?;
    let letters = trailing(&text[..colon], |byte| byte.is_ascii_alphanumeric());
    (letters > 0).then_some(colon - letters)
}

/// The places where any of these stands, in order.
pub(super) fn places_of(text: &[u8], marks: &[&[u8]]) -> Vec<usize> {
    let mut places: Vec<usize> = marks.iter().flat_map(|mark| memmem::find_iter(text, *mark)).collect();
    places.sort_unstable();
    places
}

/// How many of the last bytes are of one kind.
pub(super) fn trailing(text: &[u8], kind: impl Fn(u8) -> bool) -> usize {
    text.iter().rev().take_while(|&&byte| kind(byte)).count()
}

/// How many of the first bytes are of one kind.
pub(super) fn leading(text: &[u8], kind: impl Fn(u8) -> bool) -> usize {
    text.iter().take_while(|&&byte| kind(byte)).count()
}

/// Whether a byte is white space within a line.
pub(super) fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// Where the line round a place starts.
pub(super) fn line_start(text: &[u8], at: usize) -> usize {
    let window = &text[at.saturating_sub(LONGEST_LINE)..at];
    at - trailing(window, |byte| byte != b'\n' && byte != b'\r')
}

/// The end of the line break at this place, blanks before it and the next line's indent included.
pub(super) fn after_line_break(text: &[u8], at: usize) -> Option<usize> {
    let at = at + leading(&text[at..], is_blank);
    let at = match (text.get(at)?, text.get(at + 1)) {
        (b'\r', Some(b'\n')) => at + 2,
        (b'\r' | b'\n', _) => at + 1,
        _ => return None,
    };
    Some(at + leading(&text[at..], is_blank))
}

/// The text of one link, with the line breaks in it left out.
pub(super) struct LinkText {
    pub(super) bytes: Vec<u8>,
    /// The index in the view of each byte.
    pub(super) places: Vec<usize>,
    pub(super) breaks: Vec<Range<usize>>,
    /// Where the link ends in the view.
    pub(super) end: usize,
}

impl LinkText {
    /// The link that starts here, as far as its line goes.
    pub(super) fn on_one_line(text: &[u8], start: usize) -> Self {
        let mut link = Self {
            bytes: Vec::new(),
            places: Vec::new(),
            breaks: Vec::new(),
            end: start,
        };
        link.take_from(text, start);
        link
    }

    fn take_from(&mut self, text: &[u8], start: usize) {
        let window = &text[start..text.len().min(start + LONGEST_LINK)];
        let free = after_raw_link(window);
        let is_end = |&at: &usize| !is_link_byte(window[at]) || at >= free && is_next_link(window, at);
        let length = (0..window.len()).find(is_end).unwrap_or(window.len());
        self.bytes.extend_from_slice(&window[..length]);
        self.places.extend(start..start + length);
        self.end = start + length;
    }

    /// Whether a bracket or quote shows that the link ends where it does.
    pub(super) fn is_delimited(&self, text: &[u8]) -> bool {
        matches!(text.get(self.end), Some(b'>' | b'"' | b'\'' | b'<' | b'`'))
    }

    /// Takes in the lines below, while there is effort left, until the link is whole; all of that is undone if it never
    /// is, because then the lines below are something else. `is_part` says of what there is and the next line whether the
    /// line may belong to it. Says whether the link is whole.
    pub(super) fn extend_until(
        &mut self,
        text: &[u8],
        effort: &mut Effort,
        whole: impl Fn(&[u8]) -> bool,
        is_part: impl Fn(&[u8], &[u8]) -> bool,
    ) -> bool {
        let kept = (self.bytes.len(), self.breaks.len(), self.end);
        for _ in 0..MOST_LINES {
            if whole(&self.bytes) {
                return true;
            }
            if self.bytes.len() > LONGEST_LINK || !effort.is_left() || !self.take_next_line(text, &is_part) {
                break;
            }
            effort.spend(LINE);
        }
        let is_whole = whole(&self.bytes);
        if !is_whole {
            self.bytes.truncate(kept.0);
            self.places.truncate(kept.0);
            self.breaks.truncate(kept.1);
            self.end = kept.2;
        }
        is_whole
    }

    fn take_next_line(&mut self, text: &[u8], is_part: impl Fn(&[u8], &[u8]) -> bool) -> bool {
        let Some(next) = after_line_break(text, self.end) else {
            return false;
        };
        let starts_anew = text[next..].starts_with(b"http:") || text[next..].starts_with(b"https:");
        if starts_anew || !text.get(next).is_some_and(|&byte| is_link_byte(byte)) {
            return false;
        }
        let (length, end) = (self.bytes.len(), self.end);
        self.take_from(text, next);
        let (before, line) = self.bytes.split_at(length);
        if !is_part(before, line) {
            self.bytes.truncate(length);
            self.places.truncate(length);
            self.end = end;
            return false;
        }
        self.breaks.push(end..next);
        true
    }
}
