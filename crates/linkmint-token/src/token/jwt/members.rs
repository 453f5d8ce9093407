//! The members of one JSON object, none of which may stand twice.
//!
//! Maps that are filled from JSON silently keep the last of two members; whoever reads another one than the signer's
//! library does believes what was never said.

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::HashSet;
use std::fmt;

/// A member's value, as far as a JWT may have it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Member {
    Text(String),
    /// Written without fraction or exponent, and not `-0`.
    Whole(u64),
    Negative(i64),
    /// A list, an object, a fraction, a number that is too large, `true`, `false` or `null`.
    Other,
}

/// What is no list of members.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    NoObject,
    Twice,
}

/// The members of the object that is all of `json`, in their order, their escapes resolved.
pub(super) fn read(json: &[u8]) -> Result<Vec<(String, Member)>, Unreadable> {
    let text = std::str::from_utf8(json).map_err(|_| Unreadable::NoObject)?;
    let Members(members) = serde_json::from_str(text).map_err(|_| Unreadable::NoObject)?;
    let mut names = HashSet::with_capacity(members.len());
    match members.iter().all(|(name, _)| names.insert(name.as_str())) {
        true => Ok(members),
        false => Err(Unreadable::Twice),
    }
}

struct Members(Vec<(String, Member)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
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

impl<'de> Deserialize<'de> for Member {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Member;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Member, E> {
        Ok(Member::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Member, E> {
        Ok(Member::Text(text))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Member, E> {
        Ok(Member::Whole(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Member, E> {
        Ok(Member::Negative(number))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Member, E> {
        Ok(Member::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Member, E> {
        Ok(Member::Other)
    }

    fn visit_unit<E>(self) -> Result<Member, E> {
        Ok(Member::Other)
    }

    // what is nested is skipped without recursion, however deep
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Member, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Member::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Member, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Member::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: &str) -> Result<Member, Unreadable> {
        read(format!(r#"{{"a":{json}}}"#).as_bytes()).map(|mut members| members.remove(0).1)
    }

    #[test]
    fn only_texts_and_numbers_written_as_whole_are_values() {
        let table = [
            (r#""x""#, Member::Text("x".into())),
            (r#""""#, Member::Text(String::new())),
            (r#""\u0061\ud83c\udf81\u0000""#, Member::Text("a🎁\0".into())),
            ("0", Member::Whole(0)),
            ("18446744073709551615", Member::Whole(u64::MAX)),
            ("-1", Member::Negative(-1)),
            ("-9223372036854775808", Member::Negative(i64::MIN)),
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
                "1E400" => assert_eq!(value(json), Err(Unreadable::NoObject)),
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
            assert_eq!(value(json), Err(Unreadable::NoObject), "{json}");
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
            assert_eq!(read(json.as_bytes()), Err(Unreadable::NoObject), "{json}");
        }
        assert_eq!(read(b"{\"a\":\"\xff\"}"), Err(Unreadable::NoObject));
        assert_eq!(read(b"{\"a\":\"\xed\xa0\x80\"}"), Err(Unreadable::NoObject));
    }

    #[test]
    fn a_member_stands_once_however_it_is_written() {
        for json in [r#"{"a":1,"a":1}"#, r#"{"a":1,"b":2,"\u0061":3}"#, r#"{"":1,"":2}"#] {
            assert_eq!(read(json.as_bytes()), Err(Unreadable::Twice), "{json}");
        }
        assert!(read(b" {\"a\" : 1 ,\r\n\t\"A\":2} ").is_ok());
    }

    #[test]
    fn deep_nesting_that_ends_is_skipped() {
        let deep = format!("{}{}", "[".repeat(3_000), "]".repeat(3_000));
        assert_eq!(value(&deep), Ok(Member::Other));
    }
}
