//! The token in a cell: by itself, in a link, or in whatever a cell may hold.

use crate::paste;
use crate::token::shape::has_shape;
use crate::token::{Malformed, Refusal};
use std::borrow::Cow;

/// Finds tokens in a column. Most links of a list differ in their token only, so what stood round the last one is
/// tried first.
#[derive(Debug, Default)]
pub(in crate::batch) struct Finder {
    before: String,
    after: String,
}

impl Finder {
    /// What stands where the last cell had its token: most likely this one's.
    ///
    /// Nothing is compared with an empty text: glibc 2.36 loads from where it would stand, which is nowhere, and the
    /// processor takes 100 ns to see that it was not asked to.
    #[inline]
    pub(super) fn likely<'t>(&self, cell: &'t str) -> Option<&'t str> {
        let cell = cell.trim_ascii();
        let cell = match &*self.before {
            "" => cell,
            before => cell.strip_prefix(before)?,
        };
        match &*self.after {
            "" => Some(cell),
            after => cell.strip_suffix(after),
        }
    }

    /// The one token in a cell.
    ///
    /// # Errors
    /// When there is none, or more than one.
    #[inline]
    pub(in crate::batch) fn token_in<'t>(&mut self, cell: &'t str) -> Result<Cow<'t, str>, Refusal> {
        match self.likely(cell) {
            Some(middle) if has_shape(middle) => Ok(Cow::Borrowed(middle)),
            _ => self.search(cell.trim_ascii()),
        }
    }

    fn search<'t>(&mut self, cell: &'t str) -> Result<Cow<'t, str>, Refusal> {
        let mut candidates = paste::candidates(cell);
        if candidates.len() > 1 {
            return Err(Malformed::SeveralTokens.into());
        }
        let candidate = candidates.pop().ok_or(Malformed::Empty)?;
        if let Some(place) = cell.find(&candidate.text)
            && has_shape(&candidate.text)
        {
            let end = place + candidate.text.len();
            self.before = cell[..place].to_owned();
            self.after = cell[end..].to_owned();
            return Ok(Cow::Borrowed(&cell[place..end]));
        }
        Ok(Cow::Owned(candidate.text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "LOKOarE7gGqyjQABAgMEBQahARgqsAKihzseBkGUn7ckVF68gQ";

    #[test]
    fn the_token_is_found_in_whatever_a_cell_holds() {
        let mut finder = Finder::default();
        for cell in [
            TOKEN.to_owned(),
            format!("https://a.example/p/{TOKEN}?x=1"),
            format!("https://b.example/?c={TOKEN}&x=1"),
            format!(" https://b.example/?c={TOKEN}&x=1 "),
            format!("<{TOKEN}>"),
        ] {
            assert_eq!(finder.token_in(&cell).as_deref(), Ok(TOKEN), "{cell}");
        }
    }

    #[test]
    fn no_token_and_several_are_no_answer() {
        let mut finder = Finder::default();
        assert_eq!(finder.token_in(""), Err(Malformed::Empty.into()));
        assert_eq!(finder.token_in("Anna"), Err(Malformed::Empty.into()));
        let other = "LOKOarE7gGqyjQABAgMEBQagJh_R13v_Lh9y8WhRSAa_0A";
        let both = format!("{TOKEN} {other}");
        assert_eq!(finder.token_in(&both), Err(Malformed::SeveralTokens.into()));
    }
}
