//! What a token leaves behind where it was checked: enough to know it again, too little to make it again.
//!
//! A tag beside the claims would be a signed token once more, for whoever reads the record. So the record has a hash of
//! the tag: tags are 128 bits that nobody can guess, so no search leads back.
//!
//! It begins with the token's id where there is one. Ids of a run are counted up, so its tokens stand side by side in a
//! record that is ordered by traces, and a list that is checked from its first row to its last touches each part of the
//! record once.

use super::id::TokenId;
use crate::key::TAG_LENGTH;
use sha2::{Digest, Sha256};
use std::fmt;

/// Apart from every other hash that this program makes.
const CONTEXT: &[u8] = b"linkmint v1 trace";

/// Stands for an authentic token among all: its id and 80 bits of a SHA-256 over its tag, or 128 bits of that where it has
/// no id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Trace(pub [u8; Trace::LENGTH]);

impl Trace {
    /// In bytes.
    pub const LENGTH: usize = 16;

    /// The trace of a token with this id and this tag or SIV.
    #[must_use]
    pub fn of(id: Option<TokenId>, tag: &[u8; TAG_LENGTH]) -> Self {
        let digest = Sha256::new().chain_update(CONTEXT).chain_update(tag).finalize();
        let first = id.map(TokenId::to_bytes);
        let mut bytes = first.iter().flatten().chain(&digest);
        Self(std::array::from_fn(|_| *bytes.next().expect("32 bytes and more")))
    }

    /// The id that it begins with, of a token that has one.
    #[must_use]
    pub fn id(&self) -> TokenId {
        let (id, _) = self.0.split_first_chunk().expect("16 bytes begin with 6");
        TokenId::from_bytes(*id)
    }
}

/// In hex.
impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_stays_what_it_is() {
        // printf 'linkmint v1 trace\0\1\2…' | sha256sum
        let tag = std::array::from_fn(|index| index as u8);
        assert_eq!(Trace::of(None, &tag).to_string(), "75dc86bf6922525e1ff1227030e737b0");
        let id = TokenId::parse("0123456789ab");
        assert_eq!(Trace::of(id, &tag).to_string(), "0123456789ab75dc86bf6922525e1ff1");
        assert_eq!(Some(Trace::of(id, &tag).id()), id);
        assert_ne!(Trace::of(id, &[0; TAG_LENGTH]), Trace::of(id, &tag));
    }
}
