//! The first form that gives a value's text back: a number, a UUID, hex digits, or the text itself.

use std::fmt;

/// A claim's value in the form a token stores it; it displays as the text it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// A decimal without sign or leading zero, below 2^64.
    Number(u64),
    /// A lower-case UUID of any version (tag 37).
    Uuid(&'a [u8; 16]),
    /// Lower-case hex of an even number of digits, 8 or more.
    Hex(&'a [u8]),
    /// Any other text.
    Text(&'a str),
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Number(number) => write!(f, "{number}"),
            Value::Uuid(bytes) => {
                for (index, byte) in bytes.iter().enumerate() {
                    let dash = matches!(index, 4 | 6 | 8 | 10);
                    write!(f, "{}{byte:02x}", if dash { "-" } else { "" })?;
                }
                Ok(())
            }
            Value::Hex(bytes) => bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}")),
            Value::Text(text) => f.write_str(text),
        }
    }
}

impl Value<'_> {
    /// Whether it stands for exactly this text.
    #[inline]
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        match *self {
            Value::Text(own) => own == text,
            Value::Number(number) => decimal(text.as_bytes()) == Some(number),
            Value::Uuid(_) | Value::Hex(_) => is_shown_as(self, text.as_bytes()),
        }
    }
}

/// A value as it stands in a map: of a text, the bytes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Raw<'a> {
    Number(u64),
    Uuid(&'a [u8; 16]),
    Hex(&'a [u8]),
    Text(&'a [u8]),
}

impl Raw<'_> {
    /// Whether it stands for exactly this text.
    #[inline(always)]
    pub(super) fn is(self, text: &[u8]) -> bool {
        match self {
            Raw::Text(own) => own == text,
            Raw::Number(number) => decimal(text) == Some(number),
            Raw::Uuid(bytes) => is_shown_as(&Value::Uuid(bytes), text),
            Raw::Hex(bytes) => is_shown_as(&Value::Hex(bytes), text),
        }
    }
}

fn is_shown_as(value: &Value<'_>, text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else {
        return false;
    };
    let mut rest = Rest(text);
    fmt::write(&mut rest, format_args!("{value}")).is_ok() && rest.0.is_empty()
}

/// What of a text has not been written yet; writing anything else fails.
struct Rest<'a>(&'a str);

impl fmt::Write for Rest<'_> {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        self.0 = self.0.strip_prefix(part).ok_or(fmt::Error)?;
        Ok(())
    }
}

/// The form in which a value is stored.
///
/// Four bytes wide: of one byte, the compiler loads four right after storing one, and the stall costs a tenth of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum ValueForm {
    /// See [`Value::Number`].
    Number,
    /// See [`Value::Uuid`].
    Uuid,
    /// See [`Value::Hex`].
    Hex,
    /// See [`Value::Text`].
    Text,
}

impl ValueForm {
    /// The form in which a text is stored.
    #[must_use]
    pub fn of(text: &str) -> Self {
        match form(text.as_bytes()) {
            Stored::Number(_) => ValueForm::Number,
            Stored::Uuid => ValueForm::Uuid,
            Stored::Hex => ValueForm::Hex,
            Stored::Text => ValueForm::Text,
        }
    }
}

/// What form a text has, before it is written. Hex digits are decoded as they are written.
pub(super) enum Stored {
    Number(u64),
    Uuid,
    Hex,
    Text,
}

/// The first form of `text` that gives the same text back.
#[inline]
pub(super) fn form(text: &[u8]) -> Stored {
    let Some(&first) = text.first() else {
        return Stored::Text;
    };
    if !is_lower_hex(first) {
        return Stored::Text;
    }
    if let Some(number) = decimal(text) {
        return Stored::Number(number);
    }
    if text.len() >= 8 && text.len().is_multiple_of(2) {
        if text.len() == 36 && is_uuid(text) {
            return Stored::Uuid;
        }
        if text.iter().all(|&byte| is_lower_hex(byte)) {
            return Stored::Hex;
        }
    }
    Stored::Text
}

/// The number that `text` writes without sign or leading zero, if it is below 2^64.
#[inline]
fn decimal(text: &[u8]) -> Option<u64> {
    match text {
        [] | [b'0', _, ..] => return None,
        _ if text.len() > 20 => return None,
        _ => {}
    }
    let (eights, rest) = text.as_chunks::<8>();
    let number = eights.iter().try_fold(0u64, |number, digits| {
        Some(number * 100_000_000 + eight_digits(digits)?)
    })?;
    // at most 16 digits so far, and only the twentieth can overflow
    rest.iter().try_fold(number, |number, &byte| {
        let digit = byte.wrapping_sub(b'0');
        match digit < 10 {
            true => number.checked_mul(10)?.checked_add(u64::from(digit)),
            false => None,
        }
    })
}

/// The number that eight digits write, two, four, then eight of them at a time.
#[inline]
fn eight_digits(text: &[u8; 8]) -> Option<u64> {
    const ONES: u64 = u64::MAX / 0xff;
    let text = u64::from_le_bytes(*text);
    let digits = text ^ (ONES * b'0' as u64);
    // what is no digit has a high nibble now, or is ten or more
    if (digits | digits.wrapping_add(ONES * 6)) & (ONES * 0xf0) != 0 {
        return None;
    }
    let pairs = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    Some((fours * 10_000 + (fours >> 32)) & 0xffff_ffff)
}

fn is_uuid(text: &[u8]) -> bool {
    text.iter().enumerate().all(|(index, &byte)| match index {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => is_lower_hex(byte),
    })
}

#[inline]
fn is_lower_hex(byte: u8) -> bool {
    byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)
}

/// The bytes of hex digits, dashes left out; the digits must have been checked.
pub(super) fn push_hex(digits: &[u8], out: &mut Vec<u8>) {
    let nibble = |byte: u8| if byte <= b'9' { byte - b'0' } else { byte - b'a' + 10 };
    let mut high = None;
    for &byte in digits.iter().filter(|byte| **byte != b'-') {
        match high.take() {
            None => high = Some(nibble(byte)),
            Some(first) => out.push(first << 4 | nibble(byte)),
        }
    }
}

/// Whether a byte string is the first form of its hex text: long enough, and no number below 2^64.
pub(super) fn hex_is_first_form(bytes: &[u8]) -> bool {
    // a number has at most 20 digits, and what is written here for a letter is none
    let mut digits = [0; 20];
    for (two, byte) in digits.as_chunks_mut().0.iter_mut().zip(bytes) {
        *two = [byte >> 4, byte & 15].map(|nibble| b'0' + nibble);
    }
    bytes.len() >= 4 && (bytes.len() > 10 || decimal(&digits[..bytes.len() * 2]).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_form_that_gives_the_text_back_is_taken() {
        let table = [
            ("0", ValueForm::Number),
            ("00", ValueForm::Text),
            ("007", ValueForm::Text),
            ("00000007", ValueForm::Hex),
            ("18446744073709551615", ValueForm::Number),
            ("18446744073709551616", ValueForm::Hex),
            ("99999999999999999999", ValueForm::Hex),
            ("100000000000000000000", ValueForm::Text),
            ("+1", ValueForm::Text),
            ("-1", ValueForm::Text),
            ("1.0", ValueForm::Text),
            // what comes right after the digits
            ("1:", ValueForm::Text),
            ("1:000000000000000000", ValueForm::Text),
            ("deadbeef", ValueForm::Hex),
            ("deadbee", ValueForm::Text),
            ("DEADBEEF", ValueForm::Text),
            ("abcdef", ValueForm::Text),
            ("00000000-0000-0000-0000-000000000000", ValueForm::Uuid),
            ("0000000-00000-0000-0000-000000000000", ValueForm::Text),
            ("00000000-0000-0000-0000-00000000000A", ValueForm::Text),
            ("spring26", ValueForm::Text),
            ("é", ValueForm::Text),
        ];
        for (text, expected) in table {
            assert_eq!(ValueForm::of(text), expected, "{text}");
        }
    }

    #[test]
    fn a_number_is_what_the_standard_library_reads() {
        let digits = b"12345678909876543210123456789098765";
        for length in 1..=digits.len() {
            for place in 0..length {
                for byte in 0..=u8::MAX {
                    let mut text = digits[..length].to_vec();
                    text[place] = byte;
                    let is_written_so = text.iter().all(u8::is_ascii_digit) && (text[0] != b'0' || length == 1);
                    let expected = std::str::from_utf8(&text).ok().and_then(|text| text.parse().ok());
                    let expected = expected.filter(|_| is_written_so);
                    assert_eq!(decimal(&text), expected, "{}", text.escape_ascii());
                }
            }
        }
    }

    #[test]
    fn a_value_is_the_text_it_stands_for_and_no_other() {
        let uuid = Value::Uuid(&[0x0a; 16]);
        let table = [
            (Value::Number(7), "7", "07"),
            (Value::Text("a"), "a", "A"),
            (Value::Hex(&[0xde, 0xad, 0xbe, 0xef]), "deadbeef", "deadbeef0"),
            (
                uuid,
                "0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a",
                "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a",
            ),
        ];
        for (value, same, other) in table {
            assert!(value.is(same) && !value.is(other) && !value.is(""), "{value}");
        }
    }

    #[test]
    fn hex_that_reads_as_a_number_is_not_its_first_form() {
        assert!(!hex_is_first_form(&[0x12, 0x34, 0x56, 0x78]));
        assert!(hex_is_first_form(&[0x02, 0x34, 0x56, 0x78]));
        assert!(hex_is_first_form(&[0x1a, 0x34, 0x56, 0x78]));
        assert!(!hex_is_first_form(&[0x12, 0x34, 0x56]));
        // 18446744073709551615 and the number after it
        assert!(!hex_is_first_form(&[
            0x18, 0x44, 0x67, 0x44, 0x07, 0x37, 0x09, 0x55, 0x16, 0x15
        ]));
        assert!(hex_is_first_form(&[
            0x18, 0x44, 0x67, 0x44, 0x07, 0x37, 0x09, 0x55, 0x16, 0x16
        ]));
    }
}
