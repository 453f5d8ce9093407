//! The signed envelope: RFC 7515's compact serialization, with HS256 or EdDSA and nothing else.

use super::flaw::Flaw;
use super::members::{self, Member};
use crate::claims::MAX_JWT;
use crate::key::{CheckingKey, HMAC_LENGTH, KeyId, SIGNATURE_LENGTH, SigningKey, TAG_LENGTH};
use crate::token::form::Form;
use crate::token::refusal::Malformed;
use crate::token::text;

/// A JWS as it was received: well formed, and nothing more is known.
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
    /// Before anyone has checked it.
    pub(in crate::token) payload: Vec<u8>,
    signature: JwsSignature,
}

/// The signature, of the type that `alg` says.
#[derive(Debug)]
enum JwsSignature {
    Hs256([u8; HMAC_LENGTH]),
    EdDsa([u8; SIGNATURE_LENGTH]),
}

impl Jws {
    /// Reads the three parts strictly, and of their contents the header alone.
    ///
    /// # Errors
    /// When the text is no HS256 or EdDSA JWS that can be understood whole.
    pub fn read(text: &str) -> Result<Self, Malformed> {
        if text.len() > MAX_JWT {
            return Err(Malformed::Length);
        }
        // a fourth part is one too many
        let parts: Vec<&str> = text.splitn(4, '.').collect();
        let &[header, payload, signature] = parts.as_slice() else {
            return Err(Flaw::Parts.into());
        };
        if parts.contains(&"") {
            return Err(Flaw::Parts.into());
        }
        let dot = header.len() + 1 + payload.len();
        let (header, payload, signature) = (
            decode(header, 0)?,
            decode(payload, header.len() + 1)?,
            decode(signature, dot + 1)?,
        );
        let (form, kid) = read_header(&header)?;
        let signature = match form {
            Form::PublicJwt => JwsSignature::EdDsa(signature.try_into().map_err(|_| Flaw::Signature)?),
            _ => JwsSignature::Hs256(signature.try_into().map_err(|_| Flaw::Signature)?),
        };
        Ok(Self {
            kid,
            signature,
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

    /// Its form, which its `alg` says.
    #[must_use]
    pub fn form(&self) -> Form {
        match self.signature {
            JwsSignature::Hs256(_) => Form::Jwt,
            JwsSignature::EdDsa(_) => Form::PublicJwt,
        }
    }

    /// Whether the signature holds over the text as it was received; none if this key is not of the type that its `alg`
    /// asks for.
    pub(in crate::token) fn is_of_key(&self, key: &CheckingKey) -> Option<bool> {
        match &self.signature {
            JwsSignature::Hs256(tag) => {
                let key = key.secret()?.jwt();
                Some(key.verifies_full(self.signing_input.as_bytes(), tag))
            }
            JwsSignature::EdDsa(signature) => {
                let key = key.public();
                Some(key.verifies(self.signing_input.as_bytes(), signature))
            }
        }
    }

    /// The payload, if it is HS256 and the signature holds over the text as it was received.
    #[must_use]
    pub fn verify(self, key: &SigningKey) -> Option<Vec<u8>> {
        let JwsSignature::Hs256(tag) = &self.signature else {
            return None;
        };
        key.verifies_full(self.signing_input.as_bytes(), tag)
            .then_some(self.payload)
    }

    /// The beginning of the signature, which identifies the token.
    pub(in crate::token) fn tag(&self) -> &[u8; TAG_LENGTH] {
        let tag = match &self.signature {
            JwsSignature::Hs256(tag) => tag.first_chunk(),
            JwsSignature::EdDsa(signature) => signature.first_chunk(),
        };
        tag.expect("a signature has 32 bytes or more")
    }
}

/// The bytes of a part that begins at `place` of the text.
fn decode(part: &str, place: usize) -> Result<Vec<u8>, Malformed> {
    let mut bytes = Vec::new();
    match text::decode_base64url(part.as_bytes(), &mut bytes) {
        Ok(()) => Ok(bytes),
        Err(Malformed::Character(number)) => Err(Malformed::Character(place + number)),
        Err(_) => Err(Flaw::Encoding.into()),
    }
}

/// Holds the header to its rules and takes its `alg` and its `kid`.
fn read_header(json: &[u8]) -> Result<(Form, Option<String>), Flaw> {
    let (mut algorithm, mut kid) = (None, None);
    for (name, value) in members::read(json, Flaw::Header)? {
        match name.as_str() {
            "alg" => algorithm = Some(value),
            "crit" => return Err(Flaw::Critical),
            "kid" => kid = Some(value),
            _ => {}
        }
    }
    let form = match algorithm {
        Some(Member::Text(name)) if name == "HS256" => Form::Jwt,
        // RFC 8037, section 3.1; its name of its own since RFC 9864
        Some(Member::Text(name)) if name == "EdDSA" || name == "Ed25519" => Form::PublicJwt,
        _ => return Err(Flaw::Algorithm),
    };
    match kid {
        None => Ok((form, None)),
        Some(Member::Text(kid)) => Ok((form, Some(kid))),
        Some(_) => Err(Flaw::KeyId),
    }
}
