//! Where a ledger is: a file, or a server by its address.

use std::fmt;
use std::path::Path;

/// What the name of a ledger means. Printed, it tells no password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location<'a> {
    /// A file.
    File(&'a Path),
    /// A server.
    Server(Address<'a>),
}

/// The address of a server, as it was given: neither its `Debug` nor its `Display` tells a password.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Address<'a> {
    text: &'a str,
}

/// What an address is made of, where it can be told apart without doubt.
struct Parts<'a> {
    scheme: &'a str,
    user: Option<&'a str>,
    password: Option<&'a str>,
    /// The host, its port and the data base.
    rest: &'a str,
    query: &'a str,
}

impl<'a> Location<'a> {
    /// A name that begins as a URL does is an address; any other is a file.
    #[must_use]
    pub fn of(name: &'a Path) -> Self {
        match name.to_str() {
            Some(text) if scheme(text).is_some() => Location::Server(Address { text }),
            _ => Location::File(name),
        }
    }

    /// Whether the name tells a password to whoever sees it.
    #[must_use]
    pub fn has_password(&self) -> bool {
        match self {
            Location::File(_) => false,
            Location::Server(address) => match address.parts() {
                Some(parts) => {
                    let mut settings = parts.query.split('&');
                    parts.password.is_some() || settings.any(|pair| pair.split('=').next() == Some("password"))
                }
                // what can't be told apart may have one
                None => true,
            },
        }
    }
}

/// The scheme of a URL; of ours, also where a slash is missing.
fn scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(':')?;
    let starts = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let is_scheme = starts
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let is_ours = ["postgres", "postgresql"]
        .iter()
        .any(|ours| scheme.eq_ignore_ascii_case(ours));
    (is_scheme && (is_ours || rest.starts_with("//"))).then_some(scheme)
}

impl<'a> Address<'a> {
    /// With its password, where it has one.
    #[cfg_attr(not(feature = "postgres"), expect(dead_code, reason = "nobody connects"))]
    pub(super) fn reveal(&self) -> &'a str {
        self.text
    }

    /// Whether it can be told apart without doubt: what is connected to must be what is shown.
    #[cfg_attr(not(feature = "postgres"), expect(dead_code, reason = "nobody connects"))]
    pub(super) fn is_clear(&self) -> bool {
        let known = ["postgres", "postgresql"];
        self.parts().is_some_and(|parts| known.contains(&parts.scheme))
    }

    fn parts(&self) -> Option<Parts<'a>> {
        let (scheme, rest) = self.text.split_once("://")?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let authority = rest.split('/').next().unwrap_or_default();
        // a password with one of these in clear would end elsewhere than it was meant to
        let is_clear = self.text.matches('@').count() == authority.matches('@').count() && !self.text.contains('#');
        let (user, rest) = match rest.split_once('@') {
            Some((user, rest)) => (Some(user), rest),
            None => (None, rest),
        };
        let (user, password) = match user.and_then(|user| user.split_once(':')) {
            Some((user, password)) => (Some(user), Some(password)),
            None => (user, None),
        };
        let host = rest.split('/').next().unwrap_or_default();
        let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
        let has_port = host
            .rsplit_once(':')
            .is_none_or(|(_, port)| is_port(port) || host.ends_with(']'));
        (is_clear && has_port && !rest.contains('@')).then_some(Parts {
            scheme,
            user,
            password,
            rest,
            query,
        })
    }
}

impl fmt::Display for Address<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(parts) = self.parts() else {
            return write!(f, "{}:…", scheme(self.text).unwrap_or_default());
        };
        write!(f, "{}://", parts.scheme)?;
        if let Some(user) = parts.user.filter(|user| !user.is_empty()) {
            write!(f, "{user}@")?;
        }
        f.write_str(parts.rest)
    }
}

impl fmt::Debug for Address<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

impl fmt::Display for Location<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::File(path) => f.write_str(&path.to_string_lossy()),
            Location::Server(address) => address.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_of_an_address_is_printed() {
        let table = [
            (
                "postgres://shop@db.example/links",
                "postgres://shop@db.example/links",
                false,
            ),
            (
                "postgresql://shop:secret@db.example:5433/links",
                "postgresql://shop@db.example:5433/links",
                true,
            ),
            (
                "postgres://shop@db.example/links?sslmode=disable",
                "postgres://shop@db.example/links",
                false,
            ),
            (
                "postgres://db.example/links?user=shop&password=secret",
                "postgres://db.example/links",
                true,
            ),
            ("postgres:///links?host=/run/postgresql", "postgres:///links", false),
            ("postgres://[::1]:5433/links", "postgres://[::1]:5433/links", false),
            ("postgres://:secret@/links", "postgres:///links", true),
            // a password that was not encoded
            ("postgres://shop:se?cret@db.example/links", "postgres:…", true),
            ("postgres://shop:se/cret@db.example/links", "postgres:…", true),
            ("postgres://shop:se@cret@db.example/links", "postgres:…", true),
            ("postgres://shop:se#cret@db.example/links", "postgres:…", true),
            ("postgres://shop:secret", "postgres:…", true),
            // addresses that are none of ours
            ("postgres:/shop:secret@db.example/links", "postgres:…", true),
            ("postgres:shop:secret@db.example/links", "postgres:…", true),
            (
                "POSTGRES://shop:secret@db.example/links",
                "POSTGRES://shop@db.example/links",
                true,
            ),
            (
                "mysql://shop:secret@db.example/links",
                "mysql://shop@db.example/links",
                true,
            ),
        ];
        for (text, shown, has_password) in table {
            let place = Location::of(Path::new(text));
            assert_eq!(place.to_string(), shown, "{text}");
            assert_eq!(place.has_password(), has_password, "{text}");
            assert!(matches!(place, Location::Server(_)), "{text}");
            assert!(!format!("{place:?}").contains("cret"), "{text}");
        }
    }

    #[test]
    fn all_else_is_a_file() {
        for text in [
            "ledger.db",
            "./postgres://a",
            "C:\\ledger.db",
            "/var/lib/ledger.db",
            "",
            "a:b",
            "mail@x:y",
        ] {
            let place = Location::of(Path::new(text));
            assert_eq!(place, Location::File(Path::new(text)));
            assert_eq!(place.to_string(), text);
            assert!(!place.has_password());
        }
    }
}
