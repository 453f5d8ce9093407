//! Bytes to claims: reads only what [`super::encode`] writes, and copies nothing.

mod reader;

use super::cbor::head;
use super::value::Value;
use super::{MAX_MAP, name};
use reader::Reader;

/// What breaks the rules of the map. The words are for people; the status is always `malformed`.
///
/// As wide as what it shares a `Result` with: of one byte, the compiler moves a value byte by byte and then the rest of
/// it, and the stalls cost a tenth of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[repr(usize)]
pub enum MapError {
    /// The bytes end within an item.
    #[error("the claims are cut short")]
    CutShort,
    /// The item is no map of definite length.
    #[error("the claims are no map")]
    NoMap,
    /// A head that is longer than needed, or of indefinite length.
    #[error("the claims are not in their shortest encoding")]
    LongHead,
    /// Keys out of order, or a key twice.
    #[error("the claims are out of order or one stands twice")]
    Order,
    /// A key that this version does not know.
    #[error("a claim has a key that is not of this version")]
    Key,
    /// A value of another type, or not in its first form.
    #[error("a claim's value is not in its form")]
    Value,
    /// A text that is not UTF-8.
    #[error("a claim is not UTF-8")]
    Utf8,
    /// A limit of names, values, claims or the whole map.
    #[error("the claims break a limit")]
    Limit,
}

/// A map that was read whole: its claims, and the one entry that is no claim.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ClaimMap<'a> {
    /// Seconds since 1970 before which the token is not valid.
    pub not_before: Option<u32>,
    /// The claims, in the order of the map.
    pub claims: Claims<'a>,
    /// How many bytes the map takes.
    pub length: usize,
}

/// One claim of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claim<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its value, which displays as text.
    pub value: Value<'a>,
}

impl Claim<'_> {
    /// Its name and its value as texts.
    #[must_use]
    pub fn to_texts(self) -> (String, String) {
        // most values are texts and numbers, which need no formatting
        let value = match self.value {
            Value::Text(text) => text.to_owned(),
            Value::Number(number) => number.to_string(),
            value => value.to_string(),
        };
        (self.name.to_owned(), value)
    }
}

/// The entries of a map that was read before, one after the other.
#[derive(Debug)]
pub struct Entries<'a>(Reader<'a>);

impl<'a> Entries<'a> {
    /// The encoded name of the next one, which is passed; no two names share one.
    pub fn next_key(&mut self) -> Option<&'a [u8]> {
        self.0.entry().ok().map(|(key, _)| key)
    }

    /// Whether the next one has this encoded name and a value that stands for exactly this text; it is passed then.
    #[inline(always)]
    pub fn next_is(&mut self, key: &[u8], text: &[u8]) -> bool {
        self.0.entry_is(key, text)
    }
}

/// The claims of a token that was checked when it was read; iterating reads them from the bytes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Claims<'a> {
    /// What they are read from.
    pub(crate) entries: &'a [u8],
    count: usize,
    coding: Coding,
}

/// How claims stand in their bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
enum Coding {
    /// As the entries of a map that a minter writes.
    #[default]
    Map = 0,
    /// As names and values of any length in turns, all of them text strings.
    Texts = 1,
}

impl<'a> Claims<'a> {
    /// Those of a JWT that others made, in the order in which they stood, in place of what was in `room`: they are only
    /// shown, so that the limits of minting don't hold for them.
    pub(crate) fn of_texts<'t>(texts: impl IntoIterator<Item = (&'t str, &'t str)>, room: &'a mut Vec<u8>) -> Self {
        room.clear();
        let mut count = 0;
        for (name, value) in texts {
            for text in [name, value] {
                head(3, text.len() as u64, room);
                room.extend_from_slice(text.as_bytes());
            }
            count += 1;
        }
        Self {
            entries: room,
            count,
            coding: Coding::Texts,
        }
    }

    /// The same claims in a copy of those bytes.
    pub(crate) fn at<'c>(&self, bytes: &'c [u8]) -> Claims<'c> {
        Claims {
            entries: bytes,
            count: self.count,
            coding: self.coding,
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The claims as they stand in a map, where they do: for holding many against texts without reading their names.
    #[inline]
    pub fn entries(&self) -> Option<Entries<'a>> {
        (self.coding == Coding::Map).then_some(Entries(Reader::again(self.entries)))
    }

    /// The claims in the order in which they stand.
    pub fn iter(&self) -> impl Iterator<Item = Claim<'a>> + use<'a> {
        let mut reader = Reader::again(self.entries);
        let coding = self.coding;
        std::iter::from_fn(move || {
            if reader.rest.is_empty() {
                return None;
            }
            match coding {
                Coding::Map => reader.claim().ok(),
                Coding::Texts => reader.text_claim().ok(),
            }
        })
    }

    /// Appends them for [`Claims::restore`], in hardly more bytes than they have in a token.
    pub fn store(&self, out: &mut Vec<u8>) {
        out.push(self.coding as u8);
        out.extend_from_slice(self.entries);
    }

    /// How many bytes [`Claims::store`] appends.
    #[must_use]
    pub fn stored_length(&self) -> usize {
        1 + self.entries.len()
    }

    /// Reads what [`Claims::store`] wrote.
    ///
    /// # Errors
    /// When the bytes are nothing that it writes.
    pub fn restore(bytes: &'a [u8]) -> Result<Self, MapError> {
        let (coding, entries) = match bytes {
            [0, entries @ ..] => (Coding::Map, entries),
            [1, entries @ ..] => (Coding::Texts, entries),
            _ => return Err(MapError::NoMap),
        };
        let mut reader = Reader::of(entries);
        let mut count = 0;
        while !reader.rest.is_empty() {
            match coding {
                Coding::Map => reader.claim()?,
                Coding::Texts => reader.text_claim()?,
            };
            count += 1;
        }
        Ok(Self { entries, count, coding })
    }

    /// The value of the claim of that name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<Value<'a>> {
        self.iter().find(|claim| claim.name == name).map(|claim| claim.value)
    }
}

/// What stands whole at the start of a map that may be cut short.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct MapStart<'a> {
    /// As in [`ClaimMap`].
    pub not_before: Option<u32>,
    /// The claims that are all there.
    pub claims: Vec<Claim<'a>>,
    /// How many bytes the map takes, where all of it is there.
    pub length: Option<usize>,
}

impl<'a> MapStart<'a> {
    /// Reads what there is of a map; `None` where it is the start of none.
    #[must_use]
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let (mut reader, mut start) = (Reader::of(bytes), Self::default());
        let filled = reader.map().and_then(|(not_before, count)| {
            start.not_before = not_before;
            (0..count).try_for_each(|_| reader.claim().map(|claim| start.claims.push(claim)))
        });
        match filled {
            Ok(()) => start.length = Some(bytes.len() - reader.rest.len()),
            Err(MapError::CutShort) => {}
            Err(_) => return None,
        }
        Some(start)
    }
}

impl<'a> ClaimMap<'a> {
    /// Reads a map from the start of `bytes`, which may go on after it.
    ///
    /// # Errors
    /// When it is not exactly what a minter writes: another encoding, a value not in its first form, a limit.
    // a result of so many parts takes longer to hand on than to read
    #[inline(always)]
    pub fn read(bytes: &'a [u8]) -> Result<Self, MapError> {
        let mut reader = Reader::of(bytes);
        let (not_before, count) = reader.map()?;
        let entries = reader.rest;
        let mut last: Option<&[u8]> = None;
        for _ in 0..count {
            let start = reader.rest;
            reader.name()?;
            let key = &start[..start.len() - reader.rest.len()];
            if last.is_some_and(|last| name::compare(last, key).is_ge()) {
                return Err(MapError::Order);
            }
            last = Some(key);
            reader.strict_value()?;
        }
        let length = bytes.len() - reader.rest.len();
        if length > MAX_MAP {
            return Err(MapError::Limit);
        }
        let claims = Claims {
            entries: &entries[..entries.len() - reader.rest.len()],
            count: count as usize,
            coding: Coding::Map,
        };
        Ok(Self {
            not_before,
            claims,
            length,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_ends_where_it_says() {
        // a token's pad is a zero, which would be the key of not before
        let map = ClaimMap::read(&[0xa0, 0]).expect("no claims");
        assert_eq!((map.length, map.not_before, map.claims.len()), (1, None, 0));
        assert!(map.claims.is_empty());
        let map = ClaimMap::read(&[0xa1, 1, 5, 0]).expect("one claim");
        assert_eq!((map.length, map.not_before, map.claims.len()), (3, None, 1));
        assert!(!map.claims.is_empty());
    }

    #[test]
    fn a_value_of_another_type_is_none() {
        let value = |value: &[u8]| {
            let map = [&[0xa1, 1][..], value].concat();
            ClaimMap::read(&map).map(|map| map.length - 2)
        };
        let hex = |length: u16| [&[0x59][..], &length.to_be_bytes(), &vec![0xab; length.into()]].concat();
        assert_eq!(value(&hex(256)), Ok(259));
        // more digits than a value may have characters
        assert_eq!(value(&hex(257)), Err(MapError::Value));
        assert_eq!(value(&[&[0x79, 2, 1][..], &[b'x'; 513]].concat()), Err(MapError::Limit));
        let tagged = |head: &[u8]| [head, &[0xab; 17]].concat();
        assert_eq!(value(&tagged(&[0xd8, 37, 0x50])[..19]), Ok(19));
        for head in [
            &[0xd8, 37, 0x4f][..],
            &[0xd8, 37, 0x51],
            &[0xd8, 37, 0x70],
            &[0xd8, 38, 0x50],
        ] {
            assert_eq!(value(&tagged(head)), Err(MapError::Value), "{head:x?}");
        }
        for other in [&[0x20][..], &[0x80], &[0xa0], &[0xf5], &[0xfa, 0x40, 0, 0, 0]] {
            assert_eq!(value(other), Err(MapError::Value), "{other:x?}");
        }
    }

    #[test]
    fn stored_claims_come_back() {
        let entries = [1, 5, 0x61, b'b', 0x61, b'x'];
        let map = [&[0xa2][..], &entries].concat();
        let of_map = ClaimMap::read(&map).expect("claims").claims;
        let mut room = vec![7];
        let of_texts = Claims::of_texts([("b", "x")], &mut room);
        for claims in [of_map, of_texts, Claims::default()] {
            let mut stored = Vec::new();
            claims.store(&mut stored);
            assert_eq!(stored.len(), claims.stored_length());
            assert_eq!(Claims::restore(&stored), Ok(claims));
        }
        for wrong in [&[][..], &[2], &[0, 1], &[1, 1, 5]] {
            assert!(Claims::restore(wrong).is_err(), "{wrong:x?}");
        }
    }

    #[test]
    fn entries_are_the_claims_as_they_stand() {
        let map = [0xa2, 1, 5, 0x61, b'b', 0x61, b'x'];
        let claims = ClaimMap::read(&map).expect("claims").claims;
        let entries = || claims.entries().expect("a map");
        let mut keys = entries();
        assert_eq!(keys.next_key(), Some(&[1][..]));
        assert_eq!(keys.next_key(), Some(&[0x61, b'b'][..]));
        assert_eq!(keys.next_key(), None);
        let mut both = entries();
        assert!(both.next_is(&[1], b"5") && both.next_is(&[0x61, b'b'], b"x"));
        assert!(!both.next_is(&[1], b"5") && !both.next_is(&[0x61, b'b'], b""));
        for (key, text) in [(&[1][..], &b"6"[..]), (&[1], b"05"), (&[1], b""), (&[2], b"5")] {
            assert!(!entries().next_is(key, text), "{key:?} {text:?}");
        }
        for text in [&b"xx"[..], b"", b"y"] {
            let mut entries = entries();
            assert!(
                entries.next_is(&[1], b"5") && !entries.next_is(&[0x61, b'b'], text),
                "{text:?}"
            );
        }
        assert!(Claims::of_texts([], &mut Vec::new()).entries().is_none());
    }
}
