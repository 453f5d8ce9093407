//! A keyring as text: a JWK Set's JSON (RFC 7517, section 5; `oct` keys: RFC 7518, section 6.4), and back.
//!
//! Our own members begin `linkmint_`; those of others are kept as they are. No error tells more of the text than a place
//! in it: all of it is secret.

use crate::key::{Key, KeyId, Secret, SecretLength};
use crate::keys::{Extra, Keyring, Record, Standing};
use crate::token::wire;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Characters of a foreign key id that a message quotes.
const MOST_SHOWN: usize = 40;

#[derive(Deserialize, Serialize)]
struct JwkSet {
    keys: Vec<Jwk>,
    #[serde(flatten)]
    extra: Extra,
}

#[derive(Deserialize, Serialize)]
struct Jwk {
    kty: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    alg: Option<String>,
    k: Zeroizing<String>,
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
    /// Another key type.
    #[error("key {0} is no \"kty\": \"oct\" key")]
    KeyType(usize),
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
    #[error("key {0} is stored with the id {1:?}, but its secret has the id {2}")]
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
    /// When it is no JWK Set of secrets, or a stored key id is not the derived one. No part of the text is told.
    pub fn from_json(text: &str) -> Result<Self, JwkError> {
        let set: JwkSet =
            serde_json::from_str(text).map_err(|error| JwkError::NoJwkSet(error.line(), error.column()))?;
        let mut ring = Self {
            extra: set.extra,
            ..Self::default()
        };
        let lone = set.keys.len() == 1;
        let mut active = None;
        for (index, jwk) in set.keys.into_iter().enumerate() {
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
        let keys = self.iter().map(|(key, record)| Jwk {
            kty: "oct".into(),
            kid: Some(key.id().to_string()),
            alg: None,
            k: base64url(key.secret().expose()),
            linkmint_created: record.created.map(|time| time.to_string()),
            linkmint_status: Some(record.standing.as_str().into()),
            extra: record.extra.clone(),
        });
        write(keys.collect(), self.extra.clone())
    }

    /// The JWT keys as a JWK Set for a JOSE library: they check and make JWTs and no other form.
    #[must_use]
    pub fn to_jwt_json(&self) -> Zeroizing<String> {
        let keys = self.keys().iter().map(|key| Jwk {
            kty: "oct".into(),
            kid: Some(key.id().to_string()),
            alg: Some("HS256".into()),
            k: base64url(&*key.jwt_secret()),
            linkmint_created: None,
            linkmint_status: None,
            extra: Extra::default(),
        });
        write(keys.collect(), Extra::default())
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

fn read(jwk: Jwk, number: usize, lone: bool) -> Result<(Key, Record), JwkError> {
    if jwk.kty != "oct" {
        return Err(JwkError::KeyType(number));
    }
    if jwk.alg.is_some() {
        return Err(JwkError::JwtKey(number));
    }
    let bytes = wire::decode_plain(&jwk.k).ok_or(JwkError::NoBase64(number))?;
    let secret = Secret::new(bytes).map_err(|length| JwkError::Length(number, length))?;
    let key = Key::new(secret);
    if let Some(kid) = jwk.kid
        && kid != key.id().to_string()
    {
        return Err(JwkError::WrongId(number, shortened(kid), key.id()));
    }
    let standing = match jwk.linkmint_status {
        Some(word) => Standing::parse(&word).ok_or(JwkError::Member(number))?,
        // a plain JWK Set of one key: there is no doubt which one signs
        None if lone => Standing::Active,
        None => Standing::Standby,
    };
    let created = match jwk.linkmint_created {
        Some(time) => Some(time.parse().map_err(|_| JwkError::Member(number))?),
        None => None,
    };
    let extra = jwk.extra;
    Ok((
        key,
        Record {
            standing,
            created,
            extra,
        },
    ))
}

/// An id that some other program wrote, for a message: `Debug` escapes what is in it.
fn shortened(kid: String) -> String {
    match kid.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", &kid[..end]),
        None => kid,
    }
}

fn base64url(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Vec::new();
    wire::encode(bytes, wire::Alphabet::Base64Url, &mut text);
    Zeroizing::new(String::from_utf8(text).expect("base64url is ASCII"))
}

fn write(keys: Vec<Jwk>, extra: Extra) -> Zeroizing<String> {
    let mut text = serde_json::to_string_pretty(&JwkSet { keys, extra }).expect("a JWK Set has no map with other keys");
    text.push('\n');
    Zeroizing::new(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    const SECRET: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    fn ring(key: &str) -> Result<Keyring, JwkError> {
        Keyring::from_json(&format!(r#"{{"keys":[{key}]}}"#))
    }

    #[test]
    fn a_plain_jwk_set_of_one_key_signs() {
        let ring = ring(&format!(r#"{{"kty":"oct","kid":"e28e","k":"{SECRET}"}}"#)).expect("a keyring");
        assert_eq!(
            ring.signing_key(None).map(|key| key.id().to_string()).as_deref(),
            Ok("e28e")
        );
    }

    #[test]
    fn what_others_wrote_is_kept() {
        let text = format!(r#"{{"keys":[{{"kty":"oct","k":"{SECRET}","use":"sig","x-note":[1]}}],"owner":"me"}}"#);
        let written = Keyring::from_json(&text).expect("a keyring").to_json();
        let again: Value = serde_json::from_str(&written).expect("JSON");
        assert_eq!(again["owner"], "me");
        assert_eq!(again["keys"][0]["x-note"][0], 1);
        assert_eq!(again["keys"][0]["linkmint_status"], "active");
    }

    #[test]
    fn what_is_no_keyring_is_refused_without_telling_its_text() {
        let table = [
            ("", "line 1"),
            (r#"{"kty":"RSA","k":""}"#, "oct"),
            (r#"{"kty":"oct","k":"!!!SECRET!!!"}"#, "base64url"),
            (r#"{"kty":"oct","k":"U0VDUkVU"}"#, "32 to 64 bytes, this one has 6"),
            (r#"{"kty":"oct","k":123456789}"#, "no keyring"),
            (&format!(r#"{{"kty":"oct","k":"{SECRET}","kid":"ffff"}}"#), "e28e"),
            (&format!(r#"{{"kty":"oct","k":"{SECRET}","alg":"HS256"}}"#), "JWT key"),
            (
                &format!(r#"{{"kty":"oct","k":"{SECRET}","k":"{SECRET}"}}"#),
                "no keyring",
            ),
            (
                &format!(r#"{{"kty":"oct","k":"{SECRET}","linkmint_status":"x"}}"#),
                "linkmint_",
            ),
        ];
        for (key, words) in table {
            let message = match key {
                "" => Keyring::from_json(""),
                key => ring(key),
            };
            let message = message.expect_err(key).to_string();
            assert!(message.contains(words), "{message}");
            assert!(
                !message.contains("SECRET") && !message.contains("123456789"),
                "{message}"
            );
        }
    }

    #[test]
    fn debug_shows_nothing_that_others_wrote() {
        let text = format!(r#"{{"keys":[{{"kty":"oct","k":"{SECRET}","d":"HIDDEN"}}],"old":"HIDDEN"}}"#);
        let shown = format!("{:?}", Keyring::from_json(&text).expect("a keyring"));
        assert!(shown.contains("e28e") && shown.contains("Active"), "{shown}");
        assert!(!shown.contains("HIDDEN") && !shown.contains(SECRET), "{shown}");
    }

    #[test]
    fn two_active_keys_are_refused() {
        let other = "HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
        let key = |k| format!(r#"{{"kty":"oct","k":"{k}","linkmint_status":"active"}}"#);
        let both = format!("{},{}", key(SECRET), key(other));
        assert_eq!(ring(&both).expect_err("two"), JwkError::TwoActive(1, 2));
    }
}
