//! `linkmint revoke` and `linkmint unrevoke`: revoking tokens, and undoing that.
//!
//! What can be done is done, in one transaction: who revokes links wants as many of them dead as possible, and to do
//! it again does no harm.

mod tokens;

use super::args::{RevokeArgs, TargetArgs};
use super::exit::{Exit, Failure, report_line, warn};
use super::meaning::{claims, pair};
use super::revoked::all_with;
use super::{clock, ledger};
use linkmint::excerpt::Harmless;
use linkmint::ledger::{How, Ledger, LedgerError, MAX_REASON, Options, Target};
use linkmint::moment::{UnixTime, Words, Zone};
use linkmint::number::counted;
use linkmint::token::Revocation;
use std::path::PathBuf;
use tokens::Tokens;

const TAKE_CLAIM_BACK: &str = "unrevoke --claim NAME=VALUE takes that back, for all of them";

pub(crate) fn revoke(args: &RevokeArgs) -> Result<Exit, Failure> {
    let at = clock::now_or(args.now.as_deref())?;
    let revocation = Revocation {
        at: at.0,
        reason: reason(args)?,
    };
    let mut request = Request::open(&args.targets, true)?;
    let mut outcome = Outcome::default();
    for (name, value) in &request.claims {
        let before = request.ledger.revoke_claim(name, value, &revocation);
        let before = before.map_err(|error| request.failure(error))?;
        let what = all_with(name, value);
        outcome.add(&what, before.map(|before| told(&before, at)));
    }
    if let Some(tokens) = &request.tokens {
        let before = request.ledger.revoke(&tokens.sightings, tokens.how, &revocation);
        let before = before.map_err(|error| ledger::failure(error, &request.path))?;
        for (index, before) in before.into_iter().enumerate() {
            outcome.add(tokens.name(index), before.map(|before| told(&before, at)));
        }
    }
    ledger::fold(&mut request.ledger, &request.path, args.targets.quiet);
    let words = ["revoked", "already revoked", "already revoked"];
    Ok(request.end(&outcome, words))
}

pub(crate) fn unrevoke(args: &TargetArgs) -> Result<Exit, Failure> {
    let mut request = Request::open(args, false)?;
    let mut outcome = Outcome::default();
    for (name, value) in &request.claims {
        let was = request.ledger.unrevoke_claim(name, value);
        let was = was.map_err(|error| request.failure(error))?;
        let what = all_with(name, value);
        outcome.add(&what, (!was).then(String::new));
    }
    if let Some(tokens) = &request.tokens {
        let were = request.ledger.unrevoke(&tokens.sightings);
        let were = were.map_err(|error| ledger::failure(error, &request.path))?;
        for (index, was) in were.into_iter().enumerate() {
            outcome.add(tokens.name(index), (!was).then(String::new));
        }
    }
    ledger::fold(&mut request.ledger, &request.path, args.quiet);
    let words = ["no longer revoked", "not revoked by itself", "not revoked"];
    let exit = request.end(&outcome, words);
    request.warn_of_claims()?;
    Ok(exit)
}

fn reason(args: &RevokeArgs) -> Result<Option<String>, Failure> {
    let Some(reason) = &args.reason else { return Ok(None) };
    let reason = reason.trim();
    let wrong = match reason.len() {
        0 => "it is empty".to_owned(),
        1..=MAX_REASON if !reason.contains(char::is_control) => return Ok(Some(reason.to_owned())),
        1..=MAX_REASON => "it has a control character".to_owned(),
        length => format!("it is {length} bytes long, at most {MAX_REASON} are kept"),
    };
    Err(Failure::usage(wrong).at("--reason").hint("say it in one line"))
}

/// When and why it was revoked before.
fn told(before: &Revocation, now: UnixTime) -> String {
    let ago = Words(u64::from(now.0.saturating_sub(before.at)));
    let minute = Zone::local().minute_beside_utc(UnixTime(before.at));
    let reason = before
        .reason
        .as_ref()
        .map(|reason| format!(": \"{}\"", Harmless(reason)));
    format!(" {ago} ago, at {minute}{}", reason.unwrap_or_default())
}

/// What was asked for, and the ledger to do it in.
struct Request<'a> {
    args: &'a TargetArgs,
    claims: Vec<(String, String)>,
    tokens: Option<Tokens>,
    ledger: Ledger,
    path: PathBuf,
}

impl<'a> Request<'a> {
    /// Everything is understood before the ledger is touched.
    fn open(args: &'a TargetArgs, create: bool) -> Result<Self, Failure> {
        let path = ledger::place(&args.ledger)?;
        let claims = args.claim.iter().map(|text| {
            let (name, value) = pair("--claim", text)?;
            let name = claims::claim_name("--claim", name)?;
            // as cells are when a token is minted
            let value = value.trim_ascii();
            claims::check_value("--claim", &name, value)?;
            Ok((name.as_str().to_owned(), value.to_owned()))
        });
        let claims = claims.collect::<Result<_, Failure>>()?;
        let options = Options {
            create,
            sync: true,
            ..Options::default()
        };
        // what is no ledger is told before a long list is read, and none is made before there is something for it
        let open = || ledger::open(&path, options, args.quiet);
        let opened = (!create || path.exists()).then(open).transpose()?;
        let tokens = tokens::of(args)?;
        let ledger = opened.map_or_else(open, Ok)?;
        Ok(Self {
            args,
            claims,
            tokens,
            ledger,
            path,
        })
    }

    fn failure(&self, error: LedgerError) -> Failure {
        ledger::failure(error, &self.path)
    }

    /// A token whose own revocation was taken back may still be revoked by what it claims.
    fn warn_of_claims(&self) -> Result<(), Failure> {
        let Some(tokens) = self.tokens.as_ref().filter(|_| !self.args.quiet) else {
            return Ok(());
        };
        let mut claims = Vec::new();
        let listed = self.ledger.revoked(|entry| match entry.target {
            Target::Claim { name, value } => {
                claims.push((name, value));
                true
            }
            _ => false,
        });
        listed.map_err(|error| self.failure(error))?;
        for (token, (name, value)) in tokens.with_claims(&claims) {
            let by = all_with(name, value);
            warn(&format!("still revoked, with {by}: {token}"), Some(TAKE_CLAIM_BACK));
        }
        if tokens.how == How::List && !claims.is_empty() {
            let count = counted(claims.len() as u64, "claim");
            let message = format!("{count} may still revoke tokens of this list");
            warn(&message, Some("linkmint revoked tells which"));
        }
        Ok(())
    }

    /// Tells what was done: of a list in numbers, else one by one. The words are for what was done, for what was so
    /// before, and for many of these.
    fn end(&self, outcome: &Outcome, [done, already, many_already]: [&str; 3]) -> Exit {
        let is_list = self.tokens.as_ref().is_some_and(|tokens| tokens.how == How::List);
        let mut text = String::new();
        if is_list {
            text = format!("linkmint: {} {done}", counted(outcome.done, "token"));
            if outcome.already > 0 {
                text += &format!(", {} {many_already}", counted(outcome.already, "token"));
            }
            text.push('\n');
        } else {
            for (what, already_told) in &outcome.each {
                text += &match already_told {
                    None => format!("linkmint: {done}: {what}\n"),
                    Some(told) => format!("linkmint: {already}{told}: {what}\n"),
                };
            }
        }
        if !self.args.quiet {
            report_line(&text);
        }
        match self.tokens.as_ref().is_some_and(|tokens| tokens.refused) {
            true => Exit::Refused,
            false => Exit::Done,
        }
    }
}

/// What was done, and what was so before.
#[derive(Default)]
struct Outcome {
    done: u64,
    already: u64,
    /// Of those that have a name.
    each: Vec<(String, Option<String>)>,
}

impl Outcome {
    fn add(&mut self, what: &str, already: Option<String>) {
        self.done += u64::from(already.is_none());
        self.already += u64::from(already.is_some());
        if !what.is_empty() {
            self.each.push((what.to_owned(), already));
        }
    }
}
