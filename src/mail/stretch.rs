//! A stretch of text that belongs together: a paragraph, or the value of an attribute. Tokens are looked for within
//! one only, so that a broken copy of a link is not taken for a repetition of the whole one elsewhere.

use std::borrow::Cow;

/// What a stretch is to the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Followed by a click, exactly as it stands.
    Link,
    /// Read, and made a link by some mail programs.
    Prose,
}

/// Some text, and the places in the source that it came from.
#[derive(Clone, Debug)]
pub(super) struct Stretch<'s> {
    pub(super) text: Cow<'s, str>,
    pub(super) role: Role,
    /// From here in the text, it stood from there in the source. In order, the first at 0.
    marks: Vec<(usize, usize)>,
}

impl<'s> Stretch<'s> {
    pub(super) fn empty(role: Role) -> Self {
        Self {
            text: Cow::Borrowed(""),
            role,
            marks: Vec::new(),
        }
    }

    pub(super) fn of(text: &'s str, source: usize, role: Role) -> Self {
        Self {
            text: Cow::Borrowed(text),
            role,
            marks: vec![(0, source)],
        }
    }

    /// Adds what stands at a place of the source, or stands for what is there.
    pub(super) fn push(&mut self, text: &str, source: usize) {
        if text.is_empty() {
            return;
        }
        let at = self.text.len();
        let expected = self.marks.last().map(|(mark, from)| from + (at - mark));
        if expected != Some(source) {
            self.marks.push((at, source));
        }
        self.text.to_mut().push_str(text);
    }

    /// The same without some characters of ASCII.
    pub(super) fn without(self, is_left_out: impl Fn(u8) -> bool) -> Self {
        if !self.text.bytes().any(&is_left_out) {
            return self;
        }
        let mut kept = Self::empty(self.role);
        let mut start = 0;
        for (at, _) in self.text.bytes().enumerate().filter(|(_, byte)| is_left_out(*byte)) {
            kept.push(&self.text[start..at], self.source(start));
            start = at + 1;
        }
        kept.push(&self.text[start..], self.source(start));
        kept
    }

    /// The place in the source of a place in the text.
    pub(super) fn source(&self, at: usize) -> usize {
        let next = self.marks.partition_point(|(mark, _)| *mark <= at);
        let (mark, from) = self.marks[..next].last().copied().unwrap_or_default();
        from + (at - mark)
    }
}

/// The paragraphs of a plain text: what stands between blank lines.
pub(super) fn paragraphs(text: &str) -> impl Iterator<Item = Stretch<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let mut start = None;
        while at < text.len() {
            let end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |length| at + length + 1);
            let is_blank = text[at..end].trim_ascii().is_empty();
            match start {
                Some(start) if is_blank => return Some(Stretch::of(&text[start..at], start, Role::Prose)),
                None if !is_blank => start = Some(at),
                _ => {}
            }
            at = end;
        }
        start.map(|start| Stretch::of(&text[start..], start, Role::Prose))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_end_at_blank_lines() {
        let told = |text: &str| -> Vec<(String, usize)> {
            let each = paragraphs(text).map(|stretch| (stretch.text.to_string(), stretch.source(0)));
            each.collect()
        };
        let expected = [("a\r\nb\r\n".to_owned(), 2), ("c".to_owned(), 11)];
        assert_eq!(told("\r\na\r\nb\r\n \r\nc"), expected);
        assert_eq!(told(" \n\n"), []);
        assert_eq!(told(""), []);
    }

    #[test]
    fn a_place_is_found_again_in_the_source() {
        let mut stretch = Stretch::empty(Role::Prose);
        stretch.push("ab", 10);
        stretch.push("c", 12);
        stretch.push("&", 13);
        stretch.push("d", 18);
        let places: Vec<_> = (0..5).map(|at| stretch.source(at)).collect();
        assert_eq!(places, [10, 11, 12, 13, 18]);
    }
}
