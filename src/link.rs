//! A link's pattern: base URL, query parameter or template, parsed once and then written per row without parsing.
//!
//! URLs are kept as their user wrote them (RFC 3986). Only what no URL may hold is changed: characters outside
//! ASCII are percent-encoded as UTF-8 (RFC 3987, section 3.1).

mod parse;

use parse::Parts;

/// A link with a place for the token, and perhaps for cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkPattern {
    pieces: Vec<Piece>,
    is_plain_http: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(Vec<u8>),
    Token,
    /// The index among the columns of the template.
    Cell(String),
}

/// Why a text is no link's pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// There is no `://`.
    #[error("it is no URL: it does not begin with https:// or http://")]
    NoScheme,
    /// Another scheme than http or https.
    #[error("its scheme is neither https nor http")]
    Scheme,
    /// No host, or one with characters that no host has.
    #[error("it has no host, or one that can't be")]
    Host,
    /// A host with letters outside ASCII.
    #[error("its host has letters outside ASCII")]
    HostLetters,
    /// A port that is no number up to 65535.
    #[error("its port is none")]
    Port,
    /// A user name or password before the host.
    #[error("it has a user name before its host")]
    UserInfo,
    /// White space, a control character, or one that no URL holds.
    #[error("character {0} can't stand in a URL")]
    Character(usize),
    /// `%` without two hex digits.
    #[error("the percent sign at character {0} is not followed by two hex digits")]
    Percent(usize),
    /// The query parameter that the token is to become is there already.
    #[error("it has the query parameter {0} already")]
    ParamTwice(String),
    /// The name of a query parameter is empty.
    #[error("the name of the query parameter is empty")]
    ParamName,
    /// `{token}` is missing.
    #[error("{{token}} does not stand in it")]
    NoToken,
    /// `{token}` stands twice.
    #[error("{{token}} stands in it more than once")]
    TokenTwice,
    /// A placeholder in the scheme or the host.
    #[error("a placeholder stands before the path; the host must be the same for all")]
    PlaceholderInHost,
    /// A brace that opens and never closes, or the other way round.
    #[error("a brace at character {0} has no partner")]
    Brace(usize),
}

impl LinkError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            LinkError::NoScheme | LinkError::Scheme => "write the whole address: https://shop.example/promotions",
            LinkError::Host | LinkError::Port | LinkError::UserInfo => "an address is https://HOST/PATH",
            LinkError::HostLetters => "write the host in its ASCII form, which begins with xn--",
            LinkError::Character(_) => "percent-encode it: a space is %20",
            LinkError::Percent(_) => "a percent sign itself is written %25",
            LinkError::ParamTwice(_) => "take it out of the address, or name another with --param",
            LinkError::ParamName => "name it: --param token",
            LinkError::NoToken | LinkError::TokenTwice => {
                "put {token} where the token belongs, once: https://shop.example/p/{token}"
            }
            LinkError::PlaceholderInHost => "put {…} into the path, the query or the fragment",
            LinkError::Brace(_) => "a placeholder is {token} or {column}; a brace itself is written %7B or %7D",
        }
    }
}

impl LinkPattern {
    /// The token as the last segment of the path, before any query or fragment.
    ///
    /// # Errors
    /// When `base` is no http or https URL.
    pub fn from_base(base: &str) -> Result<Self, LinkError> {
        let parts = Parts::parse(base)?;
        let mut before = parts.up_to_path();
        if before.last() != Some(&b'/') {
            before.push(b'/');
        }
        Ok(Self::around_token(&parts, before, parts.after_path()))
    }

    /// The token as the query parameter `name`.
    ///
    /// # Errors
    /// When `base` is no http or https URL, has that parameter already, or the name is empty.
    pub fn from_base_and_param(base: &str, name: &str) -> Result<Self, LinkError> {
        let parts = Parts::parse(base)?;
        if name.is_empty() {
            return Err(LinkError::ParamName);
        }
        let mut encoded = Vec::new();
        parse::percent_encode(name.as_bytes(), &mut encoded);
        if parts.has_param(name) {
            return Err(LinkError::ParamTwice(crate::excerpt::Excerpt(name).to_string()));
        }
        let mut before = parts.up_to_path();
        if parts.path_is_empty() {
            before.push(b'/');
        }
        before.push(b'?');
        if let Some(query) = parts.query().filter(|query| !query.is_empty()) {
            before.extend_from_slice(&query);
            if query.last() != Some(&b'&') {
                before.push(b'&');
            }
        }
        before.extend_from_slice(&encoded);
        before.push(b'=');
        Ok(Self::around_token(&parts, before, parts.after_query()))
    }

    /// A template with `{token}` once and `{column}` anywhere after the host.
    ///
    /// # Errors
    /// When it is no http or https URL, `{token}` does not stand in it once, or a placeholder stands in the host.
    pub fn from_template(template: &str) -> Result<Self, LinkError> {
        let pieces = parse::split_template(template)?;
        // everything but the placeholders must be a URL; a letter in their places keeps it one
        let filled: String = pieces
            .iter()
            .map(|piece| piece.as_ref().map_or("x", |text| text))
            .collect();
        let parts = Parts::parse(&filled)?;
        match pieces.first() {
            Some(Ok(text)) if parts.ends_host_within(text) || pieces.len() == 1 => {}
            _ => return Err(LinkError::PlaceholderInHost),
        }
        let pieces: Vec<Piece> = pieces
            .into_iter()
            .map(|piece| match piece {
                Ok(text) => Piece::Text(parse::encode_foreign(text)),
                Err("token") => Piece::Token,
                Err(column) => Piece::Cell(column.to_owned()),
            })
            .collect();
        match pieces.iter().filter(|piece| **piece == Piece::Token).count() {
            0 => Err(LinkError::NoToken),
            1 => Ok(Self {
                pieces,
                is_plain_http: parts.is_plain_http(),
            }),
            _ => Err(LinkError::TokenTwice),
        }
    }

    fn around_token(parts: &Parts<'_>, before: Vec<u8>, after: Vec<u8>) -> Self {
        let mut pieces = vec![Piece::Text(before), Piece::Token];
        if !after.is_empty() {
            pieces.push(Piece::Text(after));
        }
        Self {
            pieces,
            is_plain_http: parts.is_plain_http(),
        }
    }

    /// Whether it is `http://`, which anyone on the way can read.
    #[must_use]
    pub fn is_plain_http(&self) -> bool {
        self.is_plain_http
    }

    /// The columns that a template names, in order.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Cell(column) => Some(column.as_str()),
            _ => None,
        })
    }

    /// Appends the link. `token` appends the token's text, `cell` the bytes of the nth column of
    /// [`LinkPattern::columns`], which are then percent-encoded.
    #[inline]
    pub fn write(&self, token: impl Fn(&mut Vec<u8>), mut cell: impl FnMut(usize, &mut Vec<u8>), out: &mut Vec<u8>) {
        let mut cells = 0;
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.extend_from_slice(text),
                Piece::Token => token(out),
                Piece::Cell(_) => {
                    let mut bytes = Vec::new();
                    cell(cells, &mut bytes);
                    parse::percent_encode(&bytes, out);
                    cells += 1;
                }
            }
        }
    }

    /// The link of one token, for a pattern without columns.
    #[must_use]
    pub fn link(&self, token: &[u8]) -> String {
        let mut out = Vec::new();
        self.write(|out| out.extend_from_slice(token), |_, _| {}, &mut out);
        String::from_utf8_lossy(&out).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_becomes_the_last_segment() {
        let table = [
            ("https://a.example", "https://a.example/T"),
            ("https://a.example/", "https://a.example/T"),
            ("https://a.example/p", "https://a.example/p/T"),
            ("https://a.example/p/", "https://a.example/p/T"),
            ("https://a.example/p?x=1&y=2", "https://a.example/p/T?x=1&y=2"),
            ("https://a.example?x=1", "https://a.example/T?x=1"),
            ("https://a.example/p#top", "https://a.example/p/T#top"),
            ("https://a.example/p/?x=/#/y", "https://a.example/p/T?x=/#/y"),
            ("HTTPS://A.example:8443/p", "HTTPS://A.example:8443/p/T"),
            ("http://[::1]:80/p", "http://[::1]:80/p/T"),
            ("https://a.example/köln", "https://a.example/k%C3%B6ln/T"),
        ];
        for (base, link) in table {
            assert_eq!(LinkPattern::from_base(base).expect(base).link(b"T"), link);
        }
    }

    #[test]
    fn the_token_becomes_a_parameter() {
        let table = [
            ("https://a.example", "https://a.example/?t=T"),
            ("https://a.example/p", "https://a.example/p?t=T"),
            ("https://a.example/p?", "https://a.example/p?t=T"),
            ("https://a.example/p?x=1", "https://a.example/p?x=1&t=T"),
            ("https://a.example/p?x=1&#top", "https://a.example/p?x=1&t=T#top"),
        ];
        for (base, link) in table {
            assert_eq!(
                LinkPattern::from_base_and_param(base, "t").expect(base).link(b"T"),
                link
            );
        }
        for base in [
            "https://a.example/?t=1",
            "https://a.example/?x&t",
            "https://a.example/?%74=1",
        ] {
            let error = LinkPattern::from_base_and_param(base, "t").expect_err(base);
            assert!(matches!(error, LinkError::ParamTwice(_)), "{base}");
        }
    }

    #[test]
    fn what_is_no_url_is_refused() {
        let table = [
            ("", LinkError::NoScheme),
            ("mystore.com/p", LinkError::NoScheme),
            ("https:/a.example", LinkError::NoScheme),
            ("ftp://a.example", LinkError::Scheme),
            ("javascript://a.example", LinkError::Scheme),
            ("https://", LinkError::Host),
            ("https:///p", LinkError::Host),
            ("https://?x", LinkError::Host),
            ("https://a_b..example", LinkError::Host),
            ("https://[::1", LinkError::Host),
            ("https://köln.example", LinkError::HostLetters),
            ("https://a.example:p", LinkError::Port),
            ("https://a.example:99999", LinkError::Port),
            ("https://me:pw@a.example", LinkError::UserInfo),
            ("https://a.example/a b", LinkError::Character(20)),
            (" https://a.example", LinkError::Character(1)),
            ("https://a.example/\u{7}", LinkError::Character(19)),
            ("https://a.example/\"", LinkError::Character(19)),
            ("https://a.example/{token}", LinkError::Character(19)),
            ("https://a.example/%zz", LinkError::Percent(19)),
            ("https://a.example/#%4", LinkError::Percent(20)),
        ];
        for (base, error) in table {
            assert_eq!(LinkPattern::from_base(base), Err(error), "{base}");
        }
    }

    #[test]
    fn templates_take_cells_percent_encoded() {
        let pattern = LinkPattern::from_template("https://a.example/{c}/{token}?s={c}&n={name with space}#{d}");
        let pattern = pattern.expect("a template");
        assert_eq!(
            pattern.columns().collect::<Vec<_>>(),
            ["c", "c", "name with space", "d"]
        );
        let mut out = Vec::new();
        let cell = |index: usize, out: &mut Vec<u8>| {
            out.extend_from_slice(["a/b", "é&", "x y", "-._~"][index].as_bytes());
        };
        pattern.write(|out| out.extend_from_slice(b"T"), cell, &mut out);
        let link = String::from_utf8(out).expect("ASCII");
        assert_eq!(link, "https://a.example/a%2Fb/T?s=%C3%A9%26&n=x%20y#-._~");
    }

    #[test]
    fn templates_that_leave_a_doubt_are_refused() {
        let table = [
            ("https://a.example/p", LinkError::NoToken),
            ("https://a.example/{token}/{token}", LinkError::TokenTwice),
            ("https://{token}/", LinkError::PlaceholderInHost),
            ("https://{c}.example/{token}", LinkError::PlaceholderInHost),
            ("https://a.example{token}", LinkError::PlaceholderInHost),
            ("{token}", LinkError::NoScheme),
            ("https://a.example/{token", LinkError::Brace(19)),
            ("https://a.example/token}", LinkError::Brace(24)),
            ("https://a.example/{a{token}}", LinkError::Brace(19)),
            ("https://a.example/{}{token}", LinkError::Brace(19)),
            ("https://a.example/ {token}", LinkError::Character(19)),
        ];
        for (template, error) in table {
            assert_eq!(LinkPattern::from_template(template), Err(error), "{template}");
        }
    }
}
