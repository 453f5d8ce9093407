//! What a run that was killed left beside its output.

use super::temporary;
use std::fs::{self, File, Metadata};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The temporary files of `path` that nobody writes any more: of this user, not locked, and last written before this
/// time, given since 1970.
#[must_use]
pub fn leftovers(path: &Path, before: Duration) -> Vec<PathBuf> {
    let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let Some(prefix) = temporary::prefix(&place) else {
        return Vec::new();
    };
    let Ok(entries) = fs::read_dir(temporary::folder_of(&place)) else {
        return Vec::new();
    };
    let named = entries
        .flatten()
        .filter(|entry| temporary::is_name(entry.file_name().as_encoded_bytes(), prefix.as_encoded_bytes()));
    let is_left = |path: &PathBuf| {
        fs::symlink_metadata(path).is_ok_and(|metadata| {
            metadata.is_file() && is_own(&metadata) && is_before(&metadata, before) && !is_locked(path)
        })
    };
    let mut found: Vec<_> = named.map(|entry| entry.path()).filter(is_left).collect();
    found.sort();
    found
}

fn is_before(metadata: &Metadata, before: Duration) -> bool {
    let written = metadata.modified().ok();
    let written = written.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    written.is_some_and(|time| time < before)
}

/// Whoever writes it holds its lock.
fn is_locked(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| matches!(file.try_lock_shared(), Err(fs::TryLockError::WouldBlock)))
}

fn is_own(metadata: &Metadata) -> bool {
    #[cfg(unix)]
    return std::os::unix::fs::MetadataExt::uid(metadata) == super::own_user();
    #[cfg(not(unix))]
    {
        let _ = metadata;
        true
    }
}
