//! What a row is given, by itself, on its way from a worker to columns: lengths and bytes, one row after the other.
//!
//! Within a run alone; nothing of it is ever kept or sent.

use crate::token::Status;

const GIVEN: u8 = 0;
const REJECTED: u8 = 1;
/// The length of no text at all.
const NONE: u32 = u32::MAX;

/// What became of a row that was to get a token.
pub(super) enum Given<'b> {
    /// Its token, its link (empty where there are none), and when they expire; 0 is never.
    Token {
        token: &'b [u8],
        link: &'b [u8],
        expires_at: u32,
    },
    /// What is wrong with it.
    Rejected(&'b [u8]),
}

/// Pushes the token with the link that `write_link` appends; what that returns, and the link's length.
#[inline]
pub(super) fn push_given<Told, Error>(
    token: &[u8],
    expires_at: Option<u32>,
    out: &mut Vec<u8>,
    write_link: impl FnOnce(&mut Vec<u8>) -> Result<Told, Error>,
) -> Result<(Told, usize), Error> {
    out.push(GIVEN);
    push_number(expires_at.unwrap_or(0), out);
    push_bytes(token, out);
    let place = out.len();
    push_number(0, out);
    let start = out.len();
    let told = write_link(out)?;
    let length = out.len() - start;
    out[place..start].copy_from_slice(&(length as u32).to_le_bytes());
    Ok((told, length))
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
                    link: self.bytes().unwrap_or_default(),
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
