//! `linkmint revoked`: what is called off.

use super::args::RevokedArgs;
use super::exit::{Exit, Failure, report_line};
use super::ledger;
use super::list::plain;
use super::report::answer::claims_json;
use super::report::look::Look;
use linkmint::excerpt::Harmless;
use linkmint::ledger::{Options, Revoked, Target};
use linkmint::moment::UnixTime;
use serde_json::{Value, json};
use std::io::{self, BufWriter, Write};

pub(crate) fn run(args: &RevokedArgs) -> Result<Exit, Failure> {
    let path = ledger::place(&args.ledger)?;
    let options = Options {
        read_only: true,
        ..Options::default()
    };
    let ledger = ledger::open(&path, options, args.quiet)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let look = Look::of_stdout();
    let (mut written, mut any) = (Ok(()), false);
    let listed = ledger.revoked(|entry| {
        any = true;
        written = match args.json {
            true => writeln!(out, "{}", to_json(&entry)),
            false => writeln!(out, "{}", to_text(&entry, &look)),
        };
        written.is_ok()
    });
    listed.map_err(|error| ledger::failure(error, &path))?;
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Exit::Done),
        Err(error) => return Err(Failure::undecided(plain(error)).at("standard output")),
        Ok(()) => {}
    }
    if !any && !args.quiet {
        report_line("linkmint: nothing is called off\n");
    }
    Ok(Exit::Done)
}

/// The tokens that a claim calls off, in words.
pub(super) fn all_with(name: &str, value: &str) -> String {
    format!("all tokens with {} {}", Harmless(name), Harmless(value))
}

/// When, what and why, in a line.
fn to_text(entry: &Revoked, look: &Look) -> String {
    let at = look.minute(entry.revocation.at);
    let what = match &entry.target {
        Target::Claim { name, value } => all_with(name, value),
        Target::Token { key_id, id, claims, .. } => {
            let id = id.map(|id| format!(" {id}")).unwrap_or_default();
            let claims = match claims {
                Some(claims) => claims
                    .iter()
                    .map(|(name, value)| format!("{} {}", Harmless(name), Harmless(value)))
                    .collect(),
                None => vec!["its claims are sealed".to_owned()],
            };
            let with = if claims.is_empty() { "" } else { "  " };
            format!("token {key_id}{id}{with}{}", claims.join(", "))
        }
        _ => String::new(),
    };
    let reason = &entry.revocation.reason;
    let reason = reason.as_ref().map(|reason| format!("  \"{}\"", Harmless(reason)));
    format!("{at}  {what}{}", reason.unwrap_or_default())
}

fn to_json(entry: &Revoked) -> Value {
    let time = |seconds: &u32| UnixTime(*seconds).to_string();
    let mut object = json!({
        "revoked_at": time(&entry.revocation.at),
        "reason": entry.revocation.reason,
        "how": entry.how.as_str(),
        "claim": null,
        "trace": null,
        "key_id": null,
        "id": null,
        "issued_at": null,
        "expires_at": null,
        "claims": null,
    });
    match &entry.target {
        Target::Claim { name, value } => object["claim"] = json!({"name": name, "value": value}),
        Target::Token {
            trace,
            key_id,
            id,
            issued_at,
            expires_at,
            claims,
        } => {
            object["trace"] = trace.to_string().into();
            object["key_id"] = key_id.to_string().into();
            object["id"] = id.map(|id| id.to_string()).into();
            object["issued_at"] = issued_at.as_ref().map(time).into();
            object["expires_at"] = expires_at.as_ref().map(time).into();
            object["claims"] = claims.as_deref().map(claims_json).into();
        }
        _ => {}
    }
    object
}
