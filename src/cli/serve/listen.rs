//! Where the service listens.

use crate::cli::exit::{Failure, plain};
use linkmint::excerpt::Excerpt;
use linkmint::service::connection::Listener;
use std::fmt;
use std::net::SocketAddr;
#[cfg(unix)]
use std::path::{Path, PathBuf};
use tokio::net::TcpListener;

/// A place to listen at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    Tcp(SocketAddr),
    #[cfg(unix)]
    Socket(PathBuf),
    /// The first socket that systemd hands over (sd_listen_fds(3)).
    #[cfg(unix)]
    Systemd,
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Endpoint::Tcp(address) => write!(f, "{address}"),
            #[cfg(unix)]
            Endpoint::Socket(path) => write!(f, "unix:{}", crate::cli::exit::shown(path)),
            #[cfg(unix)]
            Endpoint::Systemd => f.write_str("systemd"),
        }
    }
}

impl Endpoint {
    pub(super) fn parse(flag: &str, text: &str) -> Result<Self, Failure> {
        #[cfg(unix)]
        if text == "systemd" {
            return Ok(Endpoint::Systemd);
        }
        #[cfg(unix)]
        if let Some(path) = text.strip_prefix("unix:").filter(|path| !path.is_empty()) {
            return Ok(Endpoint::Socket(path.into()));
        }
        let named = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
        named
            .as_deref()
            .unwrap_or(text)
            .parse()
            .map(Endpoint::Tcp)
            .map_err(|_| {
                Failure::usage(format_args!("{} is no place to listen at", Excerpt(text)))
                    .at(flag)
                    .hint("as 127.0.0.1:8787, [::1]:8787, unix:/run/linkmint.sock or systemd")
            })
    }

    /// Whether nobody else than this machine can reach it. What systemd hands over may be anything.
    pub(super) fn is_own_machine(&self) -> bool {
        match self {
            Endpoint::Tcp(address) => address.ip().to_canonical().is_loopback(),
            #[cfg(unix)]
            Endpoint::Socket(_) => true,
            #[cfg(unix)]
            Endpoint::Systemd => false,
        }
    }

    pub(super) async fn listen(&self) -> Result<Listener, Failure> {
        match self {
            Endpoint::Tcp(address) => {
                let listener = TcpListener::bind(address).await;
                listener.map(Listener::Tcp).map_err(|error| self.failure(error))
            }
            #[cfg(unix)]
            Endpoint::Socket(path) => socket(path)
                .await
                .map(Listener::Unix)
                .map_err(|error| self.failure(error)),
            #[cfg(unix)]
            Endpoint::Systemd => handed_over(),
        }
    }

    fn failure(&self, error: std::io::Error) -> Failure {
        let in_use = error.kind() == std::io::ErrorKind::AddrInUse;
        let hint = in_use.then(|| match self {
            #[cfg(unix)]
            Endpoint::Socket(path) if !is_socket(path) => "it is there, and is no socket: choose another place",
            _ => "another program listens there; end it, or choose another place",
        });
        Failure::undecided(plain(error).context("can't listen here"))
            .at(self)
            .maybe_hint(hint)
    }

    /// Takes a socket's file away.
    pub(super) fn clear_up(&self) {
        #[cfg(unix)]
        if let Endpoint::Socket(path) = self {
            // whoever starts next replaces what is left
            let _ = std::fs::remove_file(path);
        }
    }
}

#[cfg(unix)]
fn is_socket(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.file_type().is_socket())
}

/// A socket for its owner and group. One that is left over is replaced, one where somebody answers is not.
#[cfg(unix)]
async fn socket(path: &Path) -> std::io::Result<tokio::net::UnixListener> {
    use std::os::unix::fs::PermissionsExt;
    if is_socket(path) && tokio::net::UnixStream::connect(path).await.is_err() {
        std::fs::remove_file(path)?;
    }
    let listener = tokio::net::UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o660))?;
    Ok(listener)
}

#[cfg(unix)]
fn handed_over() -> Result<Listener, Failure> {
    let none = || {
        Failure::undecided(anyhow::anyhow!("systemd has handed no socket over"))
            .at("--listen systemd")
            .hint("start it by a .socket unit: samples/service has one")
    };
    let failure = |error| Failure::undecided(plain(error)).at("--listen systemd");
    let mut sockets = listenfd::ListenFd::from_env();
    // whoever connects to another one would wait for ever
    if sockets.len() > 1 {
        let message = format!(
            "systemd has handed {} sockets over, and one is listened at",
            sockets.len()
        );
        return Err(Failure::undecided(anyhow::anyhow!(message))
            .at("--listen systemd")
            .hint("give the .socket unit one ListenStream"));
    }
    if let Ok(Some(listener)) = sockets.take_tcp_listener(0) {
        listener.set_nonblocking(true).map_err(failure)?;
        return TcpListener::from_std(listener).map(Listener::Tcp).map_err(failure);
    }
    let listener = sockets.take_unix_listener(0).map_err(|_| none())?.ok_or_else(none)?;
    listener.set_nonblocking(true).map_err(failure)?;
    tokio::net::UnixListener::from_std(listener)
        .map(Listener::Unix)
        .map_err(failure)
}
