//! Files that are changed while the service runs: read again on SIGHUP, and when one has changed.

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

/// The files that the service decides by.
pub(super) struct Watched(Vec<WatchedFile>);

/// One of them. Each is taken by itself: an API key that was removed must not go on working because another file is bad.
struct WatchedFile {
    path: PathBuf,
    take: Box<Take>,
    seen: Stamp,
    /// It could not be read when it was last tried.
    is_bad: bool,
}

/// Reads a file, and gives what it has to the service.
type Take = dyn Fn(&Service) -> Result<(), Failure> + Send;

impl Watched {
    pub(super) fn new(keyring: Source, api_keys: Option<PathBuf>, redirects: RedirectArgs, quiet: bool) -> Self {
        let mut files = Vec::new();
        let mut watch = |path: PathBuf, take: Box<Take>| files.push(WatchedFile::new(path, take));
        // who is let in comes first
        if let Some(path) = api_keys {
            let file = path.clone();
            let take = move |service: &Service| {
                let keys = api_key::load_for_service(&file, quiet)?;
                service.take_api_keys(keys);
                Ok(())
            };
            watch(path, Box::new(take));
        }
        // a secret of the environment stays what it is
        if let Ok(path) = keyring.file().map(Path::to_owned) {
            let take = move |service: &Service| {
                service.take_keyring(keyring.load(quiet)?);
                Ok(())
            };
            watch(path, Box::new(take));
        }
        if let Some(path) = redirects.redirect_file.clone() {
            let take = move |service: &Service| {
                if let Some(redirects) = redirect::redirects(&redirects)? {
                    service.redirect(redirects);
                }
                Ok(())
            };
            watch(path, Box::new(take));
        }
        Self(files)
    }

    /// Reads the files again whenever it is time to, for ever.
    pub(super) async fn follow(mut self, service: Arc<Service>) {
        let mut hangups = Hangups::watch();
        loop {
            let asked = tokio::select! {
                () = tokio::time::sleep(EVERY) => false,
                () = hangups.next() => true,
            };
            for file in &mut self.0 {
                file.look(&service, asked);
            }
            service.set_stale(self.0.iter().any(|file| file.is_bad));
        }
    }
}

impl WatchedFile {
    fn new(path: PathBuf, take: Box<Take>) -> Self {
        Self {
            seen: stamp(&path),
            path,
            take,
            is_bad: false,
        }
    }

    /// Takes the file where it has changed. A bad one is told once and tried again until it is mended, by whatever means; the
    /// service decides on with what it has.
    fn look(&mut self, service: &Service, asked: bool) {
        let stamp = stamp(&self.path);
        let is_new = asked || stamp != self.seen;
        self.seen = stamp;
        if !is_new && !self.is_bad {
            return;
        }
        let taken = (self.take)(service);
        self.is_bad = taken.is_err();
        if let Err(failure) = taken
            && is_new
        {
            let _ = failure.after("so it decides on with what it had").tell();
        }
    }
}

/// What changes when a file does, its owner and mode included.
type Stamp = Option<(SystemTime, u64, [i64; 3])>;

fn stamp(path: &Path) -> Stamp {
    let metadata = std::fs::metadata(path).ok()?;
    #[cfg(unix)]
    let more = {
        use std::os::unix::fs::MetadataExt;
        [metadata.ino().cast_signed(), metadata.ctime(), metadata.ctime_nsec()]
    };
    #[cfg(not(unix))]
    let more = [0; 3];
    Some((metadata.modified().ok()?, metadata.len(), more))
}

/// SIGHUP, where there is such a thing.
struct Hangups {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

impl Hangups {
    fn watch() -> Self {
        Self {
            #[cfg(unix)]
            signal: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok(),
        }
    }

    async fn next(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.signal
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use linkmint::keyring::Keyring;
    use linkmint::moment::UnixTime;
    use linkmint::service::Settings;
    use linkmint::service::api_key::ApiKeys;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn what_could_not_be_read_is_tried_again_until_it_can() {
        let now = Arc::new(|| UnixTime(1));
        let service = Service::new(Settings::default(), Keyring::default(), ApiKeys::default(), now);
        let tries = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&tries);
        let take = move |_: &Service| match counted.fetch_add(1, Ordering::Relaxed) {
            0 | 1 => Err(Failure::usage("no")),
            _ => Ok(()),
        };
        let mut file = WatchedFile::new("no such file".into(), Box::new(take));
        let looked = [false, true, false, false, false].map(|asked| {
            file.look(&service, asked);
            (file.is_bad, tries.load(Ordering::Relaxed))
        });
        assert_eq!(looked, [(false, 0), (true, 1), (true, 2), (false, 3), (false, 3)]);
    }
}
