//! From pasted text to the texts of the tokens in it.
//!
//! Nobody pastes a bare token. A customer sends the link, a mail program broke it over two lines, a filter put its own
//! link round it, a colleague quoted the mail, and the ticket system escaped the result. Verification reads a token
//! strictly, so all of that is undone here, in one place, and each thing undone is named. Undoing takes away or decodes
//! what stands *round* a token's characters; it never changes one, so it can't make a bad token good.
//!
//! The text is decoded layer by layer into views (`view`, with `tidy`, `escapes` and `wrappers`) that remember where
//! their bytes came from; what has a token's shape is picked out (`scan`) or put together (`join`), its surroundings
//! are named (`setting`), equal ones are dropped (`choice`), and where there is nothing of that shape, a guess is made
//! (`guess`).

mod address;
mod base64_links;
mod choice;
mod cleaning;
mod dashes;
mod effort;
mod escapes;
mod found;
mod guess;
mod join;
mod link;
mod pieces;
pub(crate) mod radix64;
mod runs;
mod scan;
mod setting;
mod tags;
mod tidy;
mod typed;
mod view;
mod words;
mod wrappers;

use std::collections::HashSet;
use std::ops::Range;

pub use crate::token::shape::has_shape;
pub(crate) use address::addresses_round;
pub use choice::settle;
pub use cleaning::Cleaning;
pub(crate) use escapes::{push_unescaped, reference as character_reference};

use effort::Effort;
use found::{Found, Reading};
use view::View;

/// Levels of percent-encoding that are undone.
const PERCENT_LEVELS: usize = 3;
/// Levels of quoted-printable that are undone: a mail tool that encodes what was encoded.
const QUOTED_LEVELS: usize = 2;
/// Wrappers within wrappers that are undone.
const WRAPPER_LEVELS: usize = 4;
/// `&amp;amp;` is undone, and `\\u002d`, no more.
const HTML_LEVELS: usize = 2;

/// The text of what may be a token, and how it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Candidate {
    /// The token's text, to be read strictly.
    pub text: String,
    /// What was undone to get it, in the order it was undone, each once.
    pub cleaned: Vec<Cleaning>,
    /// The bytes of the pasted text that it came from.
    pub place: Range<usize>,
    /// What else the same place may say, likeliest first. Mostly empty. A token that was broken over lines has no mark
    /// of its end; where `text` turns out not to be authentic, one of these may ([`settle`] does that). Some have no
    /// shape: they are for a search for damage.
    pub other_readings: Vec<Candidate>,
}

impl Candidate {
    /// Whether this is more than a guess.
    #[must_use]
    pub fn has_shape(&self) -> bool {
        has_shape(&self.text)
    }
}

/// The tokens in a pasted text: those that have a token's shape, in the order
/// they appear, equal ones once. If none has it, the one part of the text that
/// most likely was a token; if nothing is like one, none. All tokens of a text
/// are found, or none of them: a text that was made so that a search has no end
/// has no token.
///
/// ```
/// use linkmint::paste::{Cleaning, candidates};
///
/// let pasted = "> Is <https://mystore.com/promotions/LOKOarE7gGqyjQABAgMEBQagJh_R13v_Lh9y8W=\n\
///               > hRSAa_0A> any good?";
/// let found = candidates(pasted);
/// assert_eq!(found[0].text, "LOKOarE7gGqyjQABAgMEBQagJh_R13v_Lh9y8WhRSAa_0A");
/// let [reply, quoted, brackets, url] = found[0].cleaned[..] else { panic!("{found:?}") };
/// assert_eq!((reply, quoted), (Cleaning::ReplyMarks, Cleaning::QuotedPrintable));
/// assert_eq!((brackets.as_str(), url.to_string().as_str()), ("brackets", "the URL round it"));
/// ```
#[must_use]
pub fn candidates(pasted: &str) -> Vec<Candidate> {
    if has_shape(pasted) {
        return vec![Candidate {
            text: pasted.to_owned(),
            cleaned: Vec::new(),
            place: 0..pasted.len(),
            other_readings: Vec::new(),
        }];
    }
    let mut views = Views::of(pasted);
    let tokens = views.tokens();
    if views.is_missed {
        return Vec::new();
    }
    if tokens.is_empty() {
        return views.guess().into_iter().collect();
    }
    let mut tokens = choice::choose(tokens);
    if is_among_others(pasted, &tokens) {
        let unnamed = tokens.iter_mut().filter(|token| token.cleaned.is_empty());
        unnamed.for_each(|token| token.cleaned.push(Cleaning::Text));
    }
    tokens
}

/// Whether there is other text than these.
fn is_among_others(pasted: &str, tokens: &[Candidate]) -> bool {
    let is_seen = |letter: char| !letter.is_whitespace() && !letter.is_control() && !tidy::is_unseen(letter);
    let mut from = 0;
    let mut is_other_before = |end: usize, next: usize| {
        let between = pasted.get(from..end).unwrap_or_default();
        from = from.max(next);
        between.contains(is_seen)
    };
    let places = tokens.iter().map(|token| &token.place);
    let ends = places
        .map(|place| (place.start, place.end))
        .chain([(pasted.len(), pasted.len())]);
    ends.fold(false, |is_other, (start, end)| is_other_before(start, end) || is_other)
}

/// The pasted text as it is, and with everything undone; once more without quoted-printable, because an `=` at a line's
/// end can also be just that. Where line breaks are written as JSON writes them, all of that with these made real first.
struct Views {
    /// The text as it is, and one with JSON's line breaks made real; of each the most undone first.
    groups: Vec<Vec<View>>,
    /// The first of each of these once more for each reading of its dashes.
    dashed: Vec<View>,
    /// Whether a part of the text was not looked at, because it took too long.
    is_missed: bool,
}

impl Views {
    fn of(pasted: &str) -> Self {
        let raw = View::of(pasted);
        let mut is_missed = raw.text.len() < pasted.len();
        let mut plain = raw.clone();
        let is_tidied = tidy::tidy(&mut plain);
        let mut lined = plain.clone();
        let has_lines = escapes::undo_json_lines(&mut lined);
        let (mut views, is_undone) = undone_each_way(plain, &mut is_missed);
        if is_tidied || is_undone {
            views.push(raw);
        }
        let mut groups = vec![views];
        if has_lines {
            tidy::tidy(&mut lined);
            groups.push(undone_each_way(lined, &mut is_missed).0);
        }
        Self {
            dashed: groups
                .iter()
                .flat_map(|group| dashes::without_dashes(&group[0]))
                .collect(),
            groups,
            is_missed,
        }
    }

    /// What has a token's shape in any view. Where views disagree about a place, the one with more undone is right: an
    /// escape beside a run shows that the run by itself is only a part.
    fn tokens(&mut self) -> Vec<Candidate> {
        let (mut tokens, mut is_missed) = (Vec::new(), false);
        for find in [
            scan::whole_tokens,
            join::over_spaces,
            typed::typed_tokens,
            scan::tokens_behind_words,
        ] {
            let mut search = |view: &View| {
                let mut effort = Effort::for_text(&view.text);
                let found = find(&view.text, &mut effort);
                is_missed |= effort.is_missed;
                let found = found.into_iter().map(|found| candidate(view, found));
                found.collect::<Vec<_>>()
            };
            for group in &self.groups {
                for view in group {
                    let found = search(view).into_iter();
                    let found = found.filter(|found| !is_of_wrapper(view, &group[0], found)).collect();
                    choice::add_where_free(&mut tokens, found);
                }
            }
            // a dash behind a token may be just that
            for view in &self.dashed {
                choice::add_readings(&mut tokens, search(view));
            }
            if !tokens.is_empty() {
                break;
            }
        }
        self.is_missed |= is_missed;
        tokens
    }

    fn guess(&self) -> Option<Candidate> {
        let view = self.dashed.first().or(self.groups[0].first())?;
        guess::best_guess(&view.text).map(|found| candidate(view, found))
    }
}

/// Whether a view with less undone found this in a wrapper: it is in the wrapper's own parts then, or it was found
/// before.
fn is_of_wrapper(view: &View, most_undone: &View, found: &Candidate) -> bool {
    let place = found.place.start as u32..found.place.end as u32;
    !std::ptr::eq(view, most_undone) && most_undone.wrapper_round(&place).is_some()
}

/// The view with all undone, the most undone first: with quoted-printable and without; and whether there was anything
/// besides quoted-printable.
fn undone_each_way(mut plain: View, is_missed: &mut bool) -> (Vec<View>, bool) {
    let mut views = Vec::with_capacity(4);
    let mut quoted = plain.clone();
    for _ in 0..QUOTED_LEVELS {
        if !escapes::undo_quoted_printable(&mut quoted) {
            break;
        }
        let mut undone = quoted.clone();
        undo_the_rest(&mut undone, is_missed);
        views.insert(0, undone);
    }
    let is_undone = undo_the_rest(&mut plain, is_missed);
    views.push(plain);
    (views, is_undone)
}

/// Undoes entities, wrappers and percent-encoding, as deep as their bounds go.
fn undo_the_rest(view: &mut View, is_missed: &mut bool) -> bool {
    let mut effort = Effort::for_text(&view.text);
    let mut is_undone = undo_markup(view);
    let mut wrappers = 0;
    for level in 0..=PERCENT_LEVELS {
        while wrappers < WRAPPER_LEVELS
            && wrappers::undo_wrappers(view, &mut effort) | base64_links::undo_base64_links(view, &mut effort)
        {
            undo_markup(view);
            wrappers += 1;
            is_undone = true;
        }
        if level < PERCENT_LEVELS {
            if !escapes::undo_percent_encoding(view) {
                break;
            }
            tidy::tidy(view);
            is_undone = true;
        }
    }
    *is_missed |= effort.is_missed;
    is_undone
}

fn undo_markup(view: &mut View) -> bool {
    let mut is_undone = false;
    for _ in 0..HTML_LEVELS {
        is_undone |= escapes::undo_html(view);
        is_undone |= escapes::undo_backslashes(view);
    }
    tidy::tidy(view) | is_undone
}

/// What was found, as the caller sees it.
fn candidate(view: &View, found: Found) -> Candidate {
    let others = found.others.into_iter();
    let other_readings = others.map(|reading| described(view, reading, Vec::new())).collect();
    described(view, found.reading, other_readings)
}

fn described(view: &View, reading: Reading, other_readings: Vec<Candidate>) -> Candidate {
    let place = view.pasted(&reading.span);
    Candidate {
        cleaned: cleaned(view, &reading, &place),
        text: String::from_utf8_lossy(&reading.text).into_owned(),
        place: place.start as usize..place.end as usize,
        other_readings,
    }
}

/// What was undone round one token: the layers that touch it or its link, then how it was joined, then what stood round
/// it.
fn cleaned(view: &View, reading: &Reading, token: &Range<u32>) -> Vec<Cleaning> {
    let setting = setting::setting(&view.text, &reading.span);
    let mut outer = view.pasted(&setting.outer);
    if let Some(wrapper) = view.wrapper_round(token) {
        outer = outer.start.min(wrapper.start)..outer.end.max(wrapper.end);
    }
    let line = view.line_start(setting.line)..token.end;
    let mut cleaned = Vec::new();
    for layer in &view.layers {
        let is_undone = match layer.cleaning {
            Cleaning::PercentEncoding => layer.touches(token),
            Cleaning::ReplyMarks => layer.touches(&line),
            Cleaning::LineBreaks => layer.overlaps(&(outer.start..token.end)),
            Cleaning::SafeLinks | Cleaning::Proofpoint | Cleaning::Base64Link => layer.overlaps(token),
            _ => layer.touches(&outer),
        };
        if is_undone {
            cleaned.push(layer.cleaning);
        }
    }
    cleaned.extend(&reading.undone);
    cleaned.extend(setting.cleaned);
    let mut seen = HashSet::new();
    cleaned.retain(|cleaning| seen.insert(*cleaning));
    cleaned
}
