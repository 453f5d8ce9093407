//! The format as vectors: minting gives the same bytes, checking the same fields or the same refusal.

use linkmint_token::claims::{ClaimError, ClaimName};
use linkmint_token::key::{Key, PublicKey, Secret};
use linkmint_token::token::wire::Alphabet;
use linkmint_token::token::{Authentic, Form, Minter, Refusal, TokenId, UntrustedToken, Validity};
use serde_json::{Map, Value};

fn vectors(list: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("token-vectors.json")).expect("the vectors are JSON");
    let rows = all[list].as_array().expect("a list of vectors").clone();
    assert!(rows.len() > 20);
    rows
}

fn text<'a>(row: &'a Value, member: &str) -> &'a str {
    row[member]
        .as_str()
        .unwrap_or_else(|| panic!("{row}: no text {member}"))
}

fn seconds(row: &Value, member: &str) -> Option<u32> {
    row[member].as_u64().map(|seconds| seconds as u32)
}

fn key(row: &Value) -> Key {
    let digits = text(row, "secret").as_bytes();
    let bytes = digits.chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).expect("ASCII");
        u8::from_str_radix(pair, 16).expect("hex")
    });
    Key::new(Secret::new(bytes.collect::<Vec<_>>().into()).expect("a secret's length"))
}

fn claims(row: &Value) -> Vec<(ClaimName, String)> {
    let object: &Map<_, _> = row["claims"].as_object().expect("claims");
    let mut claims: Vec<_> = object
        .iter()
        .map(|(name, value)| {
            let name = ClaimName::parse(name).expect("a name");
            (name, value.as_str().expect("a text").to_owned())
        })
        .collect();
    claims.sort();
    claims
}

fn mint(row: &Value, alphabet: Alphabet) -> String {
    let form = match (row["sealed"] == true, row["public"] == true) {
        (true, _) => Form::Sealed(alphabet),
        (_, true) => Form::Public(alphabet),
        _ => Form::Signed(alphabet),
    };
    let issued_at = seconds(row, "issued_at").expect("issued_at");
    let validity = Validity::new(issued_at, seconds(row, "expires_at"), seconds(row, "not_before"));
    let id = TokenId::parse(text(row, "id")).expect("an id");
    let mut out = Vec::new();
    Minter::new(&key(row), form)
        .mint::<ClaimError>(&validity.expect("times"), id, &mut out, |encoder| {
            claims(row)
                .iter()
                .try_for_each(|(name, value)| encoder.push(name, value))
        })
        .expect("claims that fit");
    String::from_utf8(out).expect("ASCII")
}

fn assert_fields(row: &Value, token: &Authentic<'_>) {
    let name = text(row, "name");
    assert_eq!(token.key_id().to_string(), text(row, "key_id"), "{name}");
    assert_eq!(token.times().issued_at, seconds(row, "issued_at"), "{name}");
    assert_eq!(token.times().expires_at, seconds(row, "expires_at"), "{name}");
    assert_eq!(token.times().not_before, seconds(row, "not_before"), "{name}");
    assert_eq!(token.id(), TokenId::parse(text(row, "id")), "{name}");
    let read: Map<String, Value> = token
        .claims()
        .iter()
        .map(|claim| (claim.name.to_owned(), claim.value.to_string().into()))
        .collect();
    assert_eq!(Value::Object(read), row["claims"], "{name}");
    assert_eq!(
        format!("{:?}", token.into_owned().borrow()),
        format!("{token:?}"),
        "{name}"
    );
}

#[test]
fn every_valid_vector_is_minted_byte_for_byte() {
    for row in vectors("valid") {
        let name = text(&row, "name");
        assert_eq!(mint(&row, Alphabet::Base64Url), text(&row, "base64url"), "{name}");
        assert_eq!(mint(&row, Alphabet::Base32), text(&row, "base32"), "{name}");
    }
}

#[test]
fn every_valid_vector_is_read_back_in_both_alphabets_and_any_case() {
    for row in vectors("valid") {
        let base32 = text(&row, "base32");
        let mut buffer = Vec::new();
        for form in [text(&row, "base64url"), base32, &base32.to_uppercase()] {
            let token = UntrustedToken::read(form, &mut buffer).expect("well formed");
            let token = token.authenticate(&[key(&row).into()]).expect("authentic");
            assert_fields(&row, &token);
        }
    }
}

#[test]
fn every_refused_vector_is_refused_with_its_status() {
    for row in vectors("refused") {
        let mut buffer = Vec::new();
        let now = row["now"].as_u64().expect("now");
        let leeway = row["leeway"].as_u64().expect("leeway");
        let refusal: Result<(), Refusal> = UntrustedToken::read(text(&row, "text"), &mut buffer)
            .and_then(|token| token.authenticate(&[key(&row).into()]))
            .and_then(|token| token.check(now, leeway));
        let status = refusal.expect_err(text(&row, "name")).status();
        assert_eq!(status.as_str(), text(&row, "status"), "{}", text(&row, "name"));
    }
}

/// The first number that is, as the beginning of a secret of zeros, a key with the id of the first vector's.
const TWIN_NUMBER: u64 = 160_769;

#[test]
fn a_key_that_shares_its_id_does_not_stand_in_the_way() {
    // the second of two keys with one id, which is two bytes only
    let row = &vectors("valid")[0];
    let genuine = key(row);
    let mut bytes = vec![0; 32];
    bytes[..8].copy_from_slice(&TWIN_NUMBER.to_be_bytes());
    let twin = Key::new(Secret::new(bytes.into()).expect("32 bytes"));
    assert_eq!(twin.id(), genuine.id());
    for row in &vectors("valid")[..2] {
        let mut buffer = Vec::new();
        let token = UntrustedToken::read(text(row, "base64url"), &mut buffer).expect("well formed");
        assert_fields(
            row,
            &token
                .authenticate(&[twin.clone().into(), genuine.clone().into()])
                .expect("authentic"),
        );
        let token = UntrustedToken::read(text(row, "base64url"), &mut buffer).expect("well formed");
        assert_eq!(
            token.authenticate(&[twin.clone().into()]).expect_err("not its key"),
            Refusal::InvalidSignature
        );
    }
}

#[test]
fn every_public_vector_is_checked_with_its_public_key_alone() {
    let rows = vectors("valid");
    let public: Vec<_> = rows.iter().filter(|row| row["public"] == true).collect();
    assert!(public.len() > 5);
    for row in public {
        let bytes = *key(row).public().as_bytes();
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, text(row, "public_key"), "{}", text(row, "name"));
        let key = PublicKey::new(key(row).id(), &bytes).expect("a public key");
        let mut buffer = Vec::new();
        for form in [text(row, "base64url"), text(row, "base32")] {
            let token = UntrustedToken::read(form, &mut buffer).expect("well formed");
            assert_fields(row, &token.authenticate(&[key.clone().into()]).expect("authentic"));
        }
    }
}

#[test]
fn a_public_key_checks_no_token_of_another_form() {
    for row in vectors("valid").iter().filter(|row| row["public"] != true) {
        let key = key(row).public().clone();
        let mut buffer = Vec::new();
        let token = UntrustedToken::read(text(row, "base64url"), &mut buffer).expect("well formed");
        let refusal = token.authenticate(&[key.clone().into()]).expect_err("no secret");
        assert_eq!(refusal, Refusal::OnlyPublicKey(key.id()), "{}", text(row, "name"));
        assert_eq!(refusal.status().as_str(), "unknown_key");
    }
}
