//! A keyring: secrets, with which of them signs, and public keys, which only check.
//!
//! Its text is read and written in [`crate::jwk`], and where the text is kept is for others to know.

use crate::key::{CheckingKey, Key, KeyId, Secret};
use crate::unix_time::UnixTime;
use serde_json::{Map, Value};
use std::fmt;

/// Members of its text that are not ours, kept as they were.
pub(crate) type Extra = Map<String, Value>;

/// What a key is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Standing {
    /// Signs and verifies; one at most.
    Active,
    /// Verifies, and signs where it is named.
    Standby,
    /// Verifies only.
    Retired,
    /// A public key: it verifies public tokens and EdDSA JWTs and can sign nothing.
    Public,
}

impl Standing {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Standing::Active => "active",
            Standing::Standby => "standby",
            Standing::Retired => "retired",
            Standing::Public => "public",
        }
    }

    /// The standing of a secret by its word.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Standing::Active, Standing::Standby, Standing::Retired]
            .into_iter()
            .find(|standing| standing.as_str() == word)
    }
}

/// What a keyring says of a key, apart from the key itself.
#[derive(Clone)]
#[non_exhaustive]
pub struct Record {
    /// What it is used for.
    pub standing: Standing,
    /// When it was made, where that is known.
    pub created: Option<UnixTime>,
    pub(crate) extra: Extra,
}

/// Secrets with their standing, and public keys.
#[derive(Clone, Default)]
pub struct Keyring {
    pub(crate) keys: Vec<CheckingKey>,
    pub(crate) records: Vec<Record>,
    pub(crate) extra: Extra,
}

/// Without the members of others: what they hold may be as secret as a key.
impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("standing", &self.standing)
            .field("created", &self.created)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// What a keyring can't do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyringError {
    /// There is no key of this id.
    #[error("the keyring has no key {0}")]
    Unknown(KeyId),
    /// A retired key was asked to sign.
    #[error("key {0} is retired: it verifies, and signs no more")]
    Retired(KeyId),
    /// The active key can't be retired without a successor.
    #[error("key {0} is the active one, and links could no longer be signed without it")]
    NeedsSuccessor(KeyId),
    /// No key is active.
    #[error("the keyring has no active key")]
    NoneActive,
    /// Several keys of this id could be meant.
    #[error("several keys of the keyring have the id {0}")]
    Ambiguous(KeyId),
    /// This is a public key, and something was asked that takes the secret.
    #[error("key {0} is a public key: it checks tokens and makes none")]
    PublicKey(KeyId),
    /// There are public keys and nothing else.
    #[error("the keyring holds public keys alone: they check tokens and make none")]
    OnlyPublic,
    /// The system's random source failed.
    #[error("the system gives no random bytes")]
    NoRandom,
}

impl Keyring {
    /// A ring of one active key that stands in no file.
    #[must_use]
    pub fn of(secret: Secret) -> Self {
        let mut ring = Self::default();
        ring.push(Key::new(secret), Standing::Active, None);
        ring
    }

    /// All keys, for checking.
    #[must_use]
    pub fn keys(&self) -> &[CheckingKey] {
        &self.keys
    }

    /// All keys with what is said of them, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = (&CheckingKey, &Record)> {
        self.keys.iter().zip(&self.records)
    }

    /// The secrets with what is said of them.
    pub fn secrets(&self) -> impl Iterator<Item = (&Key, &Record)> {
        self.iter()
            .filter_map(|(key, record)| key.secret().map(|key| (key, record)))
    }

    /// What is needed to check public tokens and EdDSA JWTs: of each secret its public key, and the public keys. It makes
    /// no token and is no secret.
    #[must_use]
    pub fn to_public(&self) -> Self {
        let mut public = Self::default();
        for key in self.keys.iter().map(CheckingKey::public) {
            if public.keys.iter().all(|other| other.public() != key) {
                public.push(key.clone(), Standing::Public, None);
            }
        }
        public
    }

    /// An id that two different keys have. A check tries both; who looks a key up by its id can't.
    #[must_use]
    pub fn shared_id(&self) -> Option<KeyId> {
        let mut rest = self.keys.as_slice();
        while let Some((key, others)) = rest.split_first() {
            let shares = |other: &CheckingKey| other.id() == key.id() && other.public() != key.public();
            if others.iter().any(shares) {
                return Some(key.id());
            }
            rest = others;
        }
        None
    }

    /// Whether it can make no token, for having nothing but public keys.
    #[must_use]
    pub fn is_only_public(&self) -> bool {
        !self.keys.is_empty() && self.secrets().next().is_none()
    }

    /// The key that signs: the named one, else the active one.
    ///
    /// # Errors
    /// When there is none, it is retired or public, or several share the id.
    pub fn signing_key(&self, named: Option<KeyId>) -> Result<&Key, KeyringError> {
        if self.is_only_public() {
            return Err(KeyringError::OnlyPublic);
        }
        let Some(id) = named else {
            let active = self.secrets().find(|(_, record)| record.standing == Standing::Active);
            return active.map(|(key, _)| key).ok_or(KeyringError::NoneActive);
        };
        let mut able = self
            .secrets()
            .filter(|(key, record)| key.id() == id && record.standing != Standing::Retired);
        match (able.next(), able.next()) {
            (Some((key, _)), None) => Ok(key),
            (Some(_), Some(_)) => Err(KeyringError::Ambiguous(id)),
            (None, _) if self.secrets().any(|(key, _)| key.id() == id) => Err(KeyringError::Retired(id)),
            (None, _) if self.keys.iter().any(|key| key.id() == id) => Err(KeyringError::PublicKey(id)),
            (None, _) => Err(KeyringError::Unknown(id)),
        }
    }

    /// Draws a key with an id of its own and makes it the active one; the former one is on standby.
    ///
    /// # Errors
    /// When the system's random source fails.
    #[cfg(feature = "mint")]
    pub fn add_new(&mut self, created: UnixTime) -> Result<KeyId, KeyringError> {
        let key = loop {
            let key = Key::new(Secret::draw().map_err(|_| KeyringError::NoRandom)?);
            if self.keys.iter().all(|other| other.id() != key.id()) {
                break key;
            }
        };
        let id = key.id();
        for record in &mut self.records {
            if record.standing == Standing::Active {
                record.standing = Standing::Standby;
            }
        }
        self.push(key, Standing::Active, Some(created));
        Ok(id)
    }

    /// Takes over the keys of another ring that are not here yet, on standby (retired ones stay retired).
    /// Returns their ids.
    pub fn import(&mut self, other: Keyring) -> Vec<KeyId> {
        let mut added = Vec::new();
        for (key, mut record) in other.keys.into_iter().zip(other.records) {
            if self.keys.iter().any(|here| has_all_of(here, &key)) {
                continue;
            }
            if record.standing == Standing::Active {
                record.standing = Standing::Standby;
            }
            added.push(key.id());
            self.keys.push(key);
            self.records.push(record);
        }
        added
    }

    /// Retires every key of this id.
    ///
    /// # Errors
    /// When there is none, it is public, or it is the active one.
    pub fn retire(&mut self, id: KeyId) -> Result<(), KeyringError> {
        let mut places = self.places(id)?;
        places.retain(|&place| self.keys[place].secret().is_some());
        if places.is_empty() {
            return Err(KeyringError::PublicKey(id));
        }
        if places
            .iter()
            .any(|&place| self.records[place].standing == Standing::Active)
        {
            return Err(KeyringError::NeedsSuccessor(id));
        }
        for place in places {
            self.records[place].standing = Standing::Retired;
        }
        Ok(())
    }

    /// Removes every key of this id: all its tokens become `unknown_key`. Returns how many keys went.
    ///
    /// # Errors
    /// When there is none.
    pub fn remove(&mut self, id: KeyId) -> Result<usize, KeyringError> {
        let places = self.places(id)?;
        for &place in places.iter().rev() {
            self.keys.remove(place);
            self.records.remove(place);
        }
        Ok(places.len())
    }

    /// The keys of this id alone, as a ring.
    ///
    /// # Errors
    /// When there is none.
    pub fn only(&self, id: KeyId) -> Result<Self, KeyringError> {
        let places = self.places(id)?;
        Ok(Self {
            keys: places.iter().map(|&place| self.keys[place].clone()).collect(),
            records: places.iter().map(|&place| self.records[place].clone()).collect(),
            extra: Extra::default(),
        })
    }

    pub(crate) fn push(&mut self, key: impl Into<CheckingKey>, standing: Standing, created: Option<UnixTime>) {
        self.keys.push(key.into());
        self.records.push(Record {
            standing,
            created,
            extra: Extra::default(),
        });
    }

    fn places(&self, id: KeyId) -> Result<Vec<usize>, KeyringError> {
        let places: Vec<_> = (0..self.keys.len())
            .filter(|&place| self.keys[place].id() == id)
            .collect();
        match places.is_empty() {
            true => Err(KeyringError::Unknown(id)),
            false => Ok(places),
        }
    }
}

/// Whether the first key does all that the second does.
fn has_all_of(here: &CheckingKey, other: &CheckingKey) -> bool {
    match other.secret() {
        Some(other) => here.secret().is_some_and(|here| here.secret() == other.secret()),
        None => here.id() == other.id() && here.public() == other.public(),
    }
}
