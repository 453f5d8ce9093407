//! Public tokens and EdDSA JWTs: what is signed, and every way to sign falsely that a check could let through.
//!
//! The long test takes a minute with optimisation: `cargo test --release --test public -- --ignored`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use curve25519_dalek::constants::EIGHT_TORSION;
use curve25519_dalek::{EdwardsPoint, Scalar};
use linkmint_token::key::{CheckingKey, Key, PublicKey, SIGNATURE_LENGTH, Secret, SigningKey};
use linkmint_token::token::jwt::{Flaw, Jws};
use linkmint_token::token::{Malformed, UntrustedToken};
use linkmint_token::{Alphabet, ClaimSet, Form, Keyring, Minter, Refusal, TokenId, UnixTime, Validity, Verifier};
use serde_json::{Value, json};
use sha2::{Digest, Sha512};

const NOW: UnixTime = UnixTime(1_790_000_000);

fn secret() -> Secret {
    Secret::new((0..32).collect::<Vec<u8>>().into()).expect("32 bytes")
}

fn key() -> Key {
    Key::new(secret())
}

fn mint(form: Form, customer: &str) -> String {
    let claims = ClaimSet::of([("customer_id", customer), ("campaign_id", "spring26")]).expect("claims");
    let id = TokenId::parse("010203040506").expect("an id");
    let validity = Validity::lasting(NOW, 86_400).expect("times");
    Minter::new(&key(), form)
        .mint_claims(&validity, id, &claims)
        .expect("they fit")
}

fn bytes(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).expect("base64url")
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The status with the public key alone.
fn status(text: &str) -> &'static str {
    let ring = Keyring::of(secret()).to_public();
    match Verifier::new(&ring).verify(text, NOW) {
        Ok(_) => "valid",
        Err(refusal) => refusal.status().as_str(),
    }
}

/// The private scalar of the key (RFC 8032, section 5.1.5).
fn scalar() -> Scalar {
    let seed = SigningKey::new(secret().expose()).full_tag(b"linkmint v1 public");
    let mut half = [0; 32];
    half.copy_from_slice(&Sha512::digest(seed)[..32]);
    Scalar::from_bytes_mod_order(curve25519_dalek::scalar::clamp_integer(half))
}

/// A signature with this R, whose S is as it would be for the point `r` times the base.
fn signature(message: &[u8], r: Scalar, commitment: EdwardsPoint) -> [u8; SIGNATURE_LENGTH] {
    let commitment = commitment.compress();
    let hash = Sha512::new()
        .chain_update(commitment.as_bytes())
        .chain_update(key().public().as_bytes())
        .chain_update(message)
        .finalize();
    let k = Scalar::from_bytes_mod_order_wide(&hash.into());
    let mut signature = [0; SIGNATURE_LENGTH];
    signature[..32].copy_from_slice(commitment.as_bytes());
    signature[32..].copy_from_slice((r + k * scalar()).as_bytes());
    signature
}

fn with_signature(token: &[u8], signature: &[u8; SIGNATURE_LENGTH]) -> String {
    let message = &token[..token.len() - SIGNATURE_LENGTH];
    text(&[message, signature].concat())
}

/// S plus the order of the group, which stands for the same scalar.
fn plus_order(signature: &[u8; SIGNATURE_LENGTH]) -> [u8; SIGNATURE_LENGTH] {
    let order = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut sum = *signature;
    let mut carry = 0;
    for (byte, add) in sum[32..].iter_mut().zip(order) {
        let all = u16::from(*byte) + add + carry;
        *byte = all as u8;
        carry = all >> 8;
    }
    sum
}

#[test]
fn a_public_key_checks_a_public_token_in_both_alphabets() {
    for (alphabet, letter) in [(Alphabet::Base64Url, 'P'), (Alphabet::Base32, 'h')] {
        let token = mint(Form::Public(alphabet), "1234567");
        assert!(token.starts_with(letter), "{token}");
        assert_eq!(status(&token), "valid");
        assert_eq!(mint(Form::Public(alphabet), "1234567"), token, "the same each time");
    }
    let three = mint(Form::Public(Alphabet::Base64Url), "1234567");
    assert_eq!(three.len(), mint(Form::default(), "1234567").len() + 64);
    assert_eq!(status(&mint(Form::default(), "1234567")), "unknown_key");
    assert_eq!(status(&mint(Form::Jwt, "1234567")), "unknown_key");
    assert_eq!(status(&mint(Form::PublicJwt, "1234567")), "valid");
}

#[test]
fn a_signature_has_one_form() {
    let token = bytes(&mint(Form::Public(Alphabet::Base64Url), "1234567"));
    let (message, own) = token.split_last_chunk::<SIGNATURE_LENGTH>().expect("a signature");
    let base = |r: Scalar| EdwardsPoint::mul_base(&r);
    let r = Scalar::from(7u8);
    // made as an honest one is, with another r: it holds, so that what follows is refused for its own fault
    assert_eq!(
        status(&with_signature(&token, &signature(message, r, base(r)))),
        "valid"
    );
    assert_eq!(status(&with_signature(&token, own)), "valid");
    assert_eq!(status(&with_signature(&token, &plus_order(own))), "invalid_signature");
    for point in EIGHT_TORSION {
        // R of small order: with r = 0 the equation holds for the identity to the byte
        let small = signature(message, Scalar::ZERO, point);
        assert_eq!(
            status(&with_signature(&token, &small)),
            "invalid_signature",
            "{point:?}"
        );
        // R with a small part: the equation holds with the cofactor only
        if point != EIGHT_TORSION[0] {
            let torsioned = signature(message, r, base(r) + point);
            assert_eq!(
                status(&with_signature(&token, &torsioned)),
                "invalid_signature",
                "{point:?}"
            );
        }
    }
}

#[test]
fn a_jwt_is_checked_with_the_key_that_its_algorithm_asks_for() {
    let header = |alg: &str| format!(r#"{{"alg":"{alg}","kid":"e28e","typ":"JWT"}}"#);
    let input = |alg: &str| format!("{}.{}", text(header(alg).as_bytes()), text(b"{}"));
    let signed = |alg: &str| format!("{}.{}", input(alg), text(&key().sign(input(alg).as_bytes())));
    assert_eq!(status(&signed("EdDSA")), "valid");
    assert_eq!(status(&signed("Ed25519")), "valid");
    let flaw = |text: &str| Jws::read(text).expect_err("a flaw");
    for alg in ["HS256", "none", "ES256", "Ed448", "eddsa"] {
        let expected = if alg == "HS256" {
            Flaw::Signature
        } else {
            Flaw::Algorithm
        };
        assert_eq!(flaw(&signed(alg)), Malformed::Jwt(expected), "{alg}");
    }
    // RFC 8725, section 3.1: an HMAC whose key is the public key, which everybody knows
    let mac = |key: &SigningKey, alg: &str| format!("{}.{}", input(alg), text(&key.full_tag(input(alg).as_bytes())));
    let public = SigningKey::new(key().public().as_bytes());
    assert_eq!(status(&mac(&public, "HS256")), "unknown_key");
    let mut buffer = Vec::new();
    let forged = mac(&public, "HS256");
    let token = UntrustedToken::read(&forged, &mut buffer).expect("well formed");
    assert_eq!(
        token.authenticate(&[key().into()]).expect_err("forged"),
        Refusal::InvalidSignature
    );
    assert_eq!(flaw(&mac(&public, "EdDSA")), Malformed::Jwt(Flaw::Signature));
    // the genuine HMAC too says nothing to a public key
    assert_eq!(status(&mac(key().jwt(), "HS256")), "unknown_key");
}

#[test]
fn no_signature_of_one_form_holds_in_the_other() {
    let jwt = mint(Form::PublicJwt, "1234567");
    let (input, signature) = jwt.rsplit_once('.').expect("three parts");
    // a token's bytes begin with 0x3C, a JWT's signing input with the letters eyJ
    let relabelled = [input.as_bytes(), &bytes(signature)].concat();
    assert_eq!(status(&text(&relabelled)), "malformed");
    let token = bytes(&mint(Form::Public(Alphabet::Base64Url), "1234567"));
    let (_, signature) = token.split_last_chunk::<SIGNATURE_LENGTH>().expect("a signature");
    assert_eq!(status(&format!("{input}.{}", text(signature))), "invalid_signature");
}

#[test]
fn keys_that_share_an_id_are_each_tried() {
    let other = Key::new(Secret::new(vec![9; 32].into()).expect("32 bytes"));
    let twin = PublicKey::new(key().id(), other.public().as_bytes()).expect("a public key");
    let keys: [CheckingKey; 2] = [twin.into(), key().public().clone().into()];
    let text = mint(Form::Public(Alphabet::Base64Url), "1");
    let check = |keys: &[CheckingKey]| {
        let mut buffer = Vec::new();
        let token = UntrustedToken::read(&text, &mut buffer).expect("well formed");
        token.authenticate(keys).map(|_| ())
    };
    assert_eq!(check(&keys), Ok(()));
    assert_eq!(check(&keys[..1]), Err(Refusal::InvalidSignature));
}

/// Forgeries as rows that other verifiers are held against, too: `LINKMINT_BLESS=1` writes them anew.
fn forgeries() -> Vec<Value> {
    let public = json!({"kty": "OKP", "crv": "Ed25519", "kid": "e28e", "alg": "EdDSA", "use": "sig",
        "x": text(key().public().as_bytes())});
    let ring = json!({"keys": [public]});
    let row = |name: &str, keys: &Value, text: String, status: &str| json!({"name": name, "keys": keys, "text": text, "now": NOW.0, "status": status});
    let token = bytes(&mint(Form::Public(Alphabet::Base64Url), "1234567"));
    let (message, own) = token.split_last_chunk::<SIGNATURE_LENGTH>().expect("a signature");
    let forged = |signature| with_signature(&token, &signature);
    let (r, base) = (Scalar::from(7u8), EdwardsPoint::mul_base(&Scalar::from(7u8)));
    let jwt = mint(Form::PublicJwt, "1234567");
    let mut rows = vec![
        row("genuine", &ring, text(&token), "valid"),
        row("another r", &ring, forged(signature(message, r, base)), "valid"),
        row(
            "S plus the group's order",
            &ring,
            forged(plus_order(own)),
            "invalid_signature",
        ),
        row(
            "signature of zeros",
            &ring,
            forged([0; SIGNATURE_LENGTH]),
            "invalid_signature",
        ),
        row("a signed token", &ring, mint(Form::default(), "1234567"), "unknown_key"),
        row(
            "a sealed token",
            &ring,
            mint(Form::Sealed(Alphabet::Base64Url), "1234567"),
            "unknown_key",
        ),
        row("an HS256 JWT", &ring, mint(Form::Jwt, "1234567"), "unknown_key"),
        row("an EdDSA JWT", &ring, jwt.clone(), "valid"),
        row(
            "an EdDSA JWT, changed",
            &ring,
            jwt.replacen(".eyJ", ".eyK", 1),
            "invalid_signature",
        ),
    ];
    for (number, point) in EIGHT_TORSION.into_iter().enumerate() {
        let small = forged(signature(message, Scalar::ZERO, point));
        rows.push(row(
            &format!("R of small order, {number}"),
            &ring,
            small,
            "invalid_signature",
        ));
        if number > 0 {
            let torsioned = forged(signature(message, r, base + point));
            let name = format!("R with a part of small order, {number}");
            rows.push(row(&name, &ring, torsioned, "invalid_signature"));
        }
        let mut weak = ring.clone();
        weak["keys"][0]["x"] = text(point.compress().as_bytes()).into();
        // under such a key R = [S]B holds for any message, or for one in eight
        let anyones = forged(signature(message, Scalar::ZERO, point));
        rows.push(row(&format!("a key of small order, {number}"), &weak, anyones, "error"));
    }
    rows
}

#[test]
fn every_forgery_has_its_status() {
    let rows = forgeries();
    let place = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/public-vectors.json");
    if std::env::var_os("LINKMINT_BLESS").is_some() {
        let lines: Vec<String> = rows.iter().map(Value::to_string).collect();
        std::fs::write(place, format!("[\n{}\n]\n", lines.join(",\n"))).expect("written");
    }
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(place).expect("the vectors")).expect("JSON");
    assert_eq!(kept, Value::from(rows));
    for row in kept.as_array().expect("rows") {
        let ring = Keyring::from_json(&row["keys"].to_string());
        let told = ring.map_or("error", |ring| {
            let token = row["text"].as_str().expect("a text");
            Verifier::new(&ring)
                .verify(token, NOW)
                .map_or_else(|refusal| refusal.status().as_str(), |_| "valid")
        });
        assert_eq!(told, row["status"], "{}", row["name"]);
    }
}

/// Damages `count` tokens, each in one of the ways that a forger has, and returns how many were taken.
fn taken(count: u64) -> u64 {
    let ring = Keyring::of(secret()).to_public();
    let genuine = bytes(&mint(Form::Public(Alphabet::Base64Url), "1234567"));
    let (message, own) = genuine.split_last_chunk::<SIGNATURE_LENGTH>().expect("a signature");
    let mut state = 1u64;
    let mut next = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    let mut buffer = Vec::new();
    let mut taken = 0;
    for number in 0..count {
        let random = Scalar::from(next());
        let small = EIGHT_TORSION[(next() % 8) as usize];
        let mut damaged = genuine.clone();
        let end = damaged.len() - SIGNATURE_LENGTH;
        let place = (next() as usize) % damaged.len();
        match number % 8 {
            0..5 => damaged[place] ^= 1 << (next() % 8),
            5 => damaged[end..].copy_from_slice(&plus_order(own)),
            6 => damaged[end..].copy_from_slice(&signature(message, Scalar::ZERO, small)),
            _ => {
                let small = EIGHT_TORSION[1 + (next() % 7) as usize];
                let point = EdwardsPoint::mul_base(&random) + small;
                damaged[end..].copy_from_slice(&signature(message, random, point));
            }
        }
        let token =
            UntrustedToken::read(&text(&damaged), &mut buffer).map(|token| token.authenticate(ring.keys()).is_ok());
        taken += u64::from(token.unwrap_or(false));
    }
    taken
}

#[test]
fn damaged_public_tokens_are_refused() {
    assert_eq!(taken(2_000), 0);
}

#[test]
#[ignore = "a million signatures"]
fn a_million_damaged_public_tokens_are_refused() {
    assert_eq!(taken(1_000_000), 0);
}
