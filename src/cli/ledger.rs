//! The ledger that a command was given.

use super::args::{LedgerArg, VerifyLedgerArgs};
use super::exit::{Failure, report_line};
use super::list::{is_same_file, plain};
use super::report::answer::{Answer, uses_json};
use linkmint::batch::Counter;
use linkmint::batch::verify::Count;
use linkmint::excerpt::Harmless;
use linkmint::ledger::{Ledger, LedgerError, Options, Place, Sightings, Uses};
use linkmint::moment::UnixTime;
use linkmint::token::{Authentic, Revocation, Revocations};
use std::path::{Path, PathBuf};

const VARIABLE: &str = "LINKMINT_LEDGER";

/// The ledger's place: a flag's, else the variable's, where that is not empty.
pub(crate) fn locate(flag: Option<&Path>) -> Result<Option<PathBuf>, Failure> {
    // arguments are seen by all users of the machine
    if flag.is_some_and(|name| Place::of(name).has_password()) {
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
fn shown(name: &Path) -> String {
    Harmless(&Place::of(name).to_string()).to_string()
}

/// Opens it, and says so when it was made.
pub(crate) fn open(path: &Path, options: Options, quiet: bool) -> Result<Ledger, Failure> {
    let ledger = Ledger::open(path, options).map_err(|error| failure(error, path))?;
    if ledger.is_new() && !quiet {
        report_line(&format!("linkmint: made the ledger {}\n", shown(path)));
    }
    Ok(ledger)
}

/// Why a ledger can't be used.
pub(crate) fn failure(error: LedgerError, path: &Path) -> Failure {
    let hint = error.hint();
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
            super::report::count::counted(counted, "check")
        )),
    }
}

/// Nothing that is written may take the ledger's place.
pub(crate) fn check_apart(ledger: &Path, others: &[Option<&Path>]) -> Result<(), Failure> {
    for other in others.iter().flatten() {
        if is_same_file(ledger, other) {
            return Err(Failure::usage("it would overwrite the ledger")
                .at_path(other)
                .hint("name another file"));
        }
    }
    Ok(())
}

/// The ledger of `verify`, with what is to be done with it.
pub(crate) struct Book {
    ledger: Ledger,
    path: PathBuf,
    counts: bool,
    keep_sealed: bool,
}

impl Book {
    pub(crate) fn open(args: &VerifyLedgerArgs, quiet: bool) -> Result<Option<Self>, Failure> {
        let given = [
            (args.ledger_read_only, "--ledger-read-only"),
            (args.ledger_sync, "--ledger-sync"),
            (args.ledger_claims, "--ledger-claims"),
        ];
        let Some(path) = locate(args.ledger.as_deref())? else {
            return match given.iter().find(|(given, _)| *given) {
                Some((_, flag)) => Err(Failure::usage("no ledger is named").at(flag).hint("add --ledger FILE")),
                None => Ok(None),
            };
        };
        let options = Options {
            create: true,
            read_only: args.ledger_read_only,
            sync: args.ledger_sync,
        };
        Ok(Some(Self {
            ledger: open(&path, options, quiet)?,
            path,
            counts: !args.ledger_read_only,
            keep_sealed: args.ledger_claims,
        }))
    }

    fn failure(&self, error: LedgerError) -> Failure {
        failure(error, &self.path)
    }

    /// Why a token is called off, if it is.
    pub(crate) fn revocation(&self, token: &Authentic<'_>) -> Result<Option<Revocation>, Failure> {
        let found = self.ledger.revocation(&token.trace(), token.claims());
        found.map_err(|error| self.failure(error))
    }

    /// Notes in the answer about a token what is to be counted or, where nothing is, what was.
    pub(crate) fn see(&self, token: &Authentic<'_>, answer: &mut Answer) -> Result<(), Failure> {
        let trace = token.trace();
        if self.counts {
            answer.seen.add(token, trace, answer.status(), self.keep_sealed);
        } else {
            let uses = self.ledger.uses(&trace).map_err(|error| self.failure(error))?;
            answer.uses = Some(uses);
        }
        Ok(())
    }

    pub(crate) fn place(&self) -> PathBuf {
        self.path.clone()
    }

    /// Nothing of a command may overwrite its ledger.
    pub(crate) fn check_apart(&self, others: &[Option<&Path>]) -> Result<(), Failure> {
        check_apart(&self.path, others)
    }

    /// All that is called off, for many tokens.
    pub(crate) fn revocations(&self) -> Result<Revocations, Failure> {
        self.ledger.revocations().map_err(|error| self.failure(error))
    }

    /// What is counted of the rows of a list, or looked up for answers that tell it.
    pub(crate) fn batch_count(&self, tells: bool) -> Count {
        match self.counts || tells {
            true => Count::Authentic {
                keep_sealed: self.keep_sealed,
            },
            false => Count::None,
        }
    }

    /// Makes ready for the rows of a list.
    pub(crate) fn counter(
        &mut self,
        now: UnixTime,
        tells: bool,
        streams: bool,
    ) -> Result<Option<Counter<'_>>, Failure> {
        if self.batch_count(tells) == Count::None {
            return Ok(None);
        }
        if self.counts {
            let begun = self.ledger.begin_bulk();
            begun.map_err(|error| failure(error, &self.path))?;
        }
        Ok(Some(Counter {
            ledger: &mut self.ledger,
            now,
            read_only: !self.counts,
            holds: tells || streams,
            uses: tells.then_some(&|uses, out| out.extend_from_slice(uses_json(uses).to_string().as_bytes())),
        }))
    }

    /// Tidies up after them. All is counted by now: whoever opens it next can do the rest.
    pub(crate) fn end_batch(&mut self) {
        if self.counts {
            let _ = self.ledger.end_bulk();
        }
    }

    /// Counts all answers that are to be counted, and tells each how often its token was checked by then.
    pub(crate) fn count(&mut self, answers: &mut [Answer], now: UnixTime) -> Result<(), Failure> {
        let mut all = Sightings::default();
        answers.iter().for_each(|answer| all.extend(&answer.seen, 1));
        let counted = self.ledger.count(&all, now);
        let mut counted: std::vec::IntoIter<Uses> = counted.map_err(|error| self.failure(error))?.into_iter();
        for answer in answers.iter_mut().filter(|answer| !answer.seen.is_empty()) {
            answer.uses = counted.next();
        }
        Ok(())
    }
}
