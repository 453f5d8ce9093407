//! JWTs held against the libraries that backends use: theirs take ours, ours takes theirs, each with the key set that
//! `key export --jwt` or `--public` writes, as it is. They are installed by `tests/jose/install`.

use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Two keys, so that a library has to choose by kid; the first one signs.
const KEYRING: &str = r#"{"keys":[
    {"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","linkmint_status":"active"},
    {"kty":"oct","k":"HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}]}"#;
const FIRST: &str = "e28e";

/// A library with the program that asks it.
struct Peer {
    name: &'static str,
    program: PathBuf,
    arguments: Vec<PathBuf>,
}

/// The libraries that `tests/jose/install` has installed.
fn peers() -> [Peer; 3] {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let (python, node) = (target.join("jose/python/bin/python"), target.join("jose/node"));
    let script = |name: &str| root.join("tests/jose").join(name);
    let in_node = |name, file| Peer {
        name,
        program: "node".into(),
        arguments: vec![script(file), node.clone()],
    };
    [
        Peer {
            name: "PyJWT",
            program: python,
            arguments: vec![script("pyjwt.py")],
        },
        in_node("jose", "jose.mjs"),
        in_node("jsonwebtoken", "jsonwebtoken.mjs"),
    ]
}

impl Peer {
    /// Asks about JWTs, and for JWTs; see tests/jose/README.md.
    fn ask(&self, jwks: &str, check: &[String], make: &[Value]) -> (Vec<Value>, Vec<String>) {
        self.ask_with(jwks, None, check, make)
    }

    fn ask_with(&self, jwks: &str, url: Option<&str>, check: &[String], make: &[Value]) -> (Vec<Value>, Vec<String>) {
        let mut command = Command::new(&self.program);
        let question = json!({"jwks": jwks, "jwks_url": url, "check": check, "make": make}).to_string();
        let output = run(command.args(&self.arguments), &question);
        assert!(output.status.success(), "{}: {output:?}", self.name);
        let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let list = |name: &str| answer[name].as_array().expect("a list").clone();
        let made = list("made")
            .into_iter()
            .map(|token| token.as_str().expect("a JWT").to_owned());
        (list("checked"), made.collect())
    }
}

fn run(command: &mut Command, input: &str) -> Output {
    let child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = child.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(input.as_bytes()).expect("it reads its input");
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

/// A folder with the keyring.
struct Bench(tempfile::TempDir);

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("keys.json"), KEYRING).expect("a keyring");
        Self(folder)
    }

    fn linkmint(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_linkmint"));
        let command = command.args(arguments).arg("--quiet").arg("--keyring");
        let output = run(
            command.arg(self.0.path().join("keys.json")).env_remove("LINKMINT_KEY"),
            "",
        );
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.code().is_some_and(|code| code < 2),
            "{arguments:?}: {told}"
        );
        String::from_utf8(output.stdout).expect("UTF-8").trim_end().to_owned()
    }

    fn jwks(&self) -> String {
        self.linkmint(&["key", "export", "--jwt"])
    }

    fn sign(&self, arguments: &[&str]) -> String {
        self.linkmint(&[&["sign", "--format", "jwt"], arguments].concat())
    }

    fn second_id(&self) -> String {
        let keys: Value = serde_json::from_str(&self.jwks()).expect("JSON");
        keys["keys"][1]["kid"].as_str().expect("an id").to_owned()
    }

    fn verify(&self, token: &str) -> Value {
        serde_json::from_str(&self.linkmint(&["verify", "--json", token])).expect("JSON")
    }
}

const ISSUED: [&str; 4] = ["--issued-at", "2026-01-01T00:00:00Z", "--first-id", "00000000002a"];

#[test]
#[ignore = "it needs the libraries of tests/jose/install"]
fn the_libraries_take_our_jwts() {
    let bench = Bench::new();
    let second = bench.second_id();
    let claims = [
        "customer_id=1234567",
        "campaign_id=spring26",
        "note=\"é\\🎁/\u{1}\u{2028}</script>",
        "uuid=b6c1d2e0-0000-4000-8000-000000000000",
    ];
    let lasting = [
        "--expires-at",
        "2100-01-01T00:00:00Z",
        "--not-before",
        "2026-01-02T00:00:00Z",
    ];
    let tokens = [
        bench.sign(&[&claims[..], &ISSUED[..], &lasting[..]].concat()),
        bench.sign(&[&["--no-claims", "--never-expires", "--key-id", &second], &ISSUED[..]].concat()),
    ];
    for peer in peers() {
        let (checked, _) = peer.ask(&bench.jwks(), &tokens, &[]);
        let expected = json!({
            "iat": 1_767_225_600, "exp": 4_102_444_800_u32, "nbf": 1_767_312_000, "jti": "6955b90000000000002a",
            "customer_id": "1234567", "campaign_id": "spring26", "note": "\"é\\🎁/\u{1}\u{2028}</script>",
            "uuid": "b6c1d2e0-0000-4000-8000-000000000000",
        });
        assert_eq!(checked[0]["payload"], expected, "{}: {}", peer.name, checked[0]);
        let expected = json!({"iat": 1_767_225_600, "jti": "6955b90000000000002a"});
        assert_eq!(checked[1]["payload"], expected, "{}: {}", peer.name, checked[1]);
    }
}

#[test]
#[ignore = "it needs the libraries of tests/jose/install"]
fn the_libraries_refuse_what_we_refuse() {
    let bench = Bench::new();
    let good = bench.sign(&[&["a=1", "--expires-at", "2100-01-01T00:00:00Z"], &ISSUED[..]].concat());
    let (input, tag) = good.rsplit_once('.').expect("three parts");
    let expired = bench.sign(&[&["a=1", "--expires-at", "2026-01-01T00:00:01Z"], &ISSUED[..]].concat());
    let other = bench.sign(&["a=1", "--never-expires", "--key-id", &bench.second_id()]);
    let header = |token: &str| token.find('.').expect("three parts");
    let early = ["a=1", "--never-expires", "--not-before", "2100-01-01T00:00:00Z"];
    let tokens = [
        expired,
        bench.sign(&[&early[..], &ISSUED[..]].concat()),
        format!("{input}.A{}", &tag[1..]),
        format!("{input}."),
        // the other key's header on this one's payload and signature
        format!("{}{}", &other[..header(&other)], &good[header(&good)..]),
        bench.linkmint(&[&["sign", "a=1", "--never-expires"], &ISSUED[..]].concat()),
    ];
    for token in &tokens[..5] {
        assert_eq!(bench.verify(token)["valid"], false, "{token}");
    }
    for peer in peers() {
        let (checked, _) = peer.ask(&bench.jwks(), &tokens, &[]);
        for (token, answer) in tokens.iter().zip(checked) {
            assert!(answer["error"].is_string(), "{} takes {token}: {answer}", peer.name);
        }
    }
}

#[test]
#[ignore = "it needs the libraries of tests/jose/install"]
fn we_take_the_libraries_jwts() {
    let bench = Bench::new();
    let second = bench.second_id();
    let header = json!({"kid": FIRST});
    let make = [
        json!({"header": header, "payload": {"customer_id": "1234567", "note": "\"é\\🎁\u{2028}", "exp": 4_102_444_800_u32, "iat": 1_767_225_600}}),
        json!({"header": {"kid": second}, "payload": {"sub": "joe", "aud": "shop", "age": 42, "depth": -7, "jti": "x", "iat": 1_767_225_600}}),
        json!({"header": header, "payload": {"exp": 1_767_225_601, "iat": 1_767_225_600}}),
        json!({"header": header, "payload": {"nbf": 4_102_444_800_u32}}),
        json!({"header": header, "payload": {"aud": ["shop", "app"]}}),
        json!({"header": header, "payload": {"vip": true}}),
        json!({"header": header, "payload": {"price": 9.5}}),
        json!({"header": {}, "payload": {"a": "1"}}),
    ];
    for peer in peers() {
        let (_, made) = peer.ask(&bench.jwks(), &[], &make);
        let answers: Vec<Value> = made.iter().map(|token| bench.verify(token)).collect();
        let status: Vec<&str> = answers.iter().filter_map(|answer| answer["status"].as_str()).collect();
        assert_eq!(
            status,
            [
                "valid",
                "valid",
                "expired",
                "not_yet_valid",
                "malformed",
                "malformed",
                "malformed",
                "unknown_key"
            ],
            "{}: {made:?}",
            peer.name
        );
        let [full, foreign, ..] = &answers[..] else {
            panic!("two answers")
        };
        assert_eq!(full["format"], "jwt");
        assert_eq!(full["key_id"], FIRST);
        assert_eq!(full["id"], Value::Null);
        assert_eq!(full["issued_at"], "2026-01-01T00:00:00Z");
        assert_eq!(full["expires_at"], "2100-01-01T00:00:00Z");
        assert_eq!(
            full["claims"],
            json!({"customer_id": "1234567", "note": "\"é\\🎁\u{2028}"})
        );
        assert_eq!(foreign["key_id"], *second);
        assert_eq!(foreign["expires_at"], Value::Null);
        let claims = json!({"sub": "joe", "aud": "shop", "age": "42", "depth": "-7", "jti": "x"});
        assert_eq!(foreign["claims"], claims);
    }
}

/// Asks with the exported public keys, then with what the service gives out.
#[cfg(all(unix, feature = "serve"))]
#[test]
#[ignore = "it needs the libraries of tests/jose/install"]
fn the_libraries_take_our_public_jwts_and_no_changed_ones() {
    let bench = Bench::new();
    let jwks = bench.linkmint(&["key", "export", "--public"]);
    let sign =
        |more: &[&str]| bench.sign(&[&["--public", "customer_id=1234567", "note=é🎁"], more, &ISSUED[..]].concat());
    let lasting = ["--expires-at", "2100-01-01T00:00:00Z"];
    let good = sign(&lasting);
    let second = sign(&[&lasting[..], &["--key-id", &bench.second_id()]].concat());
    let expired = sign(&["--expires-at", "2026-01-01T00:00:01Z"]);
    let (input, signature) = good.rsplit_once('.').expect("three parts");
    let header = |token: &str| token.find('.').expect("three parts");
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    let tokens = [
        good.clone(),
        second.clone(),
        expired,
        format!("{input}.{first}{}", &signature[1..]),
        format!("{input}."),
        // the other key's header on this one's payload and signature
        format!("{}{}", &second[..header(&second)], &good[header(&good)..]),
        // HS256 under the same key id
        bench.sign(&[&["customer_id=1234567"], &lasting[..], &ISSUED[..]].concat()),
    ];
    let payload = json!({"iat": 1_767_225_600, "exp": 4_102_444_800_u32, "jti": "6955b90000000000002a",
        "customer_id": "1234567", "note": "é🎁"});
    let folder = crate::support::Folder::new();
    std::fs::write(folder.path("keys.json"), KEYRING).expect("a keyring");
    crate::support::make_private(&folder.path("keys.json"));
    let service = crate::serve::Running::start(&folder, &["--keyring", "keys.json"]);
    let url = format!("http://{}/.well-known/jwks.json", service.address);
    let [pyjwt, jose, _] = peers();
    for peer in [pyjwt, jose] {
        for url in [None, Some(&*url)] {
            let (checked, _) = peer.ask_with(&jwks, url, &tokens, &[]);
            for answer in &checked[..2] {
                assert_eq!(answer["payload"], payload, "{}: {answer}", peer.name);
            }
            for (answer, token) in checked.iter().zip(&tokens).skip(2) {
                assert!(answer["error"].is_string(), "{} takes {token}: {answer}", peer.name);
            }
        }
    }
    service.end();
}

/// RFC 7517, sections 4 and 5; RFC 7518, section 6.4.
#[test]
fn the_exported_keys_are_a_jwk_set_of_the_jwt_keys_alone() {
    let bench = Bench::new();
    let text = bench.jwks();
    let set: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(set.as_object().map(|members| members.len()), Some(1));
    let keys = set["keys"].as_array().expect("keys");
    assert_eq!(keys.len(), 2);
    for key in keys {
        let names: Vec<&String> = key.as_object().expect("a key").keys().collect();
        assert_eq!(names, ["alg", "k", "kid", "kty"]);
        assert_eq!((&key["kty"], &key["alg"]), (&json!("oct"), &json!("HS256")));
        // 32 bytes, the least that RFC 7518, section 3.2, allows for HS256
        assert_eq!(key["k"].as_str().map(str::len), Some(43));
        assert!(!KEYRING.contains(key["k"].as_str().expect("a text")));
    }
    let one: Value = serde_json::from_str(&bench.linkmint(&["key", "export", "--jwt", FIRST])).expect("JSON");
    assert_eq!(one["keys"], json!([keys[0]]));
}
