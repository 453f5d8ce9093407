//! Keyrings as text, with all that can be wrong with one.

use super::*;
use crate::keys::KeyringError;

const TEXT: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

fn ring(key: &str) -> Result<Keyring, JwkError> {
    Keyring::from_json(&format!(r#"{{"keys":[{key}]}}"#))
}

#[test]
fn a_plain_jwk_set_of_one_key_signs() {
    let ring = ring(&format!(r#"{{"kty":"oct","kid":"e28e","k":"{TEXT}"}}"#)).expect("a keyring");
    assert_eq!(
        ring.signing_key(None).map(|key| key.id().to_string()).as_deref(),
        Ok("e28e")
    );
}

#[test]
fn what_others_wrote_is_kept() {
    let text = format!(r#"{{"keys":[{{"kty":"oct","k":"{TEXT}","use":"sig","x-note":[1]}}],"owner":"me"}}"#);
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
        (r#"{"kty":"RSA","k":""}"#, r#""kty" is "RSA", expected "oct""#),
        (r#"{"k":"SECRET"}"#, r#""kty" is missing, expected "oct""#),
        (r#"{"kty":{"k":"SECRET"}}"#, r#""kty" is an object, expected"#),
        (r#"{"kty":"oct","d":"SECRET"}"#, r#""k" is missing, expected"#),
        (
            r#"{"kty":"oct","k":"SECRET","alg":"A256GCM"}"#,
            r#""alg" is "A256GCM", expected none"#,
        ),
        (r#"{"kty":"oct","k":"!!!SECRET!!!"}"#, "base64url"),
        (r#"{"kty":"oct","k":"U0VDUkVU"}"#, "32 to 64 bytes, this one has 6"),
        (r#"{"kty":"oct","k":123456789}"#, "no keyring"),
        (&format!(r#"{{"kty":"oct","k":"{TEXT}","kid":"ffff"}}"#), "e28e"),
        (&format!(r#"{{"kty":"oct","k":"{TEXT}","alg":"HS256"}}"#), "JWT key"),
        (&format!(r#"{{"kty":"oct","k":"{TEXT}","k":"{TEXT}"}}"#), "no keyring"),
        (
            &format!(r#"{{"kty":"oct","k":"{TEXT}","linkmint_status":"x"}}"#),
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
fn a_secret_in_the_wrong_member_is_not_quoted() {
    let x = x();
    let ok = format!(r#""kty":"OKP","crv":"Ed25519","kid":"e28e","x":"{x}""#);
    let mixed_up = |member: &str| ok.replacen(&format!(r#""{member}":""#), &format!(r#""{member}":"{TEXT}"#), 1);
    let mut keys: Vec<String> = ["kty", "crv", "kid", "x"].map(mixed_up).into();
    keys.extend([
        format!(r#"{ok},"alg":"{TEXT}""#),
        format!(r#"{ok},"use":"{TEXT}""#),
        format!(r#""kty":"oct","k":"{TEXT}","alg":"{TEXT}""#),
        format!(r#""kty":"oct","k":"{TEXT}","kid":"{TEXT}""#),
    ]);
    for key in keys {
        let told = ring(&format!("{{{key}}}")).expect_err(&key).to_string();
        assert!(
            told.contains("a text of ") && !told.contains(&TEXT[..8]),
            "{key}: {told}"
        );
    }
}

#[test]
fn debug_shows_nothing_that_others_wrote() {
    let text = format!(r#"{{"keys":[{{"kty":"oct","k":"{TEXT}","d":"HIDDEN"}}],"old":"HIDDEN"}}"#);
    let shown = format!("{:?}", Keyring::from_json(&text).expect("a keyring"));
    assert!(shown.contains("e28e") && shown.contains("Active"), "{shown}");
    assert!(!shown.contains("HIDDEN") && !shown.contains(TEXT), "{shown}");
}

#[test]
fn two_active_keys_are_refused() {
    let other = "HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    let key = |k| format!(r#"{{"kty":"oct","k":"{k}","linkmint_status":"active"}}"#);
    let both = format!("{},{}", key(TEXT), key(other));
    assert_eq!(ring(&both).expect_err("two"), JwkError::TwoActive(1, 2));
}

#[test]
fn public_keys_are_written_and_read_back() {
    let secrets = ring(&format!(r#"{{"kty":"oct","k":"{TEXT}"}}"#)).expect("a keyring");
    let text = secrets.to_public().to_json();
    assert!(!text.contains(TEXT));
    let public = Keyring::from_json(&text).expect("a keyring");
    let [key] = public.keys() else { panic!("one key") };
    assert!(key.secret().is_none() && key.public() == secrets.keys()[0].public());
    assert_eq!(public.to_json(), text);
    assert!(public.is_only_public() && !secrets.is_only_public());
    assert_eq!(public.signing_key(None).map(Key::id), Err(KeyringError::OnlyPublic));
    let json: Value = serde_json::from_str(&text).expect("JSON");
    for (member, value) in [
        ("kty", "OKP"),
        ("crv", "Ed25519"),
        ("kid", "e28e"),
        ("alg", "EdDSA"),
        ("use", "sig"),
    ] {
        assert_eq!(json["keys"][0][member], value);
    }
    assert_eq!(json["keys"][0].as_object().map(serde_json::Map::len), Some(6));
}

/// The public key of the secret, in base64url.
fn x() -> String {
    let secrets = ring(&format!(r#"{{"kty":"oct","k":"{TEXT}"}}"#)).expect("a keyring");
    wire::encode_text(secrets.keys()[0].public().as_bytes()).to_string()
}

/// Reads a keyring of one public key with these members.
fn public(members: &str) -> Result<(), String> {
    let key = format!(r#"{{"kty":"OKP","crv":"Ed25519",{members}}}"#);
    ring(&key).map(|_| ()).map_err(|error| error.to_string())
}

#[test]
fn a_public_key_that_proves_nothing_is_refused() {
    let x = x();
    let base64url = |bytes: [u8; 32]| wire::encode_text(&bytes).to_string();
    assert_eq!(public(&format!(r#""kid":"e28e","x":"{x}""#)), Ok(()));
    assert_eq!(
        public(&format!(r#""kid":"e28e","alg":"Ed25519","use":"sig","x":"{x}""#)),
        Ok(())
    );
    // the points of small order (RFC 7748 has their u), in all their forms; and texts that are no point
    let identity = {
        let mut bytes = [0; 32];
        bytes[0] = 1;
        bytes
    };
    let p_plus = |low: u8| {
        let mut bytes = [0xff; 32];
        (bytes[0], bytes[31]) = (0xed + low, 0x7f);
        bytes
    };
    let mut minus_one = p_plus(0);
    minus_one[0] = 0xec;
    let mut identity_signed = identity;
    identity_signed[31] = 0x80;
    for (bytes, word) in [
        (identity, "small order"),
        ([0; 32], "small order"),
        (minus_one, "small order"),
        // p and p + 1 stand for 0 and 1, and a zero has no sign
        (p_plus(0), "not an Ed25519"),
        (p_plus(1), "not an Ed25519"),
        (identity_signed, "not an Ed25519"),
        ([2; 32], "key 1"),
    ] {
        let told = public(&format!(r#""kid":"e28e","x":"{}""#, base64url(bytes)));
        match word {
            "key 1" => {}
            word => assert!(
                told.as_ref().is_err_and(|told| told.contains(word)),
                "{bytes:x?} {told:?}"
            ),
        }
    }
}

#[test]
fn a_wrong_member_of_a_public_key_is_told() {
    let x = x();
    for (members, word) in [
        (format!(r#""x":"{x}""#), "without a key id"),
        (format!(r#""kid":"E28E","x":"{x}""#), "without a key id"),
        (format!(r#""kid":"me","x":"{x}""#), "without a key id"),
        (format!(r#""kid":"e28e","x":"{x}","d":"SECRET""#), "private"),
        (format!(r#""kid":"e28e","x":"{x}","k":"SECRET""#), "private"),
        (
            format!(r#""kid":"e28e","alg":"HS256","x":"{x}""#),
            r#""alg" is "HS256", expected "EdDSA" or "Ed25519""#,
        ),
        (format!(r#""kid":"e28e","alg":7,"x":"{x}""#), r#""alg" is 7, expected"#),
        (
            format!(r#""kid":"e28e","use":"enc","x":"{x}""#),
            r#""use" is "enc", expected "sig""#,
        ),
        (
            r#""kid":"e28e""#.to_owned(),
            r#""x" is missing, expected an Ed25519 public key"#,
        ),
        (
            r#""kid":"e28e","x":"AAAA""#.to_owned(),
            r#""x" is "AAAA", expected an Ed25519 public key"#,
        ),
        (r#""kid":"e28e","x":7"#.to_owned(), r#""x" is 7, expected"#),
        (format!(r#""kid":"e28e","x":"{x}=""#), "expected an Ed25519 public key"),
        (
            format!(r#""kid":"e28e","linkmint_status":"active","x":"{x}""#),
            "linkmint_",
        ),
    ] {
        let told = public(&members).expect_err(&members);
        assert!(told.contains(word) && !told.contains("SECRET"), "{members}: {told}");
    }
    let other_curve = ring(&format!(r#"{{"kty":"OKP","crv":"X25519","kid":"e28e","x":"{x}"}}"#));
    assert_eq!(
        other_curve.expect_err("no signatures").to_string(),
        r#"key 1: "crv" is "X25519", expected "Ed25519""#
    );
}

#[test]
fn a_ring_of_both_signs_with_its_secret() {
    let other = "HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    let one = ring(&format!(r#"{{"kty":"oct","k":"{TEXT}"}}"#)).expect("a keyring");
    let mut both = ring(&format!(r#"{{"kty":"oct","k":"{other}"}}"#)).expect("a keyring");
    let id = one.keys()[0].id();
    assert_eq!(both.import(one.to_public()), [id]);
    assert_eq!(both.import(one.to_public()), []);
    assert!(both.signing_key(None).is_ok());
    assert_eq!(
        both.signing_key(Some(id)).map(Key::id),
        Err(KeyringError::PublicKey(id))
    );
    assert_eq!(both.retire(id), Err(KeyringError::PublicKey(id)));
    // the secret does more, and is taken beside its public key
    assert_eq!(both.import(one.clone()), [id]);
    assert_eq!(both.retire(id), Ok(()));
    let again = Keyring::from_json(&both.to_json()).expect("a keyring");
    assert_eq!(again.to_json(), both.to_json());
    assert_eq!(both.remove(id), Ok(2));
}
