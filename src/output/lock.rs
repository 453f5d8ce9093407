//! Taking turns to change a file that is replaced whole: a keyring, or a list of API keys.
//!
//! The file itself is no good for a lock, as each change puts another in its place. So a file beside it is locked, made
//! for its owner alone: what other users can't open, they can't hold.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// So often it is tried, with a pause in between: 10 s in all.
const TRIES: u32 = 200;
const PAUSE: Duration = Duration::from_millis(50);

/// Why there is no turn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// The place has no name of a file.
    #[error("it is no file")]
    NoFile,
    /// Another process changes it for too long.
    #[error("another process changes this file")]
    Locked,
    /// The system said no.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The lock of a file, as long as it lives.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    /// Closed after the file is removed: whoever waits finds out that it is gone.
    _file: File,
}

impl Lock {
    /// Waits for the lock of the file at this place, which is no symbolic link; `waiting` is called when it has to. None where
    /// the file system has no locks: a change there is still atomic.
    ///
    /// # Errors
    /// When another process has it for too long, or no lock can be made there.
    pub fn take(place: &Path, mut waiting: impl FnMut()) -> Result<Option<Self>, LockError> {
        let mut name = OsString::from(".");
        name.push(place.file_name().ok_or(LockError::NoFile)?);
        name.push(".lock");
        let path = place.with_file_name(name);
        let owner = fs::symlink_metadata(place).ok();
        for turn in 0..TRIES {
            match attempt(&path, owner.as_ref())? {
                Attempt::Locked(file) => return Ok(Some(Self { path, _file: file })),
                // as of some network file systems
                Attempt::NoLocks => {
                    let _ = fs::remove_file(&path);
                    return Ok(None);
                }
                Attempt::Busy if turn == 1 => waiting(),
                Attempt::Busy => {}
            }
            std::thread::sleep(PAUSE);
        }
        Err(LockError::Locked)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // what is left does no harm: the next one locks it
        let _ = fs::remove_file(&self.path);
    }
}

enum Attempt {
    Locked(File),
    Busy,
    NoLocks,
}

fn attempt(path: &Path, kept: Option<&Metadata>) -> io::Result<Attempt> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = match options.clone().create_new(true).open(path) {
        Ok(file) => {
            give(&file, kept)?;
            file
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            match fs::symlink_metadata(path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Attempt::Busy),
                Ok(metadata) if !is_trusted(&metadata, kept) => {
                    fs::remove_file(path)?;
                    return Ok(Attempt::Busy);
                }
                metadata => metadata?,
            };
            match options.open(path) {
                Ok(file) => file,
                // its holder is done with it, or is root and has not handed it over yet
                Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied) => {
                    return Ok(Attempt::Busy);
                }
                Err(error) => return Err(error),
            }
        }
        Err(error) => return Err(error),
    };
    match file.try_lock() {
        Ok(()) if is_at(&file, path)? => Ok(Attempt::Locked(file)),
        // the one who held it has removed it
        Ok(()) | Err(TryLockError::WouldBlock) => Ok(Attempt::Busy),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(Attempt::NoLocks),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// The owner of the file must be able to open what root makes.
fn give(file: &File, kept: Option<&Metadata>) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(kept) = kept {
        use std::os::unix::fs::MetadataExt;
        if file.metadata()?.uid() == 0 && kept.uid() != 0 {
            std::os::unix::fs::fchown(file, Some(kept.uid()), None)?;
        }
    }
    #[cfg(not(unix))]
    let _ = (file, kept);
    Ok(())
}

/// Whether it is a file of this user, of root or of the kept file's owner. Others have no business with it.
fn is_trusted(lock: &Metadata, kept: Option<&Metadata>) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let owners = [Some(super::own_user()), Some(0), kept.map(MetadataExt::uid)];
        lock.is_file() && owners.contains(&Some(lock.uid()))
    }
    #[cfg(not(unix))]
    {
        let _ = kept;
        lock.is_file()
    }
}

/// Whether that file is still the one at this path.
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let there = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        there => there?,
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let own = file.metadata()?;
        Ok((own.dev(), own.ino()) == (there.dev(), there.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        Ok(there.is_file())
    }
}
