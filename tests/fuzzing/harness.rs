//! What must hold for any bytes at all, one function for each reader of what strangers write.
//!
//! The fuzz targets call these with what libFuzzer thinks of, `cargo test` with seeds that were spoiled at random.

use super::same_as_csv::assert_same;
use linkmint::claims::{ClaimMap, ClaimName, ClaimsEncoder};
use linkmint::key::CheckingKey;
use linkmint::paste;
use linkmint::repair;
use linkmint::token::shape::has_shape;
use linkmint::token::{UntrustedToken, wire};
use linkmint::{Alphabet, Key, Keyring, Secret, UnixTime, Verifier};
use serde_json::Value;

/// The first secret of the vectors: 0, 1, 2, …
pub(crate) fn key() -> Key {
    let bytes: Vec<u8> = (0..32).collect();
    Key::new(Secret::new(bytes.into()).expect("32 bytes"))
}

/// A token's text: no panic, one text for the same bytes, and what is read has a token's shape.
pub(crate) fn token_text(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let mut bytes = Vec::new();
    if let Ok(alphabet) = wire::decode(text, &mut bytes) {
        let mut again = Vec::new();
        wire::encode(&bytes, alphabet, &mut again);
        let same = match alphabet {
            Alphabet::Base32 => text.as_bytes().eq_ignore_ascii_case(&again),
            _ => text.as_bytes() == again,
        };
        assert!(same, "{text} is a second text of its bytes");
    }
    let mut buffer = Vec::new();
    let Ok(token) = UntrustedToken::read(text, &mut buffer) else {
        return;
    };
    assert!(has_shape(text), "{text} is read and has no shape");
    if let Ok(Some(said)) = token.peek() {
        assert_eq!(said.claims.iter().count(), said.claims.len());
    }
    let ring = Keyring::of(key().secret().clone());
    if let Ok(token) = Verifier::new(&ring).verify(text, UnixTime(1_790_000_000)) {
        assert_eq!(token.key_id(), key().id());
    }
}

/// The map of the claims: what is read is written again in the same bytes.
pub(crate) fn claims(data: &[u8]) {
    let Ok(map) = ClaimMap::read(data) else {
        return;
    };
    assert_eq!(map.claims.iter().count(), map.claims.len());
    let mut again = Vec::new();
    let mut encoder = ClaimsEncoder::new(map.not_before, &mut again);
    for claim in map.claims.iter() {
        let name = ClaimName::parse(claim.name).expect("the name of a claim that was read");
        let value = claim.value.to_string();
        assert!(claim.value.is(&value));
        encoder.push(&name, &value).expect("a claim that was read");
    }
    encoder.finish().expect("a map that was read");
    assert_eq!(again, &data[..map.length]);
}

/// A JWT with any header and payload, signed by who has the key: what is read says the same to a plain JSON reader.
pub(crate) fn jwt(data: &[u8]) {
    let key = key();
    let cut = data.iter().position(|byte| *byte == b'\n');
    let plain = format!(r#"{{"alg":"HS256","kid":"{}"}}"#, key.id());
    let (header, payload) = match cut {
        Some(at) => (&data[..at], &data[at + 1..]),
        None => (plain.as_bytes(), data),
    };
    let mut text = Vec::new();
    wire::encode(header, Alphabet::Base64Url, &mut text);
    text.push(b'.');
    wire::encode(payload, Alphabet::Base64Url, &mut text);
    let tag = key.jwt().full_tag(&text);
    text.push(b'.');
    wire::encode(&tag, Alphabet::Base64Url, &mut text);
    let text = String::from_utf8(text).expect("ASCII");
    let mut buffer = Vec::new();
    let Ok(token) = UntrustedToken::read(&text, &mut buffer) else {
        return;
    };
    assert!(text.starts_with("eyJ"), "{text} is no JWT and is read");
    assert_eq!(
        serde_json::from_slice::<Value>(header).expect("a header that was read")["alg"],
        "HS256"
    );
    let Ok(token) = token.authenticate(&[key.clone().into()]) else {
        return;
    };
    let json: Value = serde_json::from_slice(payload).expect("a payload that was read");
    for claim in token.claims().iter() {
        let shown = match &json[claim.name] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        assert_eq!(claim.value.to_string(), shown, "{}", claim.name);
    }
}

/// A keyring's JSON: no panic, no secret in what is told about it, and what is read is written and read again.
pub(crate) fn keyring(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    match Keyring::from_json(text) {
        Err(error) => {
            let told = format!("{error} {error:?}");
            for secret in secrets(text) {
                assert!(!told.contains(&secret), "{told} tells {secret}");
            }
        }
        Ok(ring) => {
            let told = format!("{ring:?}");
            for secret in secrets(text) {
                assert!(!told.contains(&secret), "{told} tells {secret}");
            }
            let again = Keyring::from_json(&ring.to_json()).expect("a keyring that was written");
            assert_eq!(again.to_json(), ring.to_json());
            let ids = |ring: &Keyring| ring.keys().iter().map(CheckingKey::id).collect::<Vec<_>>();
            assert_eq!(ids(&again), ids(&ring));
        }
    }
}

/// The texts in the place of a secret, long enough not to be in a message by chance, and not told as an id.
fn secrets(text: &str) -> Vec<String> {
    let json: Value = serde_json::from_str(text).unwrap_or_default();
    let keys = json["keys"].as_array().cloned().unwrap_or_default();
    let ids: Vec<_> = keys.iter().map(|key| key["kid"].to_string()).collect();
    let secrets = keys.iter().filter_map(|key| key["k"].as_str());
    let in_id = |secret: &&str| ids.iter().any(|id| id.contains(secret) || secret.len() < 20);
    secrets.filter(|secret| !in_id(secret)).map(str::to_owned).collect()
}

/// A list, cut into reads of any sizes: the cells of `csv`.
pub(crate) fn list(data: &[u8]) {
    let [delimiter, one, other, bytes @ ..] = data else {
        return;
    };
    // byte order marks and a `sep=` line are read by rules of our own
    let marks: [&[u8]; 3] = [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"];
    let has_sep_line = bytes.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"sep="));
    if marks.iter().any(|mark| bytes.starts_with(mark)) || has_sep_line {
        return;
    }
    let delimiter = [b',', b';', b'\t', b'|'][usize::from(*delimiter) % 4];
    assert_same(bytes, &[usize::from(*one) + 1, usize::from(*other) + 1], delimiter);
}

/// Pasted text: no panic, and candidates that are what they say.
pub(crate) fn pasted(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let candidates = paste::candidates(&text);
    for candidate in &candidates {
        assert_eq!(candidate.has_shape(), has_shape(&candidate.text));
    }
    if let [lone] = candidates.as_slice()
        && lone.text.len() < 80
    {
        assert!(repair::one_slip_away(&lone.text, &mut |_| false).is_none());
    }
}
