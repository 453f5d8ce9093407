//! Claims to bytes: one pass, in the order the map wants them, into a buffer that is used again.

use super::cbor::head;
use super::value::{Stored, ValueForm, form, push_hex};
use super::{ClaimError, ClaimName, MAX_CLAIMS, MAX_MAP, MAX_VALUE, name};

/// Writes one map: claims are pushed in the order of their names (see [`ClaimName`]'s `Ord`).
///
/// ```
/// # use linkmint_token::claims::{ClaimName, ClaimsEncoder, Claims};
/// let mut map = Vec::new();
/// let mut encoder = ClaimsEncoder::new(None, &mut map);
/// encoder.push(&ClaimName::parse("customer_id")?, "1234567")?;
/// encoder.push(&ClaimName::parse("campaign_id")?, "spring26")?;
/// encoder.finish()?;
/// assert_eq!(map.len(), 17);
/// # Ok::<(), linkmint_token::claims::ClaimError>(())
/// ```
#[derive(Debug)]
pub struct ClaimsEncoder<'a> {
    out: &'a mut Vec<u8>,
    start: usize,
    entries: usize,
    claims: usize,
    last: (usize, usize),
    last_form: ValueForm,
}

impl<'a> ClaimsEncoder<'a> {
    /// Begins a map at the end of `out`. `not_before` is in seconds since 1970 and never 0.
    #[inline]
    #[must_use]
    pub fn new(not_before: Option<u32>, out: &'a mut Vec<u8>) -> Self {
        let start = out.len();
        out.push(0);
        if let Some(seconds) = not_before {
            out.push(0);
            head(0, u64::from(seconds), out);
        }
        Self {
            out,
            start,
            entries: usize::from(not_before.is_some()),
            claims: 0,
            last: (0, 0),
            last_form: ValueForm::Text,
        }
    }

    /// Adds one claim.
    ///
    /// # Errors
    /// When the value is empty or too long, when it is one claim too many, or when the name does not come
    /// after the one before it. Nothing of it is written then.
    #[inline]
    pub fn push(&mut self, name: &ClaimName, value: &str) -> Result<(), ClaimError> {
        if value.is_empty() {
            return Err(ClaimError::EmptyValue);
        }
        if value.len() > MAX_VALUE {
            return Err(ClaimError::LongValue(value.len()));
        }
        if self.claims == MAX_CLAIMS {
            return Err(ClaimError::TooMany(MAX_CLAIMS + 1));
        }
        if self.claims > 0 && name::compare(&self.out[self.last.0..self.last.1], &name.encoding).is_ge() {
            return Err(ClaimError::Twice);
        }
        let key = self.out.len();
        match &*name.encoding {
            [registered] => self.out.push(*registered),
            encoding => self.out.extend_from_slice(encoding),
        }
        self.last = (key, self.out.len());
        self.claims += 1;
        self.entries += 1;
        self.last_form = push_value(value, self.out);
        Ok(())
    }

    /// In which form the value that was pushed last is stored.
    #[inline]
    #[must_use]
    pub fn last_form(&self) -> ValueForm {
        self.last_form
    }

    /// The entries so far, without the head: what rows with the same claims share.
    #[inline]
    #[must_use]
    pub fn entries(&self) -> &[u8] {
        &self.out[self.start + 1..]
    }

    /// Ends the map.
    ///
    /// # Errors
    /// When it has grown past [`MAX_MAP`] bytes.
    #[inline]
    pub fn finish(self) -> Result<(), ClaimError> {
        // at most 17 entries, so the head is always one byte (major type 5)
        self.out[self.start] = 5 << 5 | self.entries as u8;
        match self.out.len() - self.start {
            length if length > MAX_MAP => Err(ClaimError::LongMap(length)),
            _ => Ok(()),
        }
    }
}

#[inline]
fn push_value(value: &str, out: &mut Vec<u8>) -> ValueForm {
    let bytes = value.as_bytes();
    match form(bytes) {
        Stored::Number(number) => {
            head(0, number, out);
            ValueForm::Number
        }
        Stored::Uuid => {
            out.extend_from_slice(&[0xd8, 37, 0x50]);
            push_hex(bytes, out);
            ValueForm::Uuid
        }
        Stored::Hex => {
            head(2, bytes.len() as u64 / 2, out);
            push_hex(bytes, out);
            ValueForm::Hex
        }
        Stored::Text => {
            head(3, bytes.len() as u64, out);
            out.extend_from_slice(bytes);
            ValueForm::Text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixteenth_claim_fits_and_the_next_does_not() {
        let mut map = Vec::new();
        let mut encoder = ClaimsEncoder::new(Some(1), &mut map);
        for index in 0..MAX_CLAIMS {
            let name = ClaimName::parse(&format!("c{index:02}")).expect("a name");
            encoder.push(&name, "v").expect("fits");
        }
        let name = ClaimName::parse("z99").expect("a name");
        assert_eq!(encoder.push(&name, "v"), Err(ClaimError::TooMany(17)));
        assert_eq!(encoder.finish(), Ok(()));
    }

    #[test]
    fn entries_are_the_map_without_its_head() {
        let mut map = vec![9, 9];
        let mut encoder = ClaimsEncoder::new(None, &mut map);
        assert!(encoder.entries().is_empty());
        let name = ClaimName::parse("customer_id").expect("a name");
        encoder.push(&name, "5").expect("fits");
        assert_eq!(encoder.entries(), [1, 5]);
        assert_eq!(encoder.finish(), Ok(()));
        assert_eq!(map, [9, 9, 0xa1, 1, 5]);
    }

    #[test]
    fn names_out_of_order_or_twice_are_refused() {
        let (a, b) = (ClaimName::parse("a"), ClaimName::parse("customer_id"));
        let (a, b) = (a.expect("a name"), b.expect("a name"));
        let mut map = Vec::new();
        let mut encoder = ClaimsEncoder::new(None, &mut map);
        encoder.push(&a, "1").expect("fits");
        assert_eq!(encoder.push(&a, "1"), Err(ClaimError::Twice));
        assert_eq!(encoder.push(&b, "1"), Err(ClaimError::Twice));
    }

    #[test]
    fn a_map_past_its_limit_is_refused() {
        let mut map = Vec::new();
        let mut encoder = ClaimsEncoder::new(None, &mut map);
        for name in ["a", "b", "c"] {
            let name = ClaimName::parse(name).expect("a name");
            encoder.push(&name, &"v".repeat(400)).expect("fits");
        }
        assert!(matches!(encoder.finish(), Err(ClaimError::LongMap(_))));
    }
}
