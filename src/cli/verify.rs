//! `linkmint verify`: is this token good?

mod ask;
pub(super) mod checker;
pub(super) mod file;
mod misplaced;
mod printed;
mod scan;

use super::args::VerifyArgs;
use super::exit::{self, Exit, Failure, report_line};
use super::lines::{self, Line, Lines};
use super::meaning::texts::Texts;
use super::report::answer::to_text;
use super::report::look::Look;
use super::rows;
use checker::Checks;
use linkmint::check::Answer;
use linkmint::token::Malformed;
use printed::PrintedName;
use std::io::{self, BufWriter, IsTerminal, Write};

pub(crate) fn run(args: VerifyArgs) -> Result<Exit, Failure> {
    if let Some(path) = &args.file {
        return file::run(path, &args);
    }
    let scans = !args.paths.is_empty();
    rows::refuse_file_flags(&args.list, &args.files, scans)?;
    if scans {
        return scan::run(&args, Checks::new(&args)?);
    }
    refuse_allow_empty(&args)?;
    let texts = Texts::of(&args.texts)?;
    let answers = Answers::new(&args, Checks::new(&args)?);
    match texts {
        texts if args.exact => answers.of_exactly_one(&texts),
        Texts::Unsaid => answers.of_standard_input(args.list.allow_empty),
        Texts::Lines => answers.of_lines(args.list.allow_empty),
        Texts::These(texts) => answers.of_texts(&texts),
    }
}

/// Where a token was to stand, a stranger may have written it: it would make no token at all a success.
fn refuse_allow_empty(args: &VerifyArgs) -> Result<(), Failure> {
    let texts = args.texts.texts.iter().any(|text| text != "-") || !args.texts.texts_after.is_empty();
    let asks = [
        (texts, "a text"),
        (args.exact, "--exact"),
        (!args.expect.is_empty(), "--expect"),
        (args.print.is_some(), "--print"),
        (args.json, "--json"),
    ];
    match exit::given(&asks) {
        Some(ask) if args.list.allow_empty => Err(Failure::usage(format_args!("it excludes {ask}"))
            .at("--allow-empty")
            .hint("leave it out; a text that may look like a flag goes behind --")),
        _ => Ok(()),
    }
}

/// Gives answers out and remembers whether all were good.
struct Answers<'a> {
    args: &'a VerifyArgs,
    checks: Checks,
    out: BufWriter<io::StdoutLock<'static>>,
    look: Look,
    refused: bool,
    printed: Option<PrintedName>,
}

impl<'a> Answers<'a> {
    fn new(args: &'a VerifyArgs, checks: Checks) -> Self {
        Self {
            args,
            checks,
            out: BufWriter::new(io::stdout().lock()),
            look: Look::of_stdout(),
            refused: false,
            printed: args.print.as_deref().map(PrintedName::of),
        }
    }

    /// One token as it is: the one text, else the one line of standard input.
    fn of_exactly_one(mut self, texts: &Texts<'_>) -> Result<Exit, Failure> {
        let answer = match texts {
            Texts::Unsaid if io::stdin().is_terminal() => return self.of_terminal(false),
            Texts::Unsaid | Texts::Lines => {
                let mut lines = Lines::of_standard_input()?;
                let first = lines.next()?;
                match (first, lines.has_more()) {
                    (_, true) => self.checks.checker.refused(Malformed::SeveralTokens),
                    (None, _) => self.checks.checker.refused(Malformed::Empty),
                    (Some(Line::TooLong), _) => self.checks.checker.refused(Malformed::TextTooLong),
                    (Some(Line::Text(text)), _) => self.checks.ask(|checker| checker.check_exact(&text))?,
                }
            }
            Texts::These(texts) => match texts.as_slice() {
                [one] => self.checks.ask(|checker| checker.check_exact(one))?,
                _ => self.checks.checker.refused(Malformed::SeveralTokens),
            },
        };
        let mut answers = [answer];
        self.refuse_print(&answers)?;
        self.give(&mut answers, || false)?;
        self.end()
    }

    fn of_texts(mut self, texts: &[&str]) -> Result<Exit, Failure> {
        for (index, text) in texts.iter().enumerate() {
            let repair = !self.args.no_repair && texts.len() == 1;
            let mut answers = self.check(text, repair)?;
            if texts.len() == 1 {
                self.refuse_print(&answers)?;
            }
            self.give(&mut answers, || index + 1 < texts.len())?;
            self.hint_at_flag(text, &answers);
        }
        self.end()
    }

    /// One text: all there is. A terminal is asked for more.
    fn of_standard_input(self, allow_empty: bool) -> Result<Exit, Failure> {
        if io::stdin().is_terminal() {
            return self.of_terminal(allow_empty);
        }
        let text = lines::all_of_standard_input()?;
        if text.trim().is_empty() {
            return empty(allow_empty, "there is no token to check");
        }
        self.of_texts(&[&text])
    }

    /// One text a line, one answer a line.
    fn of_lines(mut self, allow_empty: bool) -> Result<Exit, Failure> {
        let mut input = Lines::of_standard_input()?;
        let (mut waiting, mut is_empty) = (Vec::new(), true);
        while let Some(line) = input.next()? {
            is_empty = false;
            waiting.push(match line {
                Line::Text(text) => most_telling(self.checks.ask(|checker| checker.check_text(&text, false))?),
                Line::TooLong => self.checks.checker.refused(Malformed::TextTooLong),
            });
            // nothing more is at hand: who reads along must not wait
            let pause = !input.has_more_at_hand();
            if !pause && waiting.len() < self.checks.answers_at_a_time() {
                continue;
            }
            // the last line may have been just answered
            self.give(&mut waiting, || input.has_more())?;
            if pause {
                self.flush(|| input.has_more())?;
            }
            waiting.clear();
        }
        match is_empty {
            true => empty(allow_empty, "there are no lines to check"),
            false => {
                if let Some(ledger) = &mut self.checks.checker.ledger {
                    ledger.end_list();
                }
                self.end()
            }
        }
    }

    /// The answers about a text: one where each text has one line.
    fn check(&mut self, text: &str, repair: bool) -> Result<Vec<Answer>, Failure> {
        let answers = self.checks.ask(|checker| checker.check_text(text, repair))?;
        Ok(match self.args.print {
            Some(_) => vec![most_telling(answers)],
            None => answers,
        })
    }

    /// Refuses a `--print` that would print nothing, before anything is counted or printed.
    fn refuse_print(&mut self, answers: &[Answer]) -> Result<(), Failure> {
        let Some(printed) = &mut self.printed else {
            return Ok(());
        };
        printed.see(answers);
        printed.refuse_unknown()
    }

    /// Says which flag reads a text that is a file, a mail or a list, below the answer that this is about.
    fn hint_at_flag(&mut self, text: &str, answers: &[Answer]) {
        let is_answered = matches!(answers, [answer] if answer.form.is_some());
        if !self.args.files.quiet
            && !is_answered
            && let Some(hint) = misplaced::hint(text)
        {
            let _ = self.out.flush();
            report_line(&format!("hint: {hint}\n"));
        }
    }

    /// Counts the answers and gives them. Only where they can't be written, it is asked whether something is left unchecked.
    fn give(&mut self, answers: &mut [Answer], unchecked: impl FnOnce() -> bool) -> Result<(), Failure> {
        self.checks.ask(|checker| checker.count(answers))?;
        self.refused |= !answers.iter().all(Answer::is_valid);
        if let Some(printed) = &mut self.printed {
            printed.see(answers);
        }
        let written = answers.iter().try_for_each(|answer| self.write(answer));
        written.map_err(|error| exit::closed(error, self.refused, unchecked()))
    }

    fn flush(&mut self, unchecked: impl FnOnce() -> bool) -> Result<(), Failure> {
        let flushed = self.out.flush();
        flushed.map_err(|error| exit::closed(error, self.refused, unchecked()))
    }

    fn write(&mut self, answer: &Answer) -> io::Result<()> {
        match &self.args.print {
            _ if self.args.json => {
                serde_json::to_writer(&mut self.out, answer)?;
                self.out.write_all(b"\n")
            }
            Some(name) => writeln!(self.out, "{}", answer.printed(name)),
            None => self
                .out
                .write_all(to_text(answer, &self.look, self.args.show_mended).as_bytes()),
        }
    }

    fn end(mut self) -> Result<Exit, Failure> {
        self.flush(|| false)?;
        if let Some(printed) = &self.printed {
            printed.refuse_unknown()?;
        }
        Ok(if self.refused { Exit::Refused } else { Exit::Done })
    }
}

/// Of several tokens in a text, the first that is not valid.
fn most_telling(mut answers: Vec<Answer>) -> Answer {
    let told = answers.iter().position(|answer| !answer.is_valid()).unwrap_or(0);
    answers.swap_remove(told)
}

fn empty(allowed: bool, message: &'static str) -> Result<Exit, Failure> {
    match allowed {
        true => Ok(Exit::Done),
        false => Err(Failure::undecided(anyhow::anyhow!(message)).hint("--allow-empty makes this no failure")),
    }
}
