//! `linkmint inspect`: what a token says, without any key and without a word of trust.

use super::args::InspectArgs;
use super::exit::{Exit, Failure};
use super::list::plain;
use super::report::look::Look;
use linkmint::check::{ClaimsJson, Facts};
use linkmint::moment::UnixTime;
use linkmint::paste;
use linkmint::token::{Malformed, Refusal, UntrustedToken};
use serde::Serialize;
use std::io::{self, Read, Write};

const HEADLINE: &str = "NOT VERIFIED: anyone could have written this";

pub(crate) fn run(args: &InspectArgs) -> Result<Exit, Failure> {
    let text = match args.text.as_str() {
        "-" => {
            let mut text = String::new();
            let read = io::stdin().lock().read_to_string(&mut text);
            read.map_err(|error| Failure::undecided(plain(error)).at("standard input"))?;
            text
        }
        text => text.to_owned(),
    };
    let candidates = paste::candidates(&text);
    let texts: Vec<&str> = candidates.iter().map(|candidate| candidate.text.as_str()).collect();
    let mut out = Vec::new();
    let mut exit = Exit::Done;
    for text in if texts.is_empty() { &[""][..] } else { &texts } {
        match look(text) {
            Ok(seen) => write(&mut out, &seen, args.json),
            Err(refusal) => {
                exit = Exit::Refused;
                write_refusal(&mut out, &refusal, args.json);
            }
        }
    }
    match io::stdout().lock().write_all(&out) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::undecided(plain(error)).at("standard output"))
        }
        _ => Ok(exit),
    }
}

/// What can be seen without a key.
struct Seen {
    key_id: Option<String>,
    format: &'static str,
    facts: Option<Facts>,
}

fn look(text: &str) -> Result<Seen, Refusal> {
    let mut buffer = Vec::new();
    if text.is_empty() {
        return Err(Malformed::Empty.into());
    }
    let token = UntrustedToken::read(text, &mut buffer)?;
    Ok(Seen {
        key_id: token.key_id().map(|id| id.to_string()),
        format: token.form().as_str(),
        facts: token.peek()?.map(|token| Facts::unverified(&token)),
    })
}

fn write(out: &mut Vec<u8>, seen: &Seen, json: bool) {
    let text = match json {
        true => to_json(&seen.unchecked()),
        false => to_text(seen),
    };
    out.extend_from_slice(text.as_bytes());
}

fn write_refusal(out: &mut Vec<u8>, refusal: &Refusal, json: bool) {
    let text = match json {
        true => to_json(&NoToken {
            verified: false,
            message: refusal.to_string(),
        }),
        false => format!("{HEADLINE}\n  {refusal}\n"),
    };
    out.extend_from_slice(text.as_bytes());
}

/// What `--json` tells; neither `valid` nor `status`, as nothing was checked.
#[derive(Serialize)]
struct Unchecked<'a> {
    verified: bool,
    key_id: Option<&'a str>,
    id: Option<String>,
    format: &'static str,
    issued_at: Option<UnixTime>,
    expires_at: Option<UnixTime>,
    not_before: Option<UnixTime>,
    claims: ClaimsJson<'a>,
}

/// What `--json` tells of a text that is no token.
#[derive(Serialize)]
struct NoToken {
    verified: bool,
    message: String,
}

fn to_json(object: &impl Serialize) -> String {
    serde_json::to_string(object).expect("it has text keys and no map") + "\n"
}

impl Seen {
    fn unchecked(&self) -> Unchecked<'_> {
        let facts = self.facts.as_ref();
        let time = |of: fn(&Facts) -> Option<u32>| facts.and_then(of).map(UnixTime);
        Unchecked {
            verified: false,
            key_id: self.key_id.as_deref(),
            id: facts.and_then(|facts| facts.id).map(|id| id.to_string()),
            format: self.format,
            issued_at: time(|facts| facts.times.issued_at()),
            expires_at: time(|facts| facts.times.expires_at()),
            not_before: time(|facts| facts.times.not_before()),
            claims: ClaimsJson(facts.map_or(&[], |facts| &facts.claims)),
        }
    }
}

fn to_text(seen: &Seen) -> String {
    let look = Look::of_stdout();
    let mut lines = Vec::new();
    let minute = |seconds: u32| look.minute(seconds);
    match &seen.facts {
        None => lines.push((
            "claims".into(),
            "hidden: a sealed token is read with its key".to_owned(),
        )),
        Some(facts) => {
            lines.extend(facts.claim_lines());
            if let Some(time) = facts.times.issued_at() {
                lines.push(("issued".into(), minute(time)));
            }
            let expires = facts.times.expires_at().map_or_else(|| "never".to_owned(), minute);
            lines.push(("expires".into(), expires));
            if let Some(start) = facts.times.not_before() {
                lines.push(("not before".into(), minute(start)));
            }
            lines.extend(facts.id.map(|id| ("id".into(), id.to_string())));
        }
    }
    let key = seen.key_id.clone().unwrap_or_else(|| "none of a keyring".to_owned());
    lines.push(("key".into(), key));
    lines.push(("format".into(), seen.format.to_owned()));
    format!("{HEADLINE}\n{}", look.aligned(&lines))
}
