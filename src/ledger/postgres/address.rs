//! What a server's address asks for, and what may be done without TLS.

use super::tls::Mode;
use crate::ledger::LedgerError;
use crate::ledger::place::Address;
use crate::ledger::server::ServerError;
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use std::net::IpAddr;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

/// Where a server listens on its own machine, as Debian and libpq have it.
pub(super) const SOCKETS: &str = "/var/run/postgresql";

/// The address in the crate's terms, and how the way to it is to be kept from others.
pub(super) fn config(address: &Address<'_>) -> Result<(Config, Mode), LedgerError> {
    if !address.is_clear() {
        return Err(ServerError::Address.into());
    }
    let (text, mode, roots) = take_tls(address.reveal());
    let mode = Mode::of(mode.as_deref(), roots.as_deref())?;
    // the crate's own error would quote some of it, which may be of a password
    let parsed = text.parse::<Config>();
    let mut config = parsed.map_err(|_| ServerError::Address)?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        match cfg!(unix) {
            true => config.host(SOCKETS),
            false => config.host("localhost"),
        };
    }
    let far = far(&config);
    config.ssl_mode(match (&mode, &far) {
        (Mode::Disable, _) => SslMode::Disable,
        // on its own machine, as the server likes it
        (Mode::Prefer, None) => SslMode::Prefer,
        _ => SslMode::Require,
    });
    Ok((config, mode))
}

/// An address without what it says of TLS, which the crate does not know in full.
fn take_tls(text: &str) -> (String, Option<String>, Option<String>) {
    let Some((before, query)) = text.split_once('?') else {
        return (text.to_owned(), None, None);
    };
    let (mut mode, mut roots) = (None, None);
    let mut rest = Vec::new();
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match decoded(name).as_str() {
            "sslmode" => mode = Some(decoded(value)),
            "sslrootcert" => roots = Some(decoded(value)),
            _ => rest.push(pair),
        }
    }
    let mark = if rest.is_empty() { "" } else { "?" };
    (format!("{before}{mark}{}", rest.join("&")), mode, roots)
}

/// A name or value as it is meant; what is encoded wrongly stays as it is.
fn decoded(text: &str) -> String {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.map_or_else(|_| text.to_owned(), Cow::into_owned)
}

/// The first host that is not this machine.
pub(super) fn far(config: &Config) -> Option<String> {
    let addresses = config.get_hostaddrs();
    if let Some(far) = addresses.iter().find(|address| !address.is_loopback()) {
        return Some(far.to_string());
    }
    let is_far = |host: &&str| *host != "localhost" && !host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
    let names = config.get_hosts().iter().filter_map(|host| match host {
        Host::Tcp(name) => Some(name.as_str()),
        #[cfg(unix)]
        Host::Unix(_) => None,
    });
    // an address goes before the name beside it
    names.filter(|_| addresses.is_empty()).find(is_far).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::place::Location;
    use crate::ledger::postgres::tls::Roots;
    use std::path::Path;

    fn of(text: &str) -> Result<(Config, Mode), LedgerError> {
        let Location::Server(address) = Location::of(Path::new(text)) else {
            panic!("{text} is a file")
        };
        config(&address)
    }

    #[test]
    fn nothing_goes_over_a_network_in_clear_that_was_not_meant_to() {
        for (text, mode) in [
            ("postgres:///links", SslMode::Prefer),
            ("postgres://shop@localhost/links", SslMode::Prefer),
            ("postgresql://shop@127.0.0.1:5433/links", SslMode::Prefer),
            ("postgres://[::1]/links", SslMode::Prefer),
            ("postgres:///links?host=/run/postgresql", SslMode::Prefer),
            ("postgres://shop@%2Frun%2Fpostgresql/links", SslMode::Prefer),
            ("postgres://db.example/links?hostaddr=127.0.0.1", SslMode::Prefer),
            ("postgres://db.example/links?sslmode=disable", SslMode::Disable),
            ("postgres://db.example/links", SslMode::Require),
            ("postgres://db.example/links?sslmode=prefer", SslMode::Require),
            ("postgres://10.0.0.1/links", SslMode::Require),
            ("postgres://localhost,db.example/links", SslMode::Require),
            ("postgres://localhost/links?hostaddr=10.0.0.1", SslMode::Require),
            ("postgres://localhost.example/links", SslMode::Require),
            ("postgres://localhost/links?sslmode=require", SslMode::Require),
            ("postgres://localhost/links?sslm%6fde=require", SslMode::Require),
            (
                "postgres://localhost/links?sslmode=disable&sslmode=require",
                SslMode::Require,
            ),
        ] {
            assert_eq!(of(text).expect(text).0.get_ssl_mode(), mode, "{text}");
        }
    }

    #[test]
    fn modes_and_roots_are_ours_and_others_are_refused() {
        let mode = |query: &str| of(&format!("postgres://db.example/links?{query}")).map(|(_, mode)| mode);
        assert_eq!(mode("connect_timeout=3").expect("known"), Mode::Prefer);
        assert_eq!(
            mode("sslmode=verify-full").expect("known"),
            Mode::VerifyFull(Roots::System)
        );
        let file = Mode::VerifyFull(Roots::File("/etc/ca file.pem".into()));
        assert_eq!(
            mode("sslrootcert=%2Fetc%2Fca%20file.pem&sslmode=verify-full").expect("known"),
            file
        );
        assert_eq!(
            mode("sslmode=verify-full&sslrootcert=system").expect("known"),
            Mode::VerifyFull(Roots::System)
        );
        for query in ["sslmode=verify-ca", "sslmode=allow", "sslmode=", "sslmode=REQUIRE"] {
            let refused = mode(query);
            assert!(
                matches!(refused, Err(LedgerError::Server(ServerError::SslMode))),
                "{query}"
            );
        }
        for query in ["sslrootcert=ca.pem", "sslrootcert=ca.pem&sslmode=require"] {
            let refused = mode(query);
            assert!(
                matches!(refused, Err(LedgerError::Server(ServerError::Roots(_)))),
                "{query}"
            );
        }
    }

    #[test]
    fn what_is_no_address_is_refused_without_quoting_it() {
        for text in [
            "postgres:links",
            "postgres:/localhost/links",
            "mysql://localhost/links",
            "POSTGRES://localhost/links",
            "postgres://localhost:many/links",
            "postgres://shop:se?cret@localhost/links",
            "postgres://localhost/links?cret=1",
        ] {
            let refused = of(text).expect_err(text);
            assert!(
                matches!(refused, LedgerError::Server(ServerError::Address)),
                "{text}: {refused:?}"
            );
            assert!(!format!("{refused:?}").contains("cret"), "{text}");
        }
    }
}
