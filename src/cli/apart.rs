//! That nothing a command writes takes the place of what it reads, or of what else it writes.

use super::exit::Failure;
use linkmint::output::folder_of;
use std::path::{Path, PathBuf};

/// What a file is to the command, as messages call it, and its name.
pub(crate) type Role<'a> = (&'a str, Option<&'a Path>);

/// Refuses an output that has the place of something else, or of another output.
pub(crate) fn check(outputs: &[Role<'_>], others: &[Role<'_>]) -> Result<(), Failure> {
    for (index, (subject, one)) in outputs.iter().enumerate() {
        let Some(one) = one else { continue };
        let is_other = |(_, other): &&Role<'_>| other.is_some_and(|other| is_same_file(one, other));
        let is_earlier =
            |(_, other): &&Role<'_>| other.is_some_and(|other| is_same_file(one, other) || is_same_stream(one, other));
        let found = others.iter().find(is_other);
        if let Some((object, _)) = found.or_else(|| outputs[..index].iter().find(is_earlier)) {
            let failure = Failure::usage(format_args!("{subject} would overwrite {object}"));
            return Err(failure.at_path(one).hint("name another file"));
        }
    }
    Ok(())
}

/// The file that the shell may have opened as standard input, where none is named and the system names it.
pub(crate) fn input(path: Option<&Path>) -> Option<&Path> {
    standard(path, "/dev/stdin")
}

/// As [`input`], for standard output.
pub(crate) fn output(path: Option<&Path>) -> Option<&Path> {
    standard(path, "/dev/stdout")
}

fn standard<'a>(path: Option<&'a Path>, device: &'static str) -> Option<&'a Path> {
    let named = path.filter(|path| *path != Path::new("-"));
    named.or(cfg!(unix).then_some(Path::new(device)))
}

/// Whether two names are of one file, there or not yet there. Never so of devices and pipes.
pub(crate) fn is_same_file(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| -> Option<PathBuf> {
        if let Ok(place) = path.canonicalize() {
            return place.is_file().then_some(place);
        }
        Some(folder_of(path).canonicalize().ok()?.join(path.file_name()?))
    };
    place(one).is_some_and(|one| place(other) == Some(one))
}

/// Whether two names are of one pipe or socket, in which two outputs would be mixed.
#[cfg(unix)]
fn is_same_stream(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    let stream = |path: &Path| {
        let metadata = path.metadata().ok()?;
        let kind = metadata.file_type();
        (kind.is_fifo() || kind.is_socket()).then(|| (metadata.dev(), metadata.ino()))
    };
    stream(one).is_some_and(|one| stream(other) == Some(one))
}

#[cfg(not(unix))]
fn is_same_stream(_one: &Path, _other: &Path) -> bool {
    false
}
