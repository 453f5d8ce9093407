//! API keys: who may ask the service for what.
//!
//! A key is `lmk_ID_SECRET`. The file has the SHA-256 of the secret alone: 32 random bytes need no slow hash, as nobody
//! can try so many (NIST SP 800-63B, 3.1.2). Several are valid at once, which is how they are rotated.

use super::unique_map;
use crate::moment::{UnixTime, instant};
use ctutils::CtEq;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// What every API key begins with, so that a scanner for leaked secrets knows it.
const PREFIX: &str = "lmk_";
/// Letters of an id.
const ID: usize = 8;
/// Bytes of a secret.
const SECRET: usize = 32;

/// What a key may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Scope {
    /// Check tokens.
    Check,
    /// Make tokens and lists of them.
    Mint,
    /// Revoke tokens, and undo it.
    Revoke,
    /// Read statistics.
    Stats,
}

impl Scope {
    /// All there are.
    pub const ALL: [Scope; 4] = [Scope::Check, Scope::Mint, Scope::Revoke, Scope::Stats];

    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::Check => "check",
            Scope::Mint => "mint",
            Scope::Revoke => "revoke",
            Scope::Stats => "stats",
        }
    }

    /// The scope of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word)
    }
}

/// A key as the file has it: without its secret. A member that is not known may be one that binds it, misspelt.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiKey {
    /// 8 letters and digits that name it.
    pub id: String,
    /// What its owner calls it; it stands in the log.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// The SHA-256 of its secret.
    #[serde(serialize_with = "write_hash", deserialize_with = "read_hash")]
    pub sha256: [u8; 32],
    /// When it was made.
    #[serde(deserialize_with = "read_time")]
    pub created: UnixTime,
    /// The first second at which it is no longer valid.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "read_optional_time"
    )]
    pub expires_at: Option<UnixTime>,
    /// Claims that it is bound to: it mints and sees no others.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "unique_map::read"
    )]
    pub expect: BTreeMap<String, String>,
    /// The one web page that may use it in a browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

impl ApiKey {
    /// A key without end that is bound to nothing; it opens nothing before it is [added](ApiKeys::add).
    #[must_use]
    pub fn new(name: String, scopes: Vec<Scope>, created: UnixTime) -> Self {
        Self {
            id: String::new(),
            name,
            scopes,
            sha256: [0; 32],
            created,
            expires_at: None,
            expect: BTreeMap::new(),
            origin: None,
        }
    }
}

/// All API keys of a service, which shares each with who asks by it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiKeys {
    #[serde(
        rename = "linkmint_api_keys",
        serialize_with = "write_keys",
        deserialize_with = "read_keys"
    )]
    keys: Vec<Arc<ApiKey>>,
}

/// A key's text, which is shown once.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What a file of API keys is not.
#[derive(Debug, thiserror::Error)]
#[error(
    "it is no file of API keys: its JSON breaks off, or has a member that is not known or stands twice, at line {line}, \
    column {column}"
)]
pub struct NoApiKeys {
    line: usize,
    column: usize,
}

/// Why a key does not open anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyRefusal {
    /// No such key.
    Unknown,
    /// Its time is over.
    Expired,
}

impl ApiKeys {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// When it is something else. The error tells a place in it and nothing of its text.
    pub fn from_json(text: &str) -> Result<Self, NoApiKeys> {
        serde_json::from_str(text).map_err(|error| NoApiKeys {
            line: error.line(),
            column: error.column(),
        })
    }

    /// The text of the file.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("it has text keys") + "\n"
    }

    /// All keys, in the order of the file.
    #[must_use]
    pub fn keys(&self) -> &[Arc<ApiKey>] {
        &self.keys
    }

    /// Makes a key like this one, with an id and a secret of its own.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn add(&mut self, key: ApiKey) -> Result<(String, Secret), getrandom::Error> {
        let id = loop {
            let mut id = [0; ID / 2];
            getrandom::fill(&mut id)?;
            let id = HEXLOWER.encode(&id);
            if self.keys.iter().all(|other| other.id != id) {
                break id;
            }
        };
        let text = random_text()?;
        self.keys.push(Arc::new(ApiKey {
            id: id.clone(),
            sha256: Sha256::digest(text.as_bytes()).into(),
            ..key
        }));
        let whole = Zeroizing::new(format!("{PREFIX}{id}_{}", &*text));
        Ok((id, Secret(whole)))
    }

    /// Takes the key of that id out; whether there was one.
    pub fn remove(&mut self, id: &str) -> bool {
        let before = self.keys.len();
        self.keys.retain(|key| key.id != id);
        self.keys.len() < before
    }

    /// The key of that text. The secret is compared in constant time; the id in it is none.
    ///
    /// # Errors
    /// When there is none, or its time is over.
    pub fn find(&self, text: &[u8], now: UnixTime) -> Result<&Arc<ApiKey>, KeyRefusal> {
        let parts = text
            .strip_prefix(PREFIX.as_bytes())
            .and_then(|rest| rest.split_at_checked(ID));
        let (id, secret) = parts.ok_or(KeyRefusal::Unknown)?;
        let secret = secret.strip_prefix(b"_").ok_or(KeyRefusal::Unknown)?;
        let sha256: [u8; 32] = Sha256::digest(secret).into();
        let key = self.keys.iter().find(|key| key.id.as_bytes() == id);
        let key = key.filter(|key| key.sha256.ct_eq(&sha256).to_bool());
        let key = key.ok_or(KeyRefusal::Unknown)?;
        match key.expires_at {
            Some(end) if now >= end => Err(KeyRefusal::Expired),
            _ => Ok(key),
        }
    }
}

/// 32 random bytes as text.
pub(super) fn random_text() -> Result<Zeroizing<String>, getrandom::Error> {
    let mut bytes = Zeroizing::new([0; SECRET]);
    getrandom::fill(&mut *bytes)?;
    Ok(Zeroizing::new(BASE64URL_NOPAD.encode(&*bytes)))
}

/// Whether two secrets are the same, in a time that does not tell how far they are.
pub(super) fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).to_bool()
}

fn write_keys<S: Serializer>(keys: &[Arc<ApiKey>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(keys.iter().map(|key| &**key))
}

fn read_keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Arc<ApiKey>>, D::Error> {
    let keys = Vec::deserialize(deserializer)?;
    Ok(keys.into_iter().map(Arc::new).collect())
}

fn write_hash<S: Serializer>(hash: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&HEXLOWER.encode_display(hash))
}

fn read_hash<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
    let text = String::deserialize(deserializer)?;
    let bytes = HEXLOWER.decode(text.as_bytes()).ok();
    let hash = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    hash.ok_or_else(|| serde::de::Error::custom("no hash"))
}

fn read_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<UnixTime, D::Error> {
    instant(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

fn read_optional_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<UnixTime>, D::Error> {
    read_time(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(expires_at: Option<u32>) -> ApiKey {
        ApiKey {
            expires_at: expires_at.map(UnixTime),
            expect: BTreeMap::from([("campaign_id".into(), "spring26".into())]),
            ..ApiKey::new("shop".into(), vec![Scope::Check], UnixTime(1))
        }
    }

    #[test]
    fn a_key_opens_until_it_expires_and_no_other_text_does() {
        let mut keys = ApiKeys::default();
        let (id, secret) = keys.add(key(Some(10))).expect("random bytes");
        let text = secret.expose().to_owned();
        assert!(text.starts_with(&format!("lmk_{id}_")) && text.len() == 4 + 8 + 1 + 43);
        let keys = ApiKeys::from_json(&keys.to_json()).expect("its own text");
        let found = |text: &str, now| keys.find(text.as_bytes(), UnixTime(now)).map(|key| key.name.clone());
        assert_eq!(found(&text, 9), Ok("shop".to_owned()));
        assert_eq!(found(&text, 10), Err(KeyRefusal::Expired));
        for end in 0..text.len() {
            assert_eq!(found(&text[..end], 9), Err(KeyRefusal::Unknown));
            let mut other = text.clone().into_bytes();
            other[end] = if other[end] == b'x' { b'y' } else { b'x' };
            let other = String::from_utf8(other).expect("ASCII");
            assert_eq!(found(&other, 9), Err(KeyRefusal::Unknown), "{end}");
        }
    }

    #[test]
    fn the_file_has_no_secret_and_its_errors_tell_no_text() {
        let mut keys = ApiKeys::default();
        let (_, secret) = keys.add(key(None)).expect("random bytes");
        let text = keys.to_json();
        assert!(!text.contains(&secret.expose()[13..]));
        let broken = text.replace("shop", "sh\u{0}op");
        let error = ApiKeys::from_json(&broken)
            .expect_err("a control character")
            .to_string();
        assert!(!error.contains("sha256") && !error.contains("shop"), "{error}");
        assert!(keys.remove(&keys.keys()[0].id.clone()) && keys.keys().is_empty());
    }
}
