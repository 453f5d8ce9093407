//! What lets others than its user read a keyring, change it or put another in its place.

#[cfg(unix)]
use crate::output::{folder_of, own_user};
use std::path::{Path, PathBuf};

/// A way to a keyring for others. The numbers are permission bits, and the id of a user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Exposure {
    /// Others can read or change the file.
    #[error("others can {what} this keyring (mode {1:04o})", what = if .1 & 0o044 != 0 { "read" } else { "change" })]
    File(PathBuf, u32),
    /// The file belongs to somebody else, who is not root.
    #[error("this keyring belongs to another user (id {1}, mode {2:04o})")]
    Owner(PathBuf, u32, u32),
    /// Others can write to the folder.
    #[error("others can write to the folder of the keyring (mode {1:04o})")]
    Folder(PathBuf, u32),
    /// The folder belongs to somebody else, who is not root.
    #[error("the folder of the keyring belongs to another user (id {1}, mode {2:04o})")]
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
