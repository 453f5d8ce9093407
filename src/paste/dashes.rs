//! Dashes that a program of letters put in the place of hyphens. Word, LibreOffice and telephones make `--` an em dash
//! where it is typed or pasted; weblogs make it an en dash, and `---` an em dash; some make every hyphen another. What
//! stood there can't be seen from the dash, so there are several readings.

use super::cleaning::Cleaning;
use super::link;
use super::tidy::character_at;
use super::view::View;
use crate::token::shape::is_token_byte;

/// What an em dash and an en dash may have been, likeliest first.
const READINGS: [(&[u8], &[u8]); 4] = [(b"--", b"-"), (b"--", b"--"), (b"---", b"--"), (b"-", b"-")];

/// What a typographic character stands for in a token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stroke {
    Hyphen,
    EnDash,
    EmDash,
    Underscore,
}

impl Stroke {
    fn of(letter: char) -> Option<Self> {
        match letter {
            // hyphens, the figure dash, the minus sign, and those of small and wide forms
            '\u{2010}'..='\u{2012}' | '\u{2212}' | '\u{FE63}' | '\u{FF0D}' => Some(Self::Hyphen),
            '\u{2013}' | '\u{FE58}' => Some(Self::EnDash),
            '\u{2014}' | '\u{2015}' => Some(Self::EmDash),
            '\u{FF3F}' => Some(Self::Underscore),
            _ => None,
        }
    }
}

/// The view with its dashes undone in each way; none where there are none within a word.
pub(super) fn without_dashes(view: &View) -> Vec<View> {
    let strokes = strokes(&view.text);
    let is_open = strokes
        .iter()
        .any(|(_, stroke)| matches!(stroke, Stroke::EmDash | Stroke::EnDash));
    let readings = match strokes.is_empty() {
        true => 0,
        false if is_open => READINGS.len(),
        false => 1,
    };
    let undone = |(em, en): &(&[u8], &[u8])| {
        let mut undone = view.clone();
        undone.rewrite(|rewrite| {
            for (span, stroke) in &strokes {
                let with: &[u8] = match stroke {
                    Stroke::Hyphen => b"-",
                    Stroke::EnDash => en,
                    Stroke::EmDash => em,
                    Stroke::Underscore => b"_",
                };
                rewrite.replace(span.clone(), with, Cleaning::Dashes);
            }
        });
        undone
    };
    READINGS[..readings].iter().map(undone).collect()
}

/// The strokes between characters of tokens.
fn strokes(text: &[u8]) -> Vec<(std::ops::Range<usize>, Stroke)> {
    let mut strokes: Vec<(std::ops::Range<usize>, Stroke)> = Vec::new();
    // of a run that may end in a token's character
    let (mut run, mut at) = (0, 0);
    while let Some(&byte) = text.get(at) {
        let letter = (!byte.is_ascii()).then(|| character_at(&text[at..])).flatten();
        let length = letter.map_or(1, char::len_utf8);
        if let Some(stroke) = letter.and_then(Stroke::of) {
            // behind a JWT's dot too
            let follows = run > 0 || (at > 0 && (is_token_byte(text[at - 1]) || text[at - 1] == b'.'));
            if follows {
                strokes.push((at..at + length, stroke));
                run += 1;
            }
        } else {
            // at a line's end it may be the token's, or what a PDF put there
            let next_line = || link::after_line_break(text, at).and_then(|next| text.get(next));
            if !is_token_byte(byte) && (run == 0 || !next_line().is_some_and(|&next| is_token_byte(next))) {
                strokes.truncate(strokes.len() - run);
            }
            run = 0;
        }
        at += length;
    }
    strokes.truncate(strokes.len() - run);
    strokes
}
