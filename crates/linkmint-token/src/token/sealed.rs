//! The sealed form: `kind | key id | SIV | ciphertext`. Only a holder of the key can read its claims.
//!
//! AES-SIV-CMAC-256 (RFC 5297): deterministic, so that a repeated run writes the same tokens, and no nonce to
//! get wrong. The header is the one associated-data string, so a signed token can't be relabelled as a sealed one.

use super::bytes::HEADER;
use crate::key::{Key, TAG_LENGTH};
use aes_siv::{KeyInit, Tag, siv::Aes128Siv};

/// Where the ciphertext begins.
pub(super) const BODY: usize = HEADER + TAG_LENGTH;

/// Encrypts what stands in `token` from [`BODY`] on and writes the SIV before it.
pub(super) fn seal(key: &Key, token: &mut [u8]) {
    let (front, body) = token.split_at_mut(BODY);
    let (header, place) = front.split_at_mut(HEADER);
    let siv = cipher(key)
        .encrypt_inout_detached([&*header], body.into())
        .expect("one header is fewer than the 126 that AES-SIV takes");
    place.copy_from_slice(&siv);
}

/// Decrypts in place; where the SIV does not hold, the bytes stay as they were.
pub(super) fn decrypt(key: &Key, token: &mut [u8]) -> bool {
    let (front, body) = token.split_at_mut(BODY);
    let (header, siv) = front.split_at(HEADER);
    let siv = Tag::try_from(siv).expect("BODY leaves 16 bytes for the SIV");
    cipher(key).decrypt_inout_detached([header], body.into(), &siv).is_ok()
}

/// The body with its pad, and the SIV, of a token that [`decrypt`] has opened.
pub(super) fn parts(token: &[u8]) -> (&[u8], &[u8; TAG_LENGTH]) {
    let (front, body) = token.split_at(BODY);
    let siv = front.last_chunk().expect("BODY leaves 16 bytes for the SIV");
    (body, siv)
}

fn cipher(key: &Key) -> Aes128Siv {
    Aes128Siv::new((&*key.sealing).into())
}
