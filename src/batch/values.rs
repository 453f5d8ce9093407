//! What a row is given, by itself, on its way from a worker to columns: lengths and bytes, one row after the other.
//!
//! Within a run alone; nothing of it is ever kept or sent.

use crate::token::Status;
use std::cell::Cell;

const GIVEN: u8 = 0;
const REJECTED: u8 = 1;
/// The length of no text at all.
const NONE: u32 = u32::MAX;

/// What became of a row that was to get a token.
pub(super) enum Given<'b> {
    /// Its token, what its link has before and behind it, where there is one, and when they expire; 0 is never.
    Token {
        token: &'b [u8],
        link: Option<[&'b [u8]; 2]>,
        expires_at: u32,
    },
    /// What is wrong with it.
    Rejected(&'b [u8]),
}

/// Pushes the token that `write` appends, and its expiry; the token's length. Its link is pushed next.
#[inline]
pub(super) fn push_token(expires_at: Option<u32>, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) -> usize {
    out.push(GIVEN);
    push_number(expires_at.unwrap_or(0), out);
    let start = open(out);
    write(out);
    close(start, out)
}

/// Pushes the link of a token that `write` appends, which is handed what appends a letter in place of the token: whoever
/// reads it has the token already, and the path's segments stay what they are. What `write` returns, and the link's length
/// without its token.
#[inline]
pub(super) fn push_link<Told, Error>(
    out: &mut Vec<u8>,
    write: impl FnOnce(&dyn Fn(&mut Vec<u8>), &mut Vec<u8>) -> Result<Told, Error>,
) -> Result<(Told, usize), Error> {
    let (start, before) = (open(out), Cell::new(0));
    let letter = |out: &mut Vec<u8>| {
        before.set(out.len() - start);
        out.push(b'L');
    };
    let told = write(&letter, out)?;
    let length = close(start, out);
    push_number(before.get() as u32, out);
    Ok((told, length - 1))
}

pub(super) fn push_no_link(out: &mut Vec<u8>) {
    push_number(NONE, out);
}

pub(super) fn push_reject(error: &str, out: &mut Vec<u8>) {
    out.push(REJECTED);
    push_bytes(error.as_bytes(), out);
}

pub(super) fn push_checked(status: Status, expires_at: Option<u32>, out: &mut Vec<u8>) {
    out.push(status as u8);
    push_number(expires_at.unwrap_or(0), out);
}

pub(super) fn push_text(text: Option<&str>, out: &mut Vec<u8>) {
    match text {
        Some(text) => push_bytes(text.as_bytes(), out),
        None => push_number(NONE, out),
    }
}

fn push_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    push_number(bytes.len() as u32, out);
    out.extend_from_slice(bytes);
}

/// Makes room for the length of what is pushed next; where that begins.
fn open(out: &mut Vec<u8>) -> usize {
    push_number(0, out);
    out.len()
}

/// Fills in the length of what was pushed since; that length.
fn close(start: usize, out: &mut [u8]) -> usize {
    let length = out.len() - start;
    out[start - size_of::<u32>()..start].copy_from_slice(&(length as u32).to_le_bytes());
    length
}

fn push_number(number: u32, out: &mut Vec<u8>) {
    out.extend_from_slice(&number.to_le_bytes());
}

/// Reads what was pushed, in the same order.
pub(super) struct Values<'b>(pub(super) &'b [u8]);

impl<'b> Values<'b> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn given(&mut self) -> Given<'b> {
        match self.byte() {
            GIVEN => {
                let expires_at = self.number();
                Given::Token {
                    token: self.bytes().unwrap_or_default(),
                    link: self.link(),
                    expires_at,
                }
            }
            _ => Given::Rejected(self.bytes().unwrap_or_default()),
        }
    }

    pub(super) fn checked(&mut self) -> (Status, u32) {
        (Status::ALL[usize::from(self.byte())], self.number())
    }

    /// A text, where there is one.
    pub(super) fn bytes(&mut self) -> Option<&'b [u8]> {
        let length = self.number();
        (length != NONE).then(|| self.take(length as usize))
    }

    fn link(&mut self) -> Option<[&'b [u8]; 2]> {
        let text = self.bytes()?;
        let (before, rest) = text.split_at(self.number() as usize);
        Some([before, &rest[1..]])
    }

    fn byte(&mut self) -> u8 {
        self.take(1)[0]
    }

    fn number(&mut self) -> u32 {
        let (bytes, rest) = self.0.split_first_chunk().expect("a number was pushed");
        self.0 = rest;
        u32::from_le_bytes(*bytes)
    }

    fn take(&mut self, length: usize) -> &'b [u8] {
        let (taken, rest) = self.0.split_at(length);
        self.0 = rest;
        taken
    }
}
