//! The checker that the flags of `verify` ask for.

use crate::cli::args::VerifyArgs;
use crate::cli::exit::Failure;
use crate::cli::meaning::{claims, pair, time};
use crate::cli::{clock, ledger, ring};
use linkmint::check::{Answer, Checker, Patience, Rules};
use linkmint::ledger::LedgerError;
use linkmint::paste::Candidate;
use linkmint::token::Malformed;
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

    pub(super) fn failure(&self, error: LedgerError) -> Failure {
        ledger::failure(error, &self.ledger_path)
    }

    /// The answers about all tokens in a text; there is always one.
    pub(super) fn check_text(&mut self, text: &str, repair: bool) -> Result<Vec<Answer>, Failure> {
        let answers = self.checker.check_text(text, repair);
        answers.map_err(|error| self.failure(error))
    }

    /// The answer about a token's exact text.
    pub(super) fn check_exact(&mut self, text: &str) -> Result<Answer, Failure> {
        let answer = self.checker.check_exact(text);
        answer.map_err(|error| self.failure(error))
    }

    /// The answer about a text that can't be looked at.
    pub(super) fn refused(&self, flaw: Malformed) -> Answer {
        self.checker.refused(flaw)
    }

    /// The answer about a token that was found in a text.
    pub(super) fn check(&mut self, candidate: &Candidate) -> Result<Answer, Failure> {
        let answer = self.checker.check(candidate);
        answer.map_err(|error| self.failure(error))
    }

    /// So many answers may wait for each other, to be counted together.
    pub(super) fn answers_at_a_time(&self) -> usize {
        if self.checker.ledger.is_some() { 1_000 } else { 1 }
    }

    /// Counts the answers that are about to be given.
    pub(super) fn count(&mut self, answers: &mut [Answer]) -> Result<(), Failure> {
        let counted = self.checker.count(answers);
        counted.map_err(|error| self.failure(error))
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
