//! A file that appears whole or not at all, and never over a keyring or a ledger.
//!
//! What is written goes to a temporary file beside its place and is renamed when complete, so a failure, a full
//! disk or a kill leaves the old file untouched. Devices and pipes can't be renamed over and are written straight.

mod folder;
mod kept;
mod leftover;
mod lock;
mod room;
mod temporary;

pub use folder::OutputFolder;
pub use kept::Kept;
#[cfg(feature = "ledger")]
pub(crate) use kept::LEDGER_APPLICATION;
pub use leftover::leftovers;
pub use lock::{Lock, LockError};
pub use temporary::{folder_of, make_private_folder};

use std::fs::{self, File, Metadata, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tempfile::NamedTempFile;

/// How a file is to be made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Replace a file that exists.
    pub force: bool,
    /// Reach the disk before the rename.
    pub sync: bool,
    /// Only the owner may read the file (Unix mode 0600), whatever it replaces.
    pub private: bool,
}

impl Options {
    /// Those of a file that replaces another only with `force`.
    #[must_use]
    pub fn replacing(force: bool) -> Self {
        Self {
            force,
            ..Self::default()
        }
    }
}

/// Why no file can be made at a place.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputError {
    /// There is one already, and it was not said to replace it.
    #[error("the file exists")]
    Exists,
    /// The folder has files already, and it was not said to replace any.
    #[error("the folder is not empty")]
    NotEmpty,
    /// The place is a folder.
    #[error("it is a folder")]
    IsFolder,
    /// The place is a symbolic link whose target is not there.
    #[error("it is a symbolic link to a file that is not there")]
    Dangling,
    /// What is there is never replaced.
    #[error("{0}, and no output takes its place")]
    Kept(Kept),
    /// What is there may be something that is never replaced.
    #[error("the file can't be read, and may be a keyring or a ledger")]
    Unreadable(#[source] io::Error),
    /// The system said no.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A file that is being written. Dropped without [`Output::commit`], it leaves nothing.
#[derive(Debug)]
pub struct Output {
    target: Target,
    options: Options,
}

#[derive(Debug)]
enum Target {
    Straight(File),
    Renamed(Box<Renamed>),
}

#[derive(Debug)]
struct Renamed {
    file: NamedTempFile,
    place: PathBuf,
    /// The mode that it gets when it is complete.
    permissions: Option<Permissions>,
    /// The kept file that it replaces: who changes it must not take it away from the one it is for.
    replaced: Option<Metadata>,
    /// What it may replace.
    own: Option<Kept>,
    room: room::Room,
    registered: Registered,
}

/// Temporary files that a signal has to clear away. Held while a file is renamed, so that none is half gone.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

impl Output {
    /// Makes a temporary file beside `path`, or opens `path` itself where it is a device or a pipe.
    ///
    /// # Errors
    /// When the file exists and is not to be replaced, or never is, or the folder can't be written.
    pub fn create(path: &Path, options: Options) -> Result<Self, OutputError> {
        Self::make(path, options, None)
    }

    /// As [`Output::create`], for a new version of what is kept otherwise: it may replace one of its own kind, whose
    /// mode it keeps, and whose owner where the system allows it.
    ///
    /// # Errors
    /// As [`Output::create`].
    pub fn change(path: &Path, own: Kept, options: Options) -> Result<Self, OutputError> {
        Self::make(path, options, Some(own))
    }

    fn make(path: &Path, options: Options, own: Option<Kept>) -> Result<Self, OutputError> {
        let present = existing(path)?;
        match &present {
            Some(metadata) if metadata.is_dir() => return Err(OutputError::IsFolder),
            Some(metadata) if !metadata.is_file() => {
                let target = Target::Straight(File::options().write(true).open(path)?);
                return Ok(Self { target, options });
            }
            Some(_) if is_standard_output(path) => {
                refuse_kept(path, own)?;
                let target = Target::Straight(standard_output()?);
                return Ok(Self { target, options });
            }
            None if fs::symlink_metadata(path).is_ok() => return Err(OutputError::Dangling),
            _ => {}
        }
        // of a symbolic link the target is replaced, not the link
        let place = match present {
            Some(_) => fs::canonicalize(path)?,
            None => path.to_owned(),
        };
        refuse_kept(&place, own)?;
        if present.is_some() && !options.force {
            return Err(OutputError::Exists);
        }
        let permissions = temporary::permissions(&place, present.as_ref(), options.private, own.is_some())?;
        // locked throughout: a signal finds the file either not yet made or registered
        let mut registry = unfinished();
        let file = temporary::make(&place)?;
        registry.push(file.path().to_owned());
        let registered = Registered(file.path().to_owned());
        let target = Target::Renamed(Box::new(Renamed {
            file,
            place,
            permissions,
            replaced: present.filter(|_| own.is_some()),
            own,
            room: room::Room::default(),
            registered,
        }));
        Ok(Self { target, options })
    }

    /// The path of the temporary file, for another writer: its lock is given up, which could keep that one out. A device
    /// or a pipe has none.
    #[cfg(feature = "ledger")]
    pub(crate) fn hand_over(&self) -> Option<&Path> {
        match &self.target {
            Target::Straight(_) => None,
            Target::Renamed(renamed) => {
                let _ = renamed.file.as_file().unlock();
                Some(renamed.file.path())
            }
        }
    }

    /// Whether what is written can't be taken back: it goes straight to a device, a pipe or standard output.
    #[must_use]
    pub fn is_straight(&self) -> bool {
        matches!(self.target, Target::Straight(_))
    }

    /// Puts the complete file into its place.
    ///
    /// # Errors
    /// When the disk fails, or somebody else has made the file in the meantime and it is not to be replaced.
    pub fn commit(self) -> Result<(), OutputError> {
        match self.target {
            Target::Straight(file) => {
                // pipes and most devices can't be synced
                if self.options.sync && file.metadata()?.is_file() {
                    file.sync_all()?;
                }
                Ok(())
            }
            Target::Renamed(renamed) => renamed.commit(self.options),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.target {
            Target::Straight(file) => file.write(bytes),
            Target::Renamed(renamed) => {
                let written = renamed.file.as_file_mut().write(bytes)?;
                renamed.room.add(renamed.file.as_file(), written);
                Ok(written)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Renamed {
    fn commit(self, options: Options) -> Result<(), OutputError> {
        let file = self.file.as_file();
        self.room.give_back(file)?;
        self.replaced
            .iter()
            .for_each(|replaced| temporary::give(file, replaced));
        temporary::set(file, self.permissions)?;
        if options.sync {
            file.sync_all()?;
        }
        let registry = unfinished();
        // another process may have made something in the meantime
        refuse_kept(&self.place, self.own)?;
        let renamed = match options.force {
            true => self.file.persist(&self.place),
            false => self.file.persist_noclobber(&self.place),
        };
        drop(registry);
        drop(self.registered);
        match renamed {
            Ok(_) if options.sync => Ok(sync_folder(&self.place)?),
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(OutputError::Exists),
            Err(error) => Err(error.error.into()),
        }
    }
}

/// A temporary file's entry among the unfinished ones, as long as it lives.
#[derive(Debug)]
struct Registered(PathBuf);

impl Drop for Registered {
    fn drop(&mut self) {
        unfinished().retain(|path| *path != self.0);
    }
}

/// Whether a file is named that the shell has opened as standard output: what was written there stays, and what others
/// write there follows.
fn is_standard_output(path: &Path) -> bool {
    cfg!(unix)
        && ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]
            .map(Path::new)
            .contains(&path)
}

/// Standard output without the buffer and the lock of the standard library: what is written goes out at once.
///
/// # Errors
/// When it can't be had.
pub fn standard_output() -> io::Result<File> {
    #[cfg(unix)]
    let owned = std::os::fd::AsFd::as_fd(&io::stdout()).try_clone_to_owned()?;
    #[cfg(windows)]
    let owned = std::os::windows::io::AsHandle::as_handle(&io::stdout()).try_clone_to_owned()?;
    Ok(File::from(owned))
}

fn existing(path: &Path) -> io::Result<Option<Metadata>> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn refuse_kept(place: &Path, own: Option<Kept>) -> Result<(), OutputError> {
    match kept::at(place).map_err(OutputError::Unreadable)? {
        found if found == own => Ok(()),
        Some(kept) => Err(OutputError::Kept(kept)),
        None => Ok(()),
    }
}

/// The user whose rights this process has.
#[cfg(unix)]
pub(crate) fn own_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// A rename has reached the disk only when its folder has.
fn sync_folder(place: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder_of(place))?.sync_all()?;
    #[cfg(not(unix))]
    let _ = place;
    Ok(())
}

fn unfinished() -> std::sync::MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes every temporary file, for a process that is about to end by a signal. No file can be committed after it.
pub fn abandon_unfinished() {
    let mut guard = unfinished();
    for path in guard.drain(..) {
        // nothing can be done about a failure here, and nobody could be told
        let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path));
    }
    // the lock is never given back: a rename that waits for it must not happen any more
    std::mem::forget(guard);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    fn write(path: &Path, options: Options) -> Result<(), OutputError> {
        let mut output = Output::create(path, options)?;
        output.write_all(b"new")?;
        output.commit()
    }

    #[test]
    fn what_is_not_committed_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("links.csv");
        let mut output = Output::create(&path, Options::default()).expect("created");
        output.write_all(b"half").expect("written");
        assert_eq!(names(folder.path()).len(), 1);
        drop(output);
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn a_file_that_appears_in_the_meantime_is_not_overwritten() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("links.csv");
        let output = Output::create(&path, Options::default()).expect("created");
        fs::write(&path, "theirs").expect("written");
        assert!(matches!(output.commit(), Err(OutputError::Exists)));
        assert_eq!(fs::read(&path).expect("read"), b"theirs");
        assert_eq!(names(folder.path()), ["links.csv"]);
    }

    #[test]
    fn a_keyring_that_appears_in_the_meantime_is_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("links.csv");
        let force = Options::replacing(true);
        let output = Output::create(&path, force).expect("created");
        let keyring = r#"{"keys":[{"k":"AAEC"}]}"#;
        fs::write(&path, keyring).expect("written");
        assert!(matches!(output.commit(), Err(OutputError::Kept(Kept::Keyring))));
        assert_eq!(fs::read_to_string(&path).expect("read"), keyring);
        assert!(matches!(write(&path, Options::default()), Err(OutputError::Kept(_))));
        let change = |own| Output::change(&path, own, force).and_then(Output::commit);
        assert!(matches!(change(Kept::Ledger), Err(OutputError::Kept(Kept::Keyring))));
        change(Kept::Keyring).expect("its own kind");
    }

    #[cfg(unix)]
    fn mode(path: &Path) -> u32 {
        std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).expect("there").permissions()) & 0o7777
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_finished_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("links.csv");
        for before in [None, Some(0o666)] {
            if let Some(mode) = before {
                fs::write(&path, "old").expect("written");
                fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(mode)).expect("set");
            }
            let force = Options::replacing(true);
            let output = Output::create(&path, force).expect("created");
            let part = names(folder.path()).into_iter().find(|name| name.ends_with(".part"));
            assert_eq!(mode(&folder.path().join(part.expect("a temporary file"))), 0o600);
            drop(output);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_private_file_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("keys.json");
        let options = Options {
            private: true,
            sync: true,
            ..Options::default()
        };
        write(&path, options).expect("written");
        assert_eq!(mode(&path), 0o600);
    }
}
