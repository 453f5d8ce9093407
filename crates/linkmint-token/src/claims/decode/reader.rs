//! Item by item through the bytes of claims (RFC 8949, section 3), strictly.

use super::{Claim, MapError};
use crate::claims::name::{self, REGISTERED};
use crate::claims::value::{Raw, Stored, Value, form, hex_is_first_form};
use crate::claims::{MAX_CLAIMS, MAX_NAME, MAX_VALUE};

#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) rest: &'a [u8],
    /// The names and values have been found in their form already.
    checked: bool,
}

impl<'a> Reader<'a> {
    /// Of bytes that nobody has looked at.
    #[inline(always)]
    pub(super) fn of(rest: &'a [u8]) -> Self {
        Self { rest, checked: false }
    }

    /// Of bytes that were read before.
    #[inline(always)]
    pub(super) fn again(rest: &'a [u8]) -> Self {
        Self { rest, checked: true }
    }

    #[inline(always)]
    fn take(&mut self, count: usize) -> Result<&'a [u8], MapError> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(MapError::CutShort)?;
        self.rest = rest;
        Ok(taken)
    }

    /// A head in its shortest form: the major type and its argument.
    #[inline(always)]
    fn head(&mut self) -> Result<(u8, u64), MapError> {
        let first = self.take(1)?[0];
        let (length, least) = match first & 31 {
            direct @ 0..24 => return Ok((first >> 5, u64::from(direct))),
            24 => (1, 24),
            25 => (2, 0x100),
            26 => (4, 0x1_0000),
            27 => (8, 0x1_0000_0000),
            _ => return Err(MapError::LongHead),
        };
        let bytes = self.take(length)?;
        let argument = bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        if argument < least {
            return Err(MapError::LongHead);
        }
        Ok((first >> 5, argument))
    }

    /// The beginning of a map: its `not_before`, which is no claim, and how many claims follow.
    #[inline(always)]
    pub(super) fn map(&mut self) -> Result<(Option<u32>, u64), MapError> {
        let (major, mut count) = self.head()?;
        if major != 5 {
            return Err(MapError::NoMap);
        }
        let mut not_before = None;
        if count > 0 && self.rest.first() == Some(&0) {
            count -= 1;
            self.rest = &self.rest[1..];
            not_before = Some(self.not_before()?);
        }
        match count > MAX_CLAIMS as u64 {
            true => Err(MapError::Limit),
            false => Ok((not_before, count)),
        }
    }

    fn not_before(&mut self) -> Result<u32, MapError> {
        match self.head()? {
            (0, seconds @ 1..=0xffff_ffff) => Ok(seconds as u32),
            _ => Err(MapError::Value),
        }
    }

    fn text(&mut self, length: u64, limit: usize) -> Result<&'a str, MapError> {
        if length > limit as u64 {
            return Err(MapError::Limit);
        }
        std::str::from_utf8(self.take(length as usize)?).map_err(|_| MapError::Utf8)
    }

    #[inline(always)]
    pub(super) fn name(&mut self) -> Result<&'a str, MapError> {
        match self.head()? {
            (0, key @ 1..=3) => Ok(REGISTERED[key as usize - 1]),
            (3, length) => {
                let text = self.text(length, MAX_NAME)?;
                if !self.checked {
                    name::check(text).map_err(|_| MapError::Limit)?;
                    if REGISTERED.contains(&text) {
                        return Err(MapError::Key);
                    }
                }
                Ok(text)
            }
            _ => Err(MapError::Key),
        }
    }

    #[inline(always)]
    fn value(&mut self) -> Result<Value<'a>, MapError> {
        let value = match self.checked {
            true => self.raw_value()?,
            false => self.strict_value()?,
        };
        Ok(match value {
            Raw::Number(number) => Value::Number(number),
            Raw::Uuid(bytes) => Value::Uuid(bytes),
            Raw::Hex(bytes) => Value::Hex(bytes),
            Raw::Text(bytes) => Value::Text(std::str::from_utf8(bytes).map_err(|_| MapError::Utf8)?),
        })
    }

    /// A value in the first form that it has.
    #[inline(always)]
    pub(super) fn strict_value(&mut self) -> Result<Raw<'a>, MapError> {
        let value = self.raw_value()?;
        let is_first_form = match value {
            Raw::Number(_) | Raw::Uuid(_) => true,
            Raw::Hex(bytes) => hex_is_first_form(bytes),
            // almost all are ASCII, which is seen sooner
            Raw::Text(bytes) if !bytes.is_ascii() && std::str::from_utf8(bytes).is_err() => return Err(MapError::Utf8),
            Raw::Text(bytes) => !bytes.is_empty() && matches!(form(bytes), Stored::Text),
        };
        match is_first_form {
            true => Ok(value),
            false => Err(MapError::Value),
        }
    }

    /// A value of any form, which need not be the first one that it has.
    #[inline(always)]
    fn raw_value(&mut self) -> Result<Raw<'a>, MapError> {
        match self.head()? {
            (0, number) => Ok(Raw::Number(number)),
            (2, length) if length <= MAX_VALUE as u64 / 2 => Ok(Raw::Hex(self.take(length as usize)?)),
            (3, length) if length <= MAX_VALUE as u64 => Ok(Raw::Text(self.take(length as usize)?)),
            (3, _) => Err(MapError::Limit),
            (6, 37) if self.rest.first() == Some(&0x50) => {
                let bytes = &self.take(17)?[1..];
                Ok(Raw::Uuid(bytes.try_into().map_err(|_| MapError::CutShort)?))
            }
            _ => Err(MapError::Value),
        }
    }

    /// An entry of a map that was read before: its encoded name, and its value.
    pub(super) fn entry(&mut self) -> Result<(&'a [u8], Raw<'a>), MapError> {
        let start = self.rest;
        if let (3, length) = self.head()? {
            self.take(length as usize)?;
        }
        let key = &start[..start.len() - self.rest.len()];
        Ok((key, self.raw_value()?))
    }

    /// Whether such an entry has this encoded name and a value that stands for exactly this text.
    #[inline(always)]
    pub(super) fn entry_is(&mut self, key: &[u8], text: &[u8]) -> bool {
        let rest = match key {
            // a registered name: known in its length, it is compared in place
            [byte] => self.rest.strip_prefix(&[*byte]),
            key => self.rest.strip_prefix(key),
        };
        let Some(rest) = rest else {
            return false;
        };
        self.rest = rest;
        self.raw_value().is_ok_and(|value| value.is(text))
    }

    pub(super) fn text_claim(&mut self) -> Result<Claim<'a>, MapError> {
        let mut next = || match self.head()? {
            (3, length) => self.text(length, usize::MAX),
            _ => Err(MapError::Value),
        };
        Ok(Claim {
            name: next()?,
            value: Value::Text(next()?),
        })
    }

    #[inline(always)]
    pub(super) fn claim(&mut self) -> Result<Claim<'a>, MapError> {
        Ok(Claim {
            name: self.name()?,
            value: self.value()?,
        })
    }
}
