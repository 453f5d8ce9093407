//! JWTs through the binary: what `--format jwt` goes with, and what is said of JWTs.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use linkmint::key::{Key, Secret};
use std::process::{Command, Stdio};

/// The id of [`key`].
const KID: &str = "e28e";

fn key() -> Key {
    Key::new(Secret::new((0..32).collect::<Vec<u8>>().into()).expect("32 bytes"))
}

fn signed(header: &str, payload: impl AsRef<[u8]>) -> String {
    let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let tag = URL_SAFE_NO_PAD.encode(key().jwt().full_tag(input.as_bytes()));
    format!("{input}.{tag}")
}

/// A JWT as a backend makes it, with these members after `alg` in its header.
fn with_header(members: &str) -> String {
    signed(&format!(r#"{{"alg":"HS256"{members}}}"#), "{}")
}

/// A JWT as a backend makes it, with this payload.
fn with_payload(payload: impl AsRef<[u8]>) -> String {
    signed(&format!(r#"{{"alg":"HS256","kid":"{KID}"}}"#), payload)
}

/// The secret of [`key`].
const SECRET: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// Status, standard output and standard error.
fn linkmint(arguments: &[&str], input: &str) -> (i32, String, String) {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_linkmint"))
        .args(arguments)
        .env_remove("LINKMINT_KEYRING")
        .env("LINKMINT_KEY", SECRET)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    // one that has refused its flags reads nothing
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (
        output.status.code().expect("a status"),
        text(output.stdout),
        text(output.stderr),
    )
}

const NOW: [&str; 2] = ["--now", "2026-01-01T00:00:00Z"];

#[test]
fn what_a_jwt_does_not_go_with_is_a_mistake_in_the_flags() {
    let jwt = ["--format", "jwt", "--never-expires"];
    for (flags, place) in [
        (&["a=1", "--seal"][..], "--seal"),
        (&["a=1", "--text", "base32"], "--text"),
        (&["a=1", "--text", "base64url"], "--text"),
        (&["a=1", "iat=1"], "--format jwt"),
        (&["exp=1"], "--format jwt"),
        (&["nbf=1"], "--format jwt"),
        (&["jti=1"], "--format jwt"),
        (&["kid=1"], "--format jwt"),
    ] {
        let (status, out, told) = linkmint(&[&["sign"], flags, &jwt].concat(), "");
        assert_eq!((status, &*out), (2, ""), "{flags:?}: {told}");
        assert!(
            told.starts_with(&format!("linkmint: {place}: ")) && told.contains("\nhint: "),
            "{told}"
        );
    }
    let list = "customer_id,kid\n1,2\n";
    for flags in [
        &["--claims", "customer_id,kid"][..],
        &["--set", "exp=1"],
        &["--claims", "jti=kid"],
    ] {
        let flags = [&["generate", "--no-link"], flags, &jwt].concat();
        let (status, out, told) = linkmint(&flags, list);
        assert_eq!((status, &*out), (2, ""), "{flags:?}: {told}");
        assert!(told.contains("hint: give the claim another name"), "{told}");
    }
    // a column of that name is no claim unless it is made one, and the other format has room for it
    let flags = ["generate", "--no-link", "--claims", "customer_id,x=kid", "-q"];
    assert_eq!(linkmint(&[&flags[..], &jwt].concat(), list).0, 0);
    assert_eq!(
        linkmint(&["sign", "exp=1", "--never-expires", "--format", "linkmint"], "").0,
        0
    );
}

#[test]
fn a_list_gets_jwts_in_its_links() {
    let flags = [
        "generate",
        "--format",
        "jwt",
        "--base-url",
        "https://mystore.com/p?x=1",
        "--expires-in",
        "24h",
        "-q",
    ];
    let again = ["--issued-at", "2026-01-01T00:00:00Z", "--first-id", "00000000002a"];
    let (status, out, told) = linkmint(&[&flags[..], &again].concat(), "customer_id\n1234567\n8\n");
    assert_eq!(status, 0, "{told}");
    let rows: Vec<Vec<&str>> = out.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0], ["customer_id", "token", "url_link", "expires_at"]);
    for (row, id) in rows[1..].iter().zip(["2a", "2b"]) {
        assert_eq!(row[2], format!("https://mystore.com/p/{}?x=1", row[1]));
        assert_eq!(row[3], "2026-01-02T00:00:00Z");
        let (status, answer, _) = linkmint(&[&["verify", "--json", row[2]], &NOW[..]].concat(), "");
        assert_eq!(status, 0, "{answer}");
        let expected = format!(
            r#"{{"valid":true,"status":"valid","message":"token valid","checked_at":"2026-01-01T00:00:00Z","key_id":"{KID}","id":"0000000000{id}","format":"jwt","issued_at":"2026-01-01T00:00:00Z","expires_at":"2026-01-02T00:00:00Z","not_before":null,"claims":{{"customer_id":"{}"}},"cleaned":["url"],"uses":null}}"#,
            row[0]
        );
        assert_eq!(answer.trim_end(), expected);
    }
}

#[test]
fn a_list_of_jwts_is_checked_row_by_row() {
    let list = "customer_id\n1\n2\n";
    let flags = ["generate", "--format", "jwt", "--no-link", "--never-expires", "-q"];
    let (status, out, told) = linkmint(&flags, list);
    assert_eq!(status, 0, "{told}");
    let foreign = with_payload(r#"{"customer_id":3,"exp":1}"#);
    let list = format!("{out}3,{foreign},\n4,{foreign}AA,\n");
    let (status, out, told) = linkmint(&[&["verify", "--file", "-", "-q"], &NOW[..]].concat(), &list);
    assert_eq!(status, 1, "{told}");
    let ends: Vec<&str> = out
        .lines()
        .filter_map(|line| line.split_once(",,"))
        .map(|(_, end)| end)
        .collect();
    assert_eq!(
        ends,
        ["valid,", "valid,", "expired,1970-01-01T00:00:01Z", "malformed,"],
        "{out}"
    );
}

#[test]
fn of_a_jwt_of_others_there_is_shown_what_there_is() {
    let token = with_payload(r#"{"sub":"joe","age":42,"jti":"x"}"#);
    let (status, answer, _) = linkmint(&[&["verify", &token], &NOW[..]].concat(), "");
    assert_eq!(status, 0);
    assert_eq!(
        answer,
        "VALID  yes, without end\n  sub     joe\n  age     42\n  jti     x\n  issued  with key e28e, it does not say when\n"
    );
    let (_, answer, _) = linkmint(
        &[&["verify", "--json", "--expect", "age=42", &token], &NOW[..]].concat(),
        "",
    );
    assert!(
        answer.contains(r#""id":null,"format":"jwt","issued_at":null,"expires_at":null,"not_before":null,"claims":{"sub":"joe","age":"42","jti":"x"}"#),
        "{answer}"
    );
    let (status, answer, _) = linkmint(&[&["verify", "--expect", "aud=shop", &token], &NOW[..]].concat(), "");
    assert_eq!(
        (status, answer.lines().next()),
        (1, Some("CLAIM MISMATCH  no, the claim aud is not the expected one"))
    );
    let (status, answer, _) = linkmint(&["inspect", &token], "");
    assert_eq!(status, 0);
    assert_eq!(
        answer,
        "NOT VERIFIED: anyone could have written this\n  sub      joe\n  age      42\n  jti      x\n  expires  never\n  key      e28e\n  format   jwt\n"
    );
}

#[test]
fn of_a_jwt_that_is_not_authentic_no_claim_is_shown() {
    let good = with_payload(r#"{"secret":"joe"}"#);
    let forged = format!("{}AAAA", &good[..good.len() - 4]);
    for (token, status, key_id) in [
        (forged, "invalid_signature", "\"e28e\""),
        (with_header(r#","kid":"0000""#), "unknown_key", "\"0000\""),
        (with_header(r#","kid":"of a backend""#), "unknown_key", "null"),
        (with_header(""), "unknown_key", "null"),
        (with_header(r#","crit":[]"#), "malformed", "null"),
        (with_payload(r#"{"secret":null}"#), "malformed", "\"e28e\""),
    ] {
        let (exit, answer, _) = linkmint(&["verify", "--json", &token], "");
        assert_eq!(exit, 1);
        assert!(answer.contains(&format!(r#""status":"{status}""#)), "{answer}");
        assert!(answer.contains(&format!(r#""key_id":{key_id},"id":null"#)), "{answer}");
        assert!(answer.contains(r#""claims":{}"#) && !answer.contains("joe"), "{answer}");
    }
}
