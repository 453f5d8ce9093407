//! Text of strangers in a message: shortened, and nothing in it that steers a terminal or turns the reading order.

use std::fmt::{self, Write};

/// Most characters of a cell that a message quotes.
const SHORT: usize = 40;

/// Displays a text in quotes, escaped, and cut after some 40 characters.
#[derive(Clone, Copy, Debug)]
pub struct Excerpt<'a>(pub &'a str);

impl fmt::Display for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = self.0.char_indices().nth(SHORT).map(|(index, _)| index);
        let cut = end.unwrap_or(self.0.len());
        let more = if cut < self.0.len() { "…" } else { "" };
        write!(f, "\"{}{more}\"", Harmless(&self.0[..cut]))
    }
}

/// Displays a whole text with its control, bidi and invisible characters escaped.
#[derive(Clone, Copy, Debug)]
pub struct Harmless<'a>(pub &'a str);

impl fmt::Display for Harmless<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                character if is_unseen(character) => write!(f, "\\u{{{:x}}}", u32::from(character))?,
                character => f.write_char(character)?,
            }
        }
        Ok(())
    }
}

/// Control characters, line and paragraph separators, and what is invisible or turns the reading order
/// (Unicode Standard Annex 9, section 2; tag characters hide whole texts).
#[must_use]
pub(crate) fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        let text = "a\u{1b}[31mb\u{202e}c\r\n\u{7f}\u{9b}";
        let shown = Harmless(text).to_string();
        assert_eq!(shown, "a\\u{1b}[31mb\\u{202e}c\\r\\n\\u{7f}\\u{9b}");
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(Excerpt("kurz").to_string(), "\"kurz\"");
        let shown = Excerpt(&"é".repeat(50)).to_string();
        assert_eq!(shown, format!("\"{}…\"", "é".repeat(40)));
    }
}
