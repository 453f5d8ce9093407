//! The command line: the only room that knows a terminal, a clock and an environment.
//!
//! A file a command. What was typed ([`args`]) is one thing, what is meant by it ([`meaning`]) another; what is told
//! ([`report`]) and with which exit status ([`exit`]) is the same for all.

mod apart;
#[cfg(feature = "serve")]
mod api_key;
mod args;
mod clock;
mod exit;
mod generate;
mod inspect;
mod key;
mod ledger;
mod list;
mod meaning;
mod output;
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
mod stats;
mod verify;

use args::{Cli, Command};
use clap::{CommandFactory, Parser};
use exit::{Exit, Failure};
use std::ffi::OsString;

/// Reads the command line. Help and version are printed here, and so is what can't be understood.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, Exit> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Some(wanted) = list::SheetWanted::of(&arguments) {
        return Ok(Command::ReadWorkbook(wanted));
    }
    Cli::try_parse_from(&arguments)
        .map(|cli| cli.command)
        .map_err(|error| exit::tell_usage(&error, &command_of(&arguments)))
}

/// The words that name the command: `linkmint key export`.
fn command_of(arguments: &[OsString]) -> String {
    let root = Cli::command();
    let (mut command, mut words) = (&root, vec![root.get_name()]);
    for argument in arguments.iter().skip(1) {
        match command.find_subcommand(argument) {
            Some(found) => {
                command = found;
                words.push(found.get_name());
            }
            None => break,
        }
    }
    words.join(" ")
}

impl Command {
    /// Does what was asked.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        match self {
            Command::Generate(args) => generate::run(*args),
            Command::Sign(args) => sign::run(*args),
            Command::Verify(args) => verify::run(*args),
            Command::Revoke(args) => revoke::revoke(&args),
            Command::Unrevoke(args) => revoke::unrevoke(&args),
            Command::Revoked(args) => revoked::run(&args),
            Command::Inspect(args) => inspect::run(&args),
            Command::Key(args) => key::run(args),
            Command::Stats(args) => stats::run(&args),
            #[cfg(feature = "serve")]
            Command::Serve(args) => serve::run(&args),
            #[cfg(feature = "serve")]
            Command::ApiKey(args) => api_key::run(args),
            Command::Completions(args) => shell::completions(&args),
            Command::Man(args) => shell::man(&args),
            Command::ReadWorkbook(wanted) => wanted.serve(),
        }
    }
}
