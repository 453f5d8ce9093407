//! Bytes of a mail's text to characters. Links are ASCII, so what counts is never to lose that: an unknown or withdrawn
//! charset is read as UTF-8, with what is none replaced.

use super::transfer::base64_value;
use crate::paste::radix64::bytes_of;
use encoding_rs::{Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE};

/// The text of some bytes in the charset of this name.
pub(super) fn decode(bytes: &[u8], label: Option<&str>) -> String {
    let label = label.unwrap_or_default().trim().trim_matches(['"', '\'']);
    if is_utf7(label) {
        return utf7(bytes);
    }
    if let Some(is_little) = utf32_order(bytes, label) {
        return utf32(bytes, is_little);
    }
    let encoding = Encoding::for_label(label.as_bytes()).filter(|encoding| *encoding != REPLACEMENT);
    let encoding = match encoding {
        // some say so of ASCII
        Some(encoding) if is_utf16(encoding) && memchr::memchr(0, bytes).is_none() => UTF_8,
        Some(encoding) if label.eq_ignore_ascii_case("utf-16") && encoding == UTF_16LE => order_of(bytes),
        Some(encoding) => encoding,
        None => UTF_8,
    };
    encoding.decode(bytes).0.into_owned()
}

fn is_utf16(encoding: &Encoding) -> bool {
    encoding == UTF_16LE || encoding == UTF_16BE
}

fn is_utf7(label: &str) -> bool {
    [
        "utf-7",
        "utf7",
        "unicode-1-1-utf-7",
        "csunicode11utf7",
        "x-unicode-2-0-utf-7",
    ]
    .iter()
    .any(|name| label.eq_ignore_ascii_case(name))
}

/// Without a byte order mark, the zeros of ASCII tell the order.
fn order_of(bytes: &[u8]) -> &'static Encoding {
    let zeros = |first: usize| bytes.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    if zeros(0) > zeros(1) { UTF_16BE } else { UTF_16LE }
}

/// Whether bytes are UTF-32, by its byte order mark or its name, and little-endian: each character has a zero for its
/// highest byte. `encoding_rs` does not know it, and takes the mark for that of UTF-16.
fn utf32_order(bytes: &[u8], label: &str) -> Option<bool> {
    let is_named = || {
        let is_name = |name: &str| {
            label
                .get(..name.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(name))
        };
        ["utf-32", "utf32"].into_iter().any(is_name) && memchr::memchr(0, bytes).is_some()
    };
    let zeros = |at: usize| bytes.as_chunks::<4>().0.iter().filter(|unit| unit[at] == 0).count();
    match bytes {
        [0xff, 0xfe, 0, 0, ..] => Some(true),
        [0, 0, 0xfe, 0xff, ..] => Some(false),
        _ => is_named().then(|| zeros(3) > zeros(0)),
    }
}

fn utf32(bytes: &[u8], is_little: bool) -> String {
    let number = if is_little {
        u32::from_le_bytes
    } else {
        u32::from_be_bytes
    };
    let units = bytes.as_chunks().0.iter();
    let characters = units.map(|unit| char::from_u32(number(*unit)).unwrap_or(char::REPLACEMENT_CHARACTER));
    characters.skip_while(|character| *character == '\u{feff}').collect()
}

/// RFC 2152: `+` begins base64 of UTF-16, which ends at the first other character; a `-` there is not meant.
fn utf7(bytes: &[u8]) -> String {
    let (mut units, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        match bytes[at] {
            b'+' if bytes.get(at + 1) == Some(&b'-') => {
                units.push(u16::from(b'+'));
                at += 2;
            }
            b'+' => {
                let letters = bytes[at + 1..].iter().map_while(|&byte| base64_value(byte));
                let spelled = bytes_of(letters.clone());
                units.extend(spelled.as_chunks().0.iter().map(|unit| u16::from_be_bytes(*unit)));
                let end = at + 1 + letters.count();
                at = end + usize::from(end > at + 1 && bytes.get(end) == Some(&b'-'));
            }
            byte => {
                units.push(if byte.is_ascii() { u16::from(byte) } else { 0xfffd });
                at += 1;
            }
        }
    }
    String::from_utf16_lossy(&units)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_is_never_lost() {
        let table: [(&[u8], &str, &str); 19] = [
            (b"a\xe4", "iso-8859-1", "a\u{e4}"),
            (b"a\xc3\xa4", "UTF-8", "a\u{e4}"),
            (b"a\xc3\xa4", "", "a\u{e4}"),
            (b"a\xe4", "nobody knows it", "a\u{fffd}"),
            (b"abc", "iso-2022-kr", "abc"),
            (b"abc", "hz-gb-2312", "abc"),
            (b"abc", "utf-16", "abc"),
            (b"a\0b\0", "utf-16", "ab"),
            (b"\0a\0b", "utf-16", "ab"),
            (b"\0a\0b", "utf-16be", "ab"),
            (b"\xfe\xff\0a", "utf-16le", "a"),
            (b"\xff\xfe\0\0a\0\0\0\xe4\0\0\0", "utf-32", "a\u{e4}"),
            (b"\0\0\xfe\xff\0\0\0a", "nobody knows it", "a"),
            (b"a\0\0\0b\0\0\0\0", "UTF-32", "ab"),
            (b"\0\0\0a\0\0\0b", "utf32", "ab"),
            (b"a\0\0\0\xff\xff\xff\xff", "utf-32le", "a\u{fffd}"),
            (b"abc", "utf-32", "abc"),
            (b"+ADw-a href+AD0AIg-x+-+", "utf-7", "<a href=\"x+"),
            (b"a+AOQ.+", "\"UTF-7\"", "a\u{e4}."),
        ];
        for (bytes, label, expected) in table {
            assert_eq!(decode(bytes, Some(label)), expected, "{label}");
        }
    }
}
