//! The instructions themselves.

use crate::constants::{ROUNDS, State};
use core::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_extract_epi32, _mm_set_epi8, _mm_set_epi32, _mm_set_epi64x,
    _mm_sha256msg1_epu32, _mm_sha256msg2_epu32, _mm_sha256rnds2_epu32, _mm_shuffle_epi8, _mm_shuffle_epi32,
};

/// Whether the processor has all that [`compress`] needs.
#[inline]
pub(crate) fn are_there() -> bool {
    std::arch::is_x86_feature_detected!("sha") && std::arch::is_x86_feature_detected!("sse4.1")
}

/// One block of each message.
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
pub(crate) fn compress(states: &mut [State; 2], blocks: [&[u8; 64]; 2]) {
    let before = states.each_ref().map(|state| load(state));
    let mut halves = before;
    let mut words = blocks.map(|block| words(block));
    for (group, constants) in ROUNDS.as_chunks::<4>().0.iter().enumerate() {
        let [first, second, third, fourth] = constants.map(|word| word as i32);
        let constants = _mm_set_epi32(fourth, third, second, first);
        for (halves, words) in halves.iter_mut().zip(&mut words) {
            if group >= 4 {
                let [first, second, third, fourth] = *words;
                let early = _mm_add_epi32(_mm_sha256msg1_epu32(first, second), _mm_alignr_epi8::<4>(fourth, third));
                *words = [second, third, fourth, _mm_sha256msg2_epu32(early, fourth)];
            }
            let sum = _mm_add_epi32(words[group.min(3)], constants);
            let [efgh, abcd] = halves;
            *efgh = _mm_sha256rnds2_epu32(*efgh, *abcd, sum);
            *abcd = _mm_sha256rnds2_epu32(*abcd, *efgh, _mm_shuffle_epi32::<0x0e>(sum));
        }
    }
    for ((state, halves), before) in states.iter_mut().zip(halves).zip(before) {
        let [cdgh, abef] = [0, 1].map(|half| _mm_add_epi32(halves[half], before[half]));
        *state = store(cdgh, abef);
    }
}

/// A state as the instructions have it: c, d, g and h, and a, b, e and f, the first in the highest place.
#[target_feature(enable = "sse2")]
fn load(state: &State) -> [__m128i; 2] {
    let [a, b, c, d, e, f, g, h] = state.map(|word| word as i32);
    [_mm_set_epi32(c, d, g, h), _mm_set_epi32(a, b, e, f)]
}

#[target_feature(enable = "sse2,sse4.1")]
fn store(cdgh: __m128i, abef: __m128i) -> State {
    [
        _mm_extract_epi32::<3>(abef),
        _mm_extract_epi32::<2>(abef),
        _mm_extract_epi32::<3>(cdgh),
        _mm_extract_epi32::<2>(cdgh),
        _mm_extract_epi32::<1>(abef),
        _mm_extract_epi32::<0>(abef),
        _mm_extract_epi32::<1>(cdgh),
        _mm_extract_epi32::<0>(cdgh),
    ]
    .map(|word| word as u32)
}

/// The sixteen words of a block.
#[target_feature(enable = "sse2,ssse3")]
fn words(block: &[u8; 64]) -> [__m128i; 4] {
    let swap = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
    let [first, second, third, fourth] = [0, 16, 32, 48].map(|start| {
        let half = |start: usize| i64::from_le_bytes(*block[start..].first_chunk().expect("within the block"));
        _mm_shuffle_epi8(_mm_set_epi64x(half(start + 8), half(start)), swap)
    });
    [first, second, third, fourth]
}
