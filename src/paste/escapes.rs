//! The escapes that stand for one character each: quoted-printable (RFC 2045, section 6.7), HTML's character
//! references, and percent-encoding (RFC 3986, section 2.1), and the backslashes of Markdown and JSON. None of them can
//! spell a letter of the token otherwise than its maker meant it, so undoing one never changes a token that stood there
//! plainly.

use super::cleaning::Cleaning;
use super::view::View;
use super::{link, tags};
use memchr::{memchr, memchr_iter};

/// The references that occur in copied links and in the text round them; more are written as numbers.
const NAMED: [(&str, &str); 52] = [
    ("amp", "&"),
    ("AMP", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", "\u{A0}"),
    ("shy", "\u{AD}"),
    ("ZeroWidthSpace", "\u{200B}"),
    ("zwj", "\u{200D}"),
    ("zwnj", "\u{200C}"),
    ("ensp", " "),
    ("emsp", " "),
    ("thinsp", " "),
    ("Tab", "\t"),
    ("NewLine", "\n"),
    ("sol", "/"),
    ("colon", ":"),
    ("semi", ";"),
    ("comma", ","),
    ("period", "."),
    ("quest", "?"),
    ("excl", "!"),
    ("equals", "="),
    ("num", "#"),
    ("percnt", "%"),
    ("plus", "+"),
    ("ast", "*"),
    ("lowbar", "_"),
    ("grave", "`"),
    ("lpar", "("),
    ("rpar", ")"),
    ("lsqb", "["),
    ("rsqb", "]"),
    ("lcub", "{"),
    ("rcub", "}"),
    ("verbar", "|"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("bdquo", "„"),
    ("hellip", "…"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("horbar", "―"),
    ("minus", "−"),
    ("hyphen", "‐"),
    ("dash", "‐"),
    ("UnderBar", "_"),
];

/// No reference that is understood here is longer, from `&` to `;`.
const LONGEST_REFERENCE: usize = 16;

/// Undoes quoted-printable, where a soft line break or `=3D` shows that it was used.
pub(super) fn undo_quoted_printable(view: &mut View) -> bool {
    if !is_quoted_printable(&view.text) {
        return false;
    }
    view.rewrite(|rewrite| {
        let text = rewrite.old();
        for at in memchr_iter(b'=', text) {
            if let Some(end) = soft_break(text, at) {
                rewrite.replace(at..end, b"", Cleaning::QuotedPrintable);
            } else if let Some(byte) = hex_pair(text, at + 1) {
                rewrite.replace(at..at + 3, &[byte], Cleaning::QuotedPrintable);
            }
        }
    })
}

fn is_quoted_printable(text: &[u8]) -> bool {
    memchr_iter(b'=', text).any(|at| hex_pair(text, at + 1) == Some(b'=') || soft_break(text, at).is_some())
}

/// The end of the line break that the `=` here hides; white space may stand between them, because mail servers pad
/// lines.
fn soft_break(text: &[u8], equals: usize) -> Option<usize> {
    let mut at = equals + 1;
    while at < equals + 80 && matches!(text.get(at), Some(b' ' | b'\t')) {
        at += 1;
    }
    let next = match (text.get(at)?, text.get(at + 1)) {
        (b'\r', Some(b'\n')) => at + 2,
        (b'\r' | b'\n', _) => at + 1,
        _ => return None,
    };
    (!ends_link(&text[..equals], &text[next..])).then_some(next)
}

/// Whether the `=` between these is a link's own last character: of Proofpoint's parameter `e`, which is empty, or of
/// base64 with a link on the line below.
fn ends_link(before: &[u8], below: &[u8]) -> bool {
    if before.ends_with(b"&e") || before.ends_with(b"&amp;e") {
        return !below.starts_with(b"=3D");
    }
    let is_padding = before
        .last()
        .is_some_and(|&byte| byte.is_ascii_alphanumeric() || byte == b'=');
    let is_escape =
        before.len() >= 3 && before[before.len() - 3] == b'=' && hex_pair(before, before.len() - 2).is_some();
    let below = &below[..below.len().min(80)];
    let below = &below[link::leading(below, link::is_blank)..];
    is_padding && !is_escape && (below.starts_with(b"http://") || below.starts_with(b"https://"))
}

/// Undoes one level of percent-encoding.
pub(super) fn undo_percent_encoding(view: &mut View) -> bool {
    view.rewrite(|rewrite| {
        let text = rewrite.old();
        for at in memchr_iter(b'%', text) {
            if let Some(byte) = hex_pair(text, at + 1) {
                rewrite.replace(at..at + 3, &[byte], Cleaning::PercentEncoding);
            }
        }
    })
}

/// Undoes one level of character references, and takes out the tags within a link.
pub(super) fn undo_html(view: &mut View) -> bool {
    view.rewrite(|rewrite| {
        let text = rewrite.old();
        let mut next = 0;
        for at in memchr::memchr2_iter(b'&', b'<', text) {
            if at < next {
                continue;
            }
            if text[at] == b'<' {
                next = tags::take(rewrite, at);
            } else if let Some((character, end)) = reference(text, at) {
                let bytes = &mut [0; 4];
                rewrite.replace(at..end, character.encode_utf8(bytes).as_bytes(), Cleaning::HtmlEntities);
            }
        }
    })
}

/// Makes JSON's line breaks and tabs what they stand for, and `\u003d` the `=` that quoted-printable is seen by, also
/// where the text was written as JSON twice.
pub(super) fn undo_json_lines(view: &mut View) -> bool {
    let mut has_line = false;
    let is_undone = view.rewrite(|rewrite| {
        let text = rewrite.old();
        let mut next = 0;
        for at in memchr_iter(b'\\', text) {
            if at < next {
                continue;
            }
            let run = link::leading(&text[at..text.len().min(at + MOST_BACKSLASHES)], |byte| byte == b'\\');
            let behind = at + run;
            let (with, end) = match text.get(behind) {
                Some(b'n') => (&b"\n"[..], behind + 1),
                Some(b'r') => (&b"\r"[..], behind + 1),
                Some(b't') => (&b"\t"[..], behind + 1),
                Some(b'u') if numbered(text, behind).is_some_and(|(found, _)| found == '=') => (&b"="[..], behind + 5),
                _ => {
                    next = behind;
                    continue;
                }
            };
            has_line |= with == b"\n";
            rewrite.substitute(at..end, with);
            next = end;
        }
    });
    is_undone && has_line
}

/// JSON within JSON has two backslashes.
const MOST_BACKSLASHES: usize = 3;

/// Undoes one level of backslashes before punctuation (CommonMark, section 2.4), and of JSON's before `/`, and its and
/// JavaScript's characters by number (RFC 8259, section 7).
pub(super) fn undo_backslashes(view: &mut View) -> bool {
    view.rewrite(|rewrite| {
        let text = rewrite.old();
        let mut next = 0;
        for at in memchr_iter(b'\\', text) {
            if at < next {
                continue;
            }
            if text.get(at + 1).is_some_and(u8::is_ascii_punctuation) {
                let cleaning = match text[at + 1] {
                    b'/' => Cleaning::JsonEscapes,
                    _ => Cleaning::Markdown,
                };
                rewrite.replace(at..at + 2, &text[at + 1..at + 2], cleaning);
                next = at + 2;
            } else if link::after_line_break(text, at + 1).is_some() {
                // a shell's line that goes on, or Markdown's break
                rewrite.substitute(at..at + 1, b"");
            } else if let Some((character, end)) = numbered(text, at + 1) {
                let bytes = &mut [0; 4];
                rewrite.replace(at..end, character.encode_utf8(bytes).as_bytes(), Cleaning::JsonEscapes);
                next = end;
            }
        }
    })
}

/// The character that `u002d` or `x2d` stands for, and where that ends.
fn numbered(text: &[u8], at: usize) -> Option<(char, usize)> {
    let digits = match text.get(at)? {
        b'u' => 4,
        b'x' => 2,
        _ => return None,
    };
    let end = at + 1 + digits;
    Some((number(text.get(at + 1..end)?, 16)?, end))
}

/// The character that a reference stands for, and the reference's end. Without its `;` a name is none: `&lt=` may well be
/// a parameter. A number is one, as for browsers (HTML, section 13.2.5.80).
pub(crate) fn reference(text: &[u8], ampersand: usize) -> Option<(char, usize)> {
    let start = ampersand + 1;
    let window = &text[start..text.len().min(start + LONGEST_REFERENCE)];
    let (from, radix) = match window {
        [b'#', b'x' | b'X', ..] => (2, 16),
        [b'#', ..] => (1, 10),
        _ => {
            let name = &window[..memchr(b';', window)?];
            let (_, character) = NAMED.iter().find(|(known, _)| known.as_bytes() == name)?;
            return Some((character.chars().next()?, start + name.len() + 1));
        }
    };
    let digits = link::leading(&window[from..], |byte| char::from(byte).is_digit(radix));
    let end = from + digits;
    let character = number(&window[from..end], radix)?;
    Some((character, start + end + usize::from(window.get(end) == Some(&b';'))))
}

fn number(digits: &[u8], radix: u32) -> Option<char> {
    if !digits.iter().all(u8::is_ascii_alphanumeric) {
        return None;
    }
    let digits = std::str::from_utf8(digits).ok()?;
    char::from_u32(u32::from_str_radix(digits, radix).ok()?)
}

/// The byte that two hexadecimal digits spell.
pub(super) fn hex_pair(text: &[u8], at: usize) -> Option<u8> {
    let high = char::from(*text.get(at)?).to_digit(16)?;
    let low = char::from(*text.get(at + 1)?).to_digit(16)?;
    u8::try_from(high << 4 | low).ok()
}

/// Appends a text with its escapes of two hex digits undone.
pub(crate) fn push_unescaped(text: &[u8], sign: u8, out: &mut Vec<u8>) {
    let mut at = 0;
    while at < text.len() {
        let code = hex_pair(text, at + 1).filter(|_| text[at] == sign);
        out.push(code.unwrap_or(text[at]));
        at += if code.is_some() { 3 } else { 1 };
    }
}
