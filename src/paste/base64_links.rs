//! Wrappers that carry the address in base64, as those of Sophos, Mandrill, Bing and Customer.io: by itself, or in a
//! JSON object. They are known by how base64 writes `https://` and `{"`, so a filter that nobody has heard of yet is
//! understood as well.

use super::cleaning::Cleaning;
use super::effort::Effort;
use super::escapes::hex_pair;
use super::link::{self, LinkText, is_link_byte};
use super::radix64::{self, Bits};
use super::view::{Placed, View};
use crate::token::shape::is_token_byte;

/// How base64 writes `https://`, `http://` and an object of JSON. Behind another number of bytes they look otherwise,
/// but an address stands at the start.
const STARTS: [&[u8]; 3] = [b"aHR0cHM6Ly", b"aHR0cDovL", b"eyJ"];
/// No address in a wrapper is longer, with what else stands in its object.
const LONGEST: usize = 8_192;

/// What it costs to look at a mark, in [`Effort`]'s pieces.
const MARK: usize = 16;

/// Puts the address in the place of each such wrapper. Says whether there was one.
pub(super) fn undo_base64_links(view: &mut View, effort: &mut Effort) -> bool {
    view.rewrite(|rewrite| {
        let text = rewrite.old();
        let mut done = 0;
        for mark in marks(text) {
            if mark < done || !effort.is_left() {
                continue;
            }
            effort.spend(MARK);
            let start = link::start_before(text, mark, done);
            if start == mark || link::scheme_start(&text[start..mark]) != Some(0) {
                continue;
            }
            let Some((inner, whole)) = unwrapped(text, start, mark, effort) else {
                continue;
            };
            rewrite.replace_link(start, &whole, &inner, Cleaning::Base64Link);
            done = whole.end;
        }
    })
}

/// The places where base64 may begin that has an address in it, in order.
fn marks(text: &[u8]) -> Vec<usize> {
    let mut marks = link::places_of(text, &STARTS);
    // an object is a value by itself; an address may have a mark of its kind before it
    marks.retain(|&at| !text[at..].starts_with(STARTS[2]) || (at > 0 && b"/=".contains(&text[at - 1])));
    marks
}

/// What is in the wrapper that starts at `start` and whose base64 starts at `mark`, and the wrapper.
fn unwrapped(text: &[u8], start: usize, mark: usize, effort: &mut Effort) -> Option<(Vec<Placed>, LinkText)> {
    let mut whole = LinkText::on_one_line(text, start);
    // a text may be one link with marks all over
    effort.spend(whole.bytes.len() / MARK);
    let at = mark - start;
    let has_query = whole.bytes.get(..at)?.contains(&b'?');
    if !whole.is_delimited(text) {
        whole.extend_until(text, effort, |bytes| is_whole(bytes, at, has_query), |_, _| true);
    }
    let (encoded, next) = decoded(&whole, at, has_query);
    let inner = match text[mark..].starts_with(STARTS[2]) {
        true => object_in(encoded, whole.bytes.get(next))?,
        false => address_in(encoded)?,
    };
    Some((inner, whole))
}

/// Whether the base64 at `at` is all there: its object is closed, or another parameter follows it.
fn is_whole(link: &[u8], at: usize, has_query: bool) -> bool {
    let end = at + link::leading(&link[at..], |byte| is_base64(byte, has_query) || byte == b'%');
    match link[at..].starts_with(STARTS[2]) {
        false => link.get(end) == Some(&b'&'),
        true => {
            let values = link[at..end].iter().filter_map(|&byte| radix64::value(byte));
            radix64::bytes_of(values).last() == Some(&b'}')
        }
    }
}

/// In a path, `/` ends the base64.
fn is_base64(byte: u8, has_query: bool) -> bool {
    is_token_byte(byte) || byte == b'+' || (has_query && byte == b'/')
}

/// The bytes that the base64 at this place of a link stands for, and where it ends there.
fn decoded(link: &LinkText, at: usize, has_query: bool) -> (Vec<Placed>, usize) {
    let bytes = &link.bytes[..link.bytes.len().min(at + LONGEST)];
    let mut inner = Vec::new();
    let (mut bits, mut before, mut next) = (Bits::default(), at, at);
    while let Some(&byte) = bytes.get(next) {
        let (letter, length) = match hex_pair(bytes, next + 1) {
            Some(escaped) if byte == b'%' => (escaped, 3),
            _ => (byte, 1),
        };
        let Some(value) = radix64::value(letter).filter(|_| length == 3 || is_base64(letter, has_query)) else {
            break;
        };
        // a byte begins in the letter before the one that completes it
        inner.extend(bits.push(value).map(|byte| (byte, link.places[before])));
        (before, next) = (next, next + length);
    }
    (inner, next)
}

/// The address that the bytes begin with.
fn address_in(mut inner: Vec<Placed>) -> Option<Vec<Placed>> {
    let bytes: Vec<u8> = inner.iter().map(|(byte, _)| *byte).collect();
    // a host may be written in its own letters
    let text = bytes.utf8_chunks().next()?.valid();
    let length = link::leading(text.as_bytes(), |byte| is_link_byte(byte) || !byte.is_ascii());
    inner.truncate(length);
    let scheme = inner.iter().position(|(byte, _)| *byte == b':')? + b"://".len();
    (length > scheme).then_some(inner)
}

/// An object with an address in it; a JWT's header begins as one does, and a dot follows it.
fn object_in(inner: Vec<Placed>, next: Option<&u8>) -> Option<Vec<Placed>> {
    let bytes: Vec<u8> = inner.iter().map(|(byte, _)| *byte).collect();
    let text = std::str::from_utf8(&bytes).ok()?;
    let has_address = text.contains("http") && (text.contains("://") || text.contains(":\\"));
    (has_address && next != Some(&b'.')).then_some(inner)
}
