//! An object of JSON in which each name stands once: of two values for a claim, nobody knows which was meant, and another
//! reader takes the other.

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// Reads one, for `#[serde(deserialize_with)]`.
pub(super) fn read<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, T>, D::Error> {
    let mut members = BTreeMap::new();
    let expected = "an object in which each name stands once";
    each_member(deserializer, expected, |name, value| {
        match members.insert(name, value) {
            None => Ok(()),
            Some(_) => Err("a name stands twice".to_owned()),
        }
    })?;
    Ok(members)
}

/// Reads an object member by member, as they come; `add` may say what is wrong with one.
pub(super) fn each_member<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
    expected: &'static str,
    add: impl FnMut(String, T) -> Result<(), String>,
) -> Result<(), D::Error> {
    struct Members<T, Add>(&'static str, Add, PhantomData<T>);
    impl<'de, T: Deserialize<'de>, Add: FnMut(String, T) -> Result<(), String>> Visitor<'de> for Members<T, Add> {
        type Value = ();
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
        fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
            while let Some((name, value)) = map.next_entry()? {
                self.1(name, value).map_err(A::Error::custom)?;
            }
            Ok(())
        }
    }
    deserializer.deserialize_map(Members(expected, add, PhantomData))
}
