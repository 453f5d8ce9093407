//! A keyring as a file: read whole, changed under a lock, replaced whole.

use super::{JwkError, Keyring, KeyringError};
use crate::output::{Kept, Lock, LockError, Options, Output, OutputError, folder_of, make_private_folder};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Why a keyring's file can't be read or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// There is no file.
    #[error("there is no such keyring")]
    Missing,
    /// The system said no.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The text is no keyring.
    #[error(transparent)]
    Jwk(#[from] JwkError),
    /// Another process changes it.
    #[error("another process changes this keyring")]
    Locked,
    /// The change can't be made.
    #[error(transparent)]
    Change(#[from] KeyringError),
    /// The new text can't be written.
    #[error(transparent)]
    Output(#[from] OutputError),
}

impl From<LockError> for FileError {
    fn from(error: LockError) -> Self {
        match error {
            LockError::Locked => FileError::Locked,
            LockError::Io(error) => FileError::Io(error),
            _ => FileError::Missing,
        }
    }
}

/// A keyring has some hundred bytes a key; nobody has this many.
const MAX_FILE: u64 = 16 << 20;

/// Reads the keyring of a file, or of `-`-like devices such as `/dev/stdin`.
///
/// # Errors
/// When there is no such file, it can't be read, or it is no keyring.
pub fn load(path: &Path) -> Result<Keyring, FileError> {
    let file = File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => FileError::Missing,
        _ => FileError::Io(error),
    })?;
    read(file)
}

/// Reads a keyring.
///
/// # Errors
/// When it can't be read or is no keyring.
pub fn read(source: impl io::Read) -> Result<Keyring, FileError> {
    let mut bytes = Zeroizing::new(Vec::new());
    io::Read::read_to_end(&mut source.take(MAX_FILE), &mut bytes)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| JwkError::NoJwkSet(1, 1))?;
    Ok(Keyring::from_json(text.trim_start_matches('\u{feff}'))?)
}

/// Writes a new file that only its owner can read; an existing one is left alone.
///
/// # Errors
/// [`OutputError::Exists`] when there is a file already, or that it can't be written.
pub fn create(ring: &Keyring, path: &Path) -> Result<(), FileError> {
    make_private_folder(folder_of(path))?;
    write(ring, path, Options { force: false, ..NEW })
}

/// Changes the keyring of a file; those who do so at once take turns, under whatever names, and `waiting` is called by who
/// has to wait. Where there is no file and `or_new` says so, the change begins with an empty ring. A file keeps its mode,
/// but for one that held public keys alone and gets a secret: that is for its owner alone from then on.
///
/// # Errors
/// When the file can't be read or written, another process changes it for too long, or `change` refuses; the file is as
/// it was then.
pub fn change<T>(
    path: &Path,
    or_new: bool,
    waiting: impl FnMut(),
    change: impl FnOnce(&mut Keyring) -> Result<T, KeyringError>,
) -> Result<T, FileError> {
    let place = real_place(path, or_new)?;
    let _lock = Lock::take(&place, waiting)?;
    let (mut ring, force) = match load(&place) {
        Ok(ring) => (ring, true),
        Err(FileError::Missing) if or_new => (Keyring::default(), false),
        Err(error) => return Err(error),
    };
    let private = ring.secrets().next().is_none();
    let result = change(&mut ring)?;
    let private = private && ring.secrets().next().is_some();
    write(&ring, &place, Options { force, private, ..NEW })?;
    Ok(result)
}

/// How a new file is made.
const NEW: Options = Options {
    force: false,
    sync: true,
    private: true,
};

fn write(ring: &Keyring, path: &Path, options: Options) -> Result<(), FileError> {
    let mut output = Output::change(path, Kept::Keyring, options)?;
    output.write_all(ring.to_json().as_bytes())?;
    Ok(output.commit()?)
}

/// The file that a name leads to, through all links.
fn real_place(path: &Path, or_new: bool) -> Result<PathBuf, FileError> {
    match fs::canonicalize(path) {
        Ok(place) => return Ok(place),
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        Err(_) if fs::symlink_metadata(path).is_ok() => return Err(OutputError::Dangling.into()),
        Err(_) if !or_new => return Err(FileError::Missing),
        Err(_) => {}
    }
    let folder = folder_of(path);
    make_private_folder(folder)?;
    let name = path.file_name().ok_or(FileError::Missing)?;
    Ok(fs::canonicalize(folder)?.join(name))
}
