//! Claims as the JSON of a request gives them: text, or a whole number, which becomes its decimal text; each once.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;

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

/// Claims by their names. One that is given twice is refused: programs differ in which of the two they take.
pub(super) fn claims<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    struct EachOnce;
    impl<'de> Visitor<'de> for EachOnce {
        type Value = BTreeMap<String, String>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
            let mut claims = BTreeMap::new();
            while let Some((name, value)) = members.next_entry::<_, Value>()? {
                if claims.insert(name, value.into()).is_some() {
                    return Err(A::Error::custom("a claim is given twice"));
                }
            }
            Ok(claims)
        }
    }
    deserializer.deserialize_map(EachOnce)
}
