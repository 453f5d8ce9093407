//! What stands round a token and is left behind: the URL, and then, from the inside out, brackets, quotes, marks of
//! HTML, Markdown and Slack, and what a sentence leaves at the end of a link.

use super::cleaning::Cleaning;
use super::link::{self, LONGEST_LINE, LONGEST_LINK, is_blank, is_link_byte};
use crate::token::shape::is_token_byte;
use std::ops::Range;

/// No one wraps a link more often than this.
const MOST_LAYERS: usize = 16;
/// A token's surroundings.
pub(super) struct Setting {
    /// The token with all that was round it.
    pub(super) outer: Range<usize>,
    /// Where its line starts.
    pub(super) line: usize,
    /// What was left behind, outermost first.
    pub(super) cleaned: Vec<Cleaning>,
}

/// Looks round the token that stands here.
pub(super) fn setting(text: &[u8], token: &Range<usize>) -> Setting {
    let at = link_round(text, token);
    let mut peel = Peel {
        text,
        at,
        cleaned: Vec::new(),
        is_enclosed: false,
    };
    if peel.at != *token {
        peel.cleaned.push(Cleaning::Url);
    } else if is_below_its_link(text, token.start) {
        peel.cleaned.extend([Cleaning::Url, Cleaning::LineBreaks]);
    }
    for _ in 0..MOST_LAYERS {
        if !(peel.html() || peel.slack() || peel.markdown() || peel.pair() || peel.one_side()) {
            break;
        }
    }
    let line = link::line_start(text, peel.at.start);
    peel.spaces(line);
    peel.cleaned.reverse();
    Setting {
        outer: peel.at,
        line,
        cleaned: peel.cleaned,
    }
}

/// The URL round a token; the token itself if there is none.
pub(super) fn link_round(text: &[u8], token: &Range<usize>) -> Range<usize> {
    let window = &text[token.start.saturating_sub(LONGEST_LINK)..token.start];
    let before = &window[window.len() - link::trailing(window, is_link_byte)..];
    let start = match (link::scheme_start(before), before.last()) {
        (Some(scheme), _) => token.start - before.len() + scheme,
        (None, Some(b'/' | b'=' | b'?' | b'#' | b'&')) => {
            let opening = link::leading(before, |byte| b"([*_~.,;:!".contains(&byte));
            token.start - before.len() + opening
        }
        _ => token.start,
    };
    let goes_on = match text.get(token.end..token.end + 2) {
        Some(&[mark, next]) => b"/?#&".contains(&mark) && is_token_byte(next),
        _ => false,
    };
    if start == token.start && !goes_on {
        return token.clone();
    }
    let window = &text[token.end..text.len().min(token.end + LONGEST_LINK)];
    let after = link::leading(window, |byte| is_link_byte(byte) && !b")]*,;!".contains(&byte));
    let left = link::trailing(&window[..after], |byte| b".?:'_~-=&".contains(&byte));
    start..token.end + after - left
}

/// Whether the line above ends in a link that was broken just before the token.
fn is_below_its_link(text: &[u8], token: usize) -> bool {
    let above = &text[token.saturating_sub(LONGEST_LINE)..token];
    let white = link::trailing(above, |byte| byte.is_ascii_whitespace());
    let (above, gap) = above.split_at(above.len() - white);
    let breaks = gap.iter().filter(|&&byte| byte == b'\n').count();
    let link = &above[above.len() - link::trailing(above, is_link_byte)..];
    let is_cut = matches!(link, [.., b'/' | b'=' | b'?' | b'#' | b'&']);
    breaks == 1 && is_cut && !link.ends_with(b"://") && link::scheme_start(link).is_some()
}

struct Peel<'t> {
    text: &'t [u8],
    at: Range<usize>,
    cleaned: Vec<Cleaning>,
    /// Whether something stood on both sides: what lies beyond is other text.
    is_enclosed: bool,
}

impl Peel<'_> {
    fn left(&self) -> &[u8] {
        &self.text[..self.at.start]
    }

    fn right(&self) -> &[u8] {
        &self.text[self.at.end..]
    }

    fn take(&mut self, left: usize, right: usize, cleaning: Cleaning) -> bool {
        self.at = self.at.start - left..self.at.end + right;
        self.is_enclosed |= left > 0 && right > 0;
        if !self.cleaned.contains(&cleaning) {
            self.cleaned.push(cleaning);
        }
        true
    }

    /// `href="…"`, or an element's text: `>…</a>`.
    fn html(&mut self) -> bool {
        match (self.left(), self.right()) {
            ([before @ .., quote @ (b'"' | b'\'')], right) if is_attribute(before) => {
                let closes = usize::from(right.first() == Some(quote));
                self.take(2, closes, Cleaning::Html)
            }
            ([.., b'>'], [b'<', ..]) => self.take(1, 1, Cleaning::Html),
            (_, [b'<', b'/' | b'b' | b'B', ..]) => self.take(0, 1, Cleaning::Html),
            _ => false,
        }
    }

    /// `<url|text>`, with the token in either half.
    fn slack(&mut self) -> bool {
        match (self.left(), self.right()) {
            ([.., b'<'], [b'|', ..]) => self.take(1, 1, Cleaning::Slack),
            ([.., b'|'], [b'>', ..]) => self.take(1, 1, Cleaning::Slack),
            _ => false,
        }
    }

    /// `[text](url)`, `` `token` ``, `**token**`, `_token_`, `~token~`.
    fn markdown(&mut self) -> bool {
        match (self.left(), self.right()) {
            ([.., b']', b'('], right) => {
                let closes = usize::from(right.first() == Some(&b')'));
                self.take(2, closes, Cleaning::Markdown)
            }
            ([.., b'['], [b']', b'(' | b'[', ..]) => self.take(1, 2, Cleaning::Markdown),
            ([.., left], [right, ..]) if left == right && b"`*_~".contains(left) => self.take(1, 1, Cleaning::Markdown),
            _ => false,
        }
    }

    /// Brackets and quotes: both, or one that lost its fellow.
    fn pair(&mut self) -> bool {
        match (self.left(), self.right()) {
            ([.., b'('], [b')', ..])
            | ([.., b'['], [b']', ..])
            | ([.., b'{'], [b'}', ..])
            | ([.., b'<'], [b'>', ..]) => return self.take(1, 1, Cleaning::Brackets),
            (_, [b'>', ..]) if self.cleaned.contains(&Cleaning::Html) => {
                return self.take(0, 1, Cleaning::Html);
            }
            _ if self.is_enclosed => {}
            ([.., b'(' | b'[' | b'{' | b'<'], _) => return self.take(1, 0, Cleaning::Brackets),
            (_, [b'>', ..]) => return self.take(0, 1, Cleaning::Brackets),
            _ => {}
        }
        let inner_left = usize::from(self.left().last() == Some(&b' '));
        let inner_right = usize::from(self.right().first() == Some(&b' '));
        let before = &self.left()[..self.at.start - inner_left];
        let left = length_of(|quote| before.ends_with(quote.as_bytes()));
        let right = length_of(|quote| self.right()[inner_right..].starts_with(quote.as_bytes()));
        match (left, right) {
            (0, 0) => false,
            (0, right) if inner_right == 0 => self.take(0, right, Cleaning::Quotes),
            (left, 0) if inner_left == 0 => self.take(left, 0, Cleaning::Quotes),
            (0, _) | (_, 0) => false,
            (left, right) => self.take(left + inner_left, right + inner_right, Cleaning::Quotes),
        }
    }

    /// What a sentence leaves behind.
    fn one_side(&mut self) -> bool {
        if self.is_enclosed {
            return false;
        }
        if let Some(mark) = WIDE_MARKS.iter().find(|mark| self.right().starts_with(mark.as_bytes())) {
            return self.take(0, mark.len(), Cleaning::Punctuation);
        }
        match (self.left(), self.right()) {
            (_, [right, ..]) if b".,;:!?)]}*~=-_|\\".contains(right) => self.take(0, 1, Cleaning::Punctuation),
            ([.., left], _) if b"*~-_,;:.".contains(left) => self.take(1, 0, Cleaning::Punctuation),
            _ => false,
        }
    }

    /// Blanks that reach from here to the start or end of the line.
    fn spaces(&mut self, line: usize) {
        let before = &self.text[line..self.at.start];
        let window = &self.right()[..self.right().len().min(LONGEST_LINE)];
        let after = link::leading(window, is_blank);
        let is_end = matches!(window.get(after), None | Some(b'\n' | b'\r'));
        let leads = !before.is_empty() && before.iter().all(|&byte| is_blank(byte));
        let is_indent = self.cleaned.contains(&Cleaning::LineBreaks);
        if (leads && !is_indent) || (after > 0 && is_end) {
            self.take(0, 0, Cleaning::Spaces);
        }
    }
}

/// Whether these bytes end in an attribute's name and `=`.
fn is_attribute(before: &[u8]) -> bool {
    matches!(before, [.., name, b'='] if name.is_ascii_alphabetic())
}

/// Punctuation past ASCII.
const WIDE_MARKS: [&str; 8] = ["…", "。", "，", "、", "！", "？", "：", "）"];

/// The typographic quotes of Europe's languages and CJK corner brackets.
const QUOTES: [&str; 19] = [
    "\"", "'", "`", "´", "„", "“", "”", "‟", "‚", "‘", "’", "‛", "«", "»", "‹", "›", "「", "」", "＂",
];

/// Of the quote that is there, if one is.
fn length_of(is_there: impl Fn(&&str) -> bool) -> usize {
    QUOTES.into_iter().find(is_there).map_or(0, str::len)
}
