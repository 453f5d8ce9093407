//! The checker that the flags of `verify` ask for.

use crate::cli::args::VerifyArgs;
use crate::cli::exit::Failure;
use crate::cli::meaning::{claims, pair, time};
use crate::cli::{clock, ledger, ring};
use linkmint::check::{Checker, Patience, Rules};
use linkmint::ledger::LedgerError;
use std::path::PathBuf;
use std::time::Duration;

/// Longer nobody waits for the token one slip away.
pub(in crate::cli) const PATIENCE: Patience = Patience {
    clock: clock::passed,
    limit: Duration::from_secs(2),
};

/// A checker whose failures name the ledger's place.
pub(super) struct Checks {
    pub(super) checker: Checker,
    /// Empty without a ledger.
    pub(super) ledger_path: PathBuf,
}

impl Checks {
    pub(super) fn new(args: &VerifyArgs) -> Result<Self, Failure> {
        let now = clock::now_or(args.now.as_deref())?;
        let leeway = time::duration("--leeway", &args.leeway)?;
        let expected = expected(&args.expect)?;
        let ring = ring::locate(&args.keyring)?.load(args.files.quiet)?;
        let rules = Rules {
            leeway,
            expected,
            ..Rules::new(ring.keys(), now)
        };
        let (ledger, path) = ledger::for_checks(&args.ledger, args.files.quiet)?.unzip();
        Ok(Self {
            checker: Checker::new(rules, ledger).patience(PATIENCE),
            ledger_path: path.unwrap_or_default(),
        })
    }

    /// Has the checker do something; a failure names the ledger's place.
    pub(super) fn ask<T>(&mut self, ask: impl FnOnce(&mut Checker) -> Result<T, LedgerError>) -> Result<T, Failure> {
        ask(&mut self.checker).map_err(|error| ledger::failure(error, &self.ledger_path))
    }

    /// So many answers may wait for each other, to be counted together.
    pub(super) fn answers_at_a_time(&self) -> usize {
        if self.checker.ledger.is_some() { 1_000 } else { 1 }
    }
}

/// The claims of `--expect`.
pub(in crate::cli) fn expected(flags: &[String]) -> Result<Vec<(String, String)>, Failure> {
    let expected = flags.iter().map(|text| {
        let (name, value) = pair("--expect", text)?;
        Ok((
            claims::claim_name("--expect", name)?.as_str().to_owned(),
            // as cells are when a token is minted
            value.trim_ascii().to_owned(),
        ))
    });
    expected.collect()
}
