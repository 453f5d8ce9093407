//! The program: parse, dispatch, print an error once, turn it into an exit status.

mod cli;

use std::process::ExitCode;

/// musl's own has one lock for all threads: a check that is counted takes nearly twice the CPU with it.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let exit = match cli::parse(std::env::args_os()) {
        Ok(command) => command.run(),
        Err(exit) => Ok(exit),
    };
    exit.unwrap_or_else(|failure| failure.tell()).into()
}
