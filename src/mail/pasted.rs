//! The source of a mail, or of a part of one, in a text that somebody pasted. As it stands its base64 hides the links,
//! and a line of that is now and then taken for a token; so it is opened as a mail program opens it.

use super::look::{Reading, boundary, tokens};
use super::parts::{Content, Part, parts};
use super::transfer::Transfer;
use super::{header_name, is_mail};
use crate::paste::{self, Candidate, Cleaning};
use std::collections::HashSet;

/// A mail is looked for at so many places of a paste, and its header is looked at so far.
const MOST_TRIES: usize = 64;
const LONGEST_HEAD: usize = 16 << 10;
/// What is shorter is no part of a mail in base64.
const SHORTEST: usize = 80;

/// The tokens in the mails whose source stands in a text, or in a part in base64 that is all of the text. `None` where
/// there is no such source: [`paste::candidates`] is for other texts.
pub fn pasted(text: &str, authentic: &mut dyn FnMut(&str) -> bool) -> Option<Vec<Candidate>> {
    let texts = texts(text);
    if texts.is_empty() {
        return None;
    }
    let mut known = HashSet::new();
    let found = texts
        .iter()
        .flat_map(|(text, reading)| tokens(text, *reading, &[], authentic));
    let mut candidates: Vec<Candidate> = found
        .map(|found| found.candidate)
        .filter(|one| one.has_shape() && known.insert(one.text.clone()))
        .collect();
    if candidates.is_empty() {
        // what was a token before it was damaged
        let shown: Vec<String> = texts.into_iter().map(|(text, _)| text).collect();
        candidates = paste::candidates(&shown.join("\n\n"));
    }
    for candidate in &mut candidates {
        candidate.cleaned.insert(0, Cleaning::MailSource);
    }
    Some(candidates)
}

/// What the mails in a text say, and how that is to be read.
fn texts(text: &str) -> Vec<(String, Reading)> {
    let sources = sources(text);
    let parts = sources
        .iter()
        .flat_map(|source| parts(source.as_bytes()).unwrap_or_default());
    let readable = |part: Part| match part.content {
        Content::Text(text, reading) => Some((text, reading)),
        Content::Skipped | Content::Unreadable(_) => None,
    };
    let of_part = |text: String| match text.contains("</") {
        true => (text, Reading::Html),
        false => (text, Reading::Text),
    };
    parts
        .filter_map(readable)
        .chain(lone_base64(text).map(of_part))
        .collect()
}

/// Whether a text has the source of a mail in it.
#[must_use]
pub fn has_source(text: &str) -> bool {
    !sources(text).is_empty()
}

/// The mails and parts whose headers stand in a text: at its start, below a blank line or below a boundary.
fn sources(text: &str) -> Vec<&str> {
    let mut sources = Vec::new();
    let (mut may_begin, mut at, mut done, mut tries) = (true, 0, 0, MOST_TRIES);
    for line in text.split_inclusive('\n') {
        let rest = &text[at..];
        if may_begin && at >= done && tries > 0 && header_name(line.as_bytes()).is_some() {
            tries -= 1;
            if begins_source(rest) {
                let source = own_source(rest);
                done = at + source.len();
                sources.push(source);
            }
        }
        may_begin = line.trim().is_empty() || line.starts_with("--");
        at += line.len();
    }
    sources
}

/// Whether a header begins here that says how what follows it is encoded; the first lines of a reply say no such thing.
fn begins_source(text: &str) -> bool {
    let bytes = text.as_bytes();
    let head = head_of(text).to_ascii_lowercase();
    let tells = ["\ncontent-type:", "\ncontent-transfer-encoding:", "\nmime-version:"];
    let head = format!("\n{head}");
    is_mail(bytes) && tells.iter().any(|field| head.contains(field))
}

fn head_of(text: &str) -> &str {
    let text = &text[..boundary(text, LONGEST_HEAD)];
    let end = text.find("\n\n").or_else(|| text.find("\n\r\n"));
    &text[..end.unwrap_or(text.len())]
}

/// A mail goes on to the end of the text; a part that was pasted without its mail ends at the next boundary.
fn own_source(text: &str) -> &str {
    let head = head_of(text);
    if head.to_ascii_lowercase().contains("boundary") {
        return text;
    }
    let mut at = head.len();
    for line in text[at..].split_inclusive('\n') {
        // `-- ` begins a signature
        if line.starts_with("--") && line.trim_end().len() > 2 {
            break;
        }
        at += line.len();
    }
    &text[..at]
}

/// The text that is behind base64, where a text is nothing else.
fn lone_base64(text: &str) -> Option<String> {
    let text = text.trim();
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=\r\n".contains(&byte);
    if text.len() < SHORTEST || !text.bytes().all(is_base64) {
        return None;
    }
    let bytes = Transfer::Base64.decode(text.as_bytes()).ok()?;
    String::from_utf8(bytes).ok().filter(|text| text.contains("://"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "LOKOarE7gGqyjQABAgMEBQajARoAEtaHAmhzcHJpbmcyNgMYWIbqqsMuOaXfgl2ImtOCtkk";

    fn found_in(text: &str) -> Vec<String> {
        let found = pasted(text, &mut |_| false).unwrap_or_default();
        found.into_iter().map(|candidate| candidate.text).collect()
    }

    #[test]
    fn the_first_lines_of_a_reply_are_no_source() {
        let reply = format!("From: a@b.example\nSubject: x\n\nhttps://shop.example/p/{TOKEN}\n");
        assert!(found_in(&reply).is_empty() && !has_source(&reply));
    }

    #[test]
    fn a_mail_is_opened_wherever_it_begins() {
        let mail = format!(
            "From: a@b.example\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
             https://shop.example/p?t=3D{TOKEN}\r\n"
        );
        for before in ["", "\r\n", "Here is the source:\r\n\r\n", "------=_Part_1\r\n"] {
            assert_eq!(found_in(&format!("{before}{mail}")), [TOKEN], "{before:?}");
        }
    }
}
