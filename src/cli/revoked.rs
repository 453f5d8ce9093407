//! `linkmint revoked`: what is revoked.

use super::args::RevokedArgs;
use super::exit::{Exit, Failure, printed, say};
use super::ledger;
use super::report::look::Look;
use linkmint::excerpt::Harmless;
use linkmint::ledger::{Revoked, Target};
use linkmint::stats::RevokedJson;
use std::io::{self, BufWriter, Write};

pub(crate) fn run(args: &RevokedArgs) -> Result<Exit, Failure> {
    let path = ledger::place(&args.ledger)?;
    let ledger = ledger::open(&path, ledger::READING, args.quiet)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let look = Look::of_stdout();
    let (mut written, mut any) = (Ok(()), false);
    let listed = ledger.revoked(|entry| {
        any = true;
        written = match args.json {
            true => write_json(&mut out, &entry),
            false => writeln!(out, "{}", to_text(&entry, &look)),
        };
        written.is_ok()
    });
    listed.map_err(|error| ledger::failure(error, &path))?;
    let exit = printed(written.and_then(|()| out.flush()))?;
    say(any || args.quiet, "nothing is revoked");
    Ok(exit)
}

fn write_json(out: &mut impl Write, entry: &Revoked) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &RevokedJson::from(entry))?;
    out.write_all(b"\n")
}

/// The tokens that a claim revokes, in words.
pub(super) fn all_with(name: &str, value: &str) -> String {
    format!("all tokens with {} {}", Harmless(name), Harmless(value))
}

/// Claims in words.
pub(super) fn claims_text(claims: &[(String, String)]) -> String {
    let claim = |(name, value): &(String, String)| format!("{} {}", Harmless(name), Harmless(value));
    claims.iter().map(claim).collect::<Vec<_>>().join(", ")
}

/// When, what and why, in a line.
fn to_text(entry: &Revoked, look: &Look) -> String {
    let at = look.minute(entry.revocation.at);
    let what = match &entry.target {
        Target::Claim { name, value } => all_with(name, value),
        Target::Token { key_id, id, claims, .. } => {
            let id = id.map(|id| format!(" {id}")).unwrap_or_default();
            let claims = match claims {
                Some(claims) => claims_text(claims),
                None => "its claims are sealed".to_owned(),
            };
            let with = if claims.is_empty() { "" } else { "  " };
            format!("token {key_id}{id}{with}{claims}")
        }
        _ => String::new(),
    };
    let reason = &entry.revocation.reason;
    let reason = reason.as_ref().map(|reason| format!("  \"{}\"", Harmless(reason)));
    format!("{at}  {what}{}", reason.unwrap_or_default())
}
