//! The command line: the only room that knows a terminal, a clock and an environment.
//!
//! A file a command. What was typed ([`args`]) is one thing, what is meant by it ([`meaning`]) another; what is told
//! ([`report`]) and with which exit status ([`exit`]) is the same for all.

mod apart;
#[cfg(feature = "serve")]
mod api_key;
mod args;
mod backup;
mod clock;
mod exit;
mod generate;
mod hint;
mod inspect;
mod key;
mod ledger;
mod lines;
mod list;
mod manual;
mod meaning;
mod misread;
mod output;
mod qr;
mod reissue;
mod report;
mod revoke;
mod revoked;
mod ring;
mod rows;
#[cfg(feature = "serve")]
mod serve;
mod shell;
mod sign;
mod signals;
mod simd;
mod stats;
mod terminal;
mod text;
mod topics;
mod verify;

use args::{Cli, Command, LedgerCommand};
use clap::builder::Resettable;
use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};
use exit::{Exit, Failure};
use std::ffi::{OsStr, OsString};

/// Reads the command line. Help and version are printed here, and so is what can't be understood.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, Exit> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Some(wanted) = list::SheetWanted::of(&arguments) {
        return Ok(Command::ReadWorkbook(wanted));
    }
    if let Some(topic) = topic_of(&arguments) {
        return Err(exit::print(topic.text()).unwrap_or_else(Failure::tell));
    }
    let matches = without_empty_variables(Cli::command()).try_get_matches_from(&arguments);
    let parsed = matches.and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches));
    parsed.map(|cli| cli.command).map_err(|error| {
        let root = Cli::command();
        let (command, words) = command_of(&root, &arguments);
        let name = words.join(" ");
        let is_help = error.kind() == ErrorKind::DisplayHelp;
        // whether a stranger may have written one of its arguments
        let takes_texts = command
            .get_arguments()
            .any(|argument| argument.get_id() == "texts_after");
        match is_help && takes_texts && arguments.len() != words.len() + 1 {
            true => help_beside_more(&name).tell(),
            false => exit::tell_usage(&error, &name, misread::hint(&error, &arguments, &root, command, &name)),
        }
    })
}

/// An empty variable is as good as unset: units and containers have no other way to unset one.
fn without_empty_variables(command: clap::Command) -> clap::Command {
    let is_empty = |name: &OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    let command = command.mut_args(|arg| match arg.get_env().is_some_and(is_empty) {
        true => arg.env(Resettable::Reset),
        false => arg,
    });
    command.mut_subcommands(without_empty_variables)
}

/// `linkmint help environment`: clap's own help knows commands only.
fn topic_of(arguments: &[OsString]) -> Option<&'static topics::Topic> {
    match arguments {
        [_, help, name] if help == "help" => topics::TOPICS.iter().find(|topic| name == topic.name),
        _ => None,
    }
}

/// The command that is named, and the words that name it: `linkmint key export`.
fn command_of<'c>(root: &'c clap::Command, arguments: &[OsString]) -> (&'c clap::Command, Vec<&'c str>) {
    let (mut command, mut words) = (root, vec![root.get_name()]);
    for argument in arguments.iter().skip(1) {
        let Some(found) = command.find_subcommand(argument) else {
            break;
        };
        command = found;
        words.push(found.get_name());
    }
    (command, words)
}

/// `--help` where a token was to stand would be a success.
fn help_beside_more(command: &str) -> Failure {
    let hint = format!("`{command} --help` shows what it takes; a text that may look like a flag goes behind --");
    Failure::usage("it stands alone").at("--help").hint(hint)
}

impl Command {
    /// Does what was asked.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        simd::settle()?;
        match self {
            Command::Generate(args) => generate::run(*args),
            Command::Sign(args) => sign::run(*args),
            Command::Verify(args) => verify::run(*args),
            Command::Reissue(args) => reissue::run(&args),
            Command::Revoke(args) => revoke::revoke(&args),
            Command::Unrevoke(args) => revoke::unrevoke(&args),
            Command::Revoked(args) => revoked::run(&args),
            Command::Ledger(LedgerCommand::Backup { file, ledger, quiet }) => backup::run(&file, &ledger, quiet),
            Command::Inspect(args) => inspect::run(&args),
            Command::Key(command) => key::run(command),
            Command::Stats(args) => stats::run(&args),
            #[cfg(feature = "serve")]
            Command::Serve(args) => serve::run(&args),
            #[cfg(feature = "serve")]
            Command::ApiKey(command) => api_key::run(command),
            Command::Completions { shell } => shell::completions(shell),
            Command::Man { command, out_dir } => shell::man(&command, out_dir.as_deref()),
            Command::ReadWorkbook(wanted) => wanted.serve(),
        }
    }
}
