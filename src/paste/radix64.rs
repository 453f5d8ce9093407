//! Base64 letter by letter, as it stands in links and mails that were changed on their way: a strict reader refuses it.

use crate::token::shape::Spelling;

/// What a letter of base64 or base64url stands for.
pub(crate) fn value(letter: u8) -> Option<u8> {
    match letter {
        b'+' => Some(62),
        b'/' => Some(63),
        _ => Spelling::Base64url.value(letter),
    }
}

/// The bits of letters that are no whole byte yet.
#[derive(Clone, Copy, Default)]
pub(crate) struct Bits {
    held: u32,
    count: u32,
}

impl Bits {
    /// Takes the six of a letter, and gives the byte that they complete.
    pub(crate) fn push(&mut self, value: u8) -> Option<u8> {
        self.held = (self.held << 6 | u32::from(value)) & 0xFFFF;
        self.count += 6;
        self.count = self.count.checked_sub(8)?;
        Some((self.held >> self.count) as u8)
    }
}

/// The bytes that values of six bits spell.
pub(crate) fn bytes_of(values: impl Iterator<Item = u8>) -> Vec<u8> {
    let mut bits = Bits::default();
    values.filter_map(|value| bits.push(value)).collect()
}
