//! What a token can be checked with: a secret, which makes tokens too, or a public key, which makes none.

use super::{Key, KeyId, PublicKey};

/// A key that checks tokens. That is all: what makes them is a [`Key`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CheckingKey {
    /// Makes tokens, and checks those of all forms.
    Secret(Box<Key>),
    /// Checks public tokens and EdDSA JWTs.
    Public(PublicKey),
}

impl CheckingKey {
    /// The id that its tokens carry.
    #[inline]
    #[must_use]
    pub fn id(&self) -> KeyId {
        match self {
            CheckingKey::Secret(key) => key.id(),
            CheckingKey::Public(key) => key.id(),
        }
    }

    /// What checks signed and sealed tokens and HS256 JWTs, where there is a secret.
    #[inline]
    #[must_use]
    pub fn secret(&self) -> Option<&Key> {
        match self {
            CheckingKey::Secret(key) => Some(key),
            CheckingKey::Public(_) => None,
        }
    }

    /// What checks public tokens and EdDSA JWTs.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        match self {
            CheckingKey::Secret(key) => key.public(),
            CheckingKey::Public(key) => key,
        }
    }
}

impl From<Key> for CheckingKey {
    fn from(key: Key) -> Self {
        CheckingKey::Secret(Box::new(key))
    }
}

impl From<PublicKey> for CheckingKey {
    fn from(key: PublicKey) -> Self {
        CheckingKey::Public(key)
    }
}
