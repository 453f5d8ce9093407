//! HTML as a customer meets it: the values of attributes, character references decoded, and the text between the tags,
//! a stretch for each block. No tree is built: a mail's HTML is seldom well formed, and a link must not be missed
//! because of a tag that was never closed.

use super::stretch::{Role, Stretch};
use crate::paste::character_reference;
use memchr::{memchr, memmem};

/// Attributes that hold one URL and nothing else.
const LINKS: [&str; 10] = [
    "href",
    "src",
    "action",
    "formaction",
    "background",
    "poster",
    "cite",
    "data",
    "ping",
    "xlink:href",
];
/// Elements within a line of text. Links end a stretch, so that neighbours don't grow together.
const INLINE: [&str; 22] = [
    "b", "i", "u", "s", "em", "strong", "span", "font", "small", "big", "sub", "sup", "wbr", "code", "tt", "mark",
    "abbr", "ins", "del", "kbd", "samp", "bdi",
];

/// Hands each stretch on, in the order they stand.
pub(super) fn stretches(html: &str, hand: &mut dyn FnMut(Stretch<'_>)) {
    let mut page = Page {
        html,
        text: Stretch::empty(Role::Prose),
        hand,
    };
    let mut at = 0;
    while at < html.len() {
        let open = memchr(b'<', &html.as_bytes()[at..]).map_or(html.len(), |length| at + length);
        page.push_text(at, open);
        at = page.pass_markup(open);
    }
    page.end_stretch();
}

struct Page<'p> {
    html: &'p str,
    text: Stretch<'static>,
    hand: &'p mut dyn FnMut(Stretch<'_>),
}

impl Page<'_> {
    fn rest(&self, at: usize) -> &str {
        &self.html[at..]
    }

    /// Where a text ends that stands after `at`; the end of the page without it.
    fn after(&self, at: usize, text: &str) -> usize {
        memmem::find(self.rest(at).as_bytes(), text.as_bytes()).map_or(self.html.len(), |found| at + found + text.len())
    }

    /// Passes what begins with `<` here, and says where it ends.
    fn pass_markup(&mut self, open: usize) -> usize {
        let rest = self.rest(open);
        if rest.starts_with("<!--[if") {
            // what Outlook alone shows: marks round HTML like any other
            return self.after(open, ">");
        }
        if rest.starts_with("<!--") {
            return self.after(open + 2, "-->");
        }
        match rest.as_bytes().get(1) {
            Some(b'!' | b'?') => self.after(open, ">"),
            Some(b'/') => {
                self.pass_element(&name_at(rest, 2), open);
                self.after(open, ">")
            }
            Some(letter) if letter.is_ascii_alphabetic() => self.pass_tag(open),
            Some(_) => {
                self.text.push("<", open);
                open + 1
            }
            None => open + 1,
        }
    }

    /// Passes a start tag with its attributes; of elements that hold no HTML, their content too.
    fn pass_tag(&mut self, open: usize) -> usize {
        let name = name_at(self.html, open + 1);
        self.pass_element(&name, open);
        let mut at = open + 1 + name.len();
        loop {
            at += leading(self.rest(at), |byte| byte.is_ascii_whitespace() || byte == b'/');
            match self.html.as_bytes().get(at) {
                None => return at,
                Some(b'>') => break,
                Some(_) => at = self.pass_attribute(at),
            }
        }
        at += 1;
        match name.as_str() {
            "style" => self.before_end_tag(at, "</style"),
            "script" => {
                let end = self.before_end_tag(at, "</script");
                self.end_stretch();
                (self.hand)(Stretch::of(&self.html[at..end], at, Role::Prose));
                end
            }
            _ => at,
        }
    }

    fn before_end_tag(&self, at: usize, tag: &str) -> usize {
        let bytes = self.html.as_bytes();
        let is_tag = |open: &usize| {
            let start = bytes.get(open + at..open + at + tag.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()))
        };
        memchr::memchr_iter(b'<', &bytes[at..])
            .find(is_tag)
            .map_or(bytes.len(), |open| at + open)
    }

    /// What an element does to the text round it.
    fn pass_element(&mut self, name: &str, open: usize) {
        match name {
            "br" => self.text.push("\n", open),
            name if INLINE.contains(&name) => {}
            _ => self.end_stretch(),
        }
    }

    fn pass_attribute(&mut self, at: usize) -> usize {
        let length = leading(self.rest(at), |byte| {
            !byte.is_ascii_whitespace() && !b"=>/".contains(&byte)
        });
        // a `=` in front is a part of the name (HTML, section 13.2.5.32)
        let end = at + length.max(usize::from(length == 0));
        let name = self.html[at..at + length].to_ascii_lowercase();
        let equals = end + leading(self.rest(end), |byte| byte.is_ascii_whitespace());
        if !self.rest(equals).starts_with('=') {
            return end;
        }
        let start = equals + 1 + leading(self.rest(equals + 1), |byte| byte.is_ascii_whitespace());
        let (value, after) = self.value(start);
        let role = match LINKS.contains(&name.as_str()) {
            true => Role::Link,
            false => Role::Prose,
        };
        self.hand_value(value, role);
        after
    }

    /// The place of an attribute's value, and where the tag goes on.
    fn value(&self, start: usize) -> (std::ops::Range<usize>, usize) {
        let rest = self.rest(start);
        let quote = rest.bytes().next().filter(|byte| matches!(byte, b'"' | b'\''));
        if let Some(length) = quote.and_then(|quote| memchr(quote, &rest.as_bytes()[1..])) {
            return (start + 1..start + 1 + length, start + length + 2);
        }
        // a quote that never closes would swallow the page
        let quoted = usize::from(quote.is_some());
        let length = leading(&rest[quoted..], |byte| !byte.is_ascii_whitespace() && byte != b'>');
        (start + quoted..start + quoted + length, start + quoted + length)
    }

    /// Browsers strip control characters and spaces round a link, and tabs and line breaks within it (URL Standard,
    /// section 4.4).
    fn hand_value(&mut self, place: std::ops::Range<usize>, role: Role) {
        let value = &self.html[place.clone()];
        let is_margin = |letter: char| letter <= ' ';
        let start = place.start + value.len() - value.trim_start_matches(is_margin).len();
        let value = value.trim_matches(is_margin);
        let lower = value.as_bytes();
        let begins =
            |scheme: &str| lower.len() > scheme.len() && lower[..scheme.len()].eq_ignore_ascii_case(scheme.as_bytes());
        if begins("data:") || begins("cid:") {
            return;
        }
        // what is written for the reader of a message stands in such a link as prose
        let role = if begins("mailto:") || begins("sms:") {
            Role::Prose
        } else {
            role
        };
        let mut stretch = Stretch::empty(role);
        push_decoded(&mut stretch, value, start);
        (self.hand)(match role {
            Role::Link => stretch.without(|byte| matches!(byte, b'\t' | b'\n' | b'\r')),
            Role::Prose => stretch,
        });
    }

    fn push_text(&mut self, start: usize, end: usize) {
        push_decoded(&mut self.text, &self.html[start..end], start);
    }

    fn end_stretch(&mut self) {
        let text = std::mem::replace(&mut self.text, Stretch::empty(Role::Prose));
        if !text.text.is_empty() {
            (self.hand)(text);
        }
    }
}

/// Adds text with its character references decoded.
fn push_decoded(stretch: &mut Stretch<'_>, text: &str, source: usize) {
    let mut done = 0;
    for at in memchr::memchr_iter(b'&', text.as_bytes()) {
        if let Some((character, end)) = character_reference(text.as_bytes(), at).filter(|_| at >= done) {
            stretch.push(&text[done..at], source + done);
            stretch.push(character.encode_utf8(&mut [0; 4]), source + at);
            done = end;
        }
    }
    stretch.push(&text[done..], source + done);
}

fn name_at(html: &str, at: usize) -> String {
    let length = leading(&html[at..], |byte| {
        !byte.is_ascii_whitespace() && !b"/>".contains(&byte)
    });
    html[at..at + length].to_ascii_lowercase()
}

/// How many of the first bytes are of one kind.
fn leading(text: &str, kind: impl Fn(u8) -> bool) -> usize {
    text.bytes().take_while(|&byte| kind(byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(html: &str) -> Vec<String> {
        let mut told = Vec::new();
        stretches(html, &mut |stretch| {
            let mark = if stretch.role == Role::Link { "@" } else { "" };
            let text = stretch.text.trim();
            if !text.is_empty() {
                told.push(format!("{mark}{text}"));
            }
        });
        told
    }

    #[test]
    fn links_and_text_are_told_apart() {
        let table: [(&str, &[&str]); 16] = [
            (
                "<a href=\"x?a=1&amp;b=2\">go &amp; see</a>",
                &["@x?a=1&b=2", "go & see"],
            ),
            ("<A HREF = 'x' title=y>z", &["@x", "y", "z"]),
            ("<a href=x>y</a><a href=z>", &["@x", "y", "@z"]),
            ("<p>a<b>b</b>c<br>d</p><p>e", &["abc\nd", "e"]),
            ("a<wbr>b", &["ab"]),
            ("<!-- <a href=x> -->b", &["b"]),
            ("<!--[if mso]><v:rect href=\"x\"/><![endif]-->b", &["@x", "b"]),
            ("<style>a</style><script>b < c</script>d", &["b < c", "d"]),
            ("<img src=\"data:image/png;base64,AAAA\">a", &["a"]),
            ("<a href=\"mailto:?body=x\">", &["mailto:?body=x"]),
            ("<a href=\"x>y", &["@x", "y"]),
            ("1 < 2 & 3 <", &["1 < 2 & 3"]),
            ("<a href", &[]),
            ("<a =x href=y>", &["@y"]),
            ("<a href=\"\u{1} x\r\n\ty&#10;z \" title=\"a\nb\">", &["@xyz", "a\nb"]),
            ("<a href=\"x y\">", &["@x y"]),
        ];
        for (html, expected) in table {
            assert_eq!(told(html), expected, "{html}");
        }
    }

    #[test]
    fn nothing_is_too_broken() {
        let pieces = [
            "<", ">", "<a ", "href=", "\"", "'", "&#x", "&amp;", "<!--", "-->", "</", "ä", "=", "/", "<script>", " ",
        ];
        let mut seed = 1u64;
        for _ in 0..5_000 {
            let mut html = String::new();
            for _ in 0..12 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                html += pieces[(seed >> 33) as usize % pieces.len()];
            }
            stretches(&html, &mut |stretch| {
                assert!(stretch.source(stretch.text.len()) <= html.len() + 4)
            });
        }
    }
}
