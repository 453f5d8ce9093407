//! A keyring as a file: read whole, changed under a lock, replaced whole.

use super::error::FileError;
use super::{JwkError, Keyring, KeyringError};
use crate::output::{Kept, Lock, LockError, Options, Output, OutputError};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

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

/// What a keyring does as a file.
pub trait KeyringFile: Sized {
    /// Reads the keyring of a file, or of `-`-like devices such as `/dev/stdin`.
    ///
    /// # Errors
    /// When there is no such file, it can't be read, or it is no keyring.
    fn load(path: &Path) -> Result<Self, FileError>;

    /// Reads a keyring.
    ///
    /// # Errors
    /// When it can't be read or is no keyring.
    fn read(source: impl io::Read) -> Result<Self, FileError>;

    /// Writes a new file that only its owner can read; an existing one is left alone.
    ///
    /// # Errors
    /// [`OutputError::Exists`] when there is a file already, or that it can't be written.
    fn create(&self, path: &Path) -> Result<(), FileError>;

    /// Changes the keyring of a file; those who do so at once take turns, under whatever names, and `waiting` is called
    /// by who has to wait. Where there is no file and `or_new` says so, the change begins with an empty ring.
    ///
    /// # Errors
    /// When the file can't be read or written, another process changes it for too long, or `change` refuses; the file
    /// is as it was then.
    fn change<T>(
        path: &Path,
        or_new: bool,
        waiting: impl FnMut(),
        change: impl FnOnce(&mut Self) -> Result<T, KeyringError>,
    ) -> Result<T, FileError>;
}

impl KeyringFile for Keyring {
    fn load(path: &Path) -> Result<Self, FileError> {
        let file = File::open(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => FileError::Missing,
            _ => FileError::Io(error),
        })?;
        Self::read(file)
    }

    fn read(source: impl io::Read) -> Result<Self, FileError> {
        let mut bytes = Zeroizing::new(Vec::new());
        io::Read::read_to_end(&mut source.take(MAX_FILE), &mut bytes)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| JwkError::NoJwkSet(1, 1))?;
        Ok(Self::from_json(text.trim_start_matches('\u{feff}'))?)
    }

    fn create(&self, path: &Path) -> Result<(), FileError> {
        if let Some(folder) = path.parent() {
            create_private_folder(folder)?;
        }
        write(self, path, false)
    }

    fn change<T>(
        path: &Path,
        or_new: bool,
        waiting: impl FnMut(),
        change: impl FnOnce(&mut Self) -> Result<T, KeyringError>,
    ) -> Result<T, FileError> {
        let place = real_place(path, or_new)?;
        let _lock = Lock::take(&place, waiting)?;
        let (mut ring, exists) = match Self::load(&place) {
            Ok(ring) => (ring, true),
            Err(FileError::Missing) if or_new => (Self::default(), false),
            Err(error) => return Err(error),
        };
        let result = change(&mut ring)?;
        write(&ring, &place, exists)?;
        Ok(result)
    }
}

fn write(ring: &Keyring, path: &Path, replace: bool) -> Result<(), FileError> {
    let options = Options {
        force: replace,
        sync: true,
        private: true,
    };
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
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    create_private_folder(folder)?;
    let name = path.file_name().ok_or(FileError::Missing)?;
    Ok(fs::canonicalize(folder)?.join(name))
}

fn create_private_folder(folder: &Path) -> io::Result<()> {
    if folder == Path::new("") || folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
