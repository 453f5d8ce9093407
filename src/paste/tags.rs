//! Tags of HTML within a link: a browser shows none of them, so a link that is copied from a page's source has them in
//! the middle of the token.

use super::cleaning::Cleaning;
use super::link::{self, leading};
use super::view::Rewrite;
use crate::token::shape::is_token_byte;

/// No tag is looked at further; Outlook's styles are some 200 bytes.
const LONGEST: usize = 500;
/// Elements that change how a part of a line looks, and no more.
const INLINE: [&str; 14] = [
    "span", "b", "i", "u", "em", "strong", "mark", "font", "code", "tt", "small", "big", "o:p", "ins",
];

/// Takes out the tags at this `<`, where they part a token (a JWT also at a dot) or a link; says where to go on. A `<br>`
/// parts lines.
pub(super) fn take(rewrite: &mut Rewrite<'_>, at: usize) -> usize {
    let text = rewrite.old();
    let Some((name, end)) = comment(text, at).or_else(|| tag(text, at)) else {
        return at + 1;
    };
    if name.eq_ignore_ascii_case(b"wbr") {
        rewrite.replace(at..end, b"", Cleaning::Html);
        return end;
    }
    if name.eq_ignore_ascii_case(b"br") {
        // the line break behind it is the same
        let end = link::after_line_break(text, end).unwrap_or(end);
        rewrite.replace(at..end, b"\n", Cleaning::Html);
        return end;
    }
    let end = inline_end(text, at);
    let before = text[..at].strip_suffix(b".").unwrap_or(&text[..at]);
    let behind = text[end..]
        .strip_prefix(b".")
        .filter(|_| before.len() == at)
        .unwrap_or(&text[end..]);
    let is_within = before.last().is_some_and(|&byte| is_token_byte(byte))
        && behind.first().is_some_and(|&byte| is_token_byte(byte));
    if end > at && is_within {
        rewrite.replace(at..end, b"", Cleaning::Html);
    }
    end.max(at + 1)
}

/// Where a row of inline tags ends that starts here.
fn inline_end(text: &[u8], at: usize) -> usize {
    let mut end = at;
    while let Some((name, next)) = comment(text, end).or_else(|| tag(text, end)) {
        if !name.is_empty() && !INLINE.iter().any(|inline| name.eq_ignore_ascii_case(inline.as_bytes())) {
            break;
        }
        end = next;
    }
    end
}

/// The end of the comment that starts here; it has no name.
fn comment(text: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let window = &text[at..text.len().min(at + LONGEST)];
    let end = memchr::memmem::find(window.strip_prefix(b"<!--")?, b"-->")?;
    Some((&[], at + 4 + end + 3))
}

/// The name of the tag that starts here, and its end.
fn tag(text: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let window = &text[at..text.len().min(at + LONGEST)];
    let inner = window.strip_prefix(b"<")?;
    let inner = inner.strip_prefix(b"/").unwrap_or(inner);
    let name = &inner[..leading(inner, |byte| byte.is_ascii_alphabetic() || byte == b':')];
    let rest = &inner[name.len()..];
    let is_named = !name.is_empty() && matches!(rest.first()?, b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r');
    let end = memchr::memchr2(b'>', b'<', &window[1..])? + 1;
    (is_named && window[end] == b'>').then_some((name, at + end + 1))
}
