//! A mailbox file (RFC 4155): mails one after the other, each behind a `From ` line. Read mail by mail, so that its
//! size does not matter.

use std::io::{self, BufRead, Read};

/// A mail out of a mailbox.
#[derive(Debug, PartialEq, Eq)]
pub enum Mail {
    /// Its bytes, without the `From ` line.
    Whole(Vec<u8>),
    /// It is longer than the most that is read.
    TooLong,
}

/// The mails of a mailbox, in order.
#[derive(Debug)]
pub struct Mails<R> {
    input: R,
    most: u64,
    line: Vec<u8>,
    /// Whether a `From ` line was read, whose mail comes next.
    begun: bool,
}

impl<R: BufRead> Mails<R> {
    /// Mails of at most so many bytes.
    pub fn new(input: R, most: u64) -> Self {
        Self {
            input,
            most,
            line: Vec::new(),
            begun: false,
        }
    }

    /// Reads a line, or as much of it as one mail may have. 0 is the end.
    fn read_line(&mut self) -> io::Result<usize> {
        self.line.clear();
        self.input
            .by_ref()
            .take(self.most + 1)
            .read_until(b'\n', &mut self.line)
    }

    fn read_mail(&mut self) -> io::Result<Option<Mail>> {
        let (mut mail, mut is_too_long) = (Vec::new(), false);
        let mut at_start = true;
        while self.read_line()? > 0 {
            if at_start && self.line.starts_with(b"From ") {
                if std::mem::replace(&mut self.begun, true) {
                    return Ok(Some(ended(mail, is_too_long)));
                }
                continue;
            }
            at_start = matches!(self.line.as_slice(), b"\n" | b"\r\n");
            self.begun |= !at_start;
            is_too_long |= mail.len() as u64 + self.line.len() as u64 > self.most;
            match is_too_long {
                true => mail = Vec::new(),
                false => mail.extend_from_slice(&self.line),
            }
        }
        Ok(std::mem::take(&mut self.begun).then(|| ended(mail, is_too_long)))
    }
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

    fn mails(text: &str, most: u64) -> Vec<Mail> {
        Mails::new(text.as_bytes(), most)
            .collect::<Result<_, _>>()
            .expect("memory")
    }

    #[test]
    fn a_mailbox_is_parted_at_its_from_lines() {
        let whole = |text: &str| Mail::Whole(text.as_bytes().to_vec());
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
        let text = format!("From a\n\n{}\n\nFrom b\nx\n", "y".repeat(200));
        assert_eq!(mails(&text, 50), [Mail::TooLong, Mail::Whole(b"x\n".to_vec())]);
    }
}
