//! Why a ledger on a server can't be used, and what to do about it.

use std::error::Error;

type Cause = Box<dyn Error + Send + Sync>;

/// Why a ledger on a server can't be used. None of its messages has a password in it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// No address, or one that can't be told apart.
    #[error("the address of the server can't be understood")]
    Address,
    /// This build knows none.
    #[error("this build of linkmint keeps no ledgers on servers")]
    NotBuilt,
    /// TLS was asked for, and the server has none.
    #[error("the server does not speak TLS, and the address asks for it")]
    NoTls,
    /// A way of keeping the connection from others that is not known.
    #[error("sslmode is none of disable, prefer, require and verify-full")]
    SslMode,
    /// Whom to trust can't be told.
    #[error("the certificates to trust can't be used")]
    Roots(#[source] Cause),
    /// The other side is not the server that was meant, or can't prove it.
    #[error("the server's certificate is not trusted")]
    Certificate(#[source] Cause),
    /// Whoever is on the way could read along.
    #[error("the connection to {0} would not be encrypted")]
    Plain(String),
    /// Nobody answers.
    #[error("the server can't be reached")]
    Unreachable(#[source] Cause),
    /// The user, the password or where it comes from.
    #[error("the server refuses the login")]
    Login(#[source] Cause),
    /// The server has no such data base.
    #[error("the server has no such data base")]
    NoDatabase(#[source] Cause),
    /// The data base can't hold any text.
    #[error("the data base has the encoding {0}, and a ledger needs UTF8")]
    Encoding(String),
    /// The tables are those of a role that this one is no member of.
    #[error("the ledger belongs to the role {0}, which the own role is no member of")]
    Owner(String),
    /// The role has too few rights.
    #[error("the role may not use the ledger")]
    Denied(#[source] Cause),
    /// In the midst of something.
    #[error("the connection to the server was lost")]
    Lost(#[source] Cause),
    /// A statement took too long.
    #[error("the server takes too long")]
    Slow(#[source] Cause),
    /// Others wrote the same at the same time, again and again.
    #[error("others write to the ledger at the same time")]
    Contended(#[source] Cause),
}

impl ServerError {
    pub(super) fn hint(&self) -> &'static str {
        match self {
            ServerError::Address => {
                "write postgres://USER@HOST/DATABASE; a part's own @ : / ? # are percent-encoded, as %40 for @"
            }
            ServerError::NotBuilt => "build it with the feature postgres, or name a file",
            ServerError::NoTls => "switch TLS on in the server; sslmode=disable says that the way to it is safe",
            ServerError::Plain(_) => {
                "switch TLS on in the server, reach it by a socket, an SSH tunnel or a VPN, or add ?sslmode=disable where the way \
                 to it is safe"
            }
            ServerError::SslMode => "verify-full checks the server's certificate, require does not",
            ServerError::Roots(_) => {
                "sslrootcert=FILE names certificates in PEM; without it, those of the system are trusted"
            }
            ServerError::Certificate(_) => {
                "name the host as its certificate does, and its authority with sslrootcert=FILE"
            }
            ServerError::Unreachable(_) => "check the host and the port, and whether the server runs",
            ServerError::Login(_) => "check the user; PGPASSWORD or ~/.pgpass gives the password",
            ServerError::NoDatabase(_) => "check the name, or make it: `createdb NAME`",
            ServerError::Encoding(_) => "make another one: `createdb --encoding UTF8 --template template0 NAME`",
            ServerError::Owner(_) => {
                "GRANT that role to the own one where it is trusted: its tables could run anything"
            }
            ServerError::Denied(_) => {
                "GRANT the role CREATE on the data base to make a ledger; on the schema linkmint USAGE, and on its tables \
                 SELECT to read, INSERT, UPDATE and DELETE to count"
            }
            ServerError::Lost(_) => {
                "run it again when the server is back; a check without an answer may be counted or not"
            }
            ServerError::Slow(_) | ServerError::Contended(_) => "run it again when the server has less to do",
        }
    }
}
