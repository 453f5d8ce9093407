//! Tags of very many messages that mostly begin like the one before.
//!
//! Whoever looks for the token one slip away asks for a hundred thousand tags of a kilobyte each, and most of it is the
//! same each time: only what follows the first block that differs is hashed.

use super::midstates::{State, bytes};
use super::{SigningKey, TAG_LENGTH};
use ctutils::CtEq;
use sha2::block_api::compress256;
use zeroize::Zeroizing;

/// Checks tags with one key; holds the last message's blocks and the state after each.
pub(crate) struct AlikeTags<'k> {
    key: &'k SigningKey,
    blocks: Vec<[u8; 64]>,
    states: Zeroizing<Vec<State>>,
}

impl<'k> AlikeTags<'k> {
    pub(crate) fn new(key: &'k SigningKey) -> Self {
        Self {
            key,
            blocks: Vec::new(),
            states: Zeroizing::new(Vec::new()),
        }
    }

    /// As [`SigningKey::verifies`].
    pub(crate) fn verifies(&mut self, message: &[u8], tag: &[u8; TAG_LENGTH]) -> bool {
        bytes::<TAG_LENGTH>(self.hmac(message)).ct_eq(tag).to_bool()
    }

    /// As [`SigningKey::verifies_full`].
    pub(crate) fn verifies_full(&mut self, message: &[u8], tag: &[u8; 32]) -> bool {
        bytes::<32>(self.hmac(message)).ct_eq(tag).to_bool()
    }

    fn hmac(&mut self, message: &[u8]) -> State {
        let midstates = &self.key.midstates;
        let (blocks, rest) = message.as_chunks::<64>();
        let same = self.blocks.iter().zip(blocks).take_while(|(a, b)| a == b).count();
        self.blocks.truncate(same);
        self.states.truncate(same);
        let mut state = self.states.last().copied().unwrap_or(midstates.start());
        for block in &blocks[same..] {
            compress256(&mut state, &[*block]);
            self.blocks.push(*block);
            self.states.push(state);
        }
        midstates.finish(state, rest, message.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_alike_messages_are_those_of_each_alone() {
        let key = SigningKey::new(b"a key");
        let mut alike = AlikeTags::new(&key);
        let mut message: Vec<u8> = (0..=255).cycle().take(700).collect();
        for (place, length) in [
            (0, 700),
            (699, 700),
            (300, 699),
            (130, 64),
            (63, 64),
            (64, 300),
            (299, 0),
            (5, 700),
        ] {
            message[place] ^= 0x55;
            let part = &message[..length];
            assert!(alike.verifies(part, &key.tag(part)), "{place} {length}");
            assert!(alike.verifies_full(part, &key.full_tag(part)), "{place} {length}");
            let mut other = key.tag(part);
            other[15] ^= 1;
            assert!(!alike.verifies(part, &other));
            let mut other = key.full_tag(part);
            other[31] ^= 1;
            assert!(!alike.verifies_full(part, &other));
        }
    }
}
