//! The temporary file that becomes an output: its name, its mode and its lock.

use std::ffi::OsString;
use std::fs::{File, Metadata, Permissions};
use std::io;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

const ENDING: &str = ".part";
/// So many random letters and digits stand before the ending.
const RANDOM: usize = 6;

/// Makes it beside its place, for its owner alone: others must not read what is not finished, nor hold it open until
/// it is.
pub(super) fn make(place: &Path) -> io::Result<NamedTempFile> {
    let prefix = prefix(place).ok_or(io::ErrorKind::InvalidInput)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(ENDING).rand_bytes(RANDOM);
    let file = builder.tempfile_in(folder_of(place))?;
    // tells what is written from what a killed run left; some network file systems have no locks
    let _ = file.as_file().try_lock();
    Ok(file)
}

/// How its name begins.
pub(super) fn prefix(place: &Path) -> Option<OsString> {
    let mut prefix = OsString::from(".");
    prefix.push(place.file_name()?);
    prefix.push(".");
    Some(prefix)
}

/// Whether it is a name of that prefix.
pub(super) fn is_name(name: &[u8], prefix: &[u8]) -> bool {
    let random = name
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_suffix(ENDING.as_bytes()));
    random.is_some_and(|random| random.len() == RANDOM && random.iter().all(u8::is_ascii_alphanumeric))
}

/// The folder of a file that is named so.
#[must_use]
pub fn folder_of(place: &Path) -> &Path {
    match place.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// The mode that it gets before it is renamed: that of the file it replaces, without what makes a program run as its
/// owner; else what a new file gets. One that is `private` has it from its owner alone, and so has a new one that is kept.
#[cfg(unix)]
pub(super) fn permissions(
    place: &Path,
    replaced: Option<&Metadata>,
    private: bool,
    is_kept: bool,
) -> io::Result<Option<Permissions>> {
    use std::os::unix::fs::PermissionsExt;
    let mode = match replaced {
        Some(metadata) if !private => metadata.permissions().mode() & 0o777,
        _ if private || is_kept => 0o600,
        _ => usual_mode(folder_of(place))?,
    };
    Ok(Some(Permissions::from_mode(mode)))
}

#[cfg(not(unix))]
pub(super) fn permissions(
    _place: &Path,
    replaced: Option<&Metadata>,
    _private: bool,
    _is_kept: bool,
) -> io::Result<Option<Permissions>> {
    Ok(replaced.map(Metadata::permissions))
}

/// Gives a file to whom the one is of that it replaces. Only root may give a file to others; whoever else changes it keeps
/// it.
pub(super) fn give(file: &File, replaced: &Metadata) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        let group = Some(replaced.gid());
        // one's own file can be given to a group that one is in
        let _ = fchown(file, Some(replaced.uid()), group).or_else(|_| fchown(file, None, group));
    }
    #[cfg(not(unix))]
    let _ = (file, replaced);
}

/// What the umask and the folder leave of a new file's mode: only a new file tells.
#[cfg(unix)]
fn usual_mode(folder: &Path) -> io::Result<u32> {
    use std::os::unix::fs::PermissionsExt;
    let mut builder = tempfile::Builder::new();
    builder.suffix(ENDING).permissions(Permissions::from_mode(0o666));
    let probe = builder.tempfile_in(folder)?;
    Ok(probe.as_file().metadata()?.permissions().mode() & 0o777)
}

/// Gives it that mode, unless it has it: some file systems have one for all files, and refuse to change it.
pub(super) fn set(file: &File, permissions: Option<Permissions>) -> io::Result<()> {
    let Some(wanted) = permissions else { return Ok(()) };
    let own = file.metadata()?.permissions();
    #[cfg(unix)]
    let is_so = {
        use std::os::unix::fs::PermissionsExt;
        own.mode() & 0o7777 == wanted.mode()
    };
    #[cfg(not(unix))]
    let is_so = own == wanted;
    match is_so {
        true => Ok(()),
        false => file.set_permissions(wanted),
    }
}

/// Makes a folder that is not there yet, and those above it, for their owner alone.
///
/// # Errors
/// When it can't be made.
pub fn make_private_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A folder of its own within this one, with the rights that new folders have.
pub(super) fn make_folder(above: &Path) -> io::Result<PathBuf> {
    let made = tempfile::Builder::new()
        .prefix(PREFIX_OF_FOLDERS)
        .make_in(above, |path| std::fs::create_dir(path))?;
    // whoever asked for it removes it
    let path = made.path().to_owned();
    std::mem::forget(made);
    Ok(path)
}

const PREFIX_OF_FOLDERS: &str = ".linkmint-codes-";
