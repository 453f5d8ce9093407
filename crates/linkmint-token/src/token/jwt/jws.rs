//! The signed envelope: RFC 7515's compact serialization, with HS256 and nothing else.

use super::Flaw;
use super::members::{self, Member, Unreadable};
use crate::claims::MAX_JWT;
use crate::key::{KeyId, SigningKey};
use crate::token::Malformed;
use crate::token::wire;

/// HMAC-SHA256's length (RFC 7518, section 3.2).
const TAG: usize = 32;

/// An HS256 JWS as it was received: well formed, and nothing more is known.
///
/// For who holds a JWT key without the secret it was derived from, as a backend does:
/// ```
/// # use linkmint_token::{claims::ClaimError, key::{Key, Secret, SigningKey}, token::{Form, Minter, TokenId, Validity, jwt::Jws}};
/// # let key = Key::new(Secret::draw()?);
/// # let mut text = Vec::new();
/// # Minter::new(&key, Form::Jwt).mint::<ClaimError>(&Validity::new(1, None, None)?, TokenId::draw()?, &mut text, |_| Ok(()))?;
/// # let text = String::from_utf8(text)?;
/// let jwt_key = SigningKey::new(&*key.jwt_secret());
/// let payload = Jws::read(&text)?.verify(&jwt_key).expect("its signature holds");
/// assert!(payload.starts_with(b"{\"iat\":1,\"jti\":\"00000001"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Jws {
    signing_input: String,
    kid: Option<String>,
    payload: Vec<u8>,
    tag: [u8; TAG],
}

impl Jws {
    /// Reads the three parts strictly, and of their contents the header alone.
    ///
    /// # Errors
    /// When the text is no HS256 JWS that can be understood whole.
    pub fn read(text: &str) -> Result<Self, Malformed> {
        if text.len() > MAX_JWT {
            return Err(Malformed::Length);
        }
        let mut parts = text.split('.');
        let (Some(header), Some(payload), Some(tag), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Flaw::Parts.into());
        };
        if [header, payload, tag].contains(&"") {
            return Err(Flaw::Parts.into());
        }
        let dot = header.len() + 1 + payload.len();
        let (header, payload, tag) = (
            decode(header, 0)?,
            decode(payload, header.len() + 1)?,
            decode(tag, dot + 1)?,
        );
        Ok(Self {
            kid: read_header(&header)?,
            tag: tag.try_into().map_err(|_| Flaw::Signature)?,
            signing_input: text[..dot].to_owned(),
            payload,
        })
    }

    /// The key it says to be of, in the words of its header.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The key it says to be of, if that is an id as ours are: RFC 7515, section 4.1.4, tells upper from lower case.
    #[must_use]
    pub fn key_id(&self) -> Option<KeyId> {
        let kid = self.kid()?;
        KeyId::parse(kid).filter(|id| id.to_string() == kid)
    }

    /// Whether the signature holds over the text as it was received.
    #[must_use]
    pub fn is_of(&self, key: &SigningKey) -> bool {
        key.verifies_full(self.signing_input.as_bytes(), &self.tag)
    }

    /// The payload, if the signature holds.
    #[must_use]
    pub fn verify(self, key: &SigningKey) -> Option<Vec<u8>> {
        self.is_of(key).then_some(self.payload)
    }

    /// The payload, before anyone has checked it.
    pub(in crate::token) fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The signature, before anyone has checked it.
    pub(in crate::token) fn tag(&self) -> &[u8; TAG] {
        &self.tag
    }
}

/// The bytes of a part that begins at `place` of the text.
fn decode(part: &str, place: usize) -> Result<Vec<u8>, Malformed> {
    let mut bytes = Vec::new();
    match wire::decode_base64url(part.as_bytes(), &mut bytes) {
        Ok(()) => Ok(bytes),
        Err(Malformed::Character(number)) => Err(Malformed::Character(place + number)),
        Err(_) => Err(Flaw::Encoding.into()),
    }
}

/// Holds the header to its rules and takes its `kid`.
fn read_header(json: &[u8]) -> Result<Option<String>, Flaw> {
    let members = members::read(json).map_err(|error| match error {
        Unreadable::NoObject => Flaw::Header,
        Unreadable::Twice => Flaw::Twice,
    })?;
    let (mut algorithm, mut kid) = (None, None);
    for (name, value) in members {
        match name.as_str() {
            "alg" => algorithm = Some(value),
            "crit" => return Err(Flaw::Critical),
            "kid" => kid = Some(value),
            _ => {}
        }
    }
    match algorithm {
        Some(Member::Text(name)) if name == "HS256" => {}
        _ => return Err(Flaw::Algorithm),
    }
    match kid {
        None => Ok(None),
        Some(Member::Text(kid)) => Ok(Some(kid)),
        Some(_) => Err(Flaw::KeyId),
    }
}
