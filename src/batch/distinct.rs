//! Different texts in a run's rows: its campaigns, and the other hosts that its links lead to. A cell with one stranger's
//! address is a link to that stranger.

/// More different values than this are no campaigns, and finding each would take its time.
pub const MOST_CAMPAIGNS: usize = 200;

/// The first texts that differ, with the number of their rows, in the order in which they came.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Distinct<const MOST: usize> {
    all: Vec<(String, u64)>,
    /// Where the last row's stands: most rows have that of the row before them.
    last: usize,
    has_more: bool,
}

impl<const MOST: usize> Distinct<MOST> {
    /// Counts a row.
    #[inline]
    pub(super) fn count(&mut self, text: &str) {
        match self.all.get_mut(self.last) {
            Some((last, count)) if last == text => *count += 1,
            _ => self.add(text, 1),
        }
    }

    fn add(&mut self, text: &str, rows: u64) {
        match self.all.iter().position(|(other, _)| other == text) {
            Some(place) => (self.last, self.all[place].1) = (place, self.all[place].1 + rows),
            None if self.all.len() == MOST => self.has_more = true,
            None => {
                self.last = self.all.len();
                self.all.push((text.to_owned(), rows));
            }
        }
    }

    /// Adds those of a later part of the list.
    pub(super) fn join(&mut self, later: &Self) {
        later.all.iter().for_each(|(text, rows)| self.add(text, *rows));
        self.has_more |= later.has_more;
    }

    /// All of them; none when there are more than are kept.
    #[must_use]
    pub fn all(&self) -> &[(String, u64)] {
        if self.has_more { &[] } else { &self.all }
    }

    /// The first of them, without their numbers.
    #[must_use]
    pub fn named(&self) -> Vec<&str> {
        self.all.iter().map(|(text, _)| text.as_str()).collect()
    }

    /// Whether there are more than [`Distinct::named`] gives.
    #[must_use]
    pub fn has_more(&self) -> bool {
        self.has_more
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_counted_in_the_order_in_which_they_came() {
        let (mut first, mut later) = (Distinct::<200>::default(), Distinct::default());
        ["a", "a", "b", "a"].iter().for_each(|text| first.count(text));
        ["c", "b"].iter().for_each(|text| later.count(text));
        first.join(&later);
        assert_eq!(
            first.all(),
            [("a".to_owned(), 3), ("b".to_owned(), 2), ("c".to_owned(), 1)]
        );
        (0..200).for_each(|number| first.count(&number.to_string()));
        assert!(first.all().is_empty() && first.has_more());
        assert_eq!(first.named()[..3], ["a", "b", "c"]);
    }
}
