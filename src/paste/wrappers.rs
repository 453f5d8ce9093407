//! The wrappers that mail filters put round every link they let through: Microsoft's Safe Links and Proofpoint's URL
//! Defense. A wrapper is replaced by the link in it, and its own long signature goes with it, which could be taken for
//! a token.

use super::cleaning::Cleaning;
use super::effort::Effort;
use super::escapes::hex_pair;
use super::link::{self, LinkText};
use super::radix64;
use super::view::{Placed, View};
use crate::token::shape;
use memchr::memmem;
use std::ops::Range;

/// The wrappers that are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrapper {
    SafeLinks,
    ProofpointV1,
    ProofpointV2,
    ProofpointV3,
}

impl Wrapper {
    fn of(link: &[u8]) -> Option<Self> {
        let host_start = memmem::find(link, b"://").map_or(0, |at| at + 3);
        let rest = &link[host_start..];
        let (host, path) = rest.split_at(memchr::memchr2(b'/', b'?', rest)?);
        if memmem::find(host, b"safelinks.protection.").is_some() || memmem::find(path, b"atp-safelinks.html").is_some()
        {
            return Some(Self::SafeLinks);
        }
        let hosts: [&[u8]; 3] = [b"urldefense.com", b"urldefense.proofpoint.com", b"urldefense.us"];
        if !hosts.contains(&host) {
            return None;
        }
        match path {
            [b'/', b'v', b'1', b'/', ..] => Some(Self::ProofpointV1),
            [b'/', b'v', b'2', b'/', ..] => Some(Self::ProofpointV2),
            [b'/', b'v', b'3', b'/', b'_', b'_', ..] => Some(Self::ProofpointV3),
            _ => None,
        }
    }

    fn cleaning(self) -> Cleaning {
        match self {
            Self::SafeLinks => Cleaning::SafeLinks,
            _ => Cleaning::Proofpoint,
        }
    }

    /// The part of the wrapper that holds the link, and whether its end was seen.
    fn core(self, link: &[u8]) -> Option<(Range<usize>, bool)> {
        let (start, end) = match self {
            Self::SafeLinks => (after_parameter(link, b"url=")?, None),
            Self::ProofpointV1 | Self::ProofpointV2 => (after_parameter(link, b"u=")?, None),
            Self::ProofpointV3 => {
                let start = memmem::find(link, b"/v3/__")? + 6;
                (start, Some(memmem::find(&link[start..], b"__;")))
            }
        };
        let end = end.unwrap_or_else(|| memchr::memchr(b'&', &link[start..]));
        Some((start..end.map_or(link.len(), |at| start + at), end.is_some()))
    }

    /// Whether the link is all there, and what the wrapper needs to decode it.
    fn is_complete(self, link: &[u8]) -> bool {
        let Some((core, true)) = self.core(link) else {
            return false;
        };
        self != Self::ProofpointV3 || link[core.end..].contains(&b'!')
    }

    /// Whether the wrapper itself has come to its end.
    fn is_over(self, link: &[u8]) -> bool {
        match self {
            Self::SafeLinks => memmem::find(link, b"reserved=").is_some(),
            Self::ProofpointV1 => memmem::find(link, b"&s=").is_some(),
            Self::ProofpointV2 => memmem::find(link, b"&e=").is_some(),
            Self::ProofpointV3 => link.ends_with(b"$"),
        }
    }

    /// Whether a line below may be more of this wrapper. Where the wrapper writes the slashes of its link otherwise, a
    /// line with one is a link by itself, and so is a line that is a token.
    fn goes_on(self, link: &[u8], line: &[u8]) -> bool {
        let has_slashes = matches!(self, Self::ProofpointV1 | Self::ProofpointV3);
        has_slashes || self.core(link).is_none() || !(line.contains(&b'/') || shape::shaped(line))
    }

    fn unwrap(self, link: &LinkText) -> Option<Vec<Placed>> {
        let (core, _) = self.core(&link.bytes)?;
        let placed = |at: usize| (link.bytes[at], link.places[at]);
        match self {
            Self::SafeLinks | Self::ProofpointV1 => Some(unescape(&link.bytes, core, b'%', placed)),
            Self::ProofpointV2 => {
                let slashes = |at: usize| match placed(at) {
                    (b'_', from) => (b'/', from),
                    other => other,
                };
                Some(unescape(&link.bytes, core, b'-', slashes))
            }
            Self::ProofpointV3 => unwrap_v3(link, core),
        }
    }
}

/// Undoes every wrapper once. Says whether there was one.
pub(super) fn undo_wrappers(view: &mut View, effort: &mut Effort) -> bool {
    view.rewrite(|rewrite| {
        let text = rewrite.old();
        let (mut unwrapped_to, mut next) = (0, 0);
        for mark in link::places_of(text, &[b"urldefense.", b"safelinks."]) {
            if mark < next {
                continue;
            }
            let start = link::start_before(text, mark, unwrapped_to);
            let window = &text[start..];
            if let Some(wrapper) = Wrapper::of(&window[..window.len().min(LONGEST_HEAD)]) {
                let link = whole_link(text, wrapper, start, effort);
                next = link.end;
                if let Some(inner) = wrapper.unwrap(&link) {
                    rewrite.replace_link(start, &link, &inner, wrapper.cleaning());
                    unwrapped_to = link.end;
                }
            }
        }
    })
}

/// Scheme, host and path of a wrapper, before the link in it, are never longer.
const LONGEST_HEAD: usize = 400;

/// The wrapper that starts here, with the lines it was broken over.
fn whole_link(text: &[u8], wrapper: Wrapper, start: usize, effort: &mut Effort) -> LinkText {
    let mut link = LinkText::on_one_line(text, start);
    let is_part = |bytes: &[u8], line: &[u8]| wrapper.goes_on(bytes, line);
    if !link.is_delimited(text) && link.extend_until(text, effort, |bytes| wrapper.is_complete(bytes), is_part) {
        link.extend_until(text, effort, |bytes| wrapper.is_over(bytes), is_part);
    }
    link
}

/// Where the value of a query parameter starts.
fn after_parameter(link: &[u8], name: &[u8]) -> Option<usize> {
    let query = memchr::memchr(b'?', link)?;
    memmem::find_iter(&link[query..], name)
        .map(|at| query + at)
        .find(|&at| matches!(link[at - 1], b'?' | b'&'))
        .map(|at| at + name.len())
}

/// Undoes escapes of two hexadecimal digits after a sign: `%` in Safe Links and Proofpoint v1, `-` in v2.
fn unescape(link: &[u8], core: Range<usize>, sign: u8, placed: impl Fn(usize) -> Placed) -> Vec<Placed> {
    let mut inner = Vec::with_capacity(core.len());
    let mut at = core.start;
    while at < core.end {
        let (plain, from) = placed(at);
        match hex_pair(&link[..core.end], at + 1) {
            Some(byte) if link[at] == sign => {
                inner.push((byte, from));
                at += 3;
            }
            _ => {
                inner.push((plain, from));
                at += 1;
            }
        }
    }
    inner
}

/// Proofpoint v3 takes out what is special and leaves `*` for one character, `**X` for a run of them; the characters
/// follow the link in base64.
fn unwrap_v3(link: &LinkText, core: Range<usize>) -> Option<Vec<Placed>> {
    let bytes = &link.bytes;
    let after = &bytes[(core.end + 3).min(bytes.len())..];
    let encoded = &after[..memchr::memchr(b'!', after)?];
    let taken_out = radix64::bytes_of(encoded.iter().map_while(|&letter| radix64::value(letter)));
    let taken_out = String::from_utf8_lossy(&taken_out);
    let mut taken_out = taken_out.chars();
    let mut inner = Vec::with_capacity(core.len());
    let mut at = core.start;
    while at < core.end {
        let run = match (bytes[at], bytes.get(at + 1), bytes.get(at + 2)) {
            // 2 to 65 characters, written as `A` to `Z`, `a` to `z`, `0` to `9`, `-` and `_`: base64url's own order
            (b'*', Some(b'*'), Some(&length)) if at + 2 < core.end => (usize::from(radix64::value(length)?) + 2, 3),
            (b'*', _, _) => (1, 1),
            (plain, _, _) => {
                inner.push((plain, link.places[at]));
                at += 1;
                continue;
            }
        };
        for character in taken_out.by_ref().take(run.0) {
            let mut utf8 = [0; 4];
            let spelled = character.encode_utf8(&mut utf8).bytes();
            inner.extend(spelled.map(|byte| (byte, link.places[at])));
        }
        at += run.1;
    }
    Some(inner)
}
