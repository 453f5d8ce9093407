//! A text on trial. The search makes a hundred thousand of them from one long
//! token, so the text, its decoded bytes and all that its shape hangs on are
//! kept up to date character by character, never computed anew.

use crate::token::shape::Form;

/// The length of an HS256 signature in characters.
const HS256_SIGNATURE: usize = 43;

/// So many characters are looked at on either side of a slip.
const ROUND: usize = 32;

/// A text that has a token's shape and may be the genuine one.
#[derive(Debug)]
pub(super) struct Trial {
    form: Form,
    text: Vec<u8>,
    /// One byte longer than what is shown, because the last character may have
    /// bits left over.
    bytes: Vec<u8>,
    /// How many characters are not of the alphabet.
    foreign: usize,
    /// Where a JWT's dots are.
    dots: Vec<usize>,
    is_length_right: bool,
    /// Where a character was put last.
    touched: usize,
}

impl Trial {
    /// The text.
    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.text).unwrap_or_default()
    }

    /// What the text decodes to; of a JWT, the text itself, as it is signed.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.text.len() * self.form.bits() / 8]
    }

    /// Of a JWT, what is signed, and the signature.
    pub(super) fn jws(&self) -> Option<(&[u8], &[u8])> {
        let &[_, second] = self.dots.as_slice() else {
            return None;
        };
        (self.form == Form::Jwt).then(|| (&self.text[..second], &self.text[second + 1..]))
    }

    /// Of a JWT, what stands round the character that was put last, in its part and from the start of a quad; none of its
    /// signature, which may be anything.
    pub(super) fn touched(&self) -> &[u8] {
        let is_before = |dot: &&usize| **dot < self.touched;
        let start = match self.dots.iter().filter(is_before).count() {
            0 => 0,
            1 => self.dots[0] + 1,
            _ => return &[],
        };
        let end = self.dots.iter().find(|dot| !is_before(dot));
        let end = end.copied().unwrap_or(self.text.len());
        let from = start + (self.touched - start).saturating_sub(ROUND) / 4 * 4;
        &self.text[from..end.min(self.touched + ROUND)]
    }

    pub(super) fn of(form: Form) -> Self {
        Self {
            form,
            text: Vec::new(),
            bytes: Vec::new(),
            foreign: 0,
            dots: Vec::new(),
            is_length_right: false,
            touched: 0,
        }
    }

    /// Starts over with another text.
    pub(super) fn fill(&mut self, text: &[u8]) {
        let bytes = text.len() * self.form.bits() / 8;
        self.bytes.clear();
        self.bytes.resize(bytes + 2, 0);
        self.dots.clear();
        self.foreign = text.len();
        self.is_length_right = self.form.fits(text.len());
        self.text.clear();
        self.text.resize(text.len(), FOREIGN);
        for (at, &byte) in text.iter().enumerate() {
            self.set(at, byte);
        }
    }

    /// Puts another character at a place.
    pub(super) fn set(&mut self, at: usize, byte: u8) {
        self.touched = at;
        let old = std::mem::replace(&mut self.text[at], byte);
        let value = self.form.value(byte);
        self.foreign -= usize::from(self.form.value(old).is_none());
        self.foreign += usize::from(value.is_none());
        if self.form == Form::Jwt && (old == b'.' || byte == b'.') {
            self.dots.retain(|&dot| dot != at);
            if byte == b'.' {
                self.dots.push(at);
                self.dots.sort_unstable();
            }
        }
        self.put_bits(at, value.unwrap_or_default());
    }

    fn put_bits(&mut self, at: usize, value: u8) {
        let bits = self.form.bits();
        let (byte, offset) = (at * bits / 8, at * bits % 8);
        let shift = 16 - bits - offset;
        let mask = ((1u16 << bits) - 1) << shift;
        let window = u16::from_be_bytes([self.bytes[byte], self.bytes[byte + 1]]);
        let window = (window & !mask) | (u16::from(value) << shift);
        self.bytes[byte..byte + 2].copy_from_slice(&window.to_be_bytes());
    }

    /// Whether the text has a token's shape (of a JWT, with a signature as
    /// HS256 makes it).
    pub(super) fn has_shape(&self) -> bool {
        self.foreign == 0
            && self.is_length_right
            && Form::starting(&self.text) == Some(self.form)
            && match self.form {
                Form::Jwt => self.is_hs256(),
                form => self.last_value().is_some_and(|v| form.ends_clean(self.text.len(), v)),
            }
    }

    fn last_value(&self) -> Option<u8> {
        self.form.value(*self.text.last()?)
    }

    fn is_hs256(&self) -> bool {
        let &[first, second] = self.dots.as_slice() else {
            return false;
        };
        let payload = second - first - 1;
        let signature = self.text.len() - second - 1;
        let ends_clean = self.text.last().and_then(|&byte| Form::Base64url.value(byte));
        first % 4 != 1
            && payload > 0
            && payload % 4 != 1
            && signature == HS256_SIGNATURE
            && ends_clean.is_some_and(|value| value & 3 == 0)
    }
}

/// Stands for a character that is of no alphabet.
pub(super) const FOREIGN: u8 = 0xFF;
