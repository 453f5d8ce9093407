//! What others wrote, in a page.

use crate::excerpt::Harmless;
use maud::{Escaper, Render};
use std::fmt::Write;

/// A text of which nothing is markup, in an attribute too, and nothing is invisible or turns the reading order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown<'a>(pub(super) &'a str);

impl Render for Shown<'_> {
    fn render_to(&self, page: &mut String) {
        let mut escaped = String::new();
        write!(Escaper::new(&mut escaped), "{}", Harmless(self.0)).expect("a text takes all");
        // maud ends no attribute with this quote; whoever copies a part of the page may
        page.push_str(&escaped.replace('\'', "&#39;"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup() {
        let text = "<b onclick='x' a=\"b\">&amp;\u{202e}\u{0}";
        let shown = "&lt;b onclick=&#39;x&#39; a=&quot;b&quot;&gt;&amp;amp;\\u{202e}\\u{0}";
        assert_eq!(Shown(text).render().into_string(), shown);
    }
}
