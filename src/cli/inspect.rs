//! `linkmint inspect`: what a token says, without any key and without a word of trust.

use super::args::InspectArgs;
use super::exit::{Exit, Failure, printed};
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
    let seen = match Texts::of(&args.texts)? {
        Texts::Unsaid if io::stdin().is_terminal() => {
            return Err(Failure::usage("there is no text").hint("linkmint inspect -- TEXT"));
        }
        Texts::Unsaid => sights.of_text(&lines::all_of_standard_input()?),
        Texts::These(texts) => texts.iter().try_for_each(|text| sights.of_text(text)),
        Texts::Lines => sights.of_lines()?,
    };
    printed(seen.and_then(|()| sights.out.flush()))?;
    Ok(sights.exit)
}

/// Tells what is in texts, and remembers whether all of it could be read.
struct Sights {
    json: bool,
    out: BufWriter<io::StdoutLock<'static>>,
    exit: Exit,
}

impl Sights {
    /// The result within is the output's.
    fn of_lines(&mut self) -> Result<io::Result<()>, Failure> {
        let mut lines = Lines::of_standard_input()?;
        while let Some(line) = lines.next()? {
            let told = match line {
                Line::Text(text) => self.of_text(&text),
                Line::TooLong => self.tell(Err(Malformed::TextTooLong.into())),
            };
            let told = told.and_then(|()| match lines.has_more_at_hand() {
                true => Ok(()),
                // who reads along must not wait
                false => self.out.flush(),
            });
            if told.is_err() {
                return Ok(told);
            }
        }
        Ok(Ok(()))
    }

    fn of_text(&mut self, text: &str) -> io::Result<()> {
        let of_mail = mail::pasted(text, Vec::new, &mut |_| false);
        let candidates = of_mail.unwrap_or_else(|| paste::candidates(text));
        if candidates.is_empty() {
            return self.tell(Err(Malformed::Empty.into()));
        }
        candidates
            .iter()
            .try_for_each(|candidate| self.tell(look(&candidate.text)))
    }

    fn tell(&mut self, seen: Result<Inspected, Refusal>) -> io::Result<()> {
        if seen.is_err() {
            self.exit = Exit::Refused;
        }
        let text = match (&seen, self.json) {
            (Ok(seen), true) => to_json(&Unchecked {
                verified: false,
                token: TokenJson::of(seen.key_id, Some(seen.form), seen.facts.as_ref()),
            }),
            (Ok(seen), false) => to_text(seen),
            (Err(refusal), true) => to_json(&NoToken {
                verified: false,
                message: refusal.to_string(),
            }),
            (Err(refusal), false) => format!("{NOT_VERIFIED}\n  {refusal}\n"),
        };
        self.out.write_all(text.as_bytes())
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
    token: TokenJson<'a>,
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
