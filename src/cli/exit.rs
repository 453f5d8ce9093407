//! Exit statuses, and the one place where an error is printed.

use anyhow::Error;
use clap::error::ErrorKind;
use linkmint::excerpt::Harmless;
use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// What a script learns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All done, every token valid.
    Done = 0,
    /// A row was rejected, or a token is not valid.
    Refused = 1,
    /// Wrong whatever the rows say: flags, columns, an output that exists.
    Usage = 2,
    /// Nothing was decided: I/O, keyring, an unreadable structure, no rows.
    Undecided = 3,
    /// SIGHUP: the terminal is gone.
    HungUp = 129,
    /// Ctrl-C.
    Interrupted = 130,
    /// SIGTERM.
    Terminated = 143,
}

impl Exit {
    /// What tells of the signal that ended the process.
    pub(crate) fn of_signal(signal: i32) -> Self {
        match signal {
            1 => Exit::HungUp,
            2 => Exit::Interrupted,
            _ => Exit::Terminated,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// An error with its place, its advice and its status.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    exit: Exit,
    place: Option<String>,
    /// The error with its causes, in one line.
    message: String,
    hint: Option<String>,
    /// A pipe that was closed: nobody reads, so nothing is said.
    quiet: bool,
}

impl Failure {
    pub(crate) fn new(exit: Exit, error: impl Into<Error>) -> Self {
        Self {
            exit,
            place: None,
            message: format!("{:#}", error.into()),
            hint: None,
            quiet: false,
        }
    }

    /// A mistake in the flags, the columns or the like.
    pub(crate) fn usage(message: impl Display) -> Self {
        Self::new(Exit::Usage, Error::msg(message.to_string()))
    }

    /// Nothing was decided.
    pub(crate) fn undecided(error: impl Into<Error>) -> Self {
        Self::new(Exit::Undecided, error)
    }

    /// Ends without a word.
    pub(crate) fn silent(exit: Exit) -> Self {
        Self {
            quiet: true,
            ..Self::new(exit, Error::msg(""))
        }
    }

    /// The same failure with another status.
    pub(crate) fn again(&self, exit: impl Fn(Exit) -> Exit) -> Self {
        Self {
            exit: exit(self.exit),
            ..self.clone()
        }
    }

    pub(crate) fn at(mut self, place: impl Display) -> Self {
        self.place = Some(place.to_string());
        self
    }

    pub(crate) fn at_path(self, path: &Path) -> Self {
        let place = shown(path);
        self.at(place)
    }

    pub(crate) fn hint(mut self, hint: impl Display) -> Self {
        self.hint = Some(hint.to_string());
        self
    }

    /// The same error with what was done by then.
    pub(crate) fn after(mut self, done: impl Display) -> Self {
        self.message += &format!(", {done}");
        self
    }

    pub(crate) fn maybe_hint(self, hint: Option<impl Display>) -> Self {
        match hint {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }

    /// The error with its place.
    pub(crate) fn message(&self) -> String {
        let place = self.place.as_ref().map(|place| format!("{place}: "));
        place.unwrap_or_default() + &self.message
    }

    /// Prints the error, if there is anything to say, and gives its status.
    pub(crate) fn tell(self) -> Exit {
        if !self.quiet {
            tell(&self.message(), self.hint.as_deref());
        }
        self.exit
    }
}

/// The first of these flags that was given.
pub(crate) fn given<'f>(flags: &[(bool, &'f str)]) -> Option<&'f str> {
    flags.iter().find_map(|(is_given, flag)| is_given.then_some(*flag))
}

/// An error's two lines.
pub(crate) fn tell(message: &str, hint: Option<&str>) {
    let mut text = format!("linkmint: {message}\n");
    if let Some(hint) = hint {
        text += &format!("hint: {hint}\n");
    }
    report_line(&text);
}

/// What was done, unless nobody wants to be told.
pub(crate) fn say(quiet: bool, message: &str) {
    if !quiet {
        tell(message, None);
    }
}

/// A warning's lines.
pub(crate) fn warn(message: &str, hint: Option<&str>) {
    tell(&format!("warning: {message}"), hint);
}

/// Writes to stderr; when even that is closed, nobody is left to tell.
pub(crate) fn report_line(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Writes what was asked for to standard output.
pub(crate) fn print(text: impl AsRef<[u8]>) -> Result<Exit, Failure> {
    printed(io::stdout().lock().write_all(text.as_ref()))
}

/// What became of standard output: a pipe that was closed ends quietly.
pub(crate) fn printed(result: io::Result<()>) -> Result<Exit, Failure> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(closed(error, false, false)),
        _ => Ok(Exit::Done),
    }
}

/// The end of answers whose output can't be written any more. A closed pipe ends quietly with what is known so far.
pub(crate) fn closed(error: io::Error, refused: bool, unchecked: bool) -> Failure {
    match error.kind() {
        io::ErrorKind::BrokenPipe if refused => Failure::silent(Exit::Refused),
        io::ErrorKind::BrokenPipe if unchecked => Failure::silent(Exit::Undecided),
        io::ErrorKind::BrokenPipe => Failure::silent(Exit::Done),
        _ => Failure::undecided(plain(error)).at("standard output"),
    }
}

/// A path as it may be printed.
pub(crate) fn shown(path: &Path) -> String {
    Harmless(&path.to_string_lossy()).to_string()
}

/// Prints help and version to stdout, a mistake in clap's words and our form to stderr, with a better hint than clap's if
/// there is one.
pub(super) fn tell_usage(error: &clap::Error, command: &str, better: Option<String>) -> Exit {
    if !error.use_stderr() {
        let _ = error.print();
        return Exit::Done;
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        // no command was given: what there are is all there is to say
        let _ = error.print();
        return Exit::Usage;
    }
    let text = error.render().to_string();
    let mut paragraphs = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    let first = paragraphs.next().unwrap_or_default();
    let message: Vec<&str> = first.trim_start_matches("error:").lines().map(str::trim).collect();
    // of several tips, each on its line, the first is the likeliest
    let tips = paragraphs.find_map(|part| part.strip_prefix("tip:"));
    let tip = tips.and_then(|tips| tips.split("\n  tip:").next()).map(str::trim);
    let hint = match tip {
        _ if better.is_some() => better.unwrap_or_default(),
        // that it was meant as a value is the less likely reading
        Some(tip) if tip.starts_with("to pass") => format!("{}; {tip}", usage_hint(command)),
        Some(tip) => tip.to_owned(),
        None => usage_hint(command),
    };
    // a pasted text may stand where a flag was read
    let (message, hint) = (message.join(" "), Harmless(&hint).to_string());
    tell(&Harmless(message.trim()).to_string(), Some(&hint));
    Exit::Usage
}

fn usage_hint(command: &str) -> String {
    format!("`{command} --help` shows what it takes")
}

/// An I/O error in the system's words, without Rust's number.
pub(crate) fn plain(error: io::Error) -> anyhow::Error {
    let text = error.to_string();
    let words = text.split(" (os error").next().unwrap_or_default().to_lowercase();
    anyhow::anyhow!(words)
}
