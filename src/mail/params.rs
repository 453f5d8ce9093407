//! Structured values of header fields: a media type with its parameters (RFC 2045, section 5.1), which may be continued
//! and percent-encoded (RFC 2231).

use crate::paste::push_unescaped;
use std::collections::BTreeMap;

/// A media type.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct MediaType {
    /// In lower case; empty where there is none.
    pub(super) name: String,
    params: Vec<(String, String)>,
    /// The same, with what may be comments left in.
    with_comments: Vec<(String, String)>,
}

impl MediaType {
    pub(super) fn parse(value: &str) -> Self {
        let plain = without_comments(value);
        let (name, rest) = split_name(&plain);
        Self {
            name: name.to_ascii_lowercase(),
            params: params(rest),
            with_comments: params(split_name(value).1),
        }
    }

    /// A parameter, put together where it is continued.
    pub(super) fn param(&self, name: &str) -> Option<String> {
        extended(&self.params, name).or_else(|| plain(&self.params, name))
    }

    /// All readings of a parameter, likeliest first: some write it in two ways, and a bracket may be a comment or not.
    pub(super) fn readings(&self, name: &str) -> Vec<String> {
        let mut all = Vec::new();
        for params in [&self.params, &self.with_comments] {
            for reading in [extended(params, name), plain(params, name)].into_iter().flatten() {
                if !reading.is_empty() && !all.contains(&reading) {
                    all.push(reading);
                }
            }
        }
        all
    }
}

/// A value without its comments, which may be nested (RFC 5322, section 3.2.2).
pub(super) fn without_comments(value: &str) -> String {
    let (mut out, mut depth) = (String::with_capacity(value.len()), 0usize);
    let (mut is_quoted, mut is_escaped) = (false, false);
    for letter in value.chars() {
        let was_escaped = std::mem::take(&mut is_escaped);
        match letter {
            _ if was_escaped => {}
            '\\' if is_quoted || depth > 0 => is_escaped = true,
            '"' if depth == 0 => is_quoted = !is_quoted,
            '(' if !is_quoted => depth += 1,
            ')' if depth > 0 => {
                depth -= 1;
                continue;
            }
            _ => {}
        }
        if depth == 0 {
            out.push(letter);
        }
    }
    out
}

/// The first word, and what stands after it.
fn split_name(value: &str) -> (&str, &str) {
    let value = value.trim_start();
    let end = value.find(|letter: char| letter == ';' || letter.is_ascii_whitespace());
    value.split_at(end.unwrap_or(value.len()))
}

fn params(rest: &str) -> Vec<(String, String)> {
    let (mut found, mut rest) = (Vec::new(), rest);
    loop {
        rest = rest.trim_start_matches(|letter: char| letter == ';' || letter.is_ascii_whitespace());
        if rest.is_empty() {
            return found;
        }
        let end = rest.find(['=', ';']).unwrap_or(rest.len());
        let name = rest[..end].trim().to_ascii_lowercase();
        let Some(value) = rest[end..].strip_prefix('=') else {
            rest = &rest[end..];
            continue;
        };
        let (value, after) = self::value(value.trim_start());
        found.push((name, value));
        rest = after;
    }
}

/// A quoted or bare value, and what stands after it.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        return (text[..end].trim().to_owned(), &text[end..]);
    };
    let (mut value, mut is_escaped) = (String::new(), false);
    for (at, letter) in quoted.char_indices() {
        match letter {
            _ if std::mem::take(&mut is_escaped) => value.push(letter),
            '\\' => is_escaped = true,
            '"' => return (value, &quoted[at + 1..]),
            _ => value.push(letter),
        }
    }
    (value, "")
}

fn plain(params: &[(String, String)], name: &str) -> Option<String> {
    let found = params.iter().find(|(other, _)| other == name)?;
    Some(found.1.clone())
}

/// `name*=`, or `name*0=`, `name*1*=` and so on, in any order, up to the first number that is missing.
fn extended(params: &[(String, String)], name: &str) -> Option<String> {
    let mut pieces: BTreeMap<u32, (&str, bool)> = BTreeMap::new();
    for (other, value) in params {
        let Some(section) = other.strip_prefix(name).and_then(|rest| rest.strip_prefix('*')) else {
            continue;
        };
        let (number, is_encoded) = match section.strip_suffix('*') {
            Some(number) => (number, true),
            None => (section, section.is_empty()),
        };
        let number = if number.is_empty() {
            Some(0)
        } else {
            number.parse().ok()
        };
        if let Some(number) = number {
            pieces.entry(number).or_insert((value, is_encoded));
        }
    }
    let mut bytes = Vec::new();
    for (expected, (number, (value, is_encoded))) in (0..).zip(&pieces) {
        if expected != *number {
            break;
        }
        match is_encoded {
            true => {
                // what stands after `charset'language'`
                let text = value.splitn(3, '\'').nth(2).filter(|_| expected == 0);
                let encoded = text.unwrap_or(value);
                push_unescaped(encoded.as_bytes(), b'%', &mut bytes);
            }
            false => bytes.extend_from_slice(value.as_bytes()),
        }
    }
    pieces
        .contains_key(&0)
        .then(|| String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_they_are_written() {
        let table = [
            ("multipart/mixed; boundary=abc", "abc"),
            ("multipart/mixed;boundary=\"a b;c\"; x=y", "a b;c"),
            ("multipart/mixed; BOUNDARY = \"a\\\"b\"", "a\"b"),
            ("multipart/mixed (a; boundary=no); boundary=abc (really)", "abc"),
            ("multipart/mixed boundary=abc", "abc"),
            ("multipart/mixed; boundary*=us-ascii''a%62c", "abc"),
            ("multipart/mixed; boundary*=us-ascii'en'a%62c", "abc"),
            ("multipart/mixed; boundary*0=a; boundary*1=bc", "abc"),
            ("multipart/mixed; boundary*1=bc; boundary*0=\"a\"", "abc"),
            (
                "multipart/mixed; boundary*0*=utf-8''%61; boundary*1*=%62; boundary*2=c",
                "abc",
            ),
            ("multipart/mixed; boundary*0=abc; boundary*2=no", "abc"),
            ("multipart/mixed; boundary=\"abc", "abc"),
        ];
        for (value, boundary) in table {
            let parsed = MediaType::parse(value);
            assert_eq!(
                (parsed.name.as_str(), parsed.param("boundary").as_deref()),
                ("multipart/mixed", Some(boundary))
            );
        }
        let both = MediaType::parse("Multipart/Mixed; boundary=a(b); boundary*=''c");
        assert_eq!(both.readings("boundary"), ["c", "a", "a(b)"]);
        assert_eq!(MediaType::parse("").param("boundary"), None);
        assert_eq!(MediaType::parse("text/plain; charset; x").param("charset"), None);
    }
}
