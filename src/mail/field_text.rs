//! The fields of a header as text to look for links in: each on one line, with its encoded words decoded (RFC 2047).
//!
//! `List-Unsubscribe` and its like are links that a mail program shows as buttons (RFC 2369, RFC 8058).

use super::charset;
use super::head::{line_end, without_break};
use super::stretch::{Role, Stretch};
use super::transfer::Transfer;
use crate::paste::push_unescaped;

/// Hands each field on, in the order they stand.
pub(super) fn stretches(header: &str, hand: &mut dyn FnMut(Stretch<'_>)) {
    let (bytes, mut at) = (header.as_bytes(), 0);
    while at < bytes.len() {
        let mut end = line_end(bytes, at);
        while matches!(bytes.get(end), Some(b' ' | b'\t')) {
            end = line_end(bytes, end);
        }
        hand(decoded(&unfolded(header, at, end)));
        at = end;
    }
}

/// The lines of a field as one. Within the brackets of a list's field, white space is none of the link's (RFC 2369,
/// section 2).
fn unfolded(header: &str, start: usize, end: usize) -> Stretch<'static> {
    let is_list = header.as_bytes()[start..end]
        .get(..5)
        .is_some_and(|name| name.eq_ignore_ascii_case(b"list-"));
    let (mut field, mut at, mut is_in_link) = (Stretch::empty(Role::Prose), start, false);
    while at < end {
        let next = line_end(header.as_bytes(), at).min(end);
        let line = without_break(&header.as_bytes()[at..next]);
        let skipped = match is_in_link {
            true => line.len() - line.trim_ascii_start().len(),
            false => 0,
        };
        let text = &header[at + skipped..at + line.len()];
        field.push(if is_list { text.trim_end() } else { text }, at + skipped);
        if let Some(bracket) = text.rfind(['<', '>']).filter(|_| is_list) {
            is_in_link = text[bracket..].starts_with('<');
        }
        at = next;
    }
    field
}

/// A field with its encoded words decoded; white space between two of them is not meant.
fn decoded(field: &Stretch<'_>) -> Stretch<'static> {
    let text = &*field.text;
    let mut out = Stretch::empty(Role::Prose);
    let (mut done, mut is_after_word) = (0, false);
    for at in memchr::memmem::find_iter(text.as_bytes(), "=?") {
        if at < done {
            continue;
        }
        let Some((word, end)) = encoded_word(text, at) else {
            continue;
        };
        let between = &text[done..at];
        if !(is_after_word && between.trim_ascii().is_empty()) {
            out.push(between, field.source(done));
        }
        out.push(&word, field.source(at));
        (done, is_after_word) = (end, true);
    }
    out.push(&text[done..], field.source(done));
    out
}

/// `=?charset?B?text?=`: its text, and where it ends. No part of it holds a question mark, which keeps this short.
fn encoded_word(text: &str, at: usize) -> Option<(String, usize)> {
    let mark = |from: usize| memchr::memchr(b'?', &text.as_bytes()[from..]).map(|length| from + length);
    let charset = at + 2;
    let method = mark(charset)? + 1;
    let word = mark(method)? + 1;
    let end = mark(word)?;
    if !text[end..].starts_with("?=") {
        return None;
    }
    let bytes = match &text[method..word - 1] {
        "B" | "b" => Transfer::Base64.decode(&text.as_bytes()[word..end]).ok()?,
        "Q" | "q" => {
            let mut bytes = Vec::new();
            push_unescaped(text[word..end].replace('_', " ").as_bytes(), b'=', &mut bytes);
            bytes
        }
        _ => return None,
    };
    // a language may stand behind the charset (RFC 2231, section 5)
    let charset = text[charset..method - 1].split('*').next();
    Some((charset::decode(&bytes, charset), end + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(header: &str) -> Vec<(String, usize)> {
        let mut told = Vec::new();
        stretches(header, &mut |field| {
            told.push((field.text.to_string(), field.source(field.text.len())))
        });
        told
    }

    #[test]
    fn a_field_is_one_line() {
        let table = [
            ("A: b\r\n c\r\n", "A: b c"),
            (
                "List-Help: <https://a/\r\n\tb>,\r\n <c>\r\n",
                "List-Help: <https://a/b>, <c>",
            ),
            ("A: =?utf-8?Q?a=3Db_c?= =?utf-8?B?w6Q=?= d", "A: a=b c\u{e4} d"),
            ("A: =?utf-8*en?q?a?=", "A: a"),
            ("A: =?utf-8?X?a?= =?utf-8?Q?a =?", "A: =?utf-8?X?a?= =?utf-8?Q?a =?"),
            ("no field", "no field"),
        ];
        for (header, expected) in table {
            let told = told(header);
            assert_eq!(
                told.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>(),
                [expected],
                "{header:?}"
            );
        }
        assert_eq!(told("A: b\nC: d\n"), [("A: b".to_owned(), 4), ("C: d".to_owned(), 9)]);
    }
}
