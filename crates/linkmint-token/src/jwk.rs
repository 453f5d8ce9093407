//! A keyring as text: a JWK Set's JSON (RFC 7517, section 5; `oct` keys: RFC 7518, section 6.4; public keys: RFC 8037,
//! section 2), and back.
//!
//! Our own members begin `linkmint_`; those of others are kept as they are. An error names a place in the text, or quotes
//! a member that holds no secret: `kty`, `alg`, `use`, `crv`, `kid` and `x`; and of those no text as long as one, for
//! members are also mixed up.

use crate::key::{CheckingKey, Key, KeyId, PUBLIC_KEY_LENGTH, PublicKey, PublicKeyError, Secret, SecretLength};
use crate::keys::{Extra, Keyring, Record, Standing};
use crate::token::wire;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::Zeroizing;

/// The `kty` of a secret.
const SECRET: &str = "oct";
/// The `kty` of a public key, and its `crv` (RFC 8037, section 2).
const PUBLIC: &str = "OKP";
const CURVE: &str = "Ed25519";
/// The `alg` of a public key: the one that is written (RFC 8037, section 3.1), and its newer name (RFC 9864).
const ALGORITHMS: [&str; 2] = ["EdDSA", "Ed25519"];

/// The `alg` of a JWT key.
const JWT_ALGORITHM: &str = "HS256";

/// Bytes of the longest member that a message quotes: the names in a JWK are shorter, and a secret is longer.
const MOST_SHOWN: usize = 24;

#[derive(Deserialize, Serialize)]
struct JwkSet {
    keys: Option<Vec<Jwk>>,
    #[serde(flatten)]
    extra: Extra,
}

#[derive(Default, Deserialize, Serialize)]
struct Jwk {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kty: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kid: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    alg: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    k: Option<Zeroizing<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    linkmint_created: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    linkmint_status: Option<String>,
    #[serde(flatten)]
    extra: Extra,
}

/// What is wrong with a keyring's text; keys are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JwkError {
    /// No JSON of this shape.
    #[error("it is no keyring: not a JWK Set in JSON (line {0}, column {1})")]
    NoJwkSet(usize, usize),
    /// No set at all.
    #[error("it is no keyring: it has no \"keys\", as a JWK Set has")]
    NoKeys,
    /// A key that is in no set.
    #[error("it is no keyring, but a JWK by itself: write {{\"keys\": [ … ]}} round it")]
    LoneKey,
    /// A member of a key is missing, or says something else than it must. No secret is quoted.
    #[error("key {key}: \"{member}\" is {found}, expected {expected}")]
    WrongMember {
        /// Which key.
        key: usize,
        /// The member's name.
        member: &'static str,
        /// What stands there, where it is short.
        found: String,
        /// What would have to.
        expected: &'static str,
    },
    /// A private key, where only a public one has a place: the secret that it comes from is what a keyring holds.
    #[error(
        "key {0} is a private key (it has \"{1}\"): a keyring holds secrets (\"oct\") and public keys (\"OKP\" without it)"
    )]
    PrivateKey(usize, &'static str),
    /// A public key without the id of the secret that it comes from.
    #[error("key {0} is a public key without a key id of four hex digits in lower case: \"kid\" is {1}")]
    NoKeyId(usize, String),
    /// A public key that is none.
    #[error("key {0}: {1}")]
    PublicKey(usize, PublicKeyError),
    /// A key of the JWT form, from which no others can be derived.
    #[error("key {0} is a JWT key: it checks and makes JWTs and is no keyring's secret")]
    JwtKey(usize),
    /// The secret is no base64url.
    #[error("the secret of key {0} is no base64url text")]
    NoBase64(usize),
    /// The secret is too short or too long.
    #[error("key {0}: {1}")]
    Length(usize, SecretLength),
    /// The stored id is not the derived one.
    #[error("key {0} is stored with the id {1}, but its secret has the id {2}")]
    WrongId(usize, String, KeyId),
    /// Our own members make no sense.
    #[error("key {0} has a linkmint_ member that this version does not know")]
    Member(usize),
    /// More than one key is active.
    #[error("keys {0} and {1} are both active")]
    TwoActive(usize, usize),
}

impl Keyring {
    /// Reads a keyring from its JSON.
    ///
    /// # Errors
    /// When it is no JWK Set of secrets and public keys, or a stored key id is not the derived one. No secret of
    /// the text is told.
    pub fn from_json(text: &str) -> Result<Self, JwkError> {
        let set: JwkSet =
            serde_json::from_str(text).map_err(|error| JwkError::NoJwkSet(error.line(), error.column()))?;
        let keys = set.keys.ok_or(match set.extra.contains_key("kty") {
            true => JwkError::LoneKey,
            false => JwkError::NoKeys,
        })?;
        let mut ring = Self {
            extra: set.extra,
            ..Self::default()
        };
        let lone = keys.iter().filter(|jwk| jwk.is(SECRET)).count() == 1;
        let mut active = None;
        for (index, jwk) in keys.into_iter().enumerate() {
            let number = index + 1;
            let (key, record) = read(jwk, number, lone)?;
            if record.standing == Standing::Active
                && let Some(other) = active.replace(number)
            {
                return Err(JwkError::TwoActive(other, number));
            }
            ring.keys.push(key);
            ring.records.push(record);
        }
        Ok(ring)
    }

    /// The keyring's JSON, secrets included.
    #[must_use]
    pub fn to_json(&self) -> Zeroizing<String> {
        let keys = self.iter().map(|(key, record)| {
            let created = record.created.map(|time| time.to_string());
            let jwk = match key {
                CheckingKey::Secret(key) => Jwk {
                    linkmint_status: Some(record.standing.as_str().into()),
                    ..Jwk::secret(key.id(), key.secret().expose())
                },
                CheckingKey::Public(key) => Jwk::public(key),
            };
            let mut extra = record.extra.clone();
            extra.extend(jwk.extra);
            Jwk {
                linkmint_created: created,
                extra,
                ..jwk
            }
        });
        write(keys.collect(), self.extra.clone())
    }

    /// The JWT keys as a JWK Set for a JOSE library: they check and make JWTs and no other form.
    #[must_use]
    pub fn to_jwt_json(&self) -> Zeroizing<String> {
        let keys = self.secrets().map(|(key, _)| Jwk {
            alg: Some(JWT_ALGORITHM.into()),
            ..Jwk::secret(key.id(), &*key.jwt_secret())
        });
        write(keys.collect(), Extra::default())
    }
}

impl Jwk {
    fn is(&self, kind: &str) -> bool {
        self.kty.as_ref().is_some_and(|own| own == kind)
    }

    fn secret(id: KeyId, secret: &[u8]) -> Self {
        Self {
            kty: Some(SECRET.into()),
            kid: Some(id.to_string().into()),
            k: Some(wire::encode_text(secret)),
            ..Self::default()
        }
    }

    fn public(key: &PublicKey) -> Self {
        let member = |name: &str, value: &str| (name.to_owned(), value.into());
        let x = wire::encode_text(key.as_bytes());
        Self {
            kty: Some(PUBLIC.into()),
            kid: Some(key.id().to_string().into()),
            alg: Some(ALGORITHMS[0].into()),
            extra: [member("crv", CURVE), member("x", &x), member("use", "sig")]
                .into_iter()
                .collect(),
            ..Self::default()
        }
    }
}

/// A secret's base64url text, as in the environment of a container.
///
/// # Errors
/// When it is no base64url, or has fewer than 32 or more than 64 bytes.
pub fn secret_from_base64url(text: &str) -> Result<Secret, JwkError> {
    let bytes = wire::decode_plain(text).ok_or(JwkError::NoBase64(1))?;
    Secret::new(bytes).map_err(|length| JwkError::Length(1, length))
}

fn read(jwk: Jwk, number: usize, lone: bool) -> Result<(CheckingKey, Record), JwkError> {
    let created = jwk.linkmint_created.as_deref().map(str::parse).transpose();
    let created = created.map_err(|_| JwkError::Member(number))?;
    let (key, standing, extra) = match &jwk.kty {
        _ if jwk.is(SECRET) => read_secret(jwk, number, lone)?,
        _ if jwk.is(PUBLIC) => read_public(jwk, number)?,
        kty => {
            let expected = "\"oct\" for a secret or \"OKP\" for a public Ed25519 key";
            return Err(wrong(number, "kty", kty.as_ref(), expected));
        }
    };
    let record = Record {
        standing,
        created,
        extra,
    };
    Ok((key, record))
}

fn read_secret(jwk: Jwk, number: usize, lone: bool) -> Result<(CheckingKey, Standing, Extra), JwkError> {
    match &jwk.alg {
        None => {}
        Some(alg) if alg == JWT_ALGORITHM => return Err(JwkError::JwtKey(number)),
        alg => return Err(wrong(number, "alg", alg.as_ref(), "none for a secret")),
    }
    let Some(text) = jwk.k else {
        return Err(wrong(number, "k", None, "the secret in base64url"));
    };
    let secret = Secret::new(wire::decode_plain(&text).ok_or(JwkError::NoBase64(number))?);
    let key = Key::new(secret.map_err(|length| JwkError::Length(number, length))?);
    if let Some(kid) = jwk.kid
        && kid != key.id().to_string()
    {
        return Err(JwkError::WrongId(number, told(Some(&kid)), key.id()));
    }
    let standing = match jwk.linkmint_status {
        Some(word) => Standing::parse(&word).ok_or(JwkError::Member(number))?,
        // a plain JWK Set of one secret: there is no doubt which one signs
        None if lone => Standing::Active,
        None => Standing::Standby,
    };
    Ok((key.into(), standing, jwk.extra))
}

fn read_public(jwk: Jwk, number: usize) -> Result<(CheckingKey, Standing, Extra), JwkError> {
    let mut extra = jwk.extra;
    let private = extra.contains_key("d").then_some("d").or(jwk.k.map(|_| "k"));
    if let Some(member) = private {
        return Err(JwkError::PrivateKey(number, member));
    }
    if jwk.linkmint_status.is_some() {
        return Err(JwkError::Member(number));
    }
    let (curve, x) = (extra.remove("crv"), extra.remove("x"));
    if curve.as_ref().is_none_or(|curve| curve != CURVE) {
        return Err(wrong(number, "crv", curve.as_ref(), "\"Ed25519\""));
    }
    if jwk
        .alg
        .as_ref()
        .is_some_and(|alg| ALGORITHMS.iter().all(|own| alg != own))
    {
        return Err(wrong(number, "alg", jwk.alg.as_ref(), "\"EdDSA\" or \"Ed25519\""));
    }
    // for encrypting, say
    let purpose = extra.remove("use").filter(|purpose| purpose != "sig");
    if purpose.is_some() {
        return Err(wrong(number, "use", purpose.as_ref(), "\"sig\""));
    }
    let kid = jwk.kid.as_ref().and_then(Value::as_str).unwrap_or_default();
    let id = KeyId::parse(kid).filter(|id| id.to_string() == kid);
    let id = id.ok_or_else(|| JwkError::NoKeyId(number, told(jwk.kid.as_ref())))?;
    let bytes = x.as_ref().and_then(|x| wire::decode_plain(x.as_str()?));
    let bytes = bytes.and_then(|bytes| <[u8; PUBLIC_KEY_LENGTH]>::try_from(bytes.as_slice()).ok());
    let expected = "an Ed25519 public key, 32 bytes in base64url";
    let bytes = bytes.ok_or_else(|| wrong(number, "x", x.as_ref(), expected))?;
    let key = PublicKey::new(id, &bytes).map_err(|error| JwkError::PublicKey(number, error))?;
    Ok((key.into(), Standing::Public, extra))
}

/// For members that hold no secret.
fn wrong(key: usize, member: &'static str, found: Option<&Value>, expected: &'static str) -> JwkError {
    JwkError::WrongMember {
        key,
        member,
        found: told(found),
        expected,
    }
}

/// What some other program wrote, for a message; `Debug` escapes what is in it.
fn told(found: Option<&Value>) -> String {
    match found {
        None => "missing".to_owned(),
        Some(Value::String(text)) if text.len() > MOST_SHOWN => {
            format!("a text of {} characters", text.chars().count())
        }
        Some(Value::String(text)) => format!("{text:?}"),
        Some(Value::Array(_)) => "a list".to_owned(),
        Some(Value::Object(_)) => "an object".to_owned(),
        Some(other) => other.to_string(),
    }
}

fn write(keys: Vec<Jwk>, extra: Extra) -> Zeroizing<String> {
    let keys = Some(keys);
    let mut text = serde_json::to_string_pretty(&JwkSet { keys, extra }).expect("a JWK Set has no map with other keys");
    text.push('\n');
    Zeroizing::new(text)
}

#[cfg(test)]
mod tests;
