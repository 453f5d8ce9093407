//! Text in HTML.

use linkmint::excerpt::Harmless;
use std::fmt::{self, Write};

/// Displays a text so that it is a text in HTML, in an attribute too, and none of it is invisible or turns the reading
/// order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in Harmless(self.0).to_string().chars() {
            match letter {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                letter => f.write_char(letter)?,
            }
        }
        Ok(())
    }
}

/// A part of a whole as a percentage for a style, to two places.
pub(super) fn share(part: u64, whole: u64) -> String {
    match whole {
        0 => "0".to_owned(),
        whole => format!("{:.2}", part as f64 * 100.0 / whole as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup() {
        let text = "<b onclick='x' a=\"b\">&amp;\u{202e}\u{0}";
        let shown = "&lt;b onclick=&#39;x&#39; a=&quot;b&quot;&gt;&amp;amp;\\u{202e}\\u{0}";
        assert_eq!(Escaped(text).to_string(), shown);
    }
}
