//! The public form: `kind | key id | body | pad | signature`. Anyone can read it, whoever has the public key can check it,
//! only a holder of the secret can make it.

use super::bytes::HEADER;
use crate::key::{PublicKey, SIGNATURE_LENGTH, TAG_LENGTH};

/// Whether the signature holds over the bytes as they were received.
pub(super) fn verifies(key: &PublicKey, token: &[u8]) -> bool {
    token
        .split_last_chunk::<SIGNATURE_LENGTH>()
        .is_some_and(|(message, signature)| key.verifies(message, signature))
}

/// The body with its pad, and what identifies the token: the beginning of its signature.
pub(super) fn parts(token: &[u8]) -> (&[u8], &[u8; TAG_LENGTH]) {
    let (message, signature) = token
        .split_last_chunk::<SIGNATURE_LENGTH>()
        .expect("a public token has 82 bytes or more");
    let tag = signature.first_chunk().expect("64 bytes begin with 16");
    (&message[HEADER..], tag)
}
