//! What a server's address asks for, and whether it may be done without TLS.

use super::super::LedgerError;
use super::super::place::Address;
use super::super::server::ServerError;
use ::postgres::Config;
use ::postgres::config::{Host, SslMode};
use std::net::IpAddr;

/// Where a server listens on its own machine, as Debian and libpq have it.
pub(super) const SOCKETS: &str = "/var/run/postgresql";

/// The address in the crate's terms.
pub(super) fn config(address: &Address<'_>) -> Result<Config, LedgerError> {
    if !address.is_clear() {
        return Err(ServerError::Address.into());
    }
    let is_tls = |mode: &&str| mode.starts_with("verify") || *mode == "require";
    if let Some(mode) = address.setting("sslmode").filter(is_tls) {
        return Err(ServerError::NoTls(mode.to_owned()).into());
    }
    // the crate's own error would quote some of it, which may be of a password
    let parsed = address.reveal().parse::<Config>();
    let mut config = parsed.map_err(|_| ServerError::Address)?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        match cfg!(unix) {
            true => config.host(SOCKETS),
            false => config.host("localhost"),
        };
    }
    refuse_to_be_overheard(&config)?;
    Ok(config)
}

fn refuse_to_be_overheard(config: &Config) -> Result<(), ServerError> {
    match config.get_ssl_mode() {
        SslMode::Disable => return Ok(()),
        SslMode::Prefer => {}
        // as far as the crate knows others
        _ => return Err(ServerError::NoTls("require".to_owned())),
    }
    let addresses = config.get_hostaddrs();
    if let Some(far) = addresses.iter().find(|address| !address.is_loopback()) {
        return Err(ServerError::Plain(far.to_string()));
    }
    let is_far = |host: &&str| *host != "localhost" && !host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
    let names = config.get_hosts().iter().filter_map(|host| match host {
        Host::Tcp(name) => Some(name.as_str()),
        #[cfg(unix)]
        Host::Unix(_) => None,
    });
    // an address goes before the name beside it
    match names.filter(|_| addresses.is_empty()).find(is_far) {
        Some(far) => Err(ServerError::Plain(far.to_owned())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::place::Location;
    use super::*;
    use std::path::Path;

    fn of(text: &str) -> Result<Config, LedgerError> {
        let Location::Server(address) = Location::of(Path::new(text)) else {
            panic!("{text} is a file")
        };
        config(&address)
    }

    #[test]
    fn nothing_goes_over_a_network_in_clear_that_was_not_meant_to() {
        for near in [
            "postgres:///links",
            "postgres://shop@localhost/links",
            "postgresql://shop@127.0.0.1:5433/links",
            "postgres://[::1]/links",
            "postgres:///links?host=/run/postgresql",
            "postgres://shop@%2Frun%2Fpostgresql/links",
            "postgres://db.example/links?hostaddr=127.0.0.1",
            "postgres://db.example/links?sslmode=disable",
        ] {
            assert!(of(near).is_ok(), "{near}");
        }
        for far in [
            "postgres://db.example/links",
            "postgres://db.example/links?sslmode=prefer",
            "postgres://10.0.0.1/links",
            "postgres://localhost,db.example/links",
            "postgres://localhost/links?hostaddr=10.0.0.1",
            "postgres://localhost.example/links",
        ] {
            let refused = of(far);
            assert!(
                matches!(refused, Err(LedgerError::Server(ServerError::Plain(_)))),
                "{far}: {refused:?}"
            );
        }
        for tls in ["require", "verify-ca", "verify-full"] {
            for host in ["localhost", "db.example"] {
                let refused = of(&format!("postgres://{host}/links?sslmode={tls}"));
                let named = |mode: &str| mode == tls;
                assert!(
                    matches!(&refused, Err(LedgerError::Server(ServerError::NoTls(mode))) if named(mode)),
                    "{refused:?}"
                );
            }
        }
        let encoded = of("postgres://localhost/links?sslm%6fde=require");
        assert!(
            matches!(encoded, Err(LedgerError::Server(ServerError::NoTls(_)))),
            "{encoded:?}"
        );
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
