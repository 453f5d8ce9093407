//! linkmint against a minter and a verifier in Python that share no code with it (`tests/independent`,
//! `samples/verifiers`): what one makes, the other must read, and what one refuses, the other must refuse.
//!
//! They need `python3` with `cryptography`, so they are run where that is asked for: `--include-ignored`.

use linkmint::claims::{ClaimError, ClaimName};
use linkmint::key::{Key, Secret};
use linkmint::keyring::Keyring;
use linkmint::token::wire::Alphabet;
use linkmint::token::{Form, Minter, TokenId, UntrustedToken, Validity};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};

const TOKENS: usize = 10_000;

/// Lines that a Python script prints.
fn python(script: &str, args: &[&str], stdin: &str) -> Vec<Value> {
    let place = format!("{}/tests/independent/{script}", env!("CARGO_MANIFEST_DIR"));
    lines(Command::new("python3").arg("-B").arg(place).args(args), stdin)
}

/// Runs a command that prints JSON lines.
fn lines(command: &mut Command, stdin: &str) -> Vec<Value> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    let text = stdin.to_owned();
    let feeder = std::thread::spawn(move || drop(pipe.write_all(text.as_bytes())));
    let output = child.wait_with_output().expect("it ends");
    feeder.join().expect("fed");
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "{command:?}: {:?}",
        output.status
    );
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn secret(hex: &str) -> Vec<u8> {
    let byte = |place| u8::from_str_radix(&hex[place..place + 2], 16).expect("hex");
    (0..hex.len()).step_by(2).map(byte).collect()
}

fn base64url(bytes: &[u8]) -> String {
    let mut text = Vec::new();
    linkmint::token::wire::encode(bytes, Alphabet::Base64Url, &mut text);
    String::from_utf8(text).expect("ASCII")
}

/// Seconds of an instant that linkmint printed.
fn seconds(value: &Value) -> Value {
    match value.as_str() {
        Some(text) => linkmint::moment::instant(text).expect("an instant").0.into(),
        None => Value::Null,
    }
}

#[test]
#[ignore = "it needs python3 with cryptography"]
fn linkmint_reads_what_another_minter_makes() {
    const NOW: u64 = 1_790_000_000;
    let rows = python("mint.py", &[&TOKENS.to_string(), "20261121"], "");
    assert_eq!(rows.len(), TOKENS);
    assert!(
        rows.iter().any(|row| row["sealed"] == true),
        "python3 has no cryptography"
    );
    let forms = |(index, row): (usize, &Value)| match index % 3 {
        0 => format!("{}\n", row["base64url"].as_str().expect("a token")),
        1 => format!("{}\n", row["base32"].as_str().expect("a token")),
        _ => format!("{}\n", row["base32"].as_str().expect("a token").to_uppercase()),
    };
    let texts: String = rows.iter().enumerate().map(forms).collect();
    let secrets: BTreeSet<&str> = rows
        .iter()
        .map(|row| row["secret"].as_str().expect("a secret"))
        .collect();
    let keys: Vec<_> = secrets
        .iter()
        .map(|hex| json!({"kty": "oct", "k": base64url(&secret(hex))}))
        .collect();
    let folder = tempfile::tempdir().expect("a folder");
    let keyring = folder.path().join("keys.json");
    std::fs::write(&keyring, json!({ "keys": keys }).to_string()).expect("written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_linkmint"));
    command
        .args([
            "verify",
            "-",
            "--json",
            "--quiet",
            "--now",
            "2026-09-21T14:13:20Z",
            "--keyring",
        ])
        .arg(&keyring);
    command
        .env_remove("LINKMINT_KEYRING")
        .env_remove("LINKMINT_KEY")
        .env("HOME", folder.path());
    let answers = lines(&mut command, &texts);
    assert_eq!(answers.len(), rows.len());
    for (row, answer) in rows.iter().zip(&answers) {
        let status = if row["not_before"].as_u64().is_some_and(|start| NOW < start) {
            "not_yet_valid"
        } else if row["expires_at"].as_u64().is_some_and(|end| NOW >= end) {
            "expired"
        } else {
            "valid"
        };
        assert_eq!(answer["status"], status, "{row}\n{answer}");
        for member in ["key_id", "id", "claims"] {
            assert_eq!(answer[member], row[member], "{member}: {row}\n{answer}");
        }
        for member in ["issued_at", "expires_at", "not_before"] {
            assert_eq!(seconds(&answer[member]), row[member], "{member}: {row}\n{answer}");
        }
        assert_eq!(answer["format"] == "sealed", row["sealed"] == true, "{row}\n{answer}");
        assert_eq!(answer["format"] == "public", row["public"] == true, "{row}\n{answer}");
    }
}

/// Numbers that look random and are the same each time (Marsaglia's xorshift64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn letters(&mut self, alphabet: &str, most: u64) -> String {
        let letters: Vec<char> = alphabet.chars().collect();
        let count = 1 + self.below(most);
        (0..count)
            .map(|_| letters[self.below(letters.len() as u64) as usize])
            .collect()
    }

    fn value(&mut self) -> String {
        match self.below(8) {
            0 => (self.next() >> self.below(64)).to_string(),
            1 => format!("{:0width$x}", self.next(), width = 16 + self.below(3) as usize),
            2 => self.letters("0123456789abcdef", 80),
            3 => {
                let (high, low) = (self.next(), self.next());
                format!(
                    "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
                    high >> 32,
                    high >> 16 & 0xffff,
                    high & 0xffff,
                    low >> 48,
                    low & 0xffff_ffff_ffff
                )
            }
            4 => self.letters("0123456789", 22),
            5 => self.letters("aé\0\u{85}\u{2028}\u{feff}日🌞\u{10ffff}\"\\<>&'\n\r\t ", 60),
            6 => self.letters("ABCDEFabcdef0123456789-", 40),
            _ => "v".repeat(1 + self.below(512) as usize),
        }
    }

    fn claims(&mut self) -> Vec<(ClaimName, String)> {
        let count = self.below(6);
        let mut claims: Vec<(ClaimName, String)> = Vec::new();
        for _ in 0..count {
            let name = match self.below(5) {
                0 => "customer_id".to_owned(),
                1 => "campaign_id".to_owned(),
                2 => "product_id".to_owned(),
                _ => self.letters("abcXYZ_-. é日0123", 20),
            };
            let name = ClaimName::parse(&name).expect("a name");
            let long: usize = claims.iter().map(|(_, value)| value.len() + 70).sum();
            if long < 300 && claims.iter().all(|(other, _)| *other != name) {
                claims.push((name, self.value()));
            }
        }
        claims.sort();
        claims
    }
}

#[test]
#[ignore = "it needs python3 with cryptography"]
fn another_verifier_reads_what_linkmint_mints() {
    let mut numbers = Numbers(20_261_121);
    let mut asked = Vec::new();
    for index in 0..TOKENS {
        let bytes: Vec<u8> = (0..32 + numbers.below(33)).map(|_| numbers.next() as u8).collect();
        let jwk = json!({"keys": [{"kty": "oct", "k": base64url(&bytes)}]});
        let key = Key::new(Secret::new(bytes.into()).expect("a secret's length"));
        let alphabet = if index % 2 == 0 {
            Alphabet::Base64Url
        } else {
            Alphabet::Base32
        };
        let form = match index % 3 {
            0 => Form::Sealed(alphabet),
            1 => Form::Public(alphabet),
            _ => Form::Signed(alphabet),
        };
        let issued_at = numbers.below(u64::from(u32::MAX) - 100_000) as u32;
        let expires_at = (numbers.below(3) > 0).then(|| issued_at + 1 + numbers.below(99_999) as u32);
        let not_before = (numbers.below(3) == 0).then_some(issued_at.max(1));
        let validity = Validity::new(issued_at, expires_at, not_before).expect("times");
        let id = TokenId::parse(&format!("{:012x}", numbers.next() >> 16)).expect("an id");
        let claims = numbers.claims();
        let mut text = Vec::new();
        Minter::new(&key, form)
            .mint::<ClaimError>(&validity, id, &mut text, |map| {
                claims.iter().try_for_each(|(name, value)| map.push(name, value))
            })
            .expect("claims that fit");
        let claims: serde_json::Map<_, _> = claims
            .into_iter()
            .map(|(name, value)| (name.to_string(), value.into()))
            .collect();
        asked.push((
            json!({"token": String::from_utf8(text).expect("ASCII"), "keys": jwk, "now": issued_at.max(1), "leeway": 0}),
            json!({"status": "valid", "claims": claims, "issued_at": issued_at, "expires_at": expires_at,
                "not_before": not_before, "id": id.to_string()}),
        ));
    }
    let stdin: String = asked.iter().map(|(row, _)| format!("{row}\n")).collect();
    let answers = python("answer.py", &["verify"], &stdin);
    assert_eq!(answers.len(), asked.len());
    for ((row, expected), answer) in asked.iter().zip(&answers) {
        assert_eq!(answer, expected, "{row}");
    }
}

/// What linkmint says of one of the tokens made by hand.
fn status(row: &Value) -> &'static str {
    let Ok(ring) = Keyring::from_json(&row["keys"].to_string()) else {
        return "error";
    };
    let (now, leeway) = (row["now"].as_u64(), row["leeway"].as_u64());
    let (Some(now), Some(leeway)) = (now, leeway) else {
        // no time before 1970 and no leeway below 0 can be given to linkmint at all
        return "error";
    };
    let mut buffer = Vec::new();
    let checked = UntrustedToken::read(row["token"].as_str().expect("a text"), &mut buffer)
        .and_then(|token| token.authenticate(ring.keys()))
        .and_then(|token| token.check(now, leeway));
    checked.map_or_else(|refusal| refusal.status().as_str(), |()| "valid")
}

#[test]
#[ignore = "it needs python3 with cryptography"]
fn tokens_made_by_hand_have_the_status_that_the_format_gives_them() {
    let cases = python("answer.py", &["cases"], "");
    assert!(cases.len() > 1_000, "only {} cases", cases.len());
    for case in &cases {
        assert_eq!(status(&case["row"]), case["status"], "{case}");
    }
}

/// Every language of `samples/verifiers` that is installed here; minutes, so only where it is asked for.
#[test]
#[ignore = "it takes minutes, and the compilers of five languages"]
fn the_verifiers_of_all_languages_agree() {
    let place = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/independent/verifiers.py");
    let output = Command::new("python3").arg(place).output().expect("python3");
    let told = String::from_utf8_lossy(&output.stdout);
    println!("{told}");
    assert!(
        output.status.success(),
        "{told}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
