//! The members of one JSON object, none of which may stand twice.
//!
//! Maps that are filled from JSON silently keep the last of two members; whoever reads another one than the signer's
//! library does believes what was never said.

use super::flaw::Flaw;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::fmt;

/// A member's value, as far as a JWT may have it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Member {
    Text(String),
    /// Written without fraction or exponent, and not `-0`.
    Whole(i128),
    /// A list, an object, a fraction, a number that is too large, `true`, `false` or `null`.
    Other,
}

/// The members of the object that is all of `json`, in their order, their escapes resolved; `no_object` is what is wrong
/// where it is none.
pub(super) fn read(json: &[u8], no_object: Flaw) -> Result<Vec<(String, Member)>, Flaw> {
    let members = std::str::from_utf8(json).ok().and_then(read_all);
    let members = members.ok_or(no_object)?;
    let mut names = HashSet::with_capacity(members.len());
    match members.iter().all(|(name, _)| names.insert(name.as_str())) {
        true => Ok(members),
        false => Err(Flaw::Twice),
    }
}

fn read_all(json: &str) -> Option<Vec<(String, Member)>> {
    let Members(members) = serde_json::from_str(json).ok()?;
    let read = |(name, value): (String, &RawValue)| Some((name, Member::read(value.get())?));
    members.into_iter().map(read).collect()
}

impl Member {
    fn read(json: &str) -> Option<Self> {
        // what is nested is passed over without recursion, however deep
        if json.starts_with(['[', '{']) {
            return Some(Self::Other);
        }
        Some(match serde_json::from_str(json).ok()? {
            Value::String(text) => Self::Text(text),
            Value::Number(number) => number.as_i128().map_or(Self::Other, Self::Whole),
            _ => Self::Other,
        })
    }
}

struct Members<'j>(Vec<(String, &'j RawValue)>);

impl<'j> Deserialize<'j> for Members<'j> {
    fn deserialize<D: Deserializer<'j>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'j> Visitor<'j> for Object {
            type Value = Members<'j>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'j>>(self, mut map: A) -> Result<Members<'j>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &[u8]) -> Result<Vec<(String, Member)>, Flaw> {
        super::read(json, Flaw::Payload)
    }

    fn value(json: &str) -> Result<Member, Flaw> {
        read(format!(r#"{{"a":{json}}}"#).as_bytes()).map(|mut members| members.remove(0).1)
    }

    #[test]
    fn only_texts_and_numbers_written_as_whole_are_values() {
        let table = [
            (r#""x""#, Member::Text("x".into())),
            (r#""""#, Member::Text(String::new())),
            (r#""\u0061\ud83c\udf81\u0000""#, Member::Text("a🎁\0".into())),
            ("0", Member::Whole(0)),
            ("18446744073709551615", Member::Whole(u64::MAX.into())),
            ("-1", Member::Whole(-1)),
            ("-9223372036854775808", Member::Whole(i64::MIN.into())),
            ("-9223372036854775809", Member::Other),
            ("18446744073709551616", Member::Other),
            ("-0", Member::Other),
            ("1.0", Member::Other),
            ("1e3", Member::Other),
            ("1E400", Member::Other),
            ("true", Member::Other),
            ("null", Member::Other),
            (r#"["x"]"#, Member::Other),
            (r#"{"x":{}}"#, Member::Other),
        ];
        for (json, expected) in table {
            match json {
                // out of a float's range: serde_json calls it no number at all
                "1E400" => assert_eq!(value(json), Err(Flaw::Payload)),
                _ => assert_eq!(value(json), Ok(expected), "{json}"),
            }
        }
    }

    #[test]
    fn what_is_no_json_object_is_refused() {
        let deep = "[".repeat(100_000);
        for json in [
            "01",
            "+1",
            ".5",
            "1.",
            "0x1",
            "NaN",
            r#""\ud800""#,
            r#""\udc00\ud800""#,
            r#""\x""#,
            "\"\0\"",
            "'x'",
            &deep,
        ] {
            assert_eq!(value(json), Err(Flaw::Payload), "{json}");
        }
        for json in [
            "",
            "[]",
            "null",
            "\"x\"",
            "{",
            "{}x",
            "{}{}",
            "{\"a\":1,}",
            "{a:1}",
            "\u{feff}{}",
            "{/**/}",
        ] {
            assert_eq!(read(json.as_bytes()), Err(Flaw::Payload), "{json}");
        }
        assert_eq!(read(b"{\"a\":\"\xff\"}"), Err(Flaw::Payload));
        assert_eq!(read(b"{\"a\":\"\xed\xa0\x80\"}"), Err(Flaw::Payload));
    }

    #[test]
    fn a_member_stands_once_however_it_is_written() {
        for json in [r#"{"a":1,"a":1}"#, r#"{"a":1,"b":2,"\u0061":3}"#, r#"{"":1,"":2}"#] {
            assert_eq!(read(json.as_bytes()), Err(Flaw::Twice), "{json}");
        }
        assert!(read(b" {\"a\" : 1 ,\r\n\t\"A\":2} ").is_ok());
    }

    #[test]
    fn deep_nesting_that_ends_is_skipped() {
        let deep = format!("{}{}", "[".repeat(3_000), "]".repeat(3_000));
        assert_eq!(value(&deep), Ok(Member::Other));
    }
}
