//! How many rows of a run belong to which campaign.

/// More different values than this are no campaigns, and finding each would take its time.
pub const MOST_CAMPAIGNS: usize = 200;

/// Campaigns with the number of their rows, in the order in which they came.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Campaigns {
    all: Vec<(String, u64)>,
    /// Where the last row's stands: most rows are of the same campaign as the row before them.
    last: usize,
    too_many: bool,
}

impl Campaigns {
    /// Counts a row.
    #[inline]
    pub(super) fn count(&mut self, campaign: &str) {
        match self.all.get_mut(self.last) {
            Some((last, count)) if last == campaign => *count += 1,
            _ => self.add(campaign, 1),
        }
    }

    fn add(&mut self, campaign: &str, rows: u64) {
        match self.all.iter().position(|(other, _)| other == campaign) {
            Some(place) => (self.last, self.all[place].1) = (place, self.all[place].1 + rows),
            None if self.all.len() == MOST_CAMPAIGNS => self.too_many = true,
            None => {
                self.last = self.all.len();
                self.all.push((campaign.to_owned(), rows));
            }
        }
    }

    /// Adds those of a later part of the list.
    pub(super) fn join(&mut self, later: &Self) {
        later.all.iter().for_each(|(campaign, rows)| self.add(campaign, *rows));
        self.too_many |= later.too_many;
    }

    /// All of them; none when there are too many to be campaigns.
    #[must_use]
    pub fn all(&self) -> &[(String, u64)] {
        if self.too_many { &[] } else { &self.all }
    }

    /// Whether there are too many to be campaigns.
    #[must_use]
    pub fn are_too_many(&self) -> bool {
        self.too_many
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn campaigns_are_counted_in_the_order_in_which_they_came() {
        let (mut first, mut later) = (Campaigns::default(), Campaigns::default());
        ["a", "a", "b", "a"].iter().for_each(|campaign| first.count(campaign));
        ["c", "b"].iter().for_each(|campaign| later.count(campaign));
        first.join(&later);
        assert_eq!(
            first.all(),
            [("a".to_owned(), 3), ("b".to_owned(), 2), ("c".to_owned(), 1)]
        );
        (0..MOST_CAMPAIGNS).for_each(|number| first.count(&number.to_string()));
        assert!(first.all().is_empty() && first.are_too_many());
    }
}
