//! What was pasted, and what was typed: the bytes of a terminal with their times, taken apart without a terminal or a
//! clock.
//!
//! Whoever pastes a mail pastes what a stranger wrote, line ends and control characters included. So a byte is a key,
//! such as Enter, only where it stands by itself in time; all else is text. A terminal with bracketed paste marks what
//! is pasted, and the key right behind the mark may follow at once.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// A key has no other byte so near to it, before or after. Nobody types faster and means each key by itself.
pub(super) const QUIET: Duration = Duration::from_millis(100);
/// What a terminal sends before and after a paste.
const PASTE_BEGINS: &[u8] = b"\x1b[200~";
const PASTE_ENDS: &[u8] = b"\x1b[201~";
/// No escape sequence of a key is longer.
const LONGEST_SEQUENCE: usize = 32;
/// More bytes in one go are pasted and not typed.
const MOST_TYPED: usize = 4;
/// More of a text is not shown: a terminal that is busy with pasting need not read what it is sent.
const MOST_SHOWN: usize = 1_000;

const ENTER: [u8; 2] = [b'\r', b'\n'];
const INTERRUPT: u8 = 0x03;
const END: u8 = 0x04;
const ERASE: [u8; 2] = [0x08, 0x7f];

/// What came of the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A text is complete.
    Text(String),
    /// One is, and it was longer than is kept.
    TooLong,
    /// So many bytes were pasted; Enter will end the text.
    Pasted(usize),
    /// The text is to be forgotten.
    Dropped,
    /// Ctrl-C where there is no text.
    Interrupted,
    /// Ctrl-D where there is no text, or the terminal is gone.
    Ended,
    /// To be shown as the answer to a key.
    Echo(&'static str),
    /// A character that was typed.
    Typed(char),
    /// The number of a signal that ends the process.
    Signal(i32),
}

/// The text as it comes in.
#[derive(Default)]
pub(super) struct Keys {
    most: usize,
    text: Vec<u8>,
    is_too_long: bool,
    /// Whether nothing was typed in the line since it began or a paste ended in it.
    is_line_fresh: bool,
    /// Bytes since it was quiet, and when the last came.
    burst: usize,
    last: Option<Instant>,
    /// Bytes of text among these, and whether a mark said that they were pasted.
    pasted: usize,
    is_marked: bool,
    /// A key, if nothing follows it too soon.
    waiting: Option<u8>,
    is_in_paste: bool,
    /// Whether the last byte ended a paste.
    is_behind_paste: bool,
    sequence: Vec<u8>,
    shown: usize,
    events: VecDeque<Event>,
}

impl Keys {
    /// Of a text, at most so many bytes are kept.
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            is_line_fresh: true,
            ..Self::default()
        }
    }

    /// What came of the bytes by now, each once.
    pub(super) fn next_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Takes bytes that came at one time.
    pub(super) fn take(&mut self, bytes: &[u8], at: Instant) {
        self.settle(at);
        let is_alone = bytes.len() == 1 && self.burst == 0;
        self.burst += bytes.len();
        for (index, &byte) in bytes.iter().enumerate() {
            // something followed it, so it was no key
            if let Some(byte) = self.waiting.take() {
                self.push(byte);
            }
            let is_last = index + 1 == bytes.len();
            let may_be_key = is_alone || (self.is_behind_paste && is_last);
            self.is_behind_paste = false;
            match may_be_key && self.is_key(byte) {
                true => self.waiting = Some(byte),
                false => self.byte(byte),
            }
        }
        self.last = Some(at);
    }

    fn is_key(&self, byte: u8) -> bool {
        let ends = matches!(byte, INTERRUPT | END);
        // in a paste that never ends, too: its mark may have been a stranger's
        ends || (ENTER.contains(&byte) && !self.is_in_paste)
    }

    /// How long it takes until [`Keys::settle`] has something to say, if nothing comes.
    pub(super) fn wait(&self, now: Instant) -> Option<Duration> {
        let last = self.last.filter(|_| self.burst > 0)?;
        Some(QUIET.saturating_sub(now.saturating_duration_since(last)))
    }

    /// Nothing came up to this time: a key that was waiting is one.
    pub(super) fn settle(&mut self, now: Instant) {
        let is_quiet = self
            .last
            .is_some_and(|last| now.saturating_duration_since(last) >= QUIET);
        if !is_quiet || self.burst == 0 {
            return;
        }
        self.burst = 0;
        self.is_behind_paste = false;
        let is_large = std::mem::take(&mut self.pasted) > MOST_TYPED;
        let is_paste = !self.is_in_paste && (is_large | std::mem::take(&mut self.is_marked));
        self.is_line_fresh |= is_paste;
        match self.waiting.take() {
            Some(key) => self.key(key),
            None if is_paste && !self.is_blank() => self.events.push_back(Event::Pasted(self.text.len())),
            None => {}
        }
    }

    fn key(&mut self, key: u8) {
        let is_blank = self.is_blank();
        match key {
            INTERRUPT if is_blank => self.events.push_back(Event::Interrupted),
            INTERRUPT => {
                self.forget();
                self.events.push_back(Event::Dropped);
            }
            END if is_blank => self.events.push_back(Event::Ended),
            END => self.complete(),
            _ if is_blank => {
                self.forget();
                self.events.push_back(Event::Echo("\n"));
            }
            _ if self.is_line_fresh => self.complete(),
            _ => self.new_line(key),
        }
    }

    fn is_blank(&self) -> bool {
        !self.is_too_long && self.text.iter().all(|byte| *byte <= b' ')
    }

    fn complete(&mut self) {
        let event = match self.is_too_long {
            true => Event::TooLong,
            false => Event::Text(String::from_utf8_lossy(&self.text).into_owned()),
        };
        self.forget();
        self.events.push_back(event);
    }

    fn forget(&mut self) {
        self.text.clear();
        self.is_too_long = false;
        self.is_line_fresh = true;
        self.is_in_paste = false;
        self.sequence.clear();
        self.shown = 0;
    }

    fn byte(&mut self, byte: u8) {
        if byte == 0x1b || !self.sequence.is_empty() {
            return self.escape(byte);
        }
        match byte {
            _ if self.is_in_paste => self.push(byte),
            _ if ERASE.contains(&byte) => self.erase(),
            _ if ENTER.contains(&byte) => self.new_line(byte),
            _ => {
                self.push(byte);
                self.is_line_fresh = false;
                if matches!(byte, b' '..=b'~') && self.may_show() {
                    self.events.push_back(Event::Typed(char::from(byte)));
                }
            }
        }
    }

    /// Collects an escape sequence. In a paste, all but the one that ends it is text.
    fn escape(&mut self, byte: u8) {
        if byte == 0x1b {
            self.give_up_sequence();
        }
        self.sequence.push(byte);
        match self.is_in_paste {
            true if self.sequence == PASTE_ENDS => {
                self.sequence.clear();
                self.is_in_paste = false;
                self.is_behind_paste = true;
                self.is_marked = true;
                self.is_line_fresh = true;
            }
            true if !PASTE_ENDS.starts_with(&self.sequence) => self.give_up_sequence(),
            true => {}
            false if self.sequence == PASTE_BEGINS => {
                self.sequence.clear();
                self.is_in_paste = true;
            }
            false if is_whole(&self.sequence) || self.sequence.len() > LONGEST_SEQUENCE => self.sequence.clear(),
            false => {}
        }
    }

    /// In a paste, what looked like its end was text.
    fn give_up_sequence(&mut self) {
        let sequence = std::mem::take(&mut self.sequence);
        if self.is_in_paste {
            sequence.into_iter().for_each(|byte| self.push(byte));
        }
    }

    fn push(&mut self, byte: u8) {
        self.pasted += 1;
        match self.text.len() < self.most {
            true => self.text.push(byte),
            false => self.is_too_long = true,
        }
    }

    fn new_line(&mut self, byte: u8) {
        self.push(byte);
        self.is_line_fresh = true;
        if self.may_show() {
            self.events.push_back(Event::Echo("\n"));
        }
    }

    fn erase(&mut self) {
        let is_typed = self.text.last().is_some_and(|last| !ENTER.contains(last));
        if !is_typed || self.is_line_fresh {
            return;
        }
        while self.text.pop().is_some_and(|byte| byte & 0xC0 == 0x80) {}
        self.is_line_fresh = self.text.last().is_none_or(|last| ENTER.contains(last));
        if self.may_show() {
            self.events.push_back(Event::Echo("\x08 \x08"));
        }
    }

    /// Whether a key is to be shown; what is pasted in one go is not.
    fn may_show(&mut self) -> bool {
        let may = self.burst <= MOST_TYPED && self.shown < MOST_SHOWN;
        self.shown += usize::from(may);
        may
    }
}

/// Whether an escape sequence has come to its end (ECMA-48, section 5.4).
fn is_whole(sequence: &[u8]) -> bool {
    match sequence {
        [_] => false,
        [_, b'['] | [_, b'O'] => false,
        [_, b'[', .., last] => matches!(last, b'@'..=b'~'),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes with the milliseconds that pass before them; what comes of them when all has become quiet.
    fn events(parts: &[(u64, &str)]) -> Vec<Event> {
        let mut keys = Keys::new(1 << 20);
        let mut now = Instant::now();
        for (wait, bytes) in parts {
            now += Duration::from_millis(*wait);
            keys.take(bytes.as_bytes(), now);
        }
        keys.settle(now + QUIET);
        let all = std::iter::from_fn(|| keys.next_event());
        all.filter(|event| !matches!(event, Event::Echo(_) | Event::Typed(_)))
            .collect()
    }

    fn text(text: &str) -> Event {
        Event::Text(text.to_owned())
    }

    const MAIL: &str = "Hello,\r\rtouch x\r> Your voucher\r\x03\x04\r\r";

    #[test]
    fn enter_by_itself_ends_a_paste_and_nothing_in_it_does() {
        let pasted = Event::Pasted(MAIL.len());
        for gap in [0, 1, 99] {
            assert_eq!(
                events(&[(500, MAIL), (gap, "\r")]),
                [Event::Pasted(MAIL.len() + 1)],
                "{gap}"
            );
            assert_eq!(
                events(&[(500, MAIL), (100, "\r"), (gap, "x")]),
                std::slice::from_ref(&pasted),
                "{gap}"
            );
        }
        assert_eq!(events(&[(500, MAIL), (100, "\r")]), [pasted.clone(), text(MAIL)]);
        assert_eq!(events(&[(500, MAIL), (100, "\x04")]), [pasted.clone(), text(MAIL)]);
        assert_eq!(events(&[(500, MAIL), (100, "\x03")]), [pasted, Event::Dropped]);
    }

    #[test]
    fn a_paste_that_comes_byte_by_byte_is_one() {
        let bytes: Vec<_> = MAIL
            .char_indices()
            .map(|(at, byte)| (99, &MAIL[at..at + byte.len_utf8()]))
            .collect();
        let pasted = Event::Pasted(MAIL.len());
        assert_eq!(events(&bytes), std::slice::from_ref(&pasted));
        assert_eq!(events(&[bytes, vec![(100, "\n")]].concat()), [pasted, text(MAIL)]);
    }

    #[test]
    fn what_a_terminal_marks_as_pasted_is_text_whatever_its_times() {
        let marked = format!("\x1b[200~{MAIL}\x1b[201~");
        for key in ["\r", "\n", "\x04"] {
            assert_eq!(events(&[(0, &marked), (0, key)]), [text(MAIL)]);
            assert_eq!(events(&[(0, &(marked.clone() + key))]), [text(MAIL)]);
        }
        let slow = [
            (0, "\x1b[2"),
            (500, "00~a\r"),
            (500, "\r"),
            (500, "b\x1b[20"),
            (500, "1~"),
            (500, "\r"),
        ];
        assert_eq!(events(&slow), [Event::Pasted(4), text("a\r\rb")]);
        let two = [(0, "\x1b[200~a\x1b[201~"), (300, "\x1b[200~b\x1b[201~"), (300, "\r")];
        assert_eq!(events(&two).last(), Some(&text("ab")));
    }

    #[test]
    fn a_mark_of_a_stranger_ends_nothing_and_begins_nothing_for_good() {
        let forged = format!("\x1b[200~a\x1b[201~\r\x04\x03{MAIL}\x1b[201~");
        assert!(matches!(events(&[(0, &forged)])[..], [Event::Pasted(_)]));
        // without bracketed paste, a mark has no end
        let endless = [(500, "a\x1b[200~b\rc"), (500, "\x04"), (500, "\x04")];
        assert_eq!(events(&endless), [text("ab\rc"), Event::Ended]);
        let endless = [(500, "a\x1b[200~b\rc"), (500, "\x03"), (500, "\x03")];
        assert_eq!(events(&endless), [Event::Dropped, Event::Interrupted]);
        assert_eq!(
            events(&[(500, "\x1b[200~a\x1b[20Xb\x1b[201~"), (500, "\r")]).last(),
            Some(&text("a\x1b[20Xb"))
        );
    }

    #[test]
    fn who_types_ends_a_text_with_an_empty_line() {
        let typed = [
            (0, "a"),
            (150, "b"),
            (150, "\r"),
            (150, "c"),
            (150, "\x7f"),
            (150, "\r"),
        ];
        assert_eq!(events(&typed), [text("ab\r")]);
        let keys = [
            (0, "a"),
            (150, "\x1b[A"),
            (150, "\x1bOB"),
            (150, "\x1b[1;5C"),
            (150, "\r"),
            (150, "\r"),
        ];
        assert_eq!(events(&keys), [text("a\r")]);
        assert_eq!(events(&[(0, "\x7f"), (150, "\r"), (150, "\x04")]), [Event::Ended]);
    }

    #[test]
    fn an_empty_prompt_is_left_by_a_key_and_not_by_a_paste() {
        assert_eq!(events(&[(0, "\x04")]), [Event::Ended]);
        assert_eq!(events(&[(0, "\x03")]), [Event::Interrupted]);
        assert_eq!(
            events(&[(0, "\r"), (150, " "), (150, "\r"), (150, "\x04")]),
            [Event::Ended]
        );
        assert_eq!(events(&[(0, "\x04\x04")]), []);
        assert_eq!(events(&[(0, "\x04"), (99, "\x04")]), []);
    }

    #[test]
    fn the_next_text_begins_empty_and_one_that_is_too_long_is_told() {
        let mut keys = Keys::new(10);
        let mut now = Instant::now();
        for part in ["0123456789", "\r", "0123456789a", "\r", "012345", "\r"] {
            now += QUIET;
            keys.take(part.as_bytes(), now);
        }
        keys.settle(now + QUIET);
        let all = std::iter::from_fn(|| keys.next_event());
        let all: Vec<_> = all.filter(|event| !matches!(event, Event::Pasted(_))).collect();
        assert_eq!(all, [text("0123456789"), Event::TooLong, text("012345")]);
    }
}
