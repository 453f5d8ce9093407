//! A text on trial. The search makes a hundred thousand of them from one long token, so the text and all that its shape
//! hangs on are kept up to date character by character, never computed anew.

use crate::token::shape::Spelling;

/// The lengths of the signatures of HS256 and EdDSA in characters, and which bits of the last one stand for nothing.
const JWT_SIGNATURES: [(usize, u8); 2] = [(43, 3), (86, 15)];

/// A text that has a token's shape and may be the genuine one.
#[derive(Debug)]
pub(super) struct Trial {
    form: Spelling,
    text: Vec<u8>,
    /// How many characters are not of the alphabet.
    foreign: usize,
    /// Where a JWT's dots are.
    dots: Vec<usize>,
    is_length_right: bool,
}

impl Trial {
    /// The text.
    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.text).unwrap_or_default()
    }

    pub(super) fn of(form: Spelling) -> Self {
        Self {
            form,
            text: Vec::new(),
            foreign: 0,
            dots: Vec::new(),
            is_length_right: false,
        }
    }

    /// Starts over with another text.
    pub(super) fn fill(&mut self, text: &[u8]) {
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
        let old = std::mem::replace(&mut self.text[at], byte);
        let value = self.form.value(byte);
        self.foreign -= usize::from(self.form.value(old).is_none());
        self.foreign += usize::from(value.is_none());
        if self.form == Spelling::Jwt && (old == b'.' || byte == b'.') {
            self.dots.retain(|&dot| dot != at);
            if byte == b'.' {
                self.dots.push(at);
                self.dots.sort_unstable();
            }
        }
    }

    /// Whether the text has a token's shape (of a JWT, with a signature as HS256 or EdDSA makes it).
    pub(super) fn has_shape(&self) -> bool {
        let last = || self.form.value(*self.text.last()?);
        self.foreign == 0
            && self.is_length_right
            && Spelling::starting(&self.text) == Some(self.form)
            && self.form.fits_start(&self.text, self.text.len())
            && match self.form {
                Spelling::Jwt => self.is_jwt(),
                form => last().is_some_and(|value| form.ends_clean(self.text.len(), value)),
            }
    }

    fn is_jwt(&self) -> bool {
        let &[first, second] = self.dots.as_slice() else {
            return false;
        };
        let payload = second - first - 1;
        let signature = self.text.len() - second - 1;
        let last = self.text.last().and_then(|&byte| Spelling::Base64url.value(byte));
        let ends_clean = |unused: u8| last.is_some_and(|value| value & unused == 0);
        first % 4 != 1
            && payload > 0
            && payload % 4 != 1
            && JWT_SIGNATURES
                .into_iter()
                .any(|(length, unused)| signature == length && ends_clean(unused))
    }
}

/// Stands for a character that is of no alphabet.
pub(super) const FOREIGN: u8 = 0xFF;
