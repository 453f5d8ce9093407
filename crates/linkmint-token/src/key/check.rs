//! What a token can be checked with: a secret, which makes tokens too, or a public key, which makes none.

use super::{Key, KeyId, PublicKey};

/// A key that checks tokens. That is all: what makes them is a [`Key`].
pub trait Checks {
    /// The id that its tokens carry.
    fn id(&self) -> KeyId;

    /// What checks signed and sealed tokens and HS256 JWTs, where there is a secret.
    fn secret(&self) -> Option<&Key>;

    /// What checks public tokens and EdDSA JWTs.
    fn public(&self) -> &PublicKey;
}

impl Checks for Key {
    fn id(&self) -> KeyId {
        self.id()
    }

    fn secret(&self) -> Option<&Key> {
        Some(self)
    }

    fn public(&self) -> &PublicKey {
        self.public()
    }
}

impl Checks for PublicKey {
    fn id(&self) -> KeyId {
        self.id()
    }

    fn secret(&self) -> Option<&Key> {
        None
    }

    fn public(&self) -> &PublicKey {
        self
    }
}

/// A key of a ring.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CheckingKey {
    /// Makes tokens, and checks those of all forms.
    Secret(Box<Key>),
    /// Checks public tokens and EdDSA JWTs.
    Public(PublicKey),
}

impl Checks for CheckingKey {
    fn id(&self) -> KeyId {
        match self {
            CheckingKey::Secret(key) => key.id(),
            CheckingKey::Public(key) => key.id(),
        }
    }

    fn secret(&self) -> Option<&Key> {
        match self {
            CheckingKey::Secret(key) => Some(key),
            CheckingKey::Public(_) => None,
        }
    }

    fn public(&self) -> &PublicKey {
        match self {
            CheckingKey::Secret(key) => key.public(),
            CheckingKey::Public(key) => key,
        }
    }
}

impl CheckingKey {
    /// The id that its tokens carry.
    #[must_use]
    pub fn id(&self) -> KeyId {
        Checks::id(self)
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
