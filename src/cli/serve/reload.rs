//! Keys that are changed while the service runs: read again on SIGHUP, and when a file has changed.

use super::redirect;
use crate::cli::api_key;
use crate::cli::args::RedirectArgs;
use crate::cli::exit::Failure;
use crate::cli::ring::Source;
use linkmint::service::Service;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// How often the files are looked at: SIGHUP is not everywhere.
const EVERY: Duration = Duration::from_secs(5);

/// The files that keys come from.
pub(super) struct Watched {
    keyring: Source,
    api_keys: Option<PathBuf>,
    redirects: RedirectArgs,
    seen: Vec<Stamp>,
}

/// What changes when a file does.
type Stamp = Option<(SystemTime, u64)>;

impl Watched {
    pub(super) fn new(keyring: Source, api_keys: Option<PathBuf>, redirects: RedirectArgs) -> Self {
        let mut watched = Self {
            keyring,
            api_keys,
            redirects,
            seen: Vec::new(),
        };
        watched.seen = watched.stamps();
        watched
    }

    fn stamps(&self) -> Vec<Stamp> {
        let redirects = self.redirects.redirect_file.as_deref();
        let files = [self.keyring.file().ok(), self.api_keys.as_deref(), redirects];
        files.into_iter().flatten().map(stamp).collect()
    }

    /// Reads the files again whenever it is time to, for ever.
    pub(super) async fn follow(mut self, service: Arc<Service>) {
        let mut hangups = hangups();
        loop {
            let asked = tokio::select! {
                () = tokio::time::sleep(EVERY) => false,
                () = hangups.next() => true,
            };
            let stamps = self.stamps();
            if asked || stamps != self.seen {
                self.seen = stamps;
                self.reload(&service);
            }
        }
    }

    /// A bad file is told, and the service decides on with what it has.
    fn reload(&self, service: &Service) {
        let read = || -> Result<_, Failure> {
            let keyring = self.keyring.load(false)?;
            let api_keys = self.api_keys.as_deref().map(api_key::load).transpose()?;
            Ok((keyring, api_keys, redirect::redirects(&self.redirects)?))
        };
        match read() {
            Ok((keyring, api_keys, redirects)) => {
                service.reload(keyring, api_keys);
                if let Some(redirects) = redirects {
                    service.redirect(redirects);
                }
            }
            Err(failure) => {
                let _ = failure.after("so it decides on with what it had").tell();
                service.set_stale();
            }
        }
    }
}

fn stamp(path: &Path) -> Stamp {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// SIGHUP, where there is such a thing.
#[cfg(unix)]
struct Hangups(Option<tokio::signal::unix::Signal>);

#[cfg(unix)]
fn hangups() -> Hangups {
    use tokio::signal::unix::{SignalKind, signal};
    Hangups(signal(SignalKind::hangup()).ok())
}

#[cfg(not(unix))]
struct Hangups(());

#[cfg(not(unix))]
fn hangups() -> Hangups {
    Hangups(())
}

impl Hangups {
    async fn next(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.0
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending().await
    }
}
