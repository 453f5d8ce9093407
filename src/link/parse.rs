//! A URL's parts (RFC 3986, section 3), checked character by character.

use super::LinkError;
use percent_encoding::{AsciiSet, PercentEncode, percent_decode_str, utf8_percent_encode};

/// A checked http or https URL, cut into its parts.
pub(super) struct Parts<'a> {
    pub(super) is_plain_http: bool,
    /// Scheme, `://` and authority.
    front: &'a str,
    pub(super) path: &'a str,
    query: Option<&'a str>,
    fragment: Option<&'a str>,
}

impl<'a> Parts<'a> {
    pub(super) fn parse(url: &'a str) -> Result<Self, LinkError> {
        check_characters(url)?;
        let (scheme, rest) = url.split_once("://").ok_or(LinkError::NoScheme)?;
        let is_plain_http = scheme.eq_ignore_ascii_case("http");
        if !is_plain_http && !scheme.eq_ignore_ascii_case("https") {
            return Err(LinkError::Scheme);
        }
        let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let authority = &rest[..host_end];
        check_authority(authority)?;
        let front = &url[..scheme.len() + "://".len() + authority.len()];
        let (rest, fragment) = split(&rest[host_end..], '#');
        let (path, query) = split(rest, '?');
        Ok(Self {
            is_plain_http,
            front,
            path,
            query,
            fragment,
        })
    }

    pub(super) fn host(&self) -> String {
        let authority = self
            .front
            .split_once("://")
            .map_or(self.front, |(_, authority)| authority);
        host(authority, Some(if self.is_plain_http { 80 } else { 443 }))
    }

    /// Whether the whole authority, and the character that ends it, stand in `text`.
    pub(super) fn ends_host_within(&self, text: &str) -> bool {
        text.len() > self.front.len()
    }

    pub(super) fn up_to_path(&self) -> String {
        format!("{}{}", self.front, encode_foreign(self.path))
    }

    pub(super) fn query(&self) -> Option<String> {
        self.query.map(|query| encode_foreign(query).to_string())
    }

    pub(super) fn after_path(&self) -> String {
        let query = self.query().map(|query| format!("?{query}"));
        query.unwrap_or_default() + &self.after_query()
    }

    pub(super) fn after_query(&self) -> String {
        let fragment = self.fragment.map(|fragment| format!("#{}", encode_foreign(fragment)));
        fragment.unwrap_or_default()
    }

    pub(super) fn has_param(&self, name: &str) -> bool {
        let params = self.query.unwrap_or_default().split('&');
        params
            .map(|param| param.split_once('=').map_or(param, |(name, _)| name))
            .any(|other| percent_decode_str(other).eq(name.bytes()))
    }
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

/// Unreserved, reserved and percent-encoded characters (sections 2.1 to 2.3), and those outside ASCII.
fn check_characters(url: &str) -> Result<(), LinkError> {
    for (index, character) in url.chars().enumerate() {
        let can_stand = match character {
            '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' => false,
            character if character.is_ascii() => character.is_ascii_graphic(),
            character => !character.is_control() && !character.is_whitespace(),
        };
        if !can_stand {
            return Err(LinkError::Character(index + 1));
        }
    }
    for (index, _) in url.match_indices('%') {
        let digits = url.as_bytes().get(index + 1..index + 3).unwrap_or_default();
        if digits.len() < 2 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(LinkError::Percent(url[..index].chars().count() + 1));
        }
    }
    Ok(())
}

/// The host in lower case without the dot at its end, which leads to the same place, and its port unless that is the
/// usual one.
pub(super) fn host(authority: &str, usual_port: Option<u16>) -> String {
    let (name, port) = match authority.rsplit_once(':') {
        // within the brackets of an IPv6 address it ends no name
        Some((name, port)) if !port.ends_with(']') => (name, port.parse().ok()),
        _ => (authority, None),
    };
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    match port.filter(|port| Some(*port) != usual_port) {
        Some(port) => format!("{name}:{port}"),
        None => name,
    }
}

/// The address without a user name before its host (section 3.2.1). Where a browser would see another end of the host, it
/// is left as it is.
pub(super) fn without_user(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return address.to_owned();
    };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rfind('@').map_or(0, |at| at + 1);
    format!("{scheme}://{}", &rest[host..])
}

/// Host and port (section 3.2); a user name would be sent to everyone who gets the link.
pub(super) fn check_authority(authority: &str) -> Result<(), LinkError> {
    if authority.contains('@') {
        return Err(LinkError::UserInfo);
    }
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (address, after) = rest.split_once(']').ok_or(LinkError::Host)?;
            if address.parse::<std::net::Ipv6Addr>().is_err() {
                return Err(LinkError::Host);
            }
            match after.strip_prefix(':') {
                Some(port) => (None, Some(port)),
                None if after.is_empty() => (None, None),
                None => return Err(LinkError::Host),
            }
        }
        None => {
            let (host, port) = split(authority, ':');
            (Some(host), port)
        }
    };
    if let Some(port) = port
        && (port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit()) || port.parse::<u16>().is_err())
    {
        return Err(LinkError::Port);
    }
    host.map_or(Ok(()), check_host)
}

fn check_host(host: &str) -> Result<(), LinkError> {
    if !host.is_ascii() {
        return Err(LinkError::HostLetters);
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    let label = |label: &str| {
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        !label.is_empty() && label.len() <= 63 && label.bytes().all(letter)
    };
    match name.len() <= 253 && name.split('.').all(label) {
        true => Ok(()),
        false => Err(LinkError::Host),
    }
}

/// The text with its characters outside ASCII percent-encoded.
pub(super) fn encode_foreign(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, &AsciiSet::EMPTY)
}

/// How many segments of a URL's path are `.` or `..`, which may be percent-encoded (URL Standard, section 4.1).
pub(super) fn dot_segments(url: &[u8]) -> usize {
    let start = memchr::memmem::find(url, b"://").map_or(0, |scheme| scheme + 3);
    let path = url[start..].split(|byte| matches!(byte, b'?' | b'#')).next();
    let is_dots = |segment: &&[u8]| {
        segment.len() <= 6 && !segment.is_empty() && {
            let plain = segment.to_ascii_lowercase();
            let plain = String::from_utf8_lossy(&plain).replace("%2e", ".");
            plain == "." || plain == ".."
        }
    };
    let segments = path.unwrap_or_default().split(|byte| *byte == b'/').skip(1);
    segments.filter(is_dots).count()
}

/// Texts (`Ok`) and names of placeholders (`Err`), in turn.
pub(super) fn split_template(template: &str) -> Result<Vec<Result<&str, &str>>, LinkError> {
    let brace = |place: usize| LinkError::Brace(template[..place].chars().count() + 1);
    let (mut pieces, mut place) = (Vec::new(), 0);
    while let Some(open) = template[place..].find(['{', '}']) {
        let open = place + open;
        if template.as_bytes()[open] == b'}' {
            return Err(brace(open));
        }
        let length = template[open + 1..].find(['{', '}']).ok_or_else(|| brace(open))?;
        let close = open + 1 + length;
        if template.as_bytes()[close] == b'{' || length == 0 {
            return Err(brace(open));
        }
        if open > place {
            pieces.push(Ok(&template[place..open]));
        }
        pieces.push(Err(&template[open + 1..close]));
        place = close + 1;
    }
    if place < template.len() {
        pieces.push(Ok(&template[place..]));
    }
    Ok(pieces)
}
