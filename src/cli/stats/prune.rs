//! `--prune`: what belongs to tokens that have expired goes, after a question.

use crate::cli::args::StatsArgs;
use crate::cli::exit::{Exit, Failure, say};
use crate::cli::ledger;
use crate::cli::terminal::ask;
use linkmint::ledger::{Ledger, LedgerError, Options, Target};
use linkmint::moment::UnixTime;
use linkmint::number::counted;
use std::path::Path;

/// What will be dropped.
#[derive(Debug, Default)]
struct Expired {
    tokens: u64,
    checks: u64,
    revocations: u64,
}

impl Expired {
    fn of(book: &Ledger, now: UnixTime) -> Result<Self, LedgerError> {
        let mut found = Self::default();
        let is_over = |expires_at: Option<u32>| expires_at.is_some_and(|expiry| expiry <= now.0);
        book.tokens(|token| {
            if is_over(token.expires_at) {
                (found.tokens, found.checks) = (found.tokens + 1, found.checks + token.uses()?.count);
            }
            Ok(())
        })?;
        book.revoked(|entry| {
            let expires_at = match entry.target {
                Target::Token { expires_at, .. } => expires_at,
                _ => None,
            };
            found.revocations += u64::from(is_over(expires_at));
            true
        })?;
        Ok(found)
    }
}

impl std::fmt::Display for Expired {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [checks, tokens] = [counted(self.checks, "check"), counted(self.tokens, "token")];
        write!(
            f,
            "{checks} of {tokens} and {}",
            counted(self.revocations, "revocation")
        )
    }
}

pub(super) fn run(path: &Path, now: UnixTime, args: &StatsArgs) -> Result<Exit, Failure> {
    let mut book = ledger::open(path, Options::default(), args.quiet)?;
    let failure = |error| ledger::failure(error, path);
    let expired = Expired::of(&book, now).map_err(failure)?;
    if expired.tokens == 0 && expired.revocations == 0 {
        say(args.quiet, "nothing has expired, and nothing was dropped");
        return Ok(Exit::Done);
    }
    if !args.yes && !confirmed(&expired, now)? {
        say(args.quiet, "nothing was dropped");
        return Ok(Exit::Refused);
    }
    let tokens = book.prune(now).map_err(failure)?;
    let _ = book.end_bulk();
    // more may have been counted since
    let dropped = Expired { tokens, ..expired };
    say(args.quiet, &format!("dropped {dropped} that expired by {now}"));
    Ok(Exit::Done)
}

fn confirmed(expired: &Expired, now: UnixTime) -> Result<bool, Failure> {
    let unasked = Failure::usage(format_args!("{expired} would be dropped, and nobody is there to ask"));
    let question = format!(
        "{expired} that expired by {now} will be dropped, and no report will count them again. Type yes to go on: "
    );
    Ok(ask(&question, unasked.at("--prune"))?.eq_ignore_ascii_case("yes"))
}
