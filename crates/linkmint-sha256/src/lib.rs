//! Blocks of two messages at once, by the instructions for SHA-256 that x86-64 processors have.
//!
//! One message waits most of the time: each of these instructions takes four cycles and needs the one before. A second
//! message fills the gaps, so that both take little more time than one. A crate by itself, as calling such instructions
//! needs the one `unsafe` of linkmint.
//!
//! ```
//! use linkmint_sha256::{INITIAL, Instructions};
//!
//! let Some(instructions) = Instructions::detect() else { return };
//! let mut states = [INITIAL; 2];
//! let (mut abc, mut empty) = ([0; 64], [0; 64]);
//! abc[..4].copy_from_slice(b"abc\x80");
//! abc[63] = 24;
//! empty[0] = 0x80;
//! instructions.compress(&mut states, [&abc, &empty]);
//! assert_eq!([states[0][0], states[1][0]], [0xba7816bf, 0xe3b0c442]);
//! ```

mod constants;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use constants::{INITIAL, ROUNDS, State};

/// The instructions, where the processor has them: there is none of these elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct Instructions {
    #[cfg(target_arch = "x86_64")]
    detected: (),
    #[cfg(not(target_arch = "x86_64"))]
    never: core::convert::Infallible,
}

impl Instructions {
    /// Asks the processor; a look into memory after the first time.
    #[inline]
    #[must_use]
    pub fn detect() -> Option<Self> {
        #[cfg(target_arch = "x86_64")]
        if x86::are_there() {
            return Some(Self { detected: () });
        }
        None
    }

    /// Takes one block of each message in (FIPS 180-4, section 6.2.2).
    #[inline]
    pub fn compress(self, states: &mut [State; 2], blocks: [&[u8; 64]; 2]) {
        #[cfg(target_arch = "x86_64")]
        {
            let Self { detected: () } = self;
            // SAFETY: there is a `self` only where the processor was found to have the instructions
            #[expect(unsafe_code, reason = "the compiler can't know which processor it is")]
            unsafe {
                x86::compress(states, blocks);
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            let _ = (states, blocks);
            match self.never {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::block_api::compress256;

    /// Blocks and states of all kinds, each beside another.
    #[test]
    fn two_messages_at_once_are_hashed_as_one_by_one() {
        // where the processor lacks them there is nothing to hold
        let Some(instructions) = Instructions::detect() else {
            return;
        };
        let mut states = [INITIAL, ROUNDS[8..16].try_into().expect("eight words")];
        let mut block = [0u8; 64];
        for number in 0..=10_000u32 {
            let other: [u8; 64] = core::array::from_fn(|place| block[63 - place] ^ number as u8);
            let mut expected = states;
            compress256(&mut expected[0], &[block]);
            compress256(&mut expected[1], &[other]);
            instructions.compress(&mut states, [&block, &other]);
            assert_eq!(states, expected, "{number}");
            for (bytes, word) in block.as_chunks_mut().0.iter_mut().zip(states.as_flattened()) {
                *bytes = word.to_le_bytes();
            }
        }
    }
}
