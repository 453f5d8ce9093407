//! What mail programs and word processors put between the characters: reply marks at the start of lines, and characters
//! that nobody sees. Undone first, because all else would stumble over them, and again after each decoder that may have
//! brought more of them to light.

use super::cleaning::Cleaning;
use super::view::{Rewrite, View};

/// What stands for a character that is more, or less, than it looks.
enum Unseen {
    Nothing,
    Space,
    Line,
}

/// Takes away reply marks and unseen characters; odd spaces and line ends become plain ones.
pub(super) fn tidy(view: &mut View) -> bool {
    view.rewrite(|rewrite| {
        let text = rewrite.old();
        let mut at = take_reply_marks(rewrite, 0);
        while let Some(&byte) = text.get(at) {
            at = match byte {
                b'\n' | b'\r' => take_reply_marks(rewrite, at + 1),
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
    loop {
        match text.get(at) {
            Some(b' ' | b'\t') => at += 1,
            Some(b'>' | b'|') => {
                at += 1;
                marks_end = at;
            }
            _ => break,
        }
    }
    if marks_end > line {
        let one_space = usize::from(matches!(text.get(marks_end), Some(b' ' | b'\t')));
        rewrite.replace(line..marks_end + one_space, b"", Cleaning::ReplyMarks);
        return marks_end + one_space;
    }
    at
}

/// Looks at a character past ASCII; gives its length.
fn take_unseen(rewrite: &mut Rewrite<'_>, at: usize) -> usize {
    let Some((code, length)) = character_at(&rewrite.old()[at..]) else {
        return 1;
    };
    match unseen(code) {
        Some(Unseen::Nothing) => rewrite.replace(at..at + length, b"", Cleaning::Invisible),
        Some(Unseen::Space) => rewrite.substitute(at..at + length, b" "),
        Some(Unseen::Line) => rewrite.substitute(at..at + length, b"\n"),
        None => {
            if let Some(letter) = narrow(code) {
                rewrite.replace(at..at + length, &[letter], Cleaning::WideLetters);
            }
        }
    }
    length
}

/// The letter or digit that an input method for Chinese or Japanese made as wide as its own characters.
fn narrow(code: u32) -> Option<u8> {
    let letter = u8::try_from(code.checked_sub(0xFF00 - 0x20)?).ok()?;
    letter.is_ascii_alphanumeric().then_some(letter)
}

/// Whether nobody sees this character.
pub(super) fn is_unseen(letter: char) -> bool {
    matches!(unseen(u32::from(letter)), Some(Unseen::Nothing))
}

/// Unicode's format characters that turn up in copied text, and its other spaces.
fn unseen(code: u32) -> Option<Unseen> {
    match code {
        0xAD | 0x034F | 0x061C | 0x180E | 0xFEFF => Some(Unseen::Nothing),
        0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F => Some(Unseen::Nothing),
        0xFE00..=0xFE0F => Some(Unseen::Nothing),
        0xA0 | 0x1680 | 0x2000..=0x200A | 0x202F | 0x205F | 0x3000 => Some(Unseen::Space),
        0x85 | 0x2028 | 0x2029 => Some(Unseen::Line),
        _ => None,
    }
}

/// The character past ASCII at the start of bytes that may not be UTF-8, with its length.
pub(super) fn character_at(bytes: &[u8]) -> Option<(u32, usize)> {
    let (length, head) = match *bytes.first()? {
        byte @ 0xC2..=0xDF => (2, byte & 0x1F),
        byte @ 0xE0..=0xEF => (3, byte & 0x0F),
        byte @ 0xF0..=0xF4 => (4, byte & 0x07),
        _ => return None,
    };
    let mut code = u32::from(head);
    for &byte in bytes.get(1..length)? {
        if byte & 0xC0 != 0x80 {
            return None;
        }
        code = code << 6 | u32::from(byte & 0x3F);
    }
    Some((code, length))
}
