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

#[cfg(target_arch = "x86_64")]
mod x86;

/// The words of SHA-256 between two blocks.
pub type State = [u32; 8];

/// Those before the first block (FIPS 180-4, section 5.3.3).
pub const INITIAL: State = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// The constants of the rounds (FIPS 180-4, section 4.2.2).
#[rustfmt::skip]
pub const ROUNDS: [u32; 64] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
];

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
