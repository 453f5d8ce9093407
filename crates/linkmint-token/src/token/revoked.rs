//! Which tokens are revoked before their time: each by its trace, or all that make a claim.
//!
//! Only a list that is asked; where it comes from is for others to know.

use super::trace::Trace;
use crate::claims::Claims;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// That tokens were revoked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Revocation {
    /// When, in seconds since 1970.
    pub at: u32,
    /// Why, in the words of whoever did it.
    pub reason: Option<String>,
}

/// The tokens that are revoked.
#[derive(Clone, Debug, Default)]
pub struct Revocations {
    /// Each revocation once; the maps hold places in here.
    all: Vec<Revocation>,
    places: HashMap<Revocation, u32>,
    traces: HashMap<Trace, u32, BuildHasherDefault<LastBytes>>,
    /// Name, then value.
    claims: HashMap<String, HashMap<String, u32>>,
}

impl Revocations {
    /// Revokes the token of this trace.
    pub fn add(&mut self, trace: Trace, revocation: Revocation) {
        let place = self.place(revocation);
        self.traces.insert(trace, place);
    }

    /// Revokes all tokens with this claim.
    pub fn add_claim(&mut self, name: &str, value: &str, revocation: Revocation) {
        let place = self.place(revocation);
        let values = self.claims.entry(name.to_owned()).or_default();
        values.insert(value.to_owned(), place);
    }

    fn place(&mut self, revocation: Revocation) -> u32 {
        if let Some(place) = self.places.get(&revocation) {
            return *place;
        }
        let place = u32::try_from(self.all.len()).expect("fewer revocations than fit into memory");
        self.all.push(revocation.clone());
        self.places.insert(revocation, place);
        place
    }

    /// Whether nothing is revoked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.traces.is_empty() && self.claims.is_empty()
    }

    /// Why a token with this trace and these claims is revoked, if it is: by itself first, then by its claims in
    /// their order.
    #[inline]
    #[must_use]
    pub fn find(&self, trace: &Trace, claims: Claims<'_>) -> Option<&Revocation> {
        let of_claim = || {
            let mut claims = claims.iter();
            claims.find_map(|claim| self.claims.get(claim.name)?.get(&*claim.value.to_string()))
        };
        let found = self
            .traces
            .get(trace)
            .or_else(|| if self.claims.is_empty() { None } else { of_claim() });
        found.map(|place| &self.all[*place as usize])
    }
}

/// A trace ends as a hash: its last bytes do. It begins with an id, which those of a run nearly share.
#[derive(Debug, Default)]
struct LastBytes(u64);

impl Hasher for LastBytes {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(last) = bytes.last_chunk() {
            self.0 = u64::from_le_bytes(*last);
        }
    }

    /// The length of an array is not worth hashing.
    fn write_usize(&mut self, _length: usize) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::TokenId;
    use std::collections::HashSet;
    use std::hash::BuildHasher;

    fn because(reason: &str) -> Revocation {
        Revocation {
            at: 1,
            reason: Some(reason.to_owned()),
        }
    }

    #[test]
    fn traces_of_a_run_are_told_apart_by_their_hashes() {
        let hash = |trace| BuildHasherDefault::<LastBytes>::default().hash_one(trace);
        let id = TokenId::parse("0123456789ab");
        let traces: HashSet<Trace> = (0..=255u8).map(|tag| Trace::of(id, &[tag; 16])).collect();
        // by the low bits and by the high ones, of which a table takes both
        for bits in [|hash: u64| hash as u32, |hash: u64| (hash >> 32) as u32] {
            let hashes: HashSet<u32> = traces.iter().map(|trace| bits(hash(trace))).collect();
            assert_eq!(hashes.len(), 256);
        }
    }

    #[test]
    fn a_token_is_revoked_by_itself_or_by_a_claim() {
        let mut bytes = Vec::new();
        let claims = Claims::of_texts([("customer_id", "1234567"), ("campaign_id", "spring26")], &mut bytes);
        let mut list = Revocations::default();
        let (one, other) = (Trace([1; 16]), Trace([2; 16]));
        assert!(list.is_empty() && list.find(&one, claims).is_none());
        list.add(one, because("lost"));
        assert!(!list.is_empty());
        let mut by_claim = Revocations::default();
        by_claim.add_claim("campaign_id", "spring26", because("wrong prices"));
        assert!(!by_claim.is_empty());
        assert_eq!(list.find(&one, claims), Some(&because("lost")));
        assert_eq!(list.find(&other, claims), None);
        list.add_claim("campaign_id", "spring27", because("not this one"));
        assert_eq!(list.find(&other, claims), None);
        list.add_claim("campaign_id", "spring26", because("wrong prices"));
        assert_eq!(list.find(&other, claims), Some(&because("wrong prices")));
        assert_eq!(list.find(&other, Claims::default()), None);
        assert_eq!(list.find(&one, claims), Some(&because("lost")), "its own comes first");
    }
}
