//! The file of a ledger: what it is, where it is none, and whether it is still the one that was opened.
//!
//! While this process has the ledger open, the file is looked at from outside only: whoever opens and closes it a second
//! time takes the locks of the whole process off it (How To Corrupt An SQLite Database File, section 2.2). Another program
//! may then take itself for the last one and remove the log that checks are counted in.

use crate::ledger::{Foreign, LedgerError};
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// How every SQLite file begins (its file format, section 1.3).
const MAGIC: &[u8] = b"SQLite format 3\0";
/// So much is looked at: a keyring's first member comes earlier.
const HEAD: u64 = 4096;

/// Whether it may be a ledger.
pub(super) fn check(path: &Path) -> Result<(), LedgerError> {
    if path.as_os_str().is_empty() {
        return Err(LedgerError::NoName);
    }
    let metadata = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(LedgerError::Missing),
        metadata => metadata?,
    };
    if metadata.is_dir() {
        return Err(LedgerError::Folder);
    }
    if !metadata.is_file() {
        return Err(LedgerError::Foreign(Foreign::Other));
    }
    #[cfg(unix)]
    rustix::fs::access(path, rustix::fs::Access::READ_OK).map_err(io::Error::from)?;
    Ok(())
}

/// What else a file is that can't be used as a ledger: the store's errors would speak of pages.
pub(super) fn foreign(path: &Path) -> Option<LedgerError> {
    let mut head = Vec::new();
    File::open(path).ok()?.take(HEAD).read_to_end(&mut head).ok()?;
    kind(&head).map(LedgerError::Foreign)
}

fn kind(head: &[u8]) -> Option<Foreign> {
    let text = String::from_utf8_lossy(head);
    Some(match head {
        [] => Foreign::Empty,
        _ if head.starts_with(MAGIC) => return None,
        _ if text.trim_start().starts_with('{') && text.contains("\"keys\"") => Foreign::Keyring,
        _ => Foreign::Other,
    })
}

/// The file that was opened. Whoever counts in one that was removed or replaced counts for nobody.
#[derive(Debug)]
pub(super) struct OpenFile {
    place: PathBuf,
    opened: Metadata,
}

impl OpenFile {
    pub(super) fn at(place: PathBuf) -> Result<Self, LedgerError> {
        let opened = fs::metadata(&place)?;
        Ok(Self { place, opened })
    }

    /// Whether it is still there.
    pub(super) fn check(&self) -> Result<(), LedgerError> {
        match fs::metadata(&self.place) {
            Ok(there) if is_same(&self.opened, &there) => Ok(()),
            Ok(_) => Err(LedgerError::Replaced),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(LedgerError::Replaced),
            Err(error) => Err(error.into()),
        }
    }
}

/// Others than Unix keep a file that is open from being removed.
fn is_same(opened: &Metadata, there: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        (opened.dev(), opened.ino()) == (there.dev(), there.ino())
    }
    #[cfg(not(unix))]
    {
        let _ = (opened, there);
        true
    }
}
