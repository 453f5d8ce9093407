//! The signed form: `kind | key id | body | pad | tag`. Anyone can read it, only a holder of the key can make it.

use super::bytes::HEADER;
use crate::key::{Key, TAG_LENGTH};

/// Whether the tag holds over the bytes as they were received.
#[inline]
pub(super) fn verifies(key: &Key, token: &[u8]) -> bool {
    token
        .split_last_chunk::<TAG_LENGTH>()
        .is_some_and(|(message, tag)| key.signing().verifies(message, tag))
}

/// The body with its pad, and the tag.
pub(super) fn parts(token: &[u8]) -> (&[u8], &[u8; TAG_LENGTH]) {
    let (message, tag) = token.split_last_chunk().expect("a token has 34 bytes or more");
    (&message[HEADER..], tag)
}
