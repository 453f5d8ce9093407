//! Checks and tokens, counted while the tokens go by one at a time.

use crate::ledger::{Checks, Uses};
use std::collections::BTreeMap;

/// How often something was checked, and how many tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// The checks.
    pub uses: Uses,
    /// Distinct tokens.
    pub tokens: u64,
    /// Those of them that a recorded run made.
    pub returned: u64,
    /// The token that was counted last: all checks of a token come together, so a number does for a set of tokens.
    token: u64,
}

/// The token whose checks are being counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct CountedToken {
    /// From 1 on, a number a token.
    pub(super) number: u64,
    /// Whether a recorded run made it.
    pub(super) is_of_run: bool,
}

impl Count {
    pub(super) fn add(&mut self, token: CountedToken, checks: &Checks) {
        if self.token != token.number {
            self.token = token.number;
            self.tokens += 1;
            self.returned += u64::from(token.is_of_run);
        }
        self.uses.add(checks);
    }
}

/// A count for each of what there is of a kind.
pub type Counts<K> = BTreeMap<K, Count>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::Status;

    #[test]
    fn a_token_counts_once_wherever_it_is_seen_again() {
        let mut counts: Counts<char> = Counts::new();
        let checks = |first, last| Checks {
            status: Status::Valid,
            count: 2,
            first,
            last,
        };
        for (number, key, first) in [(1, 'a', 50), (1, 'b', 60), (1, 'a', 10), (2, 'a', 30)] {
            let token = CountedToken {
                number,
                is_of_run: number == 2,
            };
            counts.entry(key).or_default().add(token, &checks(first, first + 5));
        }
        let a = counts[&'a'];
        assert_eq!((a.uses.count, a.tokens, a.returned), (6, 2, 1));
        assert_eq!((a.uses.first, a.uses.last), (Some(10), Some(55)));
        assert_eq!((counts[&'b'].uses.count, counts[&'b'].tokens), (2, 1));
    }
}
