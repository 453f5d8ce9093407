//! A token's id: what makes each token of a run unique, and names it to people.

use std::fmt;

/// What makes each token of a run unique: 48 bits, drawn once and counted up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TokenId(u64);

impl TokenId {
    const BITS: u32 = 48;

    /// Draws a start for a run.
    ///
    /// # Errors
    /// When the system's random source fails.
    #[cfg(feature = "mint")]
    pub fn draw() -> Result<Self, getrandom::Error> {
        Ok(Self(getrandom::u64()? >> (u64::BITS - Self::BITS)))
    }

    /// Reads twelve hex digits, of either case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 12 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        u64::from_str_radix(text, 16).ok().map(Self)
    }

    /// The id of this number; none has more than 48 bits.
    #[must_use]
    pub fn from_number(number: u64) -> Option<Self> {
        (number >> Self::BITS == 0).then_some(Self(number))
    }

    /// Its number.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }

    /// The id `rows` after this one, modulo 2^48.
    #[inline]
    #[must_use]
    pub fn plus(self, rows: u64) -> Self {
        Self(self.0.wrapping_add(rows) & ((1 << Self::BITS) - 1))
    }

    /// How many rows after `first` this one is, modulo 2^48.
    #[must_use]
    pub fn since(self, first: Self) -> u64 {
        self.0.wrapping_sub(first.0) & ((1 << Self::BITS) - 1)
    }

    #[inline]
    pub(super) fn to_bytes(self) -> [u8; 6] {
        let [_, _, bytes @ ..] = self.0.to_be_bytes();
        bytes
    }

    pub(super) fn from_bytes(bytes: [u8; 6]) -> Self {
        Self(bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0; 12];
        for (place, digit) in text.iter_mut().zip((0..12).rev()) {
            *place = b"0123456789abcdef"[(self.0 >> (4 * digit) & 0xf) as usize];
        }
        f.write_str(std::str::from_utf8(&text).expect("digits are ASCII"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_twelve_hex_digits() {
        let id = TokenId::draw().expect("randomness");
        let text = id.to_string();
        assert_eq!((text.len(), TokenId::parse(&text)), (12, Some(id)));
        assert_eq!(TokenId::parse(&text.to_uppercase()), Some(id));
        for wrong in ["", "0123456789a", "0123456789abc", "+123456789ab", "0123456789ag"] {
            assert_eq!(TokenId::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_number_of_48_bits_is_an_id() {
        let number = |number| TokenId::from_number(number).map(|id| (id.to_string(), id.number()));
        assert_eq!(number(0x5a1d), Some(("000000005a1d".to_owned(), 0x5a1d)));
        assert_eq!(number((1 << 48) - 1), Some(("ffffffffffff".to_owned(), (1 << 48) - 1)));
        assert_eq!(number(1 << 48), None);
    }

    #[test]
    fn ids_are_counted_up_round_the_end() {
        let id = |text| TokenId::parse(text).expect("an id");
        let last = id("ffffffffffff");
        assert_eq!(last.plus(2), id("000000000001"));
        assert_eq!(last.plus(2).since(last), 2);
        assert_eq!(id("000000000007").since(id("000000000003")), 4);
        assert_eq!(last.since(last), 0);
    }
}
