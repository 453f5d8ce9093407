//! Ed25519 (RFC 8032, pure), checked as strictly as signatures of one kind can be: whoever has the public half of a key
//! checks its tokens and makes none.

use super::KeyId;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use std::fmt;

/// The bytes of a public key.
pub const PUBLIC_KEY_LENGTH: usize = 32;
/// The bytes of an Ed25519 signature.
pub const SIGNATURE_LENGTH: usize = 64;

/// Bytes that are no public key of anyone who made one honestly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PublicKeyError {
    /// They are no point of the curve, or not in the one form that a point has.
    #[error("it is not an Ed25519 public key")]
    NoPoint,
    /// A point of small order: signatures that hold under it can be made without any secret.
    #[error("it is a key of small order, under which anyone can sign")]
    SmallOrder,
}

/// What checks public tokens and EdDSA JWTs. No secret: it may be shown to anyone.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    id: KeyId,
    key: VerifyingKey,
}

impl PublicKey {
    /// Takes a public key, and the id of the secret that it comes from, which can't be computed from it.
    ///
    /// # Errors
    /// When the bytes are not canonical (RFC 8032, section 5.1.3) or a point of small order.
    pub fn new(id: KeyId, bytes: &[u8; PUBLIC_KEY_LENGTH]) -> Result<Self, PublicKeyError> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| PublicKeyError::NoPoint)?;
        // decompression takes coordinates that are not reduced, and a sign for the zero that has none
        if key.to_edwards().compress().as_bytes() != bytes {
            return Err(PublicKeyError::NoPoint);
        }
        match key.is_weak() {
            true => Err(PublicKeyError::SmallOrder),
            false => Ok(Self { id, key }),
        }
    }

    /// The id that its tokens carry.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; PUBLIC_KEY_LENGTH] {
        self.key.as_bytes()
    }

    /// Whether it is the signature of `message`, which is for itself and for no other: S is below the group's order, R is
    /// byte for byte that of `[S]B - [k]A` (no cofactor), and not of small order.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8; SIGNATURE_LENGTH]) -> bool {
        self.key
            .verify_strict(message, &Signature::from_bytes(signature))
            .is_ok()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.id)
    }
}

/// The private half, derived from a secret; wiped when dropped.
#[derive(Clone)]
pub(super) struct PrivateKey {
    key: SigningKey,
    pub(super) public: PublicKey,
}

impl PrivateKey {
    pub(super) fn new(id: KeyId, seed: &[u8; 32]) -> Self {
        let key = SigningKey::from_bytes(seed);
        let public = PublicKey {
            id,
            key: key.verifying_key(),
        };
        Self { key, public }
    }

    /// Deterministic: the same message has the same signature each time.
    pub(super) fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_LENGTH] {
        self.key.sign(message).to_bytes()
    }
}
