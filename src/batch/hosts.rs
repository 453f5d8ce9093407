//! Which other hosts the links of a run lead to: a cell with one stranger's address is a link to that stranger.

/// So many are named; the rows of all are counted elsewhere.
const MOST_HOSTS: usize = 20;

/// Hosts in the order in which they came.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Hosts {
    named: Vec<String>,
    /// Whether there are more than are named.
    has_more: bool,
}

impl Hosts {
    /// Takes a host in.
    pub(super) fn add(&mut self, host: &str) {
        if self.named.last().is_some_and(|last| last == host) || self.named.iter().any(|other| other == host) {
            return;
        }
        match self.named.len() < MOST_HOSTS {
            true => self.named.push(host.to_owned()),
            false => self.has_more = true,
        }
    }

    /// Takes in those of a later part of the list.
    pub(super) fn join(&mut self, later: &Self) {
        later.named.iter().for_each(|host| self.add(host));
        self.has_more |= later.has_more;
    }

    /// The first of them.
    #[must_use]
    pub fn named(&self) -> &[String] {
        &self.named
    }

    /// Whether there are more than [`Hosts::named`] gives.
    #[must_use]
    pub fn has_more(&self) -> bool {
        self.has_more
    }
}
