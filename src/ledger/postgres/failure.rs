//! The server's errors, and those of the way to it, in our words.

use crate::ledger::LedgerError;
use crate::ledger::server::ServerError;
use std::io;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

/// What went wrong in one line. The server's own details may quote rows, and are left out.
fn said(error: &Error) -> Box<dyn std::error::Error + Send + Sync> {
    let text = match (error.as_db_error(), cause(error)) {
        (Some(said), _) => said.message().to_owned(),
        (None, Some(cause)) => cause,
        (None, None) => error.to_string(),
    };
    let line = text.lines().next().unwrap_or_default();
    let line = line.split(" (os error").next().unwrap_or_default();
    let line: String = line.chars().filter(|letter| !letter.is_control()).collect();
    line.into()
}

/// What lies beneath an error.
fn cause(error: &Error) -> Option<String> {
    let mut cause = std::error::Error::source(error)?;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let text = cause.to_string();
    // the system's sentences begin with a capital
    let mut letters = text.chars();
    let first = letters.next()?.to_ascii_lowercase();
    Some(format!("{first}{}", letters.as_str()))
}

/// Why there is no connection.
pub(super) fn unconnected(error: &Error, far: Option<&str>) -> LedgerError {
    if error.code().is_some() {
        return known(error);
    }
    if let Some(tls) = tls_failure(error, far) {
        return tls.into();
    }
    let is_io = std::error::Error::source(error).is_some_and(|source| source.is::<io::Error>());
    let said = said(error);
    match is_io || error.is_closed() {
        true => ServerError::Unreachable(said).into(),
        // a password is wanted, or one that the server can't prove to know
        false => ServerError::Login(said).into(),
    }
}

/// What is wrong with the certificate or with TLS itself, where something is.
fn tls_failure(error: &Error, far: Option<&str>) -> Option<ServerError> {
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let io = inner.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let found = io.map_or_else(|| inner.downcast_ref(), |error| error.downcast_ref::<rustls::Error>());
        if let Some(rustls::Error::InvalidCertificate(_)) = found {
            return Some(ServerError::Certificate(said(error)));
        }
        cause = inner.source();
    }
    // the crate has no other way to say so
    let without =
        std::error::Error::source(error).is_some_and(|cause| cause.to_string() == "server does not support TLS");
    without.then(|| match far {
        Some(host) => ServerError::Plain(host.to_owned()),
        None => ServerError::NoTls,
    })
}

fn known(error: &Error) -> LedgerError {
    let said = said(error);
    let Some(code) = error.code() else {
        return LedgerError::Store(said);
    };
    let server = match *code {
        SqlState::LOCK_NOT_AVAILABLE => return LedgerError::Busy,
        SqlState::READ_ONLY_SQL_TRANSACTION => return LedgerError::ReadOnly,
        SqlState::DISK_FULL => return LedgerError::Full,
        SqlState::DATA_CORRUPTED | SqlState::INDEX_CORRUPTED => return LedgerError::Damaged,
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => ServerError::Contended(said),
        SqlState::QUERY_CANCELED => ServerError::Slow(said),
        SqlState::INSUFFICIENT_PRIVILEGE => ServerError::Denied(said),
        SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => ServerError::Login(said),
        SqlState::INVALID_CATALOG_NAME => ServerError::NoDatabase(said),
        SqlState::CANNOT_CONNECT_NOW | SqlState::TOO_MANY_CONNECTIONS => ServerError::Unreachable(said),
        SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN => ServerError::Lost(said),
        _ => return LedgerError::Store(said),
    };
    server.into()
}

impl From<Error> for LedgerError {
    fn from(error: Error) -> Self {
        let is_io = std::error::Error::source(&error).is_some_and(|source| source.is::<io::Error>());
        if error.code().is_none() && (error.is_closed() || is_io) {
            return ServerError::Lost(said(&error)).into();
        }
        // a column holds something else than it was made for
        if error.to_string().starts_with("error deserializing column") {
            return LedgerError::Damaged;
        }
        known(&error)
    }
}
