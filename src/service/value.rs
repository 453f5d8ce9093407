//! Claims as the JSON of a request gives them: text, or a whole number, which becomes its decimal text; each once.

use super::unique_map;
use serde::de::{Deserialize, Deserializer, Error};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// The claim that a value of JSON is, by its text: also of a number that has more digits than a computer counts with.
pub(super) fn of_raw(raw: &str) -> Option<String> {
    match raw.as_bytes().first() {
        // half of a surrogate pair is no text
        Some(b'"') => serde_json::from_str(raw).ok(),
        _ => {
            let mut digits = raw.strip_prefix('-').unwrap_or(raw).bytes();
            digits.all(|byte| byte.is_ascii_digit()).then(|| raw.to_owned())
        }
    }
}

/// A claim's value.
struct Value(String);

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let claim = of_raw(raw.get()).map(Self);
        claim.ok_or_else(|| D::Error::custom("a claim is a text or a whole number"))
    }
}

/// A value that may be left out, but is never null: what a program does not know must not become a token without it.
pub(super) fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Value::deserialize(deserializer).map(|Value(text)| Some(text))
}

/// Claims by their names.
pub(super) fn claims<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    let claims: BTreeMap<String, Value> = unique_map::read(deserializer)?;
    Ok(claims.into_iter().map(|(name, Value(text))| (name, text)).collect())
}
