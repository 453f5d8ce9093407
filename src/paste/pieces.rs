//! The pieces of what may be one broken token, and the readings they give. A piece is a run of the alphabet; what keeps
//! two apart is a line break or white space. How many pieces belong to the token is not written anywhere, so each end
//! is judged by whether it gives a token's shape.

use super::cleaning::Cleaning;
use super::found::{Found, Reading};
use super::link::{self, is_blank};
use super::runs::{alone_in, jwt_in};
use super::words::{Likeness, is_wordlike};
use crate::token::shape::{self, Spelling, is_token_byte};
use std::ops::Range;

/// What keeps the pieces of a token apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// A line break, with blanks round it.
    Line,
    /// Any white space, over two line breaks at most.
    Space,
}

impl Gap {
    fn cleaning(self) -> Cleaning {
        match self {
            Self::Line => Cleaning::LineBreaks,
            Self::Space => Cleaning::Spaces,
        }
    }
}

/// No token is broken into more pieces: the longest base32 text in groups of four.
const MOST_PIECES: usize = 430;
/// No mail is wrapped at fewer columns than make this many lines of a token.
const MOST_LINES: usize = 64;
/// Other readings kept for one place.
const MOST_READINGS: usize = 6;
/// No token is broken into more lines by a PDF.
const MOST_WRAPS: usize = 12;
/// Hyphens at the ends of lines that are left out each by itself.
const MOST_HYPHENS: usize = 3;
/// People write long codes in groups of two to a dozen.
const LONGEST_GROUP: usize = 12;
/// A lone run this long may be a whole token with a character lost.
const NEARLY_WHOLE: usize = 40;

/// The pieces of what may be one broken token.
pub(super) struct Pieces<'t> {
    text: &'t [u8],
    form: Spelling,
    gap: Gap,
    pub(super) spans: Vec<Range<usize>>,
    /// Of each piece: what it and all before it are like.
    sums: Vec<Likeness>,
    /// The pieces after the head that have a shape by themselves.
    pub(super) shaped: Vec<usize>,
}

impl<'t> Pieces<'t> {
    /// The head and what follows it over gaps of one kind; `None` where nothing does, or where the head can't be a
    /// token's.
    pub(super) fn gather(text: &'t [u8], head: &Range<usize>, gap: Gap) -> Option<Self> {
        let class = match text[head.start] {
            b'e' => is_jwt_byte,
            _ => is_token_byte,
        };
        let first = match text[head.start] {
            b'e' => jwt_in(text, head),
            _ => head.clone(),
        };
        let second = after_gap(text, first.end, gap)?;
        let mut start = text[first.clone()][..first.len().min(3)].to_vec();
        start.extend_from_slice(&text[second..text.len().min(second + 3)]);
        let form = Spelling::starting(&start)?;
        // prose is seen to be such after a dozen words
        let (spans, sums) = (Vec::with_capacity(16), Vec::with_capacity(16));
        let mut pieces = Self {
            text,
            form,
            gap,
            spans,
            sums,
            shaped: Vec::new(),
        };
        pieces.push(first);
        pieces.follow(class);
        (pieces.spans.len() > 1).then_some(pieces)
    }

    fn push(&mut self, span: Range<usize>) {
        let mut sum = self.sums.last().copied().unwrap_or_default();
        sum.add(&self.text[span.clone()], self.form);
        self.sums.push(sum);
        self.spans.push(span);
    }

    fn follow(&mut self, class: fn(u8) -> bool) {
        let most = if self.gap == Gap::Line { MOST_LINES } else { MOST_PIECES };
        let is_whole = shape::shaped(self.piece(0));
        while self.spans.len() <= most {
            let last = self.spans.len() - 1;
            let Some(start) = after_gap(self.text, self.spans[last].end, self.gap) else {
                break;
            };
            let window = &self.text[start..self.text.len().min(start + self.form.longest() + 1)];
            let end = start + link::leading(window, class);
            let piece = &self.text[start..end];
            let is_shaped = shape::shaped(piece);
            let is_next = is_shaped && (self.gap == Gap::Space || is_whole);
            let is_other = is_next || self.text[end..].starts_with(b"://");
            let is_too_long = self.sums[last].characters + piece.len() > self.form.longest();
            let is_talk = last > 12 && self.sums[last].is_prose(self.form);
            if piece.is_empty() || is_other || is_too_long || is_talk {
                break;
            }
            if is_shaped {
                self.shaped.push(last + 1);
            }
            self.push(start..end);
        }
    }

    fn piece(&self, at: usize) -> &[u8] {
        &self.text[self.spans[at].clone()]
    }

    /// The end of a block of lines that were broken at one column: two or more as long as the first, and a shorter one.
    /// A list of tokens looks like that too, so hardly any line may have a shape by itself.
    pub(super) fn block_end(&self) -> Option<usize> {
        let line = link::line_start(self.text, self.spans[0].start);
        let width = self.spans[0].end - line;
        let end = 1 + self.spans[1..].iter().position(|span| span.len() != width)?;
        let shaped = self.shaped.partition_point(|&at| at <= end);
        (end >= 2 && self.spans[end].len() < width && shaped * 4 <= end).then_some(end)
    }

    /// How many pieces after the head are unlike words.
    pub(super) fn leading_random(&self) -> usize {
        (1..self.spans.len())
            .take_while(|&at| !is_wordlike(self.piece(at)))
            .count()
    }

    /// The numbers of joined pieces to try, likeliest first. Groups of one size end with the last that has it, or with
    /// a shorter one after it; without such groups the token ends where only words follow.
    pub(super) fn likely_ends(&self) -> Vec<usize> {
        let size = self.spans[0].len();
        let last = self.spans.len() - 1;
        let groups = self.are_groups();
        let likely = if groups { self.same_size() } else { self.last_random() };
        let shorter = groups && self.spans.get(likely + 1).is_some_and(|span| span.len() < size);
        let mut ends = Vec::new();
        if shorter {
            ends.push(likely + 1);
        }
        ends.push(likely);
        ends.extend((likely + 1..=last).take(2));
        ends.extend((1..likely).rev());
        ends
    }

    /// How many pieces after the head are as long as it.
    fn same_size(&self) -> usize {
        let size = self.spans[0].len();
        self.spans[1..].iter().take_while(|span| span.len() == size).count()
    }

    pub(super) fn are_groups(&self) -> bool {
        self.spans[0].len() <= LONGEST_GROUP && self.same_size() >= 2
    }

    /// The last piece that is unlike a word before three words in a row.
    fn last_random(&self) -> usize {
        let mut last = 0;
        for at in 1..self.spans.len() {
            if !is_wordlike(self.piece(at)) {
                last = at;
            } else if at > last + 2 {
                break;
            }
        }
        last
    }

    pub(super) fn end(&self, joined: usize) -> usize {
        self.spans[joined.min(self.spans.len() - 1)].end
    }

    pub(super) fn is_prose(&self, joined: usize) -> bool {
        self.sums[joined].is_prose(self.form)
    }

    /// Whether the joined pieces could have a shape: cheap enough to ask of every end.
    fn may_end(&self, joined: usize) -> bool {
        let sum = &self.sums[joined];
        // the full stop of a sentence, which `reading` takes off
        let stops = link::trailing(self.piece(joined), |byte| byte == b'.');
        let plausible = !sum.is_prose(self.form) && sum.is_spelled_right(self.form, stops);
        let is_edge = is_edge(self.text[self.end(joined) - 1]);
        let hyphens = self.hyphenated(joined).len();
        plausible && (is_edge || (0..=hyphens).any(|out| self.form.fits(sum.characters - out)))
    }

    /// The head with this many pieces joined on.
    pub(super) fn reading(&self, joined: usize) -> Reading {
        let spans = &self.spans[..=joined];
        let mut text = Vec::with_capacity(spans.iter().map(Range::len).sum());
        spans
            .iter()
            .for_each(|span| text.extend_from_slice(&self.text[span.clone()]));
        let edge = link::trailing(&text, is_edge);
        text.truncate(text.len() - edge);
        let mut end = spans[joined].end;
        end -= edge.min(spans[joined].len());
        Reading {
            span: spans[0].start..end,
            text,
            undone: vec![self.gap.cleaning()],
        }
    }

    /// The joined pieces that end in a hyphen, which a PDF may have put where it broke the line.
    fn hyphenated(&self, joined: usize) -> Vec<usize> {
        let ends_so = |&at: &usize| self.text[self.spans[at].end - 1] == b'-';
        let lines = if self.gap == Gap::Line { joined } else { 0 };
        (0..lines).filter(ends_so).collect()
    }

    /// The reading without some of those hyphens, in each way there is; of many, all or none are left out.
    fn unhyphenated(&self, joined: usize) -> Vec<Reading> {
        let hyphens = self.hyphenated(joined);
        if hyphens.len() > MOST_WRAPS {
            return Vec::new();
        }
        let all = (1usize << hyphens.len().min(MOST_HYPHENS)) - 1;
        let choices = if hyphens.len() > MOST_HYPHENS {
            all..=all
        } else {
            1..=all
        };
        let plain = self.reading(joined);
        let without = |choice: usize| {
            let is_out = |at: usize| {
                let index = hyphens.iter().position(|&hyphen| hyphen == at);
                index.is_some_and(|index| choice >> index.min(MOST_HYPHENS - 1) & 1 == 1)
            };
            let piece = |at: usize| {
                let piece = self.piece(at);
                &piece[..piece.len() - usize::from(is_out(at))]
            };
            let mut text = (0..=joined).map(piece).collect::<Vec<_>>().concat();
            text.truncate(text.len() - link::trailing(&text, is_edge));
            Reading {
                span: plain.span.clone(),
                text,
                undone: vec![Cleaning::Hyphenation, self.gap.cleaning()],
            }
        };
        choices.filter(|&choice| choice > 0).map(without).collect()
    }

    /// The ends that give a shape, best first, and the head by itself where it is nearly a token's length.
    pub(super) fn read(&self, ends: impl Iterator<Item = usize>) -> Option<Found> {
        let mut readings: Vec<Reading> = Vec::new();
        for joined in ends {
            let is_end = joined > 0 && joined < self.spans.len();
            if !is_end || readings.len() >= MOST_READINGS || !self.may_end(joined) {
                continue;
            }
            for reading in std::iter::once(self.reading(joined)).chain(self.unhyphenated(joined)) {
                if reading.is_shaped() && !readings.iter().any(|known| known.text == reading.text) {
                    readings.push(reading);
                }
            }
        }
        if readings.is_empty() {
            return None;
        }
        let reading = readings.remove(0);
        let head = alone_in(self.text, &self.spans[0], self.form);
        if head.len() >= NEARLY_WHOLE {
            readings.push(Reading::plain(self.text, head));
        }
        Some(Found {
            reading,
            others: readings,
        })
    }

    /// Where one of the pieces has a shape by itself, it is a token more likely than a part of one; but it may be, by
    /// one chance in a thousand.
    pub(super) fn read_past(&self, shaped: usize, random: usize) -> Option<Found> {
        let joined = self.read(ends_near(random).filter(|&end| end >= shaped))?;
        let piece = &self.spans[shaped];
        let form = Spelling::starting(&self.text[piece.clone()])?;
        let reading = Reading::plain(self.text, alone_in(self.text, piece, form));
        Some(Found {
            reading,
            others: joined.into_readings(),
        })
    }
}

fn is_jwt_byte(byte: u8) -> bool {
    is_token_byte(byte) || byte == b'.'
}

/// What a token never ends in.
fn is_edge(byte: u8) -> bool {
    matches!(byte, b'-' | b'_' | b'.')
}

/// Where the next piece starts, if just such a gap is here.
fn after_gap(text: &[u8], at: usize, gap: Gap) -> Option<usize> {
    if gap == Gap::Line {
        return link::after_line_break(text, at);
    }
    let mut next = at + link::leading(&text[at..], is_blank);
    for _ in 0..2 {
        next = link::after_line_break(text, next).unwrap_or(next);
    }
    (next > at).then_some(next)
}

/// The ends to try when so many pieces are plainly a token's: there, after one more, which may look like a word, and
/// before.
pub(super) fn ends_near(random: usize) -> impl Iterator<Item = usize> {
    [random, random + 1].into_iter().chain((1..random).rev())
}
