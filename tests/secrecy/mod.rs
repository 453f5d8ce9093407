//! What a service may say beside its answers. Every service that a test runs is held to it at its end.

use serde_json::Value;
use std::collections::{BTreeSet, HashSet};
use std::net::IpAddr;
use std::path::Path;
use std::sync::LazyLock;

/// A token, an API key or a secret has a run of letters and digits at least so long.
const LONG: usize = 24;
/// Words with a digit that errors and routes have of their own.
const OWN: [&str; 2] = ["base64url", "base32"];

/// Words that the program has of its own: a claim of letters alone may be one of them, and then nobody can tell.
static VOCABULARY: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let mut words = HashSet::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder of sources") {
            let path = entry.expect("its entry").path();
            match path.is_dir() {
                true => folders.push(path),
                false => words.extend(split(&std::fs::read_to_string(path).unwrap_or_default()).map(str::to_lowercase)),
            }
        }
    }
    words
});

fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric())
}

/// Letters and digits that were sent, as one word; short ones stand in other texts by chance.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    split(text).filter(|word| {
        word.len() >= 6
            && match word.contains(|letter: char| letter.is_ascii_digit()) {
                true => !OWN.contains(word),
                false => !VOCABULARY.contains(&word.to_lowercase()),
            }
    })
}

#[test]
fn a_claim_is_looked_for_with_and_without_digits_and_a_word_of_the_program_is_not() {
    let found: Vec<_> = words("customer_id=Wolfeschlegel, token abc1234 of Weißenfluh-Mühlbächer").collect();
    assert_eq!(found, ["Wolfeschlegel", "abc1234", "Weißenfluh", "Mühlbächer"]);
}

/// That a text has nothing which was sent, and nothing that looks like a token or a secret.
#[track_caller]
pub(crate) fn hold(text: &str, sent: &BTreeSet<String>) {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    // names are long too, but have no capitals and no digits
    let is_telling = |run: &str| run.contains(|letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit());
    let run = text
        .split(|letter| !is_letter(letter))
        .find(|run| run.len() >= LONG && is_telling(run));
    assert_eq!(run, None, "{text}");
    let word = words(text).find(|word| sent.contains(*word));
    assert_eq!(word, None, "{text}");
}

/// That a line of the log is one of a request, whose members can say nothing else, or a sentence without anything secret.
#[track_caller]
pub(crate) fn hold_line(line: &str, sent: &BTreeSet<String>) {
    let Ok(Value::Object(line)) = serde_json::from_str(line) else {
        return hold(line, sent);
    };
    for (name, value) in &line {
        let text = value.as_str().unwrap_or_default();
        let hex = |length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_known = match name.as_str() {
            "time" => text.len() == 20 && text.ends_with('Z'),
            "request_id" => hex(16),
            "token_id" => hex(12),
            "address" => value.is_null() || text.parse::<IpAddr>().is_ok(),
            "status" | "micros" => value.is_u64(),
            "method" => text == "other" || text.bytes().all(|byte| byte.is_ascii_uppercase()),
            "verdict" => text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
            "route" | "key" | "error" => {
                hold(text, sent);
                true
            }
            _ => false,
        };
        assert!(is_known, "{name}: {line:?}");
    }
}
