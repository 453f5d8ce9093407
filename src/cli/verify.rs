//! `linkmint verify`: is this token good?

mod checker;
pub(super) mod file;
mod scan;

use super::args::VerifyArgs;
use super::exit::{Exit, Failure, report_line, tell};
use super::list::plain;
use super::report::answer::to_text;
use super::report::look::Look;
use super::rows;
use checker::Checks;
use linkmint::check::Answer;
use linkmint::excerpt::Harmless;
use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal, Read, Write};
use std::path::Path;

/// The most of one pasted text that is read, in bytes.
const MOST_TEXT: u64 = 1 << 20;

pub(crate) fn run(args: VerifyArgs) -> Result<Exit, Failure> {
    if let Some(path) = &args.file {
        return file::run(path, &args);
    }
    refuse_list_flags(&args)?;
    let checker = Checks::new(&args)?;
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
    let files = &args.files;
    let others = [
        (files.output.is_some(), "--output"),
        (files.rejects.is_some(), "--rejects"),
        (files.force, "--force"),
        (files.sync, "--sync"),
        (files.threads.is_some(), "--threads"),
    ];
    rows::refuse_list_flags(&args.list, &others)
}

/// Gives answers out and remembers whether all were good.
struct Answers<'a> {
    args: &'a VerifyArgs,
    checker: Checks,
    out: BufWriter<io::StdoutLock<'static>>,
    look: Look,
    refused: bool,
}

impl<'a> Answers<'a> {
    fn new(args: &'a VerifyArgs, checker: Checks) -> Self {
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
            let mut answers = self.checker.check_text(text, repair)?;
            let last = index + 1 == texts.len();
            if let Err(error) = self.give(&mut answers)? {
                return self.closed(error, !last);
            }
            if !self.args.files.quiet && answers.iter().all(|answer| answer.form.is_none()) {
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
        let mut answers = self.checker.check_text(&text, !self.args.no_repair)?;
        match self.give(&mut answers)? {
            Err(error) => self.closed(error, false),
            Ok(()) => self.end(),
        }
    }

    /// One text a line, one answer a line: of several tokens in a line, the first that is not valid.
    fn of_lines(mut self, allow_empty: bool) -> Result<Exit, Failure> {
        let mut input = BufReader::with_capacity(64 << 10, io::stdin().lock());
        let (mut line, mut lines) = (Vec::new(), 0u64);
        let mut waiting = Vec::new();
        loop {
            line.clear();
            let read = input.read_until(b'\n', &mut line).map_err(unreadable)?;
            if read == 0 {
                break;
            }
            lines += 1;
            let text = String::from_utf8_lossy(&line);
            let mut answers = self.checker.check_text(text.trim_end_matches(['\n', '\r']), false)?;
            let told = answers.iter().position(|answer| !answer.is_valid()).unwrap_or(0);
            waiting.push(answers.swap_remove(told));
            // nothing more is at hand: who reads along must not wait
            let pause = input.buffer().is_empty();
            if !pause && waiting.len() < self.checker.answers_at_a_time() {
                continue;
            }
            let given = self.give(&mut waiting)?.and_then(|()| match pause {
                true => self.out.flush(),
                false => Ok(()),
            });
            waiting.clear();
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

    /// Counts the answers and gives them; the result within is the output's.
    fn give(&mut self, answers: &mut [Answer]) -> Result<io::Result<()>, Failure> {
        self.checker.count(answers)?;
        self.refused |= !answers.iter().all(Answer::is_valid);
        Ok(answers.iter().try_for_each(|answer| self.write(answer)))
    }

    fn write(&mut self, answer: &Answer) -> io::Result<()> {
        match &self.args.print {
            _ if self.args.json => {
                serde_json::to_writer(&mut self.out, answer)?;
                self.out.write_all(b"\n")
            }
            Some(name) => writeln!(self.out, "{}", answer.printed(name)),
            None => self.out.write_all(to_text(answer, &self.look).as_bytes()),
        }
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
