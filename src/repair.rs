//! The genuine token one slip away from a damaged one.
//!
//! A token that someone typed, dictated or copied by hand is mostly wrong in one place only, and `invalid signature`
//! helps nobody to find it. So each text that is one slip away is tried: whoever calls says which texts are genuine,
//! and a 16-byte tag leaves no room for chance. The search is bounded: some 4,600 texts for a token of 71 characters,
//! 182,000 for the longest, and only those with a token's shape are asked about. Nothing is repaired in secret: the
//! damaged token stays what it was, and the slip is told.

mod loss;
mod search;
mod trial;

pub use loss::Loss;
pub use search::one_slip_away;

use crate::key::CheckingKey;
use crate::token::UntrustedToken;
use serde::Serialize;
use std::fmt;

/// What happened to a character; in JSON it is the word in lower case, as `cut_end`.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SlipKind {
    /// Another character stands in its place.
    Substituted,
    /// It is upper case for lower, or lower for upper.
    Case,
    /// It is missing.
    Lost,
    /// It is there twice.
    Doubled,
    /// It does not belong there.
    Added,
    /// It changed places with the next one.
    Swapped,
    /// It and up to one more are missing at the end.
    CutEnd,
}

/// One slip, and the genuine text without it.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// The character that the slip is at, counted from 1. Of a lost one, the character after which it is missing (0:
    /// before the first); of a cut end, the last character there is; of a doubled or swapped one, the first of the two.
    pub position: usize,
    /// What happened there.
    pub kind: SlipKind,
    /// What should stand there: the right character, the missing ones, or the swapped two in their right order. Nothing
    /// where one is too many.
    pub should_be: Option<String>,
    /// The genuine text.
    pub repaired: String,
}

impl fmt::Display for Slip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.position;
        let right = self.should_be.as_deref().unwrap_or_default();
        match self.kind {
            SlipKind::Substituted | SlipKind::Case => write!(f, "character {at} should be {right}"),
            SlipKind::Lost if at == 0 => {
                write!(f, "a character is missing before character 1: {right}")
            }
            SlipKind::Lost => write!(f, "a character is missing after character {at}: {right}"),
            SlipKind::Doubled => write!(f, "character {at} is doubled"),
            SlipKind::Added => write!(f, "character {at} does not belong there"),
            SlipKind::Swapped => write!(f, "characters {at} and {} are swapped", at + 1),
            SlipKind::CutEnd => write!(f, "the end is cut off: {right} is missing"),
        }
    }
}

/// A search that took longer than its caller would wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the search for the undamaged token was stopped")]
pub struct Stopped;

/// The token one slip away that one of these keys has made: [`one_slip_away`], asking the verifier itself, and before each
/// text whether it has taken too long: a public-key signature takes some 40 µs to check, and ten thousand texts are one
/// slip away from a token of 150 characters.
///
/// # Errors
/// When it was stopped before it was through.
pub fn one_slip_until(
    text: &str,
    keys: &[CheckingKey],
    is_over: &mut dyn FnMut() -> bool,
) -> Result<Option<Slip>, Stopped> {
    let (mut buffer, mut found, mut stopped) = (Vec::new(), false, false);
    let slip = one_slip_away(text, &mut |text| {
        // the first settles it: two would have to share a tag, or have tags that differ in one character
        stopped = stopped || (!found && is_over());
        if found || stopped {
            return false;
        }
        found = UntrustedToken::read(text, &mut buffer).is_ok_and(|token| token.authenticate(keys).is_ok());
        found
    });
    match slip {
        None if stopped => Err(Stopped),
        slip => Ok(slip),
    }
}
