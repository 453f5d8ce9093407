//! Claims as the JSON of a request gives them: text, or a whole number, which becomes its decimal text; each once.

use super::unique_map;
use serde::de::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// A claim's value.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Value {
    Text(String),
    Number(u64),
    Negative(i64),
}

impl From<Value> for String {
    fn from(value: Value) -> Self {
        match value {
            Value::Text(text) => text,
            Value::Number(number) => number.to_string(),
            Value::Negative(number) => number.to_string(),
        }
    }
}

/// A value that may be left out, but is never null: what a program does not know must not become a token without it.
pub(super) fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Value::deserialize(deserializer).map(|value| Some(value.into()))
}

/// Claims by their names.
pub(super) fn claims<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    let claims: BTreeMap<String, Value> = unique_map::read(deserializer)?;
    Ok(claims.into_iter().map(|(name, value)| (name, value.into())).collect())
}
