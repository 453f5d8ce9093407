//! `linkmint ledger`: what is done with a ledger as a file.

use super::args::LedgerArg;
use super::exit::{Exit, Failure, say, shown};
use super::{apart, hint, ledger, output};
use linkmint::ledger::{LedgerError, Location};
use linkmint::output::OutputError;
use std::path::Path;

pub(crate) fn run(file: &Path, ledger: &LedgerArg, quiet: bool) -> Result<Exit, Failure> {
    let path = ledger::place(ledger)?;
    if let Location::Server(_) = Location::of(&path) {
        let address = ledger::shown(&path);
        return Err(Failure::usage(LedgerError::OnServer)
            .at(&address)
            .hint(format_args!("pg_dump -n linkmint \"{address}\" > FILE copies it")));
    }
    apart::check(&[("the backup", Some(file))], &[("the ledger", Some(&path))])?;
    let copied = ledger::open(&path, ledger::READING, quiet)?.backup(file);
    copied.map_err(|error| match error {
        LedgerError::Location(error @ OutputError::Exists) => {
            // there is no --force: an earlier backup is never replaced
            Failure::usage(error).at_path(file).hint("name another file")
        }
        LedgerError::Location(error) => output::failure(error, file),
        error @ (LedgerError::Folder | LedgerError::NoFile) => {
            let hint = hint::of_ledger(&error);
            Failure::usage(error).at_path(file).hint(hint)
        }
        LedgerError::Io(error) => output::failure(error.into(), file),
        error => ledger::failure(error, &path),
    })?;
    say(quiet, &format!("copied the ledger {} to {}", shown(&path), shown(file)));
    output::tell_leftovers(file, quiet);
    Ok(Exit::Done)
}
