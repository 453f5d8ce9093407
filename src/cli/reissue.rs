//! `linkmint reissue`: a new token for whoever has one that ran out.

mod file;

use super::args::ReissueArgs;
use super::exit::{self, Exit, Failure, tell, warn};
use super::meaning::texts::Texts;
use super::meaning::{link, time, token};
use super::verify::checker::{PATIENCE, expected};
use super::{clock, ledger, lines, ring, rows, sign};
use linkmint::batch::reissue::own_address;
use linkmint::check::{Answer, CheckLedger, Checker, Headline, Rules};
use linkmint::excerpt::{Excerpt, Harmless};
use linkmint::key::Key;
use linkmint::ledger::{Options, Replacement};
use linkmint::link::{LinkPattern, named_host};
use linkmint::moment::{UnixTime, Zone};
use linkmint::paste;
use linkmint::token::{Refusal, Status, TokenId, Validity};
use std::path::PathBuf;

pub(crate) fn run(args: &ReissueArgs) -> Result<Exit, Failure> {
    match &args.file {
        Some(path) => file::run(path, args),
        None => of_text(args),
    }
}

fn of_text(args: &ReissueArgs) -> Result<Exit, Failure> {
    rows::refuse_file_flags(&args.list, &args.files, false)?;
    rows::refuse_list_flags(&args.list, &[(args.list.allow_empty, "--allow-empty")])?;
    let times = time::times(&args.time, clock::now()?)?;
    time::check_format_is_used(&args.time, "--expires-at or --not-before")?;
    let validity = sign::validity(&times)?;
    let pattern = link::pattern_of_flags(&args.link)?;
    let hosts = hosts(&args.allow_host)?;
    let expected = expected(&args.expect)?;
    let source = ring::locate(&args.keyring)?;
    let ring = source.load(args.files.quiet)?;
    let key = source.key_of(&ring, None)?;
    let (ledger, path) = open(args)?.unzip();
    let path = path.unwrap_or_default();
    let text = text(args)?;
    let rules = Rules {
        expected,
        ..Rules::new(ring.keys(), times.issued_at)
    };
    let mut checker = Checker::new(rules, ledger).patience(PATIENCE);
    let failure = |error| ledger::failure(error, &path);
    let old = match checker.check_text(&text, true).map_err(failure)? {
        answers if answers.len() > 1 => return Err(several(answers.len())),
        mut answers => answers.swap_remove(0),
    };
    let genuine = match old.replaceable(&checker.rules.expected) {
        Ok(genuine) => genuine,
        Err(refusal) => return refuse(args, &old, &refusal, times.reader.zone()),
    };
    let quiet = args.files.quiet || args.link.no_link;
    let address = pattern.or_else(|| pasted_address(&text, &old, &checker.rules, &hosts, quiet));
    let new = mint(genuine, key, &validity, address.as_ref())?;
    if let Some(ledger) = &mut checker.ledger {
        ledger.replace(genuine, new.record, args.revoke_old).map_err(failure)?;
        ledger::fold(&mut ledger.ledger, &path, args.files.quiet);
    }
    if !args.files.quiet {
        link::warn_of_route(&args.link);
        let Headline { word, sentence, .. } = old.headline(times.reader.zone());
        tell(&format!("replaces {}: {word}  {sentence}", named(genuine)), None);
    }
    print(&ReissuedJson::of(Some(&new), genuine, &old), args.json)
}

/// The hosts of `--allow-host`.
pub(super) fn hosts(flags: &[String]) -> Result<Vec<String>, Failure> {
    let host = |text: &String| {
        named_host(text).ok_or_else(|| {
            Failure::usage(format_args!("{} is no host", Excerpt(text)))
                .at("--allow-host")
                .hint("as shop.example, or shop.example:8443")
        })
    };
    flags.iter().map(host).collect()
}

/// The ledger, with its place. It is not made: an empty one would say that nothing was ever revoked.
fn open(args: &ReissueArgs) -> Result<Option<(CheckLedger, PathBuf)>, Failure> {
    if args.ignore_revocations {
        return Ok(None);
    }
    let path = ledger::locate(args.ledger.as_deref())?.ok_or_else(|| {
        Failure::usage("without a ledger nobody knows whether the old token was revoked")
            .hint("add --ledger FILE, or --ignore-revocations")
    })?;
    let options = Options {
        // a power cut takes no revocation along
        sync: true,
        clock: Some(clock::passed),
        ..Options::default()
    };
    let ledger = CheckLedger {
        ledger: ledger::open(&path, options, args.files.quiet)?,
        // the old token is looked up, and no check of it is counted
        counts: true,
        keep_sealed: false,
    };
    Ok(Some((ledger, path)))
}

/// The one text: an argument, else all of standard input.
fn text(args: &ReissueArgs) -> Result<String, Failure> {
    match Texts::of(&args.texts)? {
        Texts::These(texts) => match texts.as_slice() {
            [one] => Ok((*one).to_owned()),
            texts => Err(several(texts.len())),
        },
        Texts::Unsaid | Texts::Lines => lines::all_of_standard_input(),
    }
}

fn several(count: usize) -> Failure {
    Failure::usage(format_args!("there are {count} tokens, and one is replaced at a time"))
        .hint("give the one that is meant")
}

/// Tells why the old token has no successor.
fn refuse(args: &ReissueArgs, old: &Answer, refusal: &Refusal, zone: &Zone) -> Result<Exit, Failure> {
    let Headline { word, sentence, .. } = old.headline(zone);
    let hint = match refusal.status() {
        Status::Revoked => "`linkmint unrevoke` takes a revocation back, if that is meant",
        Status::ClaimMismatch => "`linkmint verify` shows its claims",
        _ => "only a token that a key of the keyring made is replaced",
    };
    let told = match refusal.status() {
        Status::ClaimMismatch => Harmless(&refusal.to_string()).to_string(),
        _ => format!("{word}  {sentence}"),
    };
    tell(&format!("no new token: {told}"), Some(hint));
    if args.json {
        let refused = Some(refusal.status().as_str());
        print(
            &ReissuedJson {
                refused,
                ..ReissuedJson::of(None, old, old)
            },
            true,
        )?;
    }
    Ok(Exit::Refused)
}

/// What a token is called.
fn named(answer: &Answer) -> String {
    let id = answer.facts.as_ref().and_then(|facts| facts.id);
    let key = answer.key_id.map(|id| id.to_string()).unwrap_or_default();
    match id {
        Some(id) => format!("token {key} {id}"),
        None => format!("a token of key {key}"),
    }
}

/// The address round the token in a text that was pasted, where its host is one of these: a stranger's address must not
/// become ours.
fn pasted_address(text: &str, old: &Answer, rules: &Rules, hosts: &[String], quiet: bool) -> Option<LinkPattern> {
    let (tokens, is_broken) = match &old.damaged {
        Some(damage) => (vec![damage.text.clone()], false),
        None => {
            let found = paste::settle(paste::candidates(text), &mut |text| rules.is_authentic(text));
            let mut cleaned = found.iter().flat_map(|candidate| &candidate.cleaned);
            let is_broken = cleaned.any(|cleaning| *cleaning == paste::Cleaning::LineBreaks);
            (found.into_iter().map(|candidate| candidate.text).collect(), is_broken)
        }
    };
    let found = own_address(text, tokens.iter().map(String::as_str), hosts);
    let why_none = match &found {
        Ok(None) if !hosts.is_empty() && is_broken => Some("it is broken over lines".to_owned()),
        Ok(None) if !hosts.is_empty() => Some("there is none that begins with https:// or http://".to_owned()),
        Ok(_) => None,
        Err(why) => Some(why.to_string()),
    };
    if let Some(why) = why_none.filter(|_| !quiet) {
        let hint = "--base-url gives the address; --allow-host HOST takes over those of your own host";
        warn(&format!("the pasted address is not taken over: {why}"), Some(hint));
    }
    found.ok().flatten()
}

/// The new token.
struct New {
    token: String,
    link: Option<String>,
    record: Replacement,
}

fn mint(old: &Answer, key: &Key, validity: &Validity, pattern: Option<&LinkPattern>) -> Result<New, Failure> {
    let id = TokenId::draw().map_err(|_| token::no_random())?;
    let token = old.reissue(key, validity, id).map_err(|error| {
        Failure::usage(format_args!("no token carries the claims of the old one: {error}"))
            .hint("it was made by another program: make a new one with `linkmint sign`")
    })?;
    let claim = |name: &str| old.facts.as_ref()?.claim(name);
    let link = pattern.map(|pattern| link::filled(pattern, &token, claim));
    let record = Replacement::new(key.id(), id, validity);
    Ok(New {
        link: link.transpose()?,
        token,
        record,
    })
}

/// What `--json` prints.
#[derive(serde::Serialize)]
struct ReissuedJson<'a> {
    token: Option<&'a str>,
    url_link: Option<&'a str>,
    expires_at: Option<UnixTime>,
    id: Option<String>,
    /// Why there is no new token.
    refused: Option<&'static str>,
    /// The old token; its undamaged form, where it was damaged.
    replaces: &'a Answer,
    damaged: bool,
}

impl<'a> ReissuedJson<'a> {
    fn of(new: Option<&'a New>, replaces: &'a Answer, old: &Answer) -> Self {
        Self {
            token: new.map(|new| &*new.token),
            url_link: new.and_then(|new| new.link.as_deref()),
            expires_at: new.and_then(|new| new.record.expires_at).map(UnixTime),
            id: new.map(|new| new.record.id.to_string()),
            refused: None,
            replaces,
            damaged: old.damaged.is_some(),
        }
    }
}

fn print(told: &ReissuedJson<'_>, as_json: bool) -> Result<Exit, Failure> {
    let line = match told.url_link.or(told.token).filter(|_| !as_json) {
        Some(line) => line.to_owned(),
        None => serde_json::to_string(told).expect("it has text keys alone"),
    };
    exit::print(line + "\n")
}
