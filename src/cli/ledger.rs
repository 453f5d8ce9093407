//! The ledger that a command was given.

use super::args::{LedgerArg, VerifyLedgerArgs};
use super::exit::{Failure, given, plain, say, warn};
use super::{apart, clock, hint};
use linkmint::check::CheckLedger;
use linkmint::excerpt::Harmless;
use linkmint::ledger::{Ledger, LedgerError, Location, Options};
use std::path::{Path, PathBuf};

const VARIABLE: &str = "LINKMINT_LEDGER";

/// The ledger's place: a flag's, else the variable's, where that is not empty.
pub(crate) fn locate(flag: Option<&Path>) -> Result<Option<PathBuf>, Failure> {
    // arguments are seen by all users of the machine
    if flag.is_some_and(|name| Location::of(name).has_password()) {
        let hint = "set PGPASSWORD, write it into ~/.pgpass, or the address into LINKMINT_LEDGER";
        return Err(
            Failure::usage("a password is no argument, or the address can't be understood")
                .at("--ledger")
                .hint(hint),
        );
    }
    let variable = || std::env::var_os(VARIABLE).filter(|value| !value.is_empty());
    Ok(flag.map(Path::to_owned).or_else(|| variable().map(PathBuf::from)))
}

/// The ledger of a command that can do nothing without one.
pub(crate) fn place(arg: &LedgerArg) -> Result<PathBuf, Failure> {
    locate(arg.ledger.as_deref())?
        .ok_or_else(|| Failure::usage("no ledger is named").hint("add --ledger FILE, or set LINKMINT_LEDGER"))
}

/// Its name as it may be printed: without a password.
pub(crate) fn shown(name: &Path) -> String {
    Harmless(&Location::of(name).to_string()).to_string()
}

/// Opens it, and says so when it was made.
pub(crate) fn open(path: &Path, options: Options, quiet: bool) -> Result<Ledger, Failure> {
    let ledger = Ledger::open(path, options).map_err(|error| failure(error, path))?;
    if ledger.is_new() {
        say(quiet, &format!("made the ledger {}", shown(path)));
    }
    Ok(ledger)
}

/// How a ledger is only read.
pub(crate) const READING: Options = Options {
    create: false,
    read_only: true,
    sync: false,
    clock: None,
};

/// Puts all revocations into the ledger's one file, which may be copied; where others keep it from that, says so.
pub(crate) fn fold(ledger: &mut Ledger, path: &Path, quiet: bool) {
    // what was written stays written
    if !ledger.fold().unwrap_or(false) && !quiet {
        let message = format!(
            "{}: others use it, so that a copy of the one file would lack the newest part",
            shown(path)
        );
        warn(&message, Some("linkmint ledger backup FILE copies all of it"));
    }
}

/// Why a ledger can't be used.
pub(crate) fn failure(error: LedgerError, path: &Path) -> Failure {
    let hint = hint::of_ledger(&error);
    let error = match error {
        LedgerError::Io(error) => plain(error),
        error => error.into(),
    };
    let failure = Failure::undecided(error).hint(hint);
    match path.as_os_str().is_empty() {
        true => failure.at("--ledger"),
        false => failure.at(shown(path)),
    }
}

/// Why counting ended halfway.
pub(crate) fn batch_failure(counted: u64, error: LedgerError, path: &Path) -> Failure {
    let failure = failure(error, path);
    match counted {
        0 => failure,
        _ => failure.after(format_args!(
            "after {} were counted",
            linkmint::number::counted(counted, "check")
        )),
    }
}

/// Nothing that is written may take the ledger's place.
pub(crate) fn check_apart(ledger: &Path, others: &[Option<&Path>]) -> Result<(), Failure> {
    let check = |other: &Option<&Path>| apart::check(&[("it", *other)], &[("the ledger", Some(ledger))]);
    others.iter().try_for_each(check)
}

/// The ledger that checks are counted in, with its place.
pub(crate) fn for_checks(args: &VerifyLedgerArgs, quiet: bool) -> Result<Option<(CheckLedger, PathBuf)>, Failure> {
    let flags = [
        (args.ledger_read_only, "--ledger-read-only"),
        (args.ledger_sync, "--ledger-sync"),
        (args.ledger_claims, "--ledger-claims"),
    ];
    let Some(path) = locate(args.ledger.as_deref())? else {
        return match given(&flags) {
            Some(flag) => Err(Failure::usage("no ledger is named").at(flag).hint("add --ledger FILE")),
            None => Ok(None),
        };
    };
    let options = Options {
        create: true,
        read_only: args.ledger_read_only,
        sync: args.ledger_sync,
        // somebody waits for the answer
        clock: Some(clock::passed),
    };
    let ledger = CheckLedger {
        ledger: open(&path, options, quiet)?,
        counts: !args.ledger_read_only,
        keep_sealed: args.ledger_claims,
    };
    Ok(Some((ledger, path)))
}
