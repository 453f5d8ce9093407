//! Plain text whose lines were broken by a mail program that says so (`format=flowed`, RFC 3676): a space at the end of
//! a line joins it to the next, and with `delsp=yes` that space is none of the text, so that a long link stays whole.

use super::head::line_end;
use super::stretch::{Role, Stretch};

/// Hands each paragraph on, in the order they stand.
pub(super) fn stretches(source: &str, deletes_space: bool, hand: &mut dyn FnMut(Stretch<'_>)) {
    let mut paragraph = Stretch::empty(Role::Prose);
    let (mut at, mut joined_to) = (0, None);
    while at < source.len() {
        let end = line_end(source.as_bytes(), at);
        let line = source[at..end].trim_end_matches(['\n', '\r']);
        let depth = line.len() - line.trim_start_matches('>').len();
        // one space in front protects a line that would mean something else (section 4.4)
        let start = depth + usize::from(line[depth..].starts_with(' '));
        let text = &line[start..];
        if joined_to.is_some_and(|other| other != depth || text == "-- ") {
            paragraph.push("\n", at);
        }
        if text.trim_ascii().is_empty() && joined_to.is_none() {
            let whole = std::mem::replace(&mut paragraph, Stretch::empty(Role::Prose));
            hand(whole);
            at = end;
            continue;
        }
        let is_flowed = text.ends_with(' ') && text != "-- ";
        let kept = text.len() - usize::from(is_flowed && deletes_space);
        paragraph.push(&text[..kept], at + start);
        if !is_flowed {
            paragraph.push("\n", at + line.len());
        }
        joined_to = is_flowed.then_some(depth);
        at = end;
    }
    hand(paragraph);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_joined_as_the_standard_says() {
        let table: [(&str, bool, &[&str]); 8] = [
            ("a \r\nb\r\nc\r\n", true, &["ab\nc\n"]),
            ("a \nb\n", false, &["a b\n"]),
            ("a  \nb\n", true, &["a b\n"]),
            ("> a \n>b\n> c\n", true, &["ab\nc\n"]),
            ("> a \nb\n", true, &["a\nb\n"]),
            ("a\n\n From b \nc", true, &["a\n", "From bc\n"]),
            ("a \n-- \nb", true, &["a\n-- \nb\n"]),
            ("a \n\nb", true, &["a\nb\n"]),
        ];
        for (source, deletes_space, expected) in table {
            let mut told = Vec::new();
            stretches(source, deletes_space, &mut |stretch| {
                told.push(stretch.text.to_string())
            });
            assert_eq!(told, expected, "{source:?}");
        }
    }
}
