//! What is counted on the way, so that the summary needs no second pass.

/// The least and the greatest of some numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Range {
    bounds: Option<(u32, u32)>,
}

impl Range {
    /// Takes a number in.
    #[inline]
    pub fn take(&mut self, number: u32) {
        self.bounds = match self.bounds {
            Some((least, most)) => Some((least.min(number), most.max(number))),
            None => Some((number, number)),
        };
    }

    /// The least and the greatest; `None` when there were none.
    #[must_use]
    pub fn bounds(&self) -> Option<(u32, u32)> {
        self.bounds
    }

    fn add(&mut self, other: &Self) {
        if let Some((least, most)) = other.bounds {
            self.take(least);
            self.take(most);
        }
    }
}

/// Counts over the rows that were given a token.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Tally {
    /// Expiries, in seconds since 1970.
    pub expiries: Range,
    /// Tokens that never expire.
    pub never: u64,
    /// Rows whose own cell ruled over the expiry of all.
    pub own_expiry: u64,
    /// Rows whose own cell ruled over the base URL of all.
    pub own_base_url: u64,
    /// Lengths of links, or of tokens where there are no links, in characters.
    pub lengths: Range,
}

impl Tally {
    pub(super) fn add(&mut self, other: &Self) {
        self.expiries.add(&other.expiries);
        self.never += other.never;
        self.own_expiry += other.own_expiry;
        self.own_base_url += other.own_base_url;
        self.lengths.add(&other.lengths);
    }
}
