//! `linkmint inspect`: what a token says, without any key and without a word of trust.

use super::args::InspectArgs;
use super::exit::{Exit, Failure, closed};
use super::lines::{self, Line, Lines};
use super::meaning::texts::Texts;
use super::report::answer::NOT_VERIFIED;
use super::report::look::Look;
use linkmint::check::{Facts, TokenJson};
use linkmint::key::KeyId;
use linkmint::token::{Form, Malformed, Refusal, UntrustedToken};
use linkmint::{mail, paste};
use serde::Serialize;
use std::io::{self, BufWriter, IsTerminal, Write};

pub(crate) fn run(args: &InspectArgs) -> Result<Exit, Failure> {
    let mut sights = Sights {
        json: args.json,
        out: BufWriter::new(io::stdout().lock()),
        exit: Exit::Done,
    };
    match Texts::of(&args.texts)? {
        Texts::Unsaid if io::stdin().is_terminal() => {
            return Err(Failure::usage("there is no text").hint("linkmint inspect -- TEXT"));
        }
        Texts::Unsaid => sights.of_text(&lines::all_of_standard_input()?)?,
        Texts::These(texts) => texts.iter().try_for_each(|text| sights.of_text(text))?,
        Texts::Lines => sights.of_lines()?,
    }
    sights.flush()?;
    Ok(sights.exit)
}

/// Tells what is in texts, and remembers whether all of it could be read.
struct Sights {
    json: bool,
    out: BufWriter<io::StdoutLock<'static>>,
    exit: Exit,
}

impl Sights {
    fn of_lines(&mut self) -> Result<(), Failure> {
        let mut lines = Lines::of_standard_input()?;
        while let Some(line) = lines.next()? {
            match line {
                Line::Text(text) => self.of_text(&text)?,
                Line::TooLong => self.tell(Err(Malformed::TextTooLong.into()))?,
            }
            // who reads along must not wait
            if !lines.has_more_at_hand() {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn of_text(&mut self, text: &str) -> Result<(), Failure> {
        let of_mail = mail::pasted(text, Vec::new, &mut |_| false);
        let candidates = of_mail.unwrap_or_else(|| paste::candidates(text));
        if candidates.is_empty() {
            return self.tell(Err(Malformed::Empty.into()));
        }
        candidates
            .iter()
            .try_for_each(|candidate| self.tell(look(&candidate.text)))
    }

    fn tell(&mut self, seen: Result<Inspected, Refusal>) -> Result<(), Failure> {
        if seen.is_err() {
            self.exit = Exit::Refused;
        }
        let text = match (&seen, self.json) {
            (Ok(seen), false) => to_text(seen),
            (Err(refusal), false) => format!("{NOT_VERIFIED}\n  {refusal}\n"),
            (seen, true) => {
                let token = seen.as_ref().ok();
                let object = Unchecked {
                    verified: false,
                    token: token.map(|seen| TokenJson::of(seen.key_id, Some(seen.form), seen.facts.as_ref())),
                    message: seen.as_ref().err().map(ToString::to_string),
                };
                serde_json::to_string(&object).expect("it has text keys and no map") + "\n"
            }
        };
        let written = self.out.write_all(text.as_bytes());
        written.map_err(|error| self.closed(error))
    }

    fn flush(&mut self) -> Result<(), Failure> {
        self.out.flush().map_err(|error| self.closed(error))
    }

    fn closed(&self, error: io::Error) -> Failure {
        closed(error, self.exit == Exit::Refused, false)
    }
}

/// What can be seen without a key.
struct Inspected {
    key_id: Option<KeyId>,
    form: Form,
    facts: Option<Facts>,
}

fn look(text: &str) -> Result<Inspected, Refusal> {
    let mut buffer = Vec::new();
    if text.is_empty() {
        return Err(Malformed::Empty.into());
    }
    let token = UntrustedToken::read(text, &mut buffer)?;
    Ok(Inspected {
        key_id: token.key_id(),
        form: token.form(),
        facts: token.peek()?.map(|token| Facts::unverified(&token)),
    })
}

/// What `--json` tells; neither `valid` nor `status`, as nothing was checked.
#[derive(Serialize)]
struct Unchecked<'a> {
    verified: bool,
    #[serde(flatten)]
    token: Option<TokenJson<'a>>,
    /// Why a text is no token.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

fn to_text(seen: &Inspected) -> String {
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
            if let Some(time) = facts.times.issued_at {
                lines.push(("issued".into(), minute(time)));
            }
            let expires = facts.times.expires_at.map_or_else(|| "never".to_owned(), minute);
            lines.push(("expires".into(), expires));
            if let Some(start) = facts.times.not_before {
                lines.push(("not before".into(), minute(start)));
            }
            lines.extend(facts.id.map(|id| ("id".into(), id.to_string())));
        }
    }
    let key = seen.key_id.map(|id| id.to_string());
    lines.push(("key".into(), key.unwrap_or_else(|| "none of a keyring".to_owned())));
    let algorithm = seen.form.algorithm().filter(|_| seen.form.is_public());
    let algorithm = algorithm.map(|name| format!(", {name}")).unwrap_or_default();
    lines.push(("format".into(), format!("{}{algorithm}", seen.form.as_str())));
    format!("{NOT_VERIFIED}\n{}", look.aligned(&lines))
}
