//! A link's pattern: base URL, query parameter or template, parsed once and then written per row without parsing.
//!
//! URLs are kept as their user wrote them (RFC 3986). Only what no URL may hold is changed: characters outside
//! ASCII are percent-encoded as UTF-8 (RFC 3987, section 3.1).

mod parse;

use crate::excerpt::Excerpt;
use parse::Parts;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

/// A link with a place for the token, and perhaps for cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkPattern {
    pieces: Vec<Piece>,
    is_plain_http: bool,
    host: String,
    /// How many segments of the path are dots whatever the cells are; `None` where no cell stands in the path.
    dot_segments: Option<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Token,
    /// A cell of this column.
    Cell {
        column: String,
        in_path: bool,
    },
}

/// Why a cell can't stand in the path of a link: the link would lead elsewhere (RFC 3986, section 5.2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// Nothing is in it, so that the path has a segment less.
    #[error("it is empty and stands in the path of the link")]
    Empty,
    /// It makes a segment `.` or `..`, which browsers take out, the one before it too.
    #[error("it makes a segment of the link's path . or .., which browsers take for a step within it")]
    Dots,
}

/// A cell that can't stand in the path of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error}")]
pub struct CellError {
    /// Which of [`LinkPattern::columns`], from 0.
    pub cell: usize,
    /// What is wrong with it.
    pub error: PathError,
}

/// Why a token's claims make no link of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FillError {
    /// No claim has the name of a placeholder.
    #[error("there is no claim {}", Excerpt(.0))]
    NoClaim(String),
    /// The claim of that name can't stand in the path.
    #[error("{1}")]
    Path(String, PathError),
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
    #[error("its port is not a number up to 65535")]
    Port,
    /// A user name or password before the host.
    #[error("it has a user name before its host")]
    UserInfo,
    /// White space, a control character, or one that no URL holds.
    #[error("character {0} can't stand in a URL")]
    Character(usize),
    /// `{token}`, which only a template has.
    #[error("{{token}} stands in it, as in a template")]
    Template,
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
            LinkError::Template => {
                "leave it out: the token comes behind a base URL by itself. Where it belongs elsewhere, give a url with {token}"
            }
            LinkError::Percent(_) => "a percent sign itself is written %25",
            LinkError::ParamTwice(_) => "take it out of the address, or name another parameter",
            LinkError::ParamName => "name it, as token",
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
        let parts = base_parts(base)?;
        let mut before = parts.up_to_path();
        if !before.ends_with('/') {
            before.push('/');
        }
        Ok(Self::around_token(&parts, before, parts.after_path()))
    }

    /// The token as the query parameter `name`.
    ///
    /// # Errors
    /// When `base` is no http or https URL, has that parameter already, or the name is empty.
    pub fn from_base_and_param(base: &str, name: &str) -> Result<Self, LinkError> {
        let parts = base_parts(base)?;
        if name.is_empty() {
            return Err(LinkError::ParamName);
        }
        if parts.has_param(name) {
            return Err(LinkError::ParamTwice(crate::excerpt::Excerpt(name).to_string()));
        }
        let mut before = parts.up_to_path();
        if parts.path.is_empty() {
            before.push('/');
        }
        before.push('?');
        if let Some(query) = parts.query().filter(|query| !query.is_empty()) {
            before += &query;
            if !query.ends_with('&') {
                before.push('&');
            }
        }
        before.extend(percent_encode(name.as_bytes(), RESERVED));
        before.push('=');
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
        let mut in_path = true;
        let pieces: Vec<Piece> = pieces
            .into_iter()
            .map(|piece| match piece {
                Ok(text) => {
                    in_path &= !text.contains(['?', '#']);
                    Piece::Text(parse::encode_foreign(text).to_string())
                }
                Err("token") => Piece::Token,
                Err(column) => Piece::Cell {
                    column: column.to_owned(),
                    in_path,
                },
            })
            .collect();
        let has_path_cell = pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Cell { in_path: true, .. }));
        match pieces.iter().filter(|piece| **piece == Piece::Token).count() {
            0 => Err(LinkError::NoToken),
            1 => Ok(Self {
                pieces,
                is_plain_http: parts.is_plain_http,
                host: parts.host(),
                dot_segments: has_path_cell.then(|| parse::dot_segments(filled.as_bytes())),
            }),
            _ => Err(LinkError::TokenTwice),
        }
    }

    /// An address as somebody sent it, for another token in the place of the one that stood between these. A user name
    /// that it may have before its host tells nothing of where it leads, and is left out.
    pub(crate) fn from_address(before: &str, after: &str) -> Result<Self, LinkError> {
        Self::from_template(&format!("{}{{token}}{after}", parse::without_user(before)))
    }

    fn around_token(parts: &Parts<'_>, before: String, after: String) -> Self {
        let mut pieces = vec![Piece::Text(before), Piece::Token];
        if !after.is_empty() {
            pieces.push(Piece::Text(after));
        }
        Self {
            pieces,
            is_plain_http: parts.is_plain_http,
            host: parts.host(),
            dot_segments: None,
        }
    }

    /// Whether it is `http://`, which anyone on the way can read.
    #[must_use]
    pub fn is_plain_http(&self) -> bool {
        self.is_plain_http
    }

    /// Where the link leads: the host in lower case, with its port unless that is the scheme's own.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether it leads to one of these hosts, as [`named_host`] gives them; without a port, that of the scheme is meant.
    #[must_use]
    pub fn leads_to(&self, hosts: &[String]) -> bool {
        let port = if self.is_plain_http { ":80" } else { ":443" };
        hosts
            .iter()
            .any(|host| host.strip_suffix(port).unwrap_or(host) == self.host)
    }

    /// What stands before and behind the token, where no column stands anywhere.
    #[must_use]
    pub fn around(&self) -> Option<(&str, &str)> {
        match &*self.pieces {
            [Piece::Text(before), Piece::Token] => Some((before, "")),
            [Piece::Text(before), Piece::Token, Piece::Text(behind)] => Some((before, behind)),
            _ => None,
        }
    }

    /// The columns that a template names, in order.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Cell { column, .. } => Some(column.as_str()),
            _ => None,
        })
    }

    /// Appends the link. `token` appends the token's text, `cell` the bytes of the nth column of
    /// [`LinkPattern::columns`], which are then percent-encoded.
    ///
    /// # Errors
    /// When a cell in the path is empty or makes a segment of dots; the link is written all the same.
    #[inline]
    pub fn write(
        &self,
        token: impl Fn(&mut Vec<u8>),
        mut cell: impl FnMut(usize, &mut Vec<u8>),
        out: &mut Vec<u8>,
    ) -> Result<(), CellError> {
        let (start, mut cells, mut fault) = (out.len(), 0, None);
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.extend_from_slice(text.as_bytes()),
                Piece::Token => token(out),
                Piece::Cell { in_path, .. } => {
                    let mut bytes = Vec::new();
                    cell(cells, &mut bytes);
                    if *in_path && let Some(error) = path_error(&bytes) {
                        fault = fault.or(Some(CellError { cell: cells, error }));
                    }
                    percent_encode(&bytes, RESERVED).for_each(|part| out.extend_from_slice(part.as_bytes()));
                    cells += 1;
                }
            }
        }
        match (fault, self.dot_segments) {
            (Some(fault), _) => Err(fault),
            (None, Some(dots)) if parse::dot_segments(&out[start..]) > dots => Err(self.joined_dots()),
            _ => Ok(()),
        }
    }

    /// Several cells, or a cell and the text beside it, make a segment of dots: told at the first that may have.
    #[cold]
    fn joined_dots(&self) -> CellError {
        let mut cells = self.pieces.iter().filter(|piece| matches!(piece, Piece::Cell { .. }));
        CellError {
            cell: cells
                .position(|piece| matches!(piece, Piece::Cell { in_path: true, .. }))
                .unwrap_or(0),
            error: PathError::Dots,
        }
    }

    /// The link of one token; `value` gives what stands in the place of a column's name.
    ///
    /// # Errors
    /// When there is no such value, or it can't stand in the path.
    pub fn filled<'v>(&self, token: &str, value: impl Fn(&str) -> Option<&'v str>) -> Result<String, FillError> {
        let cell = |name: &str| value(name).ok_or_else(|| FillError::NoClaim(name.to_owned()));
        let cells: Vec<&str> = self.columns().map(cell).collect::<Result<_, _>>()?;
        let mut out = Vec::new();
        let push_token = |out: &mut Vec<u8>| out.extend_from_slice(token.as_bytes());
        let push_cell = |index: usize, out: &mut Vec<u8>| out.extend_from_slice(cells[index].as_bytes());
        self.write(push_token, push_cell, &mut out)
            .map_err(|CellError { cell, error }| {
                let name = self.columns().nth(cell).unwrap_or_default();
                FillError::Path(name.to_owned(), error)
            })?;
        Ok(String::from_utf8_lossy(&out).into_owned())
    }

    /// The link of one token, for a pattern without columns.
    #[must_use]
    pub fn link(&self, token: &[u8]) -> String {
        let mut out = Vec::new();
        // without columns there is no cell that could be wrong
        let _ = self.write(|out| out.extend_from_slice(token), |_, _| {}, &mut out);
        String::from_utf8_lossy(&out).into_owned()
    }
}

/// A host that somebody names, perhaps with a port, for [`LinkPattern::leads_to`]; none where it is more or less.
#[must_use]
pub fn named_host(text: &str) -> Option<String> {
    parse::check_authority(text).ok()?;
    Some(parse::host(text, None))
}

/// All but the unreserved characters (RFC 3986, section 2.3).
pub(crate) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A base URL, which may look like a template.
fn base_parts(base: &str) -> Result<Parts<'_>, LinkError> {
    match base.contains("{token}") {
        true => Err(LinkError::Template),
        false => Parts::parse(base),
    }
}

fn path_error(cell: &[u8]) -> Option<PathError> {
    match cell {
        b"" => Some(PathError::Empty),
        b"." | b".." => Some(PathError::Dots),
        _ => None,
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
    fn what_stands_around_a_token_is_known_where_no_column_stands() {
        let template = |text: &str| LinkPattern::from_template(text).expect("a template");
        let base = LinkPattern::from_base("https://a.example/p?x=1").expect("a URL");
        assert_eq!(base.around(), Some(("https://a.example/p/", "?x=1")));
        assert_eq!(
            template("https://a.example/{token}").around(),
            Some(("https://a.example/", ""))
        );
        assert_eq!(
            template("https://a.example/ü/{token}/x").around(),
            Some(("https://a.example/%C3%BC/", "/x"))
        );
        assert_eq!(template("https://a.example/{token}?c={c}").around(), None);
        assert_eq!(template("https://a.example/{c}/{token}").around(), None);
    }

    #[test]
    fn what_is_no_url_is_refused() {
        let table = [
            ("https://a.example/{token}", LinkError::Template),
            ("https://a.example/?t={token}&x", LinkError::Template),
            ("https://a.example/{city}", LinkError::Character(19)),
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
        let written = pattern.write(|out| out.extend_from_slice(b"T"), cell, &mut out);
        assert_eq!(written, Ok(()));
        let link = String::from_utf8(out).expect("ASCII");
        assert_eq!(link, "https://a.example/a%2Fb/T?s=%C3%A9%26&n=x%20y#-._~");
    }

    #[test]
    fn cells_that_would_move_the_path_are_told() {
        type Case = (&'static str, [&'static str; 2], Option<(usize, PathError)>);
        let (empty, dots) = (PathError::Empty, PathError::Dots);
        let table: [Case; 12] = [
            ("{c}/{token}?{d}", ["x", "."], None),
            ("{c}/{token}?{d}", ["...", ""], None),
            ("{c}/{token}#{d}", [".x", ".."], None),
            ("{c}/{token}?{d}", ["", ""], Some((0, empty))),
            ("{c}/{d}/{token}", ["x", "."], Some((1, dots))),
            ("{c}/{d}/{token}", ["..", "x"], Some((0, dots))),
            ("?{c}/{d}/{token}", ["..", ""], None),
            ("v{c}/{d}{token}", ["", "x"], Some((0, empty))),
            ("%2e{c}/{d}/{token}", ["%", "%2e"], None),
            (".{c}/{d}/{token}", ["x", "x"], None),
            ("../{c}/{d}/{token}", ["x", "x"], None),
            ("{token}/{c}{d}", ["x", ".."], Some((1, dots))),
        ];
        let written = |template: &str, cells: [&str; 2]| {
            let pattern = LinkPattern::from_template(&format!("https://a.example/{template}")).expect(template);
            let cell = |index: usize, out: &mut Vec<u8>| out.extend_from_slice(cells[index].as_bytes());
            pattern.write(|out| out.push(b'T'), cell, &mut b"before/../".to_vec())
        };
        for (template, cells, expected) in table {
            let found = written(template, cells).err().map(|error| (error.cell, error.error));
            assert_eq!(found, expected, "{template} {cells:?}");
        }
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
