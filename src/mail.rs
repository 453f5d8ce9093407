//! Rendered mails, and the tokens in what a customer will see of them.
//!
//! Between a list of links and the customers stands a mail tool, which wraps lines, encodes, escapes and rewrites. So
//! a mail is opened here as a mail program opens it ([`parts`], [`Mails`]), and its texts and HTML are read as they
//! are shown ([`tokens`]); only then tokens are looked for, by [`paste`](crate::paste). What *paste* still had to undo
//! after that is damage: the customer has no such help.
//!
//! A mail is a stranger's file: every step takes time that grows with the mail and not with its square, and where a file
//! can be read in two ways, no link of either is passed over.

mod charset;
mod field_text;
mod flowed;
mod head;
mod html;
mod link_host;
mod look;
mod mailbox;
mod params;
mod parts;
mod pasted;
mod sources;
mod split;
mod stretch;
mod transfer;

pub use look::{Found, Reading, SHORTEST, tokens};
pub use mailbox::{Mail, Mails, Splitting};
pub use parts::{Content, MailError, Part, parts};
pub use pasted::{has_source, pasted};

/// No mail, file, or mail in a mailbox is read beyond this many bytes.
pub const MOST_BYTES: u64 = 64 << 20;

/// The text of a file that is no mail: UTF-8, or UTF-16 by its byte order mark; what is in neither is replaced, which
/// harms no token, since they are ASCII. `None` for what is no text.
#[must_use]
pub fn text(bytes: &[u8]) -> Option<String> {
    let is_utf16 = matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
    let is_binary = memchr::memchr(0, bytes).is_some() || is_known_binary(bytes);
    // half a unit of UTF-16 at the end is no character
    let length = if is_utf16 { bytes.len() & !1 } else { bytes.len() };
    (is_utf16 || !is_binary).then(|| charset::decode(&bytes[..length], None))
}

/// Formats that may hold no zero byte.
fn is_known_binary(bytes: &[u8]) -> bool {
    let starts: [&[u8]; 5] = [b"%PDF-", b"GIF8", b"\x89PNG", b"\xff\xd8\xff", b"PK\x03\x04"];
    starts.iter().any(|start| bytes.starts_with(start))
}

/// Headers that mails have and that other files don't begin with.
const TELLING: [&str; 8] = [
    "mime-version",
    "content-type",
    "from",
    "received",
    "message-id",
    "return-path",
    "delivered-to",
    "dkim-signature",
];

/// Whether a file without a telling name is a mail: all lines before the first blank one are headers, one of them such
/// as every mail has.
#[must_use]
pub fn is_mail(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(16 << 10)];
    let mut is_told = false;
    for (number, line) in head.split(|&byte| byte == b'\n').enumerate() {
        match line.strip_suffix(b"\r").unwrap_or(line) {
            [] => break,
            [b' ' | b'\t', ..] if number > 0 => {}
            line => match header_name(line) {
                Some(name) => is_told |= is_telling(name),
                // the last line may be cut by the bound
                None if head.len() < bytes.len() && is_told => break,
                None => return false,
            },
        }
    }
    is_told
}

/// Whether a file is a mailbox: it begins with the line that each of its mails begins with.
#[must_use]
pub fn is_mailbox(bytes: &[u8]) -> bool {
    let end = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len());
    mailbox::is_envelope(&bytes[..end])
}

/// Whether a header's name is one that tells a mail.
fn is_telling(name: &[u8]) -> bool {
    TELLING.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
}

fn header_name(line: &[u8]) -> Option<&[u8]> {
    let name = &line[..memchr::memchr(b':', line)?];
    (!name.is_empty() && name.iter().all(u8::is_ascii_graphic)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_told_from_what_is_none() {
        assert_eq!(text(b"\xef\xbb\xbfa\xe4").as_deref(), Some("a\u{fffd}"));
        assert_eq!(text(b"\xff\xfea\0\xe4\0").as_deref(), Some("aä"));
        assert_eq!(text(b"\xfe\xff\0a\0").as_deref(), Some("a"));
        assert_eq!(text(b"\xff\xfe").as_deref(), Some(""));
        assert_eq!(text(b"").as_deref(), Some(""));
        for binary in [&b"PNG\0"[..], b"%PDF-1.7\n", b"\xff\xd8\xff\xe0"] {
            assert_eq!(text(binary), None, "{binary:?}");
        }
    }

    #[test]
    fn a_mail_is_known_by_its_headers() {
        for mail in [
            "From: a@b\nSubject: x\n\nbody",
            "Return-Path: <a>\r\nReceived: from x\r\n\tby y\r\n\r\n",
            "MIME-Version: 1.0\r\n",
        ] {
            assert!(is_mail(mail.as_bytes()), "{mail}");
        }
        for other in [
            "",
            "\n",
            "Hello,\nFrom: you",
            "https://shop.example/p/1\n",
            "Subject: x\n\nFrom: y",
            "<p>From: x",
        ] {
            assert!(!is_mail(other.as_bytes()), "{other}");
        }
    }
}
