//! Making an output: what is refused in whose words, and what a killed run left there.

use super::exit::{Failure, plain, shown, warn};
use linkmint::output::{self, Options, Output, OutputError};
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

/// Nobody writes a file for longer.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Makes the file, and tells what a killed run left beside it.
pub(crate) fn create(path: &Path, options: Options, quiet: bool) -> Result<Output, Failure> {
    let output = Output::create(path, options).map_err(|error| failure(error, path))?;
    tell_leftovers(path, quiet);
    Ok(output)
}

/// Writes a whole file.
pub(crate) fn write(path: &Path, options: Options, quiet: bool, bytes: &[u8]) -> Result<(), Failure> {
    fill(create(path, options, quiet)?, path, bytes)
}

/// Writes all of a file that was made, and puts it into its place.
pub(crate) fn fill(mut output: Output, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let written = output.write_all(bytes).map_err(OutputError::from);
    let committed = written.and_then(|()| output.commit());
    committed.map_err(|error| failure(error, path))
}

/// Tells which temporary files of this output nobody writes any more.
pub(crate) fn tell_leftovers(path: &Path, quiet: bool) {
    if quiet {
        return;
    }
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let before = now.unwrap_or_default().saturating_sub(DAY);
    for left in output::leftovers(path, before) {
        let message = format!("{}: a run that was killed left this unfinished file", shown(&left));
        warn(&message, Some("delete it"));
    }
}

/// Why no file can be made.
pub(crate) fn failure(error: OutputError, path: &Path) -> Failure {
    let hint = match &error {
        OutputError::Exists => "--force replaces it",
        OutputError::NotEmpty => "name a new folder; --force puts the files beside those that are there",
        OutputError::IsFolder => "name a file in it",
        OutputError::Dangling => "name the file that it is to become, or remove the link",
        OutputError::Kept(_) => "name another file; --force does not help",
        OutputError::Unreadable(_) => "name another file, or remove this one",
        OutputError::Io(error) if error.kind() == io::ErrorKind::NotFound => "make the folder first",
        OutputError::Io(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            "name a place where you may write; the folder of the file counts, as it is replaced as a whole"
        }
        OutputError::Io(_) => "name another place",
        _ => "",
    };
    let failure = match error {
        OutputError::Io(error) => Failure::undecided(plain(error).context("can't write here")),
        OutputError::Unreadable(error) => {
            let error = plain(error);
            Failure::usage(format_args!(
                "the file can't be read, and may be a keyring or a ledger: {error}"
            ))
        }
        error => Failure::usage(error),
    };
    failure
        .at_path(path)
        .maybe_hint(Some(hint).filter(|hint| !hint.is_empty()))
}
