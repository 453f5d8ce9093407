//! The JWT form: what is minted, and what is taken and refused of what others make.

mod claims;
mod envelope;
mod mint;
mod properties;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use linkmint_token::claims::ClaimError;
use linkmint_token::key::{Key, Secret, SigningKey};
use linkmint_token::token::{Authentic, Form, Minter, Refusal, TokenId, UntrustedToken, Validity};

/// The id of [`key`].
const KID: &str = "e28e";
/// What all of these tests take for now: 2026-01-01 00:00 UTC.
const NOW: u64 = 1_767_225_600;

fn key() -> Key {
    Key::new(Secret::new((0..32).collect::<Vec<u8>>().into()).expect("32 bytes"))
}

fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn bytes_of(part: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(part).expect("base64url")
}

/// Signs two parts as they are, whatever they say.
fn signed_with(key: &SigningKey, header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
    let input = format!("{}.{}", base64url(header), base64url(payload));
    let tag = base64url(key.full_tag(input.as_bytes()));
    format!("{input}.{tag}")
}

/// A JWT as a backend makes it, with these members after `alg` in its header.
fn with_header(members: &str) -> String {
    signed_with(key().jwt(), format!(r#"{{"alg":"HS256"{members}}}"#), "{}")
}

/// A JWT as a backend makes it, with this payload.
fn with_payload(payload: impl AsRef<[u8]>) -> String {
    signed_with(key().jwt(), format!(r#"{{"alg":"HS256","kid":"{KID}"}}"#), payload)
}

fn minted(form: Form, claims: &[(&str, &str)]) -> Result<String, ClaimError> {
    let mut claims: Vec<_> = claims
        .iter()
        .map(|(name, value)| Ok((linkmint_token::claims::ClaimName::parse(name)?, *value)))
        .collect::<Result<_, ClaimError>>()?;
    claims.sort();
    let validity = Validity::new(NOW as u32, Some(NOW as u32 + 60), None).expect("times");
    let id = TokenId::parse("00000000002a").expect("an id");
    let mut text = Vec::new();
    Minter::new(&key(), form).mint::<ClaimError>(&validity, id, &mut text, |map| {
        claims.iter().try_for_each(|(name, value)| map.push(name, value))
    })?;
    Ok(String::from_utf8(text).expect("ASCII"))
}

fn check<T>(text: &str, look: impl FnOnce(&Authentic<'_>) -> T) -> Result<T, Refusal> {
    let mut buffer = Vec::new();
    let token = UntrustedToken::read(text, &mut buffer)?.authenticate(&[key().into()])?;
    token.check(NOW, 0)?;
    Ok(look(&token))
}

/// The status, or the claims as `name=value` in their order.
fn outcome(text: &str) -> String {
    let shown = |token: &Authentic<'_>| {
        let claims = token.claims();
        let words: Vec<String> = claims
            .iter()
            .map(|claim| format!("{}={}", claim.name, claim.value))
            .collect();
        assert_eq!(words.len(), claims.len());
        words.join(" ")
    };
    check(text, shown).unwrap_or_else(|refusal| refusal.status().to_string())
}
