//! A claim's name, checked once, with the bytes that stand for it in the map.

use super::{ClaimError, MAX_NAME};
use std::cmp::Ordering;
use std::fmt;

/// Names that are written as one byte instead of their text: the integer key is the index plus 1.
pub(super) const REGISTERED: [&str; 3] = ["customer_id", "campaign_id", "product_id"];

/// The name of a claim: 1 to 64 bytes of UTF-8 without control characters.
///
/// Names are ordered as a token stores them: bytewise by their encodings (RFC 8949, section 4.2.1).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimName {
    /// The CBOR bytes of the map's key. They come first, as names are ordered by them.
    pub(super) encoding: Box<[u8]>,
    text: Box<str>,
}

impl ClaimName {
    /// Checks `text` and keeps it with its encoding.
    ///
    /// # Errors
    /// When the name is empty, too long or holds a control character.
    pub fn parse(text: &str) -> Result<Self, ClaimError> {
        check(text)?;
        let encoding = match REGISTERED.iter().position(|name| *name == text) {
            Some(index) => vec![index as u8 + 1],
            None => {
                let mut bytes = Vec::with_capacity(text.len() + 2);
                super::cbor::head(3, text.len() as u64, &mut bytes);
                bytes.extend_from_slice(text.as_bytes());
                bytes
            }
        };
        Ok(Self {
            text: text.into(),
            encoding: encoding.into(),
        })
    }

    /// The name as its user wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// The order of names by their encodings. Registered names are one byte each, and compared as such.
#[inline]
pub(super) fn compare(a: &[u8], b: &[u8]) -> Ordering {
    match (a, b) {
        ([a], [b]) => a.cmp(b),
        _ => a.cmp(b),
    }
}

/// The rule of [`ClaimName::parse`], for a name that is only read.
pub(super) fn check(text: &str) -> Result<(), ClaimError> {
    if text.is_empty() {
        return Err(ClaimError::EmptyName);
    }
    if text.len() > MAX_NAME {
        return Err(ClaimError::LongName(text.len()));
    }
    if text.chars().any(char::is_control) {
        return Err(ClaimError::ControlInName);
    }
    Ok(())
}

impl fmt::Display for ClaimName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for ClaimName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClaimName({:?})", self.text)
    }
}
