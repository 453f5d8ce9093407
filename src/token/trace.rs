//! What a token leaves behind where it was checked: enough to know it again, too little to make it again.
//!
//! A tag beside the claims would be a signed token once more, for whoever reads the record. So the record has a hash of
//! the tag: tags are 128 bits that nobody can guess, so no search leads back.

use crate::key::TAG_LENGTH;
use sha2::{Digest, Sha256};
use std::fmt;

/// Apart from every other hash that this program makes.
const CONTEXT: &[u8] = b"linkmint v1 trace";

/// Stands for an authentic token among all: the first half of a SHA-256 over its tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Trace(pub [u8; Trace::LENGTH]);

impl Trace {
    /// In bytes.
    pub const LENGTH: usize = 16;

    /// The trace of a token with this tag or SIV.
    #[must_use]
    pub fn of_tag(tag: &[u8; TAG_LENGTH]) -> Self {
        let digest = Sha256::new().chain_update(CONTEXT).chain_update(tag).finalize();
        let (half, _) = digest.split_first_chunk().expect("32 bytes begin with 16");
        Self(*half)
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
        // printf 'linkmint v1 trace\0\1\2…' | sha256sum, the first half
        let tag = std::array::from_fn(|index| index as u8);
        assert_eq!(Trace::of_tag(&tag).to_string(), "75dc86bf6922525e1ff1227030e737b0");
        assert_ne!(Trace::of_tag(&[0; TAG_LENGTH]), Trace::of_tag(&tag));
    }
}
