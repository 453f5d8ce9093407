//! What lets others than its user read a keyring, change it or put another in its place.

#[cfg(unix)]
use crate::output::{folder_of, own_user};
use std::fmt;
use std::path::{Path, PathBuf};

/// A way to a keyring for others. The numbers are permission bits, and the id of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exposure {
    /// Others can read or change the file.
    File(PathBuf, u32),
    /// The file belongs to somebody else, who is not root.
    Owner(PathBuf, u32, u32),
    /// Others can write to the folder.
    Folder(PathBuf, u32),
    /// The folder belongs to somebody else, who is not root.
    FolderOwner(PathBuf, u32, u32),
}

impl Exposure {
    /// The file or folder that it is about.
    #[must_use]
    pub fn path(&self) -> &Path {
        let (Exposure::File(path, _)
        | Exposure::Owner(path, ..)
        | Exposure::Folder(path, _)
        | Exposure::FolderOwner(path, ..)) = self;
        path
    }
}

impl fmt::Display for Exposure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Exposure::File(_, mode) if mode & 0o044 != 0 => {
                write!(f, "others can read this keyring (mode {mode:04o})")
            }
            Exposure::File(_, mode) => write!(f, "others can change this keyring (mode {mode:04o})"),
            Exposure::Owner(_, user, mode) => {
                write!(f, "this keyring belongs to another user (id {user}, mode {mode:04o})")
            }
            Exposure::Folder(_, mode) => {
                write!(f, "others can write to the folder of the keyring (mode {mode:04o})")
            }
            Exposure::FolderOwner(_, user, mode) => {
                write!(
                    f,
                    "the folder of the keyring belongs to another user (id {user}, mode {mode:04o})"
                )
            }
        }
    }
}

/// All ways for others to the keyring of that name; also where there is none yet. Nothing is known on systems without
/// Unix modes, nor of what is no file.
#[must_use]
pub fn exposures(path: &Path) -> Vec<Exposure> {
    #[cfg(unix)]
    return on_unix(path);
    #[cfg(not(unix))]
    {
        let _ = path;
        Vec::new()
    }
}

#[cfg(unix)]
fn on_unix(path: &Path) -> Vec<Exposure> {
    use std::os::unix::fs::MetadataExt;
    let is_foreign = |user: u32| user != 0 && user != own_user();
    let mut found = Vec::new();
    match path.metadata() {
        Ok(metadata) if !metadata.is_file() => return found,
        Ok(metadata) => {
            let mode = metadata.mode() & 0o7777;
            if mode & 0o077 != 0 {
                found.push(Exposure::File(path.to_owned(), mode));
            }
            if is_foreign(metadata.uid()) {
                found.push(Exposure::Owner(path.to_owned(), metadata.uid(), mode));
            }
        }
        Err(_) => {}
    }
    // whoever can write to the folder of a link decides where it leads to
    let mut folders = vec![folder_of(path).to_owned()];
    if path.is_symlink() {
        folders.extend(path.canonicalize().map(|place| folder_of(&place).to_owned()));
    }
    for folder in folders {
        let Ok(metadata) = folder.metadata() else { continue };
        let mode = metadata.mode() & 0o7777;
        if mode & 0o022 != 0 {
            found.push(Exposure::Folder(folder.clone(), mode));
        }
        if is_foreign(metadata.uid()) {
            found.push(Exposure::FolderOwner(folder, metadata.uid(), mode));
        }
    }
    found.dedup();
    found
}
