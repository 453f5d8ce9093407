//! Pasted text with something undone in it, and the way back. Each decoder makes a new view of the whole text; every
//! byte of it still knows where in the pasted text it came from, so that a token found three layers deep can be pointed
//! at, and can name just those layers that stood round it.

use super::cleaning::Cleaning;
use super::link::LinkText;
use std::ops::Range;

/// A byte of what was undone, and the index in the view it came from.
pub(super) type Placed = (u8, usize);

/// The places of the pasted text where one decoder changed something, in order.
#[derive(Clone)]
pub(super) struct Layer {
    pub(super) cleaning: Cleaning,
    places: Vec<Range<u32>>,
}

impl Layer {
    /// Whether a change overlaps this part of the pasted text or adjoins it.
    pub(super) fn touches(&self, part: &Range<u32>) -> bool {
        let next = self.places.partition_point(|place| place.end < part.start);
        self.places.get(next).is_some_and(|place| place.start <= part.end)
    }

    /// Whether a change overlaps this part of the pasted text.
    pub(super) fn overlaps(&self, part: &Range<u32>) -> bool {
        self.overlapping(part).is_some()
    }

    fn overlapping(&self, part: &Range<u32>) -> Option<Range<u32>> {
        let next = self.places.partition_point(|place| place.end <= part.start);
        self.places.get(next).filter(|place| place.start < part.end).cloned()
    }

    /// The end of the small change (an escape) that starts here.
    fn escape_end(&self, start: u32) -> Option<u32> {
        let found = self.places.binary_search_by_key(&start, |place| place.start);
        let place = &self.places[found.ok()?];
        (place.end - place.start <= LONGEST_ESCAPE).then_some(place.end)
    }
}

/// No escape is longer; what is longer is a wrapper.
const LONGEST_ESCAPE: u32 = 40;

/// A text made from the pasted one, with the layers that were undone.
#[derive(Clone)]
pub(super) struct View {
    pub(super) text: Vec<u8>,
    /// Where each byte came from; `None` while nothing has moved.
    origin: Option<Vec<u32>>,
    pub(super) layers: Vec<Layer>,
    pasted_len: u32,
}

impl View {
    /// The pasted text as it is.
    pub(super) fn of(pasted: &str) -> Self {
        let most = u32::MAX as usize;
        let text = &pasted.as_bytes()[..pasted.len().min(most)];
        Self {
            text: text.to_vec(),
            origin: None,
            layers: Vec::new(),
            pasted_len: text.len() as u32,
        }
    }

    /// Where the byte at this index came from.
    pub(super) fn origin(&self, at: usize) -> u32 {
        match &self.origin {
            Some(origin) => origin.get(at).copied().unwrap_or(self.pasted_len),
            None => (at as u32).min(self.pasted_len),
        }
    }

    /// The part of the pasted text that these bytes came from.
    pub(super) fn pasted(&self, span: &Range<usize>) -> Range<u32> {
        let start = self.origin(span.start);
        if span.is_empty() {
            return start..start;
        }
        let last = self.origin(span.end - 1);
        let escape = self.layers.iter().filter_map(|layer| layer.escape_end(last)).max();
        start..escape.unwrap_or(last + 1)
    }

    /// Where the line that starts at this index starts in the pasted text.
    pub(super) fn line_start(&self, at: usize) -> u32 {
        at.checked_sub(1).map_or(0, |line_break| self.origin(line_break) + 1)
    }

    /// The outermost wrapper round a part of the pasted text.
    pub(super) fn wrapper_round(&self, part: &Range<u32>) -> Option<Range<u32>> {
        let is_wrapper = |layer: &&Layer| {
            matches!(
                layer.cleaning,
                Cleaning::SafeLinks | Cleaning::Proofpoint | Cleaning::Base64Link
            )
        };
        let wrappers = self.layers.iter().filter(is_wrapper);
        wrappers
            .filter_map(|layer| layer.overlapping(part))
            .max_by_key(|place| place.len())
    }

    /// Lets a decoder rewrite the text. Says whether anything was changed.
    pub(super) fn rewrite(&mut self, decoder: impl FnOnce(&mut Rewrite<'_>)) -> bool {
        let mut rewrite = Rewrite::new(self);
        decoder(&mut rewrite);
        let Some((text, origin, layers)) = rewrite.finish() else {
            return false;
        };
        self.text = text;
        self.origin = Some(origin);
        self.layers.extend(layers);
        true
    }
}

/// A view being rewritten from left to right. What no one replaces is kept.
pub(super) struct Rewrite<'v> {
    old: &'v View,
    text: Vec<u8>,
    origin: Vec<u32>,
    /// How much of the old text is in the new one.
    done: usize,
    layers: Vec<Layer>,
}

impl<'v> Rewrite<'v> {
    fn new(old: &'v View) -> Self {
        Self {
            old,
            text: Vec::new(),
            origin: Vec::new(),
            done: 0,
            layers: Vec::new(),
        }
    }

    /// The text as it was.
    pub(super) fn old(&self) -> &'v [u8] {
        &self.old.text
    }

    fn keep_to(&mut self, end: usize) {
        self.text.extend_from_slice(&self.old.text[self.done..end]);
        match &self.old.origin {
            Some(origin) => self.origin.extend_from_slice(&origin[self.done..end]),
            None => self.origin.extend(self.done as u32..end as u32),
        }
        self.done = end;
    }

    /// Puts `with` in the place of old bytes; all of it comes from their start.
    pub(super) fn replace(&mut self, span: Range<usize>, with: &[u8], cleaning: Cleaning) {
        self.note(span.clone(), cleaning);
        self.substitute(span, with);
    }

    /// As [`replace`](Self::replace), for a change that is worth no mention.
    pub(super) fn substitute(&mut self, span: Range<usize>, with: &[u8]) {
        self.keep_to(span.start);
        let from = self.old.origin(span.start);
        self.text.extend_from_slice(with);
        self.origin.extend(std::iter::repeat_n(from, with.len()));
        self.done = span.end;
    }

    /// Puts what was wrapped in a link in its place.
    pub(super) fn replace_link(&mut self, start: usize, link: &LinkText, with: &[Placed], cleaning: Cleaning) {
        self.note(start..link.end, cleaning);
        for line_break in &link.breaks {
            self.note(line_break.clone(), Cleaning::LineBreaks);
        }
        self.keep_to(start);
        for &(byte, from) in with {
            self.text.push(byte);
            self.origin.push(self.old.origin(from));
        }
        self.done = link.end;
    }

    /// Remembers that something was undone here.
    pub(super) fn note(&mut self, span: Range<usize>, cleaning: Cleaning) {
        let place = self.old.origin(span.start)..self.old.origin(span.end);
        match self.layers.iter_mut().find(|layer| layer.cleaning == cleaning) {
            Some(layer) => layer.places.push(place),
            None => self.layers.push(Layer {
                cleaning,
                places: vec![place],
            }),
        }
    }

    fn finish(mut self) -> Option<(Vec<u8>, Vec<u32>, Vec<Layer>)> {
        if self.done == 0 && self.text.is_empty() {
            return None;
        }
        self.keep_to(self.old.text.len());
        Some((self.text, self.origin, self.layers))
    }
}
