//! The summary of a run, for programs: one JSON object in a file of its own, or on standard output.

use super::super::exit::{Failure, plain};
use super::super::output;
use linkmint::output::{Options, Output};
use serde::Serialize;
use std::io::Write;
use std::path::Path;

/// Writes it; it belongs to the run and replaces the one of the run before.
pub(crate) fn write(path: &Path, summary: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string(summary).expect("it has text keys alone") + "\n";
    if is_stdout(path) {
        return print(&text);
    }
    let failure = |error| output::failure(error, path);
    let mut output = create(path, true)?;
    output
        .write_all(text.as_bytes())
        .map_err(|error| failure(error.into()))?;
    output.commit().map_err(failure)
}

fn create(path: &Path, quiet: bool) -> Result<Output, Failure> {
    let options = Options {
        force: true,
        ..Options::default()
    };
    output::create(path, options, quiet)
}

fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
}

fn print(text: &str) -> Result<(), Failure> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::undecided(plain(error)).at("standard output"))
        }
        _ => Ok(()),
    }
}

/// Whether a summary can be written there at the end, asked before anything is done.
pub(crate) fn check_place(path: &Path, output: Option<&Path>, quiet: bool) -> Result<(), Failure> {
    match (is_stdout(path), output.is_none_or(is_stdout)) {
        (true, true) => Err(Failure::usage("the list goes to standard output already")
            .at("--summary-file")
            .hint("name a file for one of them")),
        (true, false) => Ok(()),
        (false, _) => create(path, quiet).map(drop),
    }
}
