//! Which of very many sealed texts, each mostly like the one before, holds its SIV.
//!
//! Whoever looks for the token one slip away asks for a hundred thousand of them, a kilobyte each. The SIV is the end of a
//! CMAC (RFC 5297, section 2.4), and a CMAC is a chain of block encryptions (RFC 4493, section 2.4): it can be followed
//! from its start, and from its end backwards. So a text that differs in a block or two needs those alone: carried through
//! them, the state from before them must be the one that what comes after them demands.

use super::{BODY, HEADER};
use crate::key::Key;
use aes::Aes128;
use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use zeroize::Zeroizing;

/// In bytes.
const BLOCK: usize = 16;
/// The counter leaves out the upper bit of each of the SIV's two lower words (RFC 5297, section 2.5).
const COUNTER: u128 = !(1 << 63 | 1 << 31);

/// Tries texts with one key.
pub(crate) struct AlikeSeals {
    mac: Aes128,
    stream: Aes128,
    /// What CMAC adds to a last block that is whole, and to one that is not.
    subkeys: [u128; 2],
    /// Header and SIV of the last text.
    front: [u8; BODY],
    /// Its ciphertext, with zeros up to a whole block.
    body: Vec<u8>,
    /// How long it is without these.
    length: usize,
    /// What makes a block of the ciphertext one of the CMAC: key stream, S2V's last step, padding and subkey.
    masks: Zeroizing<Vec<u128>>,
    /// The state before each block, up to this one.
    before: Zeroizing<Vec<u128>>,
    known_before: usize,
    /// The state that must be there after each block, from this one on.
    after: Zeroizing<Vec<u128>>,
    known_after: usize,
}

impl AlikeSeals {
    pub(crate) fn new(key: &Key) -> Self {
        // RFC 5297, section 2.2: the first half of the key is S2V's, the second CTR's
        let (mac, stream) = key.sealing().split_at(BLOCK);
        let cipher = |key: &[u8]| Aes128::new_from_slice(key).expect("half of a key is 16 bytes");
        let (mac, stream) = (cipher(mac), cipher(stream));
        let whole = double(encrypted(&mac, 0));
        Self {
            subkeys: [whole, double(whole)],
            mac,
            stream,
            front: [0; BODY],
            body: Vec::new(),
            length: 0,
            masks: Zeroizing::default(),
            before: Zeroizing::default(),
            known_before: 0,
            after: Zeroizing::default(),
            known_after: 0,
        }
    }

    /// Whether `token` may hold its SIV: none that does is missed, and of the others only one that is too short to tell.
    pub(crate) fn may_hold(&mut self, token: &[u8]) -> bool {
        let Some((front, body)) = token.split_first_chunk() else {
            return false;
        };
        if body.len() < BLOCK {
            return true;
        }
        if *front != self.front || body.len() != self.length {
            self.begin(front, body);
        }
        let (whole, rest) = body.as_chunks();
        let mut last = [0; BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        let blocks = whole.iter().chain((!rest.is_empty()).then_some(&last));
        let mut differing: Option<(usize, usize)> = None;
        for (place, (old, new)) in self.body.as_chunks_mut().0.iter_mut().zip(blocks).enumerate() {
            if old != new {
                *old = *new;
                differing = Some((differing.map_or(place, |(first, _)| first), place));
            }
        }
        let (first, last) = differing.unwrap_or((0, 0));
        self.is_bridged(first, last)
    }

    /// Takes a text of another length, header or SIV up.
    fn begin(&mut self, front: &[u8; BODY], body: &[u8]) {
        (self.front, self.length) = (*front, body.len());
        self.body.clear();
        self.body.extend_from_slice(body);
        self.body.resize(body.len().next_multiple_of(BLOCK), 0);
        let (header, siv) = front.split_at(HEADER);
        let siv = number(siv);
        let blocks = self.body.len() / BLOCK;
        let counter = siv & COUNTER;
        let key_stream = (0..blocks as u128).map(|place| encrypted(&self.stream, counter.wrapping_add(place)));
        self.masks.clear();
        self.masks.extend(key_stream);
        self.mask_end(header);
        self.before.clear();
        self.before.resize(blocks, 0);
        self.known_before = 0;
        self.after.clear();
        self.after.resize(blocks, siv);
        self.known_after = blocks - 1;
    }

    /// Puts what S2V and CMAC add at the end into the masks.
    fn mask_end(&mut self, header: &[u8]) {
        let [whole, padded] = self.subkeys;
        // a CMAC of nothing but zeros, then that of the header, which is shorter than a block
        let zeros = encrypted(&self.mac, whole);
        let mut short = [0; BLOCK];
        short[..HEADER].copy_from_slice(header);
        short[HEADER] = 0x80;
        let header = encrypted(&self.mac, u128::from_be_bytes(short) ^ padded);
        let sum = double(zeros) ^ header;
        // the sum goes to the text's last 16 bytes, of which `beyond` would stand after the last whole block
        let last = self.masks.len() - 1;
        let filled = self.length - last * BLOCK;
        if filled == BLOCK {
            self.masks[last] ^= sum ^ whole;
            return;
        }
        let bits = 8 * filled as u32;
        // of the key stream, what is behind the text is not used
        self.masks[last] &= !(u128::MAX >> bits);
        self.masks[last] ^= sum << (128 - bits) ^ 0x80 << (120 - bits) ^ padded;
        self.masks[last - 1] ^= sum >> bits;
    }

    /// Whether the state from before the block `first`, carried through to the end of `last`, is what is demanded there.
    fn is_bridged(&mut self, first: usize, last: usize) -> bool {
        // what is known holds up to the first block that was changed, and from the last one on
        self.known_before = self.known_before.min(first);
        self.known_after = self.known_after.max(last);
        while self.known_before < first {
            let place = self.known_before;
            self.before[place + 1] = encrypted(&self.mac, self.before[place] ^ self.block(place));
            self.known_before += 1;
        }
        while self.known_after > last {
            let place = self.known_after;
            self.after[place - 1] = decrypted(&self.mac, self.after[place]) ^ self.block(place);
            self.known_after -= 1;
        }
        let carry = |state, place| encrypted(&self.mac, state ^ self.block(place));
        (first..=last).fold(self.before[first], carry) == self.after[last]
    }

    /// A block as it goes into the CMAC.
    fn block(&self, place: usize) -> u128 {
        number(&self.body[place * BLOCK..][..BLOCK]) ^ self.masks[place]
    }
}

fn number(block: &[u8]) -> u128 {
    u128::from_be_bytes(block.try_into().expect("a block"))
}

fn encrypted(cipher: &Aes128, block: u128) -> u128 {
    let mut block = block.to_be_bytes().into();
    cipher.encrypt_block(&mut block);
    u128::from_be_bytes(block.into())
}

fn decrypted(cipher: &Aes128, block: u128) -> u128 {
    let mut block = block.to_be_bytes().into();
    cipher.decrypt_block(&mut block);
    u128::from_be_bytes(block.into())
}

/// Times x in the field of 2^128 elements (RFC 5297, section 2.3).
fn double(element: u128) -> u128 {
    let carry = if element >> 127 == 1 { 0x87 } else { 0 };
    element << 1 ^ carry
}

#[cfg(test)]
mod tests {
    use super::super::{decrypt, seal};
    use super::*;
    use crate::key::Secret;

    /// RFC 4493, section 4.
    #[test]
    fn doubling_carries() {
        let zeros = 0x7df7_6b0c_1ab8_99b3_3e42_f047_b91b_546f;
        assert_eq!(double(zeros), 0xfbee_d618_3571_3366_7c85_e08f_7236_a8de);
        assert_eq!(double(double(zeros)), 0xf7dd_ac30_6ae2_66cc_f90b_c11e_e46d_513b);
    }

    #[test]
    fn what_holds_its_siv_is_told_from_what_does_not() {
        let key = Key::new(Secret::new((0..32).collect::<Vec<u8>>().into()).expect("32 bytes"));
        let mut alike = AlikeSeals::new(&key);
        for length in (15..70).chain([255, 256, 1_039]) {
            let mut token: Vec<u8> = (0..BODY + length).map(|place| (place * 7 + length) as u8).collect();
            seal(&key, &mut token);
            assert!(alike.may_hold(&token), "{length}");
            // each place with the one before it still damaged, then by itself, then whole again
            for place in 0..token.len() {
                let mut damaged = token.clone();
                damaged[place] ^= 0x10;
                let holds = decrypt(&key, &mut damaged.clone());
                assert!(
                    !holds && (alike.may_hold(&damaged) == (length < BLOCK)),
                    "{length} {place}"
                );
                if let Some(next) = damaged.get_mut(place + 17) {
                    *next ^= 1;
                    assert_eq!(alike.may_hold(&damaged), length < BLOCK, "{length} {place}");
                }
                if place % 3 == 0 {
                    assert!(alike.may_hold(&token), "{length} {place}");
                }
            }
            assert!(alike.may_hold(&token), "{length}");
            assert!(alike.may_hold(&token), "the same again");
        }
        assert!(!alike.may_hold(&[0; BODY - 1]));
    }
}
