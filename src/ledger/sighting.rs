//! Checks that are to be counted together.

use crate::key::KeyId;
use crate::token::{Authentic, Form, Status, TokenId, Trace};

/// Checks of authentic tokens, in the order in which they were made.
#[derive(Clone, Debug, Default)]
pub struct Sightings {
    pub(super) all: Vec<Sighting>,
    /// The claims of all, one after the other.
    pub(super) claims: Vec<u8>,
}

/// One check.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sighting {
    pub(super) trace: Trace,
    pub(super) status: Status,
    pub(super) facts: Facts,
    /// Where its claims stand, if they are to be kept.
    pub(super) claims: Option<(usize, usize)>,
}

/// What names a token to people, and when it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) key_id: KeyId,
    pub(super) id: Option<TokenId>,
    pub(super) issued_at: Option<u32>,
    pub(super) expires_at: Option<u32>,
}

impl Facts {
    pub(super) fn of(token: &Authentic<'_>) -> Self {
        Self {
            key_id: token.key_id(),
            id: token.id(),
            issued_at: token.times().issued_at(),
            expires_at: token.times().expires_at(),
        }
    }
}

impl Sightings {
    /// Adds a check that came out as `status`. Sealed claims are kept only where `keep_sealed`: all others can be read
    /// by whoever has the link.
    #[inline]
    pub fn add(&mut self, token: &Authentic<'_>, trace: Trace, status: Status, keep_sealed: bool) {
        let kept = keep_sealed || !matches!(token.form(), Form::Sealed(_));
        let claims = kept.then(|| {
            let start = self.claims.len();
            token.claims().store(&mut self.claims);
            (start, self.claims.len())
        });
        self.all.push(Sighting {
            trace,
            status,
            facts: Facts::of(token),
            claims,
        });
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
        self.claims.clear();
    }

    /// Adds the first `count` of other checks, after these.
    pub fn extend(&mut self, others: &Sightings, count: usize) {
        let start = self.claims.len();
        self.claims.extend_from_slice(&others.claims);
        let moved = others.all.iter().take(count).map(|sighting| Sighting {
            claims: sighting.claims.map(|(from, to)| (from + start, to + start)),
            ..*sighting
        });
        self.all.extend(moved);
    }

    pub(super) fn claims_of(&self, sighting: &Sighting) -> Option<&[u8]> {
        sighting.claims.map(|(from, to)| &self.claims[from..to])
    }
}
