//! The source of a mail, or of a part of one, in a text that somebody pasted. As it stands its base64 hides the links,
//! and a line of that is now and then taken for a token; so it is opened as a mail program opens it.

use super::look::{Reading, tokens};
use super::parts::{Content, Part, all_parts};
use super::sources::pieces;
use super::transfer::Transfer;
use crate::paste::{self, Candidate, Cleaning};
use std::collections::HashSet;

/// What is shorter is no part of a mail in base64.
const SHORTEST: usize = 80;

/// The tokens in a text in which the source of a mail stands, or that is a part of one in base64: those of the mail and
/// those that stand beside it, `starts` being how tokens may begin. `None` where there is no such source:
/// [`paste::candidates`] is for other texts.
pub fn pasted(
    text: &str,
    starts: impl FnOnce() -> Vec<String>,
    authentic: &mut dyn FnMut(&str) -> bool,
) -> Option<Vec<Candidate>> {
    let texts = texts(text);
    if texts.is_empty() {
        return None;
    }
    let starts = starts();
    let (mut known, mut candidates) = (HashSet::new(), Vec::new());
    for shown in &texts {
        for found in tokens(&shown.text, shown.reading, &starts, authentic) {
            let mut one = found.candidate;
            if one.has_shape() && known.insert(one.text.clone()) {
                if shown.is_of_mail {
                    of_mail(&mut one);
                }
                candidates.push(one);
            }
        }
    }
    // a mail program may have broken a link over what is parted here
    let whole = paste::settle(paste::candidates(text), authentic).into_iter();
    for one in whole.filter(|one| authentic(&one.text) && !known.contains(&one.text)) {
        candidates.retain(|part| !one.text.contains(&part.text));
        candidates.push(one);
    }
    if candidates.is_empty() {
        // what was a token before it was damaged; a header has too much in it that looks so
        let is_text = |shown: &&Shown| shown.reading != Reading::Header;
        let shown: Vec<&str> = texts.iter().filter(is_text).map(|shown| shown.text.as_str()).collect();
        candidates = paste::candidates(&shown.join("\n\n"));
        candidates.iter_mut().for_each(of_mail);
    }
    Some(candidates)
}

/// Whether a text has the source of a mail in it.
#[must_use]
pub fn has_source(text: &str) -> bool {
    !pieces(text).is_empty()
}

/// A text that stands in a paste, and how it is to be read.
struct Shown {
    text: String,
    reading: Reading,
    is_of_mail: bool,
}

fn of_mail(candidate: &mut Candidate) {
    candidate.cleaned.insert(0, Cleaning::MailSource);
}

/// What the mails in a text say and what stands beside them, if there are any.
fn texts(text: &str) -> Vec<Shown> {
    let shown = |is_of_mail: bool, text, reading| Shown {
        text,
        reading,
        is_of_mail,
    };
    let of_part = |part: Part| match part.content {
        Content::Text(text, reading) => Some(shown(true, text, reading)),
        Content::Skipped | Content::Unreadable(_) => None,
    };
    let mut texts = Vec::new();
    for piece in pieces(text) {
        match piece.is_source.then(|| all_parts(piece.text.as_bytes())) {
            Some(Ok(parts)) => texts.extend(parts.into_iter().filter_map(of_part)),
            // nested too deep for a mail
            Some(Err(_)) | None => texts.push(shown(false, piece.text, Reading::Text)),
        }
    }
    if texts.is_empty() {
        texts.extend(lone_base64(text).map(|text| {
            let reading = Reading::of_unsaid(&text);
            shown(true, text, reading)
        }));
    }
    texts
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
        let found = pasted(text, Vec::new, &mut |_| false).unwrap_or_default();
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
