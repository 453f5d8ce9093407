//! `linkmint verify`: is this token good?

mod file;
mod scan;

use super::args::VerifyArgs;
use super::exit::{Exit, Failure, report_line, tell};
use super::list::plain;
use super::meaning::{claims, pair, time};
use super::report::answer::{Answer, Damage, Facts, Mismatch};
use super::report::look::Look;
use super::{clock, ring};
use linkmint::excerpt::Harmless;
use linkmint::key::Key;
use linkmint::keyring::Keyring;
use linkmint::moment::UnixTime;
use linkmint::paste::{self, Candidate};
use linkmint::repair;
use linkmint::token::{Authentic, Malformed, Refusal, UntrustedToken};
use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal, Read, Write};
use std::path::Path;

/// The most of one pasted text that is read, in bytes.
const MOST_TEXT: u64 = 1 << 20;

pub(crate) fn run(args: VerifyArgs) -> Result<Exit, Failure> {
    if let Some(path) = &args.file {
        return file::run(path, &args);
    }
    refuse_list_flags(&args)?;
    let checker = Checker::new(&args)?;
    if !args.scan.paths.is_empty() {
        return scan::run(&args, checker);
    }
    let answers = Answers::new(&args, checker);
    match args.texts.as_slice() {
        [] => answers.of_standard_input(args.list.allow_empty),
        [line] if line == "-" => answers.of_lines(args.list.allow_empty),
        texts if texts.iter().any(|text| text == "-") => {
            Err(Failure::usage("`-` and texts exclude each other").hint("give either, not both"))
        }
        texts => answers.of_texts(texts),
    }
}

/// Flags about lists mean nothing without one.
fn refuse_list_flags(args: &VerifyArgs) -> Result<(), Failure> {
    let (list, files) = (&args.list, &args.files);
    let given = [
        (list.delimiter.is_some(), "--delimiter"),
        (list.encoding.is_some(), "--encoding"),
        (list.no_header, "--no-header"),
        (list.sheet.is_some(), "--sheet"),
        (files.output.is_some(), "--output"),
        (files.rejects.is_some(), "--rejects"),
        (files.force, "--force"),
        (files.sync, "--sync"),
        (files.threads.is_some(), "--threads"),
    ];
    match given.iter().find(|(given, _)| *given) {
        Some((_, flag)) => Err(Failure::usage("it is about a list, and no list is given")
            .at(flag)
            .hint("name the list with --file FILE")),
        None => Ok(()),
    }
}

/// What a token is checked against.
struct Checker {
    ring: Keyring,
    now: UnixTime,
    leeway: u64,
    expected: Vec<(String, String)>,
    buffer: Vec<u8>,
}

impl Checker {
    fn new(args: &VerifyArgs) -> Result<Self, Failure> {
        let now = match &args.now {
            Some(text) => time::instant("--now", text)?,
            None => clock::now()?,
        };
        let leeway = time::duration("--leeway", &args.leeway)?;
        let expected = args.expect.iter().map(|text| {
            let (name, value) = pair("--expect", text)?;
            Ok((
                claims::claim_name("--expect", name)?.as_str().to_owned(),
                value.to_owned(),
            ))
        });
        Ok(Self {
            expected: expected.collect::<Result<_, Failure>>()?,
            ring: ring::locate(&args.keyring)?.load(args.files.quiet)?,
            now,
            leeway,
            buffer: Vec::new(),
        })
    }

    /// The answers about all tokens in a text; there is always one. With `repair`, a lone token that is not genuine is
    /// held against all that are one slip away.
    fn check_text(&mut self, text: &str, repair: bool) -> Vec<Answer> {
        let candidates = paste::candidates(text);
        let keys = self.ring.keys();
        let candidates = paste::settle(candidates, &mut |text| is_authentic(text, keys));
        match candidates.as_slice() {
            [] => vec![Answer::refused(Malformed::Empty.into())],
            [lone] if repair => {
                let mut answer = self.check(lone);
                if answer.facts.is_none() {
                    let readings = std::iter::once(lone).chain(&lone.other_readings);
                    answer.damaged = readings.filter_map(|reading| self.find_slip(&reading.text)).next();
                }
                vec![answer]
            }
            all => all.iter().map(|candidate| self.check(candidate)).collect(),
        }
    }

    fn find_slip(&mut self, text: &str) -> Option<Damage> {
        let keys = self.ring.keys();
        let slip = repair::one_slip_from_authentic(text, keys)?;
        let undamaged = self.check_one(&slip.repaired);
        Some(Damage {
            slip,
            undamaged: Box::new(undamaged),
        })
    }

    fn check(&mut self, candidate: &Candidate) -> Answer {
        Answer {
            cleaned: candidate.cleaned.clone(),
            ..self.check_one(&candidate.text)
        }
    }

    /// The answer about a token's exact text.
    fn check_one(&mut self, text: &str) -> Answer {
        match UntrustedToken::read(text, &mut self.buffer) {
            Err(refusal) => Answer::refused(refusal),
            Ok(token) => {
                let (key_id, form) = (token.key_id(), token.form());
                let answer = match token.authenticate(self.ring.keys()) {
                    Ok(token) => judge(&token, self.now, self.leeway, &self.expected),
                    Err(refusal) => Answer::refused(refusal),
                };
                Answer {
                    key_id,
                    format: Some(form.as_str()),
                    ..answer
                }
            }
        }
    }
}

fn is_authentic(text: &str, keys: &[Key]) -> bool {
    let mut buffer = Vec::new();
    UntrustedToken::read(text, &mut buffer).is_ok_and(|token| token.authenticate(keys).is_ok())
}

/// Times first, then what was expected.
fn judge(token: &Authentic<'_>, now: UnixTime, leeway: u64, expected: &[(String, String)]) -> Answer {
    let facts = Facts::of(token);
    let mismatch = |(name, value): &(String, String)| {
        let claim = facts.claim(name);
        (claim != Some(value)).then(|| Mismatch {
            name: name.clone(),
            token: claim.map(str::to_owned),
            expected: value.clone(),
        })
    };
    let mut refusal = token.check(u64::from(now.0), leeway).err();
    let mut mismatches = Vec::new();
    if refusal.is_none() {
        mismatches.extend(expected.iter().filter_map(mismatch));
        refusal = mismatches.first().map(|first| Refusal::ClaimMismatch {
            name: first.name.clone(),
        });
    }
    Answer {
        refusal,
        facts: Some(facts),
        mismatches,
        ..Answer::default()
    }
}

/// Gives answers out and remembers whether all were good.
struct Answers<'a> {
    args: &'a VerifyArgs,
    checker: Checker,
    out: BufWriter<io::StdoutLock<'static>>,
    look: Look,
    refused: bool,
}

impl<'a> Answers<'a> {
    fn new(args: &'a VerifyArgs, checker: Checker) -> Self {
        Self {
            args,
            checker,
            out: BufWriter::new(io::stdout().lock()),
            look: Look::of_stdout(),
            refused: false,
        }
    }

    fn of_texts(mut self, texts: &[String]) -> Result<Exit, Failure> {
        for (index, text) in texts.iter().enumerate() {
            let repair = !self.args.no_repair && texts.len() == 1;
            let answers = self.checker.check_text(text, repair);
            let last = index + 1 == texts.len();
            if let Err(error) = self.give(&answers) {
                return self.closed(error, !last);
            }
            if !self.args.files.quiet && answers.iter().all(|answer| answer.format.is_none()) {
                // after the answer that it is about
                let _ = self.out.flush();
                hint_at_file(text);
            }
        }
        self.end()
    }

    /// One text: asked for at a terminal, else all there is.
    fn of_standard_input(mut self, allow_empty: bool) -> Result<Exit, Failure> {
        let text = match io::stdin().is_terminal() {
            true => asked(self.args.files.quiet)?,
            false => all_of_standard_input()?,
        };
        if text.trim().is_empty() {
            return empty(allow_empty, "there is no token to check");
        }
        let answers = self.checker.check_text(&text, !self.args.no_repair);
        match self.give(&answers) {
            Err(error) => self.closed(error, false),
            Ok(()) => self.end(),
        }
    }

    /// One text a line, one answer a line: of several tokens in a line, the first that is not valid.
    fn of_lines(mut self, allow_empty: bool) -> Result<Exit, Failure> {
        let mut input = BufReader::with_capacity(64 << 10, io::stdin().lock());
        let (mut line, mut lines) = (Vec::new(), 0u64);
        loop {
            line.clear();
            let read = input.read_until(b'\n', &mut line).map_err(unreadable)?;
            if read == 0 {
                break;
            }
            lines += 1;
            let text = String::from_utf8_lossy(&line);
            let answers = self.checker.check_text(text.trim_end_matches(['\n', '\r']), false);
            let told = answers.iter().position(|answer| !answer.is_valid()).unwrap_or(0);
            let given = self
                .give(&answers[told..=told])
                .and_then(|()| match input.buffer().is_empty() {
                    // nothing more is at hand: who reads along must not wait
                    true => self.out.flush(),
                    false => Ok(()),
                });
            if let Err(error) = given {
                // the last line may have been just answered
                let unchecked = input.fill_buf().is_ok_and(|rest| !rest.is_empty());
                return self.closed(error, unchecked);
            }
        }
        match lines {
            0 => empty(allow_empty, "there are no lines to check"),
            _ => self.end(),
        }
    }

    fn give(&mut self, answers: &[Answer]) -> io::Result<()> {
        let (now, leeway) = (self.checker.now, self.checker.leeway);
        for answer in answers {
            self.refused |= !answer.is_valid();
            match &self.args.print {
                _ if self.args.json => writeln!(self.out, "{}", answer.to_json(now))?,
                Some(name) => writeln!(self.out, "{}", answer.printed(name))?,
                None => self.out.write_all(answer.to_text(now, leeway, &self.look).as_bytes())?,
            }
        }
        Ok(())
    }

    fn end(mut self) -> Result<Exit, Failure> {
        match self.out.flush() {
            Err(error) => self.closed(error, false),
            Ok(()) if self.refused => Ok(Exit::Refused),
            Ok(()) => Ok(Exit::Done),
        }
    }

    /// The output can't be written any more. A closed pipe ends quietly with what is known so far.
    fn closed(&self, error: io::Error, unchecked: bool) -> Result<Exit, Failure> {
        match error.kind() {
            io::ErrorKind::BrokenPipe if self.refused => Ok(Exit::Refused),
            io::ErrorKind::BrokenPipe if unchecked => Ok(Exit::Undecided),
            io::ErrorKind::BrokenPipe => Ok(Exit::Done),
            _ => Err(Failure::undecided(plain(error)).at("standard output")),
        }
    }
}

/// Who names a file in the place of a token means what is in it.
fn hint_at_file(text: &str) {
    if Path::new(text).is_file() {
        report_line(&format!("hint: {} is a file: --file checks its rows\n", Harmless(text)));
    }
}

fn asked(quiet: bool) -> Result<String, Failure> {
    if !quiet {
        tell("paste a token or a link, and end it with an empty line", None);
    }
    let mut text = String::new();
    loop {
        let before = text.len();
        let read = io::stdin().lock().read_line(&mut text).map_err(unreadable)?;
        let blank = text[before..].trim().is_empty();
        if read == 0 || (blank && !text.trim().is_empty()) || text.len() as u64 > MOST_TEXT {
            return Ok(text);
        }
    }
}

fn all_of_standard_input() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .take(MOST_TEXT + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > MOST_TEXT {
        let error = anyhow::anyhow!("the text is longer than {} MiB", MOST_TEXT >> 20);
        return Err(Failure::undecided(error)
            .at("standard input")
            .hint("`-` checks one text per line"));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn unreadable(error: io::Error) -> Failure {
    Failure::undecided(plain(error)).at("standard input")
}

fn empty(allowed: bool, message: &'static str) -> Result<Exit, Failure> {
    match allowed {
        true => Ok(Exit::Done),
        false => Err(Failure::undecided(anyhow::anyhow!(message)).hint("--allow-empty makes this no failure")),
    }
}
