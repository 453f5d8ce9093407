//! A mailbox file (RFC 4155, and its dialects mboxo, mboxrd, mboxcl): mails one after the other, each behind a `From `
//! line. Read mail by mail, so that its size does not matter.
//!
//! Where a mail begins is not certain: some programs put no blank line before a `From ` line, others leave such lines in
//! a text as they are. The likeliest reading is given; a mailbox that has another can be read by that too.

use std::io::{self, BufRead, Read};

/// A mail out of a mailbox.
#[derive(Debug, PartialEq, Eq)]
pub enum Mail {
    /// Its bytes, without the `From ` line.
    Whole(Vec<u8>),
    /// It is longer than the most that is read.
    TooLong,
}

/// Which `From ` lines begin a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Splitting {
    /// Those with an address and a date, or with a line of a header behind them.
    Likely,
    /// Only those with an address, a date and a blank line before them, and outside of the length that a mail's
    /// `Content-Length` gives.
    Fewest,
    /// All of them.
    Every,
}

/// The mails of a mailbox, in order.
#[derive(Debug)]
pub struct Mails<R> {
    input: R,
    most: u64,
    splitting: Splitting,
    line: Vec<u8>,
    /// The line after it.
    next: Vec<u8>,
    is_primed: bool,
    /// Whether a `From ` line was read, whose mail comes next.
    begun: bool,
    in_doubt: bool,
    body: Body,
}

/// How far a mail's body is read.
#[derive(Debug, Default)]
struct Body {
    is_reached: bool,
    /// What is left of the length that its header gives.
    left: u64,
}

impl<R: BufRead> Mails<R> {
    /// Mails of at most so many bytes.
    pub fn new(input: R, most: u64, splitting: Splitting) -> Self {
        Self {
            input,
            most,
            splitting,
            line: Vec::new(),
            next: Vec::new(),
            is_primed: false,
            begun: false,
            in_doubt: false,
            body: Body::default(),
        }
    }

    /// Whether a line was met that another reading takes for a beginning, or doesn't.
    pub fn is_in_doubt(&self) -> bool {
        self.in_doubt
    }

    /// Reads a line, or as much of it as one mail may have. `false` is the end.
    fn read_line(&mut self) -> io::Result<bool> {
        if !std::mem::replace(&mut self.is_primed, true) {
            self.read_next()?;
        }
        std::mem::swap(&mut self.line, &mut self.next);
        if self.line.is_empty() {
            self.next.clear();
            return Ok(false);
        }
        self.read_next()?;
        Ok(true)
    }

    fn read_next(&mut self) -> io::Result<()> {
        self.next.clear();
        let input = self.input.by_ref();
        input.take(self.most + 1).read_until(b'\n', &mut self.next).map(drop)
    }

    fn read_mail(&mut self) -> io::Result<Option<Mail>> {
        let (mut mail, mut is_too_long) = (Vec::new(), false);
        let (mut at_start, mut after_blank) = (true, true);
        while self.read_line()? {
            if at_start && self.line.starts_with(b"From ") && self.begins_mail(after_blank) {
                self.body = Body::default();
                if std::mem::replace(&mut self.begun, true) {
                    return Ok(Some(ended(mail, is_too_long)));
                }
                continue;
            }
            after_blank = matches!(self.line.as_slice(), b"\n" | b"\r\n");
            self.body.pass(&self.line, after_blank);
            self.begun |= !after_blank;
            // mboxrd and mboxo protect such lines of a text
            let is_protected = at_start && is_protected(&self.line);
            let line = &self.line[usize::from(is_protected)..];
            is_too_long |= mail.len() as u64 + line.len() as u64 > self.most;
            match is_too_long {
                true => mail = Vec::new(),
                false => mail.extend_from_slice(line),
            }
            at_start = self.line.ends_with(b"\n");
        }
        Ok(std::mem::take(&mut self.begun).then(|| ended(mail, is_too_long)))
    }

    /// Whether the `From ` line that was just read begins a mail. The first one does in any case.
    fn begins_mail(&mut self, after_blank: bool) -> bool {
        if !self.begun {
            return true;
        }
        let looks_like_one = is_envelope(&self.line);
        let is_likely = looks_like_one || is_field(&self.next);
        let is_certain = looks_like_one && after_blank && self.body.left == 0;
        self.in_doubt |= !is_certain;
        match self.splitting {
            Splitting::Likely => is_likely,
            Splitting::Fewest => is_certain,
            Splitting::Every => true,
        }
    }
}

impl Body {
    fn pass(&mut self, line: &[u8], is_blank: bool) {
        if self.is_reached {
            self.left = self.left.saturating_sub(line.len() as u64);
        } else if is_blank {
            self.is_reached = true;
        } else if let Some(length) = content_length(line) {
            self.left = length;
        }
    }
}

fn content_length(line: &[u8]) -> Option<u64> {
    let colon = memchr::memchr(b':', line)?;
    let is_named = line[..colon].eq_ignore_ascii_case(b"content-length");
    let number = is_named.then(|| std::str::from_utf8(&line[colon + 1..]).ok())??;
    number.trim().parse().ok()
}

fn is_protected(line: &[u8]) -> bool {
    let depth = line.iter().take_while(|byte| **byte == b'>').count();
    depth > 0 && line[depth..].starts_with(b"From ")
}

/// Whether a `From ` line has an address, then a weekday, a month, a day and a time: `From - Sat Nov 21 17:00:01 2026`.
pub(super) fn is_envelope(line: &[u8]) -> bool {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    // most such lines of a text have no time; taking them apart would be most of the work
    if memchr::memchr(b':', line).is_none() {
        return false;
    }
    let line = String::from_utf8_lossy(line).to_ascii_lowercase();
    let Some(line) = line.strip_prefix("from ") else {
        return false;
    };
    // none is longer than an address and a date
    let words: Vec<&str> = line
        .split_ascii_whitespace()
        .take(24)
        .map(|word| word.trim_end_matches(','))
        .collect();
    let is_number = |word: &&str, most: u32| word.parse::<u32>().is_ok_and(|number| (1..=most).contains(&number));
    let is_time = |word: &&str| {
        let pieces: Vec<&str> = word.split(':').collect();
        matches!(pieces.len(), 2 | 3)
            && pieces
                .iter()
                .all(|piece| piece.len() <= 2 && piece.parse::<u8>().is_ok())
    };
    let is_date = |words: &[&str]| {
        let (date, rest) = words.split_at(words.len().min(3));
        let [day, one, other] = date else { return false };
        let named = |word: &str| MONTHS.contains(&word);
        let is_day =
            DAYS.contains(day) && ((named(one) && is_number(other, 31)) || (is_number(one, 31) && named(other)));
        is_day && rest.iter().take(3).any(is_time)
    };
    (1..words.len()).any(|at| is_date(&words[at..]))
}

/// Whether a line is a field of a header, as one follows a `From ` line. An address such as `https://` is none.
fn is_field(line: &[u8]) -> bool {
    let Some(name) = super::header_name(line) else {
        return false;
    };
    let value = &line[name.len() + 1..];
    matches!(value.first(), None | Some(b' ' | b'\t' | b'\r' | b'\n')) || super::is_telling(name)
}

fn ended(mail: Vec<u8>, is_too_long: bool) -> Mail {
    match is_too_long {
        true => Mail::TooLong,
        false => Mail::Whole(mail),
    }
}

impl<R: BufRead> Iterator for Mails<R> {
    type Item = io::Result<Mail>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read_mail().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, most: u64, splitting: Splitting) -> (Vec<Mail>, bool) {
        let mut mails = Mails::new(text.as_bytes(), most, splitting);
        let all = mails.by_ref().collect::<Result<_, _>>().expect("memory");
        (all, mails.is_in_doubt())
    }

    fn mails(text: &str, most: u64) -> Vec<Mail> {
        split(text, most, Splitting::Likely).0
    }

    fn whole(text: &str) -> Mail {
        Mail::Whole(text.as_bytes().to_vec())
    }

    #[test]
    fn a_mailbox_is_parted_at_its_from_lines() {
        let text = "From a\nS: 1\n\nx\nFrom here on\n\nFrom b\nS: 2\n\ny\n";
        assert_eq!(
            mails(text, 100),
            [whole("S: 1\n\nx\nFrom here on\n\n"), whole("S: 2\n\ny\n")]
        );
        assert_eq!(mails("", 100), []);
        assert_eq!(mails("S: 1\n", 100), [whole("S: 1\n")]);
        assert_eq!(mails("From a\n", 100), [whole("")]);
    }

    #[test]
    fn a_mail_that_is_too_long_is_passed_over() {
        let text = format!("From a\n\n{}\n\nFrom b\nx: 1\n", "y".repeat(200));
        assert_eq!(mails(&text, 50), [Mail::TooLong, Mail::Whole(b"x: 1\n".to_vec())]);
    }

    #[test]
    fn a_from_line_is_judged_by_what_it_says() {
        let date = "From a@b Sat Nov 21 17:00:02 2026\n";
        // without a blank line before it
        let text = format!("{date}S: 1\n\nx\n{date}S: 2\n\ny\n");
        assert_eq!(mails(&text, 100), [whole("S: 1\n\nx\n"), whole("S: 2\n\ny\n")]);
        assert_eq!(split(&text, 100, Splitting::Fewest).0.len(), 1);
        // a sentence, and a link behind it
        let text = format!("{date}S: 1\n\n\nFrom now on\nhttps://a/\n");
        assert_eq!(
            split(&text, 100, Splitting::Likely),
            (vec![whole("S: 1\n\n\nFrom now on\nhttps://a/\n")], true)
        );
        assert_eq!(split(&text, 100, Splitting::Every).0.len(), 2);
        // protected
        let text = format!("{date}S: 1\n\n>From a\n>>From b\n>Form\n");
        assert_eq!(
            split(&text, 100, Splitting::Likely),
            (vec![whole("S: 1\n\nFrom a\n>From b\n>Form\n")], false)
        );
        // within the length that the mail has by itself
        let inner = format!("x\n\n{date}y\n");
        let text = format!("{date}Content-Length: {}\n\n{inner}\n{date}S: 2\n\nz\n", inner.len());
        assert_eq!(mails(&text, 200).len(), 3);
        let (fewest, in_doubt) = split(&text, 200, Splitting::Fewest);
        assert_eq!((fewest.len(), in_doubt), (2, true));
    }

    #[test]
    fn an_envelope_has_an_address_and_a_date() {
        for line in [
            "From - Sat Nov 21 17:00:01 2026",
            "From a@b.example Sat Nov  1 17:00 2026\r\n",
            "From joe at example.org  Sat Nov 21 17:00:01 2026",
            "From a@b Sat, 21 Nov 2026 17:00:00 +0100",
            "From MAILER-DAEMON Sat Nov 21 17:00:01 CET 2026",
        ] {
            assert!(is_envelope(line.as_bytes()), "{line}");
        }
        for line in [
            "From now on you save 10 %",
            "From Sat Nov 21 on",
            "From - Sat Nov 32 17:00:01 2026",
            "From Sat Nov 21 17:00:01 2026",
            "From 10:30 in November 2026",
            "From: a@b Sat Nov 21 17:00:01 2026",
        ] {
            assert!(!is_envelope(line.as_bytes()), "{line}");
        }
    }
}
