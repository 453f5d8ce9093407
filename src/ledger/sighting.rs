//! Checks that are to be counted together.

use super::head::push_head;
use crate::token::{Authentic, Form, Status, Trace};

/// Checks of authentic tokens, in the order in which they were made.
#[derive(Clone, Debug, Default)]
pub struct Sightings {
    pub(super) all: Vec<Sighting>,
    /// What is kept of the tokens besides, one after the other, as it stands in a leaf: whoever checks writes it, as
    /// there are more who check than who count.
    heads: Vec<u8>,
}

/// One check.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sighting {
    pub(super) trace: Trace,
    pub(super) status: Status,
    /// Where its head ends, and the next one begins.
    end: usize,
}

impl Sightings {
    /// Adds a check that came out as `status`. Sealed claims are kept only where `keep_sealed`: all others can be read
    /// by whoever has the link.
    #[inline]
    pub fn add(&mut self, token: &Authentic<'_>, trace: Trace, status: Status, keep_sealed: bool) {
        let keeps_claims = keep_sealed || !matches!(token.form(), Form::Sealed(_));
        push_head(token, keeps_claims, &mut self.heads);
        let end = self.heads.len();
        self.all.push(Sighting { trace, status, end });
    }

    /// Adds a token by its trace alone, for what asks no more of it: undoing its revocation.
    pub fn add_trace(&mut self, trace: Trace) {
        let (status, end) = (Status::Valid, self.heads.len());
        self.all.push(Sighting { trace, status, end });
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Forgets all, and keeps the room.
    pub fn clear(&mut self) {
        self.all.clear();
        self.heads.clear();
    }

    /// Adds the first `count` of other checks, after these.
    pub fn extend(&mut self, others: &Sightings, count: usize) {
        let start = self.heads.len();
        let moved = others.all.iter().take(count).map(|sighting| Sighting {
            end: sighting.end + start,
            ..*sighting
        });
        self.all.extend(moved);
        let end = self.all.last().map_or(start, |last| last.end);
        self.heads.extend_from_slice(&others.heads[..end - start]);
    }

    /// What is kept of the token of a check.
    #[inline]
    pub(super) fn head(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(0, |before| self.all[before].end);
        &self.heads[start..self.all[index].end]
    }
}
