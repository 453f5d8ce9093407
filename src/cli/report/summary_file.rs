//! The summary of a run, for programs: one JSON object in a file of its own, or on standard output.

use crate::cli::exit::{Exit, Failure, print};
use crate::cli::output;
use linkmint::output::{Options, Output};
use serde::Serialize;
use std::path::Path;

/// Writes it; it belongs to the run and replaces the one of the run before.
pub(crate) fn write(path: &Path, summary: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string(summary).expect("it has text keys alone") + "\n";
    match is_stdout(path) {
        true => print(text).map(drop),
        false => output::fill(create(path, true)?, path, text.as_bytes()),
    }
}

fn create(path: &Path, quiet: bool) -> Result<Output, Failure> {
    output::create(path, Options::replacing(true), quiet)
}

fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
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

/// What became of a run and of its summary: both are told of, the run by the status.
pub(crate) fn end(run: Result<Exit, Failure>, written: Result<(), Failure>) -> Result<Exit, Failure> {
    match (run, written) {
        (Ok(exit), Ok(())) => Ok(exit),
        (Ok(_), Err(failure)) | (Err(failure), Ok(())) => Err(failure),
        (Err(first), Err(second)) => {
            second.tell();
            Err(first)
        }
    }
}
