//! Telling the pieces of a token from the words of a language. A token is random letters and digits; prose is words and
//! numbers. Only what joins pieces asks, so that a sentence never grows into a token.

use super::link;
use crate::token::shape::Spelling;

/// A run of letters longer than this is no word, German ones included.
const LONGEST_WORD: usize = 36;

/// Whether a piece reads as a word, a number, or such joined together: `Thanks`, `ORDER`, `2026-11`, `E-Mail-Adresse`,
/// `MergeSort`, `float32`.
pub(super) fn is_wordlike(piece: &[u8]) -> bool {
    piece
        .split(|byte| matches!(byte, b'-' | b'_' | b'.'))
        .all(is_word_or_number)
}

fn is_word_or_number(part: &[u8]) -> bool {
    let digits = link::trailing(part, |byte| byte.is_ascii_digit());
    let letters = &part[..part.len() - digits];
    if letters.is_empty() {
        return true;
    }
    let is_number_short = digits == 0 || (digits <= 4 && letters.len() >= 3);
    let is_capitals = letters.iter().all(u8::is_ascii_uppercase);
    letters.len() <= LONGEST_WORD && is_number_short && (is_capitals || is_camel_case(letters))
}

/// One word, or several of three letters or more that each start with a capital.
fn is_camel_case(letters: &[u8]) -> bool {
    if !letters.iter().all(u8::is_ascii_alphabetic) {
        return false;
    }
    let mut words = letters.chunk_by(|_, next| next.is_ascii_lowercase());
    let is_one = words.clone().count() == 1;
    is_one || words.all(|word| word.len() >= 3)
}

/// How much of joined pieces is words, counted as they are added.
#[derive(Clone, Copy, Default)]
pub(super) struct Likeness {
    pieces: usize,
    pub(super) characters: usize,
    in_words: usize,
    digits: usize,
    dots: usize,
    is_foreign: bool,
    /// The first piece's length, and how many pieces in a row have it.
    size: usize,
    same: usize,
}

/// So many words of one length never follow each other.
const GROUPS: usize = 6;
/// Pieces that are no groups are longer than the words of a language, because spaces that got in by accident are few.
const LEAST_MEAN: usize = 8;

impl Likeness {
    pub(super) fn add(&mut self, piece: &[u8], form: Spelling) {
        if self.pieces == 0 {
            self.size = piece.len();
        }
        if self.same == self.pieces && piece.len() == self.size {
            self.same += 1;
        }
        self.pieces += 1;
        self.characters += piece.len();
        self.is_foreign |= !piece.iter().all(|&byte| form.value(byte).is_some());
        self.dots += piece.iter().filter(|&&byte| byte == b'.').count();
        self.digits += piece.iter().filter(|byte| byte.is_ascii_digit()).count();
        if is_wordlike(piece) {
            self.in_words += piece.len();
        }
    }

    /// Whether every character is of the form's alphabet, and of a JWT two are dots, besides so many full stops behind it.
    pub(super) fn is_spelled_right(&self, form: Spelling, stops: usize) -> bool {
        !self.is_foreign && (form != Spelling::Jwt || self.dots == 2 + stops)
    }

    /// Whether the pieces are too much like words to be a token's. Short groups of random letters look like words too,
    /// in base32 nearly half of them (which has one case and fewer digits), so the line is drawn at half of the text
    /// for base64url and at three quarters for base32; of prose it is nineteen parts of twenty. A token without digits
    /// is next to impossible. Groups of one size are no prose, whatever is in them.
    pub(super) fn is_prose(&self, form: Spelling) -> bool {
        if self.same >= GROUPS && self.pieces - self.same <= 1 {
            return false;
        }
        if self.pieces > 2 && self.characters < LEAST_MEAN * self.pieces {
            return true;
        }
        let (most_words, least_digits) = match form {
            Spelling::Base32 => (self.characters * 3 / 4, self.characters / 20),
            _ => (self.characters / 2, self.characters / 40),
        };
        self.in_words > most_words || self.digits < least_digits
    }
}
