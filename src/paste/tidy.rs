//! What mail programs and word processors put between the characters: reply marks at the start of lines, and characters
//! that nobody sees. Undone first, because all else would stumble over them, and again after each decoder that may have
//! brought more of them to light.

use super::cleaning::Cleaning;
use super::link;
use super::view::{Rewrite, View};

/// `│`, as some programs draw a line beside what they quote.
const BAR: &[u8] = "\u{2502}".as_bytes();

/// Takes away reply marks and unseen characters; odd spaces and line ends become plain ones.
pub(super) fn tidy(view: &mut View) -> bool {
    view.rewrite(|rewrite| {
        let text = rewrite.old();
        let mut at = take_reply_marks(rewrite, 0);
        let mut line = at;
        while let Some(&byte) = text.get(at) {
            at = match byte {
                b'\n' | b'\r' => {
                    take_row_end(rewrite, line, at);
                    line = take_reply_marks(rewrite, at + 1);
                    line
                }
                0x0B | 0x0C => {
                    rewrite.substitute(at..at + 1, b"\n");
                    at + 1
                }
                0x80.. => at + take_unseen(rewrite, at),
                _ => at + 1,
            };
        }
    })
}

/// Takes the reply marks from a line that starts here; says where its text starts.
fn take_reply_marks(rewrite: &mut Rewrite<'_>, line: usize) -> usize {
    let text = rewrite.old();
    let mut at = line;
    let mut marks_end = line;
    while let Some(rest) = text.get(at..) {
        match mark_length(rest) {
            0 if matches!(rest.first(), Some(b' ' | b'\t')) => at += 1,
            0 => break,
            length => {
                at += length;
                marks_end = at;
            }
        }
    }
    if marks_end > line {
        let one_space = usize::from(matches!(text.get(marks_end), Some(b' ' | b'\t')));
        rewrite.replace(line..marks_end + one_space, b"", Cleaning::ReplyMarks);
        return marks_end + one_space;
    }
    at
}

/// How long the mark is that stands here: `>`, the line beside a quote or a table's cell, `: `, or somebody's initials
/// before a `>`.
fn mark_length(text: &[u8]) -> usize {
    let initials = text.iter().take(4).take_while(|byte| byte.is_ascii_uppercase()).count();
    match text {
        [b'>' | b'|', ..] | [b':', b' ', ..] => 1,
        [0xE2, 0x94, 0x82 | 0x83, ..] => BAR.len(),
        _ if (1..=3).contains(&initials) && text[initials..].starts_with(b"> ") => initials + 1,
        _ => 0,
    }
}

/// Takes the line away that ends a cell where the next line begins with such a one too.
fn take_row_end(rewrite: &mut Rewrite<'_>, line: usize, line_break: usize) {
    let text = rewrite.old();
    let Some(next) = link::after_line_break(text, line_break) else {
        return;
    };
    let row = &text[line.min(line_break)..line_break];
    let row = &row[..row.len() - link::trailing(row, link::is_blank)];
    for bar in [&b"|"[..], BAR] {
        if row.ends_with(bar) && text[next..].starts_with(bar) {
            let start = line + row.len() - bar.len();
            rewrite.replace(start..start + bar.len(), b"", Cleaning::ReplyMarks);
            return;
        }
    }
}

/// Looks at a character past ASCII; gives its length.
fn take_unseen(rewrite: &mut Rewrite<'_>, at: usize) -> usize {
    let Some(letter) = character_at(&rewrite.old()[at..]) else {
        return 1;
    };
    let length = letter.len_utf8();
    match unseen(letter) {
        Some("") => rewrite.replace(at..at + length, b"", Cleaning::Invisible),
        Some(plain) => rewrite.substitute(at..at + length, plain.as_bytes()),
        None => {
            if let Some(narrow) = narrow(letter) {
                rewrite.replace(at..at + length, &[narrow], Cleaning::WideLetters);
            }
        }
    }
    length
}

/// The letter or digit that an input method for Chinese or Japanese made as wide as its own characters.
fn narrow(wide: char) -> Option<u8> {
    let letter = u8::try_from(u32::from(wide).checked_sub(0xFF00 - 0x20)?).ok()?;
    letter.is_ascii_alphanumeric().then_some(letter)
}

/// Whether nobody sees this character.
pub(super) fn is_unseen(letter: char) -> bool {
    unseen(letter) == Some("")
}

/// What stands for a character that is more, or less, than it looks: for Unicode's format characters that turn up in copied
/// text, nothing, and for its other spaces and line ends, plain ones.
fn unseen(letter: char) -> Option<&'static str> {
    match letter {
        '\u{AD}' | '\u{034F}' | '\u{061C}' | '\u{180E}' | '\u{FEFF}' => Some(""),
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' => Some(""),
        '\u{FE00}'..='\u{FE0F}' => Some(""),
        '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => Some(" "),
        '\u{85}' | '\u{2028}' | '\u{2029}' => Some("\n"),
        _ => None,
    }
}

/// The character at the start of bytes that may not be UTF-8.
pub(super) fn character_at(bytes: &[u8]) -> Option<char> {
    let longest = &bytes[..bytes.len().min(4)];
    longest.utf8_chunks().next()?.valid().chars().next()
}
