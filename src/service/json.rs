//! JSON as serde describes it, written fast.
//!
//! A check writes some fifty names and texts, of which none has anything to escape. serde_json looks at each byte of each,
//! and writes them in eight pieces a member: that was a fifth of the time that a check takes outside of the system. Here a
//! name is known to be plain, a text is looked at as a whole, and what has something to escape is left to serde_json.

use serde::ser::{Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer};
use std::fmt::{self, Display, Write as _};

/// Adds the JSON of a value, whose maps have texts as keys.
pub(super) fn write(text: &mut Vec<u8>, value: &impl Serialize) -> fmt::Result {
    value.serialize(&mut Json { text })
}

struct Json<'t> {
    text: &'t mut Vec<u8>,
}

impl Json<'_> {
    fn plain(&mut self, text: &str) -> fmt::Result {
        self.text.extend_from_slice(text.as_bytes());
        Ok(())
    }

    /// What is rarely written, by who knows it all.
    fn other(&mut self, value: &impl Serialize) -> fmt::Result {
        serde_json::to_writer(&mut *self.text, value).map_err(|_| fmt::Error)
    }

    fn text(&mut self, text: &str) -> fmt::Result {
        self.text.reserve(text.len() + 2);
        self.text.push(b'"');
        self.write_str(text)?;
        self.text.push(b'"');
        Ok(())
    }

    fn number(&mut self, number: impl itoa::Integer) -> fmt::Result {
        self.plain(itoa::Buffer::new().format(number))
    }
}

/// A part of a text.
impl fmt::Write for Json<'_> {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        // all of it, without an end in between: so the compiler can look at many bytes at once
        let escapes = part.bytes().fold(false, |found, byte| {
            found | (byte < b' ') | matches!(byte, b'"' | b'\\')
        });
        if !escapes {
            return self.plain(part);
        }
        let quoted = serde_json::to_string(part).map_err(|_| fmt::Error)?;
        self.plain(&quoted[1..quoted.len() - 1])
    }
}

/// The members of an object, or the items of a list.
struct Parts<'j, 't> {
    json: &'j mut Json<'t>,
    end: u8,
    are_more: bool,
}

impl<'j, 't> Parts<'j, 't> {
    fn begin(json: &'j mut Json<'t>, begin: u8, end: u8) -> Self {
        json.text.push(begin);
        Self {
            json,
            end,
            are_more: false,
        }
    }

    fn next(&mut self) {
        if std::mem::replace(&mut self.are_more, true) {
            self.json.text.push(b',');
        }
    }

    fn finish(self) -> fmt::Result {
        self.json.text.push(self.end);
        Ok(())
    }
}

impl SerializeStruct for Parts<'_, '_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> fmt::Result {
        debug_assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
        self.json.text.reserve(name.len() + 4);
        self.next();
        self.json.text.push(b'"');
        self.json.plain(name)?;
        self.json.text.extend_from_slice(b"\":");
        value.serialize(&mut *self.json)
    }

    fn end(self) -> fmt::Result {
        self.finish()
    }
}

impl SerializeMap for Parts<'_, '_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> fmt::Result {
        self.next();
        let start = self.json.text.len();
        key.serialize(&mut *self.json)?;
        self.json
            .text
            .get(start)
            .filter(|byte| **byte == b'"')
            .map(drop)
            .ok_or(fmt::Error)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> fmt::Result {
        self.json.text.push(b':');
        value.serialize(&mut *self.json)
    }

    fn end(self) -> fmt::Result {
        self.finish()
    }
}

impl SerializeSeq for Parts<'_, '_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, item: &T) -> fmt::Result {
        self.next();
        item.serialize(&mut *self.json)
    }

    fn end(self) -> fmt::Result {
        self.finish()
    }
}

/// Methods for numbers of these types.
macro_rules! numbers {
    ($($method:ident $type:ty),+) => {
        $(fn $method(self, number: $type) -> fmt::Result {
            self.number(number)
        })+
    };
}

impl<'j, 't> Serializer for &'j mut Json<'t> {
    type Ok = ();
    type Error = fmt::Error;
    type SerializeSeq = Parts<'j, 't>;
    type SerializeMap = Parts<'j, 't>;
    type SerializeStruct = Parts<'j, 't>;
    // nothing that the service tells is one of these
    type SerializeTuple = Impossible<(), fmt::Error>;
    type SerializeTupleStruct = Impossible<(), fmt::Error>;
    type SerializeTupleVariant = Impossible<(), fmt::Error>;
    type SerializeStructVariant = Impossible<(), fmt::Error>;

    numbers!(serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64);
    numbers!(serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64);

    fn serialize_bool(self, value: bool) -> fmt::Result {
        self.plain(if value { "true" } else { "false" })
    }

    fn serialize_f32(self, number: f32) -> fmt::Result {
        self.other(&number)
    }

    fn serialize_f64(self, number: f64) -> fmt::Result {
        self.other(&number)
    }

    fn serialize_char(self, letter: char) -> fmt::Result {
        self.text(letter.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> fmt::Result {
        self.text(text)
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> fmt::Result {
        self.text.push(b'"');
        write!(self, "{value}")?;
        self.text.push(b'"');
        Ok(())
    }

    fn serialize_none(self) -> fmt::Result {
        self.plain("null")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> fmt::Result {
        value.serialize(self)
    }

    fn serialize_unit(self) -> fmt::Result {
        self.plain("null")
    }

    fn serialize_unit_struct(self, _: &'static str) -> fmt::Result {
        self.plain("null")
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> fmt::Result {
        self.text(name)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> fmt::Result {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'j, 't>, fmt::Error> {
        Ok(Parts::begin(self, b'[', b']'))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'j, 't>, fmt::Error> {
        Ok(Parts::begin(self, b'{', b'}'))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Parts<'j, 't>, fmt::Error> {
        Ok(Parts::begin(self, b'{', b'}'))
    }

    fn serialize_bytes(self, _: &[u8]) -> fmt::Result {
        Err(fmt::Error)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> fmt::Result {
        Err(fmt::Error)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, fmt::Error> {
        Err(fmt::Error)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, fmt::Error> {
        Err(fmt::Error)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, fmt::Error> {
        Err(fmt::Error)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, fmt::Error> {
        Err(fmt::Error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Serialize;
    use std::collections::BTreeMap;

    #[derive(Clone, Debug, Serialize)]
    enum Word {
        Good,
        #[serde(rename = "not so \"good\"")]
        Bad,
    }

    #[derive(Debug, Serialize)]
    struct Inner<'a> {
        word: Word,
        list: &'a [String],
    }

    #[derive(Debug, Serialize)]
    struct Everything<'a> {
        text: &'a str,
        letter: char,
        yes: bool,
        none: Option<u8>,
        some: Option<i64>,
        large: u64,
        half: f64,
        unit: (),
        #[serde(serialize_with = "shown")]
        shown: &'a str,
        map: &'a BTreeMap<String, String>,
        inners: Vec<Inner<'a>>,
    }

    fn shown<S: Serializer>(text: &&str, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{text}{text}"))
    }

    proptest! {
        #[test]
        fn it_is_what_serde_json_writes(
            text in any::<String>(),
            odd in "[\u{0}-\u{22}\\\\\u{7f}-\u{a0}a-c]{0,40}",
            letter in any::<char>(),
            numbers in any::<(Option<i64>, u64, bool)>(),
            map in proptest::collection::btree_map(any::<String>(), any::<String>(), 0..4),
            list in proptest::collection::vec(any::<String>(), 0..4),
        ) {
            let value = Everything {
                text: &text,
                letter,
                yes: numbers.2,
                none: None,
                some: numbers.0,
                large: numbers.1,
                half: numbers.1 as f64 / 2.0,
                unit: (),
                shown: &odd,
                map: &map,
                inners: [Word::Good, Word::Bad].map(|word| Inner { word, list: &list }).into(),
            };
            let mut written = Vec::new();
            write(&mut written, &value).expect("all of it can be written");
            prop_assert_eq!(String::from_utf8(written), Ok(serde_json::to_string(&value).expect("JSON")));
        }
    }

    #[test]
    fn what_it_can_t_write_is_an_error() {
        assert!(write(&mut Vec::new(), &BTreeMap::from([(1, 2)])).is_err());
        assert!(write(&mut Vec::new(), &(1, 2)).is_err());
    }
}
