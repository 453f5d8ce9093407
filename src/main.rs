//! The program: parse, dispatch, print an error once, turn it into an exit status.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    let exit = match cli::parse(std::env::args_os()) {
        Ok(command) => command.run(),
        Err(exit) => Ok(exit),
    };
    exit.unwrap_or_else(|failure| failure.tell()).into()
}
