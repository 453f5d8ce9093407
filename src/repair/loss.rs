//! What became of a token that no search can bring back: its end is missing, or its case is gone. Who is told so asks
//! for the right thing, and does not look for a slip that is none.

use crate::token::Cut;
use crate::token::shape::Spelling;

/// What is lost of a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Loss {
    /// The end, by more than a search for a slip goes through.
    #[error("{}the last {} characters are missing", if .0.is_least { "at least " } else { "" }, .0.missing)]
    End(Cut),
    /// It is all in lower case.
    #[error("the link was lower-cased: no case can be restored")]
    LowerCased,
    /// It is all in upper case.
    #[error("the link was upper-cased: no case can be restored")]
    UpperCased,
}

/// Cut by fewer, it is found by trying.
const LEAST: usize = 3;
/// So many characters of base64url have both cases.
const TELLING: usize = 40;

impl Loss {
    /// What a text that begins as a token does has lost; `None` where that can't be told.
    pub(crate) fn of(text: &str) -> Option<Self> {
        Self::of_case(text).or_else(|| Cut::of(text).filter(|cut| cut.missing >= LEAST).map(Loss::End))
    }

    /// base32 has no case to lose.
    fn of_case(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let start: Vec<u8> = bytes.iter().take(2).map(u8::to_ascii_uppercase).collect();
        let begins = bytes.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(b"eyj"))
            || Spelling::starting(&start) == Some(Spelling::Base64url);
        let is_foreign = |byte: &u8| Spelling::Jwt.value(*byte).is_none();
        if !begins || bytes.len() < TELLING || bytes.iter().any(is_foreign) {
            return None;
        }
        match (
            bytes.iter().any(u8::is_ascii_lowercase),
            bytes.iter().any(u8::is_ascii_uppercase),
        ) {
            (true, false) => Some(Self::LowerCased),
            (false, true) => Some(Self::UpperCased),
            _ => None,
        }
    }
}
