//! One mail as plain text and as HTML: a link that one version has and the other lacks was lost on its way.
//!
//! A link that was lower-cased as a whole, or a field that was never filled in, looks like no token any more. Its
//! other version tells that there should be one.

use linkmint::mail::{Content, Part, Reading};
use std::collections::HashMap;

/// The texts of a mail, and whether each has a link.
#[derive(Default)]
pub(super) struct Versions<'p> {
    texts: Vec<(&'p Part, bool)>,
    /// Of each `multipart/alternative`: whether a plain version has a link, and whether an HTML one.
    linked: HashMap<&'p str, [bool; 2]>,
}

impl<'p> Versions<'p> {
    pub(super) fn add(&mut self, part: &'p Part, has_link: bool) {
        let is_text = matches!(part.content, Content::Text(..));
        if let Some(version_of) = part.version_of.as_deref().filter(|_| is_text && part.is_shown) {
            self.texts.push((part, has_link));
            self.linked.entry(version_of).or_default()[usize::from(is_html(part))] |= has_link;
        }
    }

    /// Those without a link whose other version, HTML of plain text or the other way round, has one.
    pub(super) fn lacking(&self) -> impl Iterator<Item = &'p Part> {
        let has_other = |part: &Part| {
            let linked = part
                .version_of
                .as_deref()
                .and_then(|version_of| self.linked.get(version_of));
            linked.is_some_and(|linked| linked[usize::from(!is_html(part))])
        };
        let lacking = self
            .texts
            .iter()
            .filter(move |(part, has_link)| !has_link && has_other(part));
        lacking.map(|(part, _)| *part)
    }
}

fn is_html(part: &Part) -> bool {
    matches!(part.content, Content::Text(_, Reading::Html))
}
