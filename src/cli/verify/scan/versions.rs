//! One mail as plain text and as HTML: a link that one version has and the other lacks was lost on its way.
//!
//! A link that was lower-cased as a whole, or a field that was never filled in, looks like no token any more. Its
//! other version tells that there should be one.

use linkmint::mail::{Content, Part};

/// The texts of a mail, and whether each has a link.
#[derive(Default)]
pub(super) struct Versions<'p>(Vec<(&'p Part, bool)>);

impl<'p> Versions<'p> {
    pub(super) fn add(&mut self, part: &'p Part, has_link: bool) {
        if matches!(part.content, Content::Text(_) | Content::Html(_)) {
            self.0.push((part, has_link));
        }
    }

    /// Those without a link whose other version has one.
    pub(super) fn lacking(&self) -> impl Iterator<Item = &'p Part> {
        let has_other = |part: &Part| {
            let mut others = self.0.iter();
            others.any(|(other, has_link)| *has_link && is_other_version(part, other))
        };
        let lacking = self
            .0
            .iter()
            .filter(move |(part, has_link)| !has_link && has_other(part));
        lacking.map(|(part, _)| *part)
    }
}

/// Whether two parts are versions of one text, one plain and one HTML.
fn is_other_version(part: &Part, other: &Part) -> bool {
    let is_html = |part: &Part| matches!(part.content, Content::Html(_));
    part.version_of.is_some() && part.version_of == other.version_of && is_html(part) != is_html(other)
}
